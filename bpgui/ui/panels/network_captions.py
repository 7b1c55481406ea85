"""The words around a network picture: headings of layers, names beside the outer units, what is
folded away, and the legend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from bpgui.engine.network import Network
from bpgui.ui.panels.network_painting import (
    NAME_RADIUS,
    Flag,
    Look,
    paint_elided,
    paint_plate,
)
from bpgui.ui.theme import SPACING, mix
from bpgui.views.names import unit_name
from bpgui.views.network_edges import LEVELS, fitting
from bpgui.views.network_picture import RADII, Area, Picture
from bpgui.views.unit_values import UnitValues

SAMPLE_LINE = 16.0  # of the legend
NAME_GAPS = 10.0  # on both sides of a name beside an input


@dataclass(frozen=True)
class Captions:
    """All texts, translated; those with braces are formatted."""

    inputs: str = ""
    features: str = ""
    layer: str = "{number}"
    output: str = "{number}"
    more: str = "{count}"
    more_layers: str = "{count}"
    target: str = "{value}"
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
        picture: Picture,
        values: UnitValues | None,
        room: QRect,
    ) -> None:
        self._headings(painter, look, network, picture)
        self._outer(painter, look, network, picture, values)
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

    def _outer(
        self,
        painter: QPainter,
        look: Look,
        network: Network,
        picture: Picture,
        values: UnitValues | None,
    ) -> None:
        """Names left of the inputs and right of the outputs, the targets there too. Those of
        features stand there always, as they have no room in a unit."""
        named = picture.radius < NAME_RADIUS
        height = QFontMetricsF(painter.font()).height()
        last = len(network.layers)
        apart = picture.radius + 6.0
        for row, (layer, unit) in enumerate(picture.units.tolist()):
            x, y = picture.centers[row].tolist()
            beside = named or (layer == 0 and network.input_names)
            name = unit_name(network, layer, unit) if beside else ""
            if layer == 0 and name:
                painter.setPen(QColor(look.theme.muted))
                area = QRectF(2.0, y - height / 2.0, x - apart - 2.0, height)
                paint_elided(painter, area, [name], Flag.AlignRight)
            elif layer == last:
                target = "" if values is None else self._target(values, unit)
                self._beside(painter, look, QPointF(x + apart, y), name, target)

    def _target(self, values: UnitValues, unit: int) -> str:
        return self.target.format(value=fitting(float(values.target[unit - 1]), 7))

    def _beside(
        self, painter: QPainter, look: Look, place: QPointF, name: str, target: str
    ) -> None:
        metrics = QFontMetricsF(painter.font())
        area = QRectF(place.x(), place.y() - metrics.height() / 2.0, 200.0, metrics.height())
        flags = Flag.AlignLeft | Flag.AlignVCenter
        painter.setPen(QColor(look.theme.text))
        painter.drawText(area, flags, name)
        painter.setPen(QColor(look.theme.muted))
        shift = metrics.horizontalAdvance(name + "  ") if name else 0.0
        painter.drawText(area.translated(shift, 0.0), flags, target)

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


def margins(
    captions: Captions, metrics: QFontMetricsF, network: Network, width: float, height: float
) -> Area:
    """Where units may stand: headings above, the legend below, names at both sides."""
    names = metrics.horizontalAdvance("x999 ")
    features = [unit_name(network, 0, unit + 1) for unit in range(len(network.input_names))]
    widest = max(map(metrics.horizontalAdvance, features), default=0.0) + NAME_GAPS
    targets = metrics.horizontalAdvance("y99  " + captions.target.format(value="-0.000"))
    line = metrics.height()
    left = min(RADII[1] + names, width * 0.16)
    left = max(left, min(RADII[1] + widest, width * 0.3))
    right = width - min(RADII[1] + targets + 4.0, width * 0.24)
    top = SPACING / 2 + 2.0 * line + SPACING
    return Area(left, top, right, max(height - line - SPACING * 1.5, top + 10.0))
