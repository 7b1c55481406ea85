"""The network that imported data are learnt with at first: one hidden layer, Adam on shuffled
batches, and an end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bpgui.experiment import models, sources
from bpgui.experiment.models import Experiment
from bpgui.experiment.rules import check

LossName: TypeAlias = Literal["cross_entropy", "binary_cross_entropy", "half_squared_error"]

BATCH = 32
OUTPUT: dict[str, tuple[models.Activation, LossName]] = {
    "classes": ("softmax", "cross_entropy"),
    "two classes": ("sigmoid", "binary_cross_entropy"),
    "numbers": ("identity", "half_squared_error"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """The hidden layer with its weights, and how it is trained."""

    units: int
    activation: models.Activation
    weights: type[models.XavierUniform | models.HeUniform]
    learning_rate: float
    epochs: int


FOR_TABLES = Plan(8, "tanh", models.XavierUniform, 0.01, 500)
FOR_PICTURES = Plan(30, "relu", models.HeUniform, 0.003, 30)


def set_up(
    experiment: Experiment,
    plan: Plan,
    kind: str,
    shape: tuple[int, int],
    data: sources.Data,
    name: str,
) -> Experiment:
    """Another experiment with the same seed, whose network fits data with so many inputs and
    targets; `kind`, a key of OUTPUT, is that of the targets."""
    seed, (inputs, targets) = experiment.training.seed, shape
    activation, loss = OUTPUT[kind]
    layers = (
        models.Layer(units=plan.units, activation=plan.activation),
        models.Layer(units=targets, activation=activation),
    )
    return check(
        Experiment(
            name=name[:200],
            network=models.Network(inputs=inputs, layers=layers),
            initial_weights=plan.weights(seed=seed),
            data=data,
            loss=models.Loss(name=loss),
            training=models.Training(
                optimizer=models.Adam(learning_rate=plan.learning_rate),
                batch_size=BATCH,
                shuffle=True,
                seed=seed,
                stop=models.Stop(max_epochs=plan.epochs),
            ),
        )
    )
