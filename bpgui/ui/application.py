"""The program as the desktop sees it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Tells which file the desktop asks the running program to open, as macOS does."""

    file_wanted = Signal(object)  # Path

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.url().isLocalFile():
            self.file_wanted.emit(Path(event.url().toLocalFile()))
            return True
        return super().event(event)
