"""The quiet controls that panels share."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QToolTip,
    QWidget,
)

from bpgui.ui.theme import TEXT_MARGIN


def choice(parent: QWidget, texts: Iterable[str], name: str, tip: str) -> QComboBox:
    """A drop-down list that says by its entries what it is about."""
    box = QComboBox(parent)
    box.addItems(list(texts))
    box.setAccessibleName(name)
    box.setToolTip(f"<b>{name}</b><br>{tip}")
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return box


def toggle(parent: QWidget, text: str = "", tip: str = "") -> QToolButton:
    """A button that stays pressed."""
    button = QToolButton(parent)
    button.setText(text)
    button.setCheckable(True)
    button.setToolTip(f"<b>{text}</b><br>{tip}")
    button.setAccessibleName(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def arrow(parent: QWidget, direction: Qt.ArrowType, tip: str) -> QToolButton:
    """A button that goes one step back or on; `tip` names it too."""
    button = QToolButton(parent)
    button.setArrowType(direction)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button


def tip(text: str) -> str:
    """`text` as rich text: Qt breaks the lines of such tooltips only."""
    return f"<p>{escape(text)}</p>"


class WholeBox(QSpinBox):
    """A field for a whole number from 1; `tip` is rich text."""

    def __init__(self, parent: QWidget, name: str, tip: str) -> None:
        super().__init__(parent)
        self.setMinimum(1)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.lineEdit().setTextMargins(TEXT_MARGIN, 0, TEXT_MARGIN, 0)


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis where there is no room for all of it, and asks for none.
    Then its tooltip, where it has no other, tells the line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def shown(self) -> str:
        """As much of the text as there is room for."""
        mode, room = Qt.TextElideMode.ElideRight, self.contentsRect().width()
        return self.fontMetrics().elidedText(self.text(), mode, room)

    def event(self, event: QEvent) -> bool:
        asked = event.type() == QEvent.Type.ToolTip and not self.toolTip()
        if asked and isinstance(event, QHelpEvent) and self.shown != self.text():
            QToolTip.showText(event.globalPos(), tip(self.text()), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            self.contentsRect(),
            self.alignment(),
            self.palette(),
            self.isEnabled(),
            self.shown,
            self.foregroundRole(),
        )
