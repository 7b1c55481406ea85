"""What is drawn of a computation graph: its pass, how far the steps have come, where its columns
lie, and the numbers as they are written."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field

from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QGraphicsScene, QWidget

from bpgui.engine.graph import GraphPass
from bpgui.ui.panels.plot import small_font
from bpgui.ui.theme import LIGHT, Theme, tabular_font
from bpgui.views.graph_layout import Layout, Wire
from bpgui.views.graph_nodes import Step
from bpgui.views.numbers import format_number

ROW = 60.0  # height of a row
BOX = 26.0  # height of a node
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


class GraphDrawing(QGraphicsScene):
    """What the items of a drawing ask it for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = LIGHT
        self.shown = Shown()
        self.font_plain = small_font()
        self.font_bold = QFont(tabular_font())
        self.font_bold.setBold(True)
        self.found: GraphPass | None = None
        self.layout: Layout | None = None
        self.frame = Frame([], [], [])

    def width_of(self, text: str) -> float:
        return QFontMetricsF(self.font_plain).horizontalAdvance(text)

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
