"""What each unit holds for one sample: its activation, and its delta where that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import numpy as np

from bpgui.engine.backprop import network_rows, reduction_factor
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.engine.walk import walk


@dataclass(frozen=True, eq=False)
class UnitValues:
    """Per layer, 0 for the inputs, arrays (units,): `activations`; `pre_activations` and `deltas`
    (dL/dz of the objective's data part for this sample alone) have None for the inputs, and
    `deltas` is empty where only the forward pass was made. `target` is (outputs,)."""

    sample: int
    activations: tuple[FloatArray, ...]
    pre_activations: tuple[FloatArray | None, ...]
    deltas: tuple[FloatArray | None, ...]
    target: FloatArray


def unit_values(
    problem: Problem, theta: FloatArray, sample: int, *, backward: bool = False
) -> UnitValues | None:
    """The pass of one training sample, by its index from 0; None where there is no such sample."""
    if not 0 <= sample < len(problem.train):
        return None
    network, number = problem.network, len(problem.network.layers)
    inputs = problem.train.inputs[sample : sample + 1]
    target = problem.train.targets[sample]
    factor = reduction_factor(problem, 1)
    with np.errstate(all="ignore"):
        steps = walk(
            network,
            problem.loss,
            factor,
            theta,
            network_rows(network, inputs),
            np.ascontiguousarray(target[:, None]),
        )
        found = list(steps if backward else islice(steps, 2 * number))
    by_name = {(layer, name): values for layer, name, values in found}
    layers = range(1, number + 1)
    return UnitValues(
        sample,
        (inputs[0], *(by_name[layer, "activation"][:, 0] for layer in layers)),
        (None, *(by_name[layer, "pre_activation"][:, 0] for layer in layers)),
        (None, *(by_name[layer, "delta"][:, 0] for layer in layers)) if backward else (),
        target,
    )
