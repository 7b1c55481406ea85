"""From a file on the disk to a trained classifier, with the mouse, in the real window."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QTableView
from pytestqt.qtbot import QtBot

from bpgui.engine.problem import Problem
from bpgui.experiment import presets
from bpgui.experiment.building import build_problem
from bpgui.experiment.sources import Csv, Inline
from bpgui.training.snapshot import RunState
from bpgui.ui.import_dialog.columns import FIRST_ROLE, ROLES
from bpgui.ui.import_dialog.dialog import ImportDialog
from bpgui.ui.main_window import MainWindow
from bpgui.ui.theme import LIGHT

FLOWERS = Path(__file__).parents[1] / "datasets" / "flowers.csv"
LEFT = Qt.MouseButton.LeftButton
Drop = Callable[..., None]


@pytest.fixture
def flowers(tmp_path: Path) -> Path:
    """Iris as a spreadsheet of a country with decimal commas writes it."""
    return Path(shutil.copy(FLOWERS, tmp_path / "flowers.csv"))


@pytest.fixture
def window(open_window: Callable[..., MainWindow]) -> MainWindow:
    return open_window()


def shown_dialog(qtbot: QtBot, window: MainWindow) -> ImportDialog:
    qtbot.waitUntil(lambda: bool(window.findChildren(ImportDialog)))
    dialog = window.findChildren(ImportDialog)[0]
    surveyed(qtbot, dialog)
    return dialog


def surveyed(qtbot: QtBot, dialog: ImportDialog) -> None:
    qtbot.waitUntil(lambda: not dialog._loader.busy)


def take(qtbot: QtBot, window: MainWindow, dialog: ImportDialog) -> Problem:
    """Presses Import; returns the problem of the run that this begins."""
    with qtbot.waitSignal(window.session.run_started) as started:
        qtbot.mouseClick(dialog.import_button, LEFT)
    return started.args[0]


@pytest.fixture
def flowers_imported(qtbot: QtBot, window: MainWindow, drop: Drop, flowers: Path) -> None:
    drop(window, flowers)
    take(qtbot, window, shown_dialog(qtbot, window))
    qtbot.waitUntil(lambda: not window.findChildren(ImportDialog))


def choose_role(qtbot: QtBot, dialog: ImportDialog, row: int, role: str) -> None:
    click_cell(qtbot, dialog.columns, row, FIRST_ROLE + ROLES.index(role))


def click_cell(qtbot: QtBot, table: QTableView, row: int, column: int) -> None:
    place = table.visualRect(table.model().index(row, column)).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=place)


def test_iris_with_class_names_is_learnt_by_the_mouse_alone(
    qtbot: QtBot, window: MainWindow, drop: Drop, flowers: Path, tmp_path: Path
) -> None:
    drop(window, flowers)
    dialog = shown_dialog(qtbot, window)
    previewed = [[cell.replace(",", ".") for cell in row[:4]] for row in dialog.survey.rows]
    problem = take(qtbot, window, dialog)
    assert window.session.loaded_share == 0.0  # importing has read the file already
    assert [layer.units for layer in problem.network.layers] == [8, 3]
    assert (len(problem.train), len(problem.test), problem.classification) == (120, 30, True)
    data = window.document.experiment.data
    samples = np.vstack([problem.train.inputs, problem.test.inputs])
    read = samples * data.scaling.scale + data.scaling.offset
    for row in np.array(previewed, dtype=float):
        assert np.isclose(read, row).all(axis=1).any()
    np.testing.assert_allclose(problem.train.inputs.mean(axis=0), 0, atol=1e-12)

    session = window.session
    qtbot.mouseClick(window.transport.widgetForAction(window.commands["toggle"]), LEFT)
    qtbot.waitUntil(
        lambda: session.snapshot is not None and (session.snapshot.evaluation.accuracy or 0) > 0.95,
    )
    session.pause()
    qtbot.waitUntil(lambda: session.snapshot.state is RunState.PAUSED)

    assert window.document.save(tmp_path / "lesson.json") is None
    saved = presets.load(tmp_path / "lesson.json")
    assert saved.data.path == "flowers.csv"
    again = build_problem(saved, tmp_path)
    np.testing.assert_array_equal(again.train.inputs, problem.train.inputs)
    np.testing.assert_array_equal(again.test.targets, problem.test.targets)
    window.document.undo_stack.undo()
    assert window.document.experiment.data.source == "inline"


def test_the_menu_asks_for_a_file(qtbot: QtBot, window: MainWindow, flowers: Path) -> None:
    before = window.document.experiment
    window.commands["import"].trigger()
    asking = window.findChild(QFileDialog, "data file")
    asking.setOption(QFileDialog.Option.DontUseNativeDialog)
    asking.selectFile(str(flowers))
    asking.fileSelected.emit(str(flowers))
    asking.close()
    dialog = shown_dialog(qtbot, window)
    qtbot.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel), LEFT)
    assert window.document.experiment is before


@pytest.mark.usefixtures("flowers_imported")
def test_a_file_that_changed_is_noticed_and_taken_as_it_is(
    qtbot: QtBot, window: MainWindow, flowers: Path
) -> None:
    with flowers.open("a") as file:
        file.write("5,0;3,0;1,5;0,2;Iris-setosa\n")
    with qtbot.waitSignal(window.session.refused):
        window.session.retry()
    assert "has changed since it was chosen" in window.notice.text.text()
    assert window.notice.button.text() == "Use the file as it is now"
    with qtbot.waitSignal(window.session.run_started) as started:
        qtbot.mouseClick(window.notice.button, LEFT)
    problem = started.args[0]
    assert len(problem.train) + len(problem.test) == 151
    assert window.document.experiment.data.size == flowers.stat().st_size


def test_the_window_may_close_while_a_file_is_read(
    qtbot: QtBot, window: MainWindow, drop: Drop, tmp_path: Path
) -> None:
    path = tmp_path / "long.csv"
    path.write_text("a,b,kind\n" + '1,"2",red\n3,4,"b\nlue"\n' * 60_000)
    drop(window, path)
    dialog = shown_dialog(qtbot, window)
    qtbot.mouseClick(dialog.import_button, LEFT)
    window.close()
    assert not window.isVisible()


@pytest.mark.usefixtures("flowers_imported")
def test_the_data_editor_looks_at_its_file_again(qtbot: QtBot, window: MainWindow) -> None:
    before = window.document.experiment
    reading = window.editor.data.reading
    assert reading.text.text() == (
        "Classes Iris-setosa, Iris-versicolor, Iris-virginica; inputs standardized"
    )
    reading.button.click()
    again = shown_dialog(qtbot, window)
    assert again.choices.roles == first_roles(before.data)
    assert not again.choices.set_up
    choose_role(qtbot, again, 0, "ignore")
    take(qtbot, window, again)
    after = window.document.experiment
    assert after.data.inputs == before.data.inputs[1:]
    assert after.data.scaling.offset == before.data.scaling.offset[1:]
    assert after.network.inputs == 3
    assert after.training == before.training


@pytest.mark.usefixtures("flowers_imported")
def test_features_that_lose_their_column_are_named_before_they_go(
    qtbot: QtBot, window: MainWindow
) -> None:
    with qtbot.waitSignal(window.session.run_started):
        window.editor.data.features.chosen.emit(("x2", "x1*x3", "x4^2"))
    window.editor.data.reading.button.click()
    again = shown_dialog(qtbot, window)
    assert not again.lost.isVisible()
    choose_role(qtbot, again, 0, "ignore")
    assert again.lost.text() == (
        "Made of columns that are no inputs any more, these features go: x1*x3"
    )
    assert again.options.network.text().startswith("2-8-3, ")
    take(qtbot, window, again)
    assert window.document.experiment.data.features == ("x1", "x3^2")
    window.document.undo_stack.undo()
    assert window.document.experiment.data.features == ("x2", "x1*x3", "x4^2")


def first_roles(data: Csv) -> tuple[str, ...]:
    return ("input",) * len(data.inputs) + ("target",) * len(data.targets)


# --- the dialog by itself -----------------------------------------------------------------------


@pytest.fixture
def look(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[str | bytes], ImportDialog]]:
    made: list[ImportDialog] = []

    def look_at(content: str | bytes) -> ImportDialog:
        path = tmp_path / "data.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        dialog = ImportDialog(path, "data.csv", 2, LIGHT)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        made.append(dialog)
        qtbot.addWidget(dialog)
        dialog.show()
        surveyed(qtbot, dialog)
        return dialog

    yield look_at
    for dialog in made:
        dialog.reject()


def imported(qtbot: QtBot, dialog: ImportDialog) -> Csv | Inline:
    with qtbot.waitSignal(dialog.imported) as signal:
        qtbot.mouseClick(dialog.import_button, LEFT)
    return signal.args[0].data


def refusal(qtbot: QtBot, dialog: ImportDialog) -> str:
    qtbot.mouseClick(dialog.import_button, LEFT)
    qtbot.waitUntil(lambda: bool(dialog.message.text()))
    assert not dialog._loader.busy
    return dialog.message.text()


def test_roles_are_chosen_by_a_click_or_a_key(qtbot: QtBot, look) -> None:
    dialog = look("a,b,c\n1,2,3\n4,5,6.5\n7,9,9\n")
    assert dialog.choices.roles == ("input", "input", "target")
    choose_role(qtbot, dialog, 0, "ignore")
    assert dialog.choices.roles == ("ignore", "input", "target")
    dialog.columns.setCurrentIndex(dialog.columns.model().index(1, FIRST_ROLE + 1))
    qtbot.keyClick(dialog.columns, Qt.Key.Key_Space)
    assert dialog.choices.roles == ("ignore", "target", "target")
    assert not dialog.import_button.isEnabled()
    assert dialog.message.text() == "Choose an input: a column of numbers or of few texts."
    choose_role(qtbot, dialog, 0, "input")
    data = imported(qtbot, dialog)
    assert (data.inputs, data.targets, data.classes) == (("a",), ("b", "c"), None)


def test_another_format_is_looked_at_again(qtbot: QtBot, look) -> None:
    dialog = look("1,5;2,5;a\n3,5;4,5;b\n1,5;2,5;a\n3,5;4,5;b\n")
    assert not dialog.format.header.isChecked()
    assert dialog.choices.roles == ("input", "input", "target")
    dialog.format.delimiter.setFocus()
    dialog.format.delimiter.set_value(",")
    dialog.format.delimiter.chosen.emit(",")
    surveyed(qtbot, dialog)
    assert dialog.format.decimal.value == "."
    assert dialog.survey.rows[0] == ("1", "5;2", "5;a")


def test_a_word_among_numbers_is_told_with_its_line(qtbot: QtBot, look) -> None:
    dialog = look("a,b\n1,2\n3,four\n5,6\n7,8.5\n")
    told = dialog.columns.model()
    assert told.data(told.index(1, 5)) == "Line 3: “four” is no number."
    assert "Line 3, column b: 'four' is no number" in refusal(qtbot, dialog)
    assert dialog.import_button.isEnabled()


def test_gaps_are_counted_and_their_rows_left_out(qtbot: QtBot, look) -> None:
    dialog = look("a,b\n1,2\nNA,3\n5,6\n7,8.5\n")
    assert dialog.choices.missing == "drop"
    data = imported(qtbot, dialog)
    assert (data.missing.policy, set(data.missing.markers)) == ("drop", {"", "NA"})


def test_few_samples_go_into_the_preset(qtbot: QtBot, look) -> None:
    dialog = look("a,kind\n1,red\n3,blue\n5,red\n")
    qtbot.mouseClick(dialog.options.inline, LEFT, pos=QPoint(8, 8))
    dialog.options.scaling.chosen.emit("range")
    assert imported(qtbot, dialog) == Inline(
        inputs=((0.0,), (0.5,), (1.0,)),
        targets=(1.0, 0.0, 1.0),
        names=("a",),
        classes=("blue", "red"),
    )


def test_what_cannot_be_read_is_told_at_once(qtbot: QtBot, look) -> None:
    dialog = look("a,b\n1,2\n3\n")
    assert dialog.message.text() == "Line 3: has 1 field, but the header names 2"
    assert not dialog.import_button.isEnabled()
    assert dialog.rows.preview.rowCount() == 1
    none = look(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert none.message.text().startswith("The file is not UTF-8 text (byte 1, line 1)")
    assert none.columns.model().rowCount() == none.rows.preview.rowCount() == 0
    assert none.format.isEnabled()


def test_a_header_alone_is_told(look) -> None:
    dialog = look("a,b,kind\n")
    assert dialog.message.text() == "The file has no rows."
    assert not dialog.import_button.isEnabled()


def test_one_class_only_is_told(qtbot: QtBot, look) -> None:
    dialog = look("a,kind\n1,red\n2,red\n4,red\n")
    assert dialog.choices.roles == ("target", "ignore")
    choose_role(qtbot, dialog, 0, "input")
    choose_role(qtbot, dialog, 1, "target")
    told = "Column kind: every sample is of the class 'red'; expected 2 classes or more"
    assert refusal(qtbot, dialog) == told


def test_reading_can_be_cancelled(qtbot: QtBot, look) -> None:
    dialog = look("a,b,kind\n" + '1,"2",red\n3,4,"b\nlue"\n' * 60_000)
    qtbot.mouseClick(dialog.import_button, LEFT)
    assert not dialog.columns.isEnabled()
    with qtbot.assertNotEmitted(dialog.imported):
        qtbot.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel), LEFT)
        surveyed(qtbot, dialog)
    assert dialog.isVisible()
    assert dialog.import_button.isEnabled()


def test_ten_thousand_columns_are_shown(qtbot: QtBot, look) -> None:
    count = 10_000
    rows = [",".join(str((i * j) % 97 / 10) for i in range(count)) for j in range(1, 6)]
    dialog = look(",".join(f"c{i}" for i in range(count)) + "\n" + "\n".join(rows) + "\n")
    assert dialog.columns.model().rowCount() == count
    assert len(imported(qtbot, dialog).inputs) > 9_000


# --- text as inputs -----------------------------------------------------------------------------


@pytest.fixture
def fruit(tmp_path: Path) -> Path:
    """What a fruit is can be told by its color and its shape, but by neither alone."""
    path = tmp_path / "fruit.csv"
    kinds = ("red;round;apple", "green;round;apple", "yellow;long;banana", "green;long;banana")
    kinds += ("yellow;oval;lemon", "yellow;round;lemon")
    rows = (f"{90 + 7 * i % 60},5;grower {i % 23};{kinds[i % len(kinds)]}" for i in range(120))
    path.write_text("\n".join(["weight;origin;color;shape;kind", *rows, ""]))
    return path


def shown_cells(table: QTableView, row: int) -> list[str]:
    model = table.model()
    return [model.index(row, place).data() for place in range(model.columnCount())]


def shown_headings(table: QTableView) -> list[str]:
    model = table.model()
    across = Qt.Orientation.Horizontal
    return [model.headerData(place, across) for place in range(model.columnCount())]


def test_text_is_learnt_from_by_the_mouse_alone(
    qtbot: QtBot, window: MainWindow, fruit: Path, drop: Drop, tmp_path: Path
) -> None:
    drop(window, fruit)
    dialog = shown_dialog(qtbot, window)
    assert dialog.choices.roles == ("input", "ignore", "input", "input", "target")
    told = dialog.columns.model()
    assert told.index(2, 4).data() == "3 categories"
    assert told.index(2, 5).data() == "yellow (60), green (40), red (20)"
    spread = ["color = green", "color = red", "color = yellow"]
    spread += ["shape = long", "shape = oval", "shape = round"]
    assert shown_headings(dialog.rows) == ["weight", "origin", *spread, "kind"]
    assert shown_cells(dialog.rows, 2) == [
        *("104,5", "grower 2", "0", "0", "1", "1", "0", "0", "banana"),
    ]
    assert dialog.options.network.text().startswith("7-8-3, ")

    choose_role(qtbot, dialog, 1, "input")
    assert "“origin” has 23 different texts." in dialog.message.text()
    assert told.index(1, 5).data() == "23 different texts; as an input, at most 20 are right."
    assert not dialog.import_button.isEnabled()
    assert shown_cells(dialog.rows, 2)[1] == "grower 2"
    choose_role(qtbot, dialog, 1, "ignore")
    choose_role(qtbot, dialog, 0, "ignore")
    assert dialog.message.text() == ""
    with qtbot.waitSignal(window.session.run_started) as started:
        qtbot.mouseClick(dialog.import_button, LEFT)
    problem = started.args[0]
    assert problem.input_names == tuple(spread)
    assert problem.classes == ("apple", "banana", "lemon")
    assert np.unique(problem.train.inputs).tolist() == [0.0, 1.0]

    session = window.session
    qtbot.mouseClick(window.transport.widgetForAction(window.commands["toggle"]), LEFT)
    qtbot.waitUntil(
        lambda: session.snapshot is not None and session.snapshot.evaluation.accuracy == 1.0,
    )
    session.pause()
    qtbot.waitUntil(lambda: session.snapshot.state is RunState.PAUSED)
    assert window.document.save(tmp_path / "fruit.json") is None
    again = build_problem(presets.load(tmp_path / "fruit.json"), tmp_path)
    np.testing.assert_array_equal(again.train.inputs, problem.train.inputs)
    assert window.editor.data.reading.text.text() == (
        "Classes apple, banana, lemon; texts as inputs of 0 and 1: color, shape; "
        "inputs standardized"
    )


def test_features_of_a_category_that_is_gone_are_told(
    qtbot: QtBot, window: MainWindow, fruit: Path, drop: Drop
) -> None:
    drop(window, fruit)
    dialog = shown_dialog(qtbot, window)
    with qtbot.waitSignal(window.session.run_started):
        qtbot.mouseClick(dialog.import_button, LEFT)
    with qtbot.waitSignal(window.session.run_started):
        window.editor.data.features.chosen.emit(("x1", "x3*x7", "x4*x7"))
    fruit.write_text(fruit.read_text().replace(";red;", ";green;"))
    with qtbot.waitSignal(window.session.refused):
        window.session.retry()
    with (
        qtbot.waitSignal(window.session.run_started),
        qtbot.waitSignal(window.importing.told) as told,
    ):
        qtbot.mouseClick(window.notice.button, LEFT)
    assert told.args == ["With categories that the file has no more, features went: x3*x7"]
    assert window.document.experiment.data.features == ("x1", "x3*x6")


def test_a_gap_in_a_text_cannot_be_filled(qtbot: QtBot, look) -> None:
    dialog = look("a,color,t\n" + "1,red,x\n2,,y\n3,blue,x\n4,red,y\n" * 3)
    assert dialog.choices.roles == ("input", "input", "target")
    assert shown_cells(dialog.rows, 1) == ["2", "", "", "y"]
    assert dialog.choices.missing == "drop"
    dialog.options.missing.chosen.emit("mean")
    assert dialog.message.text() == (
        "“color” has gaps, and a text cannot be filled in. Leave such rows out."
    )
    dialog.options.missing.chosen.emit("drop")
    data = imported(qtbot, dialog)
    assert [(each.column, each.values) for each in data.categories] == [("color", ("blue", "red"))]
