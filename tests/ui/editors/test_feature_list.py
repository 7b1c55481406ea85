"""The features of the data section: buttons, expressions, and what is wrong with one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bpgui.experiment.building import build_problem
from bpgui.experiment.errors import PresetError
from bpgui.ui.document import Document
from bpgui.ui.editors.experiment_editor import ExperimentEditor
from bpgui.ui.editors.feature_list import FeatureList, offers, with_feature


def on(features: FeatureList) -> list[str]:
    return [source for source, button in features.buttons.items() if button.isChecked()]


def listed(features: FeatureList) -> list[str]:
    return [row.text.text() for row in features.rows if row.isVisible()]


@pytest.fixture
def press(qtbot: QtBot):
    def press_(features: FeatureList, source: str) -> None:
        qtbot.mouseClick(features.buttons[source], Qt.MouseButton.LeftButton)

    return press_


@pytest.fixture
def add(qtbot: QtBot):
    """Adds an expression as a person would."""

    def add_(features: FeatureList, text: str) -> None:
        qtbot.mouseClick(features.add, Qt.MouseButton.LeftButton)
        field = QApplication.focusWidget()
        assert field is not None
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Qt.Key.Key_Return)

    return add_


def test_buttons_show_what_the_network_sees(open_editor) -> None:
    features = open_editor("circle").data.features
    assert tuple(features.buttons) == (
        *("x1", "x2", "x1^2", "x2^2"),
        *("x1*x2", "sin(x1)", "sin(x2)"),
    )
    assert on(features) == ["x1", "x2"]
    assert on(open_editor("spiral-sines").data.features) == ["x1", "x2", "sin(x1)", "sin(x2)"]


def test_a_button_adds_a_feature_and_takes_it_away(open_editor, document, press) -> None:
    editor = open_editor("circle")
    features = editor.data.features
    press(features, "sin(x1)")
    press(features, "x1^2")
    press(features, "x2")
    assert document.experiment.data.features == ("x1", "x1^2", "sin(x1)")
    assert document.experiment.network.inputs == 3
    assert on(features) == ["x1", "x1^2", "sin(x1)"]
    assert editor.network.inputs_told.text() == "from features"

    for _ in range(3):
        document.undo_stack.undo()
    assert document.experiment.data.features is None
    assert on(features) == ["x1", "x2"]
    assert editor.network.inputs_told.text() == "from the data"


def test_the_last_feature_stays(open_editor, document, press) -> None:
    editor = open_editor("xor-product")
    features, message = editor.data.features, editor.data.fields["data.features"].message
    press(features, "x1*x2")
    assert document.experiment.data.features == ("x1*x2",)
    assert on(features) == ["x1*x2"]
    assert message.text() == "The only feature stays; expected 1 or more"
    press(features, "x1")
    press(features, "x1*x2")
    assert document.experiment.data.features == ("x1",)
    assert not message.isVisible()


def test_an_expression_is_added_changed_and_removed(
    open_editor, document: Document, add, enter, qtbot: QtBot
) -> None:
    features = open_editor("circle").data.features
    add(features, "exp(-x1^2)")
    assert document.experiment.data.features == ("x1", "x2", "exp(-x1^2)")
    assert listed(features) == ["exp(-x1^2)"]
    add(features, "cos(x2)")
    enter(features.rows[0].text, "abs(x1)")
    assert document.experiment.data.features == ("x1", "x2", "abs(x1)", "cos(x2)")
    assert document.experiment.network.inputs == 4

    qtbot.mouseClick(features.rows[0].remove, Qt.MouseButton.LeftButton)
    assert listed(features) == ["cos(x2)"]
    enter(features.rows[0].text, " ")
    assert document.experiment.data.features is None
    assert listed(features) == []
    for _ in range(5):
        document.undo_stack.undo()
    assert document.undo_stack.index() == 0


def test_an_expression_that_cannot_be_read_is_told_where_it_is_typed(
    open_editor, document: Document, add, enter
) -> None:
    editor = open_editor("circle")
    features = editor.data.features
    add(features, "sn(x1)")
    (row,) = [row for row in features.rows if row.isVisible()]
    assert row.message.text() == "Column 1: there is no function sn; did you mean sin?"
    assert (row.text.text(), row.text.property("wrong")) == ("sn(x1)", True)
    assert document.experiment.data.features is None
    assert not editor.message.isVisible()

    enter(row.text, "cos(x1)")
    assert not row.message.isVisible()
    assert document.experiment.data.features == ("x1", "x2", "cos(x1)")
    enter(row.text, "x3")
    assert row.message.text() == "Column 1: the data has no input x3; it has x1 to x2"


def test_an_expression_without_a_value_is_told_at_its_field(open_editor, document, add) -> None:
    editor = open_editor("circle")
    add(editor.data.features, "log(x1)")
    error = PresetError.at("data.features[2]", "sample 3 of the data has no value: log of -1")
    editor.show_problems(error)
    row = editor.data.features.rows[0]
    assert row.message.text() == "Sample 3 of the data has no value: log of -1"
    error = PresetError.at("data.features[0]", "told at the section, as it has a button only")
    editor.show_problems(error)
    assert editor.data.fields["data.features"].message.isVisible()


def test_features_that_teach_nothing_are_told(open_editor, document: Document, add, press) -> None:
    features = open_editor("circle").data.features
    add(features, "x1 - x1")
    add(features, "2")
    features.show_problem(build_problem(document.experiment))
    assert features.hint.text().endswith("which teaches nothing: x1 - x1, 2")
    assert features.hint.isVisible()
    press(features, "x1^2")
    assert not features.hint.isVisible()


def test_a_new_expression_that_stays_empty_is_forgotten(
    open_editor, document: Document, add
) -> None:
    features = open_editor("circle").data.features
    add(features, " ")
    assert listed(features) == []
    assert features.add.isEnabled()
    assert document.undo_stack.index() == 0


def test_many_inputs_have_no_buttons(open_editor, document: Document, add, qtbot: QtBot) -> None:
    features = open_editor("digits-one-layer").data.features
    assert not features.buttons
    assert features.told.text() == "The network sees all inputs of the data as they are."
    add(features, "x20 + x21")
    assert document.experiment.data.features == ("x20 + x21",)
    assert document.experiment.network.inputs == 1
    assert not features.told.isVisible()
    qtbot.mouseClick(features.rows[0].remove, Qt.MouseButton.LeftButton)
    assert document.experiment.data.features is None
    assert document.experiment.network.inputs == 64


def test_tab_goes_through_buttons_and_expressions(open_editor, add, choose, qtbot: QtBot) -> None:
    editor = open_editor("circle")
    features = editor.data.features
    add(features, "cos(x1)")
    add(features, "cos(x2)")
    choose(editor.data.generator, "moons")
    rows = [widget for row in features.rows for widget in (row.text, row.remove)]
    expected = [features.add, *features.buttons.values(), *rows]
    assert _after(features.add, expected) == expected

    choose(editor.data.generator, "sine")
    expected = [features.add, *features.buttons.values()]
    qtbot.waitUntil(lambda: all(widget.isVisible() for widget in expected))
    assert _after(features.add, expected) == expected


def _after(first: QWidget, among: list[QWidget]) -> list[QWidget]:
    """What Tab reaches from a widget on, of some widgets, up to the first other that takes it."""
    found, widget = [first], first.nextInFocusChain()
    while len(found) < len(among):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def test_which_features_are_offered() -> None:
    assert offers(1) == ("x1", "x1^2", "sin(x1)")
    assert offers(3) == ("x1", "x2", "x3")
    assert offers(9) == offers(None) == ()


def test_a_feature_takes_its_place_among_those_with_buttons() -> None:
    order = offers(2)
    assert with_feature(("x1", "sin(x1)", "exp(x1)"), "x2", order) == (
        *("x1", "x2", "sin(x1)", "exp(x1)"),
    )
    assert with_feature(("x1 ** 2", "exp(x1)"), "sin(x2)", order) == (
        *("x1 ** 2", "sin(x2)", "exp(x1)"),
    )


def test_other_data_shows_other_features(open_editor, document: Document, choose) -> None:
    editor: ExperimentEditor = open_editor("circle-squares")
    assert on(editor.data.features) == ["x1^2", "x2^2"]
    choose(editor.data.generator, "sine")
    assert tuple(editor.data.features.buttons) == ("x1", "x1^2", "sin(x1)")
    assert on(editor.data.features) == ["x1"]
