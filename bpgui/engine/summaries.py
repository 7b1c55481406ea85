"""What is kept of a gradient that has more members than can be kept, in the kernel if there is one.

The largest members are the same either way; sums of squares differ in their last bits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bpgui.engine import compiled
from bpgui.engine.compiled import summaries
from bpgui.engine.network import FloatArray

CACHED_BINS, CACHED_ENTRIES = 512, 2**14  # of a row, that stay in the processor's cache


def largest(rows: FloatArray, edges: NDArray[np.int64]) -> FloatArray:
    """Of rows (r, size) and each of the bins that begin at edges (bins + 1,) the member of largest
    magnitude, with its sign: (r, bins)."""
    if compiled.available():
        return summaries.largest(rows, edges)
    found = np.empty((len(rows), len(edges) - 1), dtype=rows.dtype)
    for first in range(0, found.shape[1], CACHED_BINS):
        ends = edges[first : first + CACHED_BINS + 1]
        part, starts = rows[:, ends[0] : ends[-1]], ends[:-1] - ends[0]
        low = np.minimum.reduceat(part, starts, axis=1)
        high = np.maximum.reduceat(part, starts, axis=1)
        found[:, first : first + CACHED_BINS] = np.where(-low > high, low, high)
    return found


def squares(rows: FloatArray) -> NDArray[np.float64]:
    """The sums (r,) of the squares of rows (r, n), in float64."""
    if compiled.available():
        return summaries.squares(rows)
    found = np.zeros(len(rows))
    for first in range(0, rows.shape[1], CACHED_ENTRIES):
        part = rows[:, first : first + CACHED_ENTRIES].astype(np.float64, copy=False)
        found += np.einsum("ij,ij->i", part, part)
    return found
