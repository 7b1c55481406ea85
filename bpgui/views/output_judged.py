"""What the network makes of all samples: the classes counted against each other, or predictions
against targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.backprop import CHUNK
from bpgui.engine.evaluation import predict
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem, Samples
from bpgui.training.evaluating import AbandonedError, GoOn
from bpgui.views.names import Indices
from bpgui.views.output_space import Part, class_count, classes_of, samples_of


@dataclass(frozen=True, eq=False)
class JudgedQuestion:
    """All samples of a part, which must be there; `output` counts for a fit alone."""

    problem: Problem
    parameters: FloatArray
    iteration: int
    part: Part
    output: int = 0

    @property
    def samples(self) -> Samples:
        samples = samples_of(self.problem, self.part)
        assert samples is not None
        return samples


@dataclass(frozen=True, eq=False)
class Confusion:
    """`counts` (classes, classes): row i are the samples of class i, column j those taken for class
    j. `predicted` and `true` (n,) hold the class of each sample, from 0. `finite` is False where an
    output was not a number."""

    question: JudgedQuestion
    counts: NDArray[np.int64]
    predicted: Indices
    true: Indices
    finite: bool

    @property
    def right(self) -> int:
        return int(np.trace(self.counts))

    @property
    def total(self) -> int:
        return len(self.true)

    @property
    def accuracy(self) -> float:
        return self.right / self.total

    def shares(self) -> FloatArray:
        """Each row's counts as parts of the row; 0 in a row without samples."""
        shares: FloatArray = self.counts / np.maximum(self.counts.sum(axis=1, keepdims=True), 1)
        return shares

    def members(self, row: int, column: int) -> Indices:
        """The samples that a cell counts."""
        return np.flatnonzero((self.true == row) & (self.predicted == column))


@dataclass(frozen=True, eq=False)
class Fit:
    """`outputs` and `targets` (n,) of all samples for one output. `error` is the root of the mean
    squared difference; `explained` is R², None where the targets are all the same."""

    question: JudgedQuestion
    outputs: FloatArray
    targets: FloatArray
    error: float
    explained: float | None

    @property
    def finite(self) -> bool:
        return bool(np.isfinite(self.outputs).all())


def evaluate_confusion(question: JudgedQuestion, go_on: GoOn) -> Confusion:
    problem = question.problem
    kinds, finite = [], True
    for outputs in _outputs(question, go_on):
        finite = finite and bool(np.isfinite(outputs).all())
        kinds.append(classes_of(problem, outputs))
    predicted, true = np.concatenate(kinds), classes_of(problem, question.samples.targets)
    size = class_count(problem)
    counts = np.bincount(true * size + predicted, minlength=size * size).reshape(size, size)
    return Confusion(question, counts, predicted, true, finite)


def evaluate_fit(question: JudgedQuestion, go_on: GoOn) -> Fit:
    """R² is 1 - sum (t - a)^2 / sum (t - mean t)^2."""
    parts = [outputs[:, question.output] for outputs in _outputs(question, go_on)]
    outputs = np.concatenate(parts)
    targets = question.samples.targets[:, question.output]
    with np.errstate(all="ignore"):
        missed = float(np.square(targets - outputs, dtype=np.float64).sum())
        spread = float(np.square(targets - targets.mean(), dtype=np.float64).sum())
        explained = 1.0 - missed / spread if spread > 0.0 else None
    return Fit(question, outputs, targets, (missed / len(targets)) ** 0.5, explained)


def _outputs(question: JudgedQuestion, go_on: GoOn) -> Iterator[FloatArray]:
    """The outputs of all samples, CHUNK at a time, as `predict` gives them for all at once."""
    inputs = question.samples.inputs
    for start in range(0, len(inputs), CHUNK):
        if not go_on():
            raise AbandonedError
        yield predict(question.problem, question.parameters, inputs[start : start + CHUNK])
