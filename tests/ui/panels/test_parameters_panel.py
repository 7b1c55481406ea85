"""The parameter table, with snapshots of real runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLineEdit

from bpgui.engine.network import Layer, Network
from bpgui.training import commands
from bpgui.ui.panels.parameter_model import COLUMNS
from bpgui.ui.panels.parameters_panel import ParametersPanel
from bpgui.ui.theme import DARK


@pytest.fixture
def panel(show, selection):
    panel = show(ParametersPanel(selection), 700, 250)
    yield panel
    panel.close_check()


def cell(panel, row, column) -> str:
    return panel.model.index(row, COLUMNS.index(column)).data()


def column(panel, name) -> list[str]:
    return [cell(panel, row, name) for row in range(panel.model.rowCount())]


def editor_of(panel, qtbot, row) -> QLineEdit:
    index = panel.model.index(row, COLUMNS.index("value"))
    panel.table.setCurrentIndex(index)
    panel.table.edit(index)
    return panel.table.viewport().findChild(QLineEdit)


def test_the_model_keeps_qts_rules(panel, mazur, qtbot):
    tester = QAbstractItemModelTester(
        panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    mazur.show_on(panel, 5)
    panel.filter.setText("w(2)")
    panel.table.sortByColumn(COLUMNS.index("value"), Qt.SortOrder.DescendingOrder)
    panel.filter.setText("")
    assert isinstance(tester.model(), QAbstractItemModel)
    assert panel.model.rowCount() == 12


def test_numbers_are_told_in_full_digits(panel, mazur):
    snapshot = mazur.show_on(panel, 1)
    assert cell(panel, 0, "name") == "w(1)[1,1]"
    assert [cell(panel, 7, name) for name in ("name", "source", "target")] == [
        "w(2)[1,2]",
        "h1[2]",
        "y1",
    ]
    assert cell(panel, 0, "value") == "0.1497807161327628"
    for row in range(12):
        assert float(cell(panel, row, "value")) == snapshot.parameters[row]
        assert float(cell(panel, row, "gradient")) == snapshot.gradient[row]
        assert float(cell(panel, row, "update")) == snapshot.update[row]


def test_before_the_first_iteration_there_are_values_only(panel, mazur):
    mazur.show_on(panel, 0)
    assert column(panel, "value")[:3] == ["0.15", "0.2", "0.35"]
    assert set(column(panel, "gradient")) == {""}


def test_fixed_biases_are_told_and_have_no_box(panel, mazur):
    mazur.show_on(panel, 0)
    fixed = [row for row, text in enumerate(column(panel, "frozen")) if text == "fixed"]
    assert fixed == [2, 5, 8, 11]
    index = panel.model.index(2, COLUMNS.index("frozen"))
    assert index.data(Qt.ItemDataRole.CheckStateRole) is None


def test_the_filter_and_its_count(panel, mazur):
    mazur.show_on(panel, 0)
    assert panel.count.text() == "12 parameters"
    panel.filter.setText("w(2)")
    assert column(panel, "name") == ["w(2)[1,1]", "w(2)[1,2]", "w(2)[2,1]", "w(2)[2,2]"]
    assert panel.count.text() == "4 of 12 parameters"
    panel.filter.setText("no such thing")
    assert panel.model.rowCount() == 0
    panel.filter.clear()
    assert panel.model.rowCount() == 12


def test_sorting_by_a_live_column_waits_for_the_pause(panel, mazur):
    mazur.show_on(panel, 0)
    panel.render_snapshot(mazur.running(1))
    panel.table.sortByColumn(COLUMNS.index("gradient"), Qt.SortOrder.DescendingOrder)
    assert panel.note.text() == "Sorted again when the run pauses"
    before = column(panel, "name")
    panel._updated = float("-inf")
    running = mazur.running(2000)
    panel.render_snapshot(running)
    assert column(panel, "name") == before
    assert float(cell(panel, 0, "gradient")) == running.gradient[panel.model.parameter_at(0)]
    panel.render_snapshot(mazur.to(2000))
    assert panel.note.text() == ""
    gradients = [float(text) for text in column(panel, "gradient")]
    assert gradients == sorted(gradients, reverse=True)
    assert column(panel, "name") != before


def test_numbers_change_at_a_readable_pace_and_at_once_when_paused(panel, mazur):
    panel.set_problem(mazur.problem)
    first = mazur.running(1)
    panel.render_snapshot(first)
    panel.render_snapshot(mazur.running(2))
    assert float(cell(panel, 0, "value")) == first.parameters[0]
    panel.render_snapshot(mazur.to(3))
    assert float(cell(panel, 0, "value")) == mazur.to(3).parameters[0]


def test_only_what_follows_the_run_is_told_to_have_changed(panel, mazur, qtbot):
    snapshot = mazur.show_on(panel, 1)
    with qtbot.waitSignal(panel.model.dataChanged) as changed:
        panel.render_snapshot(replace(snapshot, iteration=2))
    assert [COLUMNS[index.column()] for index in changed.args[:2]] == ["value", "update"]
    settings = replace(snapshot.settings, frozen=np.ones(12, dtype=np.bool_))
    with qtbot.waitSignal(panel.model.dataChanged) as changed:
        panel.render_snapshot(replace(snapshot, settings=settings))
    assert [COLUMNS[index.column()] for index in changed.args[:2]] == ["frozen", "update"]


def test_the_selection_is_shared(panel, mazur, selection):
    mazur.show_on(panel, 0)
    selection.select(7)
    assert panel.table.currentIndex().row() == 7
    panel.table.selectRow(3)
    assert selection.parameter == 3
    panel.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert panel.table.currentIndex().row() == 8
    assert selection.parameter == 3
    panel.filter.setText("w(2)")
    assert selection.parameter == 3
    assert not panel.table.selectionModel().hasSelection()
    panel.filter.setText("")
    assert panel.model.parameter_at(panel.table.currentIndex().row()) == 3
    selection.select(None)
    assert not panel.table.selectionModel().hasSelection()


@pytest.mark.parametrize(
    ("text", "value"), [("0,5", 0.5), ("3/20", 0.15), (".75", 0.75), ("-1e-3", -0.001)]
)
def test_a_value_is_typed_while_the_run_rests(panel, mazur, qtbot, text, value):
    mazur.show_on(panel, 0)
    editor = editor_of(panel, qtbot, 3)
    assert editor.text() == "0.25"
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    with qtbot.waitSignal(panel.value_edited) as edited:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert edited.args == [3, value]


@pytest.mark.parametrize("text", ["", "abc", "1/0", "1e999", "nan", "0x10"])
def test_what_is_no_number_is_refused_at_the_cell(panel, mazur, qtbot, text):
    mazur.show_on(panel, 0)
    editor = editor_of(panel, qtbot, 3)
    editor.clear()
    qtbot.keyClicks(editor, text)
    with qtbot.assertNotEmitted(panel.value_edited):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert panel.refusal.isVisible()
    assert text in panel.refusal.text()
    at = panel.table.visualRect(panel.model.index(3, COLUMNS.index("value")))
    assert panel.refusal.y() == at.bottom() + 1
    qtbot.keyClicks(editor, "1")
    assert not panel.refusal.isVisible()
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert cell(panel, 3, "value") == "0.25"


def test_values_cannot_be_edited_while_the_run_goes_on(panel, mazur):
    panel.set_problem(mazur.problem)
    panel.render_snapshot(mazur.running(5))
    index = panel.model.index(0, COLUMNS.index("value"))
    assert not index.flags() & Qt.ItemFlag.ItemIsEditable
    assert not panel.model.setData(index, 1.0)


def test_a_click_freezes_and_another_lets_go(panel, mazur, qtbot):
    mazur.show_on(panel, 0)
    toggles = []
    panel.frozen_toggled.connect(lambda *toggle: toggles.append(toggle))
    index = panel.model.index(1, COLUMNS.index("frozen"))
    place = panel.table.visualRect(index).center()
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert toggles == [(1, True)]
    frozen = np.zeros(12, dtype=bool)
    frozen[1] = True
    settings = replace(mazur.problem.settings, frozen=frozen)
    panel.render_snapshot(mazur.obey(commands.ChangeSettings(settings)))
    assert Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert toggles == [(1, True), (1, False)]
    fixed = panel.table.visualRect(panel.model.index(2, COLUMNS.index("frozen"))).center()
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=fixed)
    assert len(toggles) == 2


def test_copying_rows(panel, mazur, qtbot):
    snapshot = mazur.show_on(panel, 1)
    panel.table.selectRow(0)
    qtbot.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    heading, row = QGuiApplication.clipboard().text().split("\n")
    assert heading.split("\t")[:4] == ["Name", "From", "To", "Frozen"]
    assert row.split("\t")[:4] == ["w(1)[1,1]", "x1", "h1[1]", ""]
    numbers = [float(text) for text in row.split("\t")[4:]]
    assert numbers == [snapshot.parameters[0], snapshot.gradient[0], snapshot.update[0]]


def test_a_hundred_thousand_rows_ask_only_for_what_is_seen(panel, mazur, monkeypatch, qtbot):
    network = Network((Layer(784, 128, "relu"), Layer(128, 10, "softmax")))
    values = np.random.default_rng(0).normal(size=network.size).astype(np.float32)
    problem = replace(mazur.problem, network=network, initial=values)
    panel.set_problem(problem)
    asked = 0
    original = type(panel.model).text

    def text(model, *which):
        nonlocal asked
        asked += 1
        return original(model, *which)

    monkeypatch.setattr(type(panel.model), "text", text)
    snapshot = replace(mazur.to(0), parameters=values, gradient=values, update=values)
    panel.render_snapshot(snapshot)
    with qtbot.waitSignal(panel.model.layoutChanged):
        panel.table.sortByColumn(COLUMNS.index("value"), Qt.SortOrder.AscendingOrder)
        assert cell(panel, 0, "name") == "w(1)[1,1]"  # as it was until the new order is known
    panel.grab()
    assert panel.count.text() == "101,770 parameters"
    assert cell(panel, 0, "value") == str(values.min())
    panel._selection.select(int(values.argmax()))
    for words in ("w(2)", "b(2)", "b(2)[1"):  # the newest counts
        panel.filter.setText(words)
    qtbot.waitUntil(lambda: panel.count.text() == "2 of 101,770 parameters")
    names = {cell(panel, row, "name") for row in (0, 1)}
    assert names == {"b(2)[1]", "b(2)[10]"}
    assert not panel.table.selectionModel().hasSelection()
    panel.filter.clear()
    qtbot.waitUntil(lambda: panel.model.rowCount() == network.size)
    assert panel.table.currentIndex().row() == network.size - 1
    assert asked < 2000


def test_another_run_does_not_wait_for_rows_that_are_put_in_order(panel, mazur, qtbot):
    network = Network((Layer(784, 128, "relu"), Layer(128, 10, "softmax")))
    values = np.zeros(network.size)
    panel.set_problem(replace(mazur.problem, network=network, initial=values))
    panel.filter.setText("b(2)")
    mazur.show_on(panel, 1)
    panel.filter.clear()
    assert panel.model.rowCount() == 12
    assert cell(panel, 0, "name") == "w(1)[1,1]"


def test_both_themes_are_drawn(panel, mazur):
    mazur.show_on(panel, 1)
    light = panel.table.grab().toImage()
    panel.set_theme(DARK)
    assert panel.table.grab().toImage() != light


def test_an_empty_panel_can_be_used(panel, qtbot, selection):
    panel.filter.setText("w(1)")
    panel.copy()
    selection.select(3)
    panel.table.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    assert panel.model.rowCount() == 0
