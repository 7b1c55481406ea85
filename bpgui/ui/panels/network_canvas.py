"""The surface on which a network is drawn. Edges and units are painted once per change of what they
show; what the pointer and the selection add is painted over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpgui.engine.network import BoolArray, FloatArray, Network
from bpgui.ui.panels.network_captions import Captions, margins
from bpgui.ui.panels.network_painting import (
    Look,
    lines_of,
    paint_edges,
    paint_lock,
    paint_marked,
    paint_plate,
    paint_ring,
    paint_units,
)
from bpgui.ui.panels.plot import small_font
from bpgui.ui.theme import LIGHT, Theme, mix
from bpgui.views.names import Indices, unit_name
from bpgui.views.network_edges import (
    Label,
    Levels,
    all_labels,
    edge_scale,
    fitting,
    levels,
    place_labels,
)
from bpgui.views.network_picture import Picture, Unit, lay_out, segment_distances
from bpgui.views.scale import Scale
from bpgui.views.unit_values import UnitValues

MOST_LABELS = 40  # of a picture whose edges all have their values beside them
NEARBY = 40.0  # pixels around the pointer in which edges get their values
MOST_NEARBY = 6
DIMMED = 0.35
DENSE = 24  # edges from which on those that are not meant step back
EMPTY: Indices = np.empty(0, dtype=np.int64)


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


class NetworkCanvas(QWidget):
    """Paints a network and tells what the pointer is at; it decides nothing."""

    hovered_changed = Signal()
    clicked = Signal(object, object)  # Unit or None, parameter or None
    double_clicked = Signal(object, object)
    fold_clicked = Signal(object)  # the first Unit that is folded away

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFont(small_font())
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.captions = Captions()
        self.network: Network | None = None
        self.picture: Picture | None = None
        self.hovered_unit: Unit | None = None
        self.hovered_parameter: int | None = None
        self._theme = LIGHT
        self._look = Look(LIGHT, 4.0)
        self._lines: list[QLineF] = []
        self._marks = Marks()
        self._message = ""
        self._forget()

    def _forget(self) -> None:
        self._values: FloatArray | None = None
        self._numbers: FloatArray | None = None
        self._held: BoolArray | None = None
        self._scale: Scale | None = None
        self._units: UnitValues | None = None
        self._unit_scale: Scale | None = None
        self._levels: Levels = np.empty(0, dtype=np.int8)
        self._held_edges: BoolArray = np.empty(0, dtype=np.bool_)
        self._labels: list[Label] = []
        self._hover_labels: list[Label] = []
        self._edge_picture: QPixmap | None = None
        self._unit_picture: QPixmap | None = None

    def sizeHint(self) -> QSize:
        return QSize(560, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 140)

    # --- what is shown ---------------------------------------------------------------------------

    def set_network(self, network: Network | None) -> None:
        self.network = network
        self._marks = Marks()
        self._forget()
        self._hover(None, None)
        self._lay_out()

    def set_message(self, text: str) -> None:
        if text != self._message:
            self._message = text
            self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._look = Look(theme, self._look.widest)
        self._edge_picture = self._unit_picture = None
        self.update()

    def set_values(self, values: FloatArray | None, scale: Scale, held: BoolArray) -> None:
        """The strengths of edges: `values` (size,), None for none yet, and `held` (size,)."""
        self._values, self._scale, self._held = values, scale, held
        self._set_strengths()

    def set_numbers(self, values: FloatArray | None, units: UnitValues | None) -> None:
        """The numbers that are written out, on edges and in units."""
        self._numbers, self._units = values, units
        if units is not None:
            largest = np.array([np.abs(a).max(initial=0.0) for a in units.activations])
            self._unit_scale = edge_scale(self._unit_scale, largest, "weights")
        self._unit_picture = None
        self.update()

    def set_marks(self, marks: Marks) -> None:
        moved = marks.keep != self._marks.keep
        self._marks = marks
        if moved and self.picture is not None and not all(map(self.picture.shows, marks.keep)):
            self._lay_out()
        self.update()

    def set_captions(self, captions: Captions) -> None:
        self.captions = captions
        self._lay_out()

    def _set_strengths(self) -> None:
        """Paint the edges anew only if one of them looks different."""
        picture = self.picture
        if picture is None or self._scale is None or self._held is None:
            return
        held = self._held[picture.parameters]
        found = np.zeros(len(held), dtype=np.int8)
        if self._values is not None:
            found = levels(self._values[picture.parameters], self._scale)
        if not (np.array_equal(found, self._levels) and np.array_equal(held, self._held_edges)):
            self._levels, self._held_edges = found, held
            self._edge_picture = None
            self.update()

    def _lay_out(self) -> None:
        self._edge_picture = self._unit_picture = None
        self._levels = np.empty(0, dtype=np.int8)
        self._hover_labels = []
        if self.network is None or self.width() < 10 or self.height() < 10:
            self.picture, self._lines, self._labels = None, [], []
        else:
            metrics = QFontMetricsF(self.font())
            area = margins(self.captions, metrics, self.width(), self.height())
            self.picture = lay_out(self.network, area, self._marks.keep)
            self._lines = lines_of(self.picture)
            self._look = Look(self._theme, float(np.clip(self.picture.pitch / 9.0, 2.0, 5.0)))
            self._labels = all_labels(self.picture, *self._label_size, MOST_LABELS)
            self._set_strengths()
        self.update()

    @property
    def _label_size(self) -> tuple[float, float]:
        metrics = QFontMetricsF(self.font())
        return metrics.horizontalAdvance("-0.00000") + 6.0, metrics.height()

    # --- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.base))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.picture is not None and len(self._levels) == len(self._lines):
            self._paint(painter, self.picture)
        if self._message:
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._message)
        painter.end()

    def _paint(self, painter: QPainter, picture: Picture) -> None:
        meant = self._meant(picture)
        if self._edge_picture is None:
            self._edge_picture = self._painted(self._theme.base, self._paint_edges)
        if self._unit_picture is None:
            self._unit_picture = self._painted("", self._paint_units)
        stepping_back = len(meant) and len(self._lines) > DENSE
        painter.setOpacity(DIMMED if stepping_back else 1.0)
        painter.drawPixmap(0, 0, self._edge_picture)
        painter.setOpacity(1.0)
        self._paint_bands(painter, picture)
        if len(meant):
            paint_edges(
                painter, self._look, picture, self._lines, self._levels, self._held_edges, meant
            )
        painter.drawPixmap(0, 0, self._unit_picture)
        self._paint_rings(painter, picture)
        self._paint_labels(painter, picture, meant)

    def _painted(self, ground: str, paint) -> QPixmap:
        """What `paint` paints, over a ground or over nothing."""
        ratio = self.devicePixelRatioF()
        result = QPixmap(QSize(round(self.width() * ratio), round(self.height() * ratio)))
        result.setDevicePixelRatio(ratio)
        result.fill(QColor(ground) if ground else Qt.GlobalColor.transparent)
        painter = QPainter(result)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        paint(painter, self.picture)
        painter.end()
        return result

    def _paint_edges(self, painter: QPainter, picture: Picture) -> None:
        paint_edges(painter, self._look, picture, self._lines, self._levels, self._held_edges)

    def _paint_units(self, painter: QPainter, picture: Picture) -> None:
        assert self.network is not None
        names = [unit_name(self.network, *picture.unit(row)) for row in range(len(picture.units))]
        numbers, fills = [""] * len(names), [0] * len(names)
        if self._units is not None and self._unit_scale is not None:
            values = np.array(
                [self._units.activations[layer][unit - 1] for layer, unit in picture.units.tolist()]
            )
            fills = levels(values, self._unit_scale).tolist()
            room = max(3, int(picture.radius / 4.2))
            numbers = [fitting(value, room, 4 if room > 5 else 3) for value in values.tolist()]
        smaller = QFont(self.font())
        smaller.setPointSizeF(max(self.font().pointSizeF() - 1.0, 6.0))
        paint_units(painter, self._look, picture, names, numbers, fills, (self.font(), smaller))
        self.captions.paint(painter, self._look, self.network, picture, self._units, self.rect())

    def _paint_bands(self, painter: QPainter, picture: Picture) -> None:
        accent = self._theme.accent
        for index in self._marks.parameters:
            self._band(painter, picture, index, mix(self._theme.base, accent, 0.35))
        self._band(painter, picture, self.hovered_parameter, self._theme.grid)
        self._band(painter, picture, self._marks.parameter, accent)

    def _band(self, painter: QPainter, picture: Picture, index: int | None, color: str) -> None:
        edge = picture.edge(index)
        if edge is not None:
            width = self._look.width(int(self._levels[edge])) + 5.0
            paint_marked(painter, self._lines[edge], QColor(color), width)
            if picture.sources[edge] < 0:
                painter.setPen(QPen(QColor(color), 2.5))
                painter.setBrush(QColor(color))
                reach = picture.dot + 2.0
                painter.drawEllipse(QPointF(*picture.starts[edge].tolist()), reach, reach)

    def _paint_rings(self, painter: QPainter, picture: Picture) -> None:
        accent = QColor(self._theme.accent)
        for unit in self._marks.units:
            row = picture.row(unit)
            if row is not None:
                pen = QPen(accent, 1.4)
                pen.setDashPattern([2.5, 2.0])
                paint_ring(painter, picture, row, pen, 3.5)
        for unit, pen in (
            (self.hovered_unit, QPen(QColor(self._theme.text), 1.6)),
            (self._marks.unit, QPen(accent, 2.6)),
        ):
            row = picture.row(unit)
            if row is not None:
                paint_ring(painter, picture, row, pen, 0.5)

    # --- values on edges -------------------------------------------------------------------------

    def _meant(self, picture: Picture) -> Indices:
        """The edges of the unit under the pointer, else of the one chosen, with those chosen."""
        row = picture.row(self.hovered_unit if self.hovered_unit else self._marks.unit)
        found = EMPTY if row is None else picture.edges_of(row)
        single = (self.hovered_parameter, self._marks.parameter, *self._marks.parameters)
        edges = [edge for edge in map(picture.edge, single) if edge is not None]
        return np.union1d(found, np.array(edges, dtype=np.int64))

    def _paint_labels(self, painter: QPainter, picture: Picture, meant: Indices) -> None:
        painter.setFont(self.font())
        labels = self._labels or self._labels_for(picture, meant)
        chosen = {picture.edge(self._marks.parameter), picture.edge(self.hovered_parameter)}
        labelled = {label.edge for label in labels}
        if self._numbers is not None:
            for edge, x, y in labels:
                text = fitting(float(self._numbers[picture.parameters[edge]]))
                border = self._theme.accent if edge in chosen else ""
                locked = bool(self._held_edges[edge]) and picture.sources[edge] >= 0
                paint_plate(painter, self._look, x, y, text, border=border, locked=locked)
        weights = np.flatnonzero(self._held_edges & (picture.sources >= 0))
        if len(weights) <= MOST_LABELS:
            for edge in weights.tolist():
                if edge not in labelled:
                    middle = (picture.starts[edge] + picture.ends[edge]) / 2.0
                    paint_lock(painter, self._look, *middle.tolist())
        self._paint_notes(painter, picture)

    def _labels_for(self, picture: Picture, meant: Indices) -> list[Label]:
        size = self._label_size
        first = [picture.edge(self._marks.parameter), picture.edge(self.hovered_parameter)]
        found = place_labels(picture, [edge for edge in first if edge is not None], *size)
        row = picture.row(self.hovered_unit if self.hovered_unit else self._marks.unit)
        done = {label.edge for label in found}
        rest = [edge for edge in meant.tolist() if edge not in done]
        found += place_labels(picture, rest, *size, around=row, taken=found)
        done |= set(rest)
        nearby = [label for label in self._hover_labels if label.edge not in done]
        return found + place_labels(picture, [label.edge for label in nearby], *size, taken=found)

    def _paint_notes(self, painter: QPainter, picture: Picture) -> None:
        above = picture.radius + QFontMetricsF(self.font()).height() / 2.0 + 5.0
        for unit, text in self._marks.notes.items():
            row = picture.row(unit)
            if row is not None:
                x, y = picture.centers[row].tolist()
                border = mix(self._theme.base, self._theme.accent, 0.6)
                paint_plate(painter, self._look, x, y - above, text, border=border)

    def place_of(self, parameter: int) -> QPointF | None:
        """Where the value of an edge is written or would be; None if the edge is not drawn."""
        if self.picture is None or (edge := self.picture.edge(parameter)) is None:
            return None
        for label in self._labels or self._labels_for(self.picture, self._meant(self.picture)):
            if label.edge == edge:
                return QPointF(label.x, label.y)
        return self._lines[edge].center()

    # --- the pointer -----------------------------------------------------------------------------

    def _found(self, place: QPointF) -> tuple[Unit | None, int | None]:
        """The unit or the parameter at a place; values belong to their edges."""
        picture = self.picture
        if picture is None:
            return None, None
        row = picture.unit_at(place.x(), place.y())
        if row is not None:
            return picture.unit(row), None
        width, height = self._label_size
        for label in self._labels:
            box = QRectF(label.x - width / 2, label.y - height / 2, width, height)
            if box.contains(place):
                return None, int(picture.parameters[label.edge])
        edge = picture.edge_at(place.x(), place.y())
        return None, None if edge is None else int(picture.parameters[edge])

    def _hover(self, unit: Unit | None, parameter: int | None, place: QPointF | None = None):
        if (unit, parameter) == (self.hovered_unit, self.hovered_parameter):
            return
        self.hovered_unit, self.hovered_parameter = unit, parameter
        self._hover_labels = []
        if self.picture is not None and place is not None and parameter is not None:
            self._hover_labels = self._nearby(self.picture, place)
        self.update()
        self.hovered_changed.emit()

    def _nearby(self, picture: Picture, place: QPointF) -> list[Label]:
        """The edges close to the pointer, nearest first."""
        distances = segment_distances(picture.starts, picture.ends, place.x(), place.y())
        nearest = np.argsort(distances, kind="stable")[:MOST_NEARBY]
        return [Label(int(edge), 0, 0) for edge in nearest if distances[edge] <= NEARBY]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._found(event.position())
        self._hover(*found, event.position())
        at_fold = self._fold_at(event.position()) is not None
        points = at_fold or found != (None, None)
        self.setCursor(Qt.CursorShape.PointingHandCursor if points else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event) -> None:
        self._hover(None, None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        fold = self._fold_at(event.position())
        if fold is not None:
            self.fold_clicked.emit((fold.layer, fold.first))
        else:
            self.clicked.emit(*self._found(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit(*self._found(event.position()))

    def _fold_at(self, place: QPointF):
        if self.picture is None:
            return None
        return self.picture.fold_at(place.x(), place.y(), *self.captions.fold_size(self.font()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
