"""What each unit computes over the plane of two inputs, on a coarse grid: small maps of a network.

A map shows a unit's activation where the Output panel's surface shows that of the last layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import numpy as np

from bpgui.engine.backprop import network_rows
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.engine.walk import walk
from bpgui.training.evaluating import GoOn
from bpgui.views.axes import points_between, step_above
from bpgui.views.output_space import extent, value_scale
from bpgui.views.sizes import largest_size

SIDE = 24  # points of a map, in each direction
BOUNDED = frozenset({"sigmoid", "softmax", "tanh"})


@dataclass(frozen=True, eq=False)
class MapsQuestion:
    """The units of a network over data with two inputs, at `parameters` (size,)."""

    problem: Problem
    parameters: FloatArray
    iteration: int


@dataclass(frozen=True, eq=False)
class UnitMaps:
    """Per layer, 0 for the inputs, activations (units, SIDE, SIDE): row 0 at the low end of x2,
    column 0 at that of x1."""

    question: MapsQuestion
    layers: tuple[FloatArray, ...]

    def places(self) -> tuple[FloatArray, ...]:
        """The maps from -1, the full negative color, over 0, that of the background, to 1; NaN
        where an activation is not finite. Outputs have the scale that a surface has."""
        problem, last = self.question.problem, len(self.layers) - 1
        outputs = [
            value_scale(problem, unit).place(values)
            for unit, values in enumerate(self.layers[last])
        ]
        hidden = [
            values / _reach(problem, layer, values) for layer, values in enumerate(self.layers[:-1])
        ]
        both = (*hidden, np.array(outputs))
        return tuple(
            np.where(np.isfinite(values), places, np.nan)
            for values, places in zip(self.layers, both, strict=True)
        )


def has_maps(problem: Problem) -> bool:
    return problem.data_inputs == 2


def evaluate_maps(question: MapsQuestion, go_on: GoOn) -> UnitMaps:
    problem, network = question.problem, question.problem.network
    xs, ys = (points_between(extent(problem, axis), SIDE) for axis in (0, 1))
    grid = np.stack([np.tile(xs, SIDE), np.repeat(ys, SIDE)], axis=1).astype(problem.dtype)
    seen = problem.network_inputs(grid).astype(problem.dtype)
    targets = np.zeros((network.outputs, len(grid)), dtype=problem.dtype)
    with np.errstate(all="ignore"):
        rows = network_rows(network, seen)
        steps = walk(network, problem.loss, 1.0, question.parameters, rows, targets)
        found = list(islice(steps, 2 * len(network.layers)))
    layers = [seen.T, *(step.values for step in found if step.quantity == "activation")]
    return UnitMaps(question, tuple(layer.reshape(-1, SIDE, SIDE) for layer in layers))


def _reach(problem: Problem, layer: int, values: FloatArray) -> float:
    """The value whose color is full: 1 where the activation is bounded, else a round number above
    all that the layer has."""
    if layer > 0 and problem.network.layers[layer - 1].activation in BOUNDED:
        return 1.0
    largest = largest_size(values)
    return step_above(largest) if largest > 0.0 else 1.0
