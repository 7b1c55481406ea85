"""How many multiplications one sample's gradient takes, in three ways: by a closed formula for any
network, and counted by doing them.

What counts, for a network of the sizes n[0], n[1], ..., n[L]:

- A product of two numbers that depend on the sample or the parameters, and a division. Additions,
  and what activation functions and the loss compute within themselves, do not count, nor do the
  slopes f'(z) and the errors dL/da, which they deliver.
- s[l] is 1 where layer l multiplies by a slope, 0 where there is none to multiply by: for identity,
  and for an output whose delta comes in one piece (softmax, and sigmoid with binary
  cross-entropy).
- Every weight, and every bias that is trained, is a parameter; a bias is multiplied by nothing.

The ways, each with the forward pass F = sum n[l] n[l-1] in it:

chain           every derivative written out by itself, as a sum over the paths from the parameter
                to the outputs. A path from layer l is a product of dL/da, the slopes and weights
                on the way, and the input activation: s[l] + ... + s[L] + (L - l) + 1 products, one
                less for a bias. There are n[l+1] ... n[L] paths.
differences     (L(w + h) - L(w - h)) / 2h: two forward passes and a division per parameter
backpropagation the shared factors once: s[L] n[L] for the first delta, n[l] n[l-1] for each layer's
                gradients, and n[l] n[l-1] + s[l-1] n[l-1] to hand delta one layer back
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np

from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.derivation import slopes
from bpgui.engine.losses import FUSED, LOSSES
from bpgui.engine.network import FloatArray, Layer, Network
from bpgui.engine.problem import Problem

MOST_COUNTED = 300_000  # multiplications that are done one by one to be counted


@dataclass(frozen=True, slots=True)
class Counts:
    """Multiplications for one sample's gradient, the forward pass included."""

    chain: int
    differences: int
    backpropagation: int


def formula(network: Network, loss: str) -> Counts:
    """The closed formulas of the module's docstring; whole numbers of any size."""
    layers = network.layers
    sizes = [layer.inputs * layer.units for layer in layers]
    forward = sum(sizes)
    sloped = has_slopes(network, loss)
    chain = forward
    for i, layer in enumerate(layers):
        paths = prod(after.units for after in layers[i + 1 :])
        products = sum(sloped[i:]) + (len(layers) - 1 - i) + 1
        chain += paths * (sizes[i] * products + _biases(layer) * (products - 1))
    parameters = forward + sum(map(_biases, layers))
    back = sloped[-1] * layers[-1].units + forward
    back += sum(
        size + slope * layer.inputs
        for size, slope, layer in zip(sizes[1:], sloped[:-1], layers[1:], strict=True)
    )
    return Counts(chain, parameters * (2 * forward + 1), forward + back)


def has_slopes(network: Network, loss: str) -> list[bool]:
    """Per layer whether its delta is multiplied by a slope."""
    *hidden, last = network.layers
    in_one_piece = last.activation == "softmax" or (last.activation, loss) in FUSED
    found = [layer.activation != "identity" for layer in hidden]
    return [*found, last.activation != "identity" and not in_one_piece]


def _biases(layer: Layer) -> int:
    return layer.units if layer.bias == "trained" else 0


# --- counted by doing them ----------------------------------------------------------------------


class Tally:
    """How many products of its numbers there were."""

    def __init__(self) -> None:
        self.count = 0

    def numbers(self, values: FloatArray) -> list[Number]:
        return [Number(value, self) for value in values.tolist()]


class Number:
    """A number that tells its tally of each product and quotient."""

    __slots__ = ("_tally", "value")

    def __init__(self, value: float, tally: Tally) -> None:
        self.value = value
        self._tally = tally

    def __mul__(self, other: Number) -> Number:
        self._tally.count += 1
        return Number(self.value * other.value, self._tally)

    def __truediv__(self, other: Number) -> Number:
        self._tally.count += 1
        return Number(self.value / other.value, self._tally)

    def __add__(self, other: Number) -> Number:
        return Number(self.value + other.value, self._tally)

    def __sub__(self, other: Number) -> Number:
        return Number(self.value - other.value, self._tally)


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """A gradient (size,) of one sample's loss, 0 for what is not trained, and its products."""

    gradient: FloatArray
    multiplications: int


def count(problem: Problem, theta: FloatArray, sample: int = 0) -> dict[str, Counted] | None:
    """The three gradients of one training sample by the names of Counts, each computed with numbers
    that count; None where that would be more than MOST_COUNTED products."""
    expected = formula(problem.network, problem.loss)
    if expected.chain + expected.differences + expected.backpropagation > MOST_COUNTED:
        return None
    with np.errstate(all="ignore"):
        return {
            name: way(_Sample(problem, theta, sample))
            for name, way in (
                ("chain", _by_chain),
                ("differences", _by_differences),
                ("backpropagation", _by_backpropagation),
            )
        }


@dataclass(frozen=True, slots=True, eq=False)
class _Forward:
    """Activations a[0], ..., a[L], slopes per layer where it has any, and where the way back
    begins: dL/da of the outputs, or their delta where that comes in one piece."""

    activations: list[list[Number]]
    slopes: list[list[Number] | None]
    start: list[Number]
    loss: float


class _Sample:
    """A sample and a network whose products are counted."""

    def __init__(self, problem: Problem, theta: FloatArray, sample: int) -> None:
        self.tally = Tally()
        self.network = problem.network
        self.loss = problem.loss
        self.theta = np.array(theta, dtype=np.float64)
        self._x = problem.train.inputs[sample].astype(np.float64)
        self._t = problem.train.targets[sample].astype(np.float64)[:, None]
        self._sloped = has_slopes(problem.network, problem.loss)

    def weights(self) -> list[list[list[Number]]]:
        return [
            [self.tally.numbers(row) for row in matrix]
            for matrix in self.network.weights(self.theta)
        ]

    def forward(self, weights: list[list[list[Number]]]) -> _Forward:
        signal = self.tally.numbers(self._x)
        activations, found = [signal], []
        z = np.empty(0)
        biases = self.network.biases(self.theta)
        for layer, matrix, bias, sloped in zip(
            self.network.layers, weights, biases, self._sloped, strict=True
        ):
            sums = [_sum(w * a for w, a in zip(row, signal, strict=True)) for row in matrix]
            z = np.array([[number.value] for number in sums])
            if bias is not None:
                z += bias[:, None]
            a = z.copy()
            ACTIVATIONS[layer.activation].apply(a, np.empty_like(a))
            signal = self.tally.numbers(a[:, 0])
            slope = slopes(layer.activation, a) if sloped else None
            activations.append(signal)
            found.append(None if slope is None else self.tally.numbers(slope[:, 0]))
        start, loss = self._end(z, a)
        return _Forward(activations, found, self.tally.numbers(start), loss)

    def _end(self, z: FloatArray, a: FloatArray) -> tuple[FloatArray, float]:
        """What the way back begins with (outputs,), and the loss."""
        name = self.network.layers[-1].activation
        delta, scratch = np.empty_like(z), np.empty_like(z)
        fused = FUSED.get((name, self.loss))
        if fused is not None:
            value = fused(z.copy(), self._t, delta, scratch, 1.0)
            return delta[:, 0], value
        value = LOSSES[self.loss](a, self._t, delta, scratch, 1.0)
        if name == "softmax":
            ACTIVATIONS[name].backward(a, delta, scratch)
        return delta[:, 0], value

    def trained(self) -> Iterator[tuple[int, int, int, int | None]]:
        """Index, layer from 0, unit from 0 and source from 0 of each trained parameter."""
        for index in np.flatnonzero(self.network.is_trained).tolist():
            found = self.network.parameter(index)
            source = None if found.source is None else found.source - 1
            yield index, found.layer - 1, found.unit - 1, source


def _by_chain(sample: _Sample) -> Counted:
    weights = sample.weights()
    forward = sample.forward(weights)
    gradient = np.zeros_like(sample.theta)
    for index, layer, unit, source in sample.trained():
        end = None if source is None else forward.activations[layer][source]
        paths = _paths(forward, weights, layer, unit)
        gradient[index] = sum(
            _product([*factors, *([] if end is None else [end])]).value for factors in paths
        )
    return Counted(gradient, sample.tally.count)


def _paths(
    forward: _Forward, weights: list[list[list[Number]]], layer: int, unit: int
) -> Iterator[list[Number]]:
    """The factors of each path from an output to z of a unit."""
    slope = forward.slopes[layer]
    own = [] if slope is None else [slope[unit]]
    if layer == len(weights) - 1:
        yield [forward.start[unit], *own]
        return
    for after in range(len(weights[layer + 1])):
        for factors in _paths(forward, weights, layer + 1, after):
            yield [*factors, weights[layer + 1][after][unit], *own]


def _by_differences(sample: _Sample) -> Counted:
    gradient = np.zeros_like(sample.theta)
    step = 1e-5
    for index, *_ in sample.trained():
        x = sample.theta[index]
        losses = []
        for moved in (x + step, x - step):
            sample.theta[index] = moved
            losses.append(Number(sample.forward(sample.weights()).loss, sample.tally))
        sample.theta[index] = x
        above, below = losses
        gradient[index] = ((above - below) / Number(2 * step, sample.tally)).value
    return Counted(gradient, sample.tally.count)


def _by_backpropagation(sample: _Sample) -> Counted:
    weights = sample.weights()
    forward = sample.forward(weights)
    gradient = np.zeros_like(sample.theta)
    matrices = sample.network.matrices(gradient)
    delta = _times_slopes(forward.start, forward.slopes[-1])
    for layer in range(len(weights) - 1, -1, -1):
        inputs = forward.activations[layer]
        for j, error in enumerate(delta):
            matrices[layer][j, : len(inputs)] = [(error * a).value for a in inputs]
            if sample.network.layers[layer].bias == "trained":
                matrices[layer][j, -1] = error.value
        if layer:
            matrix = weights[layer]
            back = [
                _sum(row[k] * error for row, error in zip(matrix, delta, strict=True))
                for k in range(len(inputs))
            ]
            delta = _times_slopes(back, forward.slopes[layer - 1])
    return Counted(gradient, sample.tally.count)


def _times_slopes(errors: list[Number], found: list[Number] | None) -> list[Number]:
    if found is None:
        return errors
    return [error * slope for error, slope in zip(errors, found, strict=True)]


def _sum(numbers: Iterator[Number]) -> Number:
    total = next(numbers)
    for number in numbers:
        total += number
    return total


def _product(numbers: list[Number]) -> Number:
    first, *others = numbers
    for number in others:
        first = first * number
    return first
