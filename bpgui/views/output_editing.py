"""What a place on an output means for a sample that is put there by hand."""

from __future__ import annotations

import math

import numpy as np

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.views.axes import Limits
from bpgui.views.output_space import OutputView, class_count

STEPS = 300  # at least so many steps of rounding fit an axis
MOST_INPUTS = 2


def editable(problem: Problem, view: OutputView) -> bool:
    """Whether a place says all of a sample's inputs."""
    return view in ("surface", "curve") and problem.data_inputs <= MOST_INPUTS


def step(limits: Limits) -> float:
    """The power of ten to which places between these limits are rounded."""
    span = limits.high - limits.low
    return float(10.0 ** math.floor(math.log10(span / STEPS))) if 0 < span < math.inf else 1.0


def rounded(value: float, limits: Limits) -> float:
    """`value` to the step of an axis, as the decimal number that a person would write."""
    return round(value, -round(math.log10(step(limits)))) + 0.0


def class_targets(problem: Problem, kind: int) -> tuple[float, ...]:
    """What the outputs should be for a class, counted from 0."""
    if problem.threshold is not None:
        return (1.0,) if kind else ((0.0,) if problem.threshold else (-1.0,))
    return tuple(float(kind == at) for at in range(class_count(problem)))


def targets_at(problem: Problem, y: float, outputs: range, others: FloatArray) -> tuple[float, ...]:
    """The targets of a sample at the height `y` over the one input, where these `outputs` are
    meant: the class on this side of a threshold, one of several classes as in `others`, else `y`
    for the outputs that are meant and `others` (outputs,) for the rest."""
    if problem.threshold is not None:
        return class_targets(problem, int(y > problem.threshold))
    targets = np.array(others, dtype=np.float64)
    if not problem.classification:
        targets[list(outputs)] = y
    return tuple(targets.tolist())


def meant(outputs: range, y: float, targets: FloatArray) -> range:
    """Of several outputs over one input the one whose target (outputs,) is closest to `y`."""
    closest = min(outputs, key=lambda output: abs(float(targets[output]) - y))
    return range(closest, closest + 1)
