import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from bpgui.experiment import edits
from bpgui.experiment.building import initial_parameters
from bpgui.experiment.errors import PresetError
from bpgui.ui.document import Document
from bpgui.ui.editors.experiment_editor import ExperimentEditor
from bpgui.ui.editors.number_table import NumberTable
from bpgui.ui.editors.weights_editor import with_weights

MESSAGE = "initial_weights"


def type_into(qtbot: QtBot, table: NumberTable, row: int, column: int, text: str) -> None:
    """As with the keyboard: go to the cell, type over it, press Enter."""
    table.setFocus()
    table.setCurrentIndex(table.model().index(row, column))
    table.edit(table.currentIndex())
    cell = table.viewport().findChild(QLineEdit)
    cell.selectAll()
    qtbot.keyClicks(cell, text)
    qtbot.keyClick(cell, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.state() == NumberTable.State.NoState)
    qtbot.waitUntil(lambda: table.viewport().findChild(QLineEdit) is None)


def headings(table: NumberTable, way: Qt.Orientation) -> list[str]:
    model = table.model()
    count = model.columnCount() if way == Qt.Orientation.Horizontal else model.rowCount()
    return [model.headerData(i, way) for i in range(count)]


def shown(table: NumberTable) -> list[list[str]]:
    model = table.model()
    return [
        [model.index(r, c).data() for c in range(model.columnCount())]
        for r in range(model.rowCount())
    ]


def test_the_matrix_names_units_and_shows_numbers(editor: ExperimentEditor, choose) -> None:
    table = editor.weights.table
    assert headings(table, Qt.Orientation.Horizontal) == ["x1", "x2", "bias"]
    assert headings(table, Qt.Orientation.Vertical) == ["h1[1]", "h1[2]"]
    assert shown(table) == [["0.15", "0.2", "0.35"], ["0.25", "0.3", "0.35"]]
    choose(editor.weights.layer, "1")
    assert headings(table, Qt.Orientation.Horizontal) == ["h1[1]", "h1[2]", "bias"]
    assert headings(table, Qt.Orientation.Vertical) == ["y1", "y2"]


@pytest.mark.parametrize(
    ("text", "value"), [("0.17", 0.17), (".17", 0.17), ("0,17", 0.17), ("3/20", 0.15), ("-1", -1.0)]
)
def test_a_cell_takes_numbers_as_people_write_them(
    editor: ExperimentEditor, document: Document, qtbot: QtBot, text: str, value: float
) -> None:
    type_into(qtbot, editor.weights.table, 1, 0, text)
    assert document.experiment.initial_weights.weights[0] == ((0.15, 0.2), (value, 0.3))
    assert editor.weights.table.currentIndex().row() == 1


def test_a_bias_is_a_cell_of_its_own(
    editor: ExperimentEditor, document: Document, qtbot: QtBot
) -> None:
    type_into(qtbot, editor.weights.table, 1, 2, "0.4")
    assert document.experiment.initial_weights.biases[0] == (0.35, 0.4)
    assert document.experiment.initial_weights.weights[0] == ((0.15, 0.2), (0.25, 0.3))


def test_a_wrong_cell_is_told_and_keeps_its_number(
    editor: ExperimentEditor, document: Document, qtbot: QtBot
) -> None:
    table = editor.weights.table
    message = editor.weights.fields[MESSAGE].message
    type_into(qtbot, table, 0, 1, "half")
    assert message.isVisible()
    assert message.text().startswith("H1[1] ← x2") or message.text().startswith("h1[1] ← x2")
    assert shown(table)[0][1] == "0.2"
    type_into(qtbot, table, 0, 1, "0.5")
    assert not message.isVisible()
    assert document.experiment.initial_weights.weights[0][0] == (0.15, 0.5)


def test_a_block_from_a_spreadsheet_is_pasted(
    editor: ExperimentEditor, document: Document, qtbot: QtBot
) -> None:
    table = editor.weights.table
    QGuiApplication.clipboard().setText("0,1\t1/5\t-3\r\n,3\t4e-1\t5\r\n")
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    qtbot.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    initial = document.experiment.initial_weights
    assert initial.weights[0] == ((0.1, 0.2), (0.3, 0.4))
    assert initial.biases[0] == (-3.0, 5.0)
    assert document.undo_stack.count() == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1\t2\t3\t4", "The block has 1 × 4 numbers"),
        ("1\t2\n3", "The rows of the block differ in length"),
        ("1\tx", "Row 1, column 2 of what is pasted"),
    ],
)
def test_a_block_that_does_not_fit_is_told(
    editor: ExperimentEditor, document: Document, text: str, told: str
) -> None:
    before = document.experiment
    QGuiApplication.clipboard().setText(text)
    editor.weights.table.paste()
    assert editor.weights.fields[MESSAGE].message.text().startswith(told)
    assert document.experiment is before


def test_copying_gives_a_spreadsheet_the_full_digits(
    editor: ExperimentEditor, document: Document, qtbot: QtBot
) -> None:
    third = 1 / 3
    document.edit("", lambda e: edits.set_weights(e, 0, [[0.15, 0.2], [third, 0.3]]))
    table = editor.weights.table
    table.setFocus()
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == f"0.15\t0.2\t0.35\n{third!r}\t0.3\t0.35"


def test_a_drawn_network_shows_its_numbers_and_one_change_keeps_the_others(
    open_editor, document: Document, qtbot: QtBot
) -> None:
    editor = open_editor("circle")
    table = editor.weights.table
    theta = initial_parameters(document.experiment)
    assert editor.weights.model.array.ravel().tolist() == theta[: table.numbers.array.size].tolist()
    assert editor.weights.hint.isVisible()
    type_into(qtbot, table, 0, 0, "0.25")
    manual = document.experiment.initial_weights
    assert manual.scheme == "manual"
    assert manual.weights[0][0] == (0.25, theta[1])
    assert document.undo_stack.count() == 1
    assert not editor.weights.hint.isVisible()
    document.undo_stack.undo()
    assert document.experiment.initial_weights.scheme == "xavier_uniform"
    assert editor.weights.scheme.value == "xavier_uniform"


def test_by_hand_keeps_the_drawn_numbers(open_editor, document: Document, qtbot: QtBot) -> None:
    editor = open_editor("circle")
    theta = initial_parameters(document.experiment)
    qtbot.mouseClick(editor.weights.by_hand, Qt.MouseButton.LeftButton)
    assert document.experiment.initial_weights.scheme == "manual"
    assert initial_parameters(document.experiment).tolist() == theta.tolist()


def test_schemes_have_their_own_fields(
    open_editor, document: Document, choose, enter, qtbot: QtBot
) -> None:
    weights = open_editor("circle").weights
    assert not weights.numbers["low"].isVisible()
    choose(weights.scheme, "uniform")
    enter(weights.numbers["low"], "-1/2")
    enter(weights.numbers["high"], "0,5")
    initial = document.experiment.initial_weights
    assert (initial.low, initial.high) == (-0.5, 0.5)
    old = initial.seed
    qtbot.mouseClick(weights.new_seed, Qt.MouseButton.LeftButton)
    assert document.experiment.initial_weights.seed != old
    assert weights.seed.text() == str(document.experiment.initial_weights.seed)


def test_bounds_in_the_wrong_order_are_told_at_the_field(
    open_editor, document: Document, choose, enter
) -> None:
    weights = open_editor("circle").weights
    choose(weights.scheme, "uniform")
    enter(weights.numbers["low"], "7")
    assert "high" in weights.fields["initial_weights.low"].message.text()
    assert document.experiment.initial_weights.low == -1.0


def test_a_matrix_of_many_rows_is_virtual(document: Document, open_editor) -> None:
    editor = open_editor("digits-hidden")
    document.edit("", lambda e: edits.set_units(e, 0, 5_000))
    assert editor.weights.model.rowCount() == 5_000
    assert editor.weights.table.height() < 300


def test_more_weights_than_can_be_shown_are_not_drawn(document: Document, open_editor) -> None:
    editor = open_editor("digits-hidden")
    document.edit("", lambda e: edits.set_units(e, 0, 50_000))
    assert not editor.weights.table.isVisible()
    assert editor.weights.hint.text() == "There are too many weights to show them here."


def test_signs_tint_the_cells(editor: ExperimentEditor, document: Document) -> None:
    document.edit("", lambda e: edits.set_weights(e, 0, [[-1.0, 0.0], [1.0, 0.1]]))
    model = editor.weights.model

    def background(row: int, column: int) -> object:
        return model.index(row, column).data(Qt.ItemDataRole.BackgroundRole)

    blue, orange = background(0, 0).color(), background(1, 0).color()
    assert blue.blue() > blue.red()
    assert orange.red() > orange.blue()
    assert background(0, 1) is None
    assert background(1, 1).color().lightness() > orange.lightness()


def test_writing_a_block_is_pure(document: Document) -> None:
    before = document.experiment
    after = with_weights(before, 1, 0, 1, [[9.0, 8.0]])
    assert after.initial_weights.weights[1] == ((0.4, 9.0), (0.5, 0.55))
    assert after.initial_weights.biases[1] == (8.0, 0.6)
    assert before.initial_weights.weights[1] == ((0.4, 0.45), (0.5, 0.55))
    with pytest.raises(PresetError):
        with_weights(before, 1, 0, 0, [[1.0, 2.0, 3.0, 4.0]])
