"""The picture of gradients over time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpgui.engine.network import Layer, Network
from bpgui.training.history import bin_edges, layer_norms
from bpgui.training.snapshot import GradientRows
from bpgui.views.axes import Limits
from bpgui.views.gradient_history import (
    History,
    band_heights,
    band_polygons,
    carried_on,
    colored,
    faintness,
    in_columns,
    in_rows,
    largest_in,
    layer_curves,
    layer_of_bins,
    layout,
    nearest_row,
    norm_curves,
    norm_picture,
    picture,
    separators,
    strip_labels,
)
from bpgui.views.scale import Scale, calm_scale

SMALL = Network((Layer(2, 2, "sigmoid"), Layer(2, 2, "sigmoid")))
LARGE = Network((Layer(64, 32, "tanh"), Layer(32, 10, "softmax")))


def record(network: Network, count: int, stride: int = 1, seed: int = 0) -> GradientRows:
    """Gradients that depend on their iteration alone, as those of a run do."""
    iteration = np.arange(count, dtype=np.int64) * stride
    draws = [np.random.default_rng([seed, i]).normal(size=network.size) for i in iteration]
    rows = np.array(draws).reshape(count, network.size)
    return GradientRows(iteration, rows, layer_norms(network, rows), bin_edges(network.size))


def test_a_small_network_has_a_row_for_each_parameter():
    found = layout(SMALL, bin_edges(SMALL.size), 150)
    assert len(found) == SMALL.size
    assert found.widest == 1
    assert list(found.layers) == [0] * 6 + [1] * 6
    assert list(separators(found)) == [6.0]
    assert found.row_of(7) == 7


def test_rows_of_a_large_network_stay_within_a_layer_and_keep_the_largest():
    rows = record(LARGE, 4)
    found = layout(LARGE, rows.edges, 100)
    assert len(found) <= 100 + len(LARGE.layers)
    assert LARGE.offsets[1] in found.edges
    assert found.edges[-1] == LARGE.size
    joined = in_rows(rows.rows, found)
    for row in (0, 40, len(found) - 1):
        members = rows.rows[:, found.edges[row] : found.edges[row + 1]]
        np.testing.assert_array_equal(np.abs(joined[:, row]), np.abs(members).max(axis=1))
        assert found.row_of(int(found.edges[row])) == row


@given(st.lists(st.integers(1, 12), min_size=2, max_size=6), st.integers(2, 60))
def test_going_on_with_a_record_is_the_same_as_beginning_anew(lengths, height):
    network = Network((Layer(3, 4, "tanh"), Layer(4, 3, "tanh")))
    before, stride, count = None, 1, 0
    for length in lengths:
        count += length
        if count > 16:
            stride, count = stride * 2, -(-count // 2)
        rows = record(network, count, stride)
        before = picture(network, rows, 8, height, before)
        anew = picture(network, rows, 8, height)
        np.testing.assert_array_equal(before.rows.values, anew.rows.values)
        np.testing.assert_array_equal(before.columns.rows, anew.columns.rows)
        assert before.columns.end == count * stride


def test_only_new_rows_are_computed():
    seen = []

    def find(rows):
        seen.append(len(rows))
        return rows

    known = carried_on(None, record(SMALL, 10), find)
    known = carried_on(known, record(SMALL, 12), find)
    known = carried_on(known, record(SMALL, 6, stride=2), find)
    known = carried_on(known, record(SMALL, 7, stride=2), find)
    assert seen == [10, 2, 1]
    np.testing.assert_array_equal(known.values, record(SMALL, 7, stride=2).rows)


def test_a_picture_stays_itself_until_there_is_something_new():
    first = picture(SMALL, record(SMALL, 50), 360, 150)
    assert picture(SMALL, record(SMALL, 50), 360, 150, first) is first
    assert picture(SMALL, record(SMALL, 51), 360, 150, first) is not first
    narrow = picture(SMALL, record(SMALL, 50), 20, 150, first)
    assert narrow is not None
    assert len(narrow.columns.begin) == 13


def test_an_empty_record_has_no_picture():
    assert picture(SMALL, record(SMALL, 0), 300, 100) is None


def test_columns_stand_still_while_others_come():
    rows = record(SMALL, 100)
    early = in_columns(History(rows.iteration[:90], rows.rows[:90]), 25)
    late = in_columns(History(rows.iteration, rows.rows), 25)
    assert len(late.begin) == 25
    np.testing.assert_array_equal(early.begin, late.begin[: len(early.begin)])
    np.testing.assert_array_equal(early.rows[:-1], late.rows[: len(early.begin) - 1])
    assert (early.end, late.end) == (90, 100)


def test_colors_are_symmetric_around_the_middle():
    scale = Scale(1.0, 1e-5)
    got = colored(np.array([[-np.inf, -1.0, 0.0, np.nan, 1.0, 9.0]]), scale)
    np.testing.assert_array_equal(got, [[0, 0, 128, 128, 255, 255]])
    assert colored(np.array([[1e-6]]), scale)[0, 0] > 128


def test_labels_are_names_where_there_is_room_and_layers_where_not():
    found = layout(SMALL, bin_edges(SMALL.size), 150)
    everything = Limits(0.0, 12.0)
    names = strip_labels(SMALL, found, everything, 200.0, "layer {number}")
    assert names.texts[0] == "w(1)[1,1]"
    assert len(names.texts) == 12
    assert list(names.positions[:2]) == [0.5, 1.5]
    layers = strip_labels(SMALL, found, everything, 100.0, "layer {number}")
    assert layers.texts == ["layer 1", "layer 2"]
    assert list(layers.positions) == [3.0, 9.0]
    assert strip_labels(SMALL, found, everything, 20.0, "layer {number}").texts == []
    zoomed = strip_labels(SMALL, found, Limits(5.0, 7.0), 100.0, "layer {number}")
    assert zoomed.texts == ["b(1)[2]", "w(2)[1,1]"]


def test_curves_of_a_layer_are_parted_by_nan():
    rows = record(SMALL, 5)
    columns = in_columns(History(rows.iteration, rows.rows), 100)
    scale = calm_scale(None, rows.rows)
    curves = layer_curves(columns, layout(SMALL, rows.edges, 99).layers, scale)
    assert len(curves) == 2
    x, y = curves[1]
    assert len(x) == len(y) == 6 * 6
    assert np.isnan(y[5::6]).all()
    np.testing.assert_array_equal(y[:5], scale.place(rows.rows[:, 6]))


def test_limits_of_norms_never_shrink():
    rows = record(SMALL, 8)
    view = norm_picture(rows, log=True)
    smaller = replace(rows, iteration=rows.iteration[:1], norms=rows.norms[:1] * 1e-3)
    later = norm_picture(smaller, True, view)
    assert later.limits.high == view.limits.high
    assert later.limits.low <= view.limits.low
    np.testing.assert_array_equal(view.heights, np.log10(view.norms.values))


def test_norms_without_a_logarithm_are_gaps():
    heights, limits = norm_curves(np.array([[1.0, 0.0], [0.1, np.inf]]), log=True)
    np.testing.assert_array_equal(heights, [[0.0, np.nan], [-1.0, np.nan]])
    assert limits == (-1.0, 0.0)
    assert norm_curves(np.array([[1.0, 0.0]]), log=False)[1] == (0.0, 1.0)


def test_picking():
    gradient = np.array([0.1, -0.9, np.nan, 0.5])
    assert largest_in(gradient, 0, 4) == 1
    assert largest_in(gradient, 2, 4) == 3
    assert largest_in(None, 2, 4) == 2
    rows = np.tile([0.5, -0.5, 0.01], (4, 1))
    columns = in_columns(History(np.arange(4), rows), 10)
    scale = Scale(1.0)
    assert nearest_row(columns, scale, 1.5, -0.45, 0.1) == 1
    assert nearest_row(columns, scale, 1.5, 0.2, 0.1) is None
    empty = in_columns(History(np.arange(0), rows[:0]), 10)
    assert nearest_row(empty, scale, 0.0, 0.0, 1.0) is None


@pytest.mark.parametrize("height", [1, 7, 2410, 9000])
def test_every_parameter_is_in_one_row(height):
    found = layout(LARGE, bin_edges(LARGE.size), height)
    assert np.all(np.diff(found.edges) > 0)
    assert (found.edges[0], found.edges[-1]) == (0, LARGE.size)


def test_many_and_restless_curves_fade() -> None:
    x = np.arange(401.0)
    smooth = np.linspace(0.0, 1.0, 401)
    restless = np.where(np.arange(401) % 2, 0.5, -0.5)
    assert faintness([(x, smooth)] * 2, 12, 400) == 0.0
    assert faintness([(x, smooth)] * 100, 64, 400) == 0.5
    assert faintness([(x, restless)], 1, 400) == 0.15
    assert faintness([(x, restless)] * 4, 4, 400) == pytest.approx(0.45)
    assert faintness([(x, restless)] * 100, 100, 400) == 0.75
    assert faintness([(x, np.full(401, np.nan))], 1, 400) == 0.0
    assert faintness([], 0, 0) == 0.0


def test_bands_hold_all_of_a_layer_and_its_middle_half() -> None:
    rows = np.array([[5.0, 1.0, 3.0, 2.0, 4.0, -1.0], [0.0, 0.0, 0.0, 0.0, -9.0, 7.0]])
    layers = np.array([0, 0, 0, 0, 0, 1])
    heights = band_heights(rows, layers)
    assert heights[:, 0].tolist() == [[1.0, 2.0, 4.0, 5.0], [-9.0, 0.0, 0.0, 0.0]]
    assert heights[:, 1].tolist() == [[-1.0] * 4, [7.0] * 4]
    large = np.random.default_rng(0).normal(size=(3, LARGE.size))
    found = band_heights(large, layer_of_bins(LARGE, bin_edges(LARGE.size)))
    part = large[:, : LARGE.offsets[1]]
    inside = (part >= found[:, 0, 1:2]) & (part <= found[:, 0, 2:3])
    np.testing.assert_allclose(inside.mean(axis=1), 0.5, atol=0.002)
    assert found[:, 0, 0].tolist() == part.min(axis=1).tolist()
    assert found[:, 0, 3].tolist() == part.max(axis=1).tolist()


def test_outlines_of_bands_go_there_and_back_and_stay_in_the_picture() -> None:
    values = np.array([[[-1.0, -0.5, 0.5, 1.0]], [[-np.inf, -4.0, 2.0, np.nan]]])
    ((whole, middle),) = band_polygons(History(np.array([0, 8]), values), Scale(2.0))
    assert whole[0].tolist() == middle[0].tolist() == [0.0, 8.0, 8.0, 0.0]
    assert whole[1].tolist() == [-0.5, -1.0, 1.0, 0.5]
    assert middle[1].tolist() == [-0.25, -1.0, 1.0, 0.25]
