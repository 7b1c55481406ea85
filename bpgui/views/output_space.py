"""What of a network's output can be shown, over which inputs, and on which scale."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem, Samples
from bpgui.views.axes import Limits, step_above
from bpgui.views.names import Indices, unit_name

OutputView: TypeAlias = Literal["surface", "curve", "confusion", "fit"]
Part: TypeAlias = Literal["train", "test"]
Held: TypeAlias = Literal["mean", "sample", "zero"]

WINNER = -1  # in the place of an output's index: the class with the largest output
MARGIN = 0.1  # of the data's span, on each side
PROBABILITIES = frozenset({"sigmoid", "softmax"})


class ValueScale(NamedTuple):
    """Which value is drawn in the color of the background, and how far from it the colors are
    full."""

    neutral: float
    reach: float

    def place(self, values: FloatArray) -> FloatArray:
        """Values from -1, the full negative color, to 1."""
        place: FloatArray = np.clip((values - self.neutral) / self.reach, -1.0, 1.0)
        return place

    @property
    def limits(self) -> Limits:
        return Limits(self.neutral - self.reach, self.neutral + self.reach)


def views_of(problem: Problem) -> tuple[OutputView, ...]:
    """The views that make sense, the one to begin with first. Of many inputs, a surface over two
    tells little where there are classes to be counted."""
    inputs = problem.data_inputs
    drawn: OutputView = "curve" if inputs == 1 else "surface"
    counted: OutputView = "confusion" if problem.classification else "fit"
    if inputs > 2:
        return counted, drawn
    return drawn, counted


def samples_of(problem: Problem, part: Part) -> Samples | None:
    return problem.train if part == "train" else problem.test


def class_count(problem: Problem) -> int:
    """How many classes there are; 0 for a regression."""
    if not problem.classification:
        return 0
    return 2 if problem.threshold is not None else problem.network.outputs


def class_names(problem: Problem) -> list[str]:
    """As the data names the classes; without names, the target of each where one output tells two
    apart, else the name of its output."""
    if problem.classes is not None and len(problem.classes) == class_count(problem):
        return list(problem.classes)
    if problem.threshold is not None:
        return ["0" if problem.threshold else "−1", "1"]
    network, last = problem.network, len(problem.network.layers)
    return [unit_name(network, last, kind + 1) for kind in range(class_count(problem))]


def classes_of(problem: Problem, values: FloatArray) -> Indices:
    """The class (n,) that outputs or targets (n, outputs) name, from 0, as accuracy counts it."""
    found: Indices
    if problem.threshold is not None:
        found = (values[:, 0] > problem.threshold).astype(np.int64)
    else:
        found = values.argmax(axis=1).astype(np.int64)
    return found


def first_output(problem: Problem) -> int:
    """What a surface shows to begin with."""
    several = problem.classification and problem.threshold is None
    return WINNER if several else 0


def extent(problem: Problem, column: int) -> Limits:
    """The span of an input of the data over all samples with a margin, which training never
    changes."""
    return _around(*_span(problem, "data_inputs", column))


def target_extent(problem: Problem, output: int) -> Limits:
    """Likewise for a target."""
    return _around(*_span(problem, "targets", output))


def value_scale(problem: Problem, output: int) -> ValueScale:
    """The scale of one output: around the threshold of a decision, around 0.5 for a probability,
    else around 0, or around the middle of targets that are far from 0 compared with their span."""
    if problem.threshold is not None:
        return ValueScale(problem.threshold, 1.0 - problem.threshold)
    if problem.network.layers[-1].activation in PROBABILITIES:
        return ValueScale(0.5, 0.5)
    low, high = _span(problem, "targets", output)
    largest = max(abs(low), abs(high))
    if high > low and high - low < largest / 2.0:
        return ValueScale((low + high) / 2.0, (high - low) / 2.0)
    return ValueScale(0.0, step_above(largest) if largest > 0.0 else 1.0)


class HeldInputs:
    """Values for the inputs of one problem's data that a surface does not span. The means are
    worked out once, as that takes a while for large data."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem

    @cached_property
    def _means(self) -> FloatArray:
        means: FloatArray = self._problem.train.data_inputs.mean(axis=0, dtype=np.float64)
        return means

    def values(
        self, held: Held, sample: int, apart: Iterable[tuple[int, float]] = ()
    ) -> FloatArray:
        """Shape (inputs,): the means of the training data, or one of its samples, or 0; but for
        those inputs, by their index from 0, that are held `apart` at values of their own."""
        inputs = self._problem.train.data_inputs
        values: FloatArray = np.zeros(inputs.shape[1], dtype=self._problem.dtype)
        if held == "sample":
            values[...] = inputs[min(sample, len(inputs) - 1)]
        elif held == "mean":
            values[...] = self._means
        for index, value in apart:
            values[index] = value
        return values


def _span(problem: Problem, name: Literal["data_inputs", "targets"], column: int) -> Limits:
    parts = [part for part in (problem.train, problem.test) if part is not None]
    values = [getattr(part, name)[:, column] for part in parts]
    return Limits(
        float(min(value.min() for value in values)), float(max(value.max() for value in values))
    )


def _around(low: float, high: float) -> Limits:
    margin = MARGIN * (high - low) or 0.5 * max(abs(low), 1.0)
    if not math.isfinite(margin):  # the span overflows
        return Limits(low, high)
    return Limits(low - margin, high + margin)
