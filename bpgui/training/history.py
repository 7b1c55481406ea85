"""The bounded records of a run, which depend on its iterations alone and not on how they were cut
into bursts (only the clock's does).

A record is written by the thread of its run. What it hands out stays valid and unchanged while it
grows: arrays are only appended to, and making room copies them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from bpgui.engine import summaries
from bpgui.engine.network import BoolArray, FloatArray, Network
from bpgui.training.snapshot import Clock, LossBuckets

LOSS_BUCKETS = 2048
EVALUATIONS = 1024
GRADIENT_ROWS = 512
GRADIENT_ENTRIES = 4 * 2**20
CLOCK_POINTS = 1024
TINY, HUGE = 1e-200, 1e300  # sums of squares between these have lost nothing


class LossRecord:
    """Lowest and highest loss per bucket of `width` iterations; the width doubles when the buckets
    run out."""

    def __init__(self, capacity: int = LOSS_BUCKETS) -> None:
        self.count = 0
        self.width = 1
        self._low = np.empty(capacity)
        self._high = np.empty(capacity)

    def extend(self, losses: FloatArray) -> None:
        """Append the losses (n,) of the next n iterations."""
        self.join(bucketed(losses, self.count, self.width), self.count + len(losses))

    def join(self, buckets: LossBuckets, end: int) -> None:
        """Append the buckets of the iterations up to `end` - 1 that are not on record yet; they may
        be narrower than the record's own."""
        while -(-end // self.width) > len(self._low):
            self._double()
        while buckets.width < self.width:
            buckets = _twice_as_wide(buckets)
        if not len(buckets.first):
            return
        first = int(buckets.first[0]) // self.width
        stop = first + len(buckets.first)
        low, high = buckets.low.copy(), buckets.high.copy()
        if self.count > first * self.width:
            low[0] = min(low[0], self._low[first])
            high[0] = max(high[0], self._high[first])
        self._low[first:stop], self._high[first:stop] = low, high
        self.count = end

    def _double(self) -> None:
        wider = _twice_as_wide(self.view())
        self._low[: len(wider.low)], self._high[: len(wider.high)] = wider.low, wider.high
        self.width = wider.width

    def view(self) -> LossBuckets:
        """A copy, because the last bucket may still change; at most 2,048 entries."""
        used = -(-self.count // self.width)
        first = np.arange(used, dtype=np.int64) * self.width
        return LossBuckets(self.width, first, self._low[:used].copy(), self._high[:used].copy())


def bucketed(losses: FloatArray, start: int, width: int) -> LossBuckets:
    """The losses (n,) of the iterations from `start` on, in buckets that begin at multiples of
    `width`; the first and the last may be known in part."""
    first = np.arange(start // width, -(-(start + len(losses)) // width)) * width
    if not len(losses):
        return LossBuckets(width, first[:0], losses, losses)
    begins = np.maximum(first - start, 0)
    low, high = np.minimum.reduceat(losses, begins), np.maximum.reduceat(losses, begins)
    return LossBuckets(width, first, low, high)


def _twice_as_wide(buckets: LossBuckets) -> LossBuckets:
    width = 2 * buckets.width
    if not len(buckets.first):
        return replace(buckets, width=width)
    number = buckets.first // width
    begins = np.flatnonzero(np.diff(number, prepend=-1))
    low = np.minimum.reduceat(buckets.low, begins)
    high = np.maximum.reduceat(buckets.high, begins)
    return LossBuckets(width, number[begins] * width, low, high)


class Schedule(NamedTuple):
    """The iterations at which a record takes a row: all multiples of `stride`, and before the
    iteration `early_end` those of `early`, which divides the stride."""

    stride: int
    early: int = 1
    early_end: int = 0

    def next(self, iteration: int) -> int:
        """The first of them after `iteration`."""
        early = (iteration // self.early + 1) * self.early
        return early if early < self.early_end else (iteration // self.stride + 1) * self.stride

    def holds(self, iterations: NDArray[np.int64]) -> BoolArray:
        """Which of the iterations (n,) are among them."""
        early = (iterations < self.early_end) & (iterations % self.early == 0)
        kept: BoolArray = early | (iterations % self.stride == 0)
        return kept

    def sparser(self) -> Schedule:
        """Twice the stride, from the start on."""
        return Schedule(2 * self.stride)


class StridedRecord:
    """Rows (row_size,) taken by a schedule, whose stride doubles as the record fills: after any
    number of iterations it is the smallest that fits."""

    def __init__(
        self, capacity: int, row_size: int, schedule: Schedule, dtype: DTypeLike = np.float64
    ) -> None:
        self.schedule = schedule
        self._count = 0
        self._iterations = np.empty(capacity, dtype=np.int64)
        self._rows: NDArray[Any] = np.empty((capacity, row_size), dtype=dtype)

    def __len__(self) -> int:
        return self._count

    def extend(self, iterations: NDArray[np.int64], rows: FloatArray) -> None:
        """Append rows (r, row_size) of ascending `iterations` (r,), of which those off the schedule
        are dropped."""
        kept = self.schedule.holds(iterations)
        while self._count + np.count_nonzero(kept) > len(self._iterations):
            self._double()
            kept = self.schedule.holds(iterations)
        end = self._count + int(np.count_nonzero(kept))
        self._iterations[self._count : end] = iterations[kept]
        self._rows[self._count : end] = rows[kept]
        self._count = end

    def _double(self) -> None:
        self.schedule = self.schedule.sparser()
        kept = np.flatnonzero(self.schedule.holds(self._iterations[: self._count]))
        iterations, rows = np.empty_like(self._iterations), np.empty_like(self._rows)
        iterations[: len(kept)] = self._iterations[kept]
        rows[: len(kept)] = self._rows[kept]
        self._iterations, self._rows, self._count = iterations, rows, len(kept)

    def view(self) -> tuple[NDArray[np.int64], FloatArray]:
        return read_only(self._iterations[: self._count]), read_only(self._rows[: self._count])


class ClockRecord:
    """Seconds of computing after each burst; every other point goes when there are too many."""

    def __init__(self, capacity: int = CLOCK_POINTS) -> None:
        self._count = 1
        self._points = np.zeros((2, capacity))

    def add(self, iteration: int, seconds: float) -> None:
        """Append a point; `seconds` is the sum since the start of the run."""
        if self._count == self._points.shape[1]:
            thinned = np.empty_like(self._points)
            self._count = -(-self._count // 2)
            thinned[:, : self._count] = self._points[:, ::2]
            self._points = thinned
        self._points[:, self._count] = iteration, seconds
        self._count += 1

    def view(self) -> Clock:
        iteration, seconds = self._points[:, : self._count]
        return Clock(iteration.astype(np.int64), read_only(seconds))


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """A view through which nobody can write."""
    view = array.view()
    view.setflags(write=False)
    return view


def bin_edges(size: int) -> NDArray[np.int64]:
    """The first parameter of each bin of a gradient row, and `size`: as many bins as parameters, or
    as many as keep the whole record below 4 million entries."""
    bins = min(size, GRADIENT_ENTRIES // GRADIENT_ROWS)
    return np.arange(bins + 1, dtype=np.int64) * size // bins


def fold(rows: FloatArray, edges: NDArray[np.int64]) -> FloatArray:
    """Rows (r, size) to rows (r, bins): of each bin the member of largest magnitude, with its
    sign."""
    return rows if rows.shape[1] == len(edges) - 1 else summaries.largest(rows, edges)


def layer_norms(network: Network, rows: FloatArray) -> FloatArray:
    """The Euclidean norm of each layer's part of gradients (r, size), shape (r, layers)."""
    parts = np.split(rows, network.offsets[1:-1], axis=1)
    return np.stack([_norms(part) for part in parts], axis=1)


def _norms(rows: FloatArray) -> FloatArray:
    """In units of the largest member in rows where a square could overflow or vanish otherwise."""
    with np.errstate(over="ignore"):
        squares = summaries.squares(rows)
        norms: FloatArray = np.sqrt(squares)
        unsafe = np.flatnonzero(~((squares > TINY) & (squares < HUGE)))
        if len(unsafe):
            rows = rows[unsafe]
            largest = np.maximum(rows.max(axis=1), -rows.min(axis=1)).astype(np.float64)
            unit = np.where((largest > 0.0) & np.isfinite(largest), largest, 1.0)
            norms[unsafe] = np.sqrt(summaries.squares(rows / unit[:, None])) * unit
    return norms
