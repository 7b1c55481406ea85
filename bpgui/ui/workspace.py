"""What lies in docks: the editors and the panels."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol, TypeAlias, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from bpgui.engine.network import Network
from bpgui.engine.problem import Problem
from bpgui.experiment.lessons import state_of
from bpgui.training.evaluating import Evaluator
from bpgui.training.worker import Worker
from bpgui.ui.dock import Dock, LateDock, PanelDock
from bpgui.ui.document import Document
from bpgui.ui.editors.experiment_editor import ExperimentEditor
from bpgui.ui.panels.gradients_panel import GradientsPanel
from bpgui.ui.panels.loss_panel import LossPanel
from bpgui.ui.panels.network_panel import NetworkPanel
from bpgui.ui.panels.panel import Panel, View
from bpgui.ui.panels.parameters_panel import ParametersPanel
from bpgui.ui.selection import Selection
from bpgui.ui.session import Session
from bpgui.ui.theme import Theme
from bpgui.ui.turns import Turns

Make: TypeAlias = Callable[[], Panel]
V = TypeVar("V", bound=View)

GRAPH_WIDTH = 312  # the least


class Offering(Protocol):
    """What makes the plots of a panel be offered for export."""

    def __call__(self, make: Callable[[], V], /) -> Callable[[], V]: ...


class Workspace(QObject):
    """Makes the docks of a window, each panel when it is first seen, and tells all of them what one
    of them is told. Where docks stand, and what becomes of what panels ask for, is the window's."""

    def __init__(
        self,
        document: Document,
        session: Session,
        offering: Offering,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._network: Network | None = None
        self._evaluator = Evaluator()
        self.selection = Selection(window)
        self.editor = ExperimentEditor(document, window)
        self.network = NetworkPanel(self.selection, self._evaluator)
        self.parameters = ParametersPanel(self.selection, session.worker)
        turns = Turns(window)
        self.panel_docks = [
            PanelDock(name, title, offering(make), turns, window)
            for name, (title, make) in self._panels(document).items()
        ]
        self._graph = LateDock(
            "graph", self.tr("Graph"), offering(_make_graph), window, GRAPH_WIDTH
        )
        experiment = Dock("experiment", self.tr("Experiment"), self.editor, window)
        docks = (experiment, *self.panel_docks, self._graph)
        self.docks: dict[str, Dock] = {dock.objectName(): dock for dock in docks}

    def _panels(self, document: Document) -> dict[str, tuple[str, Make]]:
        selection, evaluator, worker = self.selection, self._evaluator, self._session.worker
        return {
            "network": (self.tr("Network"), lambda: self.network),
            "output": (self.tr("Output"), partial(_make_output, document, selection, evaluator)),
            "digits": (self.tr("Digits"), partial(_make_digits, selection, evaluator)),
            "parameters": (self.tr("Parameters"), lambda: self.parameters),
            "explain": (self.tr("Explain"), partial(_make_explain, selection)),
            "why": (self.tr("Why backpropagation"), partial(_make_why, worker)),
            "loss": (self.tr("Loss"), LossPanel),
            "gradients": (self.tr("Gradients"), partial(GradientsPanel, selection)),
        }

    def follow_session(self) -> None:
        """Show its runs from now on, and keep one selection in all panels and editors."""
        session, samples = self._session, self.editor.data.inline
        samples.sample_chosen.connect(self._select_sample)
        self.selection.sample_changed.connect(samples.select_sample)
        for dock in self.panel_docks:
            session.run_started.connect(dock.set_problem)
            session.snapshot_changed.connect(dock.render_snapshot)
        session.run_started.connect(self._run_started)
        session.run_started.connect(self.editor.data.features.show_problem)
        session.status_changed.connect(self._status_changed)

    def set_theme(self, theme: Theme) -> None:
        self.editor.set_theme(theme)
        for dock in self.docks.values():
            dock.set_theme(theme)

    def set_digits(self, digits: int) -> None:
        for dock in self.panel_docks:
            dock.set_digits(digits)
        self._graph.set_digits(digits)

    def close(self) -> None:
        """End what panels compute in the background."""
        self.parameters.close_check()
        self._evaluator.close()

    def _select_sample(self, sample: int) -> None:
        """A sample that has just been added is not yet one of the run."""
        problem = self._session.problem
        if problem is not None and sample < len(problem.train):
            self.selection.select_sample(sample)

    def _run_started(self, problem: Problem) -> None:
        if problem.network != self._network:
            self.selection.clear()
        self._network = problem.network

    def _status_changed(self) -> None:
        empty = self.tr("Nothing to show: this experiment cannot run as it is.")
        for dock in self.panel_docks:
            dock.show_empty(empty if self._session.obstacle else "")


# Imported with the first look at them, as they lie behind others at first.


def _make_output(document: Document, selection: Selection, evaluator: Evaluator) -> Panel:
    from bpgui.ui.panels.output_panel import OutputPanel

    panel = OutputPanel(selection, evaluator)
    panel.editing.edited.connect(document.edit)

    def follow() -> None:
        kept = state_of(document.lesson, "data.inputs") != "shown"
        panel.controls.set_locked(kept)
        panel.editing.show_experiment(document.experiment)

    document.changed.connect(follow)
    document.lesson_changed.connect(follow)
    follow()
    return panel


def _make_digits(selection: Selection, evaluator: Evaluator) -> Panel:
    from bpgui.ui.panels.digits_panel import DigitsPanel

    return DigitsPanel(selection, evaluator)


def _make_explain(selection: Selection) -> Panel:
    from bpgui.ui.panels.explain_panel import ExplainPanel

    return ExplainPanel(selection)


def _make_why(worker: Worker) -> Panel:
    from bpgui.ui.panels.why_panel import WhyPanel

    return WhyPanel(worker)


def _make_graph() -> View:
    from bpgui.ui.panels.graph_panel import GraphPanel

    return GraphPanel()
