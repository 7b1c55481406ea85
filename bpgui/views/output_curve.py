"""The outputs over a single input: the fitted curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpgui.engine.backprop import CHUNK
from bpgui.engine.evaluation import predict
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.training.evaluating import AbandonedError, GoOn
from bpgui.views.axes import Limits
from bpgui.views.output_space import target_extent

PER_PIXEL = 4  # places for each pixel, so that what is narrower is still found


@dataclass(frozen=True, eq=False)
class CurveQuestion:
    """All outputs at `count` places over `x`, both ends included."""

    problem: Problem
    parameters: FloatArray
    iteration: int
    x: Limits
    count: int


@dataclass(frozen=True, eq=False)
class Curve:
    """`y` (count, outputs) over the ascending `x` (count,)."""

    question: CurveQuestion
    x: FloatArray
    y: FloatArray

    @property
    def points(self) -> int:
        return len(self.x)

    @property
    def finite(self) -> bool:
        return bool(np.isfinite(self.y).all())


def evaluate_curve(question: CurveQuestion, go_on: GoOn) -> Curve:
    x = np.linspace(question.x.low, question.x.high, question.count)
    parts = []
    for start in range(0, len(x), CHUNK):
        if not go_on():
            raise AbandonedError
        inputs = question.problem.network_inputs(x[start : start + CHUNK, None])
        parts.append(predict(question.problem, question.parameters, inputs))
    return Curve(question, x, np.concatenate(parts))


def curve_limits(problem: Problem, outputs: range) -> Limits:
    """The span of the targets of some outputs with a margin; the curve never moves it."""
    found = target_extent(problem, outputs[0])
    for output in outputs[1:]:
        found = found.joined(target_extent(problem, output))
    return found
