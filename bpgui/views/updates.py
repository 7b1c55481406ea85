"""How a parameter gets its new value: penalties, and the rule of each optimizer with what it
keeps. The rules are those of engine.optimizers, one entry per name of its table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bpgui.views.maths import (
    Fraction,
    Function,
    Node,
    Power,
    Product,
    Sum,
    Symbol,
    evaluate,
)
from bpgui.views.notation import Notation, derivative, primed
from bpgui.views.rules import ONE, minus, square
from bpgui.views.wording import Line, Note


def with_penalties(notation: Notation, layer: int, unit: int, source: int | None) -> Iterator[Line]:
    """The gradient of the objective, where a penalty makes it another than that of the loss."""
    settings, update = notation.derivation.settings, notation.derivation.update
    if source is None or not (settings.l1 or settings.l2):
        return
    w = notation.w(layer, unit, source)
    terms: list[Node] = [notation.gradient(layer, unit, source)]
    if settings.l2:
        terms.append(Product((Symbol(r"\lambda_2", "l2", settings.l2), w)))
    if settings.l1:
        sign = Function("sign", (w,))
        terms.append(Product((Symbol(r"\lambda_1", "l1", settings.l1), sign)))
    value = float(update.gradient[notation.network.index(layer, unit, source)])
    symbol = derivative(notation.objective(), w, value)
    yield Line(symbol, Sum(tuple(terms)), Note("with_penalties"))


def update_lines(notation: Notation, layer: int, unit: int, source: int | None) -> Iterator[Line]:
    """The new value, then what it is made of."""
    update = notation.derivation.update
    index = notation.network.index(layer, unit, source)
    old = notation.parameter(layer, unit, source)
    new = primed(old, float(update.parameters[index]))
    if update.held[index]:
        fixed = source is None and notation.network.layers[layer - 1].bias == "fixed"
        yield Line(new, old, Note("fixed" if fixed else "frozen"))
        return
    name = notation.derivation.settings.optimizer.name
    penalties = list(with_penalties(notation, layer, unit, source))
    g = penalties[0].symbol if penalties else notation.gradient(layer, unit, source)
    short = Symbol("g", "g", float(update.used[index]))
    if name == "sgd":
        yield Line(new, minus(old, Product((notation.setting("learning_rate"), g))))
    else:
        yield from UPDATE_RULES[name](notation, index, old, new, short)
        yield Line(short, g)
    yield from penalties


def _momentum(
    notation: Notation, index: int, old: Symbol, new: Symbol, g: Symbol
) -> Iterator[Line]:
    after = notation.slot("velocity", index, True)
    yield Line(new, minus(old, Product((notation.setting("learning_rate"), after))))
    yield _velocity(notation, index, g)


def _nesterov(
    notation: Notation, index: int, old: Symbol, new: Symbol, g: Symbol
) -> Iterator[Line]:
    after = notation.slot("velocity", index, True)
    step = Sum((g, Product((notation.setting("momentum"), after))))
    yield Line(new, minus(old, Product((notation.setting("learning_rate"), step))))
    yield _velocity(notation, index, g)


def _velocity(notation: Notation, index: int, g: Symbol) -> Line:
    before, after = (notation.slot("velocity", index, late) for late in (False, True))
    return Line(after, Sum((Product((notation.setting("momentum"), before)), g)))


def _adagrad(notation: Notation, index: int, old: Symbol, new: Symbol, g: Symbol) -> Iterator[Line]:
    before, after = (notation.slot("square_sum", index, late) for late in (False, True))
    yield Line(new, _scaled(notation, old, g, after))
    yield Line(after, Sum((before, square(g))))


def _rmsprop(notation: Notation, index: int, old: Symbol, new: Symbol, g: Symbol) -> Iterator[Line]:
    before, after = (notation.slot("square_mean", index, late) for late in (False, True))
    yield Line(new, _scaled(notation, old, g, after))
    yield Line(after, _mixed(notation.setting("alpha"), before, square(g)))


def _adam(notation: Notation, index: int, old: Symbol, new: Symbol, g: Symbol) -> Iterator[Line]:
    t = Symbol("t", "t", float(notation.derivation.iteration + 1))
    lines, hats = [], []
    for slot, beta, share in (("mean", "beta1", g), ("square_mean", "beta2", square(g))):
        decay = notation.setting(beta)
        before, after = (notation.slot(slot, index, late) for late in (False, True))
        rule = Fraction(after, minus(ONE, Power(decay, t)))
        hat = Symbol(rf"\hat{{{before.latex}}}", f"{before.text}_hat", evaluate(rule))
        hats.append(hat)
        lines += [Line(hat, rule), Line(after, _mixed(decay, before, share))]
    yield Line(new, _scaled(notation, old, hats[0], hats[1]))
    yield from lines


def _scaled(notation: Notation, old: Symbol, top: Symbol, square_of: Symbol) -> Node:
    """old - eta top / (sqrt(square_of) + eps)"""
    size = Sum((Function("sqrt", (square_of,)), notation.setting("eps")))
    return minus(old, Product((notation.setting("learning_rate"), Fraction(top, size))))


def _mixed(decay: Symbol, before: Symbol, new: Node) -> Node:
    return Sum((Product((decay, before)), Product((minus(ONE, decay), new))))


UPDATE_RULES: dict[str, Callable[[Notation, int, Symbol, Symbol, Symbol], Iterator[Line]]] = {
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
}
