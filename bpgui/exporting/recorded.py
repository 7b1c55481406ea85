"""A run without a window, recorded as the window records it, and its parameters over time."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.training.burst import perform
from bpgui.training.commands import Step
from bpgui.training.history import Schedule, StridedRecord
from bpgui.training.progress import Progress
from bpgui.training.snapshot import RunState, Snapshot

PARAMETER_ROWS = 512
PARAMETER_ENTRIES = 4 * 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Parameters (r, size) after `iteration` (r,) iterations, multiples of a stride that doubles as
    they become many."""

    iteration: NDArray[np.int64]
    parameters: FloatArray


def record(
    problem: Problem,
    iterations: int | None,
    advance: Callable[[int, int | None], None] = lambda done, total: None,
) -> tuple[Snapshot, Course]:
    """Train for so many iterations, or until the stop rule ends it; `advance` is told how far."""
    progress, key = Progress(problem, 0), uuid.uuid4().hex
    size = problem.network.size
    capacity = max(2, min(PARAMETER_ROWS, PARAMETER_ENTRIES // size))
    rows = StridedRecord(capacity, size, Schedule(1), dtype=problem.dtype)
    rows.extend(np.array([0]), problem.initial[None])
    while iterations is None or progress.iteration < iterations:
        goal = rows.schedule.next(progress.iteration)
        goal = goal if iterations is None else min(goal, iterations)
        progress.obey(Step(goal - progress.iteration), time.monotonic())
        if not progress.running:
            break
        _rest(progress, key, problem, evaluate=False)
        rows.extend(np.array([progress.iteration]), progress.train_state.parameters[None])
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
