"""What an evaluator finds, brought to the window's thread."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from bpgui.training.evaluating import Evaluator, GoOn, Task

POLL = 8  # ms, while there is something to wait for


class Answers(QObject):
    """One channel of an evaluator, looked at as long as something was asked for."""

    answered = Signal(object)  # Outcome

    def __init__(self, evaluator: Evaluator, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._channel = evaluator.channel()
        self._round = 0
        self._timer = QTimer(self, interval=POLL)
        self._timer.timeout.connect(self.poll)

    @property
    def waiting(self) -> bool:
        return self._timer.isActive()

    def ask(self, task: Task[Any]) -> None:
        """Only the newest of what is asked in haste is answered."""
        self._channel.request(partial(_in_round, self._round, task))
        self._timer.start()

    def forget(self) -> None:
        """Neither start what still waits nor tell what is found of what was asked by now."""
        self._round += 1
        self._channel.cancel()
        self._timer.stop()

    def poll(self) -> None:
        busy = self._channel.busy
        outcome = self._channel.take()
        if not busy:
            self._timer.stop()
        if outcome is None:
            return
        if outcome.value is None:  # it failed
            self.answered.emit(outcome)
            return
        asked_in, value = outcome.value
        if asked_in == self._round:
            self.answered.emit(replace(outcome, value=value))


def _in_round(number: int, task: Task[Any], go_on: GoOn) -> tuple[int, Any]:
    return number, task(go_on)
