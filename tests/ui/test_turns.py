"""Panels take turns."""

from __future__ import annotations

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from bpgui.ui.turns import Turns


def test_one_is_called_after_the_other_and_each_once(qtbot):
    turns, called = Turns(), []
    renders = [lambda name=name: called.append(name) for name in "abc"]
    for render in (*renders, renders[1]):
        turns.ask(render)
    assert called == []
    qtbot.waitUntil(lambda: len(called) == 3)
    assert called == ["a", "b", "c"]
    assert not turns.waiting
    turns.ask(renders[0])
    qtbot.waitUntil(lambda: len(called) == 4)


def test_who_asks_again_comes_last(qtbot):
    turns, called = Turns(), []

    def greedy() -> None:
        called.append("greedy")
        if called.count("greedy") < 3:
            turns.ask(greedy)

    turns.ask(greedy)
    turns.ask(lambda: called.append("modest"))
    qtbot.waitUntil(lambda: len(called) == 4)
    assert called == ["greedy", "modest", "greedy", "greedy"]


class Picture(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.seen.append("painted")


def test_what_one_has_changed_is_painted_before_the_next(qtbot):
    picture, turns = Picture(), Turns()
    qtbot.addWidget(picture)
    with qtbot.waitExposed(picture):
        picture.show()
    qtbot.waitUntil(lambda: picture.seen != [])
    picture.seen.clear()

    def render(name: str) -> None:
        picture.seen.append(name)
        picture.update()

    for name in ("first", "second"):
        turns.ask(lambda name=name: render(name))
    qtbot.waitUntil(lambda: len(picture.seen) == 4)
    assert picture.seen == ["first", "painted", "second", "painted"]
