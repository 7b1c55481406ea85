"""Calm axes: limits that grow in steps instead of with each frame, ticks and their texts."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from bpgui.engine.network import FloatArray

LINEAR_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
LOG_STEPS = (1.0, 2.0, 5.0, 10.0)

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LARGE = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_PLAIN = (1e-3, 1e4)


class Limits(NamedTuple):
    """Both ends of an axis, in the coordinates in which it is drawn."""

    low: float
    high: float

    def joined(self, other: Limits) -> Limits:
        """The smallest limits that hold both: an axis never shrinks while a run goes on."""
        return Limits(min(self.low, other.low), max(self.high, other.high))


def points_between(limits: Limits, count: int) -> FloatArray:
    """The middles of `count` equal parts."""
    return limits.low + (np.arange(count) + 0.5) * ((limits.high - limits.low) / count)


class Ticks(NamedTuple):
    """Where an axis has ticks (n,), and their texts."""

    positions: FloatArray
    texts: list[str]


def step_above(value: float, steps: tuple[float, ...] = LINEAR_STEPS) -> float:
    """The smallest of `steps` times a power of ten that is not below `value` (positive)."""
    power = math.floor(math.log10(value))
    for exponent in (power, power + 1):
        for step in steps:
            candidate = float(f"{step}e{exponent}")
            if value <= candidate < math.inf:
                return candidate
    return value


def step_below(value: float, steps: tuple[float, ...] = LINEAR_STEPS) -> float:
    """The largest of `steps` times a power of ten that is not above `value` (positive)."""
    power = math.floor(math.log10(value))
    for exponent in (power, power - 1):
        for step in reversed(steps):
            candidate = float(f"{step}e{exponent}")
            if 0.0 < candidate <= value:
                return candidate
    return value


def linear_limits(low: float, high: float) -> Limits:
    """Limits that hold 0, `low` and `high`, each end a round number; 0 to 1 where there is
    nothing."""
    return Limits(
        -step_above(-low) if math.isfinite(low) and low < 0.0 else 0.0,
        step_above(high) if math.isfinite(high) and high > 0.0 else float(not low < 0.0),
    )


def log_limits(low: float, high: float) -> Limits:
    """log10 of limits around the positive `low` and `high`; 10⁻¹ to 1 where there is nothing. At
    least half a decade, so that a curve that hardly moves does not look as if it did."""
    if not (0.0 < low <= high < math.inf):
        return Limits(-1.0, 0.0)
    bottom = math.log10(step_below(low, LOG_STEPS))
    top = math.log10(step_above(high, LOG_STEPS))
    if top - bottom < 0.5:
        bottom = math.log10(step_below(10.0**bottom / 2.0, LOG_STEPS))
    return Limits(bottom, top)


def linear_ticks(limits: Limits, count: int) -> Ticks:
    """About `count` labelled ticks at multiples of 1, 2 or 5 times a power of ten."""
    span = limits.high - limits.low
    if not (0.0 < span < math.inf):
        return no_ticks(limits, count)
    step = step_above(span / max(count, 1), LOG_STEPS)
    positions = _multiples(limits, step)
    return Ticks(positions, linear_texts(positions, step))


def log_ticks(limits: Limits, count: int) -> Ticks:
    """About `count` ticks of an axis that shows log10: at powers of ten, or over a short span also
    at 2 and 5 times a power of ten, or at round numbers."""
    span = limits.high - limits.low
    if not (0.0 < span < math.inf):
        return no_ticks(limits, count)
    if span < 0.35:
        inner = linear_ticks(Limits(10.0**limits.low, 10.0**limits.high), count)
        return Ticks(np.log10(inner.positions), inner.texts)
    powers = _multiples(limits, max(1.0, math.ceil(span / max(count, 1))))
    fine = np.add.outer(
        np.arange(math.floor(limits.low), limits.high + 1.0), np.log10([1.0, 2.0, 5.0])
    ).ravel()
    fine = fine[(fine >= limits.low - 1e-9) & (fine <= limits.high + 1e-9)]
    positions = fine if len(fine) <= count + 2 else powers
    return Ticks(positions, log_texts(positions))


def linear_texts(values: FloatArray, step: float) -> list[str]:
    """Texts of ticks that are `step` apart, all in one form: 0.05, 20k or 3×10⁻⁵."""
    largest = float(np.abs(values).max(initial=0.0))
    if largest == 0.0:
        return ["0"] * len(values)
    if _PLAIN[0] <= largest < _PLAIN[1]:
        decimals = _decimals(step)
        return [_signed(f"{value:,.{decimals}f}") for value in values + 0.0]
    for unit, suffix in _LARGE:
        if unit <= largest < 1e15:
            decimals = _decimals(step / unit)
            return [
                _zero(value) or _signed(f"{value / unit:.{decimals}f}{suffix}") for value in values
            ]
    power = math.floor(math.log10(largest) + 1e-9)
    decimals = _decimals(step / 10.0**power)
    return [
        _zero(value) or _signed(f"{value / 10.0**power:.{decimals}f}×{_power(power)}")
        for value in values
    ]


def log_texts(positions: FloatArray) -> list[str]:
    """Texts of ticks at log10 positions that are 1, 2 or 5 times a power of ten, all in one
    form: 0.002 or 2×10⁻⁵."""
    if len(positions) and positions.min() > -4.01 and positions.max() < 4.01:
        return [
            f"{10.0**position:.2g}" if position < 0 else f"{10.0**position:.0f}"
            for position in positions
        ]
    return [power_text(position) for position in positions]


def power_text(position: float) -> str:
    """10**position as 10⁻⁴ or 2×10⁻⁴."""
    power = math.floor(position + 1e-9)
    factor = round(10.0 ** (position - power))
    if factor == 1 or power == 0:
        return _power(power) if factor == 1 else str(factor)
    return f"{factor}×{_power(power)}"


def _power(exponent: int) -> str:
    plain = {0: "1", 1: "10"}
    return plain.get(exponent) or "10" + str(exponent).translate(_SUPERSCRIPTS)


def _signed(text: str) -> str:
    return text.replace("-", "−")


def _zero(value: float) -> str:
    return "" if value else "0"


def _decimals(step: float) -> int:
    return max(0, -math.floor(math.log10(step) + 1e-9))


def _multiples(limits: Limits, step: float) -> FloatArray:
    """The multiples of `step` within the limits, the ends included in spite of rounding."""
    first = math.ceil(limits.low / step - 1e-6)
    last = math.floor(limits.high / step + 1e-6)
    return np.arange(first, last + 1) * step


def no_ticks(limits: Limits, count: int) -> Ticks:
    """An axis that says nothing."""
    return Ticks(np.empty(0), [])
