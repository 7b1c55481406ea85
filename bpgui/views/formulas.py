"""How each number of a pass came about: its rule in symbols, with this network's digits, and what
the two come to.

An explanation begins with the line of the number itself; lines for what goes into it follow. Values
are the engine's own; only writing rounds them. In a batch, what belongs to one sample is explained
for that sample's own loss, and gradients show what the samples contribute.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from bpgui.engine.derivation import Derivation
from bpgui.engine.losses import FUSED
from bpgui.views import rules
from bpgui.views.folding import folded
from bpgui.views.maths import (
    Constant,
    Fraction,
    Function,
    Negative,
    Node,
    Product,
    Series,
    Sum,
    Symbol,
    evaluate,
)
from bpgui.views.notation import Notation, derivative, primed
from bpgui.views.quantities import Quantity
from bpgui.views.rules import ONE, minus
from bpgui.views.updates import update_lines, with_penalties
from bpgui.views.wording import Line, Note

CONTRIBUTIONS = 8  # samples whose share in a gradient is shown


@dataclass(frozen=True, slots=True)
class Explanation:
    """The lines of one number, its own first; `digits` are all that numbers of its type have."""

    quantity: Quantity
    lines: tuple[Line, ...]
    digits: int = 17

    @property
    def value(self) -> float:
        return self.lines[0].value

    @property
    def symbol(self) -> Symbol:
        return self.lines[0].symbol


def explain(derivation: Derivation, quantity: Quantity, column: int = 0) -> Explanation:
    """Explain one number of a derivation; `column` is the sample's place in the batch."""
    notation = Notation(derivation, column)
    lines = tuple(_EXPLAINED[quantity.kind](notation, quantity))
    digits = 17 if derivation.parameters.dtype == np.float64 else 9
    return Explanation(quantity, lines, digits)


def symbol_of(derivation: Derivation, quantity: Quantity, column: int = 0) -> Symbol:
    """The name and value of one number, without its rule."""
    return _SYMBOLS[quantity.kind](Notation(derivation, column), quantity)


def is_fused(notation: Notation) -> bool:
    problem = notation.derivation.problem
    return (problem.network.layers[-1].activation, problem.loss) in FUSED


# --- forward ------------------------------------------------------------------------------------


def _input(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    yield Line(notation.x(quantity.unit), note=Note("given"))


def _pre_activation(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    layer, unit = quantity.layer, quantity.unit
    shape = notation.network.layers[layer - 1]

    def product(source: int | str) -> Node:
        return Product((notation.w(layer, unit, source), notation.a(layer - 1, source)))

    series = Series("k", shape.inputs, product("k"), lambda i: product(i + 1))
    bias = () if shape.bias == "none" else (notation.b(layer, unit),)
    yield Line(notation.z(layer, unit), Sum((series, *bias)))


def _activation(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    layer, unit = quantity.layer, quantity.unit
    shape = notation.network.layers[layer - 1]
    z, a = notation.z(layer, unit), notation.a(layer, unit)
    if shape.activation == "softmax":
        rule = rules.softmax(shape.units, lambda k: notation.z(layer, k), unit)
        yield Line(a, rule)
    else:
        yield Line(a, rules.ACTIVATION_RULES[shape.activation](z, a), _branch(shape.activation, z))


def _branch(activation: str, z: Symbol) -> Note | None:
    if activation not in rules.BRANCHED:
        return None
    return Note("above_zero" if z.value > 0 else "not_above_zero", {"name": z.text})


# --- the loss -----------------------------------------------------------------------------------


def _term(notation: Notation, unit: int | str) -> Node:
    """What an output adds to the loss of the sample, without the 1/n of a mean over outputs."""
    problem, last = notation.derivation.problem, len(notation.network.layers)
    a, t = notation.a(last, unit), notation.t(unit)
    if is_fused(notation) and _rounded(notation):
        return _stable_term(notation, unit)
    return rules.TERM_RULES[problem.loss](a, t)


def _rounded(notation: Notation) -> bool:
    """Whether an output is rounded to 0 or 1, so that a logarithm of it says nothing."""
    outputs = notation.derivation.outputs[:, notation.column]
    return bool((outputs <= 0).any() or (outputs >= 1).any())


def _stable_term(notation: Notation, unit: int | str) -> Node:
    last, outputs = len(notation.network.layers), notation.network.outputs
    z, t = notation.z(last, unit), notation.t(unit)
    if notation.network.layers[-1].activation == "sigmoid":
        return rules.stable_binary(z, t)
    total = Series(
        "k",
        outputs,
        rules.exp(minus(notation.z(last, "k"), z)),
        lambda i: rules.exp(minus(notation.z(last, i + 1), z)),
    )
    return Product((t, rules.ln(total)))


def _loss_term(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    loss = notation.derivation.problem.loss
    rule = rules.averaged(loss, notation.network.outputs, _term(notation, quantity.unit))
    yield Line(_term_symbol(notation, quantity), rule, _rounding_note(notation))


def _rounding_note(notation: Notation) -> Note | None:
    return Note("from_z") if is_fused(notation) and _rounded(notation) else None


def _term_symbol(notation: Notation, quantity: Quantity) -> Symbol:
    value = float(notation.derivation.loss_terms[quantity.unit - 1, notation.column])
    number = f";{notation._number()}" if notation.several else ""
    return Symbol(rf"\ell_{{{quantity.unit}{number}}}", f"l[{quantity.unit}{number}]", value)


def _sample_loss(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    loss, outputs = notation.derivation.problem.loss, notation.network.outputs
    if loss == "cross_entropy" and not _rounding_note(notation):
        yield Line(notation.loss(), _cross_entropy(notation))
        return
    branched = loss == "huber"
    series = Series(
        "j",
        outputs,
        _term(notation, 1 if branched else "j"),
        lambda i: _term(notation, i + 1),
        outputs if branched else 2,
    )
    yield Line(notation.loss(), rules.averaged(loss, outputs, series), _rounding_note(notation))


def _cross_entropy(notation: Notation) -> Node:
    """-sum_j t[j] ln a[j], with the sign taken out."""
    last = len(notation.network.layers)

    def product(unit: int | str) -> Node:
        return Product((notation.t(unit), rules.ln(notation.a(last, unit))))

    return Negative(
        Series("j", notation.network.outputs, product("j"), lambda i: product(i + 1), 2)
    )


def _loss(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    """The loss of the batch; for one sample that is its own."""
    if not notation.several:
        yield from _sample_loss(notation, quantity)
        return
    yield Line(notation.batch_loss(), _reduced(notation, lambda of: of.loss()))
    yield from _sample_loss(notation, quantity)


def _reduced(notation: Notation, member: Callable[[Notation], Node]) -> Node:
    """The mean or the sum over the samples of a batch."""
    derivation = notation.derivation
    count = len(derivation.samples)
    series = Series("s", count, member(notation.at(-1)), lambda i: member(notation.at(i)), 0)
    if derivation.problem.reduction == "sum":
        return series
    return Product((Fraction(ONE, Constant(float(count))), series))


def _objective(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    """The loss with the penalties."""
    derivation = notation.derivation
    settings, loss = derivation.settings, notation.batch_loss()
    terms: list[Node] = [loss]
    chosen = np.flatnonzero(notation.network.is_weight)
    w = Symbol("w", "w")

    def weight(i: int) -> Symbol:
        parameter = notation.network.parameter(int(chosen[i]))
        return notation.parameter(parameter.layer, parameter.unit, parameter.source)

    if settings.l2:
        squares = Series("w", len(chosen), rules.square(w), lambda i: rules.square(weight(i)), 0)
        factor = Fraction(Symbol(r"\lambda_2", "l2", settings.l2), rules.TWO)
        terms.append(Product((factor, squares)))
    if settings.l1:
        sizes = Series(
            "w",
            len(chosen),
            Function("abs", (w,)),
            lambda i: Function("abs", (weight(i),)),
            0,
        )
        terms.append(Product((Symbol(r"\lambda_1", "l1", settings.l1), sizes)))
    yield Line(notation.objective(), Sum(tuple(terms)), Note("penalties"))


# --- back ---------------------------------------------------------------------------------------


def _delta(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    layer, unit = quantity.layer, quantity.unit
    last = len(notation.network.layers)
    shape = notation.network.layers[layer - 1]
    if shape.activation == "softmax":
        yield from _softmax_delta(notation, unit)
        return
    error, slope = notation.error(layer, unit), notation.slope(layer, unit)
    chain = Product((error, slope))
    delta = notation.delta(layer, unit)
    if layer == last and is_fused(notation):
        a, t = notation.a(layer, unit), notation.t(unit)
        yield Line(delta, minus(a, t), Note("cancel"))
        if not math.isfinite(evaluate(chain)) or _rounded(notation):
            return
        yield Line(delta, chain, Note("written_out"))
    else:
        yield Line(delta, chain)
    yield _error_line(notation, layer, unit)
    z, a = notation.z(layer, unit), notation.a(layer, unit)
    rule = rules.SLOPE_RULES[shape.activation](z, a)
    yield Line(slope, rule, _branch(shape.activation, z))


def _error_line(notation: Notation, layer: int, unit: int) -> Line:
    """dL/da: from the loss in the last layer, from the deltas of the next one before it."""
    error = notation.error(layer, unit)
    if layer == len(notation.network.layers):
        loss = notation.derivation.problem.loss
        rule = rules.ERROR_RULES[loss](notation.a(layer, unit), notation.t(unit))
        return Line(error, rules.averaged(loss, notation.network.outputs, rule))
    return Line(error, _fed_back(notation, layer + 1, unit))


def _fed_back(notation: Notation, layer: int, source: int) -> Node:
    """What the units of a layer send back to one that feeds them: sum_i w[i,j] delta[i]."""

    def product(unit: int | str) -> Node:
        return Product((notation.w(layer, unit, source), notation.delta(layer, unit)))

    count = notation.network.layers[layer - 1].units
    return Series("i", count, product("i"), lambda i: product(i + 1))


def _softmax_delta(notation: Notation, unit: int) -> Iterator[Line]:
    """delta[j] = sum_k dL/da[k] da[k]/dz[j], which with cross-entropy comes to a - t."""
    last, count = len(notation.network.layers), notation.network.outputs
    delta, a = notation.delta(last, unit), notation.a(last, unit)
    z = notation.z(last, unit)

    def slope(k: int | str) -> Symbol:
        other = notation.a(last, k)
        value = math.nan
        if isinstance(k, int):
            value = other.value * ((k == unit) - a.value)
        return derivative(other, z, value)

    chain = Series(
        "k",
        count,
        Product((notation.error(last, "k"), slope("k"))),
        lambda i: Product((notation.error(last, i + 1), slope(i + 1))),
    )
    fused = is_fused(notation)
    if fused:
        yield _fused_line(notation, unit)
        if _rounded(notation):
            return
    yield Line(delta, chain, Note("written_out") if fused else None)
    for k in sorted({1, unit, count} if count > 3 else range(1, count + 1)):
        other = notation.a(last, k)
        rule = Product((other, minus(ONE, other) if k == unit else Negative(a)))
        yield Line(slope(k), rule, Note("same_unit" if k == unit else "other_unit"))
    yield _error_line(notation, last, unit)


def _fused_line(notation: Notation, unit: int) -> Line:
    last, count = len(notation.network.layers), notation.network.outputs
    a, t = notation.a(last, unit), notation.t(unit)
    total = float(notation.derivation.targets[:, notation.column].sum())
    if total == 1.0:
        return Line(notation.delta(last, unit), minus(a, t), Note("cancel"))
    targets = Series("k", count, notation.t("k"), lambda i: notation.t(i + 1))
    return Line(notation.delta(last, unit), minus(Product((a, targets)), t), Note("cancel"))


def _weight_gradient(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    layer, unit, source = quantity.layer, quantity.unit, quantity.source

    def own(of: Notation) -> Node:
        delta = of.delta(layer, unit)
        return delta if source is None else Product((delta, of.a(layer - 1, source)))

    place = layer, unit, source
    symbol = notation.gradient(*place)
    if not notation.several:
        yield Line(symbol, own(notation))
    else:
        yield Line(symbol, _reduced(notation, own))
        for column in folded(len(notation.derivation.samples), CONTRIBUTIONS):
            if isinstance(column, range):
                yield Line(Symbol("", ""), note=Note("more", {"count": f"{len(column):,}"}))
                continue
            at = notation.at(column)
            rule = own(at)
            share = _share(at.loss(), notation.parameter(*place), evaluate(rule))
            yield Line(share, rule)
    yield from with_penalties(notation, *place)


def _share(top: Symbol, bottom: Symbol, value: float) -> Symbol:
    """A derivative on one line, as there are many below each other."""
    latex = rf"\partial {top.latex} / \partial {bottom.latex}"
    return Symbol(latex, derivative(top, bottom, value).text, value)


def _input_gradient(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    yield Line(notation.input_gradient(quantity.unit), _fed_back(notation, 1, quantity.unit))


def _update(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    yield from update_lines(notation, quantity.layer, quantity.unit, quantity.source)


_EXPLAINED: dict[str, Callable[[Notation, Quantity], Iterator[Line]]] = {
    "input": _input,
    "z": _pre_activation,
    "a": _activation,
    "objective": _objective,
    "loss": _loss,
    "sample_loss": _sample_loss,
    "loss_term": _loss_term,
    "delta": _delta,
    "w_gradient": _weight_gradient,
    "b_gradient": _weight_gradient,
    "input_gradient": _input_gradient,
    "update": _update,
}


def _new_value(notation: Notation, quantity: Quantity) -> Symbol:
    place = quantity.layer, quantity.unit, quantity.source
    index = notation.network.index(*place)
    return primed(notation.parameter(*place), float(notation.derivation.update.parameters[index]))


_SYMBOLS: dict[str, Callable[[Notation, Quantity], Symbol]] = {
    "input": lambda notation, q: notation.x(q.unit),
    "z": lambda notation, q: notation.z(q.layer, q.unit),
    "a": lambda notation, q: notation.a(q.layer, q.unit),
    "objective": lambda notation, q: notation.objective(),
    "loss": lambda notation, q: notation.batch_loss(),
    "sample_loss": lambda notation, q: notation.loss(),
    "loss_term": _term_symbol,
    "delta": lambda notation, q: notation.delta(q.layer, q.unit),
    "w_gradient": lambda notation, q: notation.gradient(q.layer, q.unit, q.source),
    "b_gradient": lambda notation, q: notation.gradient(q.layer, q.unit, q.source),
    "input_gradient": lambda notation, q: notation.input_gradient(q.unit),
    "update": _new_value,
}
