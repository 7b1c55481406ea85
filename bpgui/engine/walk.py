"""Every intermediate number of one batch, in the order in which backpropagation finds it.

This is the same mathematics as `backprop`, without its haste: each quantity is a new array that the
caller may keep.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.losses import FUSED, LOSSES
from bpgui.engine.network import FloatArray, Network

Quantity: TypeAlias = Literal[
    "pre_activation", "activation", "loss", "delta", "gradient", "parameter"
]


class Found(NamedTuple):
    """A quantity (units, batch) of a layer, or its gradient (units, columns), or the loss ()."""

    layer: int | None
    quantity: Quantity
    values: FloatArray


def walk(
    network: Network,
    loss: str,
    factor: float,
    theta: FloatArray,
    rows: FloatArray,
    targets: FloatArray,
) -> Iterator[Found]:
    """Forward through the layers 1, 2, ..., the loss, and back with delta and gradient of each.

    `rows` (batch, columns of the first layer) and `targets` (outputs, batch) as for backprop.Pass.
    """
    blocks = [rows.T]
    outputs: list[FloatArray] = []
    matrices = network.matrices(theta)
    z = rows.T
    for number, (layer, matrix) in enumerate(zip(network.layers, matrices, strict=True), 1):
        z = matrix.dot(blocks[-1])
        yield Found(number, "pre_activation", z)
        a = z.copy()
        ACTIVATIONS[layer.activation].apply(a, np.empty_like(a))
        yield Found(number, "activation", a)
        outputs.append(a)
        blocks.append(_for_next(network, number, a))

    delta, scratch = np.empty_like(z), np.empty_like(z)
    last = network.layers[-1].activation
    fused = FUSED.get((last, loss))
    if fused is not None:
        value = fused(z.copy(), targets, delta, scratch, factor)
    else:
        value = LOSSES[loss](outputs[-1], targets, delta, scratch, factor)
        ACTIVATIONS[last].backward(outputs[-1], delta, scratch)
    yield Found(None, "loss", np.asarray(value, dtype=theta.dtype))

    for number in range(len(network.layers), 0, -1):
        yield Found(number, "delta", delta)
        yield Found(number, "gradient", delta.dot(blocks[number - 1].T))
        if number > 1:
            before = outputs[number - 2]
            delta = matrices[number - 1][:, : len(before)].T.dot(delta)
            name = network.layers[number - 2].activation
            ACTIVATIONS[name].backward(before, delta, np.empty_like(delta))


def _for_next(network: Network, number: int, a: FloatArray) -> FloatArray:
    """The activations of layer `number`, with a row of ones where the next layer has biases."""
    if number == len(network.layers) or network.layers[number].bias == "none":
        return a
    return np.concatenate([a, np.ones((1, a.shape[1]), dtype=a.dtype)])
