"""The surface on which a network is drawn. Edges and units are painted once per change of what they
show; what the pointer and the selection add is painted over them."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpgui.engine.network import BoolArray, FloatArray, Network
from bpgui.ui.panels.kept_parts import KeptParts
from bpgui.ui.panels.network_captions import Captions, margins
from bpgui.ui.panels.network_maps import SMALLEST, large_map_area, paint_large_map, paint_maps
from bpgui.ui.panels.network_marks import Marks, paint_bands, paint_notes, paint_rings
from bpgui.ui.panels.network_painting import (
    PLATE,
    Look,
    lines_of,
    paint_discs,
    paint_edges,
    paint_inscriptions,
    paint_lock,
    paint_plate,
)
from bpgui.ui.panels.plot import small_font
from bpgui.ui.theme import LIGHT, Theme
from bpgui.views.names import Indices, unit_name
from bpgui.views.network_edges import (
    LABEL_CHARACTERS,
    MARGIN,
    Label,
    Levels,
    all_labels,
    around_share,
    edge_scale,
    fitting,
    levels,
    place_labels,
    unit_texts,
)
from bpgui.views.network_picture import Picture, Unit, lay_out
from bpgui.views.outer_names import OuterNames
from bpgui.views.scale import Scale
from bpgui.views.unit_maps import UnitMaps
from bpgui.views.unit_values import UnitValues

FEWEST_CHARACTERS = 5
MOST_LABELS = 40  # of a picture whose edges all have their values beside them
DIMMED = 0.35
DENSE = 24  # edges from which on those that are not meant step back
EMPTY: Indices = np.empty(0, dtype=np.int64)


class NetworkSurface(QWidget):
    """Paints a network with what is under the pointer and what is marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFont(small_font())
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.captions = Captions()
        self.network: Network | None = None
        self.names = OuterNames()
        self.picture: Picture | None = None
        self.hovered_unit: Unit | None = None
        self.hovered_parameter: int | None = None
        self._theme = LIGHT
        self._look = Look(LIGHT, 4.0)
        self._lines: list[QLineF] = []
        self._kept = KeptParts(self)
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
        self._maps: UnitMaps | None = None
        self._levels: Levels = np.empty(0, dtype=np.int8)
        self._held_edges: BoolArray = np.empty(0, dtype=np.bool_)
        self._labels: list[Label] = []
        self._nearby: list[int] = []
        self._share = 0.5
        self._kept.forget()

    def sizeHint(self) -> QSize:
        return QSize(560, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 140)

    # --- what is shown ---------------------------------------------------------------------------

    def set_network(self, network: Network | None, names: OuterNames) -> None:
        self.network, self.names = network, names
        self._marks = Marks()
        self._forget()
        self.hovered_unit = self.hovered_parameter = None
        self._lay_out()

    def set_message(self, text: str) -> None:
        if text != self._message:
            self._message = text
            self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._look = Look(theme, self._look.widest)
        self._kept.forget()
        self.update()

    def set_values(self, values: FloatArray | None, scale: Scale, held: BoolArray) -> None:
        """The strengths of edges: `values` (size,), None for none yet, and `held` (size,)."""
        self._values, self._scale, self._held = values, scale, held
        self._set_strengths()

    def set_numbers(self, values: FloatArray | None, units: UnitValues | None) -> None:
        """The numbers that are written out, on edges and in units."""
        before, self._numbers, self._units = self._units, values, units
        if before is None or units is None or not np.array_equal(before.target, units.target):
            self._kept.forget("captions")
        if units is not None:
            largest = np.array([np.abs(a).max(initial=0.0) for a in units.activations])
            self._unit_scale = edge_scale(self._unit_scale, largest, "weights")
        self._kept.forget("units")
        self.update()

    def set_maps(self, maps: UnitMaps | None) -> None:
        """What units compute over the plane of the inputs; None fills them by their activation."""
        self._maps = maps
        self._kept.forget("units")
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
            self._kept.forget("edges")
            self.update()

    def _lay_out(self) -> None:
        self._kept.forget()
        self._levels = np.empty(0, dtype=np.int8)
        self._nearby = []
        if self.network is None or self.width() < 10 or self.height() < 10:
            self.picture, self._lines, self._labels = None, [], []
        else:
            metrics = QFontMetricsF(self.font())
            area = margins(self.captions, metrics, self.names, self.width(), self.height())
            self.picture = lay_out(self.network, area, self._marks.keep)
            self._lines = lines_of(self.picture)
            self._look = Look(self._theme, self.picture.widest_edge)
            self._labels = all_labels(self.picture, *self._label_size, MOST_LABELS)
            self._set_strengths()
        self.update()

    @property
    def _label_size(self) -> tuple[float, float]:
        metrics = QFontMetricsF(self.font())
        return metrics.horizontalAdvance("0" * self._characters) + 2.0 * PLATE, metrics.height()

    @property
    def _characters(self) -> int:
        """How long a value on an edge may be: where columns are close, less than elsewhere."""
        if self.picture is None:
            return LABEL_CHARACTERS
        gap = self.picture.column_pitch - 2.0 * (self.picture.radius + PLATE + MARGIN)
        room = int(gap / QFontMetricsF(self.font()).horizontalAdvance("0"))
        return min(max(room, FEWEST_CHARACTERS), LABEL_CHARACTERS)

    # --- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.base))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.picture is not None and len(self._levels) == len(self._lines):
            self._paint(painter, self.picture)
        if self._message:
            middle = QPointF(self.rect().center())
            paint_plate(painter, self._look, middle.x(), middle.y(), self._message)
        if self.hasFocus():
            painter.setPen(QColor(self._theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _paint(self, painter: QPainter, picture: Picture) -> None:
        meant = self._meant(picture)
        about_unit = self.hovered_unit or self._marks.unit
        stepping_back = about_unit and len(meant) and len(self._lines) > DENSE
        painter.setOpacity(DIMMED if stepping_back else 1.0)
        ground = self._theme.base
        self._kept.put(painter, "edges", partial(self._paint_edges, picture), ground)
        painter.setOpacity(1.0)
        bands = (self.hovered_parameter, self._marks)
        paint_bands(painter, self._look, picture, self._lines, self._levels, *bands)
        if len(meant):
            paint_edges(
                painter, self._look, picture, self._lines, self._levels, self._held_edges, meant
            )
        self._kept.put(painter, "units", partial(self._paint_units, picture))
        self._kept.put(painter, "captions", partial(self._paint_captions, picture))
        paint_rings(painter, self._look, picture, self.hovered_unit, self._marks)
        self._paint_labels(painter, picture, meant)
        area = large_map_area(picture)
        if about_unit is not None and self._maps is not None and area is not None:
            paint_large_map(painter, area, about_unit, self._maps, self._theme)

    def _paint_edges(self, picture: Picture, painter: QPainter) -> None:
        paint_edges(painter, self._look, picture, self._lines, self._levels, self._held_edges)

    def _paint_units(self, picture: Picture, painter: QPainter) -> None:
        assert self.network is not None
        units = map(picture.unit, range(len(picture.units)))
        featured = bool(self.network.input_names)  # whose names stand beside them
        names = ["" if featured and at[0] == 0 else unit_name(self.network, *at) for at in units]
        numbers, fills = [""] * len(names), [0] * len(names)
        if self._units is not None and self._unit_scale is not None:
            numbers, fills = unit_texts(picture, self._units.activations, self._unit_scale)
        smaller = QFont(self.font())
        smaller.setPointSizeF(max(self.font().pointSizeF() - 1.0, 6.0))
        fonts = (self.font(), smaller)
        paint_discs(painter, self._look, picture, fills)
        if self._maps is not None and picture.radius >= SMALLEST:
            paint_maps(painter, picture, self._maps, self._theme)
        paint_inscriptions(painter, self._look, picture, names, numbers, fonts)

    def _paint_captions(self, picture: Picture, painter: QPainter) -> None:
        assert self.network is not None
        painter.setFont(self.font())
        about = (self.network, self.names, picture, self._units, self.rect())
        self.captions.paint(painter, self._look, *about)

    # --- values on edges -------------------------------------------------------------------------

    def _meant(self, picture: Picture) -> Indices:
        """The edges of the unit under the pointer, else of the one chosen, with those chosen."""
        row = picture.row(self.hovered_unit if self.hovered_unit else self._marks.unit)
        found = EMPTY if row is None else picture.edges_of(row)
        single = (self.hovered_parameter, self._marks.parameter, *self._marks.parameters)
        edges = [edge for edge in map(picture.edge, single) if edge is not None]
        return np.array(sorted({*found.tolist(), *edges}), dtype=np.int64)

    def _paint_labels(self, painter: QPainter, picture: Picture, meant: Indices) -> None:
        painter.setFont(self.font())
        labels = self._labels or self._labels_for(picture, meant)
        labels = [] if self._numbers is None else labels
        chosen = {picture.edge(self._marks.parameter), picture.edge(self.hovered_parameter)}
        labelled = {label.edge for label in labels}
        for label in labels:
            text, x = self._text_at(picture, label)
            border = self._theme.accent if label.edge in chosen else ""
            locked = bool(self._held_edges[label.edge]) and picture.sources[label.edge] >= 0
            paint_plate(painter, self._look, x, label.y, text, border=border, locked=locked)
        weights = np.flatnonzero(self._held_edges & (picture.sources >= 0))
        if len(weights) <= MOST_LABELS:
            for edge in weights.tolist():
                if edge not in labelled:
                    middle = (picture.starts[edge] + picture.ends[edge]) / 2.0
                    paint_lock(painter, self._look, *middle.tolist())
        paint_notes(painter, self._look, picture, self._marks)

    def _text_at(self, picture: Picture, label: Label) -> tuple[str, float]:
        """What a value says, and where its middle is: those of biases begin at their dots."""
        if self._numbers is None:
            return "", label.x
        text = fitting(float(self._numbers[picture.parameters[label.edge]]), self._characters)
        if picture.sources[label.edge] >= 0 or label.y != picture.starts[label.edge, 1]:
            return text, label.x
        width = QFontMetricsF(self.font()).horizontalAdvance(text) + 2.0 * PLATE
        return text, label.x - (self._label_size[0] - width) / 2.0

    def _labels_for(self, picture: Picture, meant: Indices) -> list[Label]:
        size = self._label_size
        chosen = picture.edge(self._marks.parameter)
        found = place_labels(picture, [] if chosen is None else [chosen], *size)
        row = picture.row(self.hovered_unit if self.hovered_unit else self._marks.unit)
        by_pointer = around_share(self._share)
        near = [edge for edge in self._nearby if edge != chosen]
        found += place_labels(picture, near, *size, taken=found, along=by_pointer)
        done = {label.edge for label in found}
        rest = [edge for edge in meant.tolist() if edge not in done]
        return found + place_labels(picture, rest, *size, around=row, taken=found)

    def place_of(self, parameter: int) -> QPointF | None:
        """Where the value of an edge is written or would be; None if the edge is not drawn."""
        if self.picture is None or (edge := self.picture.edge(parameter)) is None:
            return None
        for label in self._labels or self._labels_for(self.picture, self._meant(self.picture)):
            if label.edge == edge:
                return QPointF(self._text_at(self.picture, label)[1], label.y)
        return self._lines[edge].center()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
