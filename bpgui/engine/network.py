"""The shape of a network, and where each weight and bias lies in the flat parameter vector.

All parameters of a network are one vector theta. Layer by layer it holds a matrix of shape
(units, inputs + 1) in C order: row j belongs to the receiving unit j, column k to the sending
unit k, and the last column is the bias, which a row of ones under the layer's input carries.
A layer without biases has no last column. A gradient has the same shape as theta.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

FloatArray: TypeAlias = NDArray[np.floating[Any]]
BoolArray: TypeAlias = NDArray[np.bool_]
BiasMode: TypeAlias = Literal["trained", "fixed", "none"]

PARAMETER_NAME = re.compile(r"(?:w\((\d+)\)\[(\d+),(\d+)\]|b\((\d+)\)\[(\d+)\])")


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: `units` receiving units, each fed by `inputs` sending units."""

    inputs: int
    units: int
    activation: str
    bias: BiasMode = "trained"

    @property
    def columns(self) -> int:
        return self.inputs + (self.bias != "none")

    @property
    def size(self) -> int:
        return self.units * self.columns


@dataclass(frozen=True, slots=True)
class Parameter:
    """One entry of theta, counted from 1 as textbooks do; `source` is None for a bias."""

    index: int
    layer: int
    unit: int
    source: int | None

    @property
    def name(self) -> str:
        if self.source is None:
            return f"b({self.layer})[{self.unit}]"
        return f"w({self.layer})[{self.unit},{self.source}]"


@dataclass(frozen=True)
class Network:
    """The layers of a fully connected feed-forward network, and what its inputs are called where
    that is not x1, x2, ...."""

    layers: tuple[Layer, ...]
    input_names: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[type[Network], tuple[object, ...]]:
        # Not what was worked out so far: another thread may be adding to it.
        return Network, (self.layers, self.input_names)

    @property
    def inputs(self) -> int:
        return self.layers[0].inputs

    @property
    def outputs(self) -> int:
        return self.layers[-1].units

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Where each layer begins in theta; the last entry is the number of parameters."""
        return tuple(accumulate((layer.size for layer in self.layers), initial=0))

    @property
    def size(self) -> int:
        return self.offsets[-1]

    def matrices(self, theta: FloatArray) -> list[FloatArray]:
        """Per layer a view (units, columns) on theta: the weights, then the bias if it has one."""
        return [
            theta[start : start + layer.size].reshape(layer.units, layer.columns)
            for layer, start in zip(self.layers, self.offsets, strict=False)
        ]

    def weights(self, theta: FloatArray) -> list[FloatArray]:
        """Per layer a view (units, inputs) on theta."""
        return [
            matrix[:, : layer.inputs]
            for layer, matrix in zip(self.layers, self.matrices(theta), strict=True)
        ]

    def biases(self, theta: FloatArray) -> list[FloatArray | None]:
        """Per layer a view (units,) on theta, or None where the layer has no biases."""
        return [
            None if layer.bias == "none" else matrix[:, -1]
            for layer, matrix in zip(self.layers, self.matrices(theta), strict=True)
        ]

    def pack(
        self,
        weights: Sequence[Any],
        biases: Sequence[Any],
        dtype: DTypeLike = np.float64,
    ) -> FloatArray:
        """Theta from nested per-layer weights (units, inputs) and biases (units,) or None."""
        theta: FloatArray = np.zeros(self.size, dtype=dtype)
        for view, values in zip(self.weights(theta), weights, strict=True):
            view[...] = values
        for bias, row in zip(self.biases(theta), biases, strict=True):
            if bias is not None:
                bias[...] = row
        return theta

    @cached_property
    def is_weight(self) -> BoolArray:
        """Shape (size,): True for weights, False for biases; penalties count weights only."""
        mask = np.ones(self.size, dtype=np.bool_)
        for layer, start in zip(self.layers, self.offsets, strict=False):
            if layer.bias != "none":
                mask[start + layer.inputs : start + layer.size : layer.columns] = False
        return mask

    @cached_property
    def is_trained(self) -> BoolArray:
        """Shape (size,): False for the biases of layers whose bias is fixed."""
        mask = np.ones(self.size, dtype=np.bool_)
        for layer, start in zip(self.layers, self.offsets, strict=False):
            if layer.bias == "fixed":
                mask[start + layer.inputs : start + layer.size : layer.columns] = False
        return mask

    def parameter(self, index: int) -> Parameter:
        """The layer, unit and source of theta[index]."""
        if not 0 <= index < self.size:
            raise IndexError(f"parameter {index} is outside 0 .. {self.size - 1}")
        position = bisect_right(self.offsets, index) - 1
        layer = self.layers[position]
        row, column = divmod(index - self.offsets[position], layer.columns)
        source = None if column == layer.inputs else column + 1
        return Parameter(index, position + 1, row + 1, source)

    def index(self, layer: int, unit: int, source: int | None) -> int:
        """The place in theta of w(layer)[unit,source], or of b(layer)[unit] if source is None."""
        if not 1 <= layer <= len(self.layers):
            raise KeyError(f"there is no layer {layer}; the layers are 1 to {len(self.layers)}")
        shape = self.layers[layer - 1]
        if not 1 <= unit <= shape.units:
            raise KeyError(f"layer {layer} has the units 1 to {shape.units}, not {unit}")
        if source is None and shape.bias == "none":
            raise KeyError(f"layer {layer} has no biases")
        if source is not None and not 1 <= source <= shape.inputs:
            raise KeyError(f"layer {layer} has the inputs 1 to {shape.inputs}, not {source}")
        column = shape.inputs if source is None else source - 1
        return self.offsets[layer - 1] + (unit - 1) * shape.columns + column

    def index_of(self, name: str) -> int:
        """The place in theta of a name such as "w(2)[1,3]" or "b(1)[2]"; KeyError tells why not."""
        match = PARAMETER_NAME.fullmatch(name.replace(" ", ""))
        if match is None:
            raise KeyError(f"{name!r} is not a parameter's name; write w(2)[1,3] or b(1)[2]")
        numbers = [int(group) for group in match.groups() if group is not None]
        layer, unit, *source = numbers
        return self.index(layer, unit, source[0] if source else None)
