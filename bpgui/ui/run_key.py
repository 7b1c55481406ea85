"""The space bar, which runs and pauses wherever it has no other meaning."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QWidget


class RunKey(QObject):
    """Space presses the button that has the focus, opens its list and writes in its text field; a
    box for a number has no use for it."""

    def __init__(self, window: QWidget, command: Callable[[], None]) -> None:
        super().__init__(window)
        self._shortcut = QShortcut("Space", window, command)
        app = cast(QApplication, QApplication.instance())
        app.focusChanged.connect(self._focus_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a number box from claiming the key."""
        if event.type() != QEvent.Type.ShortcutOverride:
            return False
        return cast(QKeyEvent, event).key() == Qt.Key.Key_Space

    def _focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        self._shortcut.setEnabled(not isinstance(now, QAbstractButton | QComboBox))
        if isinstance(now, QAbstractSpinBox):
            now.installEventFilter(self)
