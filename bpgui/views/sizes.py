"""How large numbers are, found without a copy of them: networks may have millions."""

from __future__ import annotations

import math

import numpy as np

from bpgui.engine.network import FloatArray


def largest_size(values: FloatArray) -> float:
    """The largest |value| of those that are finite, 0 where there is none."""
    if not values.size:
        return 0.0
    low, high = float(values.min()), float(values.max())
    if math.isfinite(low) and math.isfinite(high):  # a NaN would be both
        return max(abs(low), abs(high))
    sizes = np.abs(values)
    return float(sizes.max(initial=0.0, where=np.isfinite(sizes)))
