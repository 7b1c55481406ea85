"""Thinned curves and images keep their peaks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpgui.views.axes import Limits
from bpgui.views.thinning import strongest, thin, visible


@given(st.integers(1, 400), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_no_peak_is_lost_and_the_order_is_kept(n, columns, seed):
    y = np.random.default_rng(seed).normal(size=n)
    x = np.arange(n, dtype=float)
    thin_x, thin_y = thin(x, y, columns)
    assert len(thin_x) <= max(2 * columns, n if n <= 2 * columns else 0) + -(-n // columns) + 2
    assert thin_y.min() == y.min()
    assert thin_y.max() == y.max()
    assert (thin_x[0], thin_x[-1]) == (0, n - 1)
    assert np.all(np.diff(thin_x) > 0)
    np.testing.assert_array_equal(y[thin_x.astype(int)], thin_y)


def test_a_gap_as_wide_as_a_group_stays_a_gap():
    y = np.ones(100)
    y[40:60] = np.nan
    assert np.isnan(thin(np.arange(100.0), y, 10)[1]).any()
    y[:] = 1.0
    y[45] = np.nan
    assert not np.isnan(thin(np.arange(100.0), y, 10)[1]).any()


def test_what_is_visible_has_a_neighbor_on_each_side():
    x = np.arange(10.0)
    assert visible(x, Limits(2.5, 4.5)) == slice(2, 6)
    assert visible(x, Limits(-5.0, 50.0)) == slice(0, 11)
    assert len(x[visible(x, Limits(20.0, 30.0))]) == 1


def test_the_strongest_of_each_group_keeps_its_sign():
    rows = np.array([[1.0, -3.0, 2.0, 0.5, np.nan]])
    np.testing.assert_array_equal(
        strongest(rows, np.array([0, 2, 4]), axis=1), [[-3.0, 2.0, np.nan]]
    )
    assert strongest(rows, np.arange(5), axis=1) is rows
    np.testing.assert_array_equal(strongest(rows[:, :4].T, np.array([0]), axis=0), [[-3.0]])


@pytest.mark.parametrize("columns", [0, 1])
def test_hardly_any_room_is_no_error(columns):
    x, y = thin(np.arange(9.0), np.arange(9.0), columns)
    assert y.max() == 8.0
    assert len(x) <= 4


@pytest.mark.parametrize("starts", [[0, 3, 6], [0, 3, 6, 9], [0, 2, 3, 7], [0], [1, 4, 7]])
def test_groups_of_any_size_keep_their_strongest_and_what_is_not_a_number(starts):
    rows = np.random.default_rng(0).normal(size=(11, 4))
    rows[4, 2] = np.nan
    groups = np.split(rows, starts)[1:]
    expected = [
        [
            np.nan if np.isnan(column).any() else column[np.abs(column).argmax()]
            for column in group.T
        ]
        for group in groups
    ]
    np.testing.assert_array_equal(strongest(rows, np.array(starts), axis=0), expected)
    np.testing.assert_array_equal(strongest(rows.T, np.array(starts), axis=1).T, expected)
