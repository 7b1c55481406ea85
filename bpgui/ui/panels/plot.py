"""A plot that keeps calm: limits it is given, ticks of our own, a zoom that stays until it is
undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

import pyqtgraph as pg  # isort: skip  (after PySide6, which it looks for)

from bpgui.ui.theme import SPACING, Theme, tabular_font
from bpgui.views.axes import Limits, Ticks, linear_ticks

AXIS_WIDTH = 64
_PIXELS_PER_TICK = {"bottom": 72.0, "left": 34.0}


class TickAxis(pg.AxisItem):
    """An axis whose ticks come from `find(limits, count)`, or from `find(limits, pixels)` where the
    number of ticks depends on what is labelled."""

    def __init__(self, orientation: str, *, by_pixels: bool = False) -> None:
        self.find: Callable[[Limits, int], Ticks] = linear_ticks
        self._pixels = 1.0 if by_pixels else _PIXELS_PER_TICK[orientation]
        self._found: dict[float, str] = {}
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)
        self.setStyle(
            tickLength=0, maxTextLevel=0, tickAlpha=255, hideOverlappingLabels=40, tickTextOffset=6
        )

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[None, list[float]]]:
        limits = Limits(min(low, high), max(low, high))
        ticks = self.find(limits, max(2, int(size / self._pixels)))
        values = [float(value) for value in ticks.positions]
        self._found = dict(zip(values, ticks.texts, strict=True))
        return [(None, values)]

    def tickStrings(self, values: list[float], scale: float, spacing: float | None) -> list[str]:
        return [self._found.get(value, "") for value in values]

    def set_find(self, find: Callable[[Limits, int], Ticks]) -> None:
        self.find = find
        self.picture = None
        self.update()


class CalmPlot(pg.PlotWidget):
    """A plot without menus and auto-range. It shows the limits it was given last, until the user
    drags or turns the wheel; a double click or the Home key shows all again."""

    zoomed_changed = Signal(bool)
    view_changed = Signal()
    hovered = Signal(object)
    clicked = Signal(object)

    def __init__(self, *, label_rows: bool = False, parent: QWidget | None = None) -> None:
        self.left = TickAxis("left", by_pixels=label_rows)
        self.bottom = TickAxis("bottom")
        super().__init__(
            parent, axisItems={"left": self.left, "bottom": self.bottom}, enableMenu=False
        )
        self.keys: dict[Qt.Key, Callable[[], None]] = {Qt.Key.Key_Home: self.show_all}
        self._limits = (Limits(0.0, 1.0), Limits(0.0, 1.0))
        self._zoomed = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumSize(120, 60)
        self.hideButtons()
        self.left.setWidth(AXIS_WIDTH)
        self.view = self.getViewBox()
        self.view.disableAutoRange()
        self.view.setDefaultPadding(0.0)
        self.view.sigRangeChangedManually.connect(self._zoom_by_hand)
        self.view.sigRangeChanged.connect(lambda *_: self.view_changed.emit())
        self.view.sigResized.connect(lambda *_: self.view_changed.emit())
        self.scene().sigMouseMoved.connect(self._hover)
        self.scene().sigMouseClicked.connect(self._click)
        self._message = _message_over(self)

    @property
    def zoomed(self) -> bool:
        return self._zoomed

    @property
    def shown(self) -> tuple[Limits, Limits]:
        """The limits of x and y that can be seen now."""
        (left, right), (bottom, top) = self.view.viewRange()
        return Limits(left, right), Limits(bottom, top)

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the drawn area."""
        return max(int(self.view.width()), 1), max(int(self.view.height()), 1)

    def set_limits(self, x: Limits, y: Limits) -> None:
        """Show these, at once or when the zoom is undone."""
        if (x, y) == self._limits:
            return
        self._limits = (x, y)
        if not self._zoomed:
            self._apply()

    def show_all(self) -> None:
        self._apply()
        self._set_zoomed(False)

    def set_message(self, text: str) -> None:
        """A text in the middle for a plot that has nothing to show; empty for none."""
        if text != self._message.text():
            self._message.setText(text)
            self._message.setVisible(bool(text))

    def set_theme(self, theme: Theme) -> None:
        self.setBackground(theme.base)
        font = small_font()
        for axis in (self.left, self.bottom):
            axis.setPen(pg.mkPen(theme.grid))
            axis.setTickPen(pg.mkPen(theme.grid))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.setTickFont(font)
        self._message.setStyleSheet(f"color: {theme.muted}; background: transparent;")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.keys.get(Qt.Key(event.key()))
        if action is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            action()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def _apply(self) -> None:
        x, y = self._limits
        self.view.setRange(xRange=x, yRange=y, padding=0.0, disableAutoRange=True)

    def _zoom_by_hand(self) -> None:
        self._set_zoomed(True)

    def _set_zoomed(self, zoomed: bool) -> None:
        if zoomed != self._zoomed:
            self._zoomed = zoomed
            self.zoomed_changed.emit(zoomed)

    def _hover(self, position: QPointF) -> None:
        self.hovered.emit(self._place(position))

    def _click(self, event: Any) -> None:
        if event.double():
            self.show_all()
        elif event.button() == Qt.MouseButton.LeftButton:
            place = self._place(event.scenePos())
            if place is not None:
                self.clicked.emit(place)

    def _place(self, position: QPointF) -> QPointF | None:
        """A place of the scene in the plot's coordinates, None outside of the drawn area."""
        if not self.view.sceneBoundingRect().contains(position):
            return None
        return self.view.mapSceneToView(position)


def small_font() -> QFont:
    """Tabular figures one size below the window's text."""
    font = tabular_font()
    if font.pointSizeF() > 0:
        font.setPointSizeF(max(font.pointSizeF() - 1.0, 6.0))
    return font


def _message_over(plot: CalmPlot) -> QLabel:
    """A label in the middle of a plot, which lets the mouse through."""
    label = QLabel(plot.viewport())
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    label.hide()
    layout = QVBoxLayout(plot.viewport())
    layout.setContentsMargins(AXIS_WIDTH + SPACING, SPACING, SPACING, 4 * SPACING)
    layout.addWidget(label)
    return label
