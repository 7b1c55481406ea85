"""One burst of training, carried out wherever an executor runs it.

`perform` is the only function that runs in the worker process. What it needs is passed to it, or
was before: a run's problem is sent once, and its state stays here from one burst to the next.
Whoever counts on something that is not here is told so by None and sends it again.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.descent import Descent, Divergence, Trace, TrainState
from bpgui.engine.evaluation import Evaluation, Evaluator
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem, Settings
from bpgui.training import hurry
from bpgui.training.history import Schedule, bin_edges, bucketed, fold, layer_norms
from bpgui.training.snapshot import LossBuckets

Ending: TypeAlias = Literal["max_epochs", "loss_below"] | Divergence | None

Entry = TypeVar("Entry", bound=np.generic)

TRACED_ENTRIES = 2**21
LEAST_PIECES = 8


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What is asked of a burst: to go on from `state` for `count` iterations.

    `state` None stands for the one that the run's order `number` - 1 ended with, which stays where
    that order was carried out. Losses come back in buckets of `loss_width` iterations, gradient
    rows of the multiples of `gradient_stride`, evaluations by their schedule and, if `evaluate` is
    set, at the end.
    """

    number: int
    state: TrainState | None
    settings: Settings
    count: int
    loss_width: int
    gradient_stride: int
    evaluations: Schedule
    evaluate: bool


@dataclass(frozen=True, slots=True, eq=False)
class Burst:
    """What a burst did.

    `losses` are those of its iterations; `gradient` and `update` (size,) belong to the last of
    them. `rows` (r, bins) are folded gradients of `row_iterations` (r,) and `norms` (r, layers) the
    norms of these; `objectives` (e, 2) hold the train and test losses after `evaluated` (e,)
    iterations. `evaluation` is the newest one, of the parameters after `evaluated_at` iterations,
    None if there was none; where the burst ended training, it is that of the last parameters.
    `compute_seconds` counts training alone, `seconds` all of it, and `evaluation_seconds` the last
    evaluation.
    """

    state: TrainState
    ended: Ending
    losses: LossBuckets
    gradient: FloatArray | None
    update: FloatArray | None
    row_iterations: NDArray[np.int64]
    rows: FloatArray
    norms: FloatArray
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
        self.network = problem.network
        self.edges = bin_edges(problem.network.size)


@dataclass(slots=True)
class _Bench:
    """A run's workshop, and the state in which its order `number` left it."""

    key: str
    shop: Workshop
    number: int = -1
    state: TrainState | None = None
    ended: bool = False


_kept = threading.local()


def perform(key: str, order: Order, problem: Problem | None = None) -> Burst | None:
    """Carry out one order of the run known as `key`; None if its problem, or the state to go on
    from, is not here and was not sent along."""
    bench: _Bench | None = getattr(_kept, "bench", None)
    if bench is None or bench.key != key:
        if problem is None:
            return None
        _kept.bench = None  # lets go of its memory before the next one takes more
        _kept.bench = bench = _Bench(key, Workshop(problem))
    if order.state is None and bench.number != order.number - 1:
        return None
    if order.state is None and bench.ended:
        order = replace(order, count=0, evaluate=False)
    state = bench.state if order.state is None else order.state
    assert state is not None
    burst = carry_out(bench.shop, state, order)
    bench.number, bench.state = order.number, burst.state
    bench.ended = burst.ended is not None or (order.state is None and bench.ended)
    return burst


def carry_out(shop: Workshop, state: TrainState, order: Order) -> Burst:
    """The burst that `order` asks for, from `state` on. It is done in pieces that end where an
    evaluation is due, and the last iteration is a piece of its own, so that its update is known.
    Between them it is cut short if there is a hurry."""
    began = perf_counter()
    work = _Work(shop, order, state.iteration)
    until = state.iteration + order.count
    ended: Ending = None
    while ended is None and state.iteration < until and not hurry.hurried():
        state, ended = work.piece(state, work.length(state.iteration, until))
    scheduled = order.evaluations.holds(np.array([state.iteration])).any()
    if ended is not None or (order.evaluate and (scheduled or not hurry.hurried())):
        work.evaluate(state)
    return work.burst(state, ended, began)


class _Work:
    """What one burst gathers."""

    def __init__(self, shop: Workshop, order: Order, start: int) -> None:
        self.shop, self.order, self.start = shop, order, start
        self.losses: list[FloatArray] = []
        self.traced: list[FloatArray] = []  # rows (r, size) that are not folded yet
        self.row_iterations: list[NDArray[np.int64]] = []
        self.rows: list[FloatArray] = []
        self.norms: list[FloatArray] = []
        self.last: tuple[TrainState, TrainState, Trace] | None = None
        self.evaluations: dict[int, Evaluation] = {}
        self.compute_seconds = 0.0
        self.evaluation_seconds = 0.0

    def length(self, iteration: int, until: int) -> int:
        """Iterations of the next piece; few enough that their gradient rows stay small, and that
        one can hurry."""
        due = self.order.evaluations.next(iteration)
        room = max(1, TRACED_ENTRIES // self.shop.network.size) * self.order.gradient_stride
        last = until - 1 if iteration < until - 1 else until
        part = -(-self.order.count // LEAST_PIECES)
        return min(due, last, iteration + min(part, room)) - iteration

    def piece(self, state: TrainState, count: int) -> tuple[TrainState, Ending]:
        after, trace = self._advance(state, count, self.order.gradient_stride)
        if len(trace.losses):
            self.last = (state, after, trace)
            self.losses.append(trace.losses)
            if len(trace.rows):
                self.row_iterations.append(trace.row_iterations)
                self.traced.append(trace.rows)
                if sum(rows.size for rows in self.traced) > TRACED_ENTRIES // 2:
                    self.fold()
            if after.iteration == self.order.evaluations.next(state.iteration):
                self.evaluate(after)
        return after, trace.ended

    def fold(self) -> None:
        """Many rows at once, which takes little longer than one."""
        if self.traced:
            rows = np.concatenate(self.traced) if len(self.traced) > 1 else self.traced[0]
            self.rows.append(fold(rows, self.shop.edges))
            self.norms.append(layer_norms(self.shop.network, rows))
            self.traced.clear()

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
        """What the last iteration added; one that is not a piece of its own is done once more."""
        if self.last is None:
            return None
        before, after, trace = self.last
        if len(trace.losses) > 1:
            before, _ = self._advance(before, len(trace.losses) - 1, 0)
        return after.parameters - before.parameters

    def burst(self, state: TrainState, ended: Ending, began: float) -> Burst:
        self.fold()
        iterations = np.array(sorted(self.evaluations), dtype=np.int64)
        recorded = iterations[self.order.evaluations.holds(iterations)]
        newest = max(self.evaluations, default=-1)
        losses = _joined(self.losses, np.empty(0))
        return Burst(
            state=state,
            ended=ended,
            losses=bucketed(losses, self.start, self.order.loss_width),
            gradient=None if self.last is None else self.last[2].gradient,
            update=self._update(),
            row_iterations=_joined(self.row_iterations, np.empty(0, dtype=np.int64)),
            rows=_joined(self.rows, np.empty((0, len(self.shop.edges) - 1), self.shop.dtype)),
            norms=_joined(self.norms, np.empty((0, len(self.shop.network.layers)))),
            evaluated=recorded,
            objectives=np.array(
                [_objectives(self.evaluations[int(at)]) for at in recorded]
            ).reshape(-1, 2),
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
