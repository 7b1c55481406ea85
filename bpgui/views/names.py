"""What units and parameters are called on screen, and a table of all parameters that costs no
strings.

Inputs are x1, x2, ..., or go by the expressions of their features; hidden units are h1[1] (layer 1,
unit 1), outputs y1, y2, .... A parameter is called w(2)[1,3] (layer 2, to unit 1, from unit 3) or
b(2)[1], as in the engine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.names import shortened
from bpgui.engine.network import BoolArray, FloatArray, Network

Column: TypeAlias = Literal[
    "name",
    "source",
    "target",
    "value",
    "gradient",
    "update",
    "frozen",
    "activation",  # from here on those of the ledger
    "delta",
    "analytic",
    "numeric",
    "relative_error",
    "verdict",
]
Indices: TypeAlias = NDArray[np.int64]

BIAS = "bias"
MOST_OF_A_NAME = 24  # characters

_LAYER_WORD = re.compile(r"layer\s*(\d+)", re.IGNORECASE)


def unit_name(network: Network, layer: int, unit: int) -> str:
    """The name of a unit; layer 0 are the inputs, units count from 1."""
    if layer == 0:
        names = network.input_names
        return shortened(names[unit - 1], MOST_OF_A_NAME) if names else f"x{unit}"
    if layer == len(network.layers):
        return f"y{unit}"
    return f"h{layer}[{unit}]"


def source_name(network: Network, index: int) -> str:
    """The unit from which theta[index] comes, "bias" for a bias."""
    parameter = network.parameter(index)
    if parameter.source is None:
        return BIAS
    return unit_name(network, parameter.layer - 1, parameter.source)


def target_name(network: Network, index: int) -> str:
    """The unit that receives what theta[index] carries."""
    parameter = network.parameter(index)
    return unit_name(network, parameter.layer, parameter.unit)


@dataclass(frozen=True, eq=False)
class ParameterTable:
    """The parameters of a network as columns of a table. Strings are made for the rows that are
    asked for, so that a table of 100,000 rows is a few integer arrays."""

    network: Network

    @cached_property
    def layer(self) -> Indices:
        """Shape (size,): the layer of each parameter, from 1."""
        sizes = [layer.size for layer in self.network.layers]
        return np.repeat(np.arange(1, len(sizes) + 1), sizes)

    @cached_property
    def target(self) -> Indices:
        """Shape (size,): the receiving unit, from 1."""
        rows = [
            np.repeat(np.arange(1, layer.units + 1), layer.columns) for layer in self.network.layers
        ]
        return np.concatenate(rows)

    @cached_property
    def source(self) -> Indices:
        """Shape (size,): the sending unit, from 1; 0 for a bias."""
        columns = []
        for layer in self.network.layers:
            row = np.arange(1, layer.columns + 1)
            row[layer.inputs :] = 0
            columns.append(np.tile(row, layer.units))
        return np.concatenate(columns)

    def order(self, column: Column, descending: bool, values: FloatArray | None) -> Indices:
        """All indices sorted by a column. `values` (size,) are the numbers of a column of numbers;
        None where there are none yet. What is equal stays in the order of the parameters, and what
        is NaN comes last."""
        size = self.network.size
        key: NDArray[np.generic]
        if column == "name":
            return np.arange(size)[::-1] if descending else np.arange(size)
        if column == "source":
            key = np.where(self.source == 0, 0, self.layer * (size + 1) + self.source)
        elif column == "target":
            key = self.layer * (size + 1) + self.target
        elif values is None:
            return np.arange(size)
        else:
            key = np.asarray(values)
            if descending:
                key = np.where(np.isnan(key), -np.inf, key)
        if not descending:
            return np.argsort(key, kind="stable")
        return size - 1 - np.argsort(key[::-1], kind="stable")[::-1]

    def chosen(
        self, text: str, column: Column, descending: bool, values: FloatArray | None
    ) -> Indices:
        """The parameters that match a text, sorted by a column; see `order` and `matching`."""
        order = self.order(column, descending, values)
        return order[self.matching(text)[order]] if text else order

    def matching(self, text: str) -> BoolArray:
        """Shape (size,): True for each parameter in which every word of `text` is found.

        "layer 2" chooses a layer; any other word is looked for in the name, the from and the to
        column, without regard to case. An empty text chooses all.
        """
        chosen = np.ones(self.network.size, dtype=np.bool_)
        for number in _LAYER_WORD.findall(text):
            chosen &= self.layer == int(number[:9])
        for word in _LAYER_WORD.sub(" ", text).lower().split():
            chosen &= self._containing(word, chosen)
        return chosen

    def _containing(self, word: str, within: BoolArray) -> BoolArray:
        found = np.zeros(self.network.size, dtype=np.bool_)
        network = self.network
        for number, (layer, start) in enumerate(
            zip(network.layers, network.offsets, strict=False), start=1
        ):
            block = found[start : start + layer.size].reshape(layer.units, layer.columns)
            wanted = within[start : start + layer.size].reshape(layer.units, layer.columns)
            for k in range(layer.inputs):
                block[:, k] = word in unit_name(network, number - 1, k + 1)
            block[:, layer.inputs :] = word in BIAS
            names = _NamesContaining(word, number, layer.inputs)
            for j in range(layer.units):
                if word in unit_name(network, number, j + 1):
                    block[j] = True
                else:
                    block[j] |= wanted[j] & names.of(j + 1)[: layer.columns]
        return found


class _NamesContaining:
    """Which of a layer's names w(layer)[unit,source] and b(layer)[unit] contain a word.

    A word that lies on both sides of the comma is found by its two parts, so that no name needs to
    be written out.
    """

    def __init__(self, word: str, layer: int, inputs: int) -> None:
        self._word, self._layer = word, layer
        before, self._comma, after = word.partition(",")
        self._end = before + self._comma
        ends = (f"{k}]" for k in range(1, inputs + 1))
        found = [end.startswith(after) if self._comma else word in end for end in ends]
        self._by_source = np.array([*found, False])

    def of(self, unit: int) -> BoolArray:
        """Shape (inputs + 1,): the weights from each source, and the bias."""
        stem = f"w({self._layer})[{unit},"
        names = self._by_source.copy()
        if self._word in stem:
            names[:] = True
        elif self._comma and not stem.endswith(self._end):
            names[:] = False
        names[-1] = self._word in f"b({self._layer})[{unit}]"
        return names
