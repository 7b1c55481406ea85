"""From what was evaluated to points on the Output panel's plot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.ui.panels.output_plot import Group
from bpgui.views.names import Indices
from bpgui.views.output_curve import Curve
from bpgui.views.output_judged import Confusion, Fit
from bpgui.views.output_points import Points
from bpgui.views.output_space import Part, ValueScale, classes_of
from bpgui.views.output_surface import Surface

Sample: TypeAlias = tuple[Part, int]
Frame: TypeAlias = Surface | Curve | Confusion | Fit


@dataclass(frozen=True, eq=False)
class Drawn:
    """Groups of points, and of all of them together the places (n, 2) and the samples that stand
    there."""

    groups: tuple[Group, ...]
    places: FloatArray
    samples: tuple[Sample, ...]

    @cached_property
    def _order(self) -> dict[Sample, int]:
        return {sample: at for at, sample in reversed(list(enumerate(self.samples)))}

    def at(self, sample: Sample) -> int | None:
        return self._order.get(sample)


NOTHING = Drawn((), np.empty((0, 2)), ())


def on_surface(
    problem: Problem, parts: list[Points], across: int, up: int, scale: ValueScale, output: int
) -> Drawn:
    """Samples over two inputs, by class, or in the shade of their target."""
    groups: list[Group] = []
    places: list[FloatArray] = []
    for points in parts:
        at = points.inputs[:, [across, up]].astype(np.float64)
        hollow = points.part == "test"
        places.append(at)
        if problem.classification:
            groups += _by_class(at, classes_of(problem, points.targets), hollow)
        else:
            groups.append(Group(at, None, scale.place(points.targets[:, output]), hollow))
    return _drawn(groups, places, parts)


def on_curve(problem: Problem, parts: list[Points], outputs: range) -> Drawn:
    """Targets over the one input, in the color of their class or of their output."""
    groups: list[Group] = []
    places: list[FloatArray] = []
    repeated: list[Points] = []
    by_class = problem.threshold is not None
    for points in parts:
        hollow = points.part == "test"
        for output in outputs:
            at = np.stack([points.inputs[:, 0], points.targets[:, output]], axis=1)
            at = at.astype(np.float64)
            places.append(at)
            repeated.append(points)
            if by_class:
                groups += _by_class(at, classes_of(problem, points.targets), hollow)
            else:
                groups.append(Group(at, output, None, hollow))
    return _drawn(groups, places, repeated)


def on_fit(fit: Fit, points: Points) -> Drawn:
    """Predictions over targets."""
    at = np.stack([fit.targets[points.indices], fit.outputs[points.indices]], axis=1)
    at = at.astype(np.float64)
    group = Group(at, fit.question.output, None, points.part == "test")
    return _drawn([group], [at], [points])


def _by_class(places: FloatArray, kinds: Indices, hollow: bool) -> list[Group]:
    return [
        Group(places[kinds == kind], int(kind), None, hollow) for kind in np.unique(kinds).tolist()
    ]


def _drawn(groups: list[Group], places: list[FloatArray], parts: list[Points]) -> Drawn:
    samples = tuple((points.part, index) for points in parts for index in points.indices.tolist())
    return Drawn(tuple(groups), np.concatenate(places) if places else np.empty((0, 2)), samples)
