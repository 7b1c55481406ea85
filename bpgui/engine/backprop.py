"""Forward and backward through all layers on buffers that are allocated once.

Samples are columns. Layer l holds a block A[l] of shape (units, batch), followed by a row of ones
where the next layer has biases, so that with W[l] of shape (units, inputs + 1)

    Z[l] = W[l] A[l-1]            A[l] = f(Z[l])

is one matrix product and one function in place. With delta[l] = dL/dZ[l] the chain rule gives

    G[l] = dL/dW[l] = delta[l] A[l-1]^T                      weights and biases at once
    delta[l-1] = (V^T delta[l]) * f'(Z[l-1])                 V: W[l] without its bias column

and delta of the output layer comes from the loss.

Large products are done two at once: forward, and for G[1], some upper rows beside the lower ones,
each with the update of these rows where that is asked for; further back, G[l] beside delta[l-1].
Which are large, and where they are cut, follows from their shape alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate
from typing import TypeAlias

import numpy as np

from bpgui.engine.activations import ACTIVATIONS, Apply, Backward
from bpgui.engine.losses import FUSED, LOSSES
from bpgui.engine.network import FloatArray, Layer, Network
from bpgui.engine.pairs import both
from bpgui.engine.problem import Problem, Samples

CHUNK = 4096  # samples in one pass where all of them are looked at

# The work, see _work, that is worth a second thread, and what the first does until that is awake. A
# core of 2025 does 10,000,000 in 25 microseconds or less.
LARGE = 40_000_000
HEAD_START = 15_000_000

Update: TypeAlias = Callable[[int, int], None]
Share: TypeAlias = tuple[FloatArray, FloatArray, int, int]


class Pass:
    """The buffers of one network for batches of one size, tied to one theta and one gradient.

    `theta` (size,) is read and `gradient` (size,) is written at every call. Inputs are rows
    (batch, features), with a last column of ones where the first layer has biases; targets are
    (outputs, batch). `factor` is what the sum of the per-sample losses is multiplied by. Call
    inside `np.errstate(all="ignore")`.
    """

    def __init__(
        self,
        network: Network,
        loss: str,
        size: int,
        factor: float,
        theta: FloatArray,
        gradient: FloatArray,
    ) -> None:
        layers = network.layers
        dtype = theta.dtype
        blocks = [_block(layer, after, size, dtype) for layer, after in _with_next(layers)]
        values = [block[: layer.units] for layer, block in zip(layers, blocks, strict=True)]
        deltas = [np.empty_like(value) for value in values]
        spare = [np.empty_like(value) for value in values]
        matrices = network.matrices(theta)
        gradients = network.matrices(gradient)
        functions = [ACTIVATIONS[layer.activation] for layer in layers]

        self.size = size
        self.outputs = values[-1]
        self._factor = factor
        self._delta = deltas[-1]
        self._scratch = spare[-1]
        self._output = functions[-1]
        self._fused = FUSED.get((layers[-1].activation, loss))
        self._loss = LOSSES[loss]
        self._hidden = [
            (
                matrix.dot,
                value,
                function.apply,
                scratch,
                block,
                _parts(_work(matrix, size), matrix, value, scratch),
            )
            for matrix, value, function, scratch, block in zip(
                matrices[:-1], values, functions, spare, blocks, strict=False
            )
        ]
        self._output_dot = matrices[-1].dot
        self._behind = [
            (
                _work(gradients[i], size) >= LARGE,
                deltas[i].dot,
                blocks[i - 1].T,
                gradients[i],
                (
                    matrices[i][:, : layers[i].inputs].T,
                    deltas[i],
                    deltas[i - 1],
                    functions[i - 1].backward,
                    values[i - 1],
                    spare[i - 1],
                ),
            )
            for i in range(len(layers) - 1, 0, -1)
        ]
        parts = _parts(_work(gradients[0], size), deltas[0], gradients[0])
        self._first = _shares(parts or [(deltas[0], gradients[0])], len(theta))

    def _to_output(self, rows: FloatArray) -> None:
        """Leave the pre-activations of the output layer in `outputs`."""
        x = rows.T
        for dot, z, apply, scratch, block, parts in self._hidden:
            if parts is None:
                dot(x, z)
                apply(z, scratch)
            else:
                both(*(partial(_forward, apply, x, *part) for part in parts))
            x = block
        self._output_dot(x, self.outputs)

    def predict(self, rows: FloatArray) -> FloatArray:
        """The outputs (outputs, batch): the buffer `outputs` itself."""
        self._to_output(rows)
        self._output.apply(self.outputs, self._scratch)
        return self.outputs

    def loss(self, rows: FloatArray, targets: FloatArray) -> float:
        """The reduced loss of the batch, without penalties; backward may follow."""
        self._to_output(rows)
        if self._fused is not None:
            return self._fused(self.outputs, targets, self._delta, self._scratch, self._factor)
        self._output.apply(self.outputs, self._scratch)
        return self._loss(self.outputs, targets, self._delta, self._scratch, self._factor)

    def backward(self, rows: FloatArray, update: Update | None = None) -> None:
        """Write the gradient of the loss that was computed last, for the same rows.

        With `update`, which takes the first of some parameters and how many, all are updated, too:
        each by the thread that has just written its gradient.
        """
        if self._fused is None:
            self._output.backward(self.outputs, self._delta, self._scratch)
        for large, dot, sources, gradient, step in self._behind:
            if large:
                both(partial(_backward, *step), partial(dot, sources, gradient))
            else:
                dot(sources, gradient)
                _backward(*step)
        first, *second = (partial(_first, *share, rows, update) for share in self._first)
        if second:
            both(first, *second)
        else:
            first()


def _forward(
    apply: Apply, sources: FloatArray, matrix: FloatArray, z: FloatArray, scratch: FloatArray
) -> None:
    """Z = W A and A = f(Z), of one layer or some of its rows"""
    matrix.dot(sources, z)
    apply(z, scratch)


def _backward(
    transposed: FloatArray,
    delta: FloatArray,
    earlier: FloatArray,
    function: Backward,
    value: FloatArray,
    scratch: FloatArray,
) -> None:
    """delta[l-1] from delta[l]"""
    transposed.dot(delta, earlier)
    function(value, earlier, scratch)


def _first(
    delta: FloatArray,
    gradient: FloatArray,
    first: int,
    count: int,
    rows: FloatArray,
    update: Update | None,
) -> None:
    """G[1], or some rows of it, and then the update of its parameters, and of what is with them."""
    delta.dot(rows, gradient)
    if update is not None:
        update(first, count)


def _shares(parts: list[tuple[FloatArray, ...]], size: int) -> list[Share]:
    """What each thread does last: rows of delta[1] and G[1], and the parameters that it updates,
    their first and their number. The last has also those of all other layers."""
    ends = [*accumulate(gradient.size for _, gradient in parts[:-1]), size]
    return [
        (delta, gradient, first, end - first)
        for (delta, gradient), first, end in zip(parts, (0, *ends), ends, strict=False)
    ]


def _work(matrix: FloatArray, size: int) -> int:
    """What the product of a layer's matrix (units, inputs) and a batch takes: operations, times
    bytes in a number."""
    return 2 * matrix.size * size * matrix.itemsize


def _parts(work: int, *arrays: FloatArray) -> list[tuple[FloatArray, ...]] | None:
    """The upper rows of all arrays, and the lower ones; None where the work is not LARGE."""
    if work < LARGE:
        return None
    units = len(arrays[0])
    middle = min(units, 8 * round(units * (1 + HEAD_START / work) / 16))
    return [tuple(array[:middle] for array in arrays), tuple(array[middle:] for array in arrays)]


class Sweep:
    """Passes over all of some samples, in chunks so that memory stays bounded.

    Iterating gives (pass, rows, targets) for each chunk, in order. Chunks share their buffers, so
    use one before taking the next.
    """

    def __init__(
        self,
        network: Network,
        loss: str,
        samples: Samples,
        factor: float,
        theta: FloatArray,
        gradient: FloatArray,
    ) -> None:
        self._samples = samples
        self._passes: dict[int, Pass] = {}
        self._arguments = network, loss, factor, theta, gradient

    def __iter__(self) -> Iterator[tuple[Pass, FloatArray, FloatArray]]:
        for rows, targets in chunks(self._arguments[0], self._samples):
            size = len(rows)
            if size not in self._passes:
                self._passes[size] = self._pass(size)
            yield self._passes[size], rows, targets

    def _pass(self, size: int) -> Pass:
        network, loss, factor, theta, gradient = self._arguments
        return Pass(network, loss, size, factor, theta, gradient)


def reduction_factor(problem: Problem, samples: int) -> float:
    """What the sum over a batch of this many samples is multiplied by."""
    return 1.0 / samples if problem.reduction == "mean" else 1.0


def chunks(network: Network, samples: Samples) -> Iterator[tuple[FloatArray, FloatArray]]:
    """The rows and targets, as a Pass takes them, of at most CHUNK samples at a time."""
    for start in range(0, len(samples), CHUNK):
        rows = samples.inputs[start : start + CHUNK]
        targets = samples.targets[start : start + CHUNK]
        yield network_rows(network, rows), np.ascontiguousarray(targets.T)


def network_rows(network: Network, inputs: FloatArray) -> FloatArray:
    """Inputs (n, features), with a last column of ones where the first layer has biases."""
    return inputs if network.layers[0].bias == "none" else _with_ones(inputs)


def _with_ones(rows: FloatArray) -> FloatArray:
    """A copy (samples, features + 1) whose last column is one."""
    wide = np.empty((len(rows), rows.shape[1] + 1), dtype=rows.dtype)
    wide[:, :-1] = rows
    wide[:, -1] = 1.0
    return wide


def _with_next(layers: tuple[Layer, ...]) -> list[tuple[Layer, Layer | None]]:
    return list(zip(layers, (*layers[1:], None), strict=True))


def _block(
    layer: Layer, after: Layer | None, size: int, dtype: np.dtype[np.floating]
) -> FloatArray:
    """The activations of a layer, with the row of ones that the layer after it may need."""
    units = layer.units if after is None else after.columns
    return np.ones((units, size), dtype=dtype)
