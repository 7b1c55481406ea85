"""Printed digits beside computed numbers: how far apart they may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

SINGLE = 1e-12
LONG = 1e-9


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: its printed digits by name, those of long runs apart, and how to compute
    all of them."""

    system: str
    title: str
    compute: Callable[[], Mapping[str, float]]
    digits: Mapping[str, str]
    after_long_runs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One published number and ours; `allowed` is the difference up to which they agree."""

    name: str
    printed: str
    actual: float
    allowed: float

    @property
    def difference(self) -> float:
        return self.actual - float(self.printed)

    @property
    def agrees(self) -> bool:
        return abs(self.difference) <= self.allowed


def compare(example: Example) -> Iterator[Comparison]:
    """Every number of an example, computed now."""
    actual = example.compute()
    for relative, digits in ((SINGLE, example.digits), (LONG, example.after_long_runs)):
        for name, text in digits.items():
            yield Comparison(name, text, actual[name], allowed(text, relative))


def allowed(text: str, relative: float) -> float:
    """How far a number may be from one printed as `text`."""
    exponent = Decimal(text).as_tuple().exponent
    assert isinstance(exponent, int)  # a published number is finite
    return max(relative * abs(float(text)), float(Decimal(5).scaleb(exponent - 1)))
