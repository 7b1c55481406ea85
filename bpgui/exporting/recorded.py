"""The parameters of a run over time: recorded while a command trains, and found once more for a run
of the window, which keeps no such record."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.descent import Descent, TrainState, initial_state
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem, Settings, StopRule
from bpgui.exporting.recipe import ExportError
from bpgui.training.burst import perform
from bpgui.training.commands import Step
from bpgui.training.history import Schedule, StridedRecord
from bpgui.training.progress import Progress
from bpgui.training.snapshot import RunState, Snapshot, Stretch

PARAMETER_ROWS = 512
PARAMETER_ENTRIES = 4 * 2**20
SECONDS = 0.05  # of computing between two calls of Advance

Advance: TypeAlias = Callable[[int, int | None], None]
"""Is told how many iterations are done, and of how many; it may raise to end the work."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Parameters (r, size) after `iteration` (r,) iterations, multiples of a stride that doubles as
    they become many."""

    iteration: NDArray[np.int64]
    parameters: FloatArray


def silent(done: int, total: int | None) -> None:
    """Tells nobody."""


# --- as a command trains --------------------------------------------------------------------------


def record(
    problem: Problem, iterations: int | None, advance: Advance = silent
) -> tuple[Snapshot, Course]:
    """Train as the window does, for so many iterations or until the stop rule ends it."""
    progress, key = Progress(problem, 0), uuid.uuid4().hex
    rows = _rows(problem)
    _add(rows, progress.train_state)
    while iterations is None or progress.iteration < iterations:
        goal = rows.schedule.next(progress.iteration)
        goal = goal if iterations is None else min(goal, iterations)
        progress.obey(Step(goal - progress.iteration), time.monotonic())
        if not progress.running:
            break
        _rest(progress, key, problem, evaluate=False)
        _add(rows, progress.train_state)
        advance(progress.iteration, iterations)
        if progress.state in (RunState.FINISHED, RunState.DIVERGED):
            break
    _rest(progress, key, problem, evaluate=True)
    return progress.snapshot(), Course(*rows.view())


def _rest(progress: Progress, key: str, problem: Problem, *, evaluate: bool) -> None:
    """Carry out what is to be done until the goal, and the evaluation that is due there."""
    while progress.running or (evaluate and not progress.exact):
        order = progress.order(time.monotonic())
        if order is None:
            return
        burst = perform(key, order, problem)
        assert burst is not None
        progress.absorb(burst, time.monotonic())


# --- of a run that was ----------------------------------------------------------------------------


def retraced(
    problem: Problem, snapshot: Snapshot, advance: Callable[[int, int], None] = silent
) -> Course:
    """The parameters over time of the run that has come to `snapshot`, by doing its iterations once
    more, with what was changed by hand where it was. At an iteration with such a change they are
    those after it.

    Raises ExportError where that does not lead to the snapshot's parameters, to the bit.
    """
    walk, state = _Walk(problem, snapshot.iteration, advance), initial_state(problem)
    ends = [*(stretch.iteration for stretch in snapshot.stretches[1:]), snapshot.iteration]
    for stretch, end in zip(snapshot.stretches, ends, strict=True):
        state = walk.to(end, _set(state, stretch), replace(stretch.settings, stop=StopRule()))
    _add(walk.rows, state)
    if not np.array_equal(state.parameters, snapshot.parameters):
        raise ExportError("Doing the iterations once more did not lead to the same parameters.")
    return Course(*walk.rows.view())


def _set(state: TrainState, stretch: Stretch) -> TrainState:
    parameters = state.parameters.copy()
    for index, value in stretch.values.items():
        parameters[index] = value
    return replace(state, parameters=parameters)


class _Walk:
    """Goes through `total` iterations in bursts that end where a row is due, or after a while."""

    def __init__(self, problem: Problem, total: int, advance: Callable[[int, int], None]) -> None:
        self.rows = _rows(problem)
        self._descent, self._total, self._advance = Descent(problem), total, advance
        self._most = 1

    def to(self, end: int, state: TrainState, settings: Settings) -> TrainState:
        """The state after `end` iterations, or where training ends by itself; with the rows that
        are due before it."""
        while state.iteration < end:
            _add(self.rows, state)
            goal = min(self.rows.schedule.next(state.iteration), end)
            count = min(goal - state.iteration, self._most)
            began = time.perf_counter()
            state, trace = self._descent.advance(state, count, settings=settings)
            quick = time.perf_counter() - began < SECONDS
            self._most = 2 * count if quick else max(1, count // 2)
            self._advance(state.iteration, self._total)
            if trace.ended is not None:
                break
        return state


# --- rows -----------------------------------------------------------------------------------------


def _rows(problem: Problem) -> StridedRecord:
    size = problem.network.size
    capacity = max(2, min(PARAMETER_ROWS, PARAMETER_ENTRIES // size))
    return StridedRecord(capacity, size, Schedule(1), dtype=problem.dtype)


def _add(rows: StridedRecord, state: TrainState) -> None:
    rows.extend(np.array([state.iteration]), state.parameters[None])
