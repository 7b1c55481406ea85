"""The ledger in the parameter table: checks of real states, in the background."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from bpgui.engine.gradcheck import check_gradient
from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Samples
from bpgui.engine.spread import spread_order
from bpgui.training import commands
from bpgui.training.progress import Progress
from bpgui.ui.panels.parameter_columns import COLUMNS, LEDGER_VIEW, TRAINING_VIEW
from bpgui.ui.panels.parameters_panel import ParametersPanel
from bpgui.ui.theme import DARK, LIGHT


@pytest.fixture
def panel(show, selection):
    panel = ParametersPanel(selection)
    panel.set_theme(LIGHT)
    yield show(panel, 900, 300)
    panel.close_check()


@pytest.fixture
def checked(panel, qtbot):
    """Presses Check now on a state of a run, and waits until it is done."""

    def check(trainer, iteration=0):
        trainer.show_on(panel, iteration)
        qtbot.mouseClick(panel.check_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not panel.ledger.busy)

    return check


def column(panel, name) -> list[str]:
    place = COLUMNS.index(name)
    return [panel.model.index(row, place).data() for row in range(panel.model.rowCount())]


def shown(panel) -> list[str]:
    return [c for i, c in enumerate(COLUMNS) if not panel.table.isColumnHidden(i)]


def test_a_check_shows_both_gradients_and_what_they_are_made_of(panel, checked, mazur):
    checked(mazur)
    assert shown(panel) == list(LEDGER_VIEW)
    check = check_gradient(mazur.problem, mazur.problem.initial)
    assert [float(text) for text in column(panel, "analytic")] == check.analytic.tolist()
    assert [float(text) for text in column(panel, "numeric")] == check.numeric.tolist()
    assert column(panel, "activation")[:3] == ["0.05", "0.1", "1"]
    assert float(column(panel, "delta")[6]) == pytest.approx(0.13849856162855695, rel=1e-12)
    assert set(column(panel, "verdict")) == {"good"}
    assert panel.bar.text.text() == "At iteration 0 no gradient is wrong: 12 good."
    assert panel.bar.text.property("role") == "muted"


def test_exactly_the_wrong_parameters_are_flagged(panel, checked, trainer):
    checked(trainer("fault-5"))
    assert column(panel, "verdict") == 16 * ["wrong"] + 9 * ["good"]
    assert column(panel, "relative_error")[0] == "2"
    assert panel.bar.text.text() == "At iteration 0: 16 wrong, 9 good."
    assert panel.bar.text.property("role") == "error"


def test_kinks_are_told_apart(panel, checked, trainer):
    run = trainer("activation-relu")
    inputs = run.problem.train.inputs
    theta = run.problem.initial.copy()
    theta[:3] = [1.0, 0.0, -inputs[0, 0]]  # the first unit is at its kink for the first sample
    run = type(run)(replace(run.problem, initial=theta))
    checked(run)
    verdicts = column(panel, "verdict")
    assert verdicts[:3] == ["kink"] * 3
    assert "wrong" not in verdicts
    assert f"{verdicts.count('kink')} at a kink, " in panel.bar.text.text()


def test_the_fault_that_needs_the_optimizer_is_checked_where_the_run_stands(
    panel, checked, trainer
):
    run = trainer("fault-1")
    checked(run, 20)
    after = run.to(21)
    assert float(column(panel, "analytic")[0]) == pytest.approx(after.gradient[0], rel=1e-12)
    assert column(panel, "verdict") == 6 * ["wrong"] + 6 * ["good"]


def test_results_are_stale_once_the_run_goes_on(panel, checked, mazur):
    checked(mazur)
    assert not panel.ledger.stale
    panel.render_snapshot(mazur.to(1))
    assert panel.ledger.stale
    assert panel.bar.text.text().endswith("12 good; the run has gone on since.")
    before = panel.table.grab().toImage()
    panel.set_theme(DARK)
    assert panel.table.grab().toImage() != before


def test_results_are_stale_once_a_value_or_a_penalty_is_changed(panel, checked, mazur):
    checked(mazur)
    panel.render_snapshot(mazur.obey(commands.SetParameter(0, 0.75)))
    assert panel.ledger.stale
    panel.render_snapshot(mazur.obey(commands.SetParameter(0, 0.15)))
    assert not panel.ledger.stale
    settings = replace(mazur.problem.settings, l2=0.1)
    panel.render_snapshot(mazur.obey(commands.ChangeSettings(settings)))
    assert panel.ledger.stale


def test_a_new_run_forgets_the_check(panel, checked, mazur, trainer):
    checked(mazur)
    panel.set_problem(trainer("xor").problem)
    assert panel.ledger.report is None
    assert set(column(panel, "verdict")) == {""}
    assert panel.bar.text.text().startswith("Check now compares")
    assert not panel.check_button.isEnabled()


def drawn(trainer, sizes, samples, spread=1.0):
    """A problem of two layers, whose parameters and samples are drawn."""
    rng = np.random.default_rng(0)
    network = Network(tuple(Layer(*pair, "tanh") for pair in pairwise(sizes)))
    return replace(
        trainer("xor").problem,
        network=network,
        train=Samples(rng.normal(size=(samples, sizes[0])), rng.uniform(size=(samples, sizes[-1]))),
        initial=rng.normal(size=network.size) * spread,
        loss="half_squared_error",
        classification=False,
        threshold=None,
    )


def large(trainer):
    """A problem whose check takes long enough to be interrupted, and its first snapshot."""
    problem = drawn(trainer, (60, 100, 20), samples=2000)
    return problem, Progress(problem, 1).snapshot()


def test_a_check_is_followed_and_cancelled(panel, trainer, qtbot):
    problem, snapshot = large(trainer)
    panel.set_problem(problem)
    panel.render_snapshot(snapshot)
    panel.check_now()
    assert panel.check_button.text() == "Cancel"
    assert panel.bar.progress.isVisible()
    qtbot.waitUntil(lambda: panel.ledger.report.done > 0)
    assert panel.bar.progress.value() == panel.ledger.report.done
    assert panel.bar.text.text().startswith("Checking ")
    qtbot.mouseClick(panel.check_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.ledger.busy)
    assert panel.check_button.text() == "Check now"
    done, size = panel.ledger.report.done, problem.network.size
    assert 0 < done < size
    assert f"{done:,} of {size:,} checked at iteration 0" in panel.bar.text.text()
    assert column(panel, "verdict")[-1] == ""
    assert column(panel, "numeric")[-1] == ""
    assert column(panel, "delta")[-1] != ""


def huge(trainer):
    """A run of so many parameters that they are not all checked at once."""
    return type(trainer("xor"))(drawn(trainer, (300, 600, 5), samples=10, spread=0.1))


def menu_of(panel) -> dict[str, bool]:
    """What the check button's menu offers, and whether it can be chosen."""
    panel.check_button.tell_choices()
    actions = panel.check_button.choices.actions()
    return {action.text(): action.isEnabled() for action in actions if action.isVisible()}


def test_a_large_network_is_checked_by_samples_that_go_on(panel, trainer, qtbot):
    run = huge(trainer)
    run.show_on(panel)
    assert panel.check_button.text() == "Check 200"

    def known():
        return sorted(panel.ledger.found.indices)

    for done in (200, 400):
        qtbot.mouseClick(panel.check_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not panel.ledger.busy)
        found = panel.ledger.found
        assert found.indices.tolist() == spread_order(run.problem.network)[:done].tolist()
        assert panel.bar.text.text() == (
            f"{done} of 183,605 checked, in all layers, at iteration 0: {done} good."
        )
        assert panel.check_button.text() == "Check 200 more"
    qtbot.waitUntil(lambda: [panel.model.parameter_at(row) for row in range(400)] == known())
    assert panel.model.row_of(next(i for i in range(1000) if i not in found.indices)) == 400


def test_the_one_that_is_selected_can_be_checked_alone(panel, trainer, qtbot, selection):
    run = huge(trainer)
    run.show_on(panel)
    selection.select(run.problem.network.index_of("w(1)[2,3]"))
    assert menu_of(panel) == {
        "Check 200": True,
        "Check all 183,605, about 1 min": True,
        "Check w(1)[2,3]": True,
    }
    panel.check_button.one.trigger()
    qtbot.waitUntil(lambda: not panel.ledger.busy)
    assert panel.bar.text.text() == "1 of 183,605 checked at iteration 0: 1 good."
    assert panel.model.verdict(selection.parameter) == "good"
    assert menu_of(panel)["Check w(1)[2,3]"] is False
    panel.check_button.some.trigger()
    qtbot.waitUntil(lambda: not panel.ledger.busy)
    assert len(panel.ledger.found.indices) == 201
    assert panel.model.verdict(selection.parameter) == "good"


def test_all_of_a_large_network_can_be_checked_and_cancelled(panel, trainer, qtbot):
    run = huge(trainer)
    run.show_on(panel)
    panel.check_now()
    qtbot.waitUntil(lambda: not panel.ledger.busy)
    panel.check_button.all.trigger()
    qtbot.waitUntil(lambda: len(panel.ledger.found.indices) > 200)
    assert not any(menu_of(panel).values())
    assert panel.bar.progress.maximum() == 183_605 - 200
    assert panel.bar.text.text().startswith("Checking ")
    assert " of 183,605 at iteration 0: " in panel.bar.text.text()
    qtbot.mouseClick(panel.check_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.ledger.busy)
    done = panel.ledger.found.indices
    assert done.tolist() == spread_order(run.problem.network)[: len(done)].tolist()
    assert not panel.ledger.found.complete


def test_a_sample_is_of_one_state(panel, trainer, qtbot):
    run = huge(trainer)
    run.show_on(panel)
    panel.check_now()
    qtbot.waitUntil(lambda: not panel.ledger.busy)
    panel.render_snapshot(run.obey(commands.SetParameter(0, 0.75)))
    assert panel.check_button.text() == "Check 200"
    panel.check_now()
    qtbot.waitUntil(lambda: not panel.ledger.busy)
    assert panel.bar.text.text().startswith("200 of 183,605 checked")
    assert not panel.ledger.stale


def test_a_small_network_is_checked_as_a_whole(panel, checked, mazur):
    assert panel.check_button.menu() is None
    checked(mazur)
    assert panel.check_button.menu() is None
    assert panel.check_button.text() == "Check now"


def test_a_new_run_ends_the_check_of_the_old_one(panel, trainer, mazur):
    problem, snapshot = large(trainer)
    panel.set_problem(problem)
    panel.render_snapshot(snapshot)
    panel.check_now()
    panel.set_problem(mazur.problem)
    assert not panel.ledger.busy
    assert panel.ledger.report is None


def test_another_sample_brings_other_factors(panel, checked, trainer, selection):
    run = trainer("xor-numpy")
    checked(run)
    assert column(panel, "activation")[:2] == ["0", "0"]
    selection.select_sample(3)
    assert column(panel, "activation")[:2] == ["1", "1"]
    selection.select_sample(99)
    assert column(panel, "activation")[:2] == ["1", "1"]


def test_sorting_by_verdict_puts_what_needs_a_look_first(panel, checked, trainer):
    checked(trainer("fault-1"))
    panel.table.sortByColumn(COLUMNS.index("verdict"), Qt.SortOrder.DescendingOrder)
    assert column(panel, "verdict") == 6 * ["wrong"] + 6 * ["good"]
    panel.table.sortByColumn(COLUMNS.index("relative_error"), Qt.SortOrder.AscendingOrder)
    errors = [float(text) for text in column(panel, "relative_error")]
    assert errors == sorted(errors)


def test_columns_are_hidden_by_the_headers_menu_in_each_view(panel, checked, mazur):
    checked(mazur)
    menu = panel.table.columns.menu()
    entries = {action.text(): action for action in menu.actions() if action.text()}
    assert set(entries) == {
        *("From", "To", "Frozen", "Value", "Gradient", "Last update"),
        *("Verdict", "Rel. error", "Backprop", "Difference", "Input activation", "Delta"),
    }
    entries["Input activation"].trigger()
    entries["Value"].trigger()
    menu.deleteLater()
    assert "activation" not in shown(panel)
    assert "value" in shown(panel)
    panel.ledger_button.click()
    assert shown(panel) == list(TRAINING_VIEW)
    panel.ledger_button.click()
    assert "value" in shown(panel)


def test_numbers_share_the_room_and_the_verdict_is_always_in_sight(panel, checked, mazur):
    checked(mazur)
    for width in (1100, 760, 500):
        panel.resize(width, 300)
        header, viewport = panel.table.horizontalHeader(), panel.table.viewport().width()
        verdict = COLUMNS.index("verdict")
        end = header.sectionPosition(verdict) + header.sectionSize(verdict)
        assert end < viewport
        if width > 700:
            assert header.length() <= viewport


def test_what_is_copied_is_what_is_shown(panel, checked, trainer):
    checked(trainer("fault-1"))
    panel.table.selectRow(0)
    panel.copy()
    heading, row = (line.split("\t") for line in QGuiApplication.clipboard().text().split("\n"))
    assert heading[:3] == ["Name", "Verdict", "Rel. error"]
    assert row[:3] == ["w(1)[1,1]", "wrong", "0.17"]
    assert float(row[3]) == pytest.approx(0.00036472287759409364, rel=1e-12)


def test_digits_shorten_what_is_shown_and_not_what_is_edited(panel, checked, mazur):
    checked(mazur, 1)
    panel.set_digits(5)
    index = panel.model.index(0, COLUMNS.index("value"))
    assert index.data() == "0.14978"
    assert index.data(Qt.ItemDataRole.EditRole) == "0.1497807161327628"
    panel.set_digits(17)
    assert index.data() == "0.1497807161327628"


def test_an_empty_panel_has_nothing_to_check(panel):
    assert not panel.check_button.isEnabled()
    panel.check_now()
    panel.ledger_button.click()
    assert panel.bar.text.text().startswith("Check now compares each gradient")
    assert panel.ledger.report is None


@pytest.mark.parametrize(("width", "counted"), [(700, True), (400, False), (288, False)])
def test_what_lies_above_the_table_never_overlaps(panel, qtbot, mazur, width, counted):
    panel.set_problem(mazur.problem)
    panel.setMinimumWidth(width)  # as its dock does, which is narrower than the rest asks for
    panel.resize(width, 300)
    assert panel.count.isVisible() == counted
    row = (panel.filter, panel.count, panel.ledger_button, panel.check_button)
    seen = [widget for widget in row if widget.isVisible()]

    def arranged() -> None:
        assert all(widget.width() >= widget.sizeHint().width() for widget in seen[1:])
        assert all(a.geometry().right() < b.geometry().left() for a, b in pairwise(seen))
        assert seen[-1].geometry().right() < width

    qtbot.waitUntil(arranged)
