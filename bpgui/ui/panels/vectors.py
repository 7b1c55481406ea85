"""Painting for paper: what is pixels on the screen, for speed, is lines and areas in an SVG."""

from __future__ import annotations

from collections import defaultdict

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPaintEngine, QPainter

OVERLAP = 0.2  # of a pixel of the screen, lest viewers let the ground shine through between areas


def is_vector(painter: QPainter) -> bool:
    """Whether lines and areas stay such where this painter leads."""
    return painter.paintEngine().type() == QPaintEngine.Type.SVG


def paint_pixels(painter: QPainter, area: QRectF, image: QImage) -> None:
    """An image of few pixels, each drawn large: in an SVG as areas, whose edges are sharp at any
    size."""
    if not is_vector(painter):
        painter.drawImage(area, image)
        return
    width, height = area.width() / image.width(), area.height() / image.height()
    areas: defaultdict[int, list[QRectF]] = defaultdict(list)
    for row in range(image.height()):
        for first, count, color in _runs(image, row):
            place = QRectF(first * width, row * height, count * width, height)
            place = place.adjusted(0.0, 0.0, OVERLAP, OVERLAP).translated(area.topLeft())
            areas[color].append(place & area)
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    for color, places in areas.items():
        painter.setBrush(QColor(color))
        painter.drawRects(places)
    painter.restore()


def rounded(image: QImage, side: int) -> QImage:
    """The disc within an image, of so many pixels across; an SVG clips nothing where a widget
    stands."""
    result = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    smooth = Qt.TransformationMode.SmoothTransformation
    painter.setBrush(QBrush(image.scaled(side, side, mode=smooth)))
    painter.drawEllipse(result.rect())
    painter.end()
    return result


def _runs(image: QImage, row: int) -> list[tuple[int, int, int]]:
    """Of a row, where each run of equal pixels begins, how long it is, and its color."""
    colors = [image.pixel(column, row) for column in range(image.width())]
    starts = [at for at, color in enumerate(colors) if at == 0 or color != colors[at - 1]]
    return [
        (start, end - start, colors[start])
        for start, end in zip(starts, [*starts[1:], len(colors)], strict=True)
    ]
