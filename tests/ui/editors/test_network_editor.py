import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bpgui.ui.document import Document
from bpgui.ui.editors.experiment_editor import ExperimentEditor


def units(document: Document) -> list[int]:
    return [layer.units for layer in document.experiment.network.layers]


def test_units_are_typed_and_the_focus_stays(
    editor: ExperimentEditor, document: Document, enter, qtbot: QtBot
) -> None:
    box = editor.network.rows[0].units
    enter(box, "5")
    assert units(document) == [5, 2]
    assert len(document.experiment.initial_weights.weights[0]) == 5
    assert box.hasFocus()
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert units(document) == [6, 2]
    assert box.text() == "6"


def test_typing_alone_changes_nothing_and_tab_enters(
    editor: ExperimentEditor, document: Document, qtbot: QtBot
) -> None:
    row = editor.network.rows[0]
    row.units.setFocus()
    row.units.selectAll()
    qtbot.keyClicks(row.units, "12")
    assert units(document) == [2, 2]
    qtbot.keyClick(row.units, Qt.Key.Key_Tab)
    assert units(document) == [12, 2]
    assert row.activation.hasFocus()


def test_a_refused_number_is_told_at_its_field_until_a_good_one(
    editor: ExperimentEditor, document: Document, enter
) -> None:
    row = editor.network.rows[0]
    enter(row.units, "0")
    assert units(document) == [2, 2]
    assert row.message.isVisible()
    assert "1" in row.message.text()
    assert row.units.text() == "0"
    enter(row.units, "many")
    assert row.message.text().startswith("“many” is not a number")
    enter(row.units, "3")
    assert units(document) == [3, 2]
    assert not row.message.isVisible()


def test_a_good_edit_elsewhere_clears_the_message_and_the_text(
    editor: ExperimentEditor, document: Document, enter
) -> None:
    row = editor.network.rows[0]
    enter(row.units, "0")
    enter(editor.optimizer.learning_rate, "0.1")
    assert row.message.text() == ""
    assert row.units.text() == "2"


def test_activation_and_bias_are_chosen(
    editor: ExperimentEditor, document: Document, choose
) -> None:
    row = editor.network.rows[0]
    choose(row.activation, "leaky_relu")
    choose(row.bias, "none")
    layer = document.experiment.network.layers[0]
    assert (layer.activation, layer.bias) == ("leaky_relu", "none")
    assert document.experiment.initial_weights.biases[0] is None


def test_softmax_in_a_hidden_layer_is_refused(
    editor: ExperimentEditor, document: Document, choose
) -> None:
    row = editor.network.rows[0]
    row.activation.setFocus()
    row.activation.chosen.emit("softmax")
    assert "last layer" in row.message.text()
    assert document.experiment.network.layers[0].activation == "sigmoid"
    assert row.activation.value == "sigmoid"


def test_layers_are_added_moved_and_removed(
    editor: ExperimentEditor, document: Document, enter, qtbot: QtBot
) -> None:
    network = editor.network
    qtbot.mouseClick(network.add, Qt.MouseButton.LeftButton)
    assert units(document) == [2, 2, 2]
    assert network.rows[1].units.hasFocus()
    enter(network.rows[1].units, "7")
    assert [row.title.text() for row in network.rows] == ["Hidden 1", "Hidden 2", "Output"]
    network.rows[1].up.setFocus()
    qtbot.keyClick(network.rows[1].up, Qt.Key.Key_Space)
    assert units(document) == [7, 2, 2]
    assert network.rows[0].down.hasFocus()
    qtbot.mouseClick(network.rows[0].remove, Qt.MouseButton.LeftButton)
    assert units(document) == [2, 2]
    assert not network.rows[2].isVisible()
    document.undo_stack.undo()
    assert units(document) == [7, 2, 2]
    assert network.rows[2].isVisible()


def test_a_click_on_a_layer_s_button_leaves_the_keyboard_where_it_was(
    editor: ExperimentEditor, document: Document, enter, qtbot: QtBot
) -> None:
    """Space would move or remove another layer, and not run."""
    network = editor.network
    qtbot.mouseClick(network.add, Qt.MouseButton.LeftButton)
    enter(network.rows[1].units, "7")
    editor.about.name.setFocus()
    qtbot.mouseClick(network.rows[1].up, Qt.MouseButton.LeftButton)
    assert units(document) == [7, 2, 2]
    assert editor.about.name.hasFocus()
    qtbot.mouseClick(network.rows[0].remove, Qt.MouseButton.LeftButton)
    assert units(document) == [2, 2]
    assert editor.about.name.hasFocus()


def test_the_data_tell_inputs_and_outputs(editor: ExperimentEditor) -> None:
    network = editor.network
    assert network.inputs.text() == "2"
    assert not network.inputs.isEnabled()
    assert "x1, x2" in network.inputs_told.toolTip()
    assert not network.rows[1].units.isEnabled()
    assert not network.rows[1].remove.isVisible()


def test_inputs_may_be_set_where_the_data_leave_them_open(
    open_editor, document: Document, enter
) -> None:
    editor = open_editor("random-classes")
    assert editor.network.inputs.isEnabled()
    enter(editor.network.inputs, "12")
    assert document.experiment.network.inputs == 12


def test_tab_goes_through_a_new_layer_in_order(editor: ExperimentEditor, qtbot: QtBot) -> None:
    network = editor.network
    qtbot.mouseClick(network.add, Qt.MouseButton.LeftButton)
    rows = [c for row in network.rows for c in row.controls if c.isEnabled() and c.isVisible()]
    expected = [editor.sections[0].heading, network.add, *rows]
    expected[0].setFocus()
    seen = []
    for widget in expected:
        assert widget.hasFocus(), widget.accessibleName()
        seen.append(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert seen == expected


@pytest.mark.parametrize("preset", ["digits-hidden", "random-classes", "spiral"])
def test_every_preset_can_be_shown(open_editor, preset: str) -> None:
    editor = open_editor(preset)
    assert editor.network.rows[0].isVisible()
