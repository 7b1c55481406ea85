"""Features: inputs of a network that are worked out from those of the data, x1, x2, ....

Each is an expression that the computation graph reads; here it is worked out for many samples at
once. Where the graph has no value, as for the logarithm of a negative number, the feature is NaN.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import pow as power

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.expression import parse
from bpgui.engine.graph import NAME, NUMBER, ExpressionError, Fault, Graph, Node, backpropagate
from bpgui.engine.names import column_of, shortened
from bpgui.engine.network import BoolArray, FloatArray

CHUNK = 4096  # samples that are worked out at a time

_INPUT = re.compile(r"x([1-9][0-9]{0,8})")


def _sigmoid(x: FloatArray) -> FloatArray:
    small = np.exp(-np.abs(x))
    value: FloatArray = np.where(x >= 0.0, 1.0, small) / (1.0 + small)
    return value


ARRAY_OPERATIONS: Mapping[str, Callable[..., FloatArray]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": power,
    "negate": np.negative,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "relu": lambda x: np.maximum(x, 0.0),
    "abs": np.abs,
    "max": lambda *operands: reduce(np.maximum, operands),
    "min": lambda *operands: reduce(np.minimum, operands),
}


@dataclass(frozen=True, slots=True)
class Features:
    """Functions of the `inputs` columns of the data, in the order in which the network sees
    them."""

    graphs: tuple[Graph, ...]
    inputs: int

    @property
    def names(self) -> tuple[str, ...]:
        """The expressions as they are written."""
        return tuple(" ".join(graph.source.split()) for graph in self.graphs)

    def __call__(self, data: FloatArray) -> NDArray[np.float64]:
        """The features (n, features) of samples (n, inputs), in float64; NaN where there is no
        value."""
        values = np.empty((len(data), len(self.graphs)))
        for start in range(0, len(data), CHUNK):
            columns = np.asarray(data[start : start + CHUNK], dtype=np.float64).T
            with np.errstate(all="ignore"):
                for j, graph in enumerate(self.graphs):
                    values[start : start + CHUNK, j] = _values(graph, columns)
        return values

    def given(self, feature: int, sample: FloatArray) -> dict[str, float]:
        """The inputs that a feature names, of a sample (inputs,)."""
        return {name: float(sample[column_of(name)]) for name in self.graphs[feature].inputs}

    def why_not(self, feature: int, sample: FloatArray) -> str:
        """What keeps a feature from having a value for a sample (inputs,)."""
        try:
            backpropagate(self.graphs[feature], self.given(feature, sample))
        except ExpressionError as error:
            return error.faults[0].message
        return "it is not finite"


def read_feature(source: str, inputs: int | None = None) -> Graph:
    """The graph of one feature of data with so many inputs, None where that is not known yet.

    Raises ExpressionError, also for names that are no inputs.
    """
    if "\n" in source:
        message = "a feature stands on one line; a semicolon parts its steps"
        raise ExpressionError([Fault(message, 1, source.index("\n") + 1)])
    graph = parse(source)
    for name in graph.inputs:
        node = graph.nodes[graph.names[name]]
        if _INPUT.fullmatch(name) is None or column_of(name) >= (inputs or 10**9):
            message = f"the data has no input {shortened(name)}; {_there_are(inputs)}"
            raise ExpressionError([Fault(message, node.line, node.column, node.length)])
    return graph


def _there_are(inputs: int | None) -> str:
    if inputs is None:
        return "its inputs are x1, x2 and so on"
    return "it has x1 only" if inputs == 1 else f"it has x1 to x{inputs}"


def _values(graph: Graph, columns: FloatArray) -> FloatArray:
    """Shape (n,), or a single number of an expression that names no input."""
    found: list[FloatArray] = []
    good: BoolArray = np.array(True)
    for node in graph.nodes:
        found.append(_value(node, found, columns))
        good = good & np.isfinite(found[-1])
    values: FloatArray = np.where(good, found[graph.output], np.nan)
    return values


def _value(node: Node, found: list[FloatArray], columns: FloatArray) -> FloatArray:
    if node.operation == NUMBER:
        return np.asarray(node.number)
    if node.operation == NAME:
        column: FloatArray = columns[column_of(node.names[0])]
        return column
    return ARRAY_OPERATIONS[node.operation](*(found[operand] for operand in node.operands))
