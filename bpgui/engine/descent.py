"""Gradient descent as a pure function of a state: batches, penalties, update and stop rule.

Whatever is done in iteration i follows from the problem, the settings and the state before i alone.
So n iterations give the same bits however they are cut into calls, and in whichever thread or
process they run. (On NumPy, large matrix products round differently where BLAS uses another number
of threads, so processes that are to agree are given the same number.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bpgui.engine import compiled
from bpgui.engine.backprop import Sweep, reduction_factor
from bpgui.engine.diagnosis import Divergence, diagnose
from bpgui.engine.loop import Loop, Memory, NumpyLoop
from bpgui.engine.network import FloatArray
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.engine.penalties import penalty_of
from bpgui.engine.problem import Problem, Samples, Settings

__all__ = [
    "Descent",
    "Divergence",
    "Trace",
    "TrainState",
    "advance",
    "gradient",
    "initial_state",
]


@dataclass(frozen=True, slots=True, eq=False)
class TrainState:
    """Iterations done, theta (size,), and the optimizer's slots (slots, size). A value; where
    `advance` returns it, its arrays are read-only."""

    iteration: int
    parameters: FloatArray
    slots: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What happened in one call of advance, in which `len(losses)` iterations were done.

    `losses` (n,) is the objective of each iteration's batch, before its update. `gradient` (size,)
    is that of the last iteration, before its update; None if none ran. `rows` (r, size) are the
    gradients of the iterations `row_iterations` (r,), those whose number (from 0) is a multiple of
    `record_every`. `ended` is None while training can go on.
    """

    losses: FloatArray
    gradient: FloatArray | None
    row_iterations: NDArray[np.int64]
    rows: FloatArray
    ended: Literal["max_epochs", "loss_below"] | Divergence | None = None


def initial_state(problem: Problem) -> TrainState:
    """Iteration 0: the problem's initial parameters, and slots of zeros."""
    slots = len(OPTIMIZERS[problem.settings.optimizer.name].slots)
    return TrainState(
        0, problem.initial.copy(), np.zeros((slots, problem.network.size), problem.dtype)
    )


def advance(
    problem: Problem, state: TrainState, n: int, *, record_every: int = 0
) -> tuple[TrainState, Trace]:
    """Do n iterations, or fewer where a stop rule or a divergence ends them; see Trace.

    `record_every` 0 records no rows. Whoever calls again and again keeps a Descent instead.
    """
    return Descent(problem).advance(state, n, record_every=record_every)


class Descent:
    """Buffers for one problem that are kept from call to call. Not for two threads at once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._memory = Memory(problem)
        self._loop = _loop_of(problem, self._memory)
        self._held: TrainState | None = None  # the state that the memory is in

    def advance(
        self,
        state: TrainState,
        n: int,
        *,
        settings: Settings | None = None,
        record_every: int = 0,
    ) -> tuple[TrainState, Trace]:
        """As the function `advance`; other settings, of the same optimizer, hold for this call."""
        settings = settings or self.problem.settings
        if settings.optimizer.name != self.problem.settings.optimizer.name:
            raise ValueError("another optimizer needs another problem: its slots differ")
        memory = self._memory
        if state is not self._held:  # whose arrays nobody can have written to
            np.copyto(memory.theta, state.parameters)
            np.copyto(memory.slots, state.slots)
        self._held = None
        last = self._last_iteration(state.iteration + n, settings)
        with np.errstate(all="ignore"):
            outcome = self._loop.run(state.iteration, last, settings, record_every)
        losses, rows = outcome.losses, outcome.rows
        if outcome.ending == "failed":
            state, trace = self.advance(
                state, len(losses), settings=settings, record_every=record_every
            )
            reason = diagnose(
                self.problem, settings, state.iteration, state.parameters, state.slots
            )
            return state, replace(trace, ended=reason)
        iteration = state.iteration + len(losses)
        final = memory.gradient.copy() if len(losses) else None
        trace = Trace(losses, final, rows.iterations, rows.gradients, outcome.ending)
        if self._last_iteration(iteration + 1, settings) <= iteration:
            trace = replace(trace, ended="max_epochs")
        self._held = TrainState(
            iteration, _read_only(memory.theta.copy()), _read_only(memory.slots.copy())
        )
        return self._held, trace

    def _last_iteration(self, wanted: int, settings: Settings) -> int:
        """The iteration to stop before: the wanted one, or the first of epoch max_epochs."""
        epochs = settings.stop.max_epochs
        return wanted if epochs is None else min(wanted, epochs * self.problem.batches_per_epoch)


def _read_only(array: FloatArray) -> FloatArray:
    array.setflags(write=False)
    return array


def _loop_of(problem: Problem, memory: Memory) -> Loop:
    """The faster loop for this problem of those that are installed."""
    if compiled.supports(problem):
        return compiled.CompiledLoop(problem, memory)
    return NumpyLoop(problem, memory)


def gradient(
    problem: Problem,
    theta: FloatArray,
    batch: slice | NDArray[np.int64] | None = None,
) -> FloatArray:
    """The objective's gradient (size,) at theta, penalties included.

    It is over all training samples, or over those that `batch` picks.
    """
    samples = problem.train
    if batch is not None:
        inputs, targets = samples.inputs[batch], samples.targets[batch]
        samples = Samples(np.ascontiguousarray(inputs), np.ascontiguousarray(targets))
    theta = np.array(theta)
    part, total = np.empty_like(theta), np.zeros_like(theta)
    factor = reduction_factor(problem, len(samples))
    with np.errstate(all="ignore"):
        for run, rows, targets in Sweep(
            problem.network, problem.loss, samples, factor, theta, part
        ):
            run.loss(rows, targets)
            run.backward(rows)
            total += part
        penalty = penalty_of(problem.network, problem.settings, theta)
        if penalty is not None:
            penalty.add_gradient(total)
    return total
