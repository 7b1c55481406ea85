"""A window that obeys a lesson, and the dialog that makes one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from bpgui.experiment import edits, presets
from bpgui.experiment.builtin import find
from bpgui.experiment.controls import COMMANDS, NAMES, PANELS, PARAMETERS, SECTION_OF, SECTIONS
from bpgui.experiment.models import Lesson
from bpgui.training.snapshot import RunState
from bpgui.ui.editors.editor import Editor
from bpgui.ui.import_dialog.dialog import ImportDialog
from bpgui.ui.lesson import ACTION_OF
from bpgui.ui.lesson_dialog import LessonDialog
from bpgui.ui.lesson_words import WORDS
from bpgui.ui.main_window import MainWindow

Open = Callable[..., MainWindow]


@pytest.fixture
def opened(open_window: Callable[..., MainWindow]) -> Open:
    """Shows a window with a built-in preset and a lesson for it."""

    def open_lesson(slug: str = "circle", **lesson: object) -> MainWindow:
        return open_window(lambda window: teach(window, slug, **lesson))

    return open_lesson


def teach(window: MainWindow, slug: str, **lesson: object) -> None:
    """Open a preset as a file with this lesson would be."""
    experiment = presets.load(find(slug))
    if lesson:
        taught = Lesson.model_validate(lesson)
        experiment = experiment.model_copy(update={"lesson": taught})
    window.filing.take(lambda: window.document.set_experiment(experiment, None))


def told(window: MainWindow) -> str:
    return "" if window.notice.isHidden() else window.notice.text.text()


def controls(editor: Editor) -> dict[str, list[QWidget]]:
    found: dict[str, list[QWidget]] = {}
    for name, widget in editor.controls():
        found.setdefault(name, []).append(widget)
    return found


# --- names ----------------------------------------------------------------------------------------


def test_every_name_has_its_words() -> None:
    assert set(WORDS) == set(NAMES)


def test_every_control_of_the_window_has_a_name(opened: Open) -> None:
    window = opened()

    assert {f"panel.{name}" for name in window.docks} == set(PANELS)
    assert {section.name for section in window.editor.sections} | {"about"} == set(SECTIONS)
    named = [name for editor in window.editor.editors for name in controls(editor)]
    assert set(named) == set(SECTION_OF)
    assert {ACTION_OF.get(name, "speed") for name in COMMANDS} == {
        "toggle",
        "step_iteration",
        "step_epoch",
        "reset",
        "new_weights",
        "new_data",
        "speed",
        "import",
    }


# --- what is seen ---------------------------------------------------------------------------------


def test_locked_fields_are_seen_and_say_why(opened: Open) -> None:
    locked = ["training.optimizer.learning_rate", "description", "network.layers"]
    window = opened(locked=[*locked, "initial_weights.weights"])
    editor = window.editor
    rate, row = editor.optimizer.learning_rate, editor.network.rows[0]

    assert rate.isVisible()
    assert not rate.isEnabled()
    assert "Locked by this lesson" in rate.toolTip()
    assert editor.about.description.isEnabled()
    assert editor.about.description.isReadOnly()
    assert not editor.network.add.isEnabled()
    assert not row.remove.isEnabled()
    assert row.units.isEnabled()
    assert editor.optimizer.optimizer.isEnabled()

    assert editor.weights.layer.isEnabled()
    assert editor.weights.hint.isHidden()

    window.commands["unlock"].trigger()

    assert editor.weights.hint.isVisible()
    assert rate.isEnabled()
    assert "How far a weight moves" in rate.toolTip()
    assert not editor.about.description.isReadOnly()
    assert row.remove.isEnabled()


def test_hidden_fields_and_sections_vanish(opened: Open) -> None:
    hidden = ["data", "training.l1", "training.l2", "training.optimizer.learning_rate"]
    window = opened(hidden=hidden)
    editor = window.editor
    shown = {section.name for section in editor.sections if section.isVisible()}

    assert shown == set(SECTIONS) - {"about", "data", "regularization"}
    assert not editor.optimizer.learning_rate.isVisible()
    assert editor.optimizer.optimizer.isVisible()
    window.document.edit("more units", lambda e: edits.set_units(e, 0, 3))
    assert not editor.optimizer.learning_rate.isVisible()

    window.commands["unlock"].trigger()

    assert all(section.isVisible() for section in editor.sections)
    assert editor.optimizer.learning_rate.isVisible()
    assert not editor.optimizer.numbers["beta1"].isVisible()


def test_fields_that_wait_for_a_file_are_hidden_as_well(opened: Open) -> None:
    window = opened(hidden=["data.reading"])
    data = window.editor.data
    data.source.chosen.emit("csv")

    assert data.hint.isVisible()
    assert data.paths["path"].isVisible()
    assert not data.reading.isVisible()


def test_a_locked_table_can_be_read_but_not_written(opened: Open, qtbot: QtBot) -> None:
    window = opened("two-inputs-fixed-biases", locked=["data"])
    table = window.editor.data.inline.table
    before = window.document.experiment
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    table.copy()

    assert QGuiApplication.clipboard().text() == "0.05"
    QGuiApplication.clipboard().setText("5")
    qtbot.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(table, "7")
    table.paste()

    assert window.document.experiment == before
    assert not window.editor.data.inline.add.isEnabled()


def test_hidden_panels_and_commands_vanish_and_come_back(opened: Open, qtbot: QtBot) -> None:
    hidden = ["panel.output", "panel.parameters", "panel.loss"]
    hidden += ["command.new_weights", "command.reset", "command.speed"]
    window = opened(hidden=hidden)
    gone = [window.docks[name] for name in ("output", "parameters", "loss")]

    assert not any(dock.isVisible() or dock.toggleViewAction().isVisible() for dock in gone)
    assert not window.commands["reset"].isVisible()
    assert not window.transport.slider.isVisible()
    separators = [action for action in window.transport.actions() if action.isSeparator()]
    assert not window.transport.hint_action.isVisible() or separators[0].isVisible()
    assert [action.isVisible() for action in separators[1:]] == [False] * (len(separators) - 1)
    window.reset_layout()
    assert not any(dock.isVisible() for dock in gone)

    teach(window, "circle")

    assert all(dock.isVisible() and dock.toggleViewAction().isVisible() for dock in gone)
    assert window.commands["reset"].isVisible()
    qtbot.waitUntil(window.transport.slider.isVisible)
    assert all(action.isVisible() for action in separators)


def test_the_layout_is_remembered_without_the_lesson(opened: Open) -> None:
    first = opened(hidden=["panel.loss", "panel.network"])
    first.docks["gradients"].close()
    first.close()
    second = opened()

    assert second.docks["loss"].isVisible()
    assert second.docks["network"].isVisible()
    assert not second.docks["gradients"].isVisible()


def test_the_note_stands_above_the_panels(opened: Open) -> None:
    note = "Look at the loss. " * 20
    window = opened(hidden=["panel.experiment"], note=note)
    text = window.lesson.note.text

    assert text.isVisible()
    assert text.text() == note
    assert text.height() >= text.heightForWidth(text.width())
    assert text.height() >= 2 * text.fontMetrics().lineSpacing()
    teach(window, "circle")
    assert not window.lesson.note.isVisible()


# --- what cannot be done -------------------------------------------------------------------------


def test_locked_commands_do_nothing_and_say_why(opened: Open, qtbot: QtBot) -> None:
    window = opened(locked=["initial_weights", "data"], hidden=["command.run"])
    before = window.document.experiment
    window.setFocus()

    assert "Locked by this lesson" in window.commands["new_weights"].toolTip()
    assert not window.commands["import"].isEnabled()
    assert not window.commands["new_data"].isEnabled()
    for key in (Qt.Key.Key_R, Qt.Key.Key_I):
        modifiers = Qt.KeyboardModifier.ControlModifier
        modifiers |= Qt.KeyboardModifier.ShiftModifier if key == Qt.Key.Key_R else modifiers
        qtbot.keyClick(window, key, modifiers)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    window.commands["step_iteration"].trigger()
    qtbot.waitUntil(lambda: window.session.snapshot.iteration == 1)

    assert window.session.snapshot.state is RunState.PAUSED
    assert window.document.experiment == before
    assert not window.findChildren(QFileDialog)


@pytest.mark.parametrize("kept", [{"locked": ["data"]}, {"hidden": ["data"]}])
def test_samples_that_are_kept_cannot_be_edited_on_the_output(opened: Open, kept: dict) -> None:
    window = opened()
    window.docks["output"].raise_()
    controls = window.docks["output"].panel.controls
    free = controls.edit.toolTip()
    assert "Change the data with the mouse" in free
    controls.edit.click()
    assert controls.edit.isChecked()

    teach(window, "circle", **kept)
    assert not controls.edit.isEnabled()
    assert "Locked by this lesson" in controls.edit.toolTip()
    assert not window.docks["output"].panel.edit_bar.isVisible()
    controls.edit.click()
    assert not controls.edit.isChecked()

    window.document.set_unlocked(True)
    assert controls.edit.isEnabled()
    assert controls.edit.toolTip() == free


def test_a_table_that_is_dropped_leaves_locked_data(
    opened: Open, drop: Callable[..., None], tmp_path: Path
) -> None:
    window = opened(locked=["data"])
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n1,2,3\n4,5,6\n")
    drop(window, path)
    QCoreApplication.processEvents()

    assert not window.findChildren(ImportDialog)
    assert told(window) == "This lesson keeps its data."


def test_undo_and_redo_do_not_change_what_is_kept(opened: Open) -> None:
    window = opened(hidden=["stop"])
    document, undo, redo = window.document, window.commands["undo"], window.commands["redo"]
    document.set_unlocked(True)
    document.edit("stop rule", lambda e: edits.set_stop(e, "max_epochs", 7))
    document.set_unlocked(False)
    undo.trigger()
    assert document.experiment.training.stop.max_epochs == 7
    document.edit("more units", lambda e: edits.set_units(e, 0, 3))
    undo.trigger()
    assert document.experiment.network.layers[0].units == 6

    document.set_unlocked(True)
    undo.trigger()
    assert document.experiment.training.stop.max_epochs == 150
    document.set_unlocked(False)
    redo.trigger()
    assert document.experiment.training.stop.max_epochs == 150
    assert "this lesson keeps it as it is" in window.editor.message.text()


def test_an_edit_that_would_change_what_is_kept_is_refused(opened: Open) -> None:
    window = opened(locked=["network"], hidden=["panel.experiment"])

    assert not window.document.edit("data", lambda e: edits.set_units(e, 0, 2))
    assert told(window) == "this lesson keeps it as it is"


def test_values_are_neither_overwritten_nor_frozen(opened: Open, qtbot: QtBot) -> None:
    window = opened(locked=[PARAMETERS])
    model = window.parameters.model
    value = model.index(0, 4)
    before = window.session.snapshot.parameters.copy()

    flags = [model.flags(model.index(0, column)) for column in range(model.columnCount())]
    kinds = Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable
    assert not any(flag & kinds for flag in flags)
    assert not model.setData(value, 9.0, Qt.ItemDataRole.EditRole)
    assert "freezes" not in window.network.readout.text
    window.network.act_on.edit(0)
    window.network.act_on.toggle_frozen(0)
    assert window.network.field.refusal.text() == "Locked by this lesson"
    assert not window.network.field.isVisible()
    assert window.document.experiment.training.frozen == ()
    assert (window.session.snapshot.parameters == before).all()

    window.commands["unlock"].trigger()
    assert "freezes" in window.network.readout.text
    window.network.act_on.toggle_frozen(0)
    assert window.document.experiment.training.frozen == ("w(1)[1,1]",)


# --- the teacher ----------------------------------------------------------------------------------


def test_unlocking_is_told_and_not_kept(opened: Open, tmp_path: Path, qtbot: QtBot) -> None:
    window = opened(hidden=["stop"])
    unlock, note = window.commands["unlock"], window.lesson.note
    assert unlock.isEnabled()
    assert not unlock.isChecked()
    assert not note.isVisible()

    unlock.trigger()
    assert note.isVisible()
    assert note.state.isVisible()
    assert window.commands["lesson"].isEnabled()
    path = tmp_path / "lesson.bpgui"
    assert window.filing.save_now(path)
    assert presets.load(path).lesson == Lesson(hidden=("stop",))

    window.filing.open_now(path)
    assert window.document.lesson == Lesson(hidden=("stop",))
    assert not unlock.isChecked()
    assert not window.commands["lesson"].isEnabled()
    unlock.trigger()
    qtbot.mouseClick(note.lock, Qt.MouseButton.LeftButton)
    assert window.document.lesson is not None
    teach(window, "circle")
    assert not unlock.isEnabled()


def test_a_teacher_makes_a_lesson_with_the_dialog(opened: Open, qtbot: QtBot) -> None:
    window = opened()
    window.commands["lesson"].trigger()
    dialog = window.findChild(LessonDialog)
    assert dialog is not None
    for name, state in (("data", "locked"), ("panel.loss", "hidden"), ("loss.name", "hidden")):
        dialog.choices[name].chosen.emit(state)
    boxes = dialog.choices

    assert boxes["data.noise"].value == "locked"
    assert not boxes["data.noise"].isEnabled()
    assert boxes["command.import"].value == "locked"
    assert boxes["panel.loss"].findData("locked") == -1
    dialog.note.setPlainText("x" * 1001)
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not ok.isEnabled()
    assert "1,001" in dialog.too_long.text()
    dialog.note.setPlainText("Look.")
    qtbot.mouseClick(ok, Qt.MouseButton.LeftButton)

    made = Lesson(locked=("data",), hidden=("loss.name", "panel.loss"), note="Look.")
    assert window.document.experiment.lesson == made
    assert window.document.modified
    assert not window.docks["loss"].isVisible()
    assert told(window).startswith("The lesson is in force.")
    window.commands["undo"].trigger()
    assert window.document.lesson == made


def test_a_lesson_is_changed_and_taken_away(opened: Open, qtbot: QtBot) -> None:
    window = opened(locked=["data"], hidden=["training.l1"], note="Look.")
    window.commands["unlock"].trigger()
    window.commands["lesson"].trigger()
    dialog = window.findChild(LessonDialog)
    assert dialog is not None
    assert dialog.choices["training.l1"].value == "hidden"
    assert dialog.note.toPlainText() == "Look."
    reset = dialog.buttons.button(QDialogButtonBox.StandardButton.Reset)
    qtbot.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert {box.value for box in dialog.choices.values()} == {"shown"}
    dialog.note.setPlainText("")
    dialog.accept()

    assert window.document.experiment.lesson is None
    window.commands["undo"].trigger()
    assert window.document.lesson == Lesson(locked=("data",), hidden=("training.l1",), note="Look.")
