"""What the selection and the pointer mark in a network picture, and how that is painted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from bpgui.ui.panels.network_painting import Look, paint_marked, paint_plate, paint_ring
from bpgui.ui.theme import mix
from bpgui.views.network_edges import Levels
from bpgui.views.network_picture import Picture, Unit


@dataclass(frozen=True, eq=False)
class Marks:
    """What is chosen: a parameter and a unit, and what the number in question is made of. `notes`
    are texts at units, such as their deltas."""

    parameter: int | None = None
    unit: Unit | None = None
    keep: frozenset[Unit] = frozenset()
    units: frozenset[Unit] = frozenset()
    parameters: tuple[int, ...] = ()
    notes: Mapping[Unit, str] = field(default_factory=dict)


def paint_bands(
    painter: QPainter,
    look: Look,
    picture: Picture,
    lines: Sequence[QLineF],
    levels: Levels,
    hovered: int | None,
    marks: Marks,
) -> None:
    """The parameter that is chosen gets an outline; those that go into a number a soft one."""
    theme = look.theme
    bands = [(index, mix(theme.base, theme.accent, 0.45)) for index in marks.parameters]
    for index, color in (*bands, (hovered, theme.border), (marks.parameter, theme.accent)):
        edge = picture.edge(index)
        if edge is None:
            continue
        width = look.width(int(levels[edge]))
        paint_marked(painter, lines[edge], QColor(color), width + 6.0)
        paint_marked(painter, lines[edge], QColor(theme.base), width + 2.5)
        if picture.sources[edge] < 0:
            painter.setPen(QPen(QColor(color), 1.8))
            painter.setBrush(QColor(theme.base))
            reach = picture.dot + 3.0
            painter.drawEllipse(QPointF(*picture.starts[edge].tolist()), reach, reach)


def paint_rings(
    painter: QPainter, look: Look, picture: Picture, hovered: Unit | None, marks: Marks
) -> None:
    """Dashed around what goes into a number, full around what is chosen."""
    accent = QColor(look.theme.accent)
    dashed = QPen(accent, 1.4)
    dashed.setDashPattern([2.5, 2.0])
    rings: list[tuple[Unit | None, QPen, float]] = [(unit, dashed, 3.5) for unit in marks.units]
    rings.append((hovered, QPen(QColor(look.theme.text), 1.6), 0.5))
    rings.append((marks.unit, QPen(accent, 2.6), 0.5))
    for unit, pen, apart in rings:
        row = picture.row(unit)
        if row is not None:
            paint_ring(painter, picture, row, pen, apart)


def paint_notes(painter: QPainter, look: Look, picture: Picture, marks: Marks) -> None:
    """Texts above their units where there is room, else beside them."""
    metrics = QFontMetricsF(painter.font())
    border = mix(look.theme.base, look.theme.accent, 0.6)
    above = picture.radius + metrics.height() / 2.0 + 5.0
    roomy = picture.pitch > 2.0 * (above + metrics.height() / 2.0)
    last = max(picture.columns)
    for unit, text in marks.notes.items():
        row = picture.row(unit)
        if row is None:
            continue
        x, y = picture.centers[row].tolist()
        aside = picture.radius + metrics.horizontalAdvance(text) / 2.0 + 8.0
        rightward = unit[0] == 0 or (unit[0] != last and text.startswith("δ"))
        place = (x, y - above) if roomy else (x + (aside if rightward else -aside), y)
        paint_plate(painter, look, *place, text, border=border)
