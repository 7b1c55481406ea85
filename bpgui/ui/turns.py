"""Who renders next: panels take turns, so that none of them keeps the window from answering."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Turns(QObject):
    """Calls one renderer in each round of the event loop. Between two of them the window paints
    what the first has changed, and takes in what the user does."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.waiting: list[Callable[[], None]] = []
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._call_next)

    def ask(self, render: Callable[[], None]) -> None:
        """Have `render` called soon, once however often it is asked for until then."""
        if render not in self.waiting:
            self.waiting.append(render)
            self._timer.start()

    def _call_next(self) -> None:
        render = self.waiting.pop(0)
        if self.waiting:
            self._timer.start()
        render()
