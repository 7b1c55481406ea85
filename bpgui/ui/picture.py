"""Plots as pictures: on white, whatever the window's theme, under their title and what explains
their colors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from typing import TypeAlias

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QImageWriter,
    QPainter,
    QPen,
    QRegion,
)
from PySide6.QtWidgets import QGraphicsView, QWidget

import pyqtgraph as pg  # isort: skip

from bpgui.ui.panels.panel import Plot
from bpgui.ui.theme import LIGHT, SPACING

SCALE = 2  # pixels of a PNG for each of the screen
MARGIN = SPACING
NARROWEST = 280  # pixels, for the title of a small plot
TALLEST_TEXT = 400
WRAPPED = int(Qt.TextFlag.TextWordWrap)

LINES = (pg.PlotCurveItem, pg.InfiniteLine)
MOST_POINTS = 800  # of a line that is drawn wider, which takes long

Writer: TypeAlias = Callable[[Plot, str], bytes]


def png(plot: Plot, title: str) -> bytes:
    """The picture in pixels."""
    page = _Page(plot, title)
    image = QImage(page.size * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    image.fill(QColor(LIGHT.base))
    with _wider_lines(plot.widget):
        page.paint(QPainter(image))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(buffer.data().data())


@contextmanager
def _wider_lines(widget: QWidget) -> Iterator[None]:
    """Lines of constant width are so many pixels of the picture, not of the screen. Bundles of many
    lines stay as fine as they are."""
    items = widget.items() if isinstance(widget, QGraphicsView) else []
    pens = [(item, _pen(item)) for item in items if isinstance(item, LINES)]
    for line, pen in pens:
        wider = QPen(pen)
        wider.setWidthF(max(pen.widthF(), 1.0) * SCALE)
        if _points(line) <= MOST_POINTS:
            line.setPen(wider)
    try:
        yield
    finally:
        for line, pen in pens:
            line.setPen(pen)


def _points(line: pg.PlotCurveItem | pg.InfiniteLine) -> int:
    points = getattr(line, "xData", None)
    return 2 if points is None else len(points)


def _pen(line: pg.PlotCurveItem | pg.InfiniteLine) -> QPen:
    return pg.mkPen(line.opts["pen"] if isinstance(line, pg.PlotCurveItem) else line.pen)


def svg(plot: Plot, title: str) -> bytes:
    """The picture in lines and letters, for print."""
    from PySide6.QtSvg import QSvgGenerator

    from bpgui.exporting.svg import portable

    page, buffer = _Page(plot, title), QBuffer()
    size = page.size
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # which knows how to clip
    generator.setOutputDevice(buffer)
    generator.setResolution(plot.widget.logicalDpiX())  # else the axes, which are kept, are scaled
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(LIGHT.base))
    page.paint(painter)
    return portable(bytes(buffer.data().data()))


WRITERS: dict[str, Writer] = {".png": png, ".svg": svg}


class _Page:
    """Title and detail, what explains the plot, and the plot itself, from top to bottom."""

    def __init__(self, plot: Plot, title: str) -> None:
        self._plot = plot
        self._source = plot.source() if plot.source is not None else plot.widget.rect()
        self._above = [part for part in plot.above() if part.isVisible()]
        parts = (self._source.width(), *(part.width() for part in self._above))
        self._width = max(*parts, NARROWEST)
        plain, bold = QFont(plot.widget.font()), QFont(plot.widget.font())
        bold.setBold(True)
        texts = ((title, bold), (plot.detail(), plain))
        self._texts = [(text, font, self._height(text, font)) for text, font in texts if text]

    @property
    def size(self) -> QSize:
        texts = sum(height for _, _, height in self._texts) + SPACING
        above = sum(part.height() + SPACING // 2 for part in self._above)
        height = texts + above + self._source.height() + 2 * MARGIN
        return QSize(self._width + 2 * MARGIN, height)

    def _height(self, text: str, font: QFont) -> int:
        room = QRectF(0.0, 0.0, self._width, TALLEST_TEXT)
        return ceil(QFontMetricsF(font).boundingRect(room, WRAPPED, text).height())

    def paint(self, painter: QPainter) -> None:
        """Ends the painter."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(LIGHT.text))
        y = MARGIN
        for text, font, height in self._texts:
            painter.setFont(font)
            painter.drawText(QRectF(MARGIN, y, self._width, height), WRAPPED, text)
            y += height
        y += SPACING
        for part in self._above:
            _render(painter, part, part.rect(), QPoint(MARGIN, y))
            y += part.height() + SPACING // 2
        _render(painter, self._plot.widget, self._source, QPoint(MARGIN, y))
        painter.end()


def _render(painter: QPainter, widget: QWidget, source: QRect, at: QPoint) -> None:
    """A part of a widget without what lies over it, such as buttons, and without its ground."""
    painter.save()
    painter.translate(at)
    if isinstance(widget, QGraphicsView):
        points = [item for item in widget.items() if isinstance(item, pg.ScatterPlotItem)]
        for item in points:  # as shapes: the pixels that they are kept as are for the screen
            item.setExportMode(True, {"resolutionScale": 1.0})
        widget.render(painter, QRectF(QRect(QPoint(), source.size())), source)
        for item in points:
            item.setExportMode(False)
    else:
        filled = widget.autoFillBackground()  # as the content of a scroll area
        widget.setAutoFillBackground(False)
        widget.render(painter, QPoint(), QRegion(source), QWidget.RenderFlag(0))
        widget.setAutoFillBackground(filled)
    painter.restore()
