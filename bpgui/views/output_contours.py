"""Where a surface given on a grid crosses zero (marching squares, Lorensen and Cline 1987 in the
plane), for all cells at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.network import BoolArray, FloatArray

Segments: TypeAlias = NDArray[np.float64]

BOTTOM, RIGHT, TOP, LEFT = range(4)


def contour(values: FloatArray, xs: FloatArray, ys: FloatArray) -> Segments:
    """Segments (n, 2, 2) of points (x, y) on which `values` (rows, columns), linear between the
    points of the grid ys (rows,) and xs (columns,), are zero. Zero counts as positive."""
    values = np.asarray(values, dtype=np.float64)
    above = values >= 0.0
    across, up = above[:, 1:] != above[:, :-1], above[1:] != above[:-1]
    crossed = np.stack([across[:-1], up[:, 1:], across[1:], up[:, :-1]], axis=-1)
    count = crossed.sum(axis=-1)
    rows, columns = np.nonzero(count)
    if not len(rows):
        return np.empty((0, 2, 2))
    edges = _edges(crossed[rows, columns], above, values, rows, columns)
    cell, first, second = edges
    at = rows[cell], columns[cell]
    starts, ends = (_crossing(values, xs, ys, *at, edge) for edge in (first, second))
    return np.stack([starts, ends], axis=1)


def _edges(
    crossed: BoolArray,
    above: BoolArray,
    values: FloatArray,
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """For each segment its cell, and the two edges of the cell that it joins."""
    plain = np.flatnonzero(crossed.sum(axis=1) == 2)
    pairs = np.nonzero(crossed[plain])[1].reshape(-1, 2)
    saddles = np.flatnonzero(crossed.sum(axis=1) == 4)
    r, c = rows[saddles], columns[saddles]
    middle = values[r, c] + values[r, c + 1] + values[r + 1, c] + values[r + 1, c + 1] >= 0.0
    # Where the middle is as the corner at the low ends, the lines cut off the two other corners.
    joined = (middle == above[r, c])[:, None]
    one = np.where(joined, (BOTTOM, RIGHT), (BOTTOM, LEFT)).reshape(-1, 2)
    other = np.where(joined, (TOP, LEFT), (RIGHT, TOP)).reshape(-1, 2)
    cell = np.concatenate([plain, saddles, saddles])
    ends = np.concatenate([pairs, one, other])
    return cell, ends[:, 0], ends[:, 1]


def _crossing(
    values: FloatArray,
    xs: FloatArray,
    ys: FloatArray,
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    edge: NDArray[np.intp],
) -> Segments:
    """Points (n, 2) where the edges of cells are crossed."""
    flat = (edge == BOTTOM) | (edge == TOP)
    r = rows + (edge == TOP)
    c = columns + (edge == RIGHT)
    to_r, to_c = np.where(flat, r, r + 1), np.where(flat, c + 1, c)
    low, high = values[r, c], values[to_r, to_c]
    share = low / (low - high)
    x = xs[c] + share * (xs[to_c] - xs[c])
    y = ys[r] + share * (ys[to_r] - ys[r])
    return np.stack([x, y], axis=1)
