"""The one selection that all panels share."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """The parameter (an index into theta, or None) that the user has picked anywhere."""

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parameter: int | None = None

    @property
    def parameter(self) -> int | None:
        return self._parameter

    def select(self, parameter: int | None) -> None:
        if parameter != self._parameter:
            self._parameter = parameter
            self.changed.emit(parameter)
