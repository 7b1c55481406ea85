from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from bpgui.experiment.builtin import builtin
from bpgui.experiment.errors import PresetError, Problem
from bpgui.ui.document import Document
from bpgui.ui.editors.experiment_editor import ExperimentEditor
from bpgui.ui.theme import DARK, LIGHT


def test_sections_stand_in_the_order_of_work(editor: ExperimentEditor) -> None:
    assert [section.heading.text() for section in editor.sections] == [
        "Network",
        "Initial weights",
        "Data",
        "Loss",
        "Optimizer",
        "Regularization",
        "Batch",
        "Stop",
        "Backward pass",
    ]
    assert all(section.unfolded for section in editor.sections)


def test_folding_is_remembered(editor: ExperimentEditor, document: Document, qtbot: QtBot) -> None:
    editor.sections[2].heading.setFocus()
    qtbot.keyClick(editor.sections[2].heading, Qt.Key.Key_Space)
    assert not editor.data.isVisible()
    other = ExperimentEditor(document)
    qtbot.addWidget(other)
    assert other.restoreState(editor.saveState())
    assert [s.name for s in other.sections if not s.unfolded] == ["data"]
    assert not other.restoreState(b"")
    assert not other.restoreState(b"\xff:data")
    assert [s.name for s in other.sections if not s.unfolded] == ["data"]


def test_problems_of_a_run_stand_at_their_fields(editor: ExperimentEditor) -> None:
    editor.sections[0].set_unfolded(False)
    editor.show_problems(
        PresetError(
            (
                Problem("network.layers[1].units", "expected 3, got 2"),
                Problem("loss.name", "expected another loss"),
                Problem("initial_weights.weights[0][1]", "expected 2 numbers"),
                Problem("training.frozen[0]", "there is no layer 9"),
                Problem("", "the file as a whole"),
            )
        )
    )
    assert editor.network.isVisible()
    assert editor.network.rows[1].message.text() == "Expected 3, got 2"
    assert editor.loss.fields["loss.name"].message.text() == "Expected another loss"
    assert editor.weights.fields["initial_weights"].message.text() == "Expected 2 numbers"
    assert editor.batch.fields["training"].message.text() == "There is no layer 9"
    assert editor.message.text() == "The file as a whole"
    editor.show_problems(PresetError.at("loss.name", "expected another loss"))
    assert editor.network.rows[1].message.text() == ""
    assert editor.message.text() == ""
    assert editor.loss.fields["loss.name"].message.text() == "Expected another loss"


def test_what_is_typed_is_entered_when_the_document_settles(
    editor: ExperimentEditor, document: Document, qtbot: QtBot
) -> None:
    box = editor.optimizer.learning_rate
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "0.2")
    document.settle()
    assert document.experiment.training.optimizer.learning_rate == 0.2
    assert box.hasFocus()


def test_an_open_cell_is_entered_when_the_document_settles(
    editor: ExperimentEditor, document: Document, qtbot: QtBot
) -> None:
    table = editor.weights.table
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    qtbot.keyClicks(table.viewport(), "9")
    document.settle()
    assert document.experiment.initial_weights.weights[0][0] == (9.0, 0.2)


def test_name_and_description(
    editor: ExperimentEditor, document: Document, enter, qtbot: QtBot
) -> None:
    enter(editor.about.name, "My first")
    editor.about.description.setFocus()
    qtbot.keyClicks(editor.about.description, "Two lines")
    qtbot.keyClick(editor.about.description, Qt.Key.Key_Tab)
    assert (document.experiment.name, document.experiment.description) == ("My first", "Two lines")
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert editor.about.name.text() == ""
    assert editor.about.description.toPlainText() == ""


def test_every_control_has_a_name_a_help_and_the_keyboard(editor: ExperimentEditor) -> None:
    kinds = (QAbstractSpinBox, QComboBox, QAbstractButton)
    controls = [w for kind in kinds for w in editor.widget().findChildren(kind)]
    controls = [w for w in controls if w.isVisible() and not _is_part(w)]
    assert len(controls) > 30
    nameless = [type(w).__name__ for w in controls if not (w.accessibleName() or _text(w))]
    helpless = [w.accessibleName() for w in controls if not w.toolTip()]
    unreachable = [
        w.accessibleName() for w in controls if not w.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert (nameless, helpless, unreachable) == ([], [], [])


def _text(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QAbstractButton) else ""


def _is_part(widget: QWidget) -> bool:
    """The corner of a table and what else Qt builds into its own widgets."""
    return widget.objectName().startswith("qt_") or type(widget) is QAbstractButton


def test_it_fits_a_narrow_dock_in_both_themes(editor: ExperimentEditor, qtbot: QtBot) -> None:
    for theme in (LIGHT, DARK):
        editor.set_theme(theme)
        editor.resize(300, 900)
        assert editor.widget().minimumSizeHint().width() <= editor.viewport().width()


def test_a_folded_section_still_tells_its_main_choice(
    editor: ExperimentEditor, qtbot: QtBot
) -> None:
    choices = {
        "weights": editor.weights.scheme,
        "data": editor.data.source,
        "loss": editor.loss.loss,
        "optimizer": editor.optimizer.optimizer,
        "network": editor.network.add,
    }
    for section in editor.sections:
        section.set_unfolded(False)
    left = {name: box.mapTo(editor, box.rect().topLeft()).x() for name, box in choices.items()}
    assert all(box.isVisible() for box in choices.values())
    assert len({left[name] for name in ("weights", "data", "loss", "optimizer")}) == 1


def test_every_form_has_the_same_width(open_editor) -> None:
    for preset in ("two-inputs-fixed-biases", "spiral", "digits-accurate"):
        editor = open_editor(preset)
        QApplication.processEvents()
        assert {e.layout().geometry().x() for e in editor.editors} == {0}
        assert len({e.width() for e in editor.editors}) == 1


def test_descriptions_are_shown_whole(open_editor, qtbot: QtBot) -> None:
    """With a scroll bar a text would need the line for which the bar is there."""
    for preset in builtin():
        bar = open_editor(preset.slug, Document()).about.description.verticalScrollBar()
        qtbot.waitUntil(lambda bar=bar: bar.maximum() == 0)


def test_a_key_brings_the_learning_rate_into_sight(open_editor, qtbot: QtBot) -> None:
    editor = open_editor("spiral")
    rate = editor.optimizer.numbers["learning_rate"]
    editor.about.name.setFocus()
    assert rate.mapTo(editor, rate.rect().bottomLeft()).y() > editor.height()
    qtbot.keyClick(editor.about.name, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    assert rate.hasFocus()
    assert 0 < rate.mapTo(editor, rate.rect().bottomLeft()).y() < editor.height()
