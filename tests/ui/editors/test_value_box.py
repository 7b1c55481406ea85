from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpgui.ui.editors.value_box import ValueBox, decades, linear, next_third_decade, whole
from bpgui.ui.editors.wording import NUMBER_FAULTS, sentence
from bpgui.ui.theme import LIGHT
from bpgui.views.numbers import FAULTS


def shown_box(qtbot: QtBot, kind, value) -> ValueBox:
    box = ValueBox(kind)
    qtbot.addWidget(box)
    box.set_value(value)
    with qtbot.waitExposed(box):
        box.show()
    box.setFocus()
    box.selectAll()
    return box


@pytest.mark.parametrize(
    ("text", "value"), [("0.15", 0.15), ("0,15", 0.15), (".15", 0.15), ("3/20", 0.15)]
)
def test_what_is_typed_is_entered_with_enter(qtbot: QtBot, text: str, value: float) -> None:
    box = shown_box(qtbot, linear("0.1"), 1.0)
    entered: list[float] = []
    box.entered.connect(entered.append)
    qtbot.keyClicks(box, text)
    assert entered == []
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert entered == [value]


def test_a_wrong_text_is_rejected_and_escape_takes_it_back(qtbot: QtBot) -> None:
    box = shown_box(qtbot, whole(lowest=1), 3)
    told: list[str] = []
    entered: list[int] = []
    box.rejected.connect(told.append)
    box.entered.connect(entered.append)
    qtbot.keyClicks(box, "2.5")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert told == ["“2.5” is not a whole number."]
    assert entered == []
    assert box.value == 3
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == "3"


def test_what_is_wrong_is_outlined_with_and_without_the_focus(qtbot: QtBot) -> None:
    box = shown_box(qtbot, whole(lowest=1), 3)

    def outline() -> str:
        return box.grab().toImage().pixelColor(box.width() // 2, 0).name()

    for wrong in (True, False, True):
        box.set_wrong(wrong)
        assert (outline() == LIGHT.error) == wrong
    box.clearFocus()
    assert outline() == LIGHT.error


def test_the_arrows_of_a_learning_rate_go_by_decades(qtbot: QtBot) -> None:
    box = shown_box(qtbot, decades(), 0.5)
    entered: list[float] = []
    box.entered.connect(entered.append)
    box.entered.connect(box.set_value)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown):
        qtbot.keyClick(box, key)
    assert entered == [0.3, 0.1, 0.3, 0.03]


@pytest.mark.parametrize(
    ("value", "up", "expected"),
    [
        (1.0, True, 3.0),
        (3.0, True, 10.0),
        (1.0, False, 0.3),
        (0.0001, False, 0.00003),
        (0.29, True, 0.3),
        (99.0, True, 100.0),
    ],
)
def test_third_decades(value: float, up: bool, expected: float) -> None:
    assert next_third_decade(value, up) == expected


def test_a_penalty_steps_down_to_zero_and_up_again() -> None:
    kind = decades(from_zero=1e-6)
    assert kind.step(1e-6, -1) == 0.0
    assert kind.step(0.0, 1) == 1e-6
    assert kind.step(0.0, -1) == 0.0


def test_linear_steps_leave_no_dust() -> None:
    assert linear("0.1").step(0.2, 1) == 0.3
    assert linear("0.01", highest=0.99).step(0.99, 1) == 0.99


def test_the_wheel_changes_a_box_only_with_the_focus(
    qtbot: QtBot, turn_wheel: Callable[[QWidget, int], None]
) -> None:
    box = shown_box(qtbot, whole(), 5)
    entered: list[int] = []
    box.entered.connect(entered.append)

    turn_wheel(box, 120)
    assert entered == [6]
    box.clearFocus()
    turn_wheel(box, 120)
    assert entered == [6]


def test_the_messages_are_those_of_the_parser() -> None:
    assert NUMBER_FAULTS == FAULTS


def test_a_sentence_that_begins_with_a_name_keeps_it() -> None:
    names = ("h1[2] ← x1: a number is missing", "max_epochs is too large", "w(2)[1,3] is frozen")
    assert tuple(map(sentence, names)) == names
    assert sentence("a number is missing") == "A number is missing"
    assert sentence("“abc” is not a number") == "“abc” is not a number"
    assert sentence("") == ""
