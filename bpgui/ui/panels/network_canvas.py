"""The picture of a network under the pointer: what it is at, and what is clicked."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from bpgui.ui.panels.network_surface import NetworkSurface
from bpgui.views.names import unit_name
from bpgui.views.network_picture import Fold, Unit
from bpgui.views.outer_names import outer_at

NEARBY = 40.0  # pixels around the pointer in which edges get their values
MOST_NEARBY = 6


class NetworkCanvas(NetworkSurface):
    """Tells what the pointer is at, and marks it; what a click means is for others to decide."""

    hovered_changed = Signal()
    clicked = Signal(object, object)  # Unit or None, parameter or None
    double_clicked = Signal(object, object)
    fold_clicked = Signal(object)  # the first Unit that is folded away

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _found(self, place: QPointF) -> tuple[Unit | None, int | None]:
        """The unit or the parameter at a place; values belong to their edges."""
        picture = self.picture
        if picture is None:
            return None, None
        row = picture.unit_at(place.x(), place.y())
        if row is not None:
            return picture.unit(row), None
        metrics = QFontMetricsF(self.font())
        for label in self._labels:
            text, x = self._text_at(picture, label)
            near = metrics.horizontalAdvance(text) / 2.0 + 2.0, metrics.height() / 2.0
            if abs(place.x() - x) <= near[0] and abs(place.y() - label.y) <= near[1]:
                return None, int(picture.parameters[label.edge])
        edge = picture.edge_at(place.x(), place.y())
        return None, None if edge is None else int(picture.parameters[edge])

    def _hover(
        self, unit: Unit | None, parameter: int | None, place: QPointF | None = None
    ) -> None:
        if (unit, parameter) == (self.hovered_unit, self.hovered_parameter):
            return
        self.hovered_unit, self.hovered_parameter = unit, parameter
        self._nearby = []
        if self.picture is not None and place is not None and parameter is not None:
            self._nearby = self.picture.edges_near(place.x(), place.y(), NEARBY, MOST_NEARBY)
            self._share = self.picture.share_along(parameter, place.x(), place.y())
        self.update()
        self.hovered_changed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._found(event.position())
        self._hover(*found, event.position())
        at_fold = self._fold_at(event.position()) is not None
        points = at_fold or found != (None, None)
        self.setCursor(Qt.CursorShape.PointingHandCursor if points else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event: QEvent) -> None:
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

    def event(self, event: QEvent) -> bool:
        """The name of an input or an output in full, where it is cut."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.name_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def name_at(self, place: QPointF) -> str:
        """What the data calls the unit at a place or beside it, "" for none."""
        if self.picture is None or self.network is None:
            return ""
        row = outer_at(self.picture, place.x(), place.y())
        if row is None:
            return ""
        unit = self.picture.unit(row)
        name, given = unit_name(self.network, *unit), self.given_name(unit)
        derived = unit[0] == 0 and self.network.input_names
        return given if derived or not given else f"{name}: {given}"

    def given_name(self, unit: Unit) -> str:
        """What the data calls a unit, "" for nothing else than its own name."""
        layers = 0 if self.network is None else len(self.network.layers)
        return self.captions.given_name(self.names, layers, unit)

    def _fold_at(self, place: QPointF) -> Fold | None:
        if self.picture is None:
            return None
        return self.picture.fold_at(place.x(), place.y(), *self.captions.fold_size(self.font()))
