"""Snapshots of real runs, made in the test's own thread, and a selection."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpgui.engine.problem import Problem
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import find
from bpgui.experiment.presets import load
from bpgui.training import commands
from bpgui.training.burst import perform
from bpgui.training.evaluating import Evaluator
from bpgui.training.progress import Progress
from bpgui.training.snapshot import Snapshot
from bpgui.ui.selection import Selection

_KEYS = itertools.count()


class Trainer:
    """A run that goes on when it is told to, and waits otherwise."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._progress = Progress(problem, run_id=1)
        self._key = f"panels {next(_KEYS)}"
        self._time = itertools.count()
        self._drain()

    def to(self, iteration: int) -> Snapshot:
        """The snapshot of the run paused after so many iterations."""
        more = iteration - self._progress.iteration
        if more > 0:
            self._progress.obey(commands.Step(more), next(self._time))
        self._drain()
        return self._progress.snapshot()

    def show_on(self, panel: Any, iteration: int = 0) -> Snapshot:
        """Give a panel the problem and the snapshot after so many iterations, which is returned."""
        panel.set_problem(self.problem)
        snapshot = self.to(iteration)
        panel.render_snapshot(snapshot)
        return snapshot

    def running(self, iteration: int) -> Snapshot:
        """A snapshot after so many iterations, of a run that is to go on."""
        self.to(iteration)
        self._progress.obey(commands.Go(), next(self._time))
        snapshot = self._progress.snapshot()
        self._progress.obey(commands.Pause(), next(self._time))
        return snapshot

    def obey(self, command: commands.Command) -> Snapshot:
        self._progress.obey(command, next(self._time))
        return self.to(0)

    def _drain(self) -> None:
        while (order := self._progress.order(next(self._time))) is not None:
            burst = perform(self._key, order, self.problem)
            if burst is None:  # another trainer's run was carried out in between
                self._progress.recall()
            else:
                self._progress.absorb(burst, next(self._time))


def problem_of(name: str) -> Problem:
    path = find(name)
    return build_problem(load(path), path.parent)


@pytest.fixture
def show(qtbot: QtBot) -> Callable[[QWidget, int, int], QWidget]:
    """Shows a widget, so many pixels wide and high, for as long as the test runs."""

    def show(widget: QWidget, width: int, height: int) -> QWidget:
        qtbot.addWidget(widget)
        widget.resize(width, height)
        with qtbot.waitExposed(widget):
            widget.show()
        return widget

    return show


@pytest.fixture
def evaluator() -> Iterator[Evaluator]:
    evaluator = Evaluator()
    yield evaluator
    evaluator.close()


@pytest.fixture
def selection(qapp: object) -> Selection:
    return Selection()


@pytest.fixture
def trainer() -> Callable[[str], Trainer]:
    return lambda name: Trainer(problem_of(name))


@pytest.fixture
def run_of() -> type[Trainer]:
    return Trainer


@pytest.fixture
def mazur() -> Trainer:
    """Two inputs, two hidden units, two outputs: 12 parameters, the full batch, no test set."""
    return Trainer(problem_of("two-inputs-fixed-biases"))
