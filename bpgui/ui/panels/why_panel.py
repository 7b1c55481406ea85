"""Why backpropagation: the same gradient in three ways, and how often each multiplies."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor, Future

from PySide6.QtCore import QCoreApplication, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

import pyqtgraph as pg  # isort: skip

from bpgui.engine.multiplications import Counted, count, formula
from bpgui.engine.problem import Problem
from bpgui.training.snapshot import Snapshot
from bpgui.training.worker import in_thread
from bpgui.ui.panels.panel import Panel
from bpgui.ui.panels.plot import CalmPlot, small_font
from bpgui.ui.theme import LIGHT, SPACING, Theme, tabular_font
from bpgui.ui.translation import QT_TRANSLATE_NOOP
from bpgui.views.axes import log_ticks
from bpgui.views.why import (
    WAYS,
    Growth,
    Way,
    against_depth,
    against_width,
    times,
    whole_ticks,
    written,
)

POLL = 50  # ms
NAMES: dict[Way, tuple[str, str]] = {
    "chain": (
        QT_TRANSLATE_NOOP("WhyPanel", "Chain rule, written out"),
        QT_TRANSLATE_NOOP(
            "WhyPanel", "Each derivative by itself: every path from its weight to the outputs."
        ),
    ),
    "differences": (
        QT_TRANSLATE_NOOP("WhyPanel", "Finite differences"),
        QT_TRANSLATE_NOOP("WhyPanel", "Two forward passes for each weight and bias."),
    ),
    "backpropagation": (
        QT_TRANSLATE_NOOP("WhyPanel", "Backpropagation"),
        QT_TRANSLATE_NOOP("WhyPanel", "One pass there and one back, with the shared factors once."),
    ),
}
STYLES = {
    "chain": Qt.PenStyle.DotLine,
    "differences": Qt.PenStyle.DashLine,
    "backpropagation": Qt.PenStyle.SolidLine,
}


class LineSample(QWidget):
    """A short piece of a plot's line, to tell what it stands for."""

    def __init__(self, way: Way, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._way = way
        self._theme = LIGHT
        self.setFixedSize(QSize(4 * SPACING, 2 * SPACING))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(pen(self._way, self._theme))
        middle = self.height() // 2
        painter.drawLine(0, middle, self.width(), middle)


def color(way: Way, theme: Theme) -> str:
    return {"chain": theme.text, "differences": theme.muted}.get(way, theme.accent)


def pen(way: Way, theme: Theme) -> QPen:
    """Of the same width whatever the scale of the plot."""
    line = QPen(QColor(color(way, theme)), 2, STYLES[way])
    line.setCosmetic(True)
    return line


class GrowthPlot(QWidget):
    """Three lines on a logarithmic axis, with dots where the present network stands."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = QLabel(title, self)
        heading.setProperty("role", "muted")
        heading.setFont(small_font())
        self.plot = CalmPlot(self)
        self.plot.setAccessibleName(title)
        self.plot.setMinimumHeight(140)
        self.plot.left.set_find(log_ticks)
        self.plot.bottom.set_find(whole_ticks)
        self.curves = {way: pg.PlotCurveItem(antialias=True) for way in WAYS}
        self.here = pg.InfiniteLine(angle=90, movable=False)
        self.marks = pg.ScatterPlotItem(size=9, pxMode=True, antialias=True)
        self.plot.add(self.here, *self.curves.values(), self.marks)
        self.growth: Growth | None = None
        self._theme = LIGHT
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(heading)
        column.addWidget(self.plot, 1)

    def show_growth(self, growth: Growth | None, message: str) -> None:
        """`message` stands where there is nothing to draw."""
        self.growth = growth
        self.plot.set_message("" if growth else message)
        self.here.setVisible(growth is not None)
        if growth is None:
            for curve in self.curves.values():
                curve.setData([], [])
            self.marks.clear()
            return
        self.plot.show_all()
        self.plot.set_limits(growth.x, growth.y)
        for way, curve in self.curves.items():
            curve.setData(growth.sizes, growth.lines[way])
        self.here.setValue(growth.here)
        self._draw_marks()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.plot.set_theme(theme)
        self.here.setPen(pg.mkPen(theme.border))
        for way, curve in self.curves.items():
            curve.setPen(pen(way, theme))
        self._draw_marks()

    def _draw_marks(self) -> None:
        if self.growth is not None:
            self.marks.setData(
                x=[self.growth.here] * len(WAYS),
                y=[self.growth.marks[way] for way in WAYS],
                brush=[pg.mkBrush(color(way, self._theme)) for way in WAYS],
                pen=pg.mkPen(self._theme.base),
            )


class WhyPanel(Panel):
    """Counts belong to the shape of a network, not to its weights, so they change with the run
    alone. The executor does the multiplications that are counted."""

    def __init__(self, executor: Executor = in_thread, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        self._problem: Problem | None = None
        self._counting: Future[dict[str, Counted] | None] | None = None
        self._to_count = False
        self._timer = QTimer(self, interval=POLL)
        self._timer.timeout.connect(self._poll)
        self._build_table()
        self.depth_plot = GrowthPlot(self.tr("Multiplications against layers"), self)
        self.breadth_plot = GrowthPlot(self.tr("Multiplications against units per layer"), self)
        self._lay_out()
        self.set_theme(LIGHT)
        self._show_nothing()

    def _build_table(self) -> None:
        self.samples = {way: LineSample(way, self) for way in WAYS}
        self.names = {way: QLabel(self) for way in WAYS}
        self.formulas = {way: QLabel(self) for way in WAYS}
        self.counted = {way: QLabel(self) for way in WAYS}
        self.ratios = {way: QLabel(self) for way in WAYS}
        for way in WAYS:
            name, tip = (QCoreApplication.translate("WhyPanel", text) for text in NAMES[way])
            self.names[way].setText(name)
            self.names[way].setToolTip(f"<p>{tip}</p>")
        for label in (*self.formulas.values(), *self.counted.values(), *self.ratios.values()):
            label.setFont(tabular_font())
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _lay_out(self) -> None:
        self.text = _text(
            self.tr(
                "All three ways give the same gradient of one sample. Written out, the chain rule "
                "multiplies the same factors again on every path from a weight to an output, and "
                "differences pass forward twice for each weight. Backpropagation computes each "
                "error signal delta once and shares it with all that lies before: about the work "
                "of three forward passes, however many weights there are."
            )
        )
        self.note = _text("")
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * SPACING)
        grid.setVerticalSpacing(SPACING // 2)
        heads = ("", "", self.tr("by formula"), self.tr("counted"), self.tr("times as many"))
        for place, head in enumerate(heads):
            label = QLabel(head, self)
            label.setProperty("role", "muted")
            label.setFont(small_font())
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label, 0, place)
        columns: tuple[Mapping[Way, QWidget], ...] = (
            self.samples,
            self.names,
            self.formulas,
            self.counted,
            self.ratios,
        )
        for place, widgets in enumerate(columns):
            for row, way in enumerate(WAYS, 1):
                grid.addWidget(widgets[way], row, place)
        grid.setColumnStretch(5, 1)
        plots = QHBoxLayout()
        plots.setSpacing(2 * SPACING)
        plots.addWidget(self.depth_plot, 1)
        plots.addWidget(self.breadth_plot, 1)
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        column.setSpacing(SPACING)
        column.addLayout(grid)
        column.addWidget(self.note)
        column.addLayout(plots, 1)
        column.addWidget(self.text)
        area = QScrollArea(self)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    # --- what the main window calls --------------------------------------------------------------

    def set_problem(self, problem: Problem) -> None:
        before, self._problem = self._problem, problem
        if before is None or (before.network, before.loss) != (problem.network, problem.loss):
            self._timer.stop()
            self._counting, self._to_count = None, True
            self._show_formulas(problem)

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """The first snapshot that is seen of a network has its multiplications counted."""
        if self._problem is not None and self._to_count:
            self._to_count = False
            self._counting = self._executor.submit(count, self._problem, snapshot.parameters)
            self._timer.start()
            self._poll()

    def set_theme(self, theme: Theme) -> None:
        for sample in self.samples.values():
            sample.set_theme(theme)
        self.depth_plot.set_theme(theme)
        self.breadth_plot.set_theme(theme)

    # --- what is told ----------------------------------------------------------------------------

    def _show_formulas(self, problem: Problem) -> None:
        counts = formula(problem.network, problem.loss)
        for way in WAYS:
            own = getattr(counts, way)
            self.formulas[way].setText(written(own))
            self.counted[way].setText("")
            self.ratios[way].setText(times(own, counts.backpropagation))
        self.note.setText(self._network_in_words(problem))
        self.breadth_plot.show()
        nothing = self.tr("This network has no hidden layer that could grow.")
        self.depth_plot.show_growth(against_depth(problem.network, problem.loss), "")
        self.breadth_plot.show_growth(against_width(problem.network, problem.loss), nothing)

    def _network_in_words(self, problem: Problem) -> str:
        network = problem.network
        sizes = [network.inputs, *(layer.units for layer in network.layers)]
        return self.tr("Multiplications for one sample in {sizes}; the dots mark it.").format(
            sizes="-".join(map(str, sizes))
        )

    def _poll(self) -> None:
        if self._counting is None or not self._counting.done():
            return
        self._timer.stop()
        counting, self._counting = self._counting, None
        assert self._problem is not None
        if counting.cancelled() or counting.exception() is not None:
            self._say(self.tr("They could not be counted here: the worker process has ended."))
            return
        found = counting.result()
        if found is None:
            text = self.tr("To count them by doing them, this network has too many.")
            self._say(text)
            return
        for way in WAYS:
            self.counted[way].setText(f"{found[way].multiplications:,}")

    def _say(self, text: str) -> None:
        assert self._problem is not None
        for label in self.counted.values():
            label.setText("–")
        self.note.setText(f"{self._network_in_words(self._problem)} {text}")

    def _show_nothing(self) -> None:
        self.breadth_plot.hide()
        text = self.tr("Open an experiment to see what its gradient costs.")
        self.depth_plot.show_growth(None, text)


def _text(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("role", "muted")
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
    return label
