"""When the picture of a window is taken: once nothing is on its way to it any more."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bpgui.training.evaluating import Evaluator
from bpgui.ui.loading import Loader
from bpgui.ui.panels.output_answers import Answers
from bpgui.ui.settling import pending, picture_at_rest
from bpgui.ui.turns import Turns


@pytest.fixture
def label(qtbot: QtBot) -> QLabel:
    label = QLabel("before")
    qtbot.addWidget(label)
    label.resize(200, 40)
    with qtbot.waitExposed(label):
        label.show()
    return label


@pytest.fixture
def released() -> Iterator[threading.Event]:
    released = threading.Event()
    yield released
    released.set()


@pytest.fixture
def evaluator() -> Iterator[Evaluator]:
    evaluator = Evaluator()
    yield evaluator
    evaluator.close()


def test_what_rests_is_taken_as_it_is(label) -> None:
    assert picture_at_rest(label) == (label.grab().toImage(), True)


def test_it_waits_for_what_is_computed_for_a_panel(label, evaluator, released) -> None:
    answers = Answers(evaluator, label)
    answers.answered.connect(lambda outcome: label.setText(outcome.value))

    def task(go_on) -> str:
        released.wait()
        return "after"

    answers.ask(task)
    QTimer.singleShot(50, released.set)
    picture, settled = picture_at_rest(label)
    assert settled
    assert label.text() == "after"
    assert picture == label.grab().toImage()


def test_it_waits_for_what_is_loaded(label, released) -> None:
    loader = Loader(label)
    loader.loaded.connect(label.setText)
    loader.request(lambda: "after" if released.wait() else "")
    QTimer.singleShot(50, released.set)
    assert picture_at_rest(label)[1]
    assert label.text() == "after"
    loader.close()


def test_it_waits_for_panels_that_take_turns(label) -> None:
    turns = Turns(label)
    turns.ask(lambda: turns.ask(lambda: label.setText("after")))
    assert pending(label)
    picture, settled = picture_at_rest(label)
    assert settled
    assert not pending(label)
    assert label.text() == "after"
    assert picture == label.grab().toImage()


def test_it_waits_for_a_layout_that_takes_rounds(label) -> None:
    def go_on(left: int) -> None:
        label.setText(f"{left} more")
        if left:
            QTimer.singleShot(0, label, lambda: go_on(left - 1))

    QTimer.singleShot(0, label, lambda: go_on(20))
    picture, settled = picture_at_rest(label)
    assert settled
    assert label.text() == "0 more"
    assert picture == label.grab().toImage()


def test_it_gives_up_what_never_comes(label, evaluator, released) -> None:
    answers = Answers(evaluator, label)
    answers.ask(lambda go_on: released.wait())
    picture, settled = picture_at_rest(label, patience=0.05)
    assert not settled
    assert picture == label.grab().toImage()
    answers.forget()
