"""The Explain panel, with snapshots of real runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester

from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Samples
from bpgui.ui.formula import EM
from bpgui.ui.panels.explain_bar import ExplainBar
from bpgui.ui.panels.explain_model import short_name
from bpgui.ui.panels.explain_panel import ExplainPanel
from bpgui.ui.panels.explain_words import NOTES
from bpgui.ui.theme import DARK, SPACING
from bpgui.views import wording
from bpgui.views.quantities import Quantity
from bpgui.views.walkthrough import Step


@pytest.fixture
def panel(show, selection):
    return show(ExplainPanel(selection), 900, 300)


@pytest.fixture
def opened(panel, mazur):
    """The panel with the two-input network before training."""
    mazur.show_on(panel)
    return panel


def copied(panel, form="text") -> str:
    panel.copy(form)
    return QGuiApplication.clipboard().text()


def values(panel) -> list[str]:
    place = panel.model.columns.index("value")
    return [panel.model.index(row, place).data() for row in range(panel.model.rowCount())]


def test_the_model_keeps_qts_rules(panel, mazur, qtbot):
    tester = QAbstractItemModelTester(
        panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    mazur.show_on(panel, 1)
    for row in range(panel.list.count()):
        panel.list.setCurrentRow(row)
    panel.render_snapshot(mazur.to(2))
    assert tester.model() is panel.model


def test_the_steps_go_forward_and_back_and_end_with_the_update(opened):
    texts = [opened.list.item(row).text() for row in range(opened.list.count())]
    assert texts == [
        "Input",
        "→ Layer 1: z",
        "→ Layer 1: a",
        "→ Layer 2: z",
        "→ Layer 2: a",
        "Loss",
        "← Layer 2: δ",
        "← Layer 2: ∂L/∂w",
        "← Layer 2: ∂L/∂b",
        "← Layer 1: δ",
        "← Layer 1: ∂L/∂w",
        "← Layer 1: ∂L/∂b",
        "← Input: ∂L/∂x",
        "Update of layer 1",
        "Update of layer 2",
    ]
    assert values(opened) == ["0.05", "0.1"]


def test_keys_walk_through_the_pass(opened, qtbot):
    table = opened.table
    qtbot.keyClick(table, Qt.Key.Key_Right)
    qtbot.keyClick(table, Qt.Key.Key_PageDown)
    assert opened.step == Step("a", 1)
    qtbot.keyClick(table, Qt.Key.Key_Left)
    assert opened.step == Step("z", 1)
    qtbot.keyClick(opened.list, Qt.Key.Key_End)
    assert opened.step == Step("update", 2)
    qtbot.keyClick(table, Qt.Key.Key_Right)
    assert opened.step == Step("update", 2)
    assert not opened.bar.forward.isEnabled()
    qtbot.keyClick(opened.list, Qt.Key.Key_Home)
    assert opened.step == Step("input", 0)
    qtbot.mouseClick(opened.bar.forward, Qt.MouseButton.LeftButton)
    assert opened.step == Step("z", 1)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert opened.quantity == Quantity("z", 1, 2)


def test_the_number_that_a_student_looks_for_is_found_and_copied(opened):
    opened.set_digits(8)
    opened.list.setCurrentRow(7)
    row = values(opened).index("0.082167041")
    opened.table.selectRow(row)
    expected = "dL/dw(2)[1,1] = delta(2)[1] * a(1)[1] = 0.13849856 * 0.59326999 = 0.082167041"
    assert copied(opened) == expected
    assert r"\frac{\partial L}{\partial w^{(2)}_{1,1}} &= \delta" in copied(opened, "latex")
    assert copied(opened, "markdown").startswith("**dL/dw(2)[1,1]**")
    actions = opened.bar.copy.menu().actions()
    actions[0].trigger()
    assert QGuiApplication.clipboard().text() == expected


def test_what_a_number_is_made_of_is_a_link_to_it(opened):
    opened.go_to(Quantity("w_gradient", 2, 1, 1))
    assert "δ(2)[1]" in opened.page.links.text()
    opened.page.links.linkActivated.emit("0")
    assert opened.quantity == Quantity("delta", 2, 1)
    opened.go_to(Quantity("input", 0, 1))
    assert opened.page.links.text() == ""


def test_choosing_a_number_is_told_to_the_other_panels(opened, selection, mazur):
    opened.go_to(Quantity("w_gradient", 2, 1, 2))
    network = mazur.problem.network
    assert selection.parameter == network.index_of("w(2)[1,2]")
    assert selection.unit is None
    assert selection.quantity == Quantity("w_gradient", 2, 1, 2)
    opened.go_to(Quantity("delta", 1, 2))
    assert selection.unit == (1, 2)
    assert selection.parameter == network.index_of("w(2)[1,2]")


def test_what_is_chosen_elsewhere_is_opened(opened, selection, mazur):
    network = mazur.problem.network
    selection.select(network.index_of("w(1)[2,1]"))
    assert opened.quantity == Quantity("w_gradient", 1, 2, 1)
    selection.select(network.index_of("b(2)[2]"))
    assert opened.quantity == Quantity("b_gradient", 2, 2)
    opened.go_to(Quantity("update", 1, 1, 1))
    selection.select(network.index_of("b(1)[2]"))
    assert opened.quantity == Quantity("update", 1, 2)
    selection.select_unit((2, 2))
    assert opened.quantity == Quantity("a", 2, 2)
    opened.go_to(Quantity("delta", 2, 1))
    selection.select_unit((1, 1))
    assert opened.quantity == Quantity("delta", 1, 1)
    selection.select_unit((0, 2))
    assert opened.quantity == Quantity("input", 0, 2)
    selection.select_quantity(Quantity("loss", 2))
    assert opened.quantity == Quantity("loss", 2)
    selection.select(None)
    assert opened.quantity == Quantity("loss", 2)


def test_what_was_chosen_before_is_opened_again(opened, selection):
    selection.select_unit((1, 2))
    opened.go_to(Quantity("w_gradient", 2, 1, 1))
    selection.select_unit((1, 2))
    assert opened.quantity == Quantity("a", 1, 2)


def test_nothing_is_chosen_for_the_user(opened, selection, mazur):
    opened.render_snapshot(mazur.to(1))
    assert (selection.parameter, selection.unit, selection.quantity) == (None, None, None)


def test_another_step_keeps_to_the_unit(opened):
    opened.go_to(Quantity("z", 1, 2))
    opened.step_by(1)
    assert opened.quantity == Quantity("a", 1, 2)
    opened.step_by(1)
    assert opened.quantity == Quantity("z", 2, 2)


def test_samples_are_chosen_by_box_and_keys(panel, selection, trainer, qtbot):
    xor = trainer("xor-numpy")
    xor.show_on(panel)
    assert panel.bar.sample.maximum() == 4
    panel.bar.sample.setValue(3)
    assert selection.sample == 2
    assert values(panel) == ["1", "0"]
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    panel.table.setFocus()
    qtbot.keyClick(panel.table, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert selection.sample == 3
    selection.select_sample(0)
    assert panel.bar.sample.value() == 1
    assert values(panel) == ["0", "0"]


def test_a_batch_shows_contributions_and_the_update_that_follows(panel, trainer):
    xor = trainer("xor-numpy")
    xor.show_on(panel, 3)
    panel.bar.scope.setCurrentIndex(1)
    panel.go_to(Quantity("w_gradient", 1, 2, 1))
    text = copied(panel).splitlines()
    assert text[0].startswith("dL/dw(1)[2,1] = sum(s=1..4) delta(1)[2;s] * x[1;s] = ")
    assert len(text) == 5
    panel.go_to(Quantity("update", 1, 2, 1))
    index = xor.problem.network.index(1, 2, 1)
    shown = float(panel.model.index(panel.table.currentIndex().row(), 1).data())
    assert shown == pytest.approx(xor.to(4).parameters[index], rel=1e-13)


def test_a_shuffled_mini_batch_tells_the_numbers_of_its_samples(panel, selection, trainer):
    mini = trainer("digits-accurate")
    mini.show_on(panel, 2)
    panel.bar.scope.setCurrentIndex(1)
    assert panel.bar.sample.maximum() == mini.problem.batch_size
    assert "number" in panel.bar.sample.suffix()
    panel.bar.sample.setValue(2)
    assert f"{selection.sample + 1:,}" in panel.bar.sample.suffix()


def test_digits_are_those_asked_for(opened):
    opened.go_to(Quantity("z", 2, 1))
    opened.set_digits(5)
    assert values(opened)[0] == "1.1059"
    opened.set_digits(17)
    assert values(opened)[0] == "1.10590596705977"


def test_numbers_follow_a_run_calmly(opened, mazur):
    opened.go_to(Quantity("z", 2, 1))
    before = values(opened)
    opened.render_snapshot(mazur.running(5))
    first = values(opened)
    assert first != before
    assert "following" in opened.bar.note.text()
    opened.render_snapshot(mazur.running(6))
    assert values(opened) == first
    opened.render_snapshot(mazur.to(7))
    assert values(opened) != first
    assert opened.bar.note.text() == "After 7 iterations"


def test_a_pass_that_takes_long_waits_for_a_pause(opened, mazur):
    opened._cost = 1.0
    before = values(opened)
    opened.render_snapshot(mazur.running(5))
    assert values(opened) == before
    assert "follows when the run pauses" in opened.bar.note.text()


def test_nothing_is_shown_before_there_is_something(panel, mazur):
    assert panel.quantity is None
    panel.copy("text")
    panel.step_by(1)
    panel.set_problem(mazur.problem)
    assert panel.model.rowCount() == 0
    panel.render_snapshot(mazur.to(0))
    assert panel.model.rowCount() == 2


def test_another_network_begins_anew_and_the_same_one_stays_where_it_was(opened, mazur, trainer):
    opened.go_to(Quantity("delta", 2, 2))
    mazur.show_on(opened)
    assert opened.quantity == Quantity("delta", 2, 2)
    other = trainer("xor-numpy")
    other.show_on(opened)
    assert opened.step == Step("input", 0)


def test_while_hidden_it_computes_nothing_and_catches_up_when_shown(opened, selection, mazur):
    opened.hide()
    selection.select(0)
    opened.render_snapshot(mazur.to(3))
    opened.show()
    assert opened.bar.note.text() == "After 3 iterations"
    assert opened.quantity == Quantity("w_gradient", 1, 1, 1)


def test_a_large_layer_is_a_table_of_what_is_seen(panel, trainer):
    large = trainer("digits-accurate")
    network = Network((Layer(784, 300, "relu"), Layer(300, 10, "softmax")))
    rng = np.random.default_rng(0)
    samples = Samples(rng.uniform(0, 1, (20, 784)), np.eye(10)[rng.integers(10, size=20)])
    problem = replace(
        large.problem,
        network=network,
        train=samples,
        test=None,
        initial=rng.uniform(-0.1, 0.1, network.size),
    )
    run = type(large)(problem)
    panel.set_problem(problem)
    panel.render_snapshot(run.to(1))
    panel.go_to(Quantity("w_gradient", 1, 300, 784))
    assert panel.model.rowCount() == 300 * 784
    assert panel.quantity == Quantity("w_gradient", 1, 300, 784)
    panel.go_to(Quantity("z", 1, 300))
    assert "… 777 more …" in copied(panel)
    assert panel.page.formulas.height() < 300


def test_a_batch_that_is_too_large_is_not_opened(panel, mazur, trainer):
    network = Network((Layer(500, 1000, "relu"), Layer(1000, 2, "sigmoid")))
    samples = Samples(np.ones((2001, 500)), np.ones((2001, 2)))
    initial = np.zeros(network.size)
    problem = replace(mazur.problem, network=network, train=samples, initial=initial)
    snapshot = replace(mazur.to(0), parameters=initial, slots=np.empty((0, network.size)))
    panel.set_problem(problem)
    panel.render_snapshot(snapshot)
    panel.bar.scope.setCurrentIndex(1)
    assert "too large to open" in panel.bar.note.text()
    panel.go_to(Quantity("z", 1, 1))
    assert values(panel)[0] == "0"
    panel.bar.scope.setCurrentIndex(0)
    assert "too large" not in panel.bar.note.text()


def test_a_fault_of_the_training_is_told(panel, mazur):
    problem = replace(mazur.problem, fault="sigma_prime_forgotten")
    panel.set_problem(problem)
    panel.render_snapshot(mazur.to(0))
    assert "training uses a wrong one" in panel.bar.note.text()


def test_themes_change_what_is_painted(opened):
    opened.go_to(Quantity("delta", 1, 1))
    light = opened.page.formulas.grab().toImage()
    opened.set_theme(DARK)
    assert opened.page.formulas.grab().toImage() != light


def test_notes_can_be_translated():
    assert tuple(wording.NOTES.values()) == NOTES
    assert short_name("dL[3]/dw(2)[1,1]") == "∂L[3]/∂w(2)[1,1]"


@pytest.mark.parametrize(
    ("width", "prefix", "rows"),
    [(900, "Sample ", 1), (540, "", 1), (425, "", 2), (288, "", 2)],
)
def test_no_control_of_its_bar_is_cut(opened, qtbot, width, prefix, rows):
    opened.setFixedWidth(width)  # as its dock does, which is narrower than the rest asks for
    bar = opened.bar
    qtbot.waitUntil(lambda: bar.width() == width - 2 * SPACING)
    assert bar.sample.prefix() == prefix
    assert bar.place.isVisible()
    qtbot.waitUntil(lambda: all_whole(bar))
    assert (bar.copy.y() > bar.back.geometry().bottom()) == (rows == 2)


def test_a_narrow_one_names_the_step_in_place_of_their_list(opened, qtbot):
    opened.setFixedWidth(288)
    qtbot.waitUntil(lambda: not opened.list.isVisible())
    assert opened.bar.place.text() == f"1 of {opened.list.count()}  Input"
    opened.step_by(1)
    assert opened.bar.place.text().startswith("2 of ")
    assert opened.bar.place.text().endswith(opened.list.item(1).text())
    table, page = opened.table.geometry, opened.page.geometry
    qtbot.waitUntil(lambda: table().right() < page().left())
    assert page().right() <= opened.parts.width()
    opened.setFixedWidth(600)
    qtbot.waitUntil(opened.list.isVisible)
    assert opened.bar.place.text() == f"2 of {opened.list.count()}"


def test_its_bar_makes_room_for_what_it_comes_to_say(show, selection, mazur, qtbot):
    panel = show(ExplainPanel(selection), 400, 300)
    panel.setFixedWidth(400)
    mazur.show_on(panel)
    bar = panel.bar
    qtbot.waitUntil(lambda: all_whole(bar) and bar.copy.y() > bar.back.geometry().bottom())


def test_no_digit_of_a_formula_is_cut_where_the_window_is_small(opened, qtbot):
    opened.setFixedWidth(394)
    qtbot.waitUntil(lambda: not opened.list.isVisible())
    view = opened.page.formulas
    for step in range(opened.list.count()):
        opened.list.setCurrentRow(step)
        qtbot.waitUntil(lambda: view.width() == opened.page.viewport().width())
        numbers = [one for one in view._placed if not isinstance(one.what, str)]
        assert all(one.x + one.what.width * one.size / EM <= view.width() for one in numbers)
        assert all(one.size >= 9.0 for one in numbers)


def all_whole(bar: ExplainBar) -> bool:
    controls = (bar.back, bar.forward, bar.scope, bar.sample, bar.copy)
    uncut = (each.width() >= each.sizeHint().width() for each in controls)
    return all(uncut) and bar.copy.geometry().right() < bar.width()
