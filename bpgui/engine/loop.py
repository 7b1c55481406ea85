"""The iterations themselves, on NumPy: batch, loss, stop rule, gradient, update.

A loop changes a Memory in place. This one carries out every problem, those with a wrong pass among
them; the one in `compiled` is faster, with the same interface, where it is installed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import Literal, Protocol, TypeAlias

import numpy as np

from bpgui.engine.backprop import Pass
from bpgui.engine.batches import Batches
from bpgui.engine.evaluation import Evaluator
from bpgui.engine.network import BoolArray, FloatArray
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.engine.penalties import Penalty, penalty_of
from bpgui.engine.problem import Problem, Settings
from bpgui.engine.recording import RowRecord

Ending: TypeAlias = Literal["loss_below", "failed"] | None
WrongPass: TypeAlias = Callable[[int, FloatArray, FloatArray], None]
Step: TypeAlias = Callable[[int], bool]
Descend: TypeAlias = Callable[[int, Pass, FloatArray, FloatArray], bool]


class Memory:
    """What training changes: theta (size,), slots (slots, size) and gradient (size,).

    Parameters and slots lie side by side in `values`, so that one look tells whether all are
    finite.
    """

    def __init__(self, problem: Problem) -> None:
        size, slots = problem.network.size, OPTIMIZERS[problem.settings.optimizer.name].slots
        self.values = np.zeros((1 + len(slots), size), problem.dtype)
        self.theta = self.values[0]
        self.slots = self.values[1:]
        self.gradient = np.zeros(size, problem.dtype)


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The losses (n,) of the n iterations that were done, and the rows of their gradients.

    `ending` is None if all were. Where one failed, which means that something was not finite, the
    memory holds nothing of use.
    """

    losses: FloatArray
    rows: RowRecord
    ending: Ending


class Loop(Protocol):
    """Carries out the iterations first to last - 1 on its memory, with settings of one call.

    Call `run` inside `np.errstate(all="ignore")`.
    """

    def run(self, first: int, last: int, settings: Settings, record_every: int) -> Outcome: ...


class NumpyLoop:
    """Buffers of one problem for all that an iteration does; see Loop."""

    def __init__(self, problem: Problem, memory: Memory) -> None:
        self.problem = problem
        self.memory = memory
        self.batches = Batches(problem, memory.theta, memory.gradient)
        self._evaluator = Evaluator(problem)

    def run(self, first: int, last: int, settings: Settings, record_every: int) -> Outcome:
        batches, gradient, theta = self.batches, self.memory.gradient, self.memory.theta
        penalty = penalty_of(self.problem.network, settings, theta)
        descend = self._descent(settings, penalty)
        stops = self._stop_test(settings)
        losses = np.empty(max(0, last - first), theta.dtype)
        rows = RowRecord(record_every, first, last, gradient)
        run, inputs, targets = batches.full
        several = batches.per_epoch > 1
        ending: Ending = None
        done = 0

        for iteration in range(first, last):
            if several:
                run, inputs, targets = batches.at(iteration)
            loss = run.loss(inputs, targets)
            if penalty is not None:
                loss += penalty.value()
            if stops is not None and stops(iteration, loss):
                ending = "loss_below"
                break
            if not isfinite(loss) or not descend(iteration, run, inputs, targets):
                ending = "failed"
                break
            losses[done] = loss
            done += 1
            if iteration == rows.next:
                rows.add()

        return Outcome(losses[:done], rows, ending)

    def _stop_test(self, settings: Settings) -> Callable[[int, float], bool] | None:
        """Whether training ends before an iteration, whose batch has this objective, updates."""
        threshold, per_epoch = settings.stop.loss_below, self.batches.per_epoch
        if threshold is None:
            return None
        if per_epoch == 1:
            return lambda iteration, loss: loss < threshold
        return lambda iteration, loss: (
            iteration % per_epoch == 0
            and self._evaluator.objective(self.memory.theta, settings) < threshold
        )

    def _descent(self, settings: Settings, penalty: Penalty | None) -> Descend:
        """The gradient of the loss that was computed last, and the step; what the step tells."""
        wrong, gradient = self.wrong_pass(settings), self.memory.gradient
        step = self.step(settings)

        def descend(iteration: int, run: Pass, inputs: FloatArray, targets: FloatArray) -> bool:
            if wrong is None:
                run.backward(inputs)
            else:
                wrong(iteration, inputs, targets)
            if penalty is not None:
                penalty.add_gradient(gradient)
            return step(iteration)

        return descend

    def step(self, settings: Settings) -> Step:
        """The update after an iteration; whether theta and the slots are finite after it."""
        update = self.update(settings)
        memory = self.memory.values.reshape(-1)
        squares = memory.dot

        def step(iteration: int) -> bool:
            update(iteration)
            # One cheap product tells nearly always; it may overflow where every member is finite.
            return isfinite(squares(memory)) or bool(np.isfinite(memory).all())

        return step

    def update(self, settings: Settings) -> Callable[[int], None]:
        """The optimizer's rule on the memory; parameters that are held keep their value.

        They feel no gradient. That is enough for a rule without slots; with slots, what these
        carry from before would still move them, so the values are put back. Infinity or NaN in the
        gradient of a held parameter, times 0, is NaN in theta or a slot, and so is noticed.
        """
        theta, gradient, slots = self.memory.theta, self.memory.gradient, tuple(self.memory.slots)
        scratch = np.empty_like(theta), np.empty_like(theta)
        rule, values = OPTIMIZERS[settings.optimizer.name].update, settings.optimizer.values
        held = held_parameters(self.problem, settings)
        if held is None:
            return partial(rule, theta, gradient, slots, scratch, **values)

        free = (~held).astype(theta.dtype)
        masked = np.empty_like(gradient)
        before = theta.copy()
        masked_rule = partial(rule, theta, masked, slots, scratch, **values)

        def update(iteration: int) -> None:
            np.multiply(gradient, free, masked)
            masked_rule(iteration)
            if slots:
                np.copyto(theta, before, where=held)

        return update

    def wrong_pass(self, settings: Settings) -> WrongPass | None:
        """The problem's fault in place of the backward pass, None where it has none."""
        if self.problem.fault is None:
            return None
        from bpgui.engine.faults import Moment, faulty_gradient  # which few problems have

        def backward(iteration: int, rows: FloatArray, targets: FloatArray) -> None:
            moment = Moment(settings, self.memory.theta, self.memory.slots, iteration)
            self.memory.gradient[...] = faulty_gradient(self.problem, moment, rows, targets)

        return backward


def held_parameters(problem: Problem, settings: Settings) -> BoolArray | None:
    """Shape (size,): True for fixed biases and what the user holds; None where that is nothing."""
    held = ~problem.network.is_trained
    if settings.frozen is not None:
        held |= settings.frozen
    return held if held.any() else None
