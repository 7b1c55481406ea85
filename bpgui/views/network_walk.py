"""Moving through the picture of a network with the arrow keys.

From a unit, left and right lead to an edge, up and down to its neighbors. From an edge, left and
right lead to the unit at that end, up and down to the other edges at the end one came from.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from bpgui.engine.network import Network
from bpgui.views.network_picture import Unit
from bpgui.views.quantities import Quantity

Direction: TypeAlias = Literal["left", "right", "up", "down"]
Anchor: TypeAlias = Literal["source", "target"]


class AtUnit(NamedTuple):
    unit: Unit


class AtEdge(NamedTuple):
    """At a parameter, which one came to from its sending or its receiving unit."""

    parameter: int
    anchor: Anchor = "target"


Place: TypeAlias = AtUnit | AtEdge


def units_in(network: Network, layer: int) -> int:
    return network.inputs if layer == 0 else network.layers[layer - 1].units


def has_unit(network: Network, unit: Unit) -> bool:
    layer, number = unit
    return 0 <= layer <= len(network.layers) and 1 <= number <= units_in(network, layer)


def ends_of(network: Network, parameter: int) -> tuple[Unit | None, Unit]:
    """The sending unit, None for a bias, and the receiving unit."""
    found = network.parameter(parameter)
    source = None if found.source is None else (found.layer - 1, found.source)
    return source, (found.layer, found.unit)


def bias_of(network: Network, unit: Unit) -> int | None:
    """The bias of a unit, None where there is none."""
    layer, number = unit
    if layer == 0 or network.layers[layer - 1].bias == "none":
        return None
    return network.index(layer, number, None)


def place_of(network: Network, quantity: Quantity) -> Place | None:
    """Where a number of a pass is seen; None for what belongs to no unit."""
    parameter = quantity.parameter(network)
    if parameter is not None:
        return AtEdge(parameter)
    return None if quantity.node is None else AtUnit(quantity.node)


def move(network: Network, place: Place | None, direction: Direction) -> Place:
    """Where an arrow key leads; the same place where there is nothing in that direction."""
    if place is None:
        return AtUnit((0, 1))
    if isinstance(place, AtUnit):
        return _from_unit(network, place, direction)
    return _from_edge(network, place, direction)


def _from_unit(network: Network, place: AtUnit, direction: Direction) -> Place:
    layer, unit = place.unit
    if direction in ("up", "down"):
        return AtUnit((layer, _stepped(unit, direction, units_in(network, layer))))
    if direction == "left":
        if layer == 0:
            return place
        source = _opposite(unit, units_in(network, layer), units_in(network, layer - 1))
        return AtEdge(network.index(layer, unit, source), "target")
    if layer == len(network.layers):
        return place
    target = _opposite(unit, units_in(network, layer), units_in(network, layer + 1))
    return AtEdge(network.index(layer + 1, target, unit), "source")


def _from_edge(network: Network, place: AtEdge, direction: Direction) -> Place:
    source, target = ends_of(network, place.parameter)
    layer, unit = target
    if direction == "right":
        return AtUnit(target)
    if direction == "left":
        return place if source is None else AtUnit(source)
    if place.anchor == "source" and source is not None:
        receiving = _stepped(unit, direction, units_in(network, layer))
        return AtEdge(network.index(layer, receiving, source[1]), "source")
    shape = network.layers[layer - 1]
    at = shape.inputs + 1 if source is None else source[1]
    column = _stepped(at, direction, shape.columns)
    return AtEdge(network.index(layer, unit, None if column > shape.inputs else column), "target")


def _stepped(number: int, direction: Direction, count: int) -> int:
    return min(max(number + (1 if direction == "down" else -1), 1), count)


def _opposite(unit: int, here: int, there: int) -> int:
    """The unit of another layer that is about as far down."""
    return round((unit - 1) / max(here - 1, 1) * (there - 1)) + 1 if here > 1 else (there + 1) // 2
