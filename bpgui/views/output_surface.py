"""The output over a plane of two inputs, and the colors it is drawn in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.backprop import CHUNK
from bpgui.engine.evaluation import predict
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.training.evaluating import AbandonedError, GoOn
from bpgui.views.axes import Limits, points_between
from bpgui.views.output_contours import Segments, contour
from bpgui.views.output_space import WINNER, ValueScale

Colors: TypeAlias = NDArray[np.uint32]

COARSEST = 24 * 24  # points
FINEST_RUNNING = 100 * 100  # smoothed by the picture's interpolation
FINEST_RESTING = 320 * 320
RUNNING_SECONDS, RESTING_SECONDS = 0.012, 0.25  # that one surface may take
STEPS = 5  # on each side of the neutral value, where values are drawn in steps
UNDECIDED = 0.15  # how full a class's color is where no class is ahead
DECIDED = 0.62  # how full the color of a decision is, where it is drawn without degrees


@dataclass(frozen=True, eq=False)
class SurfaceQuestion:
    """Which surface: input `across` of the data over `x`, input `up` over `y`, its other inputs as
    in `held` (inputs,), as `columns` times `rows` points; of one `output` or of the WINNER."""

    problem: Problem
    parameters: FloatArray
    iteration: int
    output: int
    across: int
    up: int
    held: FloatArray
    x: Limits
    y: Limits
    columns: int
    rows: int


@dataclass(frozen=True, eq=False)
class Surface:
    """Arrays (rows, columns), row 0 at the low end of y. `values` are those of the output; or, with
    `winners`, the indices of the largest output, by how much it is ahead of the second."""

    question: SurfaceQuestion
    values: FloatArray
    winners: NDArray[np.intp] | None

    @property
    def points(self) -> int:
        return self.values.size

    @property
    def finite(self) -> bool:
        return bool(np.isfinite(self.values).all())


def grid_shape(
    seconds_per_point: float | None, resting: bool, pixels: tuple[int, int]
) -> tuple[int, int]:
    """Columns and rows of the finest grid that can be had in time, in the proportions of the
    picture and not finer than every second pixel. It changes by factors of two, so that it does not
    flicker. None stands for a time not known yet."""
    finest = FINEST_RESTING if resting else FINEST_RUNNING
    points = float(COARSEST * 4)
    if seconds_per_point is not None:
        budget = RESTING_SECONDS if resting else RUNNING_SECONDS
        points = min(max(budget / max(seconds_per_point, 1e-12), COARSEST), finest)
    width, height = (max(size, 2) for size in pixels)
    points = max(min(points, width * height / 4.0), COARSEST)
    points = COARSEST * 2.0 ** math.floor(math.log2(points / COARSEST))
    columns = max(round((points * width / height) ** 0.5), 2)
    return columns, max(round(points / columns), 2)


def evaluate_surface(question: SurfaceQuestion, go_on: GoOn) -> Surface:
    """The values at the middles of the grid's cells, as `predict` gives them."""
    winner = question.output == WINNER
    count = question.columns * question.rows
    values = np.empty(count, dtype=question.parameters.dtype)
    winners = np.empty(count, dtype=np.intp) if winner else None
    for part, inputs in _grid_parts(question):
        if not go_on():
            raise AbandonedError
        seen = question.problem.network_inputs(inputs)
        outputs = predict(question.problem, question.parameters, seen)
        if winners is None:
            values[part] = outputs[:, question.output]
        else:
            winners[part] = outputs.argmax(axis=1)
            values[part] = _lead(outputs)
    shape = question.rows, question.columns
    return Surface(
        question, values.reshape(shape), None if winners is None else winners.reshape(shape)
    )


def _grid_parts(question: SurfaceQuestion) -> Iterator[tuple[slice, FloatArray]]:
    """The data inputs of the grid's points, row by row, at most CHUNK at a time."""
    xs = points_between(question.x, question.columns)
    ys = points_between(question.y, question.rows)
    count = len(xs) * len(ys)
    for start in range(0, count, CHUNK):
        at = np.arange(start, min(start + CHUNK, count))
        inputs = np.tile(question.held, (len(at), 1))
        inputs[:, question.across] = xs[at % len(xs)]
        inputs[:, question.up] = ys[at // len(xs)]
        yield slice(start, start + len(at)), inputs


def _lead(outputs: FloatArray) -> FloatArray:
    """Shape (n,): by how much the largest output is ahead of the second."""
    if outputs.shape[1] == 1:
        return np.ones(len(outputs), dtype=outputs.dtype)
    last = np.partition(outputs, outputs.shape[1] - 2, axis=1)[:, -2:]
    return last[:, 1] - last[:, 0]


# --- colors --------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Palette:
    """Colors as 0xffrrggbb: `values` (n,) from the negative over the background to the positive,
    `classes` (classes, m) from the background to the full color of each class, and what stands for
    a value that is not finite."""

    values: Colors
    classes: Colors
    nothing: int


def painted(surface: Surface, scale: ValueScale, palette: Palette, steps: bool) -> Colors:
    """The colors (rows, columns) of a surface. With `steps`, decisions are drawn without degrees
    and other values in a few of them."""
    good = np.isfinite(surface.values)
    if surface.winners is None:
        place = scale.place(np.where(good, surface.values, scale.neutral))
        colors = palette.values[_nearest(_stepped(surface, place) if steps else place, palette)]
    else:
        lead = np.clip(np.where(good, surface.values, 0.0), 0.0, 1.0)
        depth = np.full_like(lead, DECIDED) if steps else UNDECIDED + (1.0 - UNDECIDED) * lead
        levels = palette.classes.shape[1] - 1
        kinds = surface.winners % len(palette.classes)
        colors = palette.classes[kinds, np.rint(depth * levels).astype(np.intp)]
    return colors if good.all() else np.where(good, colors, np.uint32(palette.nothing))


def _stepped(surface: Surface, place: FloatArray) -> FloatArray:
    if surface.question.problem.classification:
        return np.where(place > 0.0, DECIDED, -DECIDED)
    return np.rint(place * STEPS) / STEPS


def _nearest(place: FloatArray, palette: Palette) -> NDArray[np.intp]:
    middle = 0.5 * (len(palette.values) - 1)
    return np.rint((place + 1.0) * middle).astype(np.intp)  # type: ignore[no-any-return]


# --- where the decision changes ------------------------------------------------------------------


def boundary(surface: Surface, scale: ValueScale) -> Segments:
    """The lines between the classes, as segments (n, 2, 2) of (x, y); none for a regression."""
    question = surface.question
    if not question.problem.classification or not surface.finite:
        return np.empty((0, 2, 2))
    xs = points_between(question.x, question.columns)
    ys = points_between(question.y, question.rows)
    if surface.winners is None:
        return contour(surface.values - scale.neutral, xs, ys)
    lead, winners = surface.values, surface.winners
    lines = [
        contour(np.where(winners == kind, lead, -lead), xs, ys)
        for kind in np.unique(winners)[:-1]  # the last one's lines are those of the others
    ]
    return np.concatenate([np.empty((0, 2, 2)), *lines])
