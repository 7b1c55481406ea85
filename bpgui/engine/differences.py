"""Central differences of a problem's objective, one parameter at a time.

A weight w(l)[j,k] enters the pass at one place alone, z(l)[j]. So what lies before it is computed
once and kept, and for a changed weight

    z'(l)[j]  = z(l)[j] + (w' - w) a(l-1)[k]
    z'(l+1)   = z(l+1) + V(l+1)[:, j] (a'(l)[j] - a(l)[j])

is enough up to the layer behind; only the layers after that are computed anew, and only for the
samples whose a'(l)[j] is another than a(l)[j]: not for a pixel that is black, nor for a unit that
is off. The rounding of it is that of a whole pass: eps times the size of each z.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.backprop import chunks, reduction_factor
from bpgui.engine.losses import FUSED, KINKED, LOSSES
from bpgui.engine.network import BoolArray, FloatArray
from bpgui.engine.problem import Problem
from bpgui.engine.walk import walk

EPS = float(np.finfo(np.float64).eps)
ALL = slice(None)
# Where so many values change and these are less than this share, the others are worth leaving out.
MANY, FEW = 2**16, 0.7
MOST_KEPT = 2**28  # bytes of activations; samples beyond are computed anew each time


@dataclass(frozen=True, slots=True, eq=False)
class _Base:
    """A forward pass at theta. Per layer pre-activations `z` and activations `a` (units, batch);
    `inputs` is a without its last entry and with the network's inputs before it."""

    inputs: list[FloatArray]
    z: list[FloatArray]
    a: list[FloatArray]
    targets: FloatArray


class Differences:
    """Differences around one theta (size,) in float64, over all training samples."""

    def __init__(self, problem: Problem, theta: FloatArray) -> None:
        self._problem = problem
        self._network = problem.network
        self._theta = theta
        self._weights = problem.network.weights(theta)
        self._functions = [ACTIVATIONS[layer.activation] for layer in problem.network.layers]
        self._last = len(self._functions) - 1
        self._fused = FUSED.get((problem.network.layers[-1].activation, problem.loss))
        self._factor = reduction_factor(problem, len(problem.train))
        self._chunks = list(chunks(problem.network, problem.train))
        self._kept: dict[int, _Base] = {}
        self.noise = self._rounding()

    def difference(self, index: int, step: float) -> tuple[float, bool]:
        """(L(x + step) - L(x - step)) / (2 step) for x = theta[index], and whether a kink lies
        between the two points or at the middle."""
        x = float(self._theta[index])
        above, below = x + step, x - step
        with np.errstate(all="ignore"):
            more, kinked_above = self._data_loss(index, above - x)
            less, kinked_below = self._data_loss(index, below - x)
            slope = (more - less) / (above - below)
        kinked = kinked_above or kinked_below
        if self._network.is_weight[index]:
            settings = self._problem.settings
            kinked = kinked or bool(settings.l1 and np.sign(above) != np.sign(below))
            larger = 0.5 * settings.l2 * above**2 + settings.l1 * abs(above)
            smaller = 0.5 * settings.l2 * below**2 + settings.l1 * abs(below)
            slope += (larger - smaller) / (above - below)
        return slope, kinked

    # --- the objective's data part with one parameter changed -----------------------------------

    def _data_loss(self, index: int, by: float) -> tuple[float, bool]:
        parameter = self._network.parameter(index)
        layer, unit = parameter.layer - 1, parameter.unit - 1
        source = None if parameter.source is None else parameter.source - 1
        total, kinked = 0.0, False
        for place in range(len(self._chunks)):
            base = self._base(place)
            loss, crossed = self._changed(base, layer, unit, source, by)
            total += loss
            kinked = kinked or crossed
        return total, kinked

    def _changed(
        self, base: _Base, layer: int, unit: int, source: int | None, by: float
    ) -> tuple[float, bool]:
        """The loss of a chunk where z of a unit changes by `by` times its source."""
        change = by if source is None else by * base.inputs[layer][source]
        if layer == self._last:
            z = base.z[layer].copy()
            z[unit] += change
            return self._end(base, z, self._crosses(layer, z[unit], base.z[layer][unit]))
        row = base.z[layer][unit] + change
        kinked = self._crosses(layer, row, base.z[layer][unit])
        self._functions[layer].apply(row, np.empty_like(row))
        row -= base.a[layer][unit]
        layer += 1
        moved = _moved(row, base.z[layer])
        before = base.z[layer][:, moved]
        z = before + self._weights[layer][:, unit, None] * row[moved]
        while layer < self._last:
            kinked = kinked or self._crosses(layer, z, before)
            self._functions[layer].apply(z, np.empty_like(z))
            z -= base.a[layer][:, moved]
            layer += 1
            before = base.z[layer][:, moved]
            z = before + self._weights[layer].dot(z)
        kinked = kinked or self._crosses(layer, z, before)
        if moved is not ALL:
            z, part = base.z[layer].copy(), z
            z[:, moved] = part
        return self._end(base, z, kinked)

    def _end(self, base: _Base, z: FloatArray, kinked: bool) -> tuple[float, bool]:
        """From the pre-activations of the output layer, which are overwritten."""
        delta, scratch = np.empty_like(z), np.empty_like(z)
        if self._fused is not None:
            return float(self._fused(z, base.targets, delta, scratch, self._factor)), kinked
        self._functions[-1].apply(z, scratch)
        if self._problem.loss in KINKED:
            kinked = kinked or _sides_differ(z - base.targets, base.a[-1] - base.targets)
        loss = LOSSES[self._problem.loss]
        return float(loss(z, base.targets, delta, scratch, self._factor)), kinked

    def _crosses(self, layer: int, z: FloatArray, before: FloatArray) -> bool:
        """Whether a pre-activation lies on another side of its activation's kink than before."""
        kink = self._functions[layer].kink
        return kink is not None and _sides_differ(z - kink, before - kink)

    # --- the pass at theta ----------------------------------------------------------------------

    def _base(self, place: int) -> _Base:
        if place in self._kept:
            return self._kept[place]
        rows, targets = self._chunks[place]
        z: list[FloatArray] = []
        a: list[FloatArray] = []
        for layer, quantity, values in walk(
            self._network, self._problem.loss, self._factor, self._theta, rows, targets
        ):
            if layer is None:
                break
            (z if quantity == "pre_activation" else a).append(values)
        base = _Base([rows.T[: self._network.inputs], *a[:-1]], z, a, targets)
        bytes_each = sum(values.nbytes for values in (*z, *a))
        if (len(self._kept) + 1) * bytes_each <= MOST_KEPT:
            self._kept[place] = base
        return base

    def _rounding(self) -> float:
        """By how much rounding may change the objective: 4 eps (|L| + sum |dL/dz z|)."""
        loss, spread = 0.0, 0.0
        with np.errstate(all="ignore"):
            for rows, targets in self._chunks:
                z = {}
                for layer, quantity, values in walk(
                    self._network, self._problem.loss, self._factor, self._theta, rows, targets
                ):
                    if quantity == "pre_activation":
                        z[layer] = values
                    if quantity == "loss":
                        loss += float(values)
                    if quantity == "delta":
                        spread += float(np.abs(values * z[layer]).sum())
        return 4.0 * EPS * (abs(loss + self._penalty()) + spread)

    def _penalty(self) -> float:
        settings, weights = self._problem.settings, self._theta[self._network.is_weight]
        square, size = float(np.square(weights).sum()), float(np.abs(weights).sum())
        return 0.5 * settings.l2 * square + settings.l1 * size


def _moved(row: FloatArray, behind: FloatArray) -> NDArray[np.intp] | slice:
    """The samples for which the change in `row` (batch,) is not 0, where it saves time in the layer
    `behind` (units, batch) to leave out the others; else ALL."""
    if behind.size < MANY:
        return ALL
    moved = np.flatnonzero(row)
    return moved if len(moved) < FEW * len(row) else ALL


def _sides_differ(values: FloatArray, before: FloatArray) -> bool:
    """Whether any value has another sign than it had; 0, the kink itself, is a side of its own."""
    differ: BoolArray = np.sign(values) != np.sign(before)
    return bool(differ.any())
