"""The loss panel, with snapshots of real runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from bpgui.training import commands
from bpgui.ui.panels.loss_panel import LossPanel
from bpgui.ui.theme import DARK, LIGHT


@pytest.fixture
def panel(show):
    return show(LossPanel(), 400, 300)


def message(panel):
    return panel.plot._message.text() if panel.plot._message.isVisible() else ""


def test_it_says_what_to_do_until_there_is_something_to_see(panel, mazur):
    assert "Open an experiment" in message(panel)
    mazur.show_on(panel, 0)
    assert "Press Space" in message(panel)
    assert "train 0.2983711087600027" in panel.readout.text
    panel.render_snapshot(mazur.to(1))
    assert message(panel) == ""


def test_the_train_line_is_the_objective_of_each_iteration(panel, mazur):
    mazur.show_on(panel, 100)
    panel.loss_choice.setCurrentIndex(1)
    x, y = panel.curves["train"].getData()
    np.testing.assert_array_equal(x, np.arange(101))
    assert y[0] == pytest.approx(0.2983711087600027, rel=1e-15)
    assert y[1] == pytest.approx(0.29102777369359933, rel=1e-12)
    assert panel.curves["batches"].getData()[0] is None or not len(panel.curves["test"].xData)


def test_the_logarithm_is_taken_of_the_values(panel, mazur):
    mazur.show_on(panel, 20)
    assert panel.curves["train"].getData()[1][0] == pytest.approx(np.log10(0.2983711087600027))


def test_mini_batches_stand_behind_train_and_test(panel, trainer):
    run = trainer("spiral")
    run.show_on(panel, 200)
    sizes = {name: len(curve.xData) for name, curve in panel.curves.items()}
    assert sizes == {"batches": 200, "raw_train": 0, "raw_test": 0, "test": 6, "train": 6}
    assert panel.curves["test"].opts["pen"].style() == Qt.PenStyle.DashLine
    assert panel.curves["train"].opts["pen"].style() == Qt.PenStyle.SolidLine


def test_smoothing_is_off_at_first_and_keeps_the_true_line(panel, trainer):
    trainer("spiral").show_on(panel, 200)
    true = panel.curves["train"].yData.copy()
    panel.smoothing_choice.setCurrentIndex(3)
    np.testing.assert_array_equal(panel.curves["raw_train"].yData, true)
    assert not np.array_equal(panel.curves["train"].yData, true)
    panel.smoothing_choice.setCurrentIndex(0)
    np.testing.assert_array_equal(panel.curves["train"].yData, true)
    assert len(panel.curves["raw_train"].xData) == 0


@pytest.mark.parametrize(("axis", "last"), [(0, 200.0), (1, 5.0)])
def test_the_time_axis_can_be_chosen(panel, trainer, axis, last):
    trainer("spiral").show_on(panel, 200)
    panel.axis_choice.setCurrentIndex(axis)
    assert panel.curves["train"].xData[-1] == last


def test_seconds_are_those_of_the_clock(panel, mazur):
    snapshot = mazur.show_on(panel, 50)
    panel.axis_choice.setCurrentIndex(2)
    assert panel.curves["train"].xData[-1] == snapshot.clock.seconds[-1]


def test_axes_grow_in_steps_and_start_anew_with_a_new_run(panel, mazur, trainer):
    seen = set()
    panel.set_problem(mazur.problem)
    for iteration in range(0, 300, 7):
        panel.render_snapshot(mazur.to(iteration))
        seen.add(panel.plot.shown[0].high)
    assert len(seen) <= 14
    assert max(seen) == 300
    trainer("xor-numpy").show_on(panel, 0)
    assert panel.plot.shown[0] == (0, 10)


def test_the_arrow_keys_move_the_crosshair_by_one_value(panel, mazur, qtbot):
    mazur.show_on(panel, 10)
    assert not panel.crosshair.isVisible()
    qtbot.keyClick(panel.plot, Qt.Key.Key_Left)
    assert panel.crosshair.isVisible()
    assert panel.crosshair.value() == 10
    for _ in range(12):
        qtbot.keyClick(panel.plot, Qt.Key.Key_Left)
    assert panel.readout.text.startswith("iteration 0\ttrain 0.2983711087600027")
    qtbot.keyClick(panel.plot, Qt.Key.Key_Right)
    assert panel.readout.text.startswith("iteration 1\ttrain 0.291027773693599")
    qtbot.keyClick(panel.plot, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == panel.readout.text
    qtbot.keyClick(panel.plot, Qt.Key.Key_Escape)
    assert not panel.crosshair.isVisible()
    assert panel.readout.text.startswith("iteration 10\t")


def test_the_crosshair_follows_the_mouse_to_exact_values(panel, trainer, qtbot):
    snapshot = trainer("spiral").show_on(panel, 200)
    view = panel.plot.view
    place = panel.plot.mapFromScene(view.mapViewToScene(QPointF(82.0, -0.5)))
    qtbot.mouseMove(panel.plot.viewport(), place)
    assert panel.crosshair.value() == 80
    assert f"train {snapshot.evaluations.train[2]}" in panel.readout.text
    assert f"test {snapshot.evaluations.test[2]}" in panel.readout.text
    QApplication.sendEvent(panel.plot, QEvent(QEvent.Type.Leave))
    assert not panel.crosshair.isVisible()


def test_a_zoom_stays_until_all_is_asked_for(panel, mazur, qtbot, turn_wheel):
    mazur.show_on(panel, 100)
    turn_wheel(panel.plot.viewport(), 240)
    zoomed = panel.plot.shown
    assert zoomed != ((0, 100), zoomed[1])
    assert panel.plot.all_button.isVisible()
    panel.render_snapshot(mazur.to(1000))
    assert panel.plot.shown == zoomed
    qtbot.keyClick(panel.plot, Qt.Key.Key_Home)
    assert panel.plot.shown[0] == (0, 1000)
    assert not panel.plot.all_button.isVisible()


def test_long_runs_are_thinned_to_the_pixels_there_are(panel, mazur):
    snapshot = mazur.show_on(panel, 8000)
    assert len(snapshot.losses.first) == 2000
    assert len(panel.curves["train"].xData) <= 2 * panel.plot.pixels[0] + 2


def test_a_diverged_run_is_shown_as_far_as_it_is_finite(panel, trainer):
    run = trainer("two-inputs-trained-biases")
    settings = run.problem.settings
    wild = type(settings.optimizer)("sgd", {**settings.optimizer.values, "learning_rate": 1e308})
    run.obey(commands.ChangeSettings(type(settings)(wild)))
    snapshot = run.show_on(panel, 50)
    panel.loss_choice.setCurrentIndex(1)
    assert np.all(np.isfinite(panel.plot.shown))
    assert panel.readout.text.startswith(f"iteration {snapshot.iteration}")


def test_both_themes_reach_the_axes(panel, mazur):
    mazur.show_on(panel, 10)
    for theme in (DARK, LIGHT):
        panel.set_theme(theme)
        assert panel.plot.left.textPen().color().name() == theme.muted
        assert panel.curves["train"].opts["pen"].color().name() == theme.train
        assert panel.curves["test"].opts["pen"].color().name() == theme.test
        assert panel.plot.backgroundBrush().color().name() == theme.base


@pytest.mark.parametrize("size", [0.0, -1.0, 1e-320, 1e300, 1.7e308, np.inf, np.nan])
def test_losses_of_any_size_can_be_drawn(panel, mazur, size):
    panel.set_problem(mazur.problem)
    snapshot = mazur.to(20)
    train = snapshot.evaluations.train.copy()
    train[12:] = size
    low, high = snapshot.losses.low.copy(), snapshot.losses.high.copy()
    low[12:] = high[12:] = size
    panel.render_snapshot(
        replace(
            snapshot,
            evaluation=replace(snapshot.evaluation, loss=size),
            evaluations=replace(snapshot.evaluations, train=train),
            losses=replace(snapshot.losses, low=low, high=high),
        )
    )
    for log in (0, 1):
        for smoothing in (0, 3):
            panel.loss_choice.setCurrentIndex(log)
            panel.smoothing_choice.setCurrentIndex(smoothing)
            panel._move(-1)
            panel.grab()
            assert np.all(np.isfinite(panel.plot.shown))
