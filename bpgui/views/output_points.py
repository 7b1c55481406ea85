"""The samples that are drawn on an output, and what the network makes of a single one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from bpgui.engine.backprop import Pass, network_rows
from bpgui.engine.evaluation import predict
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem, Samples
from bpgui.views.names import Indices
from bpgui.views.output_space import Part, samples_of

Direction: TypeAlias = Literal["left", "right", "up", "down"]

MOST = 2000  # points that are drawn
AHEAD: dict[Direction, tuple[float, float]] = {
    "left": (-1.0, 0.0),
    "right": (1.0, 0.0),
    "up": (0.0, 1.0),
    "down": (0.0, -1.0),
}
ASIDE = 2.0  # how much farther a step to the side counts than one ahead


@dataclass(frozen=True, eq=False)
class Points:
    """Some or all samples of a part: their indices (n,), data inputs (n, inputs) and targets
    (n, outputs), of `total` samples."""

    part: Part
    indices: Indices
    inputs: FloatArray
    targets: FloatArray
    total: int


@dataclass(frozen=True, eq=False)
class Reading:
    """The exact outputs (outputs,) at a place, and the loss of a sample there, by itself and
    without penalties; None for a place without a target."""

    outputs: FloatArray
    loss: float | None


def points_of(problem: Problem, part: Part, most: int = MOST) -> Points | None:
    """The samples of a part, evenly thinned in their order if there are more than `most`; None
    where there is no such part."""
    samples = samples_of(problem, part)
    if samples is None:
        return None
    total = len(samples)
    indices = np.arange(total)
    if total > most:
        indices = np.arange(most) * total // most
    return Points(part, indices, samples.data_inputs[indices], samples.targets[indices], total)


def moved(
    points: Points, index: int, inputs: Sequence[float], targets: Sequence[float] | None
) -> Points:
    """Points with other inputs and, unless None, targets of one sample, if it is among them."""
    at = np.flatnonzero(points.indices == index)
    new_inputs, new_targets = points.inputs.copy(), points.targets.copy()
    new_inputs[at] = inputs
    if targets is not None:
        new_targets[at] = targets
    return replace(points, inputs=new_inputs, targets=new_targets)


def read_sample(problem: Problem, theta: FloatArray, samples: Samples, index: int) -> Reading:
    inputs, targets = samples.inputs[index : index + 1], samples.targets[index : index + 1]
    network, spare = problem.network, np.empty_like(theta)
    with np.errstate(all="ignore"):
        rows = network_rows(network, np.ascontiguousarray(inputs, dtype=theta.dtype))
        run = Pass(network, problem.loss, 1, 1.0, theta, spare)
        loss = run.loss(rows, np.ascontiguousarray(targets.T))
    return Reading(predict(problem, theta, inputs)[0], float(loss))


def read_place(problem: Problem, theta: FloatArray, inputs: FloatArray) -> Reading:
    """At data inputs (inputs,) that belong to no sample."""
    return Reading(predict(problem, theta, problem.network_inputs(inputs[None]))[0], None)


def nearest(
    places: FloatArray, at: tuple[float, float], scale: tuple[float, float], reach: float
) -> int | None:
    """The place (n, 2) closest to `at`, None if none is within `reach` pixels; `scale` has the
    pixels of one unit of each axis."""
    if not len(places):
        return None
    distance = np.hypot(*((places - at) * scale).T)
    found = int(np.nanargmin(distance)) if np.isfinite(distance).any() else None
    return found if found is not None and distance[found] <= reach else None


def neighbor(places: FloatArray, at: int, direction: Direction, scale: tuple[float, float]) -> int:
    """The next of the places (n, 2) in a direction; the same where there is none."""
    ahead = np.array(AHEAD[direction])
    away = (places - places[at]) * scale
    along = away @ ahead
    aside = np.abs(away @ ahead[::-1])
    cost = np.where(along > 1e-9, along + ASIDE * aside, np.inf)
    found = int(cost.argmin())
    return found if np.isfinite(cost[found]) else at
