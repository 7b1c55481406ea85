"""The computation graph of an expression: values on the way forward, gradients on the way back.

Forward, each node's value comes of its operands' values. Back, from the output, whose gradient is
1, each node hands to each operand its own gradient times the local derivative with respect to it; a
node's gradient is the sum of what its uses hand to it. All of that is kept, so that every number
can be explained.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bpgui.engine.names import shortened
from bpgui.engine.operations import LARGEST, OPERATIONS, DomainError

NAME, NUMBER = "name", "number"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in an expression and where: line and column from 1, `length` in characters. A
    fault that lies in the values given rather than in the expression has line 0."""

    message: str
    line: int = 0
    column: int = 0
    length: int = 1

    def __str__(self) -> str:
        return (
            f"line {self.line}, column {self.column}: {self.message}" if self.line else self.message
        )


class ExpressionError(ValueError):
    """One or more faults; as text, one line for each."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


@dataclass(frozen=True, slots=True)
class Node:
    """A name that is given a value (`operation` "name"), a number as it is written ("number"), or
    one of OPERATIONS applied to earlier nodes. `names` are the names it goes by, `text` is its part
    of the expression, and line, column and length tell where its sign stands."""

    id: int
    operation: str
    operands: tuple[int, ...]
    text: str
    line: int
    column: int
    length: int = 1
    number: float = 0.0
    names: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """How to speak of the node: its name, else its part of the expression."""
        return self.names[0] if self.names else self.text


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in an order in which each follows its operands; `inputs` are the names that need a
    value, in the order in which they appear."""

    source: str
    nodes: tuple[Node, ...]
    output: int
    inputs: tuple[str, ...]

    @property
    def names(self) -> dict[str, int]:
        """The node of every name."""
        return {name: node.id for node in self.nodes for name in node.names}


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one use of a node hands back to it: the user's gradient times its local derivative with
    respect to operand `position`."""

    user: int
    position: int
    gradient_of_user: float
    local: float

    @property
    def gradient(self) -> float:
        return self.gradient_of_user * self.local


@dataclass(frozen=True, slots=True)
class GraphPass:
    """One pass forward and back; every tuple is indexed by node id.

    `local` has one derivative per operand, and `notes` tells in words what is special at a node: a
    kink and the derivative that is used there, or a derivative that is not finite. Derivatives that
    do not exist are NaN.
    """

    graph: Graph
    values: tuple[float, ...]
    gradients: tuple[float, ...]
    local: tuple[tuple[float, ...], ...]
    contributions: tuple[tuple[Contribution, ...], ...]
    notes: tuple[str, ...]

    @property
    def value(self) -> float:
        return self.values[self.graph.output]


def backpropagate(graph: Graph, given: Mapping[str, float]) -> GraphPass:
    """Every value and gradient. Raises ExpressionError where a value is missing or unknown, and at
    the first node that has no value or one beyond the floating-point numbers."""
    _check_given(graph, given)
    values: list[float] = []
    local: list[tuple[float, ...]] = []
    for node in graph.nodes:
        operands = [values[operand] for operand in node.operands]
        values.append(_value(node, operands, given))
        local.append(_slopes(node, operands, values[-1]))
    gradients, contributions = _back(graph, local)
    notes = tuple(
        _note(graph, node, [values[operand] for operand in node.operands], local[node.id])
        for node in graph.nodes
    )
    return GraphPass(graph, tuple(values), gradients, tuple(local), contributions, notes)


def _back(
    graph: Graph, local: Sequence[tuple[float, ...]]
) -> tuple[tuple[float, ...], tuple[tuple[Contribution, ...], ...]]:
    """Gradients and contributions. What the output does not depend on hands nothing back: 0 times
    an infinite derivative would be no number."""
    gradients = [0.0] * len(graph.nodes)
    received: list[list[Contribution]] = [[] for _ in graph.nodes]
    reached = {graph.output}
    for node in reversed(graph.nodes):
        if node.id not in reached:
            continue
        received[node.id].reverse()  # into the order in which the uses stand
        uses = received[node.id]
        gradients[node.id] = sum((use.gradient for use in uses), 0.0) if uses else 1.0
        for position in reversed(range(len(node.operands))):
            operand = node.operands[position]
            reached.add(operand)
            slope = local[node.id][position]
            received[operand].append(Contribution(node.id, position, gradients[node.id], slope))
    return tuple(gradients), tuple(map(tuple, received))


def _check_given(graph: Graph, given: Mapping[str, float]) -> None:
    faults = [
        Fault(f"{name} has no value", node.line, node.column, node.length)
        for name, node in ((name, graph.nodes[graph.names[name]]) for name in graph.inputs)
        if name not in given
    ]
    names = graph.names
    for name, value in given.items():
        if name not in names:
            names_there = ", ".join(graph.inputs)
            known = f"it has {shortened(names_there)}" if names_there else "it needs no values"
            faults.append(Fault(f"there is no name {shortened(name)} in the expression; {known}"))
        elif name not in graph.inputs:
            faults.append(Fault(f"{name} is worked out by the expression and takes no value"))
        elif not math.isfinite(value):
            faults.append(Fault(f"{name} is {value}; give a finite number"))
    if faults:
        raise ExpressionError(faults)


def _value(node: Node, operands: Sequence[float], given: Mapping[str, float]) -> float:
    if node.operation == NUMBER:
        return node.number
    if node.operation == NAME:
        return float(given[node.names[0]])
    try:
        value = OPERATIONS[node.operation].value(operands)
    except DomainError as error:
        remedy = f"; {error.remedy}" if error.remedy else ""
        raise _at(node, f"{error}, in {shortened(node.text)}{remedy}") from None
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise _at(
            node,
            f"overflow: {shortened(node.text)} is beyond the largest number that can be stored,"
            f" about {LARGEST}",
        )
    return value


def _slopes(node: Node, operands: Sequence[float], value: float) -> tuple[float, ...]:
    operation = OPERATIONS.get(node.operation)
    return operation.slopes(operands, value) if operation else ()


def _note(graph: Graph, node: Node, values: Sequence[float], local: Sequence[float]) -> str:
    operation = OPERATIONS.get(node.operation)
    if operation is None:
        return ""
    for operand, slope in zip(node.operands, local, strict=True):
        if math.isnan(slope) and graph.nodes[operand].operation != NUMBER:
            return (
                "a power has no derivative with respect to its exponent where the base is negative"
            )
        if math.isinf(slope):
            return f"{shortened(node.text)} has no finite derivative here"
    return operation.kink(values)


def _at(node: Node, message: str) -> ExpressionError:
    return ExpressionError([Fault(message, node.line, node.column, node.length)])
