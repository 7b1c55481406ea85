"""Plots as pictures: on white, whatever the window's theme, under their title and what explains
their colors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QImageWriter, QPainter
from PySide6.QtWidgets import QGraphicsView, QWidget

import pyqtgraph as pg  # isort: skip

from bpgui.ui.panels.panel import Plot
from bpgui.ui.theme import LIGHT, SPACING

SCALE = 2  # pixels of a PNG for each of the screen
MARGIN = SPACING

Writer: TypeAlias = Callable[[Plot, str], bytes]


def png(plot: Plot, title: str) -> bytes:
    """The picture in pixels."""
    size = _size(plot)
    image = QImage(size * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    image.fill(QColor(LIGHT.base))
    _paint(QPainter(image), plot, title)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(buffer.data().data())


def svg(plot: Plot, title: str) -> bytes:
    """The picture in lines and letters, for print."""
    from PySide6.QtSvg import QSvgGenerator

    size, buffer = _size(plot), QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # which knows how to clip
    generator.setOutputDevice(buffer)
    generator.setResolution(plot.widget.logicalDpiX())  # else the axes, which are kept, are scaled
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(LIGHT.base))
    _paint(painter, plot, title)
    return bytes(buffer.data().data())


WRITERS: dict[str, Writer] = {".png": png, ".svg": svg}


def _font(plot: Plot) -> QFont:
    font = QFont(plot.widget.font())
    font.setBold(True)
    return font


def _above(plot: Plot) -> Sequence[QWidget]:
    return [part for part in plot.above if part.isVisible()]


def _size(plot: Plot) -> QSize:
    above = sum(part.height() + SPACING // 2 for part in _above(plot))
    title = int(QFontMetricsF(_font(plot)).height()) + SPACING
    height = plot.widget.height() + above + title + 2 * MARGIN
    return QSize(plot.widget.width() + 2 * MARGIN, height)


def _paint(painter: QPainter, plot: Plot, title: str) -> None:
    """Title, what lies above, and the plot, from top to bottom; ends the painter."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(_font(plot))
    painter.setPen(QColor(LIGHT.text))
    metrics, width = QFontMetricsF(_font(plot)), plot.widget.width()
    text = metrics.elidedText(title, Qt.TextElideMode.ElideRight, width)
    painter.drawText(QRectF(MARGIN, MARGIN, width, metrics.height()), 0, text)
    y = MARGIN + int(metrics.height()) + SPACING
    for part in _above(plot):
        _render(painter, part, QPoint(MARGIN, y))
        y += part.height() + SPACING // 2
    _render(painter, plot.widget, QPoint(MARGIN, y))
    painter.end()


def _render(painter: QPainter, widget: QWidget, at: QPoint) -> None:
    """A widget without what lies over it, such as buttons, and without its ground."""
    painter.save()
    painter.translate(at)
    if isinstance(widget, QGraphicsView):
        source = widget.viewport().rect()
        points = [item for item in widget.items() if isinstance(item, pg.ScatterPlotItem)]
        for item in points:  # as shapes: the pixels that they are kept as are for the screen
            item.setExportMode(True, {"resolutionScale": 1.0})
        widget.render(painter, QRectF(source), source)
        for item in points:
            item.setExportMode(False)
    else:
        widget.render(painter, QPoint(), renderFlags=QWidget.RenderFlag(0))
    painter.restore()
