"""What a node of a computation graph can do: its value, and its derivative for each operand.

Where a function has no derivative, a number from its subdifferential stands in, as in PyTorch: 0
for relu and abs at 0, and equal shares among the operands of max or min that tie.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = Callable[[Sequence[float]], float]
Slopes: TypeAlias = Callable[[Sequence[float], float], tuple[float, ...]]

LARGEST = "1.8e308"


class DomainError(ValueError):
    """The operation has no value here: the message says what it was given, `remedy` what it takes
    where that is not plain."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Operation:
    """`value` of the operands, and `slopes` of the operands and the value: one local derivative per
    operand. `least` and `most` are the numbers of operands (None: any). `kink` tells what is used
    where there is no derivative, or is empty."""

    value: Value
    slopes: Slopes
    least: int = 1
    most: int | None = 1
    kink: Callable[[Sequence[float]], str] = lambda operands: ""


def _divide(x: Sequence[float]) -> float:
    if x[1] == 0.0:
        raise DomainError("division by zero")
    return x[0] / x[1]


def _power(x: Sequence[float]) -> float:
    base, exponent = x
    if base == 0.0 and exponent < 0.0:
        raise DomainError(f"0 to the power {_shown(exponent)} divides by zero")
    if base < 0.0 and not exponent.is_integer():
        raise DomainError(
            f"{_shown(base)} to the power {_shown(exponent)} is no real number",
            "a negative base takes whole exponents",
        )
    return float(base**exponent)


def _power_slopes(x: Sequence[float], value: float) -> tuple[float, float]:
    base, exponent = x
    by_exponent = math.nan if base < 0.0 else 0.0 if base == 0.0 else value * math.log(base)
    return _power_slope(base, exponent), by_exponent


def _power_slope(base: float, exponent: float) -> float:
    if exponent == 0.0:
        return 0.0
    try:
        return exponent * float(base ** (exponent - 1.0))
    except (OverflowError, ZeroDivisionError):
        odd = base < 0.0 and exponent % 2.0 == 0.0
        return math.copysign(math.inf, -exponent if odd else exponent)


def _log(x: Sequence[float]) -> float:
    if x[0] <= 0.0:
        raise DomainError(f"log of {_shown(x[0])}", "log takes numbers above zero")
    return math.log(x[0])


def _sqrt(x: Sequence[float]) -> float:
    if x[0] < 0.0:
        raise DomainError(f"sqrt of {_shown(x[0])}", "sqrt takes zero and numbers above")
    return math.sqrt(x[0])


def _sigmoid(x: Sequence[float]) -> float:
    if x[0] >= 0.0:
        return 1.0 / (1.0 + math.exp(-x[0]))
    power = math.exp(x[0])
    return power / (1.0 + power)


def _inverse(number: float) -> float:
    return math.inf if number == 0.0 else 1.0 / number


def _shares(x: Sequence[float], value: float) -> tuple[float, ...]:
    chosen = [float(operand == value) for operand in x]
    return tuple(one / sum(chosen) for one in chosen)


def _at_zero(text: str) -> Callable[[Sequence[float]], str]:
    return lambda x: text if x[0] == 0.0 else ""


def _tie(name: str, chosen: Value) -> Callable[[Sequence[float]], str]:
    def told(x: Sequence[float]) -> str:
        count = list(x).count(chosen(x))
        shared = f"{name} has a kink where operands tie: the gradient is shared equally among them"
        return shared if count > 1 else ""

    return told


def _shown(number: float) -> str:
    return f"{number:.6g}"


OPERATIONS: dict[str, Operation] = {
    "+": Operation(lambda x: x[0] + x[1], lambda x, f: (1.0, 1.0), 2, 2),
    "-": Operation(lambda x: x[0] - x[1], lambda x, f: (1.0, -1.0), 2, 2),
    "*": Operation(lambda x: x[0] * x[1], lambda x, f: (x[1], x[0]), 2, 2),
    "/": Operation(_divide, lambda x, f: (_inverse(x[1]), -(f / x[1])), 2, 2),
    "**": Operation(_power, _power_slopes, 2, 2),
    "negate": Operation(lambda x: -x[0], lambda x, f: (-1.0,)),
    "exp": Operation(lambda x: math.exp(x[0]), lambda x, f: (f,)),
    "log": Operation(_log, lambda x, f: (_inverse(x[0]),)),
    "sqrt": Operation(_sqrt, lambda x, f: (_inverse(2.0 * f),)),
    "sin": Operation(lambda x: math.sin(x[0]), lambda x, f: (math.cos(x[0]),)),
    "cos": Operation(lambda x: math.cos(x[0]), lambda x, f: (-math.sin(x[0]),)),
    "tanh": Operation(lambda x: math.tanh(x[0]), lambda x, f: (1.0 - f * f,)),
    "sigmoid": Operation(_sigmoid, lambda x, f: (f * (1.0 - f),)),
    "relu": Operation(
        lambda x: max(x[0], 0.0),
        lambda x, f: (float(x[0] > 0.0),),
        kink=_at_zero("relu has a kink at 0: the derivative is taken as 0"),
    ),
    "abs": Operation(
        lambda x: abs(x[0]),
        lambda x, f: (math.copysign(1.0, x[0]) if x[0] else 0.0,),
        kink=_at_zero("abs has a kink at 0: the derivative is taken as 0"),
    ),
    "max": Operation(max, _shares, least=2, most=None, kink=_tie("max", max)),
    "min": Operation(min, _shares, least=2, most=None, kink=_tie("min", min)),
}

FUNCTIONS = tuple(name for name in OPERATIONS if name.isalpha() and name != "negate")
