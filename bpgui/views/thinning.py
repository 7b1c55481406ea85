"""Fewer points for the same picture: a curve or an image thinned to the pixels there are, peaks
kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.network import FloatArray
from bpgui.views.axes import Limits


def visible(x: FloatArray, limits: Limits) -> slice:
    """The part of ascending x (n,) within the limits, and one neighbor on each side for the lines
    that leave the picture."""
    first = int(np.searchsorted(x, limits.low)) - 1
    last = int(np.searchsorted(x, limits.high, side="right")) + 1
    return slice(max(first, 0), last)


def thin(x: FloatArray, y: FloatArray, columns: int) -> tuple[FloatArray, FloatArray]:
    """A curve (n,) as at most 2 * columns + 2 points: of equally many neighbors each the lowest and
    the highest, in the order in which they come, and the very first and last point. NaN parts a
    curve and stays only where a whole group is NaN. Short curves are returned as they are."""
    size = -(-len(x) // max(columns, 1))
    if size <= 2:
        return x, y
    groups = len(x) // size
    used = groups * size
    block = y[:used].reshape(groups, size)
    gap = np.isnan(block)
    low = np.where(gap, np.inf, block).argmin(axis=1)
    high = np.where(gap, -np.inf, block).argmax(axis=1)
    picked = np.sort(np.stack([low, high], axis=1), axis=1)
    picked += np.arange(groups)[:, None] * size
    rest = np.arange(used, len(x))
    chosen = np.unique(np.concatenate([[0], picked.ravel(), rest, [len(x) - 1]]))
    return x[chosen], y[chosen]


def strongest(rows: FloatArray, starts: NDArray[np.integer], axis: int) -> FloatArray:
    """Along an axis, of each group the member of largest size, with its sign. `starts` (g,) says
    where the groups begin, ascending from 0. NaN wins over every number."""
    if len(starts) == rows.shape[axis]:
        return rows
    high = _reduced(np.maximum, rows, starts, axis)
    low = _reduced(np.minimum, rows, starts, axis)
    result: FloatArray = np.where(high >= -low, high, low)
    return result


def _reduced(
    ufunc: np.ufunc, rows: FloatArray, starts: NDArray[np.integer], axis: int
) -> FloatArray:
    """As ufunc.reduceat; of rows in equal groups, the last of which may be smaller, that takes ten
    times as long as reducing them as a block."""
    result: FloatArray
    size, whole = int(starts[1]) if len(starts) > 1 else len(rows), len(starts) - 1
    if axis == 0 and np.array_equal(starts, np.arange(whole + 1) * size):
        result = np.empty((whole + 1, *rows.shape[1:]), rows.dtype)
        block = rows[: whole * size].reshape(whole, size, *rows.shape[1:])
        ufunc.reduce(block, axis=1, out=result[:whole])
        ufunc.reduce(rows[whole * size :], axis=0, out=result[whole])
    else:
        result = ufunc.reduceat(rows, starts, axis=axis)
    return result
