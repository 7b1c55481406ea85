"""How the parts of a network picture are painted. Lines of one style are drawn in one call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from bpgui.engine.network import BoolArray
from bpgui.ui.theme import TINT, Theme, mix, quiet_text
from bpgui.views.names import Indices
from bpgui.views.network_edges import LEVELS, NOT_FINITE, Levels
from bpgui.views.network_picture import Picture

THINNEST, WIDEST = 0.8, 5.0
FAINTEST = 0.22  # of an edge's color in the background's, for the smallest values
DEEPEST = TINT  # likewise for the largest activation of a unit: its number stays legible
PLATE = 3.0  # around a text that stands on edges
NAME_RADIUS = 19.0  # units from this size on have room for name and number
NUMBER_RADIUS = 10.5
RIM = 1.2  # pixels of the line around a unit

Flag = Qt.AlignmentFlag


class Look(NamedTuple):
    """Colors and pens of one theme, with edges of at most `widest` pixels."""

    theme: Theme
    widest: float

    def color(self, level: int) -> str:
        theme = self.theme
        if level == NOT_FINITE:
            return theme.error
        if level == 0:
            return mix(theme.base, theme.border, 0.6)
        full = theme.positive if level > 0 else theme.negative
        return mix(theme.base, full, FAINTEST + (1.0 - FAINTEST) * abs(level) / LEVELS)

    def width(self, level: int) -> float:
        share = min(abs(level), LEVELS) / LEVELS
        return THINNEST + (self.widest - THINNEST) * share

    def pen(self, level: int, held: bool) -> QPen:
        return _pen(self, level, held)

    def fill(self, level: int) -> QColor:
        return _fill(self, level)


@lru_cache(maxsize=512)
def _pen(look: Look, level: int, held: bool) -> QPen:
    width = look.width(level)
    pen = QPen(QColor(look.color(level)), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if held or level == NOT_FINITE:
        on, off = (5.0, 3.5) if held else (1.5, 3.0)
        pen.setDashPattern([on / width, off / width])
    return pen


@lru_cache(maxsize=512)
def _fill(look: Look, level: int) -> QColor:
    theme = look.theme
    if level == NOT_FINITE:
        return QColor(mix(theme.base, theme.error, DEEPEST))
    full = theme.positive if level > 0 else theme.negative
    return QColor(mix(theme.base, full, DEEPEST * abs(level) / LEVELS))


# --- edges ---------------------------------------------------------------------------------------


def lines_of(picture: Picture) -> list[QLineF]:
    ends = np.hstack([picture.starts, picture.ends]).tolist()
    return [QLineF(*end) for end in ends]


def paint_edges(
    painter: QPainter,
    look: Look,
    picture: Picture,
    lines: Sequence[QLineF],
    levels: Levels,
    held: BoolArray,
    chosen: Indices | None = None,
) -> None:
    """All edges, or those chosen; the strong ones over the weak ones."""
    edges = np.arange(len(lines)) if chosen is None else chosen
    style = np.abs(levels[edges].astype(np.int64)) * 4 + (levels[edges] > 0) * 2 + held[edges]
    order = np.argsort(style, kind="stable")
    for group in np.split(edges[order], np.flatnonzero(np.diff(style[order])) + 1):
        if len(group):
            first = group[0]
            painter.setPen(look.pen(int(levels[first]), bool(held[first])))
            painter.drawLines([lines[edge] for edge in group.tolist()])
    paint_dots(painter, look, picture, levels, held, edges)


def paint_dots(
    painter: QPainter,
    look: Look,
    picture: Picture,
    levels: Levels,
    held: BoolArray,
    edges: Indices,
) -> None:
    """The ends of biases: filled, or hollow where they are held."""
    outer, inner = picture.dot + RIM / 2.0, picture.dot - RIM / 2.0
    base = QColor(look.theme.base)
    painter.setPen(Qt.PenStyle.NoPen)
    for edge in edges[picture.sources[edges] < 0].tolist():
        place = QPointF(*picture.starts[edge].tolist())
        painter.setBrush(look.pen(int(levels[edge]), False).color())
        painter.drawEllipse(place, outer, outer)
        if held[edge]:
            painter.setBrush(base)
            painter.drawEllipse(place, inner, inner)


def paint_marked(painter: QPainter, line: QLineF, color: QColor, width: float) -> None:
    """A band under an edge that is chosen."""
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawLine(line)


# --- units ---------------------------------------------------------------------------------------


def paint_discs(painter: QPainter, look: Look, picture: Picture, fills: Sequence[int]) -> None:
    """Discs in the color of their activation, each on one that is a little larger: the line around
    it, which would take three times as long to stroke."""
    outer, inner = picture.radius + RIM / 2.0, picture.radius - RIM / 2.0
    border = QColor(look.theme.border)
    painter.setPen(Qt.PenStyle.NoPen)
    for (x, y), level in zip(picture.centers.tolist(), fills, strict=True):
        disc = QPointF(x, y)
        painter.setBrush(border)
        painter.drawEllipse(disc, outer, outer)
        painter.setBrush(look.fill(level))
        painter.drawEllipse(disc, inner, inner)


def paint_inscriptions(
    painter: QPainter,
    look: Look,
    picture: Picture,
    names: Sequence[str],
    numbers: Sequence[str],
    fonts: tuple[QFont, QFont],
) -> None:
    """In the discs, as far as there is room, name and number."""
    radius, (font, smaller) = picture.radius, fonts
    if radius < NUMBER_RADIUS:
        return
    text, muted = QColor(look.theme.text), QColor(quiet_text(look.theme))
    discs = [QPointF(x, y) for x, y in picture.centers.tolist()]
    both = radius >= NAME_RADIUS
    painter.setPen(text)
    painter.setFont(font if both else smaller)
    low = radius * 0.32 if both else 0.0
    for disc, number in zip(discs, numbers, strict=True):
        painter.drawText(_around(disc.x(), disc.y() + low, radius), Flag.AlignCenter, number)
    if both:
        painter.setPen(muted)
        painter.setFont(smaller)
        for disc, name, number in zip(discs, names, numbers, strict=True):
            rise = radius * 0.38 if number else 0.0
            painter.drawText(_around(disc.x(), disc.y() - rise, radius), Flag.AlignCenter, name)


def paint_ring(painter: QPainter, picture: Picture, row: int, pen: QPen, apart: float) -> None:
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    reach = picture.radius + apart
    painter.drawEllipse(QPointF(*picture.centers[row].tolist()), reach, reach)


def _around(x: float, y: float, radius: float) -> QRectF:
    return QRectF(x - radius, y - radius, 2.0 * radius, 2.0 * radius)


# --- texts ---------------------------------------------------------------------------------------


def paint_plate(
    painter: QPainter,
    look: Look,
    x: float,
    y: float,
    text: str,
    *,
    border: str = "",
    locked: bool = False,
) -> None:
    """A text around a place, on a piece of background so that edges do not run through it."""
    metrics = QFontMetricsF(painter.font())
    lock = LOCK_WIDTH + 3.0 if locked else 0.0
    width = metrics.horizontalAdvance(text) + 2.0 * PLATE + lock
    plate = QRectF(x - width / 2.0, y - metrics.height() / 2.0, width, metrics.height())
    painter.setPen(QPen(QColor(border), 1.2) if border else Qt.PenStyle.NoPen)
    ground = QColor(look.theme.base)
    ground.setAlpha(232)
    painter.setBrush(ground)
    painter.drawRoundedRect(plate, 3.0, 3.0)
    painter.setPen(QColor(look.theme.text))
    painter.drawText(plate.adjusted(PLATE + lock, 0, -PLATE, 0), Flag.AlignCenter, text)
    if locked:
        paint_lock(painter, look, plate.left() + PLATE + LOCK_WIDTH / 2.0, y)


LOCK_WIDTH = 7.0


def paint_lock(painter: QPainter, look: Look, x: float, y: float) -> None:
    """A small padlock around a place."""
    color = QColor(look.theme.text)
    painter.setPen(QPen(color, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(x - 2.0, y - 4.6, 4.0, 6.0), 0, 180 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(QRectF(x - LOCK_WIDTH / 2.0, y - 1.6, LOCK_WIDTH, 5.6), 1.0, 1.0)


def paint_elided(
    painter: QPainter, area: QRectF, texts: Iterable[str], alignment: Qt.AlignmentFlag
) -> None:
    """The first of the texts that fits, else the last one cut short."""
    metrics = QFontMetricsF(painter.font())
    chosen = ""
    for chosen in texts:
        if metrics.horizontalAdvance(chosen) <= area.width():
            break
    shown = metrics.elidedText(chosen, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, alignment | Flag.AlignVCenter, shown)
