"""What the network picture shows as a table of exact numbers, with what it folds away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.network import FloatArray, Network
from bpgui.engine.problem import Problem
from bpgui.training.snapshot import Snapshot
from bpgui.views.names import BIAS, ParameterTable, unit_name
from bpgui.views.network_picture import Picture
from bpgui.views.unit_values import UnitValues, unit_values

Column: TypeAlias = NDArray[Any]

COLUMNS: dict[str, Any] = {
    "kind": "",
    "name": "",
    "layer": 0,
    "unit": 0,
    "from": "",
    "to": "",
    "x_pixels": np.nan,
    "y_pixels": np.nan,
    "sample": "",
    "pre_activation": np.nan,
    "activation": np.nan,
    "delta": np.nan,
    "target": np.nan,
    "value": np.nan,
    "gradient": np.nan,
    "update": np.nan,
    "held": "",
}
"""All columns, with what stands where a row has nothing to tell."""


def network_table(
    problem: Problem, snapshot: Snapshot, sample: int, picture: Picture
) -> dict[str, Column]:
    """A row for each unit, from the inputs on, then one for each parameter in the order of theta.

    Of a unit: its place in the picture, if it is drawn, and the numbers of training sample `sample`
    (from 0; in the table from 1), delta being dL/dz of this sample alone. Of a parameter: the units
    that it leads from and to, its value, gradient and update, the last two of the last iteration,
    and whether it is held, as a fixed bias or because the user froze it.
    """
    units = unit_values(problem, snapshot.parameters, sample, backward=True)
    return _below(_unit_rows(problem.network, units, picture), _parameter_rows(problem, snapshot))


def _below(*blocks: Mapping[str, Column]) -> dict[str, Column]:
    """Blocks of rows one below the other."""
    return {
        name: np.concatenate(
            [block.get(name, np.full(len(block["name"]), blank)) for block in blocks]
        )
        for name, blank in COLUMNS.items()
    }


def _unit_names(network: Network) -> list[list[str]]:
    """Of each layer, 0 for the inputs."""
    sizes = [network.inputs, *(layer.units for layer in network.layers)]
    return [
        [unit_name(network, layer, unit) for unit in range(1, size + 1)]
        for layer, size in enumerate(sizes)
    ]


# --- units ----------------------------------------------------------------------------------------


def _unit_rows(network: Network, units: UnitValues | None, picture: Picture) -> dict[str, Column]:
    names = _unit_names(network)
    sizes = [len(layer) for layer in names]
    starts = np.cumsum([0, *sizes])
    rows = {
        "kind": np.full(starts[-1], "unit"),
        "name": np.concatenate(names),
        "layer": np.repeat(np.arange(len(sizes)), sizes),
        "unit": np.concatenate([np.arange(1, size + 1) for size in sizes]),
    }
    drawn = starts[picture.units[:, 0]] + picture.units[:, 1] - 1
    for axis, name in enumerate(("x_pixels", "y_pixels")):
        rows[name] = np.full(starts[-1], np.nan)
        rows[name][drawn] = picture.centers[:, axis]
    return rows if units is None else rows | _values(units, sizes)


def _values(units: UnitValues, sizes: list[int]) -> dict[str, Column]:
    nothing = [np.full(size, np.nan) for size in sizes]

    def column(layers: tuple[FloatArray | None, ...]) -> Column:
        parts = [
            blank if found is None else found for found, blank in zip(layers, nothing, strict=True)
        ]
        return np.concatenate(parts)

    hidden: tuple[None, ...] = (None,) * (len(sizes) - 1)
    return {
        "sample": np.full(sum(sizes), str(units.sample + 1)),
        "pre_activation": column(units.pre_activations),
        "activation": column(units.activations),
        "delta": column(units.deltas),
        "target": column((*hidden, units.target)),
    }


# --- parameters -----------------------------------------------------------------------------------


def _parameter_rows(problem: Problem, snapshot: Snapshot) -> dict[str, Column]:
    network, size = problem.network, problem.network.size
    table, nothing = ParameterTable(network), np.full(size, np.nan)
    senders, receivers = _ends(network, table)
    frozen = snapshot.settings.frozen
    by_hand = np.where(np.zeros(size, np.bool_) if frozen is None else frozen, "frozen", "")
    return {
        "kind": np.where(table.source == 0, BIAS, "weight"),
        "name": np.array([network.parameter(index).name for index in range(size)]),
        "layer": table.layer,
        "unit": table.target,
        "from": senders,
        "to": receivers,
        "value": snapshot.parameters,
        "gradient": nothing if snapshot.gradient is None else snapshot.gradient,
        "update": nothing if snapshot.update is None else snapshot.update,
        "held": np.where(network.is_trained, by_hand, "fixed"),
    }


def _ends(network: Network, table: ParameterTable) -> tuple[Column, Column]:
    """The names (size,) of the units that each parameter leads from, "" for a bias, and to."""
    names = _unit_names(network)
    starts = np.cumsum([0, *(len(layer) + 1 for layer in names)])
    flat = np.concatenate([["", *layer] for layer in names])
    return flat[starts[table.layer - 1] + table.source], flat[starts[table.layer] + table.target]
