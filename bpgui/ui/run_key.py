"""The space bar, which runs and pauses wherever it has no other meaning."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QWidget
from shiboken6 import isValid


class RunKey(QObject):
    """Space presses the button or opens the list that the keyboard has reached, and writes in a
    text field. A box for a number has no use for it, and who has clicked means to run by it."""

    def __init__(self, window: QWidget, command: Callable[[], None]) -> None:
        super().__init__(window)
        self._shortcut = QShortcut("Space", window, command)
        self._clicked: QWidget | None = None  # the last widget that got the focus by the mouse
        app = cast(QApplication, QApplication.instance())
        app.focusChanged.connect(self._focus_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a number box from claiming the key."""
        if event.type() != QEvent.Type.ShortcutOverride:
            return False
        return cast(QKeyEvent, event).key() == Qt.Key.Key_Space

    def _focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and not self._is_back(old, now):
            self._clicked = now if QGuiApplication.mouseButtons() else None
        pressed_by_space = isinstance(now, QAbstractButton | QComboBox) and now != self._clicked
        self._shortcut.setEnabled(not pressed_by_space)
        if isinstance(now, QAbstractSpinBox):
            now.installEventFilter(self)

    def _is_back(self, old: QWidget | None, now: QWidget) -> bool:
        """Whether what was clicked only opens its list, or has the focus back from it or from
        nowhere: from another program, or from taking in what was typed."""
        clicked = self._clicked
        if clicked is None or not isValid(clicked):
            return False
        opened = clicked.view() if isinstance(clicked, QComboBox) else None
        return now == opened or (now == clicked and old in (None, opened))
