"""The numbers of what is chosen in the network picture: as rows of the readout and as marks."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bpgui.engine.names import shortened
from bpgui.engine.network import BoolArray, Network
from bpgui.training.snapshot import Snapshot
from bpgui.ui.panels.network_marks import Marks
from bpgui.ui.panels.readout import Cell
from bpgui.views.names import MOST_OF_A_NAME, unit_name
from bpgui.views.network_edges import fitting
from bpgui.views.network_picture import Unit
from bpgui.views.network_walk import AtUnit, Place, bias_of, ends_of
from bpgui.views.numbers import format_number
from bpgui.views.quantities import Quantity, ingredients
from bpgui.views.unit_values import UnitValues

FULL = 17
MADE_OF_DIGITS = 8  # three numbers stand in one row


class ReadoutWords(NamedTuple):
    """Translated texts of the readout."""

    hint: str
    more_hint: str
    fixed: str
    frozen: str
    gradient: str
    sample: str
    pause: str


Given = Callable[[Unit], str]
Rows = tuple[tuple[Cell, ...], tuple[Cell, ...]]


def rows_of(
    words: ReadoutWords,
    network: Network,
    given: Given,
    place: Place | None,
    snapshot: Snapshot | None,
    units: UnitValues | None,
    held: BoolArray,
    digits: int,
) -> Rows:
    """Two rows: what is pointed at or chosen with its numbers, and what these are made of. `given`
    is what the data calls a unit."""
    if place is None or snapshot is None:
        return (Cell("", words.hint),), (Cell(words.more_hint, ""),)
    if isinstance(place, AtUnit):
        return _unit_rows(words, network, given, place.unit, snapshot, units, digits)
    return _edge_rows(words, network, place.parameter, snapshot, units, held, digits)


def _edge_rows(
    words: ReadoutWords,
    network: Network,
    index: int,
    snapshot: Snapshot,
    units: UnitValues | None,
    held: BoolArray,
    digits: int,
) -> Rows:
    name = network.parameter(index).name
    note = words.fixed if not network.is_trained[index] else words.frozen if held[index] else ""
    value = _number(snapshot.parameters[index], digits)
    cells = [Cell(name, f"{value}  {note}".strip())]
    if snapshot.gradient is not None:
        cells.append(Cell(words.gradient, _number(snapshot.gradient[index], digits), 0.5))
    return tuple(cells), _gradient_row(words, network, index, units, digits)


def _gradient_row(
    words: ReadoutWords, network: Network, index: int, units: UnitValues | None, digits: int
) -> tuple[Cell, ...]:
    """dL/dw = delta times activation, with the numbers of the sample put in."""
    if units is None or not units.deltas:
        return (Cell(words.pause, ""),)
    source, (layer, unit) = ends_of(network, index)
    deltas = units.deltas[layer]
    assert deltas is not None
    delta = float(deltas[unit - 1])
    fewer = min(digits, MADE_OF_DIGITS)
    label = words.sample.format(number=units.sample + 1)
    name = network.parameter(index).name
    rule = f"dL/d{name} = delta({layer})[{unit}]"
    if source is None:
        return (Cell(label, f"{rule} = {format_number(delta, fewer)}"),)
    before, sender = source
    activation = float(units.activations[before][sender - 1])
    sending = f"a({before})[{sender}]" if before else unit_name(network, *source)
    numbers = (delta, activation, delta * activation)
    first, second, product = (format_number(number, fewer) for number in numbers)
    return (Cell(label, f"{rule} × {sending} = {first} × {second} = {product}"),)


def _unit_rows(
    words: ReadoutWords,
    network: Network,
    given: Given,
    unit: Unit,
    snapshot: Snapshot,
    units: UnitValues | None,
    digits: int,
) -> Rows:
    layer, number = unit
    name = unit_name(network, layer, number)
    if given(unit) and not (layer == 0 and network.input_names):
        name = f"{name} ({shortened(given(unit), MOST_OF_A_NAME)})"
    if layer == 0:
        value = "" if units is None else _number(units.activations[0][number - 1], digits)
        return (Cell(name, value),), (_sample(words, units),)
    function = network.layers[layer - 1].activation
    if units is None:
        return (Cell(name, function),), (Cell(words.pause, ""),)
    z, a = units.pre_activations[layer], units.activations[layer]
    assert z is not None
    first = (
        Cell(name, f"a = {function}(z) = {_number(a[number - 1], digits)}"),
        Cell("z", _number(z[number - 1], digits), 0.6),
    )
    second = [_sample(words, units)]
    if units.deltas and (deltas := units.deltas[layer]) is not None:
        second.append(Cell(f"delta({layer})[{number}]", _number(deltas[number - 1], digits), 0.2))
    bias = bias_of(network, unit)
    if bias is not None:
        text = _number(snapshot.parameters[bias], digits)
        second.append(Cell(network.parameter(bias).name, text, 0.6))
    return first, tuple(second)


def _sample(words: ReadoutWords, units: UnitValues | None) -> Cell:
    return Cell("" if units is None else words.sample.format(number=units.sample + 1), "")


def _number(value: float, digits: int) -> str:
    return format_number(value, None if digits >= FULL else digits)


# --- marks ---------------------------------------------------------------------------------------


def marks_of(
    network: Network, place: Place | None, quantity: Quantity | None, units: UnitValues | None
) -> Marks:
    """The chosen unit or parameter, and what `quantity` is made of: units with the numbers that go
    in, and parameters."""
    unit = place.unit if isinstance(place, AtUnit) else None
    parameter = None if place is None or isinstance(place, AtUnit) else place.parameter
    keep = set(() if unit is None else (unit,))
    if parameter is not None:
        keep.update(end for end in ends_of(network, parameter) if end is not None)
    if quantity is None:
        return Marks(parameter, unit, frozenset(keep))
    found = ingredients(network, quantity)
    notes: dict[Unit, str] = {}
    for part in found.quantities:
        if part.node is not None:
            text = _note(part, units)
            notes[part.node] = "  ".join(filter(None, (notes.get(part.node, ""), text)))
    return Marks(
        parameter,
        unit,
        frozenset(keep),
        frozenset(notes),
        found.parameters,
        {node: text for node, text in notes.items() if text},
    )


def _note(part: Quantity, units: UnitValues | None) -> str:
    """The number of a unit that another is made of; activations stand in the units already."""
    if units is None or not part.unit:
        return ""
    if part.kind == "delta" and units.deltas:
        values, sign = units.deltas[part.layer], "δ"
    elif part.kind == "z":
        values, sign = units.pre_activations[part.layer], "z"
    elif part.kind in ("a", "input"):
        values, sign = units.activations[part.layer], "a" if part.layer else "x"
    else:
        return ""
    return "" if values is None else f"{sign} {fitting(float(values[part.unit - 1]))}"
