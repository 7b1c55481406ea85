"""The drawing of a computation graph, as circuits are drawn: values above the wires on the way
forward, gradients below them on the way back."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QWidget

from bpgui.engine.graph import GraphPass
from bpgui.engine.names import shortened
from bpgui.ui.panels.graph_drawing import BOX, ROW, Frame, GraphDrawing, Shown
from bpgui.ui.panels.graph_items import NodeItem, WireItem
from bpgui.ui.theme import SPACING, Theme
from bpgui.views.graph_layout import Layout, lay_out
from bpgui.views.graph_nodes import LONGEST_NAME, labels, sign
from bpgui.views.numbers import format_number

GAP = 30.0  # between columns, for wires to bend in
LONGEST_SIGN = 18


class GraphScene(GraphDrawing):
    """Draws a pass. Nodes are items, so that they can be pointed at; wires are one item behind."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.nodes: dict[int, NodeItem] = {}

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
