"""What is written about the nodes of a computation graph: their signs, symbols, rules and steps."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bpgui.engine.graph import NAME, NUMBER, Graph, GraphPass
from bpgui.engine.names import shortened
from bpgui.views.graph_layout import is_drawn
from bpgui.views.maths import (
    Constant,
    Fraction,
    Function,
    Negative,
    Node,
    Power,
    Product,
    Series,
    Sum,
    Symbol,
)
from bpgui.views.numbers import format_number
from bpgui.views.wording import Line
from bpgui.views.writing import Style, write

Direction: TypeAlias = Literal["forward", "back"]

SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷", "**": "**", "negate": "−"}
PREFIXES = "vuhn"  # for nodes without a name: v1, v2, ... where no name is such

LONGEST_NAME = 20  # characters of a name in drawings and formulas
USES = 8  # of a node, that are explained one by one
OPERANDS = 5  # that are written out

ONE = Constant(1.0)


def minus(first: Node, second: Node) -> Node:
    return Sum((first, Negative(second)))


def _called(name: str) -> Callable[..., Node]:
    return lambda *operands: Function(name, operands)


VALUE_RULES: dict[str, Callable[..., Node]] = {
    "+": lambda a, b: Sum((a, b)),
    "-": minus,
    "*": lambda a, b: Product((a, b)),
    "/": Fraction,
    "**": Power,
    "negate": Negative,
}

# The local derivative with respect to each operand, of the operands and the value; where it depends
# on the case, as with max, there is no rule but the number.
SLOPE_RULES: dict[str, Callable[..., tuple[Node | None, ...]]] = {
    "+": lambda f, a, b: (None, None),
    "-": lambda f, a, b: (None, None),
    "*": lambda f, a, b: (b, a),
    "/": lambda f, a, b: (Fraction(ONE, b), Negative(Fraction(a, Power(b, Constant(2.0))))),
    "**": lambda f, a, b: (
        Product((b, Power(a, _less_one(b)))),
        Product((f, Function("log", (a,)))),
    ),
    "negate": lambda f, a: (None,),
    "exp": lambda f, a: (Function("exp", (a,)),),
    "log": lambda f, a: (Fraction(ONE, a),),
    "sqrt": lambda f, a: (Fraction(ONE, Product((Constant(2.0), Function("sqrt", (a,))))),),
    "sin": lambda f, a: (Function("cos", (a,)),),
    "cos": lambda f, a: (Negative(Function("sin", (a,))),),
    "tanh": lambda f, a: (minus(ONE, Power(f, Constant(2.0))),),
    "sigmoid": lambda f, a: (Product((f, minus(ONE, f))),),
}


def _less_one(exponent: Node) -> Node:
    if isinstance(exponent, Constant):
        return Constant(exponent.value - 1.0)
    return minus(exponent, ONE)


@dataclass(frozen=True, slots=True)
class Told:
    """A line of an explanation, and the words beside it."""

    line: Line
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step works out: a node's value on the way forward, its gradient on the way back."""

    direction: Direction
    node: int


def steps(graph: Graph) -> tuple[Step, ...]:
    """Operations in order, then all nodes that are drawn in reverse. Inputs are given and need no
    step forward."""
    drawn = [node for node in graph.nodes if is_drawn(graph, node.id)]
    forward = [Step("forward", node.id) for node in drawn if node.operands]
    back = [Step("back", node.id) for node in reversed(drawn)]
    return (*forward, *back)


# --- names and signs ------------------------------------------------------------------------------


def labels(graph: Graph) -> tuple[str, ...]:
    """How each node is called: by its name, a number as it is written, else v1, v2, ..."""
    taken = graph.names
    free = (sign * times for times in (1, 2, 3) for sign in PREFIXES)
    prefix = next(sign for sign in free if not any(name.startswith(sign) for name in taken))
    found, count = [], 0
    for node in graph.nodes:
        if not node.names and node.operation != NUMBER:
            count += 1
        number = node.text if node.operation == NUMBER else f"{prefix}{count}"
        found.append(node.names[0] if node.names else number)
    return tuple(found)


def sign(graph: Graph, node: int) -> str:
    """What is written on a node: its operation with the numbers that it takes, such as "+ 1" or
    "1 ÷"; empty on a name that is given."""
    found = graph.nodes[node]
    if found.operation in (NAME, NUMBER):
        return "" if found.operation == NAME else found.text
    numbers = [None if is_drawn(graph, i) else graph.nodes[i].text for i in found.operands]
    shown = SIGNS.get(found.operation, found.operation)
    if found.operation in SIGNS and len(numbers) == 2:
        first, second = numbers
        return " ".join(part for part in (first, shown, second) if part)
    return " ".join([shown, *filter(None, numbers)])


def latex_name(name: str) -> str:
    """w0 as w_0, a word upright."""
    stem = name.rstrip("0123456789")
    index = name[len(stem) :]
    stem = stem.removesuffix("_") if index else stem
    if not stem:
        stem, index = name, ""
    escaped = stem.replace("_", r"\_")
    shown = stem if len(stem) == 1 and stem != "_" else rf"\mathrm{{{escaped}}}"
    return f"{shown}_{{{index}}}" if index else shown


# --- explanations ---------------------------------------------------------------------------------


class Explainer:
    """Rules and digits of a pass, node by node."""

    def __init__(self, found: GraphPass) -> None:
        self.found = found
        self.graph = found.graph
        self.labels = labels(found.graph)

    def explain(self, node: int) -> tuple[Told, ...]:
        """The gradient, the local derivative of each use that leads to it, and the value."""
        uses = self.found.contributions[node]
        slopes = [
            Told(self.slope(use.user, use.position), self._use(use.user, use.position))
            for use in uses[:USES]
        ]
        if len(uses) > USES:
            slopes.append(Told(Line(Symbol("", "")), f"… {len(uses) - USES:,} more uses …"))
        return (self.gradient(node), *slopes, self.value(node))

    def value(self, node: int) -> Told:
        found = self.graph.nodes[node]
        symbol = self.symbol(node)
        if found.operation == NAME:
            return Told(Line(symbol), "given")
        if found.operation == NUMBER:
            return Told(Line(symbol))
        line = Line(symbol, self.rule(node))
        return Told(line, "" if found.names else f"{symbol.text} is {shortened(found.text)}")

    def gradient(self, node: int) -> Told:
        """The sum of what the uses hand back."""
        symbol = self.total(node)
        uses = self.found.contributions[node]
        if node == self.graph.output:
            return Told(Line(symbol), "the value with respect to itself")
        if not uses:
            return Told(Line(symbol), "the value does not depend on it")

        def part(place: int) -> Node:
            use = uses[place]
            return Product((self.total(use.user), self.local(use.user, use.position)))

        if len(uses) == 1:
            return Told(Line(symbol, part(0)))
        user = Symbol("u_k", "u[k]")
        output = self.symbol(self.graph.output)
        generic = Product((_derivative(output, user), _derivative(user, self.symbol(node))))
        series = Series("k", len(uses), generic, part, spelled=USES)
        return Told(Line(symbol, series), f"the sum over its {len(uses):,} uses")

    def slope(self, node: int, position: int) -> Line:
        """The local derivative of a node with respect to one of its operands."""
        found = self.graph.nodes[node]
        symbol = self.local(node, position)
        rules = SLOPE_RULES.get(found.operation)
        if rules is None or not math.isfinite(symbol.value):
            return Line(symbol)
        rule = rules(self.symbol(node), *map(self.operand, found.operands))[position]
        return Line(symbol, rule)

    def _use(self, user: int, position: int) -> str:
        found = self.graph.nodes[user]
        twice = found.operands.count(found.operands[position]) > 1
        which = f"operand {position + 1} of " if twice else "in "
        told = f"{which}{self.labels[user]} = {shortened(found.text)}"
        note = self.found.notes[user]
        return f"{told}; {note}" if note else told

    def symbol(self, node: int) -> Symbol:
        label = shortened(self.labels[node], LONGEST_NAME)
        written = self.graph.nodes[node].operation == NUMBER and not self.graph.nodes[node].names
        return Symbol(label if written else latex_name(label), label, self.found.values[node])

    def operand(self, node: int) -> Node:
        if is_drawn(self.graph, node):
            return self.symbol(node)
        return Constant(self.found.values[node])

    def rule(self, node: int) -> Node:
        """How the value of an operation comes of its operands."""
        found = self.graph.nodes[node]
        rule = VALUE_RULES.get(found.operation, _called(found.operation))
        operands = [self.operand(operand) for operand in found.operands]
        if len(operands) > OPERANDS:
            operands[OPERANDS - 1 : -1] = [Symbol(r"\ldots", "…")]
        return rule(*operands)

    def total(self, node: int) -> Symbol:
        """The gradient of a node: of the expression's value with respect to it."""
        output = self.symbol(self.graph.output)
        return _derivative(output, self.symbol(node), self.found.gradients[node])

    def local(self, node: int, position: int) -> Symbol:
        """The derivative of one operation. It is written with what is computed there, not with the
        node's name, which would make it look like a gradient where the node is the output."""
        latex, text = (
            write(self.rule(node), Style(latex=latex), numbers=False) for latex in (True, False)
        )
        value = self.found.local[node][position]
        operand = self.graph.nodes[node].operands[position]
        top = Symbol(rf"\left({latex}\right)", f"({text})")
        return _derivative(top, self.symbol(operand), value)


def _derivative(top: Symbol, bottom: Symbol, value: float = math.nan) -> Symbol:
    latex = rf"\frac{{\partial {top.latex}}}{{\partial {bottom.latex}}}"
    return Symbol(latex, f"d{top.text}/d{bottom.text}", value)


# --- all nodes ------------------------------------------------------------------------------------

HEADS = ("node", "expression", "value", "gradient")


def table(found: GraphPass, digits: int | None = None) -> list[tuple[str, ...]]:
    """A row for each node that is drawn, in the order of computation."""
    names = labels(found.graph)
    return [
        (
            names[node.id],
            node.text,
            format_number(found.values[node.id], digits),
            format_number(found.gradients[node.id], digits),
        )
        for node in found.graph.nodes
        if is_drawn(found.graph, node.id)
    ]


def as_text(found: GraphPass, digits: int | None = None) -> str:
    """Columns under headings, for a plain text."""
    lines: Sequence[tuple[str, ...]] = [HEADS, *table(found, digits)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )
    return "\n".join(line.rstrip() for line in padded)


def as_csv(found: GraphPass) -> str:
    """With a heading and all digits."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([HEADS, *table(found)])
    return file.getvalue()
