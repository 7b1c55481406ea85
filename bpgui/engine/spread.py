"""Which parameters a gradient check takes where all of them would take too long.

In the spread order the parameters take turns by where they belong: a weight and a bias of each
layer, drawn without regard to their place in it, then the next of each. So whatever comes first
tells of every layer, and going on never checks a parameter twice. The draw is the same every time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.network import Network
from bpgui.engine.problem import Problem

if TYPE_CHECKING:
    from bpgui.engine.gradcheck import GradientCheck

SAMPLE = 200  # parameters that are checked at a time where there are too many
PATIENCE = 30.0  # seconds that a check of all may take

# What one forward pass of a check takes on a core of 2025: seconds, for each value that changes,
# and for each product in the layers that are computed anew.
CALLS, VALUE, PRODUCT = 1e-4, 6e-9, 1e-10


def takes_long(problem: Problem) -> bool:
    """Whether checking all parameters is expected to take longer than PATIENCE."""
    return expected_seconds(problem) > PATIENCE


def expected_seconds(problem: Problem) -> float:
    """About how long it takes to check all parameters over all training samples.

    Two passes for a parameter, of what lies behind it: its own unit, the layer behind by what that
    unit changes, and the layers after that by whole products.
    """
    samples, layers = len(problem.train), problem.network.layers
    total = 0.0
    for place, layer in enumerate(layers):
        values = 1 + sum(later.units for later in layers[place + 1 :])
        products = sum(later.units * later.inputs for later in layers[place + 2 :])
        total += 2 * layer.size * (CALLS + samples * (VALUE * values + PRODUCT * products))
    return total


def spread_order(network: Network) -> NDArray[np.int64]:
    """The indices (size,) of all parameters, in the spread order."""
    random = np.random.default_rng(0)
    groups: list[NDArray[np.int64]] = []
    for layer, start in zip(network.layers, network.offsets, strict=False):
        places = np.arange(start, start + layer.size).reshape(layer.units, layer.columns)
        for part in (places[:, : layer.inputs], places[:, layer.inputs :]):
            groups.append(random.permutation(part.ravel()))
    turns = np.concatenate([np.arange(len(group)) for group in groups])
    order: NDArray[np.int64] = np.concatenate(groups)[np.argsort(turns, kind="stable")]
    return order


def covers_all_layers(network: Network, check: GradientCheck) -> bool:
    """Whether a check has looked at parameters of every layer."""
    layers = np.searchsorted(network.offsets, check.indices, side="right")
    return len(np.unique(layers)) == len(network.layers)
