"""Forward and backward through all layers on buffers that are allocated once.

Samples are columns. Layer l holds a block A[l] of shape (units, batch), followed by a row of ones
where the next layer has biases, so that with W[l] of shape (units, inputs + 1)

    Z[l] = W[l] A[l-1]            A[l] = f(Z[l])

is one matrix product and one function in place. With delta[l] = dL/dZ[l] the chain rule gives

    G[l] = dL/dW[l] = delta[l] A[l-1]^T                      weights and biases at once
    delta[l-1] = (V^T delta[l]) * f'(Z[l-1])                 V: W[l] without its bias column

and delta of the output layer comes from the loss.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.losses import FUSED, LOSSES
from bpgui.engine.network import FloatArray, Layer, Network
from bpgui.engine.problem import Problem, Samples

CHUNK = 4096  # samples in one pass where all of them are looked at


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
            (matrix.dot, value, function.apply, scratch, block)
            for matrix, value, function, scratch, block in zip(
                matrices[:-1], values, functions, spare, blocks, strict=False
            )
        ]
        self._output_dot = matrices[-1].dot
        self._behind = [
            (
                deltas[i].dot,
                blocks[i - 1].T,
                gradients[i],
                matrices[i][:, : layers[i].inputs].T.dot,
                deltas[i],
                deltas[i - 1],
                functions[i - 1].backward,
                values[i - 1],
                spare[i - 1],
            )
            for i in range(len(layers) - 1, 0, -1)
        ]
        self._first_dot, self._first_gradient = deltas[0].dot, gradients[0]

    def _to_output(self, rows: FloatArray) -> None:
        """Leave the pre-activations of the output layer in `outputs`."""
        x = rows.T
        for dot, z, apply, scratch, block in self._hidden:
            dot(x, z)
            apply(z, scratch)
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

    def backward(self, rows: FloatArray) -> None:
        """Write the gradient of the loss that was computed last, for the same rows."""
        if self._fused is None:
            self._output.backward(self.outputs, self._delta, self._scratch)
        for dot, sources, gradient, back, delta, earlier, function, value, scratch in self._behind:
            dot(sources, gradient)
            back(delta, earlier)
            function(value, earlier, scratch)
        self._first_dot(rows, self._first_gradient)


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
