"""The symmetric logarithmic scale of gradients."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpgui.views.axes import Limits
from bpgui.views.scale import Scale, calm_scale, straight

SCALE = Scale(0.1, 1e-6)


def test_places_are_symmetric_and_end_at_one():
    values = np.array([0.0, 1e-9, 1e-4, 0.1])
    places = SCALE.place(values)
    assert places[0] == 0.0
    assert places[-1] == pytest.approx(1.0)
    assert np.all(np.diff(places) > 0)
    np.testing.assert_array_equal(SCALE.place(-values), -places)


def test_small_values_lie_on_a_straight_line():
    places = SCALE.place(np.array([1e-9, 2e-9, 3e-9]))
    assert places[1] / places[0] == pytest.approx(2.0, rel=1e-2)
    assert straight(SCALE).place(np.array([-0.05])) == pytest.approx([-0.5])


@given(st.lists(st.floats(-1e200, 1e200), min_size=1, max_size=20))
def test_a_calm_scale_holds_its_values_and_never_shrinks(values):
    scale = calm_scale(SCALE, np.array(values))
    assert scale.limit >= max(SCALE.limit, *np.abs(values))
    assert calm_scale(scale, np.array(values) / 2) is scale


def test_a_scale_without_gradients_or_with_infinite_ones():
    assert calm_scale(None, np.zeros(3)).limit == 1.0
    assert calm_scale(None, np.array([np.inf, np.nan, 0.03])).limit == 0.05


@pytest.mark.parametrize(
    ("count", "texts"),
    [
        (5, ["−0.1", "−0.001", "0", "0.001", "0.1"]),
        (3, ["−0.1", "0", "0.1"]),
    ],
)
def test_ticks_are_powers_of_ten_from_the_limit_down(count, texts):
    ticks = SCALE.ticks(Limits(-1.0, 1.0), count)
    assert ticks.texts == texts
    assert np.diff(ticks.positions).min() > 0.8 * 2 / count


def test_ticks_of_a_straight_scale():
    ticks = straight(Scale(0.2)).ticks(Limits(-1.0, 1.0), 4)
    assert ticks.texts == ["−0.2", "−0.1", "0.0", "0.1", "0.2"]
    assert ticks.positions == pytest.approx([-1.0, -0.5, 0.0, 0.5, 1.0])
