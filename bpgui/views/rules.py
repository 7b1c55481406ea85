"""The rules of activations and losses as formulas: what engine.activations and engine.losses
compute, one entry per name of their tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from bpgui.engine.activations import LEAKY_SLOPE
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

Rule: TypeAlias = Callable[[Symbol, Symbol], Node]
ONE, TWO = Constant(1.0), Constant(2.0)
HALF = Fraction(ONE, TWO)


def exp(x: Node) -> Node:
    return Function("exp", (x,))


def ln(x: Node) -> Node:
    return Function("ln", (x,))


def minus(x: Node, y: Node) -> Node:
    return Sum((x, Negative(y)))


def square(x: Node) -> Node:
    return Power(x, TWO)


def _logistic(z: Symbol, a: Symbol) -> Node:
    return Fraction(ONE, Sum((ONE, exp(Negative(z)))))


# a from z; where a branch decides, the branch that z is in.
ACTIVATION_RULES: dict[str, Rule] = {
    "identity": lambda z, a: z,
    "sigmoid": _logistic,
    "tanh": lambda z, a: Function("tanh", (z,)),
    "relu": lambda z, a: Function("max", (z, Constant(0.0))),
    "leaky_relu": lambda z, a: z if z.value > 0 else Product((Constant(LEAKY_SLOPE), z)),
    "elu": lambda z, a: z if z.value > 0 else minus(exp(z), ONE),
    "softplus": lambda z, a: ln(Sum((ONE, exp(z)))),
}
# da/dz from z and a.
SLOPE_RULES: dict[str, Rule] = {
    "identity": lambda z, a: ONE,
    "sigmoid": lambda z, a: Product((a, minus(ONE, a))),
    "tanh": lambda z, a: minus(ONE, square(a)),
    "relu": lambda z, a: Constant(1.0 if z.value > 0 else 0.0),
    "leaky_relu": lambda z, a: Constant(1.0 if z.value > 0 else LEAKY_SLOPE),
    "elu": lambda z, a: ONE if z.value > 0 else Sum((a, ONE)),
    "softplus": _logistic,
}
BRANCHED = frozenset({"relu", "leaky_relu", "elu"})


def _binary(a: Node, t: Node) -> Node:
    return Sum(
        (Negative(Product((t, ln(a)))), Negative(Product((minus(ONE, t), ln(minus(ONE, a))))))
    )


def _near(a: Symbol, t: Symbol) -> bool:
    return abs(a.value - t.value) <= 1.0


def _huber(a: Symbol, t: Symbol) -> Node:
    difference = minus(a, t)
    if _near(a, t):
        return Product((HALF, square(difference)))
    return minus(Function("abs", (difference,)), HALF)


# What one output with target t adds to the loss.
TERM_RULES: dict[str, Rule] = {
    "squared_error": lambda a, t: square(minus(a, t)),
    "half_squared_error": lambda a, t: Product((HALF, square(minus(a, t)))),
    "mean_squared_error": lambda a, t: square(minus(a, t)),
    "absolute_error": lambda a, t: Function("abs", (minus(a, t),)),
    "huber": _huber,
    "binary_cross_entropy": _binary,
    "cross_entropy": lambda a, t: Negative(Product((t, ln(a)))),
}
# dL/da of the sample's loss; `mean_squared_error` divides by the number of outputs elsewhere.
ERROR_RULES: dict[str, Rule] = {
    "squared_error": lambda a, t: Product((TWO, minus(a, t))),
    "half_squared_error": lambda a, t: minus(a, t),
    "mean_squared_error": lambda a, t: Product((TWO, minus(a, t))),
    "absolute_error": lambda a, t: Function("sign", (minus(a, t),)),
    "huber": lambda a, t: minus(a, t) if _near(a, t) else Function("sign", (minus(a, t),)),
    "binary_cross_entropy": lambda a, t: minus(
        Fraction(minus(ONE, t), minus(ONE, a)), Fraction(t, a)
    ),
    "cross_entropy": lambda a, t: Negative(Fraction(t, a)),
}


def averaged(loss: str, outputs: int, rule: Node) -> Node:
    """Divided by the number of outputs where the loss is a mean over them."""
    if loss != "mean_squared_error":
        return rule
    return Product((Fraction(ONE, Constant(float(outputs))), rule))


def stable_binary(z: Symbol, t: Symbol) -> Node:
    """Binary cross-entropy straight from z, for where the activation is rounded to 0 or 1."""
    size = Function("abs", (z,))
    return Sum(
        (
            Function("max", (z, Constant(0.0))),
            Negative(Product((t, z))),
            ln(Sum((ONE, exp(Negative(size))))),
        )
    )


def softmax(count: int, z: Callable[[int | str], Symbol], unit: int | str) -> Node:
    """exp(z[j]) / sum_k exp(z[k])"""
    return Fraction(exp(z(unit)), Series("k", count, exp(z("k")), lambda i: exp(z(i + 1))))
