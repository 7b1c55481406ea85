"""A line in which one number is edited at the place where it stands."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from bpgui.ui.panels.plot import small_font
from bpgui.ui.theme import SPACING, Theme
from bpgui.views.numbers import NumberError, parse_number

WIDTH = 168


class ValueField(QLineEdit):
    """Enter takes the number, Escape leaves it as it was, and so does leaving with what is no
    number; a message below says what is wrong."""

    entered = Signal(float)
    left = Signal()

    def __init__(self, surface: QWidget) -> None:
        super().__init__(surface)
        self._surface = surface
        self.setFont(small_font())
        self.setFixedWidth(WIDTH)
        self._around = QPoint()
        self._open = False
        self.refusal = QLabel(surface)
        self.refusal.setFont(small_font())
        self.refusal.setProperty("role", "error")
        self.refusal.setAutoFillBackground(True)
        self.refusal.setMargin(SPACING // 2)
        self.refusal.hide()
        self.textEdited.connect(self.refusal.hide)
        self.hide()

    def open(self, around: QPoint, text: str, name: str) -> None:
        """Begin with `text`, around a place of the surface; `name` says which number it is."""
        self._around = around
        self.setText(text)
        self.selectAll()
        self.setModified(False)
        self.setAccessibleName(name)
        self.refusal.hide()
        self.adjustSize()
        self._open = True
        self._place(self, around - QPoint(self.width() // 2, self.height() // 2))
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, around: QPoint, message: str) -> None:
        """A message at a place, below the field where it is open."""
        self.refusal.setText(message)
        self.refusal.adjustSize()
        lower = self.height() // 2 + 2 if self._open else SPACING
        place = around + QPoint(-self.refusal.width() // 2, lower)
        if place.y() + self.refusal.height() > self._surface.height():
            place.setY(around.y() - lower - self.refusal.height())
        self._place(self.refusal, place)
        self.refusal.show()
        self.refusal.raise_()

    @property
    def is_open(self) -> bool:
        return self._open

    def close_field(self) -> None:
        """Put the field and its message away without taking anything."""
        self._open = False
        self.refusal.hide()
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self.refusal.setStyleSheet(
            f"color: {theme.error}; background: {theme.base}; border: 1px solid {theme.error};"
        )

    def take(self) -> bool:
        """Take what is typed; False, with a message, where it is no number."""
        try:
            value = parse_number(self.text())
        except NumberError as error:
            self.say(self._around, str(error))
            return False
        changed = self.isModified()
        self.close_field()
        if changed:
            self.entered.emit(value)
        return True

    def settle(self) -> None:
        """Take what is typed if it is a number, and close in any case."""
        if self._open and not self.take():
            self.close_field()

    def _place(self, widget: QWidget, place: QPoint) -> None:
        room = self._surface.size()
        x = min(max(place.x(), 0), max(room.width() - widget.width(), 0))
        y = min(max(place.y(), 0), max(room.height() - widget.height(), 0))
        widget.move(x, y)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.take():
                self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_field()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        leaving = event.reason() not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        )
        if leaving and self._open:
            self.settle()
