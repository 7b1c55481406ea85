"""The weights into each unit of a layer, as pictures."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bpgui.engine.network import FloatArray, Network
from bpgui.views.axes import step_above
from bpgui.views.sizes import largest_size


@dataclass(frozen=True, eq=False)
class WeightPictures:
    """The weights (units, inputs) into a layer (from 1), as pictures of rows x columns in the order
    of its inputs. `reach` is the size whose color is full, the same for all units."""

    layer: int
    weights: FloatArray
    rows: int
    columns: int
    reach: float

    @property
    def units(self) -> int:
        return len(self.weights)

    def places(self, unit: int) -> FloatArray:
        """The picture (rows, columns) of a unit (from 1) from -1 to 1, NaN where a weight is not
        finite; 0 in places that are left over."""
        places = np.zeros(self.rows * self.columns)
        weights = self.weights[unit - 1]
        places[: len(weights)] = np.where(np.isfinite(weights), weights / self.reach, np.nan)
        return np.clip(places, -1.0, 1.0).reshape(self.rows, self.columns)

    def source(self, row: int, column: int) -> int | None:
        """The input (from 1) that a place belongs to; None for one that is left over."""
        source = row * self.columns + column + 1
        return source if source <= self.weights.shape[1] else None


def weight_pictures(network: Network, theta: FloatArray, layer: int) -> WeightPictures:
    """Pictures as square as the number of inputs allows."""
    weights = network.weights(theta)[layer - 1]
    inputs = weights.shape[1]
    columns = math.isqrt(inputs - 1) + 1
    largest = largest_size(weights)
    reach = step_above(largest) if largest > 0.0 else 1.0
    return WeightPictures(layer, weights, -(-inputs // columns), columns, reach)
