"""A plot that keeps calm: limits it is given, ticks of our own, a zoom that stays until it is
undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsGridLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

import pyqtgraph as pg  # isort: skip  (after PySide6, which it looks for)

from bpgui.ui.theme import SPACING, Theme, tabular_font
from bpgui.views.axes import Limits, Ticks, linear_ticks

AXIS_WIDTH = 48
MARGIN = 20  # right of the axes, for half of the last tick's text
_OVERHANG = 40
_PIXELS_PER_TICK = {"bottom": 72.0, "left": 30.0}


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
            tickLength=0,
            maxTextLevel=0,
            tickAlpha=255,
            hideOverlappingLabels=True,
            tickTextOffset=6,
        )
        self._silent = False

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[None, list[float]]]:
        if self._silent:
            return []
        limits = Limits(min(low, high), max(low, high))
        ticks = self.find(limits, max(2, int(size / self._pixels)))
        # pyqtgraph drops what rounding puts beyond the ends of the axis
        edge = 1e-9 * (limits.high - limits.low)
        values = [
            min(max(float(value), limits.low + edge), limits.high - edge)
            for value in ticks.positions
        ]
        self._found = dict(zip(values, ticks.texts, strict=True))
        return [(None, values)]

    def tickStrings(self, values: list[float], scale: float, spacing: float | None) -> list[str]:
        return [self._found.get(value, "") for value in values]

    def boundingRect(self) -> QRectF:
        """With room for the texts at both ends, for which pyqtgraph leaves none beside a grid."""
        x, y = (0, _OVERHANG) if self.orientation == "left" else (_OVERHANG, 0)
        return super().boundingRect().adjusted(-x, -y, x, y)

    def set_silent(self, silent: bool) -> None:
        """Whether to say nothing, because there is nothing in the plot."""
        if silent != self._silent:
            self._silent = silent
            self.renew()

    def set_find(self, find: Callable[[Limits, int], Ticks]) -> None:
        if find != self.find:
            self.find = find
            self.renew()

    def renew(self) -> None:
        """Find the ticks anew, as what they tell has changed."""
        self.picture = None
        self.update()


class CalmPlot(pg.GraphicsView):
    """A plot without menus and auto-range. It shows the limits it was given last, until the user
    drags or turns the wheel; a double click or the Home key shows all again.

    It has a ViewBox and two axes of its own: a PlotItem would bring seven menus that nobody sees.
    """

    zoomed_changed = Signal(bool)
    view_changed = Signal()
    hovered = Signal(object)
    clicked = Signal(object)
    menu_wanted = Signal(object)  # QPoint on the screen: by the right button or the menu key

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        label_rows: bool = False,
        axis_width: int = AXIS_WIDTH,
    ) -> None:
        self.all_button: QToolButton | None = None
        super().__init__(parent)
        self.keys: dict[Qt.Key, Callable[[], None]] = {Qt.Key.Key_Home: self.show_all}
        self.copied_text: Callable[[], str] = str
        self._limits = (Limits(0.0, 1.0), Limits(0.0, 1.0))
        self._zoomed = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumSize(120, 60)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.enableMouse(False)
        self.left = TickAxis("left", by_pixels=label_rows)
        self.bottom = TickAxis("bottom")
        self.view = pg.ViewBox(enableMenu=False, defaultPadding=0.0)
        self._arrange(axis_width)
        self.view.sigRangeChangedManually.connect(lambda *_: self.set_zoomed(True))
        self.view.sigRangeChanged.connect(lambda *_: self._range_changed())
        self.view.sigResized.connect(lambda *_: self.view_changed.emit())
        self.scene().sigMouseMoved.connect(self._hover)
        self.scene().sigMouseClicked.connect(self._click)
        self._message = _message_over(self, axis_width)
        self.all_button = _button_over(self)
        self.all_button.clicked.connect(self.show_all)

    def _arrange(self, axis_width: int) -> None:
        self.view.disableAutoRange()
        self.left.setWidth(axis_width)
        self.left.setGrid(255)
        self.bottom.setHeight(int(QFontMetricsF(small_font()).height()) + 10)
        for axis in (self.left, self.bottom):
            axis.linkToView(self.view)
            axis.setZValue(-1000)
        content = pg.GraphicsWidget()
        layout = QGraphicsGridLayout(content)
        layout.setContentsMargins(0, 6, MARGIN, 0)
        layout.setSpacing(0)
        layout.addItem(self.left, 0, 0)
        layout.addItem(self.view, 0, 1)
        layout.addItem(self.bottom, 1, 1)
        layout.setRowStretchFactor(0, 100)
        layout.setColumnStretchFactor(1, 100)
        self.setCentralItem(content)

    def add(self, *items: pg.GraphicsObject) -> None:
        """Draw items in the coordinates of the plot; they never change its limits."""
        for item in items:
            self.view.addItem(item, ignoreBounds=True)

    @property
    def zoomed(self) -> bool:
        return self._zoomed

    @property
    def shown(self) -> tuple[Limits, Limits]:
        """The limits of x and y that can be seen now."""
        (left, right), (bottom, top) = self.view.viewRange()
        return Limits(left, right), Limits(bottom, top)

    @property
    def limits(self) -> tuple[Limits, Limits]:
        """The limits of x and y that are shown as long as there is no zoom."""
        return self._limits

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
        self.set_zoomed(False)

    def set_zoomed(self, zoomed: bool) -> None:
        """Whether what is shown is the user's choice and stays."""
        if zoomed != self._zoomed:
            self._zoomed = zoomed
            if self.all_button is not None:
                self.all_button.setVisible(zoomed)
                self._place_button()
            self.zoomed_changed.emit(zoomed)

    def set_message(self, text: str) -> None:
        """A text in the middle for a plot that has nothing to show; empty for none."""
        if text != self._message.text():
            self._message.setText(text)
            self._message.setVisible(bool(text))
            for axis in (self.left, self.bottom):
                axis.set_silent(bool(text))

    def set_theme(self, theme: Theme) -> None:
        self.setBackground(theme.base)
        font = small_font()
        for axis in (self.left, self.bottom):
            axis.setPen(pg.mkPen(theme.grid))
            axis.setTickPen(pg.mkPen(theme.grid))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.setTickFont(font)
        assert self.all_button is not None
        self.all_button.setStyleSheet(
            f"color: {theme.text}; background: {theme.window}; border: 1px solid {theme.border};"
            "border-radius: 4px; padding: 2px 6px;"
        )
        self._message.setStyleSheet(f"color: {theme.muted}; background: transparent;")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.keys.get(Qt.Key(event.key()))
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied_text())
        elif action is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            action()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_wanted.emit(self.mapToGlobal(self.rect().center()))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None and self.all_button is not None:
            self._place_button()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def _place_button(self) -> None:
        assert self.all_button is not None
        self.all_button.adjustSize()
        right = self.viewport().width() - MARGIN - SPACING // 2
        self.all_button.move(right - self.all_button.width(), SPACING + 2)

    def _range_changed(self) -> None:
        """Move what is drawn at once: pyqtgraph would do it in the next paint, after which Qt would
        paint all once more."""
        self.view.updateMatrix()
        self.view_changed.emit()

    def _apply(self) -> None:
        x, y = self._limits
        self.view.setRange(xRange=x, yRange=y, padding=0.0, disableAutoRange=True)

    def _hover(self, position: QPointF) -> None:
        self.hovered.emit(self._place(position))

    def _click(self, event: Any) -> None:
        if event.double():
            self.show_all()
        elif event.button() == Qt.MouseButton.LeftButton:
            place = self._place(event.scenePos())
            if place is not None:
                self.clicked.emit(place)
        elif event.button() == Qt.MouseButton.RightButton:  # which zooms where it drags
            self.menu_wanted.emit(event.screenPos().toPoint())

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


def _button_over(plot: CalmPlot) -> QToolButton:
    """A button in the corner of a plot, there as long as there is a zoom to undo."""
    button = QToolButton(plot.viewport())
    button.setText(QCoreApplication.translate("CalmPlot", "Show all"))
    button.setToolTip(
        QCoreApplication.translate(
            "CalmPlot", "The plot stays as you left it until you ask for all (Home, double click)."
        )
    )
    button.setFont(small_font())
    button.setCursor(Qt.CursorShape.ArrowCursor)
    button.hide()
    return button


def _message_over(plot: CalmPlot, left: int) -> QLabel:
    """A label in the middle of a plot, which lets the mouse through."""
    label = QLabel(plot.viewport())
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    label.hide()
    layout = QVBoxLayout(plot.viewport())
    layout.setContentsMargins(left + SPACING, SPACING, SPACING, 3 * SPACING)
    layout.addWidget(label)
    return label
