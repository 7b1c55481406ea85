from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bpgui.experiment.builtin import find
from bpgui.ui.document import Document
from bpgui.ui.editors.experiment_editor import ExperimentEditor
from bpgui.ui.fault_sign import FaultSign


def test_a_wrong_pass_is_chosen_and_taken_back(
    editor: ExperimentEditor, document: Document, choose
) -> None:
    box = editor.fault.fault
    assert box.value == "right"
    assert not editor.fault.warning.isVisible()
    choose(box, "half_lost")
    assert document.experiment.training.fault == "half_lost"
    assert box.value == "half_lost"
    assert editor.fault.warning.isVisible()
    assert not editor.fault.reveal.isVisible()
    assert document.undo_stack.undoText() == "set backward pass"
    document.undo_stack.undo()
    assert document.experiment.training.fault is None
    assert box.value == "right"
    document.undo_stack.redo()
    assert box.value == "half_lost"


def test_a_preset_does_not_give_its_fault_away(open_editor, document: Document, qtbot: QtBot):
    editor = open_editor("fault-2").fault
    assert editor.fault.value == "hidden"
    assert editor.fault.currentText() == "hidden"
    assert editor.warning.isVisible()
    document.edit("set l2", lambda e: e.model_copy(update={"name": "mine"}))
    assert editor.fault.value == "hidden"
    qtbot.mouseClick(editor.reveal, Qt.MouseButton.LeftButton)
    assert editor.fault.value == document.experiment.training.fault == "slope_forgotten"
    assert editor.fault.findData("hidden") == -1
    assert not editor.reveal.isVisible()
    document.open_copy(find("fault-1"))
    assert editor.fault.value == "hidden"


def test_a_hidden_fault_can_be_set_right(open_editor, document: Document, choose) -> None:
    editor = open_editor("fault-5").fault
    choose(editor.fault, "right")
    assert document.experiment.training.fault is None
    assert not editor.warning.isVisible()


def test_the_sign_shows_that_a_fault_is_on(qtbot: QtBot) -> None:
    from bpgui.experiment.building import build_problem
    from bpgui.experiment.presets import load

    sign = FaultSign()
    qtbot.addWidget(sign)
    for slug, shown in (("fault-1", True), ("xor", False)):
        sign.set_problem(build_problem(load(find(slug))))
        assert sign.isVisible() == shown
