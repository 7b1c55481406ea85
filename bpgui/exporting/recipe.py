"""What a script has to know to train as a run did, and why some runs cannot be told so."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bpgui.engine.evaluation import evaluate
from bpgui.engine.losses import FUSED
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.exporting.rounding import tolerance_of
from bpgui.training.snapshot import RunState, Snapshot

MOST = 0.1  # of a tolerance; what allows more is no check


class ExportError(Exception):
    """Something cannot be exported; the message says why and what would help."""


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """A training to be repeated: `problem`, with the settings that were in force, leads in so many
    `iterations` to theta (size,) and to the objective `loss` over all training samples. Another
    program may differ by the `tolerance`, None where that is not known."""

    name: str
    problem: Problem
    iterations: int
    parameters: FloatArray
    loss: float
    tolerance: float | None

    @property
    def batched(self) -> bool:
        """Whether an epoch has several batches."""
        return self.problem.batches_per_epoch > 1

    @property
    def mean(self) -> bool:
        """Whether the loss is divided by the number of samples of a batch."""
        return self.problem.reduction == "mean"

    @property
    def fused(self) -> bool:
        """Whether loss and output activation are one formula of the pre-activations."""
        return (self.problem.network.layers[-1].activation, self.problem.loss) in FUSED


def recipe_of(name: str, problem: Problem, snapshot: Snapshot) -> Recipe:
    """What a run has come to. Raises ExportError."""
    if snapshot.altered_at is not None:
        raise ExportError(
            "A value or a setting was changed by hand at iteration "
            f"{snapshot.altered_at:,}, which a script that trains from the start cannot follow. "
            "Reset, train again, and export then."
        )
    if snapshot.state is RunState.DIVERGED:
        raise ExportError(
            f"{snapshot.message} A script can only repeat a training whose numbers are finite."
        )
    problem = replace(problem, settings=snapshot.settings)
    return recipe_after(name, problem, snapshot.iteration, snapshot.parameters)


def recipe_after(name: str, problem: Problem, iterations: int, parameters: FloatArray) -> Recipe:
    """What so many iterations lead to: theta (size,). Raises ExportError."""
    if problem.fault is not None:
        raise ExportError(
            "This experiment trains with a wrong backward pass, which a script cannot tell. "
            "Choose the right one, train again, and export then."
        )
    if not iterations:
        raise ExportError("Nothing is trained yet. Train for an iteration or more first.")
    loss = evaluate(problem, parameters).loss
    if not (np.isfinite(parameters).all() and np.isfinite(loss)):
        raise ExportError(
            "The loss or a parameter is not finite. "
            "A script can only repeat a training whose numbers are finite."
        )
    tolerance = tolerance_of(problem, iterations, parameters)
    if tolerance is not None and tolerance > MOST:
        raise ExportError(
            "This training is chaotic: weights that differ in the last digit lead to quite other "
            "ones, so that no other program arrives at the same digits. Export fewer iterations, "
            "or train with a smaller learning rate."
        )
    return Recipe(name, problem, iterations, parameters, loss, tolerance)
