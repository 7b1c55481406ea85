"""The Digits panel, with snapshots of real runs and a real thread that looks for what is missed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from bpgui.engine.evaluation import evaluate, predict
from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Samples
from bpgui.experiment import edits
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import find
from bpgui.experiment.presets import load
from bpgui.ui.panels.digits_panel import DigitsPanel
from bpgui.ui.panels.digits_picture import THICKEST, THINNEST
from bpgui.ui.theme import DARK, LIGHT
from bpgui.views.digits_drawing import CANVAS, framed

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def panel(show, selection, evaluator):
    panel = DigitsPanel(selection, evaluator)
    panel.set_theme(LIGHT)
    return show(panel, 560, 520)


@pytest.fixture
def searched(qtbot, panel):
    """Wait until it is known what is misclassified."""

    def wait():
        qtbot.waitUntil(lambda: not panel._answers.waiting and panel._missed is not None)
        return panel._missed

    return wait


@pytest.fixture
def shown(panel, searched):
    def show(trainer, iteration=0):
        snapshot = trainer.show_on(panel, iteration)
        searched()
        return snapshot

    return show


@pytest.fixture
def digits(trainer):
    return trainer("digits-hidden")


def place(square, x, y) -> QPoint:
    """A place of a square by its shares of width and height."""
    area = square.area
    return (area.topLeft() + QPointF(x * area.width(), y * area.height())).toPoint()


def line(qtbot, pad, start, end, button=LEFT):
    qtbot.mousePress(pad, button, pos=place(pad, *start))
    qtbot.mouseMove(pad, place(pad, *end))
    qtbot.mouseRelease(pad, button, pos=place(pad, *end))


def outputs(panel):
    return panel.outputs.bars._shown


# --- what goes in and comes out ------------------------------------------------------------------


def test_it_says_what_to_do_until_there_are_pictures(panel, shown, mazur, digits) -> None:
    assert panel.stack.currentWidget() is panel.message
    assert "Open an experiment" in panel.message.text()
    mazur.show_on(panel)
    assert panel.stack.currentWidget() is panel.message
    assert "no pictures" in panel.message.text()
    shown(digits)
    assert panel.stack.currentWidget() is panel.content


def test_the_outputs_stand_beside_the_targets(panel, shown, digits, selection) -> None:
    snapshot = shown(digits, 500)
    for sample in (0, 7):
        selection.select_sample(sample)
        inputs, targets = (
            values[sample : sample + 1]
            for values in (digits.problem.train.inputs, digits.problem.train.targets)
        )
        told, right = outputs(panel), predict(digits.problem, snapshot.parameters, inputs)[0]
        np.testing.assert_array_equal(told.outputs, right)
        np.testing.assert_array_equal(told.targets, targets[0])
        assert (told.winner, told.right) == (right.argmax(), targets[0].argmax())
        assert told.classes[3] == "3"
        assert told.names[3] == "y4"
        np.testing.assert_array_equal(panel.picture._depth.ravel(), inputs[0])
    panel.outputs.bars._choose(4)
    difference = right[4] - targets[0][4]
    assert f"y5 {right[4]}\ttarget {targets[0][4]:g}\tdifference {difference}" in panel.readout.text
    assert "After 500 iterations · training sample 8" in panel.readout.text


def test_the_pixel_and_the_weight_under_the_pointer_are_told(panel, shown, digits, qtbot) -> None:
    snapshot = shown(digits)
    qtbot.mouseMove(panel.picture, place(panel.picture, 0.45, 0.05))
    pixel = digits.problem.train.inputs[0, 3]
    assert f"row 1, column 4 {pixel}" in panel.readout.text
    tiles = panel.weights.grid.tiles
    tile = tiles.tile(2)
    at = tile.topLeft() + QPoint(int(0.45 * tile.width()), int(0.2 * tile.height()))
    qtbot.mouseMove(tiles, at)
    weight = digits.problem.network.weights(snapshot.parameters)[0][1, 11]
    assert f"w(1)[2,12] {weight}" in panel.readout.text
    assert "to h1[2]" in panel.readout.text


def test_numbers_have_the_digits_that_are_asked_for(panel, shown, digits) -> None:
    shown(digits)
    panel.set_digits(4)
    panel.outputs.bars._choose(0)
    assert f"y1 {outputs(panel).outputs[0]:.4g}" in panel.readout.text


def test_a_snapshot_of_a_running_network_is_followed(panel, shown, digits) -> None:
    shown(digits)
    before = outputs(panel).outputs
    panel._due = 0.0
    snapshot = digits.running(40)
    panel.render_snapshot(snapshot)
    assert not np.array_equal(outputs(panel).outputs, before)
    assert "After 40 iterations" in panel.readout.text
    assert panel.weights.pictures.weights.base is not None
    np.testing.assert_array_equal(
        panel.weights.pictures.weights, digits.problem.network.weights(snapshot.parameters)[0]
    )


def test_parameters_that_are_not_finite_are_told(panel, shown, digits) -> None:
    snapshot = shown(digits)
    panel.render_snapshot(replace(snapshot, parameters=snapshot.parameters + np.nan))
    assert "no longer finite" in panel.message.text()
    assert panel.stack.currentWidget() is panel.message
    panel.render_snapshot(snapshot)
    assert panel.stack.currentWidget() is panel.content


def test_a_hidden_panel_catches_up_when_it_is_seen(panel, shown, digits, selection, qtbot) -> None:
    shown(digits)
    panel.hide()
    selection.select_sample(5)
    assert panel._going.sample == ("train", 0)
    panel.show()
    assert panel._going.sample == ("train", 5)


# --- samples -------------------------------------------------------------------------------------


def test_a_sample_that_is_chosen_here_is_chosen_everywhere(
    panel, shown, digits, selection, qtbot
) -> None:
    shown(digits)
    panel.controls.number.setValue(12)
    assert selection.sample == 11
    qtbot.keyClick(panel.picture, Qt.Key.Key_Right)
    qtbot.keyClick(panel.picture, Qt.Key.Key_PageDown)
    assert selection.sample == 22
    qtbot.keyClick(panel.picture, Qt.Key.Key_Left)
    assert selection.sample == 21
    assert panel.controls.number.value() == 22


def test_test_samples_stay_here(panel, shown, digits, selection, searched, qtbot) -> None:
    shown(digits)
    panel.controls.part_box.setCurrentIndex(1)
    missed = searched()
    assert missed.question.part == "test"
    panel.controls.number.setValue(3)
    assert panel._going.sample == ("test", 2)
    np.testing.assert_array_equal(panel._going.picture.ravel(), digits.problem.test.data_inputs[2])
    assert selection.sample == 0
    assert panel.controls.number.maximum() == len(digits.problem.test)
    selection.select_sample(4)
    assert panel._going.sample == ("train", 4)
    assert panel.controls.part == "train"
    assert searched().question.part == "train"


def test_keys_leap_through_what_is_misclassified(panel, shown, digits, selection, qtbot) -> None:
    snapshot = shown(digits, 1000)
    missed = panel._missed
    accuracy = evaluate(digits.problem, snapshot.parameters).accuracy
    assert f"{len(missed.indices)} misclassified" in panel.controls.missed.text()
    assert f"{100.0 * accuracy:.4g} %" in panel.controls.missed.text()
    qtbot.keyClick(panel.picture, Qt.Key.Key_N)
    assert selection.sample == missed.indices[0]
    assert f"misclassified 1 of {len(missed.indices)}" in panel.controls.missed.text()
    assert outputs(panel).winner != outputs(panel).right
    qtbot.keyClick(panel.picture, Qt.Key.Key_N)
    assert selection.sample == missed.indices[1]
    panel.controls.back.click()
    qtbot.keyClick(panel.picture, Qt.Key.Key_P)
    assert selection.sample == missed.indices[-1]


def test_when_nothing_is_misclassified_there_is_nothing_to_leap_to(
    panel, shown, trainer, selection
) -> None:
    run = trainer("digits-accurate")
    inputs, targets = run.problem.train.inputs, run.problem.train.targets
    found = predict(run.problem, run.to(500).parameters, inputs)
    right = np.flatnonzero(found.argmax(axis=1) == targets.argmax(axis=1))[:20]
    few = Samples(inputs[right], targets[right])
    run.problem = replace(run.problem, train=few, test=None)
    shown(run, 500)
    assert panel.controls.missed.text() == "all 20 are classified rightly"
    assert not panel.controls.forward.isEnabled()
    assert panel.controls.part_box.isHidden()


def test_a_new_run_of_the_same_data_keeps_the_sample(panel, shown, digits, selection) -> None:
    shown(digits)
    selection.select_sample(30)
    shown(digits, 3)
    assert panel._going.sample == ("train", 30)
    assert panel.controls.number.value() == 31


# --- drawing -------------------------------------------------------------------------------------


@pytest.fixture
def drawing(panel, shown, digits):
    snapshot = shown(digits, 1500)
    panel.controls.by_hand.click()
    return snapshot


def test_the_outputs_move_while_one_draws(panel, drawing, digits, qtbot) -> None:
    assert panel.controls.number.isHidden()
    assert outputs(panel).targets is None
    seen = []
    panel.pad.drawn.connect(lambda: seen.append(outputs(panel).outputs))
    line(qtbot, panel.pad, (0.5, 0.15), (0.5, 0.85))
    assert len(seen) >= 2
    assert not np.array_equal(seen[0], seen[-1])
    assert outputs(panel).winner == 1
    right = framed(panel.pad.drawing, panel._framing)
    np.testing.assert_array_equal(panel._going.picture, right)
    np.testing.assert_array_equal(
        outputs(panel).outputs,
        predict(digits.problem, drawing.parameters, right.reshape(1, -1))[0],
    )
    assert "drawn by hand" in panel.readout.text


def test_the_right_button_is_an_eraser(panel, drawing, qtbot) -> None:
    line(qtbot, panel.pad, (0.2, 0.5), (0.8, 0.5))
    assert panel.pad.drawing.max() == 1.0
    panel.controls.brush.setValue(THICKEST)
    line(qtbot, panel.pad, (0.2, 0.5), (0.8, 0.5), RIGHT)
    assert panel.pad.drawing.max() == 0.0


def test_one_draws_by_keys(panel, drawing, qtbot) -> None:
    pad, middle = panel.pad, CANVAS // 2
    qtbot.keyClick(pad, Qt.Key.Key_Up)
    assert not pad.drawing.any()
    qtbot.keyClick(pad, Qt.Key.Key_Space)
    for _ in range(4):
        qtbot.keyClick(pad, Qt.Key.Key_Right)
    assert pad.drawing[middle - 5, middle : middle + 20].all()
    qtbot.keyClick(pad, Qt.Key.Key_Space)
    ink = pad.drawing.sum()
    qtbot.keyClick(pad, Qt.Key.Key_Down)
    assert pad.drawing.sum() == ink
    qtbot.keyClick(pad, Qt.Key.Key_Backspace)
    assert not pad.drawing.any()
    for key, end in ((Qt.Key.Key_Plus, THICKEST), (Qt.Key.Key_Minus, THINNEST)):
        for _ in range(20):
            qtbot.keyClick(pad, key)
        assert pad.radius == panel.controls.brush.value() == end


def test_centering_can_be_switched_off(panel, drawing, qtbot) -> None:
    line(qtbot, panel.pad, (0.1, 0.1), (0.1, 0.3))
    assert panel._going.picture[:, 4:].any()
    panel.controls.center.click()
    assert not panel._going.picture[:, 4:].any()
    panel.controls.clear.click()
    assert (panel._going.picture == panel._framing.paper).all()


def test_back_at_the_samples_there_is_a_target_again(panel, drawing, qtbot) -> None:
    panel.controls.from_data.click()
    assert panel.pad.isHidden()
    assert outputs(panel).targets is not None
    assert panel._going.sample == ("train", 0)


# --- weights -------------------------------------------------------------------------------------


def test_a_unit_that_is_chosen_here_is_chosen_everywhere(
    panel, shown, digits, selection, qtbot
) -> None:
    shown(digits)
    grid = panel.weights.grid
    tile = grid.tiles.tile(2)
    qtbot.mouseClick(grid.tiles, LEFT, pos=tile.topLeft() + QPoint(2, 2))
    assert selection.unit == (1, 2)
    assert selection.parameter == digits.problem.network.index_of("w(1)[2,1]")
    qtbot.keyClick(grid.tiles, Qt.Key.Key_Right)
    assert selection.unit == (1, 3)
    selection.select_unit((2, 4))
    assert panel.weights.layer.currentIndex() == 1
    assert (panel.weights.pictures.layer, grid.tiles.unit) == (2, 4)
    selection.select(digits.problem.network.index_of("b(1)[7]"))
    assert (panel.weights.pictures.layer, grid.tiles.unit) == (1, 7)
    selection.select_unit(None)
    assert grid.tiles.unit is None


def test_only_pictures_in_sight_are_painted(panel, shown, digits, qtbot, monkeypatch) -> None:
    network = Network((Layer(64, 600, "sigmoid", "trained"), Layer(600, 10, "sigmoid", "trained")))
    shown(digits)
    tiles, painted = panel.weights.grid.tiles, set()
    image = tiles._image

    def seen(pictures, unit):
        painted.add(unit)
        return image(pictures, unit)

    monkeypatch.setattr(tiles, "_image", seen)
    panel.weights._problem = replace(digits.problem, network=network)
    panel.weights.show_parameters(np.ones(network.size))
    qtbot.waitUntil(lambda: bool(painted))
    panel.grab()
    assert 1 in painted
    assert len(painted) < 60
    painted.clear()
    panel.weights.grid.choose(590)
    panel.grab()
    assert 590 in painted
    assert 1 not in painted


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_zero_is_the_background_and_positive_weights_are_orange(
    panel, shown, digits, theme
) -> None:
    shown(digits)
    panel.set_theme(theme)
    network = digits.problem.network
    theta = np.zeros(network.size)
    theta[network.index_of("w(1)[1,1]")] = 1.0
    theta[network.index_of("w(1)[1,2]")] = -1.0
    panel.weights.show_parameters(theta)
    image = panel.weights.grid.tiles._image(panel.weights.pictures, 1)
    names = [image.pixelColor(x, 0).name() for x in range(3)]
    assert names == [theme.positive, theme.negative, theme.base]


@pytest.mark.parametrize("size", [(288, 300), (950, 760)])
def test_everything_has_its_place_in_any_size(panel, drawing, size) -> None:
    assert panel.minimumSizeHint().width() <= 288
    panel.resize(*size)
    panel.grab()
    for square in (panel.pad, panel.picture):
        assert square.rect().toRectF().contains(square.area)


# --- other data ----------------------------------------------------------------------------------


def test_the_picture_is_of_the_data_where_the_network_sees_features(
    panel, trainer, searched, digits
) -> None:
    experiment = edits.set_features(load(find("digits-hidden")), ["x1 + x20", "x30^2"])
    problem = build_problem(experiment)
    panel.set_problem(problem)
    snapshot = type(digits)(problem).to(0)
    panel.render_snapshot(snapshot)
    searched()
    np.testing.assert_array_equal(panel._going.picture.ravel(), problem.train.raw[0])
    panel.controls.by_hand.click()
    seen = problem.network_inputs(panel._going.picture.reshape(1, -1))
    np.testing.assert_array_equal(
        outputs(panel).outputs, predict(problem, snapshot.parameters, seen)[0]
    )
    assert (panel.weights.pictures.rows, panel.weights.pictures.columns) == (1, 2)


def test_pictures_with_values_for_targets_have_nothing_to_misclassify(panel, digits) -> None:
    inputs = np.linspace(-1.0, 1.0, 36).reshape(4, 9)
    train = Samples(inputs, inputs[:, :2] - 3.0)
    network = Network((Layer(9, 2, "identity", "trained"),))
    problem = replace(
        digits.problem,
        network=network,
        train=train,
        test=None,
        initial=np.ones(network.size),
        classification=False,
        classes=None,
    )
    panel.set_problem(problem)
    panel.render_snapshot(type(digits)(problem).to(0))
    assert panel.controls.missed.isHidden()
    told = outputs(panel)
    assert (told.winner, told.right, told.classes) == (None, None, ())
    assert told.names == ("y1", "y2")
    assert told.range.low < told.targets.min() < 0.0 < told.range.high
    assert "taken for" not in panel.readout.text
    panel.grab()
