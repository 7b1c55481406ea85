"""Keeps the gradients of every k-th iteration while training goes on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.network import FloatArray


class RowRecord:
    """Rows for those of the iterations first to last - 1 that are multiples of `every`; 0 for none.

    Whoever trains calls `add` in the iteration `next`, when `gradient` (size,) holds its gradient,
    or fills `rows` (r, size) from above and says in `done` how many there are.
    """

    def __init__(self, every: int, first: int, last: int, gradient: FloatArray) -> None:
        start = -(-first // every) * every if every else last
        self._numbers = np.arange(start, last, every or 1, dtype=np.int64)
        self._gradient = gradient
        self.rows = np.empty((len(self._numbers), gradient.size), gradient.dtype)
        self.done = 0
        self.next = start

    def add(self) -> None:
        """Copy the gradient as the row of iteration `next`."""
        self.rows[self.done] = self._gradient
        self.done += 1
        more = self.done < len(self._numbers)
        self.next = int(self._numbers[self.done]) if more else -1

    @property
    def iterations(self) -> NDArray[np.int64]:
        """The numbers (r,) of the iterations that were recorded."""
        return self._numbers[: self.done]

    @property
    def gradients(self) -> FloatArray:
        """Their gradients (r, size)."""
        return self.rows[: self.done]
