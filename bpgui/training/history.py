"""The bounded records of a run, which depend on its iterations alone and not on how they were cut
into bursts (only the clock's does).

A record is written by the thread of its run. What it hands out stays valid and unchanged while it
grows: arrays are only appended to, and making room copies them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from bpgui.engine.network import FloatArray
from bpgui.training.snapshot import Clock, LossBuckets

LOSS_BUCKETS = 2048
EVALUATIONS = 1024
GRADIENT_ROWS = 512
GRADIENT_ENTRIES = 4 * 2**20
CLOCK_POINTS = 1024


class LossRecord:
    """Lowest and highest loss per bucket of `width` iterations; the width doubles when the buckets
    run out."""

    def __init__(self, capacity: int = LOSS_BUCKETS) -> None:
        self.count = 0
        self._width = 1
        self._low = np.empty(capacity)
        self._high = np.empty(capacity)

    def extend(self, losses: FloatArray) -> None:
        """Append the losses (n,) of the next n iterations."""
        if not len(losses):
            return
        start, end = self.count, self.count + len(losses)
        while -(-end // self._width) > len(self._low):
            self._double()
        first, stop = start // self._width, -(-end // self._width)
        begins = np.maximum(np.arange(first, stop) * self._width - start, 0)
        low = np.minimum.reduceat(losses, begins)
        high = np.maximum.reduceat(losses, begins)
        if start % self._width:
            low[0] = min(low[0], self._low[first])
            high[0] = max(high[0], self._high[first])
        self._low[first:stop] = low
        self._high[first:stop] = high
        self.count = end

    def _double(self) -> None:
        used = -(-self.count // self._width)
        begins = np.arange(0, used, 2)
        if used:
            self._low[: len(begins)] = np.minimum.reduceat(self._low[:used], begins)
            self._high[: len(begins)] = np.maximum.reduceat(self._high[:used], begins)
        self._width *= 2

    def view(self) -> LossBuckets:
        """A copy, because the last bucket may still change; at most 2,048 entries."""
        used = -(-self.count // self._width)
        first = np.arange(used, dtype=np.int64) * self._width
        return LossBuckets(self._width, first, self._low[:used].copy(), self._high[:used].copy())


class StridedRecord:
    """Rows (row_size,) taken at those iterations that are multiples of a stride, which doubles as
    the record fills: after any number of iterations it is the smallest that fits."""

    def __init__(
        self, capacity: int, row_size: int, stride: int = 1, dtype: DTypeLike = np.float64
    ) -> None:
        self.stride = stride
        self._count = 0
        self._iterations = np.empty(capacity, dtype=np.int64)
        self._rows: NDArray[Any] = np.empty((capacity, row_size), dtype=dtype)

    def __len__(self) -> int:
        return self._count

    def extend(self, iterations: NDArray[np.int64], rows: FloatArray) -> None:
        """Append rows (r, row_size) of ascending `iterations` (r,), of which those off the stride
        are dropped."""
        kept = iterations % self.stride == 0
        while self._count + np.count_nonzero(kept) > len(self._iterations):
            self._double()
            kept = iterations % self.stride == 0
        end = self._count + int(np.count_nonzero(kept))
        self._iterations[self._count : end] = iterations[kept]
        self._rows[self._count : end] = rows[kept]
        self._count = end

    def _double(self) -> None:
        self.stride *= 2
        kept = np.flatnonzero(self._iterations[: self._count] % self.stride == 0)
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
    if rows.shape[1] == len(edges) - 1:
        return rows
    low = np.minimum.reduceat(rows, edges[:-1], axis=1)
    high = np.maximum.reduceat(rows, edges[:-1], axis=1)
    folded: FloatArray = np.where(-low > high, low, high)
    return folded
