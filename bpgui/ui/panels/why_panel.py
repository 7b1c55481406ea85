"""Why backpropagation: the same gradient in three ways, and how often each multiplies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bpgui.engine.multiplications import Counted, count, formula
from bpgui.engine.problem import Problem
from bpgui.training.snapshot import Snapshot
from bpgui.training.worker import in_thread
from bpgui.ui.panels.growth_plot import GrowthPlot, WayLabel
from bpgui.ui.panels.panel import Panel, Plot, Table
from bpgui.ui.panels.plot import small_font
from bpgui.ui.theme import LIGHT, SPACING, Theme, tabular_font
from bpgui.ui.translation import QT_TRANSLATE_NOOP
from bpgui.views.why import (
    WAYS,
    Way,
    against_depth,
    against_width,
    growth_table,
    times,
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
        self.depth_plot = GrowthPlot(self.tr("By number of layers"), self)
        self.breadth_plot = GrowthPlot(self.tr("By units per layer"), self)
        self._lay_out()
        self.set_theme(LIGHT)
        self._show_nothing()

    def _build_table(self) -> None:
        self.names: dict[Way, WayLabel] = {}
        self.formulas = {way: QLabel(self) for way in WAYS}
        self.counted = {way: QLabel(self) for way in WAYS}
        self.ratios = {way: QLabel(self) for way in WAYS}
        for way in WAYS:
            name, tip = (QCoreApplication.translate("WhyPanel", text) for text in NAMES[way])
            self.names[way] = WayLabel(way, name, self)
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
        grid.setHorizontalSpacing(SPACING + SPACING // 2)
        grid.setVerticalSpacing(SPACING // 2)
        heads = ("", self.tr("by formula"), self.tr("counted"), self.tr("ratio"))
        for place, head in enumerate(heads):
            label = QLabel(head, self)
            label.setProperty("role", "muted")
            label.setFont(small_font())
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label, 0, place)
        columns: tuple[Mapping[Way, QWidget], ...] = (
            self.names,
            self.formulas,
            self.counted,
            self.ratios,
        )
        for place, widgets in enumerate(columns):
            for row, way in enumerate(WAYS, 1):
                grid.addWidget(widgets[way], row, place)
        grid.setColumnStretch(4, 1)
        plots = QHBoxLayout()
        plots.setSpacing(SPACING)
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
        for name in self.names.values():
            name.set_theme(theme)
        self.depth_plot.set_theme(theme)
        self.breadth_plot.set_theme(theme)

    def plots(self) -> tuple[Plot, ...]:
        return (
            self._plot("layers", self.tr("Multiplications by layers"), self.depth_plot),
            self._plot("units-per-layer", self.tr("Multiplications by units"), self.breadth_plot),
        )

    def _plot(self, size: str, title: str, shown: GrowthPlot) -> Plot:
        return Plot(
            f"multiplications-{size}",
            title,
            shown.plot,
            shown.plot.menu_wanted,
            partial(_data, shown, size.replace("-", "_")),
            lambda: tuple(self.names.values()),
            self.note.text,
        )

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
            self._say(
                self.tr(
                    "They are not counted here: doing them all would take too long in a network "
                    "of this size."
                )
            )
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


def _data(shown: GrowthPlot, size: str) -> Callable[[], Table] | None:
    return None if shown.growth is None else partial(growth_table, shown.growth, size)


def _text(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("role", "muted")
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
    return label
