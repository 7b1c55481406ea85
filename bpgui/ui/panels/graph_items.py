"""The items of a computation graph's drawing: a box for each node, and all wires."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from bpgui.ui.panels.graph_drawing import BOX, ROW, GraphDrawing, backward_color, forward_color
from bpgui.ui.theme import SPACING, Theme, mix
from bpgui.views.graph_layout import Wire

ENTRY = 9.0  # between the wires that enter a node


class NodeItem(QGraphicsItem):
    """A box with the operation's sign, its name above, and behind it the wire with the value above
    and the gradient below."""

    column = 0
    width = BOX
    stub = 0.0

    def __init__(self, scene: GraphDrawing, node: int, sign: str, name: str) -> None:
        super().__init__()
        self.drawing, self.node, self.sign, self.name = scene, node, sign, name
        self.is_input = not sign
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def box_width(self) -> float:
        text = self.name if self.is_input else self.sign
        width = QFontMetricsF(self.drawing.font_bold).horizontalAdvance(text)
        above = 0.0 if self.is_input else self.drawing.width_of(self.name)
        return max(BOX + 6.0, width + 2.0 * SPACING, above)

    def text_width(self) -> float:
        drawing = self.drawing
        texts = (drawing.value(self.node), drawing.gradient(self.node))
        return max(map(drawing.width_of, texts)) + 1.5 * SPACING

    def boundingRect(self) -> QRectF:
        height = ROW - 4.0
        return QRectF(-3.0, -height / 2.0 - 4.0, self.width + self.stub + 3.0, height + 4.0)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self.boundingRect())
        return path

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, shown = self.drawing.theme, self.drawing.shown
        forward, backward = QColor(forward_color(theme)), QColor(backward_color(theme))
        active = shown.step is not None and shown.step.node == self.node
        outline = QColor(theme.border)
        if active and shown.step is not None:
            outline = forward if shown.step.direction == "forward" else backward
        box = QRectF(0.0, -BOX / 2.0, self.width, BOX)
        chosen = shown.chosen == self.node
        fill = mix(theme.base, outline.name(), 0.16) if chosen else theme.alternate
        painter.setPen(QPen(outline, 2.5 if chosen or active else 1.2))
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(box, *((4.0, 4.0) if self.is_input else (BOX / 2, BOX / 2)))
        painter.setPen(QColor(theme.text))
        painter.setFont(self.drawing.font_bold)
        text = self.name if self.is_input else self.sign
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        self._paint_name(painter, theme)
        painter.setPen(self._wire_pen(theme))
        painter.drawLine(QPointF(self.width, 0.0), QPointF(self.width + self.stub, 0.0))
        self._paint_numbers(painter, forward, backward)

    def _wire_pen(self, theme: Theme) -> QPen:
        """The wire behind a node is colored like those that begin at it."""
        step, found = self.drawing.shown.step, self.drawing.found
        assert found is not None
        if step is not None and step.direction == "forward":
            if self.node in found.graph.nodes[step.node].operands:
                return QPen(QColor(forward_color(theme)), 2.5)
        elif step is not None and step.node == self.node and found.contributions[self.node]:
            return QPen(QColor(backward_color(theme)), 2.5)
        return QPen(QColor(theme.border), 1.2)

    def _paint_name(self, painter: QPainter, theme: Theme) -> None:
        if self.is_input or not self.name:
            return
        assert self.drawing.found is not None
        named = bool(self.drawing.found.graph.nodes[self.node].names)
        painter.setFont(self.drawing.font_plain)
        painter.setPen(QColor(theme.text if named else theme.muted))
        above = QRectF(-20.0, -BOX / 2.0 - 16.0, self.width + 40.0, 15.0)
        painter.drawText(above, Qt.AlignmentFlag.AlignCenter, self.name)

    def _paint_numbers(self, painter: QPainter, forward: QColor, backward: QColor) -> None:
        shown = self.drawing.shown
        painter.setFont(self.drawing.font_plain)
        left, width = self.width + 2.0, self.stub - 4.0
        if self.node in shown.values:
            painter.setPen(forward)
            above = QRectF(left, -18.0, width, 16.0)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, self.drawing.value(self.node))
        if self.node in shown.gradients:
            painter.setPen(backward)
            below = QRectF(left, 2.0, width, 16.0)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.drawing.gradient(self.node))


class WireItem(QGraphicsItem):
    """All wires, behind the nodes; those of the last step are colored."""

    def __init__(self, scene: GraphDrawing) -> None:
        super().__init__()
        self.drawing = scene
        self.setZValue(-1.0)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        assert scene.layout is not None
        self.paths = [(wire, self._path(wire)) for wire in scene.layout.wires]
        self.bounds = QRectF()
        for _, path in self.paths:
            self.bounds = self.bounds.united(path.boundingRect())
        self.bounds.adjust(-2.0, -20.0, 2.0, 20.0)

    def boundingRect(self) -> QRectF:
        return self.bounds

    def end(self, wire: Wire) -> QPointF:
        """Where a wire enters its node: the operands one below the other."""
        drawing = self.drawing
        assert drawing.layout is not None
        entering = [other for other in drawing.layout.wires if other.target == wire.target]
        # as they come from above to below, so that they do not cross at the end
        entering.sort(key=self._height)
        place = entering.index(wire) - (len(entering) - 1) / 2.0
        spread = min(ENTRY, (BOX - 6.0) / max(len(entering) - 1, 1))
        spot = drawing.layout.spots[wire.target]
        return QPointF(drawing.frame.lefts[spot.column], spot.row * ROW + place * spread)

    def _height(self, wire: Wire) -> tuple[float, int]:
        assert self.drawing.layout is not None
        from_here = wire.way[-1] if wire.way else self.drawing.layout.spots[wire.source]
        return from_here.row, wire.position

    def _path(self, wire: Wire) -> QPainterPath:
        drawing = self.drawing
        assert drawing.layout is not None
        spot, frame = drawing.layout.spots[wire.source], drawing.frame
        path = QPainterPath(QPointF(frame.right(spot.column), spot.row * ROW))
        for bend in wire.way:
            _curve(path, QPointF(frame.lefts[bend.column], bend.row * ROW))
            path.lineTo(frame.right(bend.column), bend.row * ROW)
        end = self.end(wire)
        if drawing.shares(wire.source):
            level = drawing.width_of(drawing.contribution(wire)) + SPACING
            _curve(path, end - QPointF(level, 0.0))
            path.lineTo(end)
        else:
            _curve(path, end)
        return path

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, shown = self.drawing.theme, self.drawing.shown
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(self.drawing.font_plain)
        for wire, path in self.paths:
            pen = QPen(QColor(theme.border), 1.2)
            step = shown.step
            if step is not None and step.direction == "forward" and step.node == wire.target:
                pen = QPen(QColor(forward_color(theme)), 2.5)
            if step is not None and step.direction == "back" and step.node == wire.source:
                pen = QPen(QColor(backward_color(theme)), 2.5)
            painter.setPen(pen)
            painter.drawPath(path)
            if self.drawing.shares(wire.source) and wire.target in shown.gradients:
                painter.setPen(QColor(backward_color(theme)))
                self._paint_contribution(painter, wire, path.currentPosition())

    def _paint_contribution(self, painter: QPainter, wire: Wire, end: QPointF) -> None:
        """Above the upper wires of a node and below the lower ones, so that they keep apart."""
        assert self.drawing.layout is not None
        middle = self.drawing.layout.spots[wire.target].row * ROW
        top = end.y() + 2.0 if end.y() >= middle else end.y() - 17.0
        width = self.drawing.width_of(self.drawing.contribution(wire)) + SPACING
        area = QRectF(end.x() - width - 2.0, top, width, 15.0)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.drawing.contribution(wire))


def _curve(path: QPainterPath, end: QPointF) -> None:
    """On to `end`, leaving and arriving level."""
    start = path.currentPosition()
    middle = (start.x() + end.x()) / 2.0
    path.cubicTo(QPointF(middle, start.y()), QPointF(middle, end.y()), end)
