"""Every intermediate number of one pass, forward and backward, for one sample or a batch, and of
the update that it leads to.

`walk` finds what backpropagation finds. Added here is what a person asks for beyond that: the terms
of the loss, the derivative of each activation, dL/da before it is multiplied by that derivative,
penalties apart, and what the optimizer keeps before and after its step.

Samples are columns. What is called *own* belongs to the loss L[s] of one sample s; the objective's
data part is factor * sum_s L[s], with the factor 1 / batch for a mean and 1 for a sum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.backprop import network_rows, reduction_factor
from bpgui.engine.losses import FUSED, LOSSES
from bpgui.engine.network import BoolArray, FloatArray
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.engine.problem import Problem, Settings
from bpgui.engine.walk import walk

Indices: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class LayerPass:
    """What one layer computes. Shapes: `inputs` and `input_gradients` (inputs, batch); the other
    per-sample values (units, batch); `weight_gradients` (units, inputs); `bias_gradients` (units,),
    None where the layer has no biases.

    `deltas`, both gradients and `input_gradients` (dL/d of the layer's inputs) are those of the
    objective's data part. `own_deltas` and `own_errors`, which is dL[s]/da, leave the factor out.
    `slopes` is da/dz, None for softmax, whose units depend on each other.
    """

    inputs: FloatArray
    pre_activations: FloatArray
    activations: FloatArray
    slopes: FloatArray | None
    own_errors: FloatArray
    own_deltas: FloatArray
    deltas: FloatArray
    weight_gradients: FloatArray
    bias_gradients: FloatArray | None
    input_gradients: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """One update of all parameters; everything has shape (size,), slots (slots, size).

    `gradient` is `data_gradient` with both penalties' added. `used` is what the optimizer gets:
    that, and 0 for a parameter that is `held`, because it is frozen or a fixed bias.
    """

    data_gradient: FloatArray
    l2_gradient: FloatArray
    l1_gradient: FloatArray
    gradient: FloatArray
    held: BoolArray
    used: FloatArray
    slots: FloatArray
    new_slots: FloatArray
    parameters: FloatArray


@dataclass(frozen=True, eq=False)
class Derivation:
    """All numbers of one pass over the samples with the indices `samples` (batch,).

    `inputs` (features, batch), `targets` and `loss_terms` (outputs, batch), `losses` (batch,);
    layer l is `layers[l - 1]`. `loss` is the objective's data part, `l2_penalty` and `l1_penalty`
    come on top. `parameters` are theta before the update, `iteration` the updates done before, and
    `slots` the optimizer's, None for zeros.
    """

    problem: Problem
    settings: Settings
    parameters: FloatArray
    iteration: int
    samples: Indices
    factor: float
    inputs: FloatArray
    targets: FloatArray
    layers: tuple[LayerPass, ...]
    loss_terms: FloatArray
    losses: FloatArray
    loss: float
    l2_penalty: float
    l1_penalty: float
    slots: FloatArray | None

    @cached_property
    def update(self) -> Update:
        """Found when it is asked for: of a large network it takes longer than the pass."""
        with np.errstate(all="ignore"):
            return _update(self)

    @property
    def outputs(self) -> FloatArray:
        return self.layers[-1].activations

    @property
    def input_gradients(self) -> FloatArray:
        """dL/dx of the objective's data part, shape (features, batch)."""
        return self.layers[0].input_gradients

    @property
    def objective(self) -> float:
        return self.loss + self.l2_penalty + self.l1_penalty


def derive(
    problem: Problem,
    theta: FloatArray,
    samples: Sequence[int] | Indices,
    slots: FloatArray | None = None,
    iteration: int = 0,
    settings: Settings | None = None,
) -> Derivation:
    """The pass of theta (size,) over training samples, by their indices from 0, and the update.

    `slots` (slots, size) are the optimizer's, zeros where none are given; `settings` those of the
    problem. Raises IndexError for a sample that is not there and ValueError for none at all.
    """
    settings = settings or problem.settings
    theta = np.array(theta)
    chosen = checked_samples(problem, samples)
    inputs = problem.train.inputs[chosen]
    targets = np.ascontiguousarray(problem.train.targets[chosen].T)
    factor = reduction_factor(problem, len(chosen))
    with np.errstate(all="ignore"):
        layers = _layers(problem, theta, inputs, targets, factor)
        terms = loss_terms(problem, layers[-1], targets)
        losses = np.add.reduce(terms, axis=0)
        weights = theta[problem.network.is_weight] if settings.l2 or settings.l1 else theta[:0]
        return Derivation(
            problem,
            settings,
            theta,
            iteration,
            chosen,
            factor,
            inputs.T,
            targets,
            layers,
            terms,
            losses,
            float(factor * np.add.reduce(losses)),
            float(0.5 * settings.l2 * np.add.reduce(np.square(weights))) if settings.l2 else 0.0,
            float(settings.l1 * np.add.reduce(np.abs(weights))) if settings.l1 else 0.0,
            slots,
        )


def checked_samples(problem: Problem, samples: Sequence[int] | Indices) -> Indices:
    """The indices as an array; IndexError and ValueError as for derive."""
    chosen = np.asarray(samples, dtype=np.int64).reshape(-1)
    if not len(chosen):
        raise ValueError("a pass needs at least one sample")
    count = len(problem.train)
    outside = chosen[(chosen < 0) | (chosen >= count)]
    if len(outside):
        raise IndexError(f"there is no sample {outside[0]}; the samples are 0 to {count - 1}")
    return chosen


def batch_indices(problem: Problem, iteration: int) -> Indices:
    """The samples that the iteration, counted from 0, learns from, in their order (see Problem)."""
    count, per_epoch = len(problem.train), problem.batches_per_epoch
    if per_epoch == 1 or problem.batch_size is None:
        return np.arange(count)
    epoch, number = divmod(iteration, per_epoch)
    order = (
        np.random.default_rng([problem.seed, epoch]).permutation(count)
        if problem.shuffle
        else np.arange(count)
    )
    return order[number * problem.batch_size :][: problem.batch_size]


# --- the pass -----------------------------------------------------------------------------------


def _layers(
    problem: Problem, theta: FloatArray, inputs: FloatArray, targets: FloatArray, factor: float
) -> tuple[LayerPass, ...]:
    network = problem.network
    found: dict[tuple[int | None, str], FloatArray] = {
        (layer, quantity): values
        for layer, quantity, values in walk(
            network, problem.loss, 1.0, theta, network_rows(network, inputs), targets
        )
    }
    weights = network.weights(theta)
    errors = _output_error(problem.loss, found[len(network.layers), "activation"], targets)
    passes: list[LayerPass] = []
    for number in range(len(network.layers), 0, -1):
        layer = network.layers[number - 1]
        before = inputs.T if number == 1 else found[number - 1, "activation"]
        activations, own = found[number, "activation"], found[number, "delta"]
        deltas = factor * own
        matrix = factor * found[number, "gradient"]
        earlier = weights[number - 1].T.dot(own)
        passes.append(
            LayerPass(
                before,
                found[number, "pre_activation"],
                activations,
                slopes(layer.activation, activations),
                errors,
                own,
                deltas,
                matrix[:, : layer.inputs],
                None if layer.bias == "none" else matrix[:, -1],
                factor * earlier,
            )
        )
        errors = earlier
    return tuple(reversed(passes))


def _output_error(loss: str, a: FloatArray, targets: FloatArray) -> FloatArray:
    """dL[s]/da (outputs, batch), by the loss alone even where its pair with softmax is fused."""
    error, scratch = np.empty_like(a), np.empty_like(a)
    LOSSES[loss](a, targets, error, scratch, 1.0)
    return error


def slopes(activation: str, a: FloatArray) -> FloatArray | None:
    """da/dz (units, batch) from the activations; None for softmax."""
    if activation == "softmax":
        return None
    result = np.ones_like(a)
    ACTIVATIONS[activation].backward(a, result, np.empty_like(a))
    return result


# --- the loss -----------------------------------------------------------------------------------

Terms: TypeAlias = Callable[[FloatArray, FloatArray], FloatArray]


def _times_log(coefficient: FloatArray, x: FloatArray) -> FloatArray:
    return coefficient * np.log(x, out=np.zeros_like(x), where=coefficient != 0)


def _huber(a: FloatArray, t: FloatArray) -> FloatArray:
    size = np.abs(a - t)
    near = np.minimum(size, 1.0)
    return near * (size - 0.5 * near)


def _fused_binary(z: FloatArray, t: FloatArray) -> FloatArray:
    return np.maximum(z, 0.0) - t * z + np.log1p(np.exp(-np.abs(z)))


def _fused_softmax(z: FloatArray, t: FloatArray) -> FloatArray:
    shifted = z - np.maximum.reduce(z, axis=0)
    loss: FloatArray = t * (np.log(np.add.reduce(np.exp(shifted), axis=0)) - shifted)
    return loss


# What each output adds to a sample's loss; the pairs that are fused start from z instead of a.
TERMS: dict[str, Terms] = {
    "squared_error": lambda a, t: np.square(a - t),
    "half_squared_error": lambda a, t: 0.5 * np.square(a - t),
    "mean_squared_error": lambda a, t: np.square(a - t) / len(a),
    "absolute_error": lambda a, t: np.abs(a - t),
    "huber": _huber,
    "binary_cross_entropy": lambda a, t: -_times_log(t, a) - _times_log(1.0 - t, 1.0 - a),
    "cross_entropy": lambda a, t: -_times_log(t, a),
}
FUSED_TERMS: dict[tuple[str, str], Terms] = {
    ("sigmoid", "binary_cross_entropy"): _fused_binary,
    ("softmax", "cross_entropy"): _fused_softmax,
}


def loss_terms(problem: Problem, last: LayerPass, targets: FloatArray) -> FloatArray:
    """What each output adds to the loss of each sample, (outputs, batch)."""
    pair = (problem.network.layers[-1].activation, problem.loss)
    if pair in FUSED:
        return FUSED_TERMS[pair](last.pre_activations, targets)
    return TERMS[problem.loss](last.activations, targets)


# --- the update ---------------------------------------------------------------------------------


def _update(derivation: Derivation) -> Update:
    network, settings = derivation.problem.network, derivation.settings
    theta, slots = derivation.parameters, derivation.slots
    data = network.pack(
        [layer.weight_gradients for layer in derivation.layers],
        [layer.bias_gradients for layer in derivation.layers],
        theta.dtype,
    )
    weights = network.is_weight.astype(theta.dtype)
    l2, l1 = weights * settings.l2 * theta, weights * settings.l1 * np.sign(theta)
    gradient = data + l2 + l1
    held = ~network.is_trained
    if settings.frozen is not None:
        held |= settings.frozen
    used = gradient * (~held).astype(theta.dtype)
    rule = OPTIMIZERS[settings.optimizer.name]
    before = np.zeros((len(rule.slots), theta.size), theta.dtype) if slots is None else slots
    after, parameters = before.copy(), theta.copy()
    scratch = np.empty_like(theta), np.empty_like(theta)
    values = settings.optimizer.values
    rule.update(parameters, used, tuple(after), scratch, derivation.iteration, **values)
    np.copyto(parameters, theta, where=held)
    return Update(data, l2, l1, gradient, held, used, before, after, parameters)
