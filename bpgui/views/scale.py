"""A symmetric logarithmic scale: gradients of all sizes and both signs on one axis."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from bpgui.engine.network import FloatArray
from bpgui.views.axes import LOG_STEPS, Limits, Ticks, linear_ticks, log_texts, step_above
from bpgui.views.sizes import largest_size

DECADES = 5.0
SMALLEST = 1e-290  # a limit whose decades below it can still be told apart


class Scale(NamedTuple):
    """Shows values of size `limit` at -1 and 1, 0 at 0, and is straight below `floor`.

    y = sign(x) log(1 + |x| / floor) / log(1 + limit / floor); with `floor` infinite, y = x / limit.
    """

    limit: float
    floor: float = math.inf

    def place(self, values: FloatArray) -> FloatArray:
        """Where values are drawn; those of a size above the limit lie outside -1 .. 1."""
        if self.floor == math.inf:
            return values / self.limit
        sizes = np.abs(values)
        sizes /= self.floor
        np.log1p(sizes, out=sizes)
        sizes *= 1.0 / math.log1p(self.limit / self.floor)
        return np.copysign(sizes, values, out=sizes)

    def ticks(self, limits: Limits, count: int) -> Ticks:
        """About `count` ticks: 0 and powers of ten of both signs, or multiples on a straight
        scale."""
        if self.floor == math.inf:
            ends = Limits(limits.low * self.limit, limits.high * self.limit)
            found = linear_ticks(ends, count)
            return Ticks(found.positions / self.limit, found.texts)
        apart = 0.8 * (limits.high - limits.low) / max(count, 1)
        powers = self._labelled(apart)
        texts = log_texts(np.array(powers, dtype=np.float64))
        sizes = self.place(10.0 ** np.array(powers, dtype=np.float64))
        positions = np.concatenate([-sizes[::-1], [0.0], sizes])
        return Ticks(positions, [*("−" + text for text in texts[::-1]), "0", *texts])

    def _labelled(self, apart: float) -> list[int]:
        """Ascending powers of ten in even steps from the limit down, at least `apart` in place."""
        top = math.floor(math.log10(self.limit) + 1e-9)
        powers = range(top, math.floor(math.log10(self.floor)), -1)
        places = self.place(10.0 ** np.array(powers, dtype=np.float64))
        for step in range(1, len(powers) + 1):
            chosen = [i for i in range(0, len(powers), step) if places[i] >= apart]
            if all(places[i] - places[i + step] >= apart for i in chosen[:-1]):
                return [powers[i] for i in reversed(chosen)]
        return []


def calm_scale(current: Scale | None, values: FloatArray) -> Scale:
    """The symmetric logarithmic scale for values: its limit is the next of 1, 2, 5, 10 ... above
    their size, it never shrinks, and it resolves `DECADES` decades below the limit."""
    largest = largest_size(values)
    limit = step_above(max(largest, SMALLEST), LOG_STEPS) if largest > 0.0 else 0.0
    if current is not None and current.limit >= limit:
        return current
    limit = limit or 1.0
    return Scale(limit, limit * 10.0**-DECADES)


@lru_cache(maxsize=8)
def straight(scale: Scale) -> Scale:
    """The linear scale with the same limit, the same one each time: plots look for a change."""
    return Scale(scale.limit)
