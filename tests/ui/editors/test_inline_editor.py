"""The table of samples, in the column of the editors and in its own window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from bpgui.experiment import edits
from bpgui.experiment.sources import Generated, Inline
from bpgui.ui.document import Document
from bpgui.ui.editors.experiment_editor import ExperimentEditor
from bpgui.ui.theme import DARK, LIGHT

THREE = Inline(inputs=((0.0, 1.0), (2.0, 3.0), (4.0, 5.0)), targets=((0.0,), (1.0,), (0.0,)))


def opened(document: Document, data: Inline) -> None:
    document.set_experiment(edits.set_data(document.experiment, data), None)


def paste(table, text: str, row: int = 0, column: int = 0) -> None:
    table.setCurrentIndex(table.model().index(row, column))
    QGuiApplication.clipboard().setText(text)
    table.paste()


@pytest.fixture
def inline(editor: ExperimentEditor, document: Document):
    opened(document, THREE)
    return editor.data.inline


@pytest.fixture
def large(inline, qtbot: QtBot):
    qtbot.mouseClick(inline.window_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(inline.large.windowHandle().isExposed)
    return inline.large


@pytest.mark.parametrize(
    "text",
    [
        "length\twidth\tkind\n0,5\t1,25\t1\n7\t8\t0\n",
        "Länge;Breite;Art\r\n0,5;1,25;1\r\n7;8;0\r\n",
        "a,b,c\n0.5,1.25,1\n7,8,0",
    ],
)
def test_a_spreadsheet_is_pasted_with_its_header_and_decimal_commas(
    inline, document: Document, text: str
) -> None:
    paste(inline.table, text, row=2)
    assert document.experiment.data.inputs == (*THREE.inputs[:2], (0.5, 1.25), (7.0, 8.0))
    assert document.experiment.data.targets == (*THREE.targets[:2], (1.0,), (0.0,))
    document.undo_stack.undo()
    assert document.experiment.data == THREE


def test_what_is_copied_can_be_pasted_again(inline, document: Document) -> None:
    third = 1 / 3
    inline.model.setData(inline.model.index(0, 0), repr(third))
    inline.table.selectAll()
    inline.table.copy()
    opened(document, Inline(inputs=((9.0, 9.0),), targets=((0.0,),)))
    paste(inline.table, QGuiApplication.clipboard().text())
    assert document.experiment.data.inputs == ((third, 1.0), *THREE.inputs[1:])


def test_a_wrong_cell_is_marked_and_says_what_would_be_right(
    inline, editor: ExperimentEditor, document: Document, qtbot: QtBot
) -> None:
    cell = inline.model.index(1, 1)
    inline.table.setCurrentIndex(cell)
    inline.table.edit(cell)
    field = inline.table.findChild(QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, "3m")
    with qtbot.waitSignal(inline.rejected):  # the table takes it once it comes to it
        qtbot.keyClick(field, Qt.Key.Key_Return)
    told = "sample 2, x2: “3m” is not a number. Write it like 0.15, 3/20 or 1e-3."
    assert inline.model.data(cell, Qt.ItemDataRole.ToolTipRole) == told
    marked = inline.model.data(cell, Qt.ItemDataRole.BackgroundRole).color()
    assert marked.red() > marked.green() + 20
    assert editor.data.fields["data"].message.text() == "S" + told[1:]
    assert document.experiment.data == THREE
    inline.model.setData(cell, "3.5")
    assert inline.model.data(cell, Qt.ItemDataRole.ToolTipRole) == "sample 2, x2 = 3.5"
    assert inline.model.data(cell, Qt.ItemDataRole.BackgroundRole) is None


def test_insert_and_delete_change_samples_by_the_keyboard(
    inline, document: Document, qtbot: QtBot
) -> None:
    inline.table.setFocus()
    inline.table.setCurrentIndex(inline.model.index(0, 0))
    qtbot.keyClick(inline.table, Qt.Key.Key_Insert)
    assert document.experiment.data.inputs == (
        THREE.inputs[0],
        (0.0, 0.0),
        *THREE.inputs[1:],
    )
    assert inline.table.currentIndex().row() == 1
    qtbot.keyClick(inline.table, Qt.Key.Key_Delete)
    assert document.experiment.data == THREE


def test_the_selected_sample_is_shared(inline, large, qtbot: QtBot) -> None:
    with qtbot.waitSignal(inline.sample_chosen) as chosen:
        inline.table.setCurrentIndex(inline.model.index(2, 1))
    assert chosen.args == [2]
    with qtbot.waitSignal(inline.sample_chosen) as chosen:
        large.samples.table.setCurrentIndex(large.samples.model.index(1, 0))
    assert chosen.args == [1]
    assert inline.table.currentIndex().row() == 1
    with qtbot.assertNotEmitted(inline.sample_chosen):
        inline.select_sample(0)
        inline.select_sample(99)
    assert large.samples.table.currentIndex().row() == 0


# --- the window -----------------------------------------------------------------------------------


def test_the_window_shows_and_edits_the_same_samples(inline, large, document: Document) -> None:
    assert not large.isModal()
    np.testing.assert_array_equal(large.samples.model.array, inline.model.array)
    large.samples.model.setData(large.samples.model.index(0, 0), "-1/8")
    assert document.experiment.data.inputs[0] == (-0.125, 1.0)
    assert inline.model.array[0, 0] == -0.125
    document.undo_stack.undo()
    assert large.samples.model.array[0, 0] == 0.0
    assert large.samples.table.height() > inline.table.height()
    thirds = THREE.model_copy(update={"targets": ((1 / 3,),) * 3})
    document.edit("", lambda e: edits.set_data(e, thirds))
    assert large.samples.model.data(large.samples.model.index(0, 2)) == repr(1 / 3)
    assert inline.model.data(inline.model.index(0, 2)) == "0.3333"


def test_the_window_says_itself_what_is_wrong(large, document: Document) -> None:
    samples = large.samples
    samples.model.setData(samples.model.index(0, 0), "1/0")
    assert "divides by zero" in large.message.text()
    paste(samples.table, "1\t2\n3\n")
    assert "differ in length" in large.message.text()
    assert document.experiment.data == THREE
    paste(samples.table, "1\t2\n3\t4\n")
    assert large.message.text() == ""
    assert not large.message.isVisible()


def test_the_window_closes_where_there_are_no_samples_to_write(
    large, editor: ExperimentEditor, document: Document
) -> None:
    document.edit("", lambda e: edits.set_data(e, Generated(name="circle")))
    assert not large.isVisible()


def test_the_window_follows_theme_and_lesson(
    inline, large, editor: ExperimentEditor, document: Document
) -> None:
    for theme in (DARK, LIGHT):
        editor.set_theme(theme)
        large.samples.model.setData(large.samples.model.index(0, 0), "?")
        marked = large.samples.model.data(
            large.samples.model.index(0, 0), Qt.ItemDataRole.BackgroundRole
        )
        base = QColor(theme.base)
        assert abs(marked.color().lightness() - base.lightness()) < 90
    inline.set_locked(True)
    assert not large.samples.add.isEnabled()
    assert not large.samples.table.editTriggers()


def test_a_thousand_samples_of_ten_columns_are_one_block(inline, large, document: Document) -> None:
    rows = np.arange(10_000).reshape(1000, 10) / 7
    opened(document, Inline(inputs=((0.0,) * 9,), targets=((0.0,),)))
    paste(inline.table, "\n".join("\t".join(map(repr, row)) for row in rows.tolist()))
    np.testing.assert_array_equal(large.samples.model.array, rows)
    large.samples.model.setData(large.samples.model.index(999, 9), "0.5")
    assert document.experiment.data.targets[999] == (0.5,)
    assert inline.model.array[999, 9] == 0.5


# --- names of classes -----------------------------------------------------------------------------

KINDS = ("Iris-setosa", "Iris-versicolor", "Iris-virginica")
NAMED = Inline(inputs=((0.0,), (2.0,), (4.0,)), targets=(0.0, 2.0, 1.0), classes=KINDS)


def headings(inline) -> list[str]:
    model = inline.model
    return [model.headerData(i, Qt.Orientation.Horizontal) for i in range(model.columnCount())]


@pytest.fixture
def named(inline, document: Document):
    document.edit("", lambda e: edits.set_data(e, Inline(inputs=((0.0,),), targets=((0.0,) * 3,))))
    document.edit("", lambda e: edits.set_data(e, NAMED))
    assert document.experiment.network.layers[-1].units == 3
    return inline


def test_a_class_is_shown_by_its_name_and_chosen_from_a_list(
    named, document: Document, qtbot: QtBot
) -> None:
    cell = named.model.index(1, 1)
    assert headings(named) == ["x1", "class"]
    assert cell.data() == "Iris-virginica"
    assert cell.data(Qt.ItemDataRole.ToolTipRole) == "sample 2, class = Iris-virginica"
    place = named.table.visualRect(cell).center()
    qtbot.mouseClick(named.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(named.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    box = named.table.findChild(QComboBox)
    assert [box.itemText(i) for i in range(box.count())] == list(KINDS)
    assert box.currentText() == "Iris-virginica"
    listed = box.view()
    qtbot.waitUntil(listed.isVisible)
    qtbot.mouseClick(
        listed.viewport(),
        Qt.MouseButton.LeftButton,
        pos=listed.visualRect(listed.model().index(1, 0)).center(),
    )
    qtbot.waitUntil(lambda: document.experiment.data.targets == (0.0, 1.0, 1.0))
    qtbot.waitUntil(lambda: not named.table.findChildren(QComboBox))
    assert cell.data() == "Iris-versicolor"
    assert document.experiment.data.classes == KINDS


def test_names_of_classes_are_copied_and_pasted(named, document: Document, qtbot: QtBot) -> None:
    named.table.selectAll()
    named.table.copy()
    text = QGuiApplication.clipboard().text()
    assert text == "0\tIris-setosa\n2\tIris-virginica\n4\tIris-versicolor"
    paste(named.table, text.replace("versicolor", "virginica"))
    assert document.experiment.data.targets == (0.0, 2.0, 2.0)
    paste(named.table, "Iris-virginica\nIris-virginica", column=1)
    assert document.experiment.data.targets == (2.0, 2.0, 2.0)
    paste(named.table, "7,5;Iris-setosa\n", row=1)
    assert document.experiment.data.inputs[1] == (7.5,)
    assert document.experiment.data.targets == (2.0, 0.0, 2.0)
    with qtbot.waitSignal(named.rejected) as refused:
        paste(named.table, "8\tIris-setosa\n9\tIris-sibirica")
    fault = "Row 2, column 2 of what is pasted: “Iris-sibirica” is none of the classes "
    assert refused.args == [f"{fault}{', '.join(KINDS)}."]
    assert document.experiment.data.inputs[0] == (0.0,)


def test_columns_of_classes_are_headed_by_their_names(named, document: Document) -> None:
    rows = ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, 1.0, 0.0))
    one_hot = NAMED.model_copy(update={"targets": rows})
    document.edit("", lambda e: edits.set_data(e, one_hot))
    assert headings(named) == ["x1", *KINDS]
    named.model.setData(named.model.index(0, 2), "0.5")  # no longer classes
    assert headings(named) == ["x1", "y1", "y2", "y3"]


def test_two_classes_of_one_output_are_named(inline, document: Document) -> None:
    two = Inline(inputs=((0.0,), (2.0,)), targets=(0.0, 1.0), classes=("blue", "red"))
    document.edit("", lambda e: edits.set_data(e, two))
    assert inline.model.index(1, 1).data() == "red"
    several = two.model_copy(update={"targets": (0.0, 2.5)})
    document.edit("", lambda e: edits.set_data(e, several))
    assert inline.model.index(1, 1).data() == "2.5"
    assert headings(inline) == ["x1", "y1"]


def test_inputs_are_headed_by_their_names(inline, document: Document, qtbot: QtBot) -> None:
    called = THREE.model_copy(update={"names": ("weight", "color = red")})
    document.edit("", lambda e: edits.set_data(e, called))
    assert headings(inline) == ["weight", "color = red", "y1"]
    assert inline.model.index(1, 1).data(Qt.ItemDataRole.ToolTipRole) == "sample 2, color = red = 3"
    inline.inputs.entered.emit(3)
    assert document.experiment.data.names == ("weight", "color = red", "x3")
    inline.inputs.entered.emit(1)
    assert headings(inline) == ["weight", "y1"]
    other = called.model_copy(update={"names": ("alone",)})
    document.edit("", lambda e: edits.set_data(e, other))
    assert headings(inline) == ["x1", "x2", "y1"]


def test_columns_are_wide_enough_for_names_as_long_as_these(inline, document: Document) -> None:
    header = inline.table.horizontalHeader()
    before = header.sectionSize(0)
    names = tuple(f"color = {kind}" for kind in ("a", "b", "c", "d", "e", "f"))
    wide = Inline(inputs=((0.0,) * 6,) * 2, targets=(0.0, 1.0), names=names)
    document.edit("", lambda e: edits.set_data(e, wide))
    assert header.sectionSize(0) >= header.sectionSizeHint(0)
    opened(document, wide.model_copy(update={"names": None}))
    assert header.sectionSize(0) < before
