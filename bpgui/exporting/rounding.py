"""How far two programs may come apart that do the same and round differently.

Sums that are added up in another order differ in their last digits. Most trainings hold such
differences where they are, some make them grow without bound: a loss that leaps about a kink, or an
optimizer that divides by gradients near zero. So the training is done once more with weights and
inputs that are changed in their last digits, and how far that leads away tells what can be asked of
a program.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np

from bpgui.engine.descent import Descent, Divergence, initial_state
from bpgui.engine.evaluation import evaluate
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem, Samples, StopRule

LEAST = {"float64": 1e-9, "float32": 1e-4}  # of what two programs are allowed to differ by
ROOM = 100.0  # times what the changed numbers led to
NUDGE = 4.0  # units of the last digit
SECONDS = 30.0  # after which the least must do
BURST = 1000  # iterations between two looks at the clock


def tolerance_of(problem: Problem, iterations: int, theta: FloatArray) -> float | None:
    """What two programs that lead to theta (size,) may differ by: |a - b| <= tolerance (1 + |b|),
    for each parameter and the loss. A power of ten; infinite where nothing can be asked, and None
    where finding out would take too long."""
    nudged = _nudged_end(problem, iterations)
    if nudged is None:
        return None
    apart = max(
        float(np.max(np.abs(nudged - theta) / (1.0 + np.abs(theta)), initial=0.0)),
        _apart(evaluate(problem, nudged).loss, evaluate(problem, theta).loss),
    )
    if not math.isfinite(apart):
        return math.inf
    least = LEAST[problem.dtype.name]
    return max(least, 10.0 ** math.ceil(math.log10(max(ROOM * apart, least))))


def _apart(found: float, wanted: float) -> float:
    return abs(found - wanted) / (1.0 + abs(wanted))


def _nudged_end(problem: Problem, iterations: int) -> FloatArray | None:
    """Theta after so many iterations with changed numbers; NaN where training diverges then, and
    None where it takes too long."""
    rng = np.random.default_rng(0)

    def nudged(values: FloatArray) -> FloatArray:
        signs = rng.choice((-1.0, 1.0), values.shape)
        changed: FloatArray = values * (1.0 + NUDGE * np.finfo(values.dtype).eps * signs)
        return changed.astype(values.dtype)

    problem = replace(
        problem,
        initial=nudged(problem.initial),
        train=Samples(nudged(problem.train.inputs), problem.train.targets),
        settings=replace(problem.settings, stop=StopRule()),
    )
    descent, state, begun = Descent(problem), initial_state(problem), time.monotonic()
    while state.iteration < iterations:
        state, trace = descent.advance(state, min(BURST, iterations - state.iteration))
        if isinstance(trace.ended, Divergence):
            return np.full_like(state.parameters, np.nan)
        if time.monotonic() - begun > SECONDS:
            return None
    return state.parameters
