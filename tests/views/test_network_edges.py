"""Strengths of edges, the values on them, and where these stand."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from bpgui.engine.network import Layer, Network
from bpgui.views.network_edges import (
    LEVELS,
    NOT_FINITE,
    all_labels,
    edge_scale,
    fitting,
    in_unit,
    levels,
    place_labels,
)
from bpgui.views.network_picture import Area, lay_out
from bpgui.views.scale import Scale

TWO = Network((Layer(2, 2, "sigmoid"), Layer(2, 2, "sigmoid")))
EIGHT = Network((Layer(2, 8, "tanh"), Layer(8, 8, "tanh"), Layer(8, 1, "sigmoid")))
AREA = Area(60.0, 40.0, 640.0, 380.0)


def test_levels_have_the_sign_and_order_of_the_values():
    scale = Scale(1.0, 0.1)
    found = levels(np.array([-1.0, -0.2, -1e-12, 0.0, 1e-12, 0.2, 1.0, 7.0]), scale)
    assert found.tolist()[:2] == [-LEVELS, -8]
    assert found.tolist()[2:] == [-1, 0, 1, 8, LEVELS, LEVELS]


def test_what_is_no_number_has_a_level_of_its_own():
    values = np.array([math.nan, math.inf, -math.inf, 0.5], dtype=np.float32)
    assert levels(values, Scale(1.0, 0.1)).tolist()[:3] == [NOT_FINITE] * 3


def test_the_scale_changes_in_steps_and_only_when_it_must():
    first = edge_scale(None, np.array([0.15, -0.6]), "weights")
    assert first.limit == 1.0
    assert edge_scale(first, np.array([0.05]), "weights") is first
    assert edge_scale(first, np.array([-1.3]), "weights").limit == 2.0
    small = edge_scale(first, np.array([0.003]), "weights")
    assert small.limit == 0.005
    assert edge_scale(small, np.zeros(3), "weights") is small
    assert edge_scale(None, np.zeros(3), "gradients").limit == 1.0
    assert edge_scale(None, np.array([math.nan, math.inf, 3.0]), "gradients").limit == 5.0
    assert edge_scale(None, np.array([1e-320]), "gradients").limit > 0.0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.082167041, "0.08217"),
        (-0.0226025, "-0.0226"),
        (-0.00043856, "-4.39e-4"),
        (0.15, "0.15"),
        (-12.345678, "-12.35"),
        (0.0, "0"),
        (123456.7, "1.235e5"),
        (-1e-300, "-1e-300"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
    ],
)
def test_values_on_edges_are_short(value, text):
    assert fitting(value) == text


@pytest.mark.parametrize(
    ("value", "room", "text"),
    [
        (0.593, 4, "0.59"),
        (-0.593, 4, "-.59"),
        (-3.84, 4, "-3.8"),
        (0.00002, 4, "2e-5"),
        (-0.00002, 4, "≈0"),
        (0.0, 3, "0"),
        (120.0, 3, "120"),
        (0.593269992, 8, "0.5933"),
    ],
)
def test_values_in_units_are_shorter(value, room, text):
    assert in_unit(value, room) == text


def test_a_small_network_has_all_its_values_beside_its_edges():
    picture = lay_out(TWO, AREA)
    found = all_labels(picture, 60.0, 14.0, 40)
    assert sorted(label.edge for label in found) == list(range(12))
    for (_, x, y), (_, u, v) in itertools.combinations(found, 2):
        assert abs(x - u) >= 60.0 or abs(y - v) >= 14.0
    for _, x, y in found:
        beside = np.maximum(abs(picture.centers[:, 0] - x) - 30.0, 0.0)
        above = np.maximum(abs(picture.centers[:, 1] - y) - 7.0, 0.0)
        assert (np.hypot(beside, above) >= picture.radius).all()


def test_where_there_is_no_room_for_all_values_there_are_none():
    assert all_labels(lay_out(EIGHT, AREA), 60.0, 14.0, 40) == []
    assert all_labels(lay_out(TWO, Area(60.0, 40.0, 160.0, 120.0)), 60.0, 14.0, 40) == []


def test_the_values_of_a_units_edges_stand_at_the_far_ends():
    picture = lay_out(EIGHT, AREA)
    row = picture.row((2, 3))
    edges = picture.edges_of(row)
    assert len(edges) == 8 + 1 + 1
    found = place_labels(picture, edges, 50.0, 14.0, around=row)
    assert len(found) >= 9
    x = picture.centers[row][0]
    for edge, at, _ in found:
        if picture.sources[edge] >= 0 and picture.targets[edge] == row:
            assert at <= (picture.starts[edge][0] + x) / 2.0
    taken = place_labels(picture, edges, 50.0, 14.0, around=row, taken=found)
    assert all(label not in found for label in taken)
