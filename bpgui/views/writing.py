"""Formulas written in symbols or with the numbers put in, as LaTeX or as text."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import singledispatch
from typing import TypeAlias

from bpgui.views.folding import folded
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

FULL_DIGITS = 17

_SUM, _PRODUCT, _POWER, _ATOM = 1, 2, 3, 4
Written: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Style:
    """How formulas are written: as LaTeX or text, with so many significant digits (17 are all that
    a number has), at most `most` members of a sum, and words for those left out."""

    latex: bool = False
    digits: int = FULL_DIGITS
    most: int = 8
    more: str = "{count} more"

    def number(self, value: float) -> str:
        text = format_number(value, None if self.digits >= FULL_DIGITS else self.digits)
        if not self.latex:
            return text
        mantissa, e, exponent = text.partition("e")
        if e:
            return rf"{mantissa} \cdot 10^{{{exponent}}}"
        return {"inf": r"\infty", "-inf": r"-\infty", "nan": r"\mathrm{NaN}"}.get(text, text)

    def ellipsis(self, left_out: range) -> str:
        words = self.more.format(count=f"{len(left_out):,}")
        return rf"\cdots\ \text{{{words}}}\ \cdots" if self.latex else f"… {words} …"


def write(node: Node, style: Style, numbers: bool) -> str:
    """The tree in symbols, or with the numbers put in."""
    return _write(node, style, numbers)[0]


def pieces(node: Node, style: Style, numbers: bool) -> list[str]:
    """The same in parts between which a line may be broken: before the terms of a sum."""
    if isinstance(node, Sum):
        return list(_terms(node, style, numbers))
    if isinstance(node, Series) and _spelled(node, numbers):
        return list(_terms(Sum((node,)), style, numbers))
    if isinstance(node, Product) and numbers and _can_break(node.factors[-1]):
        *head, last = node.factors
        start = write(Product(tuple(head)), style, numbers)
        parts = list(_terms(Sum((last,)), style, numbers))
        if len(parts) > 1:
            parts[0] = f"{start}{_times(style, True)}({parts[0]}"
            parts[-1] += ")"
            return parts
    if isinstance(node, Negative) and numbers and _can_break(node.of):
        parts = list(_terms(Sum((node.of,)), style, numbers))
        if len(parts) > 1:
            parts[0], parts[-1] = f"-({parts[0]}", f"{parts[-1]})"
            return parts
    return [write(node, style, numbers)]


def _can_break(node: Node) -> bool:
    return isinstance(node, Sum | Series)


def _spelled(node: Series, numbers: bool) -> bool:
    return numbers or node.count <= node.spelled


def _terms(node: Sum, style: Style, numbers: bool) -> Iterator[str]:
    """The terms with their signs; those of a series in it one by one."""
    first = True
    for text, strength in _members(node, style, numbers):
        if not first and text.startswith("-") and strength != _SUM:
            yield f" - {text[1:].lstrip()}"
        elif not first:
            yield f" + {_grouped(text, style)}" if text.startswith("-") else f" + {text}"
        else:
            yield text
        first = False


def _members(node: Sum, style: Style, numbers: bool) -> Iterator[Written]:
    for term in node.terms:
        if isinstance(term, Series) and _spelled(term, numbers):
            for place in folded(term.count, style.most):
                if isinstance(place, range):
                    yield style.ellipsis(place), _PRODUCT
                else:
                    yield _write(term.term(place), style, numbers)
        else:
            yield _write(term, style, numbers)


@singledispatch
def _write(node: Node, style: Style, numbers: bool) -> Written:
    raise TypeError(f"{node!r} is no part of a formula")


@_write.register
def _(node: Symbol, style: Style, numbers: bool) -> Written:
    if numbers and not math.isnan(node.value):
        return _number(node.value, style)
    return (node.latex if style.latex else node.text), _ATOM


@_write.register
def _(node: Constant, style: Style, numbers: bool) -> Written:
    return _number(node.value, Style(style.latex))


def _number(value: float, style: Style) -> Written:
    text = style.number(value)
    return text, _PRODUCT if text.startswith("-") or "cdot" in text else _ATOM


@_write.register
def _(node: Sum, style: Style, numbers: bool) -> Written:
    return "".join(_terms(node, style, numbers)), _SUM


@_write.register
def _(node: Negative, style: Style, numbers: bool) -> Written:
    return f"-{_within(node.of, style, numbers, _PRODUCT)}", _PRODUCT


@_write.register
def _(node: Product, style: Style, numbers: bool) -> Written:
    parts = [
        _within(factor, style, numbers, _PRODUCT, first=not place)
        for place, factor in enumerate(node.factors)
    ]
    dotted = numbers or any(isinstance(factor, Constant) for factor in node.factors[1:])
    return _times(style, dotted).join(parts), _PRODUCT


@_write.register
def _(node: Fraction, style: Style, numbers: bool) -> Written:
    if style.latex:
        top, bottom = write(node.top, style, numbers), write(node.bottom, style, numbers)
        return rf"\frac{{{top}}}{{{bottom}}}", _ATOM
    top = _within(node.top, style, numbers, _PRODUCT)
    bottom = _within(node.bottom, style, numbers, _POWER)
    return f"{top} / {bottom}", _PRODUCT


@_write.register
def _(node: Power, style: Style, numbers: bool) -> Written:
    base = _within(node.base, style, numbers, _ATOM)
    exponent = write(node.exponent, style, numbers)
    return (f"{{{base}}}^{{{exponent}}}" if style.latex else f"{base}^{exponent}"), _POWER


@_write.register
def _(node: Function, style: Style, numbers: bool) -> Written:
    inner = [write(argument, style, numbers) for argument in node.arguments]
    called = _called_latex if style.latex else _called
    return _FUNCTIONS[style.latex].get(node.name, called)(node.name, *inner), _ATOM


def _called(name: str, *inner: str) -> str:
    return f"{name}({', '.join(inner)})"


def _called_latex(name: str, *inner: str) -> str:
    command = f"\\{name}" if name in _NAMED_IN_LATEX else rf"\mathrm{{{name}}}"
    return rf"{command}\left({', '.join(inner)}\right)"


_NAMED_IN_LATEX = ("cos", "log", "max", "min", "sin")


_FUNCTIONS: dict[bool, dict[str, Callable[..., str]]] = {
    True: {
        "exp": lambda _, x: f"e^{{{x}}}",
        "ln": lambda _, x: rf"\ln\left({x}\right)",
        "tanh": lambda _, x: rf"\tanh\left({x}\right)",
        "abs": lambda _, x: rf"\left|{x}\right|",
        "sqrt": lambda _, x: rf"\sqrt{{{x}}}",
        "sign": lambda _, x: rf"\mathrm{{sign}}\left({x}\right)",
    },
    False: {"abs": lambda _, x: f"|{x}|"},
}


@_write.register
def _(node: Series, style: Style, numbers: bool) -> Written:
    if _spelled(node, numbers):
        strength = _SUM if node.count != 1 else _PRODUCT
        return "".join(_terms(Sum((node,)), style, numbers)), strength
    generic = _within(node.generic, style, numbers, _PRODUCT)
    if style.latex:
        return rf"\sum_{{{node.index}=1}}^{{{node.count}}} {generic}", _PRODUCT
    return f"sum({node.index}=1..{node.count}) {generic}", _PRODUCT


def _within(node: Node, style: Style, numbers: bool, least: int, first: bool = False) -> str:
    """In parentheses where it binds less than what is around it."""
    text, strength = _write(node, style, numbers)
    weak = strength < least or (text.startswith("-") and not first)
    return _grouped(text, style) if weak else text


def _grouped(text: str, style: Style) -> str:
    return rf"\left({text}\right)" if style.latex else f"({text})"


def _times(style: Style, dotted: bool) -> str:
    if not style.latex:
        return " * "
    return r" \cdot " if dotted else r"\, "
