"""The drawing of a computation graph, as circuits are drawn: values above the wires on the way
forward, gradients below them on the way back."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from html import escape

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsScene,
    QStyleOptionGraphicsItem,
    QWidget,
)

from bpgui.engine.graph import GraphPass, shortened
from bpgui.ui.panels.plot import small_font
from bpgui.ui.theme import LIGHT, SPACING, Theme, mix, tabular_font
from bpgui.views.graph_layout import Layout, Wire, lay_out
from bpgui.views.graph_nodes import LONGEST_NAME, Step, labels, sign
from bpgui.views.numbers import format_number

ROW = 60.0  # height of a row
BOX = 26.0  # height of a node
GAP = 30.0  # between columns, for wires to bend in
ENTRY = 9.0  # between the wires that enter a node
LONGEST_SIGN = 18
DIGITS = 4  # tooltips and formulas have all

# Violet and the green of values stay far apart in the common color blindnesses, and neither is
# orange or blue, which tell signs.
BACKWARD = {"light": "#7a1fa2", "dark": "#c084fc"}


def forward_color(theme: Theme) -> str:
    return theme.train


def backward_color(theme: Theme) -> str:
    return BACKWARD[theme.name]


@dataclass(frozen=True, slots=True)
class Shown:
    """How far the steps have come: nodes whose value and whose gradient are known, the last step,
    and the node that is chosen."""

    values: Set[int] = field(default_factory=frozenset)
    gradients: Set[int] = field(default_factory=frozenset)
    step: Step | None = None
    chosen: int | None = None


@dataclass(slots=True)
class Frame:
    """Where the columns lie: the left edge, the width of the boxes and of the numbers behind."""

    lefts: list[float]
    boxes: list[float]
    stubs: list[float]

    def right(self, column: int) -> float:
        return self.lefts[column] + self.boxes[column] + self.stubs[column]


class GraphScene(QGraphicsScene):
    """Draws a pass. Nodes are items, so that they can be pointed at; wires are one item behind."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = LIGHT
        self.shown = Shown()
        self.font_plain = small_font()
        self.font_bold = QFont(tabular_font())
        self.font_bold.setBold(True)
        self.nodes: dict[int, NodeItem] = {}
        self.found: GraphPass | None = None
        self.layout: Layout | None = None
        self.frame = Frame([], [], [])

    def show_pass(self, found: GraphPass | None) -> None:
        """Draw another pass; of the same graph, nodes keep their places."""
        same = self.found is not None and found is not None and found.graph == self.found.graph
        self.found = found
        if not same:
            self.layout = None if found is None else lay_out(found.graph)
        self._arrange()

    def set_shown(self, shown: Shown) -> None:
        self.shown = shown
        for item in self.nodes.values():
            item.setToolTip(self._tip(item.node))
        self.update()

    def _tip(self, node: int) -> str:
        """The node's part of the expression, what of its numbers is known, in full, and what is
        special there."""
        assert self.found is not None
        told = [f"<b>{escape(shortened(self.found.graph.nodes[node].text, 200))}</b>"]
        if node in self.shown.values:
            value = format_number(self.found.values[node])
            told.append(self.tr("value {number}").format(number=value))
        if node in self.shown.gradients:
            gradient = format_number(self.found.gradients[node])
            told.append(self.tr("gradient {number}").format(number=gradient))
        return "<br>".join([*told, *filter(None, [escape(self.found.notes[node])])])

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    # --- places -----------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.clear()
        self.nodes = {}
        if self.found is None or self.layout is None:
            return
        graph, names = self.found.graph, labels(self.found.graph)
        for node, spot in self.layout.spots.items():
            name = shortened(names[node], LONGEST_NAME) if sign(graph, node) != names[node] else ""
            item = NodeItem(self, node, shortened(sign(graph, node), LONGEST_SIGN), name)
            item.column = spot.column
            self.nodes[node] = item
        self.frame = self._measure(self.layout)
        for node, item in self.nodes.items():
            spot = self.layout.spots[node]
            item.width = self.frame.boxes[spot.column]
            item.stub = self.frame.stubs[spot.column]
            item.setPos(self.frame.lefts[spot.column], spot.row * ROW)
            self.addItem(item)
        self.addItem(WireItem(self))
        self.setSceneRect(self.itemsBoundingRect().adjusted(-SPACING, -SPACING, SPACING, SPACING))

    def _measure(self, layout: Layout) -> Frame:
        columns = layout.columns
        boxes, stubs, gaps = [BOX] * columns, [0.0] * columns, [GAP] * columns
        for item in self.nodes.values():
            boxes[item.column] = max(boxes[item.column], item.box_width())
            stubs[item.column] = max(stubs[item.column], item.text_width())
        for wire in layout.wires:
            if self.shares(wire.source):
                before = layout.spots[wire.target].column
                width = self.width_of(self.contribution(wire)) + 2.0 * SPACING
                gaps[before] = max(gaps[before], GAP + width)
        lefts, x = [], 0.0
        for column in range(columns):
            x += gaps[column] if column else 0.0
            lefts.append(x)
            x += boxes[column] + stubs[column]
        return Frame(lefts, boxes, stubs)

    def width_of(self, text: str) -> float:
        return QFontMetricsF(self.font_plain).horizontalAdvance(text)

    # --- what is written --------------------------------------------------------------------------

    def number(self, value: float) -> str:
        return format_number(value, DIGITS).replace("-", "−").replace("nan", "undefined")

    def value(self, node: int) -> str:
        assert self.found is not None
        return self.number(self.found.values[node])

    def gradient(self, node: int) -> str:
        assert self.found is not None
        return self.number(self.found.gradients[node])

    def shares(self, node: int) -> bool:
        """Whether several uses hand back their parts, which then are written on the wires."""
        assert self.found is not None
        return len(self.found.contributions[node]) > 1

    def contribution(self, wire: Wire) -> str:
        """What flows back along a wire; empty where the target hands nothing back."""
        assert self.found is not None
        for use in self.found.contributions[wire.source]:
            if (use.user, use.position) == (wire.target, wire.position):
                return self.number(use.gradient)
        return ""


class NodeItem(QGraphicsItem):
    """A box with the operation's sign, its name above, and behind it the wire with the value above
    and the gradient below."""

    column = 0
    width = BOX
    stub = 0.0

    def __init__(self, scene: GraphScene, node: int, sign: str, name: str) -> None:
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

    def __init__(self, scene: GraphScene) -> None:
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
