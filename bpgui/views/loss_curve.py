"""The loss over time: which lines there are, how they are smoothed, and what stands where.

Everything is told at a number of updates done: the objective of iteration i (from 0) is that of the
parameters after i updates, and so is an evaluation "after i iterations".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.training.snapshot import Clock, LossBuckets, Snapshot
from bpgui.views.axes import Limits, linear_limits, log_limits
from bpgui.views.thinning import thin, visible

TimeAxis: TypeAlias = Literal["iterations", "epochs", "seconds"]

SHORTEST: dict[TimeAxis, float] = {"iterations": 10.0, "epochs": 10.0, "seconds": 1.0}


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Points (n,) to be joined, x ascending; NaN in y is a gap."""

    x: FloatArray
    y: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class LossLines:
    """What the loss panel draws. `batches` are the objectives of the single batches, None for the
    full batch, where they are the train line itself; `test` is None without a test set."""

    train: Line
    test: Line | None
    batches: Line | None


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """The exact losses (e,) after `iteration` updates; `test` is NaN where there is none."""

    iteration: NDArray[np.int64]
    train: FloatArray
    test: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class LossView:
    """All that is shown of one snapshot: the exact values and where they lie on the time axis, the
    lines, and the limits of both axes, those of the loss as log10 if `log`."""

    exact: Readings
    times: FloatArray
    epochs: FloatArray
    lines: LossLines
    x: Limits
    y: Limits
    log: bool

    def scaled(self, line: Line) -> Line:
        """A line as it is drawn."""
        return logarithmic(line) if self.log else line


def loss_view(
    problem: Problem,
    snapshot: Snapshot,
    axis: TimeAxis,
    log: bool,
    before: LossView | None = None,
) -> LossView:
    """What to show of a snapshot; the axes hold what they held `before`, with the same axis and
    log."""
    exact = readings(snapshot)
    lines = loss_lines(problem, snapshot, axis)
    x, y = time_limits(lines, axis), loss_limits(lines, log)
    return LossView(
        exact=exact,
        times=time_of(exact.iteration, axis, problem.batches_per_epoch, snapshot.clock),
        epochs=exact.iteration / problem.batches_per_epoch,
        lines=lines,
        x=x if before is None else before.x.joined(x),
        y=y if before is None else before.y.joined(y),
        log=log,
    )


def readings(snapshot: Snapshot) -> Readings:
    """The evaluations of a run, the newest at the end."""
    record, latest = snapshot.evaluations, snapshot.evaluation
    earlier = record.iteration < snapshot.evaluated_at
    test = np.nan if latest.test_loss is None else latest.test_loss
    return Readings(
        np.append(record.iteration[earlier], snapshot.evaluated_at),
        np.append(record.train[earlier], latest.loss),
        np.append(record.test[earlier], test),
    )


def loss_lines(problem: Problem, snapshot: Snapshot, axis: TimeAxis) -> LossLines:
    """The lines of a snapshot, as losses over `axis`."""
    exact = readings(snapshot)
    x = time_of(exact.iteration, axis, problem.batches_per_epoch, snapshot.clock)
    iteration, objective = bucket_line(snapshot.losses, snapshot.iteration)
    batches = Line(time_of(iteration, axis, problem.batches_per_epoch, snapshot.clock), objective)
    test = None if problem.test is None else Line(x, exact.test)
    if problem.batches_per_epoch > 1:
        return LossLines(Line(x, exact.train), test, batches)
    newer = exact.iteration > (iteration[-1] if len(iteration) else -1)
    train = Line(np.append(batches.x, x[newer]), np.append(batches.y, exact.train[newer]))
    return LossLines(train, test, None)


def time_of(
    iteration: NDArray[np.integer], axis: TimeAxis, batches_per_epoch: int, clock: Clock
) -> FloatArray:
    """Where `iteration` lies on a time axis; seconds are those of computing."""
    count = iteration.astype(np.float64)
    if axis == "epochs":
        return count / batches_per_epoch
    if axis == "seconds":
        if len(clock.iteration) == 0:
            return np.zeros(len(count))
        return np.interp(count, clock.iteration, clock.seconds)
    return count


def bucket_line(buckets: LossBuckets, iteration: int) -> tuple[NDArray[np.int64], FloatArray]:
    """Buckets as points (iteration, objective): both extremes of each, at its first and its last
    iteration, the higher one first where the curve falls. Buckets of one iteration are one
    point."""
    if buckets.width == 1 or len(buckets.first) == 0:
        return buckets.first, np.asarray(buckets.low, dtype=np.float64)
    last = np.minimum(buckets.first + buckets.width, iteration) - 1
    middle = buckets.low / 2.0 + buckets.high / 2.0
    falling = np.zeros(len(middle), dtype=np.bool_)
    falling[1:] = middle[1:] <= middle[:-1]
    falling[0] = falling[1] if len(middle) > 1 else True
    begin = np.where(falling, buckets.high, buckets.low)
    end = np.where(falling, buckets.low, buckets.high)
    points = np.stack([buckets.first, last], axis=1).ravel()
    values = np.stack([begin, end], axis=1).astype(np.float64).ravel()
    single = np.ones(len(points), dtype=np.bool_)
    single[1::2] = last > buckets.first
    return points[single], values[single]


def logarithmic(line: Line) -> Line:
    """log10 of a line; what is not positive and finite becomes a gap."""
    good = np.isfinite(line.y) & (line.y > 0.0)
    return Line(line.x, np.log10(line.y, where=good, out=np.full(len(line.y), np.nan)))


def smoothed(line: Line, reach: float) -> Line:
    """A running mean that looks back only: the point at x weighs earlier ones at x - d by exp(-d /
    reach).

    The weights are divided by their sum, so the start is not drawn towards zero, and unequal
    distances count as what they are. It lags behind the line, lowers its peaks and fills no gap:
    the line itself stays the truth. On a logarithmic axis it is taken of the logarithms, a
    geometric mean.
    """
    good = np.isfinite(line.y)
    if not good.any():
        return line
    x, y = line.x[good], line.y[good]
    reach = max(reach, (x[-1] - x[0]) / 500.0, np.finfo(np.float64).tiny)
    weights = np.exp((x - x[0]) / reach)
    result = np.full(len(line.y), np.nan)
    # The mean is taken of differences from the first value, which keeps a constant line constant.
    with np.errstate(over="ignore", invalid="ignore"):
        result[good] = y[0] + np.cumsum(weights * (y - y[0])) / np.cumsum(weights)
    return Line(line.x, result)


def drawn(line: Line, limits: Limits, columns: int) -> Line:
    """The part of a line within the x limits, thinned to `columns` pixels."""
    part = visible(line.x, limits)
    return Line(*thin(line.x[part], line.y[part], columns))


def time_limits(lines: LossLines, axis: TimeAxis) -> Limits:
    """From 0 to the next round number."""
    ends = [line.x[-1] for line in _shown(lines) if len(line.x)]
    return linear_limits(0.0, max([SHORTEST[axis], *ends]))


def loss_limits(lines: LossLines, log: bool) -> Limits:
    """Limits of the loss that hold every curve. On a logarithmic axis the lowest batches may leave
    it below: one lucky sample would else press all that matters to the top."""
    curves = [line.y for line in (lines.train, lines.test) if line is not None]
    all_lines = [line.y for line in _shown(lines)]
    if not log:
        return linear_limits(_extreme(all_lines, np.min), 1.02 * _extreme(all_lines, np.max))
    positive = [y[y > 0.0] for y in curves]
    high = _extreme([y[y > 0.0] for y in all_lines], np.max)
    return log_limits(_extreme(positive, np.min), high)


def nearest(x: NDArray[np.number[Any]], wanted: float) -> int:
    """The place in ascending x (n,), n > 0, that is nearest to `wanted`."""
    after = int(np.clip(np.searchsorted(x, wanted), 1, max(len(x) - 1, 1)))
    if after >= len(x):
        return 0
    return after if x[after] - wanted <= wanted - x[after - 1] else after - 1


def _shown(lines: LossLines) -> list[Line]:
    return [line for line in (lines.train, lines.test, lines.batches) if line is not None]


def _extreme(parts: list[FloatArray], reduce: Callable[[FloatArray], np.floating[Any]]) -> float:
    values = np.concatenate(parts)
    finite = values[np.isfinite(values)]
    return float(reduce(finite)) if len(finite) else np.nan
