"""The bar above a computation graph: steps, where they are, and what else can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QMenu, QToolButton, QWidget

from bpgui.ui.panels.controls import ElidedLabel
from bpgui.ui.theme import SPACING

NARROW = 480  # pixels, below which what is told goes below the buttons


class GraphBar(QWidget):
    step_asked = Signal(str)  # "first", "back", "on" or "last"
    fit_asked = Signal()
    copy_asked = Signal(str)  # "text" or "csv"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tips = {
            "first": ("|◀", self.tr("Before the first step (Home)")),
            "back": ("◀", self.tr("One step back (Left)")),
            "on": ("▶", self.tr("One step on: first values forward, then gradients back (Right)")),
            "last": ("▶|", self.tr("After the last step (End)")),
        }
        self.buttons = {}
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACING // 2)
        for column, (where, (text, tip)) in enumerate(tips.items()):
            self.buttons[where] = self._button(text, tip)
            self.buttons[where].clicked.connect(lambda _=False, w=where: self.step_asked.emit(w))
            grid.addWidget(self.buttons[where], 0, column)
        self.place = ElidedLabel(self)
        self.fit = self._button(self.tr("Fit"), self.tr("Show all of the drawing (0)"))
        self.fit.clicked.connect(self.fit_asked)
        self._middle = len(tips)
        grid.setColumnStretch(self._middle, 1)
        grid.addWidget(self.place, 0, self._middle)
        for column, widget in enumerate((self.fit, self._copy_button()), self._middle + 1):
            grid.addWidget(widget, 0, column)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the bar is narrow, what it tells has a row of its own."""
        super().resizeEvent(event)
        if self.width() < NARROW:
            self._grid.addWidget(self.place, 1, 0, 1, self._grid.columnCount())
        else:
            self._grid.addWidget(self.place, 0, self._middle)

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(f"<p>{tip}</p>")
        button.setAccessibleName(tip)
        return button

    def _copy_button(self) -> QToolButton:
        self.copy = self._button(
            self.tr("Copy"), self.tr("Copy the values and gradients of all nodes")
        )
        self.copy.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.copy)
        for form, text in (
            ("text", self.tr("All nodes as text")),
            ("csv", self.tr("All nodes as CSV")),
        ):
            menu.addAction(text).triggered.connect(lambda _=False, f=form: self.copy_asked.emit(f))
        self.copy.setMenu(menu)
        return self.copy

    def show_steps(self, done: int, count: int) -> None:
        """Offer the steps that are ahead and behind once so many are done."""
        for where, button in self.buttons.items():
            ahead = where in ("on", "last")
            button.setEnabled(done < count if ahead else done > 0)
