"""Objective, data loss and accuracy of given parameters over all samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpgui.engine.backprop import CHUNK, Pass, Sweep, network_rows, reduction_factor
from bpgui.engine.network import FloatArray, Network
from bpgui.engine.penalties import penalty_of
from bpgui.engine.problem import Problem, Samples, Settings


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`loss` is the objective over all training samples, penalties included; `data_loss` is it
    without them. `test_loss` is the data loss over the test samples. Accuracies are fractions; None
    where there is no test set or no classes."""

    loss: float
    data_loss: float
    accuracy: float | None
    test_loss: float | None
    test_accuracy: float | None


class Evaluator:
    """Evaluates one problem again and again on the same buffers."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._theta = problem.initial.copy()
        self._train = self._sweep(problem.train)
        self._test = None if problem.test is None else self._sweep(problem.test)

    def evaluate(self, theta: FloatArray, settings: Settings | None = None) -> Evaluation:
        """Evaluate theta (size,), with the penalties of `settings` where they are given."""
        self._theta[...] = theta
        with np.errstate(all="ignore"):
            data_loss, accuracy = self._measure(self._train)
            penalty = self._penalty(settings)
            test_loss, test_accuracy = (
                (None, None) if self._test is None else self._measure(self._test)
            )
        return Evaluation(data_loss + penalty, data_loss, accuracy, test_loss, test_accuracy)

    def objective(self, theta: FloatArray, settings: Settings | None = None) -> float:
        """The objective over all training samples alone."""
        self._theta[...] = theta
        with np.errstate(all="ignore"):
            total = sum(run.loss(rows, targets) for run, rows, targets in self._train)
            return float(total) + self._penalty(settings)

    def _sweep(self, samples: Samples) -> Sweep:
        problem = self._problem
        factor = reduction_factor(problem, len(samples))
        spare = np.empty_like(self._theta)
        return Sweep(problem.network, problem.loss, samples, factor, self._theta, spare)

    def _penalty(self, settings: Settings | None) -> float:
        penalty = penalty_of(self._problem.network, settings or self._problem.settings, self._theta)
        return 0.0 if penalty is None else float(penalty.value())

    def _measure(self, sweep: Sweep) -> tuple[float, float | None]:
        """Data loss and accuracy over one set of samples."""
        loss, right, count = 0.0, 0, 0
        for run, rows, targets in sweep:
            loss += float(run.loss(rows, targets))
            count += run.size
            if self._problem.classification:
                right += count_right(run.outputs, targets, self._problem.threshold)
        return loss, right / count if self._problem.classification else None


def count_right(outputs: FloatArray, targets: FloatArray, threshold: float | None) -> int:
    """How many samples, columns of (outputs, batch), get the class that their targets name."""
    if threshold is None:
        same = outputs.argmax(axis=0) == targets.argmax(axis=0)
    else:
        same = ((outputs > threshold) == (targets > threshold)).all(axis=0)
    return int(np.count_nonzero(same))


def evaluate(problem: Problem, theta: FloatArray) -> Evaluation:
    """Evaluate the parameters theta (size,) over all training and all test samples."""
    return Evaluator(problem).evaluate(theta)


def predict(problem: Problem | Network, theta: FloatArray, inputs: FloatArray) -> FloatArray:
    """The outputs (n, outputs) for inputs (n, features), in the precision of theta."""
    network = problem.network if isinstance(problem, Problem) else problem
    inputs = np.ascontiguousarray(inputs, dtype=theta.dtype)
    outputs = np.empty((len(inputs), network.outputs), dtype=theta.dtype)
    spare = np.empty_like(theta)
    with np.errstate(all="ignore"):
        for start in range(0, len(inputs), CHUNK):
            rows = network_rows(network, inputs[start : start + CHUNK])
            run = Pass(network, "squared_error", len(rows), 1.0, theta, spare)
            outputs[start : start + CHUNK] = run.predict(rows).T
    return outputs
