"""Formulas as trees.

One tree gives the rule, the rule with digits (see `writing`), and, by `evaluate`, the result that
the two must lead to. Sums over many members keep a function for the members, so that a row of 784
products is made only as far as it is written.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import singledispatch
from typing import TypeAlias

from bpgui.engine.operations import OPERATIONS


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name and its value; an index that runs, as k does in a sum, has none."""

    latex: str
    text: str
    value: float = math.nan


@dataclass(frozen=True, slots=True)
class Constant:
    """A number that stands in the rule itself."""

    value: float


@dataclass(frozen=True, slots=True)
class Sum:
    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Product:
    factors: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negative:
    of: Node


@dataclass(frozen=True, slots=True)
class Fraction:
    top: Node
    bottom: Node


@dataclass(frozen=True, slots=True)
class Power:
    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True)
class Function:
    """One of FUNCTIONS below, with as many arguments as it takes."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """The sum of `count` members; `generic` is one in symbols with the index `index`, `term(i)` the
    member i from 0. It is spelled out in symbols where it has at most `spelled` members."""

    index: str
    count: int
    generic: Node
    term: Callable[[int], Node]
    spelled: int = 3


Node: TypeAlias = (
    Symbol | Constant | Sum | Product | Negative | Fraction | Power | Function | Series
)

FUNCTIONS: dict[str, Callable[..., float]] = {
    "tanh": math.tanh,
    "exp": math.exp,
    "ln": math.log,
    "abs": abs,
    "sqrt": math.sqrt,
    "log": math.log,
    "sin": math.sin,
    "cos": math.cos,
    "max": max,
    "min": min,
    "relu": lambda x: max(x, 0.0),
    "sigmoid": lambda x: OPERATIONS["sigmoid"].value((x,)),
    "sign": lambda x: (x > 0) - (x < 0),
}


def evaluate(node: Node) -> float:
    """The value of a tree; NaN where it has none."""
    try:
        return float(_value(node))
    except (ArithmeticError, ValueError):
        return math.nan


@singledispatch
def _value(node: Node) -> float:
    raise TypeError(f"{node!r} is no part of a formula")


_value.register(Symbol, lambda node: node.value)
_value.register(Constant, lambda node: node.value)
_value.register(Sum, lambda node: math.fsum(map(_value, node.terms)))
_value.register(Product, lambda node: math.prod(map(_value, node.factors)))
_value.register(Negative, lambda node: -_value(node.of))
_value.register(Fraction, lambda node: _value(node.top) / _value(node.bottom))
_value.register(Power, lambda node: _value(node.base) ** _value(node.exponent))
_value.register(Function, lambda node: FUNCTIONS[node.name](*map(_value, node.arguments)))
_value.register(Series, lambda node: math.fsum(_value(node.term(i)) for i in range(node.count)))
