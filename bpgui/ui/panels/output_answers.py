"""What an evaluator finds, brought to the window's thread."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from bpgui.training.evaluating import Evaluator, Task

POLL = 8  # ms, while there is something to wait for


class Answers(QObject):
    """One channel of an evaluator, looked at as long as something was asked for."""

    answered = Signal(object)  # Outcome

    def __init__(self, evaluator: Evaluator, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._channel = evaluator.channel()
        self._timer = QTimer(self, interval=POLL)
        self._timer.timeout.connect(self.poll)

    @property
    def waiting(self) -> bool:
        return self._timer.isActive()

    def ask(self, task: Task[Any]) -> None:
        """Only the newest of what is asked in haste is answered."""
        self._channel.request(task)
        self._timer.start()

    def forget(self) -> None:
        """Neither start what still waits nor tell what was found."""
        self._channel.cancel()
        self._channel.take()
        self._timer.stop()

    def poll(self) -> None:
        busy = self._channel.busy
        outcome = self._channel.take()
        if not busy:
            self._timer.stop()
        if outcome is not None:
            self.answered.emit(outcome)
