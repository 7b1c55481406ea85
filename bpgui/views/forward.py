"""How the numbers of the way forward came about: z, a, and the loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from bpgui.engine.features import Features
from bpgui.engine.losses import FUSED
from bpgui.views import rules
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
)
from bpgui.views.notation import Notation
from bpgui.views.numbers import format_number
from bpgui.views.quantities import Quantity
from bpgui.views.rules import ONE, minus
from bpgui.views.wording import Line, Note


def is_fused(notation: Notation) -> bool:
    problem = notation.derivation.problem
    return (problem.network.layers[-1].activation, problem.loss) in FUSED


def input_lines(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    features = notation.derivation.problem.features
    note = Note("given") if features is None else _feature_note(notation, features, quantity.unit)
    yield Line(notation.x(quantity.unit), note=note)


def _feature_note(notation: Notation, features: Features, unit: int) -> Note:
    """The expression, and the inputs of the data that it names."""
    derivation = notation.derivation
    sample = derivation.problem.train.data_inputs[derivation.samples[notation.column]]
    name, given = features.names[unit - 1], features.given(unit - 1, sample)
    if not given:
        return Note("same_feature", {"name": name})
    inputs = ", ".join(f"{name} = {format_number(value)}" for name, value in given.items())
    return Note("feature", {"name": name, "inputs": inputs})


def pre_activation_lines(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    layer, unit = quantity.layer, quantity.unit
    shape = notation.network.layers[layer - 1]

    def product(source: int | str) -> Node:
        return Product((notation.w(layer, unit, source), notation.a(layer - 1, source)))

    series = Series("k", shape.inputs, product("k"), lambda i: product(i + 1))
    bias = () if shape.bias == "none" else (notation.b(layer, unit),)
    yield Line(notation.z(layer, unit), Sum((series, *bias)))


def activation_lines(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    layer, unit = quantity.layer, quantity.unit
    shape = notation.network.layers[layer - 1]
    z, a = notation.z(layer, unit), notation.a(layer, unit)
    if shape.activation == "softmax":
        rule = rules.softmax(shape.units, lambda k: notation.z(layer, k), unit)
        yield Line(a, rule)
    else:
        yield Line(
            a, rules.ACTIVATION_RULES[shape.activation](z, a), branch_note(shape.activation, z)
        )


def branch_note(activation: str, z: Symbol) -> Note | None:
    if activation not in rules.BRANCHED:
        return None
    return Note("above_zero" if z.value > 0 else "not_above_zero", {"name": z.text})


# --- the loss -----------------------------------------------------------------------------------


def _term(notation: Notation, unit: int | str) -> Node:
    """What an output adds to the loss of the sample, without the 1/n of a mean over outputs."""
    problem, last = notation.derivation.problem, len(notation.network.layers)
    a, t = notation.a(last, unit), notation.t(unit)
    if is_fused(notation) and rounded(notation):
        return _stable_term(notation, unit)
    return rules.TERM_RULES[problem.loss](a, t)


def rounded(notation: Notation) -> bool:
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


def loss_term_lines(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    loss = notation.derivation.problem.loss
    rule = rules.averaged(loss, notation.network.outputs, _term(notation, quantity.unit))
    yield Line(term_symbol(notation, quantity), rule, rounding_note(notation))


def rounding_note(notation: Notation) -> Note | None:
    return Note("from_z") if is_fused(notation) and rounded(notation) else None


def term_symbol(notation: Notation, quantity: Quantity) -> Symbol:
    value = float(notation.derivation.loss_terms[quantity.unit - 1, notation.column])
    number = f";{notation._number()}" if notation.several else ""
    return Symbol(rf"\ell_{{{quantity.unit}{number}}}", f"l[{quantity.unit}{number}]", value)


def sample_loss_lines(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    loss, outputs = notation.derivation.problem.loss, notation.network.outputs
    if loss == "cross_entropy" and not rounding_note(notation):
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
    yield Line(notation.loss(), rules.averaged(loss, outputs, series), rounding_note(notation))


def _cross_entropy(notation: Notation) -> Node:
    """-sum_j t[j] ln a[j], with the sign taken out."""
    last = len(notation.network.layers)

    def product(unit: int | str) -> Node:
        return Product((notation.t(unit), rules.ln(notation.a(last, unit))))

    return Negative(
        Series("j", notation.network.outputs, product("j"), lambda i: product(i + 1), 2)
    )


def loss_lines(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    """The loss of the batch; for one sample that is its own."""
    if not notation.several:
        yield from sample_loss_lines(notation, quantity)
        return
    yield Line(notation.batch_loss(), reduced(notation, lambda of: of.loss()))
    yield from sample_loss_lines(notation, quantity)


def reduced(notation: Notation, member: Callable[[Notation], Node]) -> Node:
    """The mean or the sum over the samples of a batch."""
    derivation = notation.derivation
    count = len(derivation.samples)
    series = Series("s", count, member(notation.at(-1)), lambda i: member(notation.at(i)), 0)
    if derivation.problem.reduction == "sum":
        return series
    return Product((Fraction(ONE, Constant(float(count))), series))


def objective_lines(notation: Notation, quantity: Quantity) -> Iterator[Line]:
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
