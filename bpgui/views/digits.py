"""Samples that are pictures: which data have them, and which pictures the network takes for another
class."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bpgui.engine.backprop import Pass, network_rows
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.training.evaluating import AbandonedError, GoOn
from bpgui.views.axes import Limits, step_above
from bpgui.views.names import Indices
from bpgui.views.output_judged import JudgedQuestion, evaluate_confusion

SMALLEST = 3  # pixels of a picture's side
ASKED_EVERY = 256  # samples, between two questions whether to go on

_RANGES = {"sigmoid": Limits(0.0, 1.0), "softmax": Limits(0.0, 1.0), "tanh": Limits(-1.0, 1.0)}


@dataclass(frozen=True, eq=False)
class Missed:
    """The samples of a part that the network takes for another class, the one with the largest
    loss first: their `indices` (n,) and `losses` (n,); `total` is how many samples there are."""

    question: JudgedQuestion
    indices: Indices
    losses: FloatArray
    total: int

    @property
    def accuracy(self) -> float:
        return 1.0 - len(self.indices) / self.total

    def place(self, sample: int) -> int | None:
        """Where a sample stands among them, from 0; None for one that is taken for what it is."""
        found = np.flatnonzero(self.indices == sample)
        return int(found[0]) if len(found) else None

    def beside(self, sample: int, by: int) -> int | None:
        """The sample so many places after another one, round in a circle; the first one from a
        sample that is not among them. None where there are none."""
        if not len(self.indices):
            return None
        place = self.place(sample)
        return int(self.indices[0 if place is None else (place + by) % len(self.indices)])


def side_of(problem: Problem) -> int | None:
    """The side of the pictures in pixels, None where the number of the data's inputs is no square
    of SMALLEST or more."""
    side = math.isqrt(problem.data_inputs)
    return side if side >= SMALLEST and side * side == problem.data_inputs else None


def output_range(problem: Problem, *values: FloatArray) -> Limits:
    """From where to where outputs are drawn: what their activation can give, else a round number
    above all `values`, and from its negative where some are negative."""
    activation = problem.network.layers[-1].activation
    if activation in _RANGES:
        return _RANGES[activation]
    finite = [value[np.isfinite(value)] for value in values]
    largest = max((float(np.abs(value).max(initial=0.0)) for value in finite), default=0.0)
    reach = step_above(largest) if largest > 0.0 else 1.0
    negative = any(bool((value < 0.0).any()) for value in finite)
    return Limits(-reach if negative else 0.0, reach)


def evaluate_missed(question: JudgedQuestion, go_on: GoOn) -> Missed:
    """A loss is that of the sample by itself, without penalties; what is not a number comes
    first."""
    confusion = evaluate_confusion(question, go_on)
    wrong = np.flatnonzero(confusion.predicted != confusion.true)
    losses = _losses(question, wrong, go_on)
    order = np.argsort(-np.nan_to_num(losses, nan=np.inf, posinf=np.inf), kind="stable")
    return Missed(question, wrong[order], losses[order], confusion.total)


def _losses(question: JudgedQuestion, indices: Indices, go_on: GoOn) -> FloatArray:
    problem, samples, theta = question.problem, question.samples, question.parameters
    losses = np.empty(len(indices))
    run = Pass(problem.network, problem.loss, 1, 1.0, theta, np.empty_like(theta))
    with np.errstate(all="ignore"):
        for place, index in enumerate(indices.tolist()):
            if place % ASKED_EVERY == 0 and not go_on():
                raise AbandonedError
            rows = network_rows(problem.network, samples.inputs[index : index + 1])
            losses[place] = run.loss(rows, samples.targets[index : index + 1].T.copy())
    return losses
