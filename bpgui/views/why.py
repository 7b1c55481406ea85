"""Why backpropagation: what a gradient costs as networks like the present one grow."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.multiplications import Counts, formula
from bpgui.engine.network import FloatArray, Layer, Network
from bpgui.views.axes import Limits, Ticks, log_limits, step_above

Way: TypeAlias = Literal["chain", "differences", "backpropagation"]

WAYS: tuple[Way, ...] = ("chain", "differences", "backpropagation")
FEWEST_LAYERS, FEWEST_UNITS = 6, 12  # to which the axes reach at least
MOST_POINTS = 32
MARGIN = 0.03  # beside the outermost points, as a share of the axis


@dataclass(frozen=True, slots=True, eq=False)
class Growth:
    """Multiplications against the size of a network.

    `sizes` (n,) and for each way log10 of its multiplications (n,); `here` is the size of the
    present network, and `marks` log10 of its own three. `counts` are the n multiplications
    themselves and those of the present network. `x` and `y` are limits for a plot.
    """

    sizes: FloatArray
    lines: dict[Way, FloatArray]
    here: float
    marks: dict[Way, float]
    counts: dict[Way, tuple[int, ...]]
    x: Limits
    y: Limits


def against_depth(network: Network, loss: str) -> Growth:
    """Networks with 1, 2, ... layers, whose hidden layers are as wide as the present ones are on
    average; without any, as wide as the wider end."""
    layers = len(network.layers)
    most = max(FEWEST_LAYERS, layers + 2)
    hidden = _hidden(network)
    sizes = range(1, most + 1)
    found = [formula(_alike(network, [hidden] * (size - 1)), loss) for size in sizes]
    return _growth(list(sizes), found, float(layers), formula(network, loss))


def against_width(network: Network, loss: str) -> Growth | None:
    """Networks with as many hidden layers as the present one, all of the same number of units;
    None where it has no hidden layer."""
    hidden = network.layers[:-1]
    if not hidden:
        return None
    mean = sum(layer.units for layer in hidden) / len(hidden)
    most = max(FEWEST_UNITS, int(step_above(1.5 * mean)))
    sizes = sorted({round(size) for size in np.linspace(1, most, min(most, MOST_POINTS))})
    found = [
        formula(_alike(network, [replace(layer, units=size) for layer in hidden]), loss)
        for size in sizes
    ]
    return _growth(sizes, found, mean, formula(network, loss))


def growth_table(growth: Growth, size: str) -> dict[str, NDArray[Any]]:
    """A row for each network compared, and a last one for the present network; its size stands in
    the column `size`. Multiplications are whole numbers of any length."""
    compared = len(growth.sizes)
    return {
        "network": np.array(["compared"] * compared + ["present"]),
        size: np.append(growth.sizes, growth.here),
        **{f"{way}_multiplications": np.array(growth.counts[way], dtype=object) for way in WAYS},
    }


def whole_ticks(limits: Limits, count: int) -> Ticks:
    """About `count` ticks at whole numbers, which the present size of a network always is."""
    step = max(
        1, round(step_above((limits.high - limits.low) / max(count, 1), (1.0, 2.0, 5.0, 10)))
    )
    first = math.ceil(limits.low / step - 1e-9)
    last = math.floor(limits.high / step + 1e-9)
    positions = np.arange(first, last + 1) * float(step)
    return Ticks(positions, [f"{round(position):,}" for position in positions])


def times(count: int, of: int) -> str:
    """How many times as much a count is, in two digits: 1, 1.4, 23 or 3×10⁸ written as 3e8."""
    ratio = count / of if count < of * 10**300 else math.inf
    if ratio < 9.95:
        return f"{ratio:.1f}".removesuffix(".0")
    return f"{ratio:,.0f}" if ratio < 1e6 else _short(count // of)


def written(count: int) -> str:
    """A whole number in full where it is not too long, else as a power of ten."""
    return f"{count:,}" if count < 10**12 else _short(count)


def _short(count: int) -> str:
    power = len(str(count)) - 1
    return f"{count / 10**power:.1f}e{power}"


def _hidden(network: Network) -> Layer:
    hidden = network.layers[:-1]
    if not hidden:
        units = max(network.inputs, network.outputs)
        return Layer(units, units, "sigmoid", network.layers[-1].bias)
    mean = round(sum(layer.units for layer in hidden) / len(hidden))
    return replace(hidden[0], units=max(1, mean))


def _alike(network: Network, hidden: list[Layer]) -> Network:
    """The network with other hidden layers; their inputs follow."""
    layers, inputs = [], network.inputs
    for layer in (*hidden, network.layers[-1]):
        layers.append(replace(layer, inputs=inputs))
        inputs = layer.units
    return Network(tuple(layers))


def _growth(sizes: list[int], found: list[Counts], here: float, own: Counts) -> Growth:
    lines = {
        way: np.array([math.log10(max(getattr(counts, way), 1)) for counts in found])
        for way in WAYS
    }
    marks = {way: math.log10(max(getattr(own, way), 1)) for way in WAYS}
    every = [*marks.values(), *(value for line in lines.values() for value in line.tolist())]
    return Growth(
        np.array(sizes, dtype=np.float64),
        lines,
        here,
        marks,
        {way: tuple(getattr(counts, way) for counts in (*found, own)) for way in WAYS},
        Limits(sizes[0] - MARGIN * sizes[-1], sizes[-1] + MARGIN * sizes[-1]),
        _limits(min(every), max(every)),
    )


def _limits(low: float, high: float) -> Limits:
    """log10 limits around log10 values, which may be beyond any float."""
    if high < 300:
        return log_limits(10.0**low, 10.0**high)
    return Limits(math.floor(low), math.ceil(high))
