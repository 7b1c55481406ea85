"""The arrow keys in the picture of a network."""

from __future__ import annotations

import pytest

from bpgui.engine.network import Layer, Network
from bpgui.views.network_walk import AtEdge, AtUnit, bias_of, ends_of, has_unit, move, place_of
from bpgui.views.quantities import Quantity

NET = Network((Layer(2, 3, "tanh"), Layer(3, 1, "sigmoid", "none")))


def told(place) -> str:
    if isinstance(place, AtUnit):
        return "{} {}".format(*place.unit)
    return f"{NET.parameter(place.parameter).name} {place.anchor}"


def walked(start, *directions) -> list[str]:
    places = []
    for direction in directions:
        start = move(NET, start, direction)
        places.append(told(start))
    return places


def test_the_first_key_leads_to_the_first_input():
    assert walked(None, "down") == ["0 1"]


def test_through_the_network_and_back():
    assert walked(AtUnit((0, 1)), *["right"] * 5) == [
        "w(1)[1,1] source", "1 1", "w(2)[1,1] source", "2 1", "2 1"
    ]  # fmt: skip
    assert walked(AtUnit((2, 1)), "left", "left", "left", "left", "left") == [
        "w(2)[1,2] target", "1 2", "w(1)[2,1] target", "0 1", "0 1"
    ]  # fmt: skip


def test_up_and_down_among_units_stop_at_the_ends():
    assert walked(AtUnit((1, 1)), "down", "down", "down", "up") == ["1 2", "1 3", "1 3", "1 2"]
    assert walked(AtUnit((1, 1)), "up") == ["1 1"]


def test_edges_turn_around_the_end_one_came_from():
    out = AtEdge(NET.index_of("w(1)[1,1]"), "source")
    assert walked(out, "down", "down", "down") == [
        "w(1)[2,1] source", "w(1)[3,1] source", "w(1)[3,1] source"
    ]  # fmt: skip
    into = AtEdge(NET.index_of("w(1)[1,1]"))
    assert walked(into, "down", "down", "down", "left", "up") == [
        "w(1)[1,2] target", "b(1)[1] target", "b(1)[1] target", "b(1)[1] target",
        "w(1)[1,2] target",
    ]  # fmt: skip
    assert walked(AtEdge(NET.index_of("w(2)[1,3]")), "down") == ["w(2)[1,3] target"]


@pytest.mark.parametrize("start", [None, *(AtEdge(i) for i in range(NET.size)), AtUnit((1, 2))])
@pytest.mark.parametrize("direction", ["left", "right", "up", "down"])
def test_every_key_leads_somewhere(start, direction):
    place = move(NET, start, direction)
    if isinstance(place, AtUnit):
        assert has_unit(NET, place.unit)
    else:
        assert 0 <= place.parameter < NET.size


def test_units_and_parameters_belong_together():
    assert ends_of(NET, NET.index_of("w(1)[3,2]")) == ((0, 2), (1, 3))
    assert ends_of(NET, NET.index_of("b(1)[3]")) == (None, (1, 3))
    assert bias_of(NET, (1, 3)) == NET.index_of("b(1)[3]")
    assert bias_of(NET, (0, 1)) is None
    assert bias_of(NET, (2, 1)) is None
    assert [has_unit(NET, unit) for unit in ((0, 2), (0, 3), (2, 1), (3, 1), (1, 0))] == [
        True, False, True, False, False
    ]  # fmt: skip


def test_where_a_number_is_seen():
    assert place_of(NET, Quantity("delta", 1, 3)) == AtUnit((1, 3))
    assert place_of(NET, Quantity("w_gradient", 2, 1, 3)) == AtEdge(NET.index_of("w(2)[1,3]"))
    assert place_of(NET, Quantity("update", 1, 2)) == AtEdge(NET.index_of("b(1)[2]"))
    assert place_of(NET, Quantity("loss", 2)) is None
