"""Where units and edges stand, what is folded, and what is at a place."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from bpgui.engine.network import Layer, Network
from bpgui.views.network_picture import Area, fold, lay_out, segment_distances

AREA = Area(60.0, 40.0, 500.0, 300.0)


def network(*units: int, bias="trained") -> Network:
    return Network(tuple(Layer(n, m, "sigmoid", bias) for n, m in pairwise(units)))


@pytest.mark.parametrize(
    ("count", "most", "keep", "entries"),
    [
        (5, 5, (), [0, 1, 2, 3, 4]),
        (64, 5, (), [0, 1, 2, range(3, 63), 63]),
        (64, 6, (30,), [0, 1, range(2, 30), 30, range(31, 63), 63]),
        (64, 5, (63, 64, -1), [0, 1, 2, range(3, 63), 63]),
        (12, 10, (9,), [0, 1, 2, 3, 4, 5, range(6, 9), 9, 10, 11]),
        (7, 6, (5,), [0, 1, 2, range(3, 5), 5, 6]),
        (64, 3, (30,), [0, range(1, 30), 30, range(31, 63), 63]),
    ],
)
def test_folding_shows_the_first_the_last_and_the_chosen(count, most, keep, entries):
    assert fold(count, most, keep) == entries


@pytest.mark.parametrize("most", range(3, 20))
@pytest.mark.parametrize("count", [1, 2, 10, 23])
def test_folding_accounts_for_every_unit(count, most):
    entries = fold(count, most)
    units = [unit for entry in entries for unit in (entry if isinstance(entry, range) else [entry])]
    assert units == list(range(count))
    assert len(entries) <= max(most, 3)
    assert all(len(entry) > 1 for entry in entries if isinstance(entry, range))


def test_columns_from_left_to_right_and_units_from_top_to_bottom():
    picture = lay_out(network(2, 2, 2), AREA)
    assert picture.units.tolist() == [[0, 1], [0, 2], [1, 1], [1, 2], [2, 1], [2, 2]]
    assert picture.centers.tolist() == [
        [60, 105], [60, 235], [280, 105], [280, 235], [500, 105], [500, 235]
    ]  # fmt: skip
    assert picture.columns == {0: 60, 1: 280, 2: 500}
    assert picture.row((1, 2)) == 3
    assert picture.row((3, 1)) is None


def test_every_parameter_has_an_edge_between_its_units():
    net = network(2, 3, 2)
    picture = lay_out(net, AREA)
    assert sorted(picture.parameters.tolist()) == list(range(net.size))
    for edge, index in enumerate(picture.parameters.tolist()):
        parameter = net.parameter(index)
        target, source = picture.targets[edge], picture.sources[edge]
        assert picture.unit(target) == (parameter.layer, parameter.unit)
        center = picture.centers[target]
        assert np.hypot(*(picture.ends[edge] - center)) == pytest.approx(picture.radius)
        if parameter.source is None:
            assert source == -1
            assert picture.starts[edge][0] == center[0]
            assert picture.starts[edge][1] > center[1] + picture.radius
        else:
            assert picture.unit(source) == (parameter.layer - 1, parameter.source)
            gap = np.hypot(*(picture.starts[edge] - picture.centers[source]))
            assert gap == pytest.approx(picture.radius)


def test_a_layer_without_biases_has_no_dots():
    assert (lay_out(network(2, 4, 1, bias="none"), AREA).sources >= 0).all()


def test_a_large_layer_is_folded_and_its_edges_with_it():
    net = network(64, 10)
    picture = lay_out(net, AREA)
    shown = [unit for layer, unit in picture.units.tolist() if layer == 0]
    (gap,) = picture.folds
    assert (gap.layer, gap.first, gap.last) == (0, shown[-2] + 1, 63)
    assert gap.size + len(shown) == 64
    assert shown[-1] == 64
    assert len(picture.parameters) == 10 * len(shown) + 10
    chosen = lay_out(net, AREA, {(0, 30)})
    assert chosen.shows((0, 30))
    assert sum(part.size for part in chosen.folds) + int((chosen.units[:, 0] == 0).sum()) == 64


def test_layers_are_folded_where_there_is_no_room_for_columns():
    net = network(*[3] * 41)
    picture = lay_out(net, AREA, {(20, 2)})
    assert {0, 20, 40} <= set(picture.columns)
    assert sum(part.size for part in picture.layer_folds) + len(picture.columns) == 41
    parameters = map(net.parameter, picture.parameters.tolist())
    layers = {parameter.layer for parameter in parameters if parameter.source is not None}
    assert all({layer, layer - 1} <= set(picture.columns) for layer in layers)
    assert layers


@pytest.mark.parametrize("units", [(1_000_000, 2), (3, 100_000, 1), (1, 1), (8,) * 8])
@pytest.mark.parametrize("area", [AREA, Area(20, 20, 60, 50), Area(60, 40, 1500, 1200)])
def test_any_network_stays_within_its_area(units, area):
    picture = lay_out(network(*units), area)
    assert (picture.centers[:, 0] >= area.left).all()
    assert (picture.centers[:, 0] <= area.right + 1e-9).all()
    assert len(picture.units) < 700
    assert np.isfinite(picture.starts).all()


def test_distances_to_segments_are_those_to_their_nearest_points():
    starts = np.array([[0.0, 0.0], [0.0, 0.0], [5.0, 5.0]])
    ends = np.array([[10.0, 0.0], [0.0, 2.0], [5.0, 5.0]])
    found = segment_distances(starts, ends, 4.0, 5.0)
    assert found == pytest.approx([5.0, 5.0, 1.0])


def test_units_and_edges_are_found_at_their_places():
    net = network(2, 2, 2)
    picture = lay_out(net, AREA)
    assert picture.unit(picture.unit_at(281, 107)) == (1, 1)
    assert picture.unit_at(170, 105) is None
    flat = picture.edge_at(170, 108)
    assert net.parameter(int(picture.parameters[flat])).name == "w(1)[1,1]"
    assert picture.edge_at(170, 60) is None
    dot = picture.starts[picture.edge(net.index_of("b(2)[1]"))]
    found = picture.edge_at(dot[0] + 2, dot[1] + 3)
    assert net.parameter(int(picture.parameters[found])).name == "b(2)[1]"
    names = [net.parameter(int(picture.parameters[edge])).name for edge in
             picture.edges_near(170, 108, 40.0, 6)]  # fmt: skip
    assert names[0] == "w(1)[1,1]"
    assert all(name.startswith("w(1)") for name in names)


def test_how_far_along_an_edge_a_place_is():
    net = network(2, 2, 2)
    picture = lay_out(net, AREA)
    start, end = (points[picture.edge(0)] for points in (picture.starts, picture.ends))
    x, y = start + 0.25 * (end - start)
    assert picture.share_along(0, x, y + 30.0) == pytest.approx(0.25)
    assert picture.share_along(0, 0.0, y) == 0.0
    assert lay_out(network(64, 10), AREA).share_along(40, x, y) == 0.5


def test_a_fold_is_found_where_it_is_said():
    picture = lay_out(network(64, 10), AREA)
    (gap,) = picture.folds
    assert picture.fold_at(gap.x + 20, gap.y - 3, 60, 14) == gap
    assert picture.fold_at(gap.x + 40, gap.y, 60, 14) is None
