"""Objective, data loss and accuracy of given parameters over all samples."""

from __future__ import annotations

from dataclasses import dataclass

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`loss` is the objective over all training samples, penalties included; `data_loss` is it without them.
    `test_loss` is the data loss over the test samples. Accuracies are fractions; None where there is no test set or no classes."""

    loss: float
    data_loss: float
    accuracy: float | None
    test_loss: float | None
    test_accuracy: float | None


def evaluate(problem: Problem, theta: FloatArray) -> Evaluation: ...
