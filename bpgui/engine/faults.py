"""A shelf of wrong backward passes, to be found with the gradient check.

Each is the right pass of `walk` with one mistake in how the error signals delta are handed on; a
layer's gradient is then delta A^T, as it should be. None of them is anywhere near the right pass:
`descent` takes this way only where a problem names a fault. What a fault does in one iteration
follows from the state before it alone, so runs with a fault are repeated to the bit as others are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.backprop import reduction_factor
from bpgui.engine.losses import LOSSES
from bpgui.engine.network import FloatArray
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.engine.penalties import penalty_of
from bpgui.engine.problem import Problem, Settings
from bpgui.engine.walk import walk


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """Where training stands before an update: theta (size,), the optimizer's slots (slots, size),
    and the number of updates done."""

    settings: Settings
    theta: FloatArray
    slots: FloatArray
    iteration: int


@dataclass(frozen=True, slots=True, eq=False)
class Forward:
    """What a wrong pass starts from. Per layer: `inputs` (inputs, batch), `weights` (units,
    inputs), activations `outputs` and the right error signals `deltas`, both (units, batch)."""

    problem: Problem
    moment: Moment
    targets: FloatArray
    factor: float
    inputs: list[FloatArray]
    weights: list[FloatArray]
    outputs: list[FloatArray]
    deltas: list[FloatArray]

    def through_activation(self, layer: int, delta: FloatArray) -> FloatArray:
        """dL/dz of a layer, counted from 0, from its dL/da."""
        delta = delta.copy()
        name = self.problem.network.layers[layer].activation
        ACTIVATIONS[name].backward(self.outputs[layer], delta, np.empty_like(delta))
        return delta


Deltas: TypeAlias = Callable[[Forward], list[FloatArray]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the table. `bites` tells whether the mistake changes anything in a problem: with
    a loss that has no factor, for one, none can be lost."""

    label: str
    description: str
    deltas: Deltas
    bites: Callable[[Problem], bool]


def faulty_gradient(
    problem: Problem, moment: Moment, rows: FloatArray, targets: FloatArray
) -> FloatArray:
    """The data part of the gradient (size,) that the problem's fault gives for one batch.

    `rows` (batch, columns of the first layer) and `targets` (outputs, batch) as for backprop.Pass.
    Call inside `np.errstate(all="ignore")`.
    """
    assert problem.fault is not None
    start = _forward(problem, moment, rows, targets)
    deltas = FAULTS[problem.fault].deltas(start)
    return problem.network.pack(
        [_weight_gradient(delta, a) for delta, a in zip(deltas, start.inputs, strict=True)],
        [
            None if layer.bias == "none" else np.add.reduce(delta, axis=1)
            for layer, delta in zip(problem.network.layers, deltas, strict=True)
        ],
        moment.theta.dtype,
    )


def _forward(problem: Problem, moment: Moment, rows: FloatArray, targets: FloatArray) -> Forward:
    network, factor = problem.network, reduction_factor(problem, len(rows))
    found = {
        (layer, quantity): values
        for layer, quantity, values in walk(
            network, problem.loss, factor, moment.theta, rows, targets
        )
    }
    numbers = range(1, len(network.layers) + 1)
    outputs = [found[number, "activation"] for number in numbers]
    return Forward(
        problem,
        moment,
        targets,
        factor,
        [rows.T[: network.inputs], *outputs[:-1]],
        network.weights(moment.theta),
        outputs,
        [found[number, "delta"] for number in numbers],
    )


def _weight_gradient(delta: FloatArray, inputs: FloatArray) -> FloatArray:
    gradient: FloatArray = delta.dot(inputs.T)
    return gradient


# --- each layer is updated before the error goes on ---------------------------------------------


def _output_first(start: Forward) -> list[FloatArray]:
    """delta[l-1] = (V'^T delta[l]) * f'(z[l-1]) with the weights V' that layer l has after its
    update; that update, in turn, comes of delta[l]."""
    deltas = [start.deltas[-1]]
    for layer in range(len(start.weights) - 1, 0, -1):
        back = _weights_after(start, layer, deltas[0]).T.dot(deltas[0])
        deltas.insert(0, start.through_activation(layer - 1, back))
    return deltas


def _weights_after(start: Forward, layer: int, delta: FloatArray) -> FloatArray:
    """The weights (units, inputs) of a layer after an update with this delta.

    The rules work on each parameter by itself, so they can be applied to one layer alone.
    """
    moment, network = start.moment, start.problem.network
    shape = network.layers[layer]
    part = slice(network.offsets[layer], network.offsets[layer + 1])
    gradient = np.zeros_like(moment.theta)
    matrix = network.matrices(gradient)[layer]
    matrix[:, : shape.inputs] = _weight_gradient(delta, start.inputs[layer])
    matrix[:, shape.inputs :] = np.add.reduce(delta, axis=1)[:, None]
    penalty = penalty_of(network, moment.settings, moment.theta)
    if penalty is not None:
        penalty.add_gradient(gradient)
    theta, used = moment.theta[part].copy(), gradient[part]
    slots = tuple(slot[part].copy() for slot in moment.slots)
    scratch = np.empty_like(theta), np.empty_like(theta)
    optimizer = moment.settings.optimizer
    OPTIMIZERS[optimizer.name].update(
        theta, used, slots, scratch, moment.iteration, **optimizer.values
    )
    if moment.settings.frozen is not None:
        np.copyto(theta, moment.theta[part], where=moment.settings.frozen[part])
    return theta.reshape(shape.units, shape.columns)[:, : shape.inputs]


# --- the derivative of the activation is left out -----------------------------------------------


def _slope_forgotten(start: Forward) -> list[FloatArray]:
    """delta[l-1] = V^T delta[l]"""
    deltas = [start.deltas[-1]]
    for layer in range(len(start.weights) - 1, 0, -1):
        deltas.insert(0, start.weights[layer].T.dot(deltas[0]))
    return deltas


# --- a factor of the loss is lost ---------------------------------------------------------------

# What dL/da becomes a multiple of: the 1/2 left out before deriving, or the 2 when deriving.
LOST: dict[str, float] = {
    "half_squared_error": 2.0,
    "squared_error": 0.5,
    "mean_squared_error": 0.5,
    "huber": 2.0,
}


def _half_lost(start: Forward) -> list[FloatArray]:
    """dL/da = 2 (a - t) for a loss of (a - t)**2 / 2, and a - t for one of (a - t)**2.

    Huber's loss has its 1/2 where |a - t| <= 1, and nothing to lose beyond.
    """
    loss, a = start.problem.loss, start.outputs[-1]
    if loss not in LOST:
        return start.deltas
    error = np.empty_like(a)
    LOSSES[loss](a, start.targets, error, np.empty_like(a), start.factor)
    within = loss != "huber" or np.abs(a - start.targets) <= 1.0
    error *= np.where(within, LOST[loss], 1.0)
    deltas = [start.through_activation(len(start.outputs) - 1, error)]
    for layer in range(len(start.weights) - 1, 0, -1):
        back = start.weights[layer].T.dot(deltas[0])
        deltas.insert(0, start.through_activation(layer - 1, back))
    return deltas


# --- the mean over the batch is left out --------------------------------------------------------


def _sum_for_mean(start: Forward) -> list[FloatArray]:
    """The batch's gradients are added up and not divided by their number.

    Where all samples are looked at as one batch but training takes fewer at a time, the mean is
    multiplied by as many as training takes, which is what its updates come to.
    """
    if start.problem.reduction != "mean":
        return start.deltas
    lost = min(start.targets.shape[1], _batch(start.problem))
    return [lost * delta for delta in start.deltas]


def _batch(problem: Problem) -> int:
    return min(problem.batch_size or len(problem.train), len(problem.train))


# --- a sign is turned ---------------------------------------------------------------------------


def _sign_turned(start: Forward) -> list[FloatArray]:
    """delta[1] = -(V^T delta[2]) * f'(z[1])"""
    first, *others = start.deltas
    return [-first, *others] if others else [first]


# --- the layers are walked in the wrong direction -----------------------------------------------


def _forward_walk(start: Forward) -> list[FloatArray]:
    """delta[l] = (V[l] delta[l-1]) * f'(z[l]) from the first layer to the last.

    Each layer passes what came in through its own weights, where it should be through those of the
    layer behind it. A small framework does so that calls `backward` on its layers in the order of
    the forward pass; with one unit per layer all shapes fit and nothing complains. What comes into
    the first layer is the sample's dL/da, summed over the outputs, at each of the inputs.
    """
    error = np.empty_like(start.outputs[-1])
    loss = LOSSES[start.problem.loss]
    loss(start.outputs[-1], start.targets, error, np.empty_like(error), start.factor)
    total = np.add.reduce(error, axis=0)
    delta = np.broadcast_to(total, start.inputs[0].shape)
    deltas = []
    for layer, weights in enumerate(start.weights):
        delta = start.through_activation(layer, weights.dot(delta))
        deltas.append(delta)
    return deltas


def _has_hidden_layer(problem: Problem) -> bool:
    return len(problem.network.layers) > 1


FAULTS: dict[str, Fault] = {
    "output_first": Fault(
        "output layer updated first",
        "Each layer is updated before the error is passed on to the layer in front of it, so the "
        "error goes back through weights that have changed already.",
        _output_first,
        _has_hidden_layer,
    ),
    "slope_forgotten": Fault(
        "slope of the activation forgotten",
        "The error passes back through a hidden layer's weights, but is not multiplied by the "
        "derivative of its activation.",
        _slope_forgotten,
        lambda problem: any(
            layer.activation != "identity" for layer in problem.network.layers[:-1]
        ),
    ),
    "half_lost": Fault(
        "factor of the loss lost",
        "The loss is half a square but derived as a whole one, or a whole square derived without "
        "its 2.",
        _half_lost,
        lambda problem: problem.loss in LOST,
    ),
    "sum_for_mean": Fault(
        "sum taken for the mean",
        "The gradients of a batch are added up and never divided by the number of samples.",
        _sum_for_mean,
        lambda problem: problem.reduction == "mean" and _batch(problem) > 1,
    ),
    "sign_turned": Fault(
        "a sign turned",
        "The error that is passed back into the first layer has the wrong sign.",
        _sign_turned,
        _has_hidden_layer,
    ),
    "forward_walk": Fault(
        "layers walked from first to last",
        "The layers are walked in the order of the forward pass, and each multiplies its own "
        "weights into the gradient.",
        _forward_walk,
        lambda problem: True,
    ),
}
