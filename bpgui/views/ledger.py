"""The ledger: what each gradient is made of, and whether it is right.

For a weight, the activation that it multiplies and the delta of the unit that it feeds are those of
one sample; their product is that sample's share of the gradient. The gradient itself, and the
difference that it is compared with, are those of all training samples.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem, Samples

if TYPE_CHECKING:
    from bpgui.engine.gradcheck import GradientCheck


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """For each parameter the input activation, 1 for a bias, and the delta (both (size,)) of the
    training sample with the index `sample`, without the reduction's factor."""

    sample: int
    activations: FloatArray
    deltas: FloatArray


def shares(problem: Problem, theta: FloatArray, sample: int) -> Shares:
    """What the pass of one sample, right whatever fault the problem has, brings to each gradient.

    Raises IndexError for a sample that is not there.
    """
    from bpgui.engine.derivation import checked_samples, derive  # with the first check
    from bpgui.engine.gradcheck import in_float64

    chosen = checked_samples(problem, [sample])
    alone = Samples(problem.train.inputs[chosen], problem.train.targets[chosen])
    found = derive(
        in_float64(replace(problem, train=alone)), np.asarray(theta, dtype=np.float64), [0]
    )
    network = problem.network
    activations = network.pack(
        [np.broadcast_to(part.inputs[:, 0], part.weight_gradients.shape) for part in found.layers],
        [None if part.bias_gradients is None else 1.0 for part in found.layers],
    )
    deltas = network.pack(
        [part.own_deltas for part in found.layers],
        [None if part.bias_gradients is None else part.own_deltas[:, 0] for part in found.layers],
    )
    return Shares(sample, activations, deltas)


def by_parameter(check: GradientCheck, size: int) -> dict[str, FloatArray]:
    """The numbers of a check, (size,) each, NaN where a parameter has not been checked; verdicts
    as their places in VERDICTS."""
    numbers: dict[str, FloatArray] = {
        "analytic": check.analytic,
        "numeric": check.numeric,
        "relative_error": check.relative_error,
        "verdict": check.places.astype(np.float64),
    }
    columns: dict[str, FloatArray] = {}
    for name, values in numbers.items():
        columns[name] = np.full(size, np.nan)
        columns[name][check.indices] = values
    return columns
