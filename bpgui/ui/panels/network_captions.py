"""The words around a network picture: headings of layers, names beside the outer units, what is
folded away, and the legend."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from bpgui.engine.names import shortened
from bpgui.engine.network import Network
from bpgui.ui.panels.network_painting import (
    NAME_RADIUS,
    Flag,
    Look,
    paint_elided,
    paint_plate,
)
from bpgui.ui.theme import SPACING, mix
from bpgui.views.names import MOST_OF_A_NAME, unit_name
from bpgui.views.network_edges import LEVELS, fitting
from bpgui.views.network_picture import RADII, Area, Picture, Unit
from bpgui.views.outer_names import OuterNames
from bpgui.views.unit_values import UnitValues

SAMPLE_LINE = 16.0  # of the legend
NAME_GAPS = 10.0  # on both sides of a name beside an input or an output
LEAST_OF_A_NAME = 24.0  # pixels; where there is less beside a target, the target is left out


class Captions(NamedTuple):
    """All texts, translated; those with braces are formatted."""

    inputs: str = ""
    features: str = ""
    layer: str = "{number}"
    output: str = "{number}"
    more: str = "{count}"
    more_layers: str = "{count}"
    target: str = "{value}"
    numbered: str = "{name}"
    positive: str = ""
    negative: str = ""
    stronger: str = ""
    frozen: str = ""
    bias: str = ""

    def paint(
        self,
        painter: QPainter,
        look: Look,
        network: Network,
        names: OuterNames,
        picture: Picture,
        values: UnitValues | None,
        room: QRect,
    ) -> None:
        self._headings(painter, look, network, picture)
        self._inputs(painter, look, network, names, picture)
        self._outputs(painter, look, network, names, picture, values, room)
        self._folds(painter, look, picture)
        self._legend(painter, look, room)

    def _headings(self, painter: QPainter, look: Look, network: Network, picture: Picture) -> None:
        height = QFontMetricsF(painter.font()).height()
        width = min(picture.column_pitch - 6.0, 160.0)
        last = len(network.layers)
        for layer, x in picture.columns.items():
            left = max(x - width / 2.0, 2.0)
            area = QRectF(left, SPACING / 2, width, height)
            painter.setPen(QColor(look.theme.text))
            if layer == 0:
                texts = [self.features if network.input_names else self.inputs]
            else:
                texts = [self.layer.format(number=layer), str(layer)]
                texts[:0] = [self.output.format(number=layer)] if layer == last else []
            paint_elided(painter, area, texts, Flag.AlignHCenter)
            painter.setPen(QColor(look.theme.muted))
            below = area.translated(0.0, height)
            activation = network.layers[layer - 1].activation if layer else ""
            paint_elided(painter, below, [activation], Flag.AlignHCenter)
        for fold in picture.layer_folds:
            middle = (picture.area.top + picture.area.bottom) / 2.0
            painter.setPen(QColor(look.theme.muted))
            text = self.more_layers.format(count=fold.size)
            area = QRectF(fold.x - width / 2.0, middle - height, width, 2.0 * height)
            painter.drawText(area, Flag.AlignCenter | Qt.TextFlag.TextWordWrap, text)

    def _inputs(
        self,
        painter: QPainter,
        look: Look,
        network: Network,
        names: OuterNames,
        picture: Picture,
    ) -> None:
        """Names at the left: those of the data, and x1, ... where these have no room in a unit."""
        height = QFontMetricsF(painter.font()).height()
        painter.setPen(QColor(look.theme.muted))
        for row in np.flatnonzero(picture.units[:, 0] == 0).tolist():
            x, y = picture.centers[row].tolist()
            text = self._name(network, names, picture, row)
            area = QRectF(2.0, y - height / 2.0, x - picture.radius - 8.0, height)
            paint_elided(painter, area, [text], Flag.AlignRight)

    def _outputs(
        self,
        painter: QPainter,
        look: Look,
        network: Network,
        names: OuterNames,
        picture: Picture,
        values: UnitValues | None,
        room: QRect,
    ) -> None:
        """Names at the right likewise, and targets: below the names, or after them where rows are
        close."""
        metrics = QFontMetricsF(painter.font())
        height = metrics.height()
        rows = np.flatnonzero(picture.units[:, 0] == len(network.layers))
        apart = np.diff(picture.centers[rows, 1]).min(initial=picture.area.bottom)
        for row in rows.tolist():
            x, y = picture.centers[row].tolist()
            x += picture.radius + 6.0
            name = self._name(network, names, picture, row)
            target = "" if values is None else self._target(values, picture.unit(row)[1])
            area = QRectF(x, y - height / 2.0, max(room.right() - x - 2.0, 0.0), height)
            if names.outputs and target and apart >= 2.0 * height:
                _paint_beside(painter, look, area.translated(0.0, -height / 2.0), name, "")
                _paint_beside(painter, look, area.translated(0.0, height / 2.0), "", target)
            else:
                _paint_beside(painter, look, area, name, target)

    def _name(self, network: Network, names: OuterNames, picture: Picture, row: int) -> str:
        """What stands beside a unit; features have no other name than their own."""
        layer, unit = picture.unit(row)
        given = self.given_name(names, len(network.layers), (layer, unit))
        plain = unit_name(network, layer, unit) if picture.radius < NAME_RADIUS else ""
        return given if layer == 0 and network.input_names else f"{plain} {given}".strip()

    def given_name(self, names: OuterNames, layers: int, unit: Unit) -> str:
        """What the data calls a unit of a network with so many layers; a number is told as that of
        a class."""
        name = names.of(layers, *unit)
        return self.numbered.format(name=name) if unit[0] and name.isdecimal() else name

    def _target(self, values: UnitValues, unit: int) -> str:
        return self.target.format(value=fitting(float(values.target[unit - 1]), 7))

    def _folds(self, painter: QPainter, look: Look, picture: Picture) -> None:
        for fold in picture.folds:
            paint_plate(painter, look, fold.x, fold.y, self.more.format(count=f"{fold.size:,}"))

    def fold_size(self, font: QFont) -> tuple[float, float]:
        metrics = QFontMetricsF(font)
        return metrics.horizontalAdvance(self.more.format(count="9,999")) + 6.0, metrics.height()

    # --- the legend ------------------------------------------------------------------------------

    def _legend(self, painter: QPainter, look: Look, room: QRect) -> None:
        """Samples of lines with their meaning, as many as there is room for."""
        metrics = QFontMetricsF(painter.font())
        x, y = float(SPACING), room.bottom() - metrics.height() / 2.0 - 3.0
        strong = int(LEVELS * 0.6)
        entries: list[tuple[str, Callable[[float], None]]] = [
            (self.positive, lambda x: _sample(painter, look, x, y, strong)),
            (self.negative, lambda x: _sample(painter, look, x, y, -strong)),
            (self.stronger, lambda x: _growing(painter, look, x, y)),
            (self.bias, lambda x: _dot(painter, look, x, y)),
            (self.frozen, lambda x: _dashes(painter, look, x, y)),
        ]
        for text, sample in entries:
            width = metrics.horizontalAdvance(text)
            if x + SAMPLE_LINE + 6.0 + width > room.right() - SPACING / 2:
                return
            sample(x)
            painter.setPen(QColor(look.theme.muted))
            painter.drawText(QPointF(x + SAMPLE_LINE + 6.0, y + metrics.ascent() / 2.0 - 1.0), text)
            x += SAMPLE_LINE + 6.0 + width + 2.0 * SPACING


def _sample(painter: QPainter, look: Look, x: float, y: float, level: int) -> None:
    painter.setPen(QPen(QColor(look.color(level)), 3.0))
    painter.drawLine(QLineF(x, y, x + SAMPLE_LINE, y))


def _dashes(painter: QPainter, look: Look, x: float, y: float) -> None:
    pen = QPen(QColor(look.theme.muted), 2.0)
    pen.setDashPattern([2.4, 1.6])
    painter.setPen(pen)
    painter.drawLine(QLineF(x, y, x + SAMPLE_LINE, y))


def _growing(painter: QPainter, look: Look, x: float, y: float) -> None:
    third = SAMPLE_LINE / 3.0
    for step, width in enumerate((1.0, 2.5, 4.5)):
        color = QColor(mix(look.theme.base, look.theme.muted, 0.5 + 0.25 * step))
        painter.setPen(QPen(color, width, c=Qt.PenCapStyle.FlatCap))
        painter.drawLine(QLineF(x + step * third, y, x + (step + 1) * third, y))


def _dot(painter: QPainter, look: Look, x: float, y: float) -> None:
    painter.setPen(QPen(QColor(look.theme.muted), 1.4))
    painter.drawLine(QLineF(x + 8.0, y - 5.0, x + 8.0, y + 2.0))
    painter.setBrush(QColor(look.theme.muted))
    painter.drawEllipse(QPointF(x + 8.0, y + 3.0), 2.6, 2.6)


def _paint_beside(painter: QPainter, look: Look, area: QRectF, name: str, target: str) -> None:
    """A name, cut where there is no room, and a target after it, likewise."""
    metrics = QFontMetricsF(painter.font())
    gap = metrics.horizontalAdvance("  ") if name else 0.0
    left = area.width() - metrics.horizontalAdvance(target) - gap
    if name and left < min(LEAST_OF_A_NAME, metrics.horizontalAdvance(name)):
        target, left = "", area.width()
    shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, left) if name else ""
    flags = Flag.AlignLeft | Flag.AlignVCenter
    painter.setPen(QColor(look.theme.text))
    painter.drawText(area, flags, shown)
    painter.setPen(QColor(look.theme.muted))
    area = area.adjusted(metrics.horizontalAdvance(shown) + gap, 0, 0, 0)
    whole_or_cut = metrics.elidedText(target, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, flags, whole_or_cut)


def margins(
    captions: Captions,
    metrics: QFontMetricsF,
    names: OuterNames,
    width: float,
    height: float,
) -> Area:
    """Where units may stand: headings above, the legend below, names at both sides."""
    plain = metrics.horizontalAdvance("x999 ")
    targets = metrics.horizontalAdvance("y99  " + captions.target.format(value="-0.000"))
    before, after = (_widest(metrics, given) for given in (names.inputs, names.outputs))
    line = metrics.height()
    left = min(RADII[1] + plain, width * 0.16)
    left = max(left, min(RADII[1] + before, width * 0.3))
    right = min(RADII[1] + targets + 4.0, width * 0.29)
    right = max(right, min(RADII[1] + after, width * 0.3))
    top = SPACING / 2 + 2.0 * line + SPACING
    return Area(left, top, width - right, max(height - line - SPACING * 1.5, top + 10.0))


def _widest(metrics: QFontMetricsF, names: tuple[str, ...]) -> float:
    """About the width of the widest name, as far as one is shown, with its gaps."""
    if not names:
        return 0.0
    longest = shortened(max(names, key=len), MOST_OF_A_NAME)
    return metrics.horizontalAdvance(f"x99 {longest}") + NAME_GAPS
