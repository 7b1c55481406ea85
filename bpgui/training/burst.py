"""One burst of training, carried out wherever an executor runs it.

`perform` is the only function that runs in the worker process. It needs no more than what is passed
to it; problems are kept per thread so that each is sent once, and whoever asks for one that is not
here is told so by None and sends it again.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from time import perf_counter
from typing import Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.descent import Descent, Divergence, Trace, TrainState
from bpgui.engine.evaluation import Evaluation, Evaluator
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem, Settings
from bpgui.training.history import bin_edges, fold

Ending: TypeAlias = Literal["max_epochs", "loss_below"] | Divergence | None

Entry = TypeVar("Entry", bound=np.generic)

TRACED_ENTRIES = 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What is asked of a burst: to go on from `state` for `count` iterations, with gradient rows
    and evaluations at multiples of their strides (in iterations), and with an evaluation at the end
    if `evaluate` is set."""

    state: TrainState
    settings: Settings
    count: int
    gradient_stride: int
    evaluation_stride: int
    evaluate: bool


@dataclass(frozen=True, slots=True, eq=False)
class Burst:
    """What a burst did.

    `losses` (n,) are those of its n iterations; `gradient` and `update` (size,) belong to the last
    of them. `rows` (r, bins) are folded gradients of `row_iterations` (r,); `objectives` (e, 2)
    hold the train and test losses after `evaluated` (e,) iterations. `evaluation` is the newest
    one, of the parameters after `evaluated_at` iterations, None if there was none; where the burst
    ended training, it is that of the last parameters. `compute_seconds` counts training alone,
    `seconds` all of it, and `evaluation_seconds` the last evaluation.
    """

    state: TrainState
    ended: Ending
    losses: FloatArray
    gradient: FloatArray | None
    update: FloatArray | None
    row_iterations: NDArray[np.int64]
    rows: FloatArray
    evaluated: NDArray[np.int64]
    objectives: FloatArray
    evaluation: Evaluation | None
    evaluated_at: int
    compute_seconds: float
    evaluation_seconds: float
    seconds: float


class Workshop:
    """One problem with the buffers to train and to evaluate it. Not for two threads at once."""

    def __init__(self, problem: Problem) -> None:
        self.descent = Descent(problem)
        self.evaluator = Evaluator(problem)
        self.dtype = problem.dtype
        self.size = problem.network.size
        self.edges = bin_edges(problem.network.size)


_kept = threading.local()


def perform(key: str, order: Order, problem: Problem | None = None) -> Burst | None:
    """Carry out one order on the problem known as `key`; None if it is not here and was not sent
    along."""
    if problem is not None:
        _kept.key = None
        _kept.key, _kept.shop = key, Workshop(problem)
    elif getattr(_kept, "key", None) != key:
        return None
    return carry_out(_kept.shop, order)


def carry_out(shop: Workshop, order: Order) -> Burst:
    """The burst that `order` asks for. It is done in pieces that end where an evaluation is due,
    and the last iteration is a piece of its own, so that its update is known."""
    began = perf_counter()
    work = _Work(shop, order)
    state, until = order.state, order.state.iteration + order.count
    ended: Ending = None
    while ended is None and state.iteration < until:
        state, ended = work.piece(state, work.length(state.iteration, until))
    if order.evaluate or ended is not None:
        work.evaluate(state)
    return work.burst(state, ended, began)


class _Work:
    """What one burst gathers."""

    def __init__(self, shop: Workshop, order: Order) -> None:
        self.shop, self.order = shop, order
        self.traces: list[Trace] = []
        self.rows: list[FloatArray] = []
        self.last: tuple[TrainState, TrainState, Trace] | None = None
        self.evaluations: dict[int, Evaluation] = {}
        self.compute_seconds = 0.0
        self.evaluation_seconds = 0.0

    def length(self, iteration: int, until: int) -> int:
        """Iterations of the next piece; few enough that their gradient rows stay small."""
        stride = self.order.evaluation_stride
        due = (iteration // stride + 1) * stride
        room = max(1, TRACED_ENTRIES // self.shop.size) * self.order.gradient_stride
        last = until - 1 if iteration < until - 1 else until
        return min(due, last, iteration + room) - iteration

    def piece(self, state: TrainState, count: int) -> tuple[TrainState, Ending]:
        after, trace = self._advance(state, count, self.order.gradient_stride)
        if len(trace.losses):
            self.last = (state, after, trace)
            self.traces.append(trace)
            self.rows.append(fold(trace.rows, self.shop.edges))
            if after.iteration % self.order.evaluation_stride == 0:
                self.evaluate(after)
        return after, trace.ended

    def _advance(self, state: TrainState, count: int, stride: int) -> tuple[TrainState, Trace]:
        began = perf_counter()
        after, trace = self.shop.descent.advance(
            state, count, settings=self.order.settings, record_every=stride
        )
        self.compute_seconds += perf_counter() - began
        return after, trace

    def evaluate(self, state: TrainState) -> None:
        if state.iteration not in self.evaluations:
            began = perf_counter()
            self.evaluations[state.iteration] = self.shop.evaluator.evaluate(
                state.parameters, self.order.settings
            )
            self.evaluation_seconds = perf_counter() - began

    def _update(self) -> FloatArray | None:
        """What the last iteration added; one that ended training within its piece is done once
        more."""
        if self.last is None:
            return None
        before, after, trace = self.last
        if len(trace.losses) > 1:
            before, _ = self._advance(before, len(trace.losses) - 1, 0)
        return after.parameters - before.parameters

    def burst(self, state: TrainState, ended: Ending, began: float) -> Burst:
        update = self._update()
        stride = self.order.evaluation_stride
        recorded = [at for at in self.evaluations if at % stride == 0]
        objectives = [_objectives(self.evaluations[at]) for at in recorded]
        newest = max(self.evaluations, default=-1)
        return Burst(
            state=state,
            ended=ended,
            losses=_joined([trace.losses for trace in self.traces], np.empty(0)),
            gradient=None if self.last is None else self.last[2].gradient,
            update=update,
            row_iterations=_joined(
                [trace.row_iterations for trace in self.traces], np.empty(0, dtype=np.int64)
            ),
            rows=_joined(self.rows, np.empty((0, len(self.shop.edges) - 1), dtype=self.shop.dtype)),
            evaluated=np.array(recorded, dtype=np.int64),
            objectives=np.array(objectives).reshape(-1, 2),
            evaluation=self.evaluations.get(newest),
            evaluated_at=newest,
            compute_seconds=self.compute_seconds,
            evaluation_seconds=self.evaluation_seconds,
            seconds=perf_counter() - began,
        )


def _joined(parts: list[NDArray[Entry]], empty: NDArray[Entry]) -> NDArray[Entry]:
    return np.concatenate(parts) if parts else empty


def _objectives(evaluation: Evaluation) -> tuple[float, float]:
    test_loss = evaluation.test_loss
    return evaluation.loss, math.nan if test_loss is None else test_loss
