"""Gradient descent as a pure function of a state: batches, penalties, update and stop rule.

Whatever is done in iteration i follows from the problem, the settings and the state before i alone.
So n iterations give the same bits however they are cut into calls, and in whichever thread or
process they run. (Large matrix products round differently where BLAS uses another number of
threads, so processes that are to agree are given the same number.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from math import isfinite
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.backprop import Sweep, reduction_factor
from bpgui.engine.batches import Batches
from bpgui.engine.evaluation import Evaluator
from bpgui.engine.faults import Moment, faulty_gradient
from bpgui.engine.network import BoolArray, FloatArray
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.engine.penalties import penalty_of
from bpgui.engine.problem import Problem, Samples, Settings
from bpgui.engine.recording import RowRecord
from bpgui.engine.walk import Quantity, walk


@dataclass(frozen=True, slots=True, eq=False)
class TrainState:
    """Iterations done, theta (size,), and the optimizer's slots (slots, size). A value."""

    iteration: int
    parameters: FloatArray
    slots: FloatArray


@dataclass(frozen=True, slots=True)
class Divergence:
    """What first stopped being finite, and in which iteration; layers count from 1.

    The loss belongs to no layer. "parameter" stands for the update: a new parameter, or what the
    optimizer keeps for it.
    """

    iteration: int
    layer: int | None
    quantity: Quantity


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
        network = problem.network
        self._optimizer = OPTIMIZERS[problem.settings.optimizer.name]
        # Parameters and slots lie side by side, so that one product tells whether all are finite.
        self._memory = np.zeros((1 + len(self._optimizer.slots), network.size), problem.dtype)
        self._theta = self._memory[0]
        self._slots = self._memory[1:]
        self._gradient = np.zeros(network.size, problem.dtype)
        self._batches = Batches(problem, self._theta, self._gradient)
        self._evaluator = Evaluator(problem)

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
        np.copyto(self._theta, state.parameters)
        np.copyto(self._slots, state.slots)
        last = self._last_iteration(state.iteration + n, settings)
        with np.errstate(all="ignore"):
            trace, failed = self._run(state.iteration, last, settings, record_every)
        if failed:
            state, trace = self.advance(
                state, len(trace.losses), settings=settings, record_every=record_every
            )
            return state, replace(trace, ended=self._diagnose(state, settings))
        iteration = state.iteration + len(trace.losses)
        if self._last_iteration(iteration + 1, settings) <= iteration:
            trace = replace(trace, ended="max_epochs")
        return TrainState(iteration, self._theta.copy(), self._slots.copy()), trace

    def _last_iteration(self, wanted: int, settings: Settings) -> int:
        """The iteration to stop before: the wanted one, or the first of epoch max_epochs."""
        epochs = settings.stop.max_epochs
        return wanted if epochs is None else min(wanted, epochs * self.problem.batches_per_epoch)

    def _run(
        self, first: int, last: int, settings: Settings, record_every: int
    ) -> tuple[Trace, bool]:
        """Do the iterations first to last - 1; True if one failed, which voids the buffers."""
        batches, gradient, theta = self._batches, self._gradient, self._theta
        penalty = penalty_of(self.problem.network, settings, theta)
        update = self._update(settings)
        stops = self._stop_test(settings)
        losses = np.empty(max(0, last - first), theta.dtype)
        rows = RowRecord(record_every, first, last, gradient)
        memory = self._memory.reshape(-1)
        squares = memory.dot
        wrong = self._wrong_pass(settings)
        run, inputs, targets = batches.full
        several = batches.per_epoch > 1
        ended: Literal["loss_below"] | None = None
        failed = False
        done = 0

        for iteration in range(first, last):
            if several:
                run, inputs, targets = batches.at(iteration)
            loss = run.loss(inputs, targets)
            if penalty is not None:
                loss += penalty.value()
            if stops is not None and stops(iteration, loss):
                ended = "loss_below"
                break
            if not isfinite(loss):
                failed = True
                break
            if wrong is None:
                run.backward(inputs)
            else:
                wrong(iteration, inputs, targets)
            if penalty is not None:
                penalty.add_gradient(gradient)
            update(iteration)
            # One cheap product tells nearly always; it may overflow where every member is finite.
            if not isfinite(squares(memory)) and not np.isfinite(memory).all():
                failed = True
                break
            losses[done] = loss
            done += 1
            if iteration == rows.next:
                rows.add()

        final = gradient.copy() if done else None
        return Trace(losses[:done], final, rows.iterations, rows.gradients, ended), failed

    def _stop_test(self, settings: Settings) -> Callable[[int, float], bool] | None:
        """Whether training ends before an iteration, whose batch has this objective, updates."""
        threshold, per_epoch = settings.stop.loss_below, self._batches.per_epoch
        if threshold is None:
            return None
        if per_epoch == 1:
            return lambda iteration, loss: loss < threshold
        return lambda iteration, loss: (
            iteration % per_epoch == 0
            and self._evaluator.objective(self._theta, settings) < threshold
        )

    def _update(self, settings: Settings) -> Callable[[int], None]:
        """The optimizer's rule on our buffers; parameters that are held keep their value.

        They feel no gradient. That is enough for a rule without slots; with slots, what these
        carry from before would still move them, so the values are put back. Infinity or NaN in the
        gradient of a held parameter, times 0, is NaN in theta or a slot, and so is noticed.
        """
        theta, gradient, slots = self._theta, self._gradient, tuple(self._slots)
        scratch = np.empty_like(theta), np.empty_like(theta)
        values = settings.optimizer.values
        held = ~self.problem.network.is_trained
        if settings.frozen is not None:
            held |= settings.frozen
        if not held.any():
            return partial(self._optimizer.update, theta, gradient, slots, scratch, **values)

        free = (~held).astype(theta.dtype)
        masked = np.empty_like(gradient)
        before = theta.copy()
        rule = partial(self._optimizer.update, theta, masked, slots, scratch, **values)

        def update(iteration: int) -> None:
            np.multiply(gradient, free, masked)
            rule(iteration)
            if slots:
                np.copyto(theta, before, where=held)

        return update

    def _wrong_pass(
        self, settings: Settings
    ) -> Callable[[int, FloatArray, FloatArray], None] | None:
        """The problem's fault in place of the backward pass, None where it has none."""
        if self.problem.fault is None:
            return None

        def backward(iteration: int, rows: FloatArray, targets: FloatArray) -> None:
            moment = Moment(settings, self._theta, self._slots, iteration)
            self._gradient[...] = faulty_gradient(self.problem, moment, rows, targets)

        return backward

    def _diagnose(self, state: TrainState, settings: Settings) -> Divergence:
        """Why the iteration that would follow this state fails."""
        np.copyto(self._theta, state.parameters)
        np.copyto(self._slots, state.slots)
        problem, network = self.problem, self.problem.network
        run, rows, targets = self._batches.at(state.iteration)
        factor = reduction_factor(problem, run.size)
        with np.errstate(all="ignore"):
            for found in walk(network, problem.loss, factor, self._theta, rows, targets):
                if not np.isfinite(found.values).all():
                    return Divergence(state.iteration, found.layer, found.quantity)
            penalty = penalty_of(network, settings, self._theta)
            loss = run.loss(rows, targets) + (penalty.value() if penalty else 0.0)
            if not isfinite(loss):
                return Divergence(state.iteration, None, "loss")
            wrong = self._wrong_pass(settings)
            if wrong is None:
                run.backward(rows)
            else:
                wrong(state.iteration, rows, targets)
            if penalty:
                penalty.add_gradient(self._gradient)
            if not np.isfinite(self._gradient).all():
                layer = self._layer(np.isfinite(self._gradient))
                return Divergence(state.iteration, layer, "gradient")
            self._update(settings)(state.iteration)
        layer = self._layer(np.logical_and.reduce(np.isfinite(self._memory)))
        return Divergence(state.iteration, layer, "parameter")

    def _layer(self, finite: BoolArray) -> int:
        """The layer of the first parameter that is not finite."""
        return self.problem.network.parameter(int(np.argmin(finite))).layer


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
