"""What follows when layers come, go or change size: manual weights and names of frozen
parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bpgui.engine import network as shapes
from bpgui.engine.initializers import INITIALIZERS
from bpgui.engine.network import FloatArray
from bpgui.experiment import models
from bpgui.experiment.fields import Matrix

DECIMALS = 2


def drawn(layer: shapes.Layer, position: int, seed: int) -> FloatArray:
    """Weights (units, inputs) as one would write them by hand: xavier_uniform, rounded to two
    decimals."""
    rng = np.random.default_rng([seed, position])
    return INITIALIZERS["xavier_uniform"](rng, layer).round(DECIMALS) + 0.0


def resized(
    manual: models.Manual, layers: Sequence[shapes.Layer], origins: Sequence[int | None], seed: int
) -> models.Manual:
    """Manual weights for new layers, of which layer l was layer origins[l] before, or is new where
    that is None.

    What overlaps stays; new weights are drawn from the seed, new biases are 0.
    """
    weights, biases = [], []
    for position, (layer, origin) in enumerate(zip(layers, origins, strict=True)):
        matrix = drawn(layer, position, seed)
        row = () if origin is None else manual.biases[origin] or ()
        if origin is not None:
            old = np.array(manual.weights[origin])[: layer.units, : layer.inputs]
            matrix[: old.shape[0], : old.shape[1]] = old
        weights.append(as_rows(matrix))
        padded = (*row, *[0.0] * layer.units)[: layer.units]
        biases.append(None if layer.bias == "none" else padded)
    return models.Manual(weights=tuple(weights), biases=tuple(biases))


def rearranged(
    manual: models.Manual,
    before: Sequence[str],
    after: Sequence[str],
    layer: shapes.Layer,
    seed: int,
) -> models.Manual:
    """Manual weights whose first layer, `layer`, sees the inputs `after` where it saw `before`.

    What leads from an input that stays keeps its weight; other weights are drawn from the seed.
    """
    matrix, old = drawn(layer, 0, seed), np.array(manual.weights[0])
    for column, name in enumerate(after):
        if name in before:
            matrix[:, column] = old[:, before.index(name)]
    weights = (as_rows(matrix), *manual.weights[1:])
    return models.Manual(weights=weights, biases=manual.biases)


def refrozen(frozen: Sequence[str], before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """The names of the same parameters of a network that sees the inputs `after` where it saw
    `before`, those of inputs that are gone left out."""
    return tuple(dict.fromkeys(_refrozen(frozen, before, after)))


def _refrozen(frozen: Sequence[str], before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    for name in frozen:
        match = shapes.PARAMETER_NAME.fullmatch(name.replace(" ", ""))
        if match is None or match[1] != "1":
            yield name
        elif before[int(match[3]) - 1] in after:
            yield f"w(1)[{match[2]},{after.index(before[int(match[3]) - 1]) + 1}]"


def as_rows(matrix: FloatArray) -> Matrix:
    return tuple(tuple(row) for row in matrix.tolist())


def renamed(
    frozen: Sequence[str], network: shapes.Network, origins: Sequence[int | None]
) -> tuple[str, ...]:
    """The names of the same parameters in the new network, those that are gone left out."""
    return tuple(dict.fromkeys(_renamed(frozen, network, origins)))


def _renamed(
    frozen: Sequence[str], network: shapes.Network, origins: Sequence[int | None]
) -> Iterator[str]:
    for name in frozen:
        match = shapes.PARAMETER_NAME.fullmatch(name.replace(" ", ""))
        layer, unit, *source = (
            (int(group) for group in match.groups() if group) if match else (0, 0)
        )
        if layer - 1 not in origins:
            continue
        place = (origins.index(layer - 1) + 1, unit, source[0] if source else None)
        try:
            yield network.parameter(network.index(*place)).name
        except KeyError:
            continue
