"""Plots of what a gradient costs in three ways, and the names of these with their lines."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

import pyqtgraph as pg  # isort: skip

from bpgui.ui.panels.controls import ElidedLabel
from bpgui.ui.panels.plot import CalmPlot, small_font
from bpgui.ui.theme import LIGHT, SPACING, Theme
from bpgui.views.axes import Limits, Ticks, log_ticks
from bpgui.views.why import WAYS, Growth, Way, whole_ticks

SAMPLE = 4 * SPACING  # pixels of a line
STYLES = {
    "chain": Qt.PenStyle.DotLine,
    "differences": Qt.PenStyle.DashLine,
    "backpropagation": Qt.PenStyle.SolidLine,
}


class WayLabel(QWidget):
    """The name of a way after a short piece of its line."""

    def __init__(self, way: Way, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._way, self._name = way, name
        self._theme = LIGHT
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        width = SAMPLE + SPACING + metrics.horizontalAdvance(self._name)
        return QSize(ceil(width) + 1, ceil(metrics.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(pen(self._way, self._theme))
        middle = self.height() // 2
        painter.drawLine(0, middle, SAMPLE, middle)
        painter.setPen(QColor(self._theme.text))
        place = self.rect().adjusted(SAMPLE + SPACING, 0, 0, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self._name)
        painter.end()


def _dense_ticks(limits: Limits, count: int) -> Ticks:
    """Twice as many as of other numbers: those of layers and units are short."""
    return whole_ticks(limits, 2 * count)


def color(way: Way, theme: Theme) -> str:
    return {"chain": theme.text, "differences": theme.muted}.get(way, theme.accent)


def pen(way: Way, theme: Theme) -> QPen:
    """Of the same width whatever the scale of the plot."""
    line = QPen(QColor(color(way, theme)), 2, STYLES[way])
    line.setCosmetic(True)
    return line


class GrowthPlot(QWidget):
    """Three lines on a logarithmic axis, with dots where the present network stands."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = ElidedLabel(self)
        heading.setText(title)
        heading.setToolTip(title)
        heading.setProperty("role", "muted")
        heading.setFont(small_font())
        self.plot = CalmPlot(self)
        self.plot.setAccessibleName(title)
        self.plot.setMinimumHeight(140)
        self.plot.left.set_find(log_ticks)
        self.plot.bottom.set_find(_dense_ticks)
        self.curves = {way: pg.PlotCurveItem(antialias=True) for way in WAYS}
        self.here = pg.InfiniteLine(angle=90, movable=False)
        self.marks = pg.ScatterPlotItem(size=9, pxMode=True, antialias=True)
        self.plot.add(self.here, *self.curves.values(), self.marks)
        self.growth: Growth | None = None
        self._theme = LIGHT
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(heading)
        column.addWidget(self.plot, 1)

    def show_growth(self, growth: Growth | None, message: str) -> None:
        """`message` stands where there is nothing to draw."""
        self.growth = growth
        self.plot.set_message("" if growth else message)
        self.here.setVisible(growth is not None)
        if growth is None:
            for curve in self.curves.values():
                curve.setData([], [])
            self.marks.clear()
            return
        self.plot.show_all()
        self.plot.set_limits(growth.x, growth.y)
        for way, curve in self.curves.items():
            curve.setData(growth.sizes, growth.lines[way])
        self.here.setValue(growth.here)
        self._draw_marks()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.plot.set_theme(theme)
        self.here.setPen(pg.mkPen(theme.border))
        for way, curve in self.curves.items():
            curve.setPen(pen(way, theme))
        self._draw_marks()

    def _draw_marks(self) -> None:
        if self.growth is not None:
            self.marks.setData(
                x=[self.growth.here] * len(WAYS),
                y=[self.growth.marks[way] for way in WAYS],
                brush=[pg.mkBrush(color(way, self._theme)) for way in WAYS],
                pen=pg.mkPen(self._theme.base),
            )
