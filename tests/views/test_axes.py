"""Calm axes: round limits, ticks that say what they mark."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpgui.views.axes import (
    LINEAR_STEPS,
    LOG_STEPS,
    Limits,
    linear_limits,
    linear_ticks,
    log_limits,
    log_ticks,
    no_ticks,
    step_above,
    step_below,
)

positive = st.floats(min_value=1e-300, max_value=1e300)


@given(positive, st.sampled_from([LINEAR_STEPS, LOG_STEPS]))
def test_steps_enclose_their_value_closely(value, steps):
    above, below = step_above(value, steps), step_below(value, steps)
    widest = max(b / a for a, b in pairwise(steps))
    assert below <= value <= above
    assert above / value <= widest * (1 + 1e-12)
    assert value / below <= widest * (1 + 1e-12)


@pytest.mark.parametrize(
    ("value", "above", "below"), [(1.0, 1.0, 1.0), (1.01, 1.5, 1.0), (7, 8, 6), (999, 1000, 800)]
)
def test_steps(value, above, below):
    assert step_above(value) == above
    assert step_below(value) == below


def test_linear_limits_hold_zero():
    assert linear_limits(0.1, 0.26) == Limits(0.0, 0.3)
    assert linear_limits(-0.26, -0.1) == Limits(-0.3, 0.0)
    assert linear_limits(0.0, 0.0) == Limits(0.0, 1.0)
    assert linear_limits(math.nan, math.nan) == Limits(0.0, 1.0)
    assert linear_limits(0.0, math.inf) == Limits(0.0, 1.0)


def test_a_growing_value_moves_an_axis_only_in_few_steps():
    ends = {linear_limits(0.0, float(value)).high for value in range(1, 100_001)}
    assert len(ends) <= 8 * 5 + 1


def test_log_limits():
    assert log_limits(0.003, 0.4) == pytest.approx((math.log10(0.002), math.log10(0.5)))
    assert log_limits(math.nan, math.nan) == (-1.0, 0.0)
    low, high = log_limits(0.25, 0.25)
    assert high - low >= 0.5


@pytest.mark.parametrize(
    ("limits", "count", "texts"),
    [
        ((0.0, 1.0), 5, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ((0.0, 8000.0), 4, ["0", "2,000", "4,000", "6,000", "8,000"]),
        ((0.0, 60_000.0), 3, ["0", "20k", "40k", "60k"]),
        ((0.0, 1.5e6), 3, ["0", "0.5M", "1.0M", "1.5M"]),
        ((0.0, 3e-5), 3, ["0", "1×10⁻⁵", "2×10⁻⁵", "3×10⁻⁵"]),
        ((-0.02, 0.02), 2, ["−0.02", "0.00", "0.02"]),
    ],
)
def test_linear_ticks(limits, count, texts):
    assert linear_ticks(Limits(*limits), count).texts == texts


@pytest.mark.parametrize(
    ("limits", "count", "texts"),
    [
        ((-3.0, 0.0), 4, ["0.001", "0.01", "0.1", "1"]),
        ((-9.0, 0.0), 3, ["10⁻⁹", "10⁻⁶", "10⁻³", "1"]),
        ((-6.0, -5.0), 4, ["10⁻⁶", "2×10⁻⁶", "5×10⁻⁶", "10⁻⁵"]),
        ((0.0, 0.2), 4, ["1.0", "1.2", "1.4"]),
    ],
)
def test_log_ticks(limits, count, texts):
    ticks = log_ticks(Limits(*limits), count)
    assert ticks.texts == texts
    assert np.all((ticks.positions >= limits[0] - 1e-9) & (ticks.positions <= limits[1] + 1e-9))


@pytest.mark.parametrize("find", [linear_ticks, log_ticks, no_ticks])
@pytest.mark.parametrize("limits", [(0.0, 0.0), (0.0, math.inf), (math.nan, 1.0)])
def test_an_axis_without_extent_has_no_ticks(find, limits):
    assert find(Limits(*limits), 5).texts == []


@given(st.floats(-300, 300), st.floats(0.01, 300), st.integers(1, 12))
def test_there_are_about_as_many_ticks_as_asked_for(low, span, count):
    limits = Limits(low, low + span)
    for find in (linear_ticks, log_ticks):
        ticks = find(limits, count)
        assert len(ticks.positions) == len(ticks.texts) <= count + 2
