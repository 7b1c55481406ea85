"""Graph: an expression as a computation graph, stepped through forward and back.

It needs no run: what is typed is worked out at once. An expression or a value that is wrong leaves
the last good graph, dimmed, until it is mended.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from bpgui.engine.expression import parse
from bpgui.engine.graph import ExpressionError, Fault, GraphPass, backpropagate
from bpgui.experiment.graphs import builtin_graphs
from bpgui.ui.formula import FormulaView
from bpgui.ui.panels.graph_bar import GraphBar
from bpgui.ui.panels.graph_drawing import Shown, backward_color, forward_color
from bpgui.ui.panels.graph_inputs import GraphInputs
from bpgui.ui.panels.graph_scene import GraphScene
from bpgui.ui.panels.graph_view import SMALLEST, GraphView
from bpgui.ui.panels.panel import Plot, Table, View
from bpgui.ui.panels.plot import small_font
from bpgui.ui.theme import LIGHT, SPACING, Theme
from bpgui.views.graph_layout import MOST_DRAWN, drawn
from bpgui.views.graph_nodes import Explainer, Step, Told, as_csv, as_text, steps
from bpgui.views.graph_table import columns
from bpgui.views.rendering import Row, row
from bpgui.views.writing import FULL_DIGITS, Style

PATIENCE = 500  # milliseconds until a half-typed expression is called wrong
LEFT_WIDTH, BELOW_HEIGHT = 264, 236  # pixels
DIMMED = 0.4


class GraphPanel(View):
    """The workspace beside the network: the drawing, which is wide, above; the fields and the
    formulas of the chosen node below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._digits = FULL_DIGITS
        self._found: GraphPass | None = None
        self._steps: tuple[Step, ...] = ()
        self._done = 0
        self._stepping = False  # else all is worked out, and no step is pointed out
        self._faults: tuple[Fault, ...] = ()
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self.set_patience(PATIENCE)
        self._patience.timeout.connect(self._show_faults)
        self.inputs = GraphInputs(self)
        self.scene = GraphScene(self)
        self.view = GraphView(self.scene, self)
        self.formulas = FormulaView(self)
        self.empty = self._empty_page()
        self.bar = GraphBar(self)
        self.legend = self._legend()
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.view)
        self.inputs.show_graph(next(iter(builtin_graphs().values())))

    # --- building ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        fields = QScrollArea(self)
        fields.setWidgetResizable(True)
        fields.setFrameShape(QFrame.Shape.NoFrame)
        fields.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        fields.setWidget(self.inputs)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.view)
        self.pages.addWidget(self.empty)
        self.explained = QScrollArea(self)
        self.explained.setWidgetResizable(True)
        self.explained.setFrameShape(QFrame.Shape.NoFrame)
        self.explained.setWidget(self.formulas)
        self.explained.setAccessibleName(self.tr("Formulas of the chosen node"))
        above = QWidget(self)
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addWidget(self.bar)
        column.addWidget(self.pages, 1)
        below = QSplitter(Qt.Orientation.Horizontal, self)
        below.addWidget(fields)
        below.addWidget(self.explained)
        below.setChildrenCollapsible(False)
        below.setStretchFactor(1, 1)
        below.setSizes([LEFT_WIDTH, 600])
        parts = QSplitter(Qt.Orientation.Vertical, self)
        parts.addWidget(above)
        parts.addWidget(below)
        parts.setChildrenCollapsible(False)
        parts.setStretchFactor(0, 1)
        parts.setSizes([300, BELOW_HEIGHT])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        layout.addWidget(parts)

    def _legend(self) -> QLabel:
        legend = QLabel(self.view)
        legend.setFont(small_font())
        legend.setTextFormat(Qt.TextFormat.RichText)
        legend.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        legend.move(SPACING, SPACING // 2)
        return legend

    def _empty_page(self) -> QLabel:
        page = QLabel(self)
        page.setAlignment(Qt.AlignmentFlag.AlignCenter)
        page.setWordWrap(True)
        page.setProperty("role", "muted")
        return page

    def _connect(self) -> None:
        self.inputs.source_changed.connect(lambda _: self._work_out())
        self.inputs.values_changed.connect(lambda _: self._work_out())
        self.bar.step_asked.connect(self.go)
        self.bar.fit_asked.connect(lambda: self.view.fit(SMALLEST))
        self.bar.copy_asked.connect(self.copy)
        self.view.node_chosen.connect(self.choose)
        self.view.step_asked.connect(self.go)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.view)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(lambda: self.copy("text"))

    # --- what the main window calls ---------------------------------------------------------------

    def plots(self) -> tuple[Plot, ...]:
        return (
            Plot(
                "graph",
                self.tr("Computation graph"),
                self.view,
                self.view.menu_wanted,
                self._table,
                above=lambda: (self.legend,),
                detail=lambda: self._found.graph.source.strip() if self._found else "",
                source=self.view.whole,
                of_run=False,
            ),
        )

    def _table(self) -> Callable[[], Table] | None:
        return None if self._found is None else partial(columns, self._found)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.inputs.set_theme(theme)
        self.scene.set_theme(theme)
        self.view.set_theme(theme)
        self.formulas.set_theme(theme)
        self.legend.setText(
            self.tr(
                "<span style='color:{f}'>value forward ▸</span> &nbsp;"
                "<span style='color:{b}'>◂ gradient back</span>"
            ).format(f=forward_color(theme), b=backward_color(theme))
        )
        self.legend.adjustSize()
        self._show_faults()

    def set_digits(self, digits: int) -> None:
        """Significant digits of formulas and copied text, 4 to 17; the drawing has four."""
        self._digits = digits
        self._explain()

    def set_patience(self, milliseconds: int) -> None:
        """How long a half-typed expression is not yet called wrong."""
        self._patience.setInterval(milliseconds)

    # --- working out ------------------------------------------------------------------------------

    def _work_out(self) -> None:
        source = self.inputs.source
        if not source.strip():
            self.inputs.show_names(())
            self._show_pass(None)
            self._faults = ()
            self._show_faults()
            return
        try:
            graph = parse(source)
            self.inputs.show_names(graph.inputs)
            found = backpropagate(graph, self.inputs.given(graph.inputs))
        except ExpressionError as error:
            self._faults = error.faults
            self._patience.start()
            for item in self.scene.items():
                item.setOpacity(DIMMED)
            return
        self._faults = ()
        self._show_faults()
        self._show_pass(found)

    def _show_faults(self) -> None:
        self._patience.stop()
        self.inputs.show_faults(self._faults)

    def _show_pass(self, found: GraphPass | None) -> None:
        before, self._found = self._found, found
        if found is None:
            self.empty.setText(
                self.tr("Type an expression at the left, such as (x + y)*z, or choose an example.")
            )
        same = before is not None and found is not None and before.graph == found.graph
        too_large = found is not None and len(drawn(found.graph)) > MOST_DRAWN
        if too_large:
            self.empty.setText(
                self.tr(
                    "A graph of more than {most} nodes is not drawn. Its numbers can be copied, "
                    "and “bpgui graph” prints them."
                ).format(most=MOST_DRAWN)
            )
        shown = None if too_large else found
        self.pages.setCurrentIndex(0 if shown is not None else 1)
        self.bar.fit.setEnabled(shown is not None)
        self.bar.copy.setEnabled(found is not None)
        self._steps = () if shown is None else steps(shown.graph)
        if not same:
            self._done = len(self._steps)
            self._stepping = False
            chosen = None if shown is None else shown.graph.output
            self.scene.shown = Shown(chosen=chosen)
        self.scene.show_pass(shown)
        self._show_step(choose=None)
        if not same:
            self.view.fit()

    # --- steps ------------------------------------------------------------------------------------

    def go(self, where: str) -> None:
        """To the step before ("back"), the next ("on"), the "first" or the "last"."""
        count = len(self._steps)
        self._stepping = True
        target = {"first": 0, "back": self._done - 1, "on": self._done + 1, "last": count}[where]
        self._done = min(max(target, 0), count)
        step = self._steps[self._done - 1] if self._done else None
        self._show_step(choose=step.node if step else None)
        self.view.show_chosen()

    def choose(self, node: int) -> None:
        """Show the formulas of a node; the steps stay where they are."""
        self._show_step(choose=node)

    def _show_step(self, choose: int | None) -> None:
        done = self._steps[: self._done]
        inputs = (
            set()
            if self._found is None
            else {node.id for node in self._found.graph.nodes if not node.operands}
        )
        self.scene.set_shown(
            Shown(
                values=inputs | {step.node for step in done if step.direction == "forward"},
                gradients={step.node for step in done if step.direction == "back"},
                step=done[-1] if done and self._stepping else None,
                chosen=self.scene.shown.chosen if choose is None else choose,
            )
        )
        self.bar.show_steps(self._done, len(self._steps))
        self._tell_place()
        self._explain()

    def _tell_place(self) -> None:
        texts = {
            "forward": self.tr("Step {step} of {count}: the value of {node}"),
            "back": self.tr("Step {step} of {count}: the gradient of {node}"),
        }
        if self._found is None or not self._steps:
            self.bar.place.setText("")
        elif not self._stepping:
            self.bar.place.setText(self.tr("All worked out; Home goes to the start"))
        elif not self._done:
            self.bar.place.setText(self.tr("The inputs are given; Right takes the first step"))
        else:
            step = self._steps[self._done - 1]
            label = Explainer(self._found).labels[step.node]
            text = texts[step.direction]
            self.bar.place.setText(text.format(step=self._done, count=len(self._steps), node=label))

    # --- formulas ---------------------------------------------------------------------------------

    def _explain(self) -> None:
        chosen, found = self.scene.shown.chosen, self._found
        if found is None or chosen is None or chosen not in self.scene.nodes:
            self.formulas.show_rows(())
            return
        style = Style(latex=True, digits=self._digits)
        told = Explainer(found).explain(chosen)
        shown = self.scene.shown
        if chosen not in shown.gradients:
            known = told[-1:] if chosen in shown.values else ()
            waiting = self.tr("Its gradient is worked out on the way back.")
            if not known:
                waiting = self.tr("Its value is worked out further on.")
            rows = (*(_row(line, style) for line in known), Row("", (), waiting))
        else:
            rows = tuple(_row(line, style) for line in told)
        self.formulas.show_rows(rows)
        self.explained.verticalScrollBar().setValue(0)

    # --- copying ----------------------------------------------------------------------------------

    def copy(self, form: str) -> None:
        """All nodes to the clipboard, as "text" or "csv"."""
        if self._found is not None:
            digits = None if self._digits >= FULL_DIGITS else self._digits
            text = as_csv(self._found) if form == "csv" else as_text(self._found, digits)
            QGuiApplication.clipboard().setText(text)


def _row(told: Told, style: Style) -> Row:
    found = row(told.line, style)
    return Row(found.name, found.sides, told.note)
