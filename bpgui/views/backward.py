"""How the numbers of the way back came about: delta and the gradients."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bpgui.views import rules
from bpgui.views.folding import folded
from bpgui.views.forward import branch_note, is_fused, reduced, rounded
from bpgui.views.maths import Negative, Node, Product, Series, Symbol, evaluate
from bpgui.views.notation import Notation, derivative
from bpgui.views.quantities import Quantity
from bpgui.views.rules import ONE, minus
from bpgui.views.updates import with_penalties
from bpgui.views.wording import Line, Note

CONTRIBUTIONS = 8  # samples whose share in a gradient is shown


def delta_lines(notation: Notation, quantity: Quantity) -> Iterator[Line]:
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
        if not math.isfinite(evaluate(chain)) or rounded(notation):
            return
        yield Line(delta, chain, Note("written_out"))
    else:
        yield Line(delta, chain)
    yield _error_line(notation, layer, unit)
    z, a = notation.z(layer, unit), notation.a(layer, unit)
    rule = rules.SLOPE_RULES[shape.activation](z, a)
    yield Line(slope, rule, branch_note(shape.activation, z))


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
        if rounded(notation):
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


def gradient_lines(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    layer, unit, source = quantity.layer, quantity.unit, quantity.source

    def own(of: Notation) -> Node:
        delta = of.delta(layer, unit)
        return delta if source is None else Product((delta, of.a(layer - 1, source)))

    place = layer, unit, source
    symbol = notation.gradient(*place)
    if not notation.several:
        yield Line(symbol, own(notation))
    else:
        yield Line(symbol, reduced(notation, own))
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


def input_gradient_lines(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    yield Line(notation.input_gradient(quantity.unit), _fed_back(notation, 1, quantity.unit))
