"""The orders of epochs, drawn in the kernel: one takes NumPy as long as a hundred updates."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.batches import epoch_order
from bpgui.engine.compiled import library
from bpgui.engine.problem import Problem

ORDERED_SAMPLES = 4096  # in the epochs whose orders are drawn at a time
BOUND = 2**32  # of what the kernel draws from, and how many


class Orders:
    """The orders of some epochs in a row, kept from call to call."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        count = len(problem.train)
        self._rows: NDArray[np.int64] = np.empty(
            (max(1, ORDERED_SAMPLES // count), count), np.int64
        )
        self.address = self._rows.ctypes.data
        self.first = self._after = 0

    def provide(self, first: int, after: int) -> int:
        """Hold epochs from `first` on, at best up to that before `after`; the epoch after those."""
        if not self.first <= first < self._after:
            self.first, self._after = first, min(after, first + len(self._rows))
            rows = self._rows[: self._after - first]
            if not draw(self._problem.seed, first, rows):
                for row, epoch in zip(rows, range(first, self._after), strict=True):
                    row[:] = epoch_order(self._problem, epoch)
        return self._after


def draw(seed: int, first: int, rows: NDArray[np.int64]) -> bool:
    """Fill rows (epochs, samples) with the orders of the epochs from `first` on, each that of
    `batches.epoch_order`; False, and nothing is done, where the kernel cannot know them."""
    epochs, count = rows.shape
    known = 0 <= seed < BOUND and first + epochs <= BOUND and count < BOUND
    if not known or not _draws_as_numpy():
        return False
    library.orders()(seed, first, epochs, count, rows.ctypes.data)
    return True


@cache
def _draws_as_numpy() -> bool:
    """Whether the NumPy that is installed draws as the one did that the kernel was written after;
    it promises no such thing."""
    found = np.empty((2, 100), np.int64)
    library.orders()(3, 4, *found.shape, found.ctypes.data)
    wanted = [np.random.default_rng([3, epoch]).permutation(100) for epoch in (4, 5)]
    return bool((found == wanted).all())
