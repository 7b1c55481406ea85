"""One line of text, and a path with a button to look for the file."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QWidget

from bpgui.ui.editors.wording import CONTROL_HEIGHT, SMALLEST_WIDTH, tooltip
from bpgui.ui.theme import SPACING


class TextBox(QLineEdit):
    """Emits what was entered (Enter or Tab); Escape takes back what was typed."""

    entered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setMinimumSize(SMALLEST_WIDTH, CONTROL_HEIGHT)
        self.editingFinished.connect(self._enter)

    def set_value(self, text: str) -> None:
        typing = self.hasFocus() and self.isModified()
        if text == self._text and typing:
            return
        self._text = text
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)
        self.setModified(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.setText(self._text)
            return
        super().keyPressEvent(event)

    def _enter(self) -> None:
        if self.isModified():
            self.setModified(False)
            self.entered.emit(self.text())


class BrowseButton(QPushButton):
    """Enters the path of a chosen file into `box`, as if it had been typed."""

    def __init__(self, box: TextBox, title: str, pattern: str, parent: QWidget) -> None:
        super().__init__("…", parent)
        self._box, self._title, self._pattern = box, title, pattern
        self.setFixedSize(5 * SPACING, CONTROL_HEIGHT)
        self.setAccessibleName(title)
        self.setToolTip(tooltip(title))
        self.clicked.connect(self._browse)

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self._title, "", self._pattern)
        if path:
            self._box.entered.emit(path)
