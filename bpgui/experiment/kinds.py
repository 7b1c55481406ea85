"""The kinds of values that a field of a preset can hold.

Each kind reads a raw value, which is one of JSON's or one that is read already, and describes
itself as JSON Schema. What cannot be read is added to the findings, so that all that is wrong with
a file is found at once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from math import inf, isfinite
from sys import float_info
from typing import Any, Literal, NamedTuple, TypeAlias

Location: TypeAlias = tuple[str | int, ...]
Definitions: TypeAlias = dict[str, Any]  # parts of the schema that others refer to, by their names


class Finding(NamedTuple):
    """What is wrong with the value that was `given`.

    `fault` "tag" stands for an object that does not say by its field `tag` which kind of object it
    is. The location holds the names of the kinds of objects, too, each after the object's place.
    """

    at: Location
    given: Any
    fault: Literal["value", "missing", "unknown", "tag"] = "value"
    tag: str = ""


class Kind(ABC):
    @abstractmethod
    def read(self, raw: Any, at: Location, found: list[Finding]) -> Any:
        """The value; anything where it cannot be read, which is added to `found`."""

    def read_all(self, raw: Sequence[Any], at: Location, found: list[Finding]) -> tuple[Any, ...]:
        return tuple([self.read(value, (*at, i), found) for i, value in enumerate(raw)])

    @abstractmethod
    def schema(self, definitions: Definitions) -> dict[str, Any]: ...


class Flag(Kind):
    def read(self, raw: Any, at: Location, found: list[Finding]) -> Any:
        if not isinstance(raw, bool):
            found.append(Finding(at, raw))
        return raw

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        return {"type": "boolean"}


class Whole(Kind):
    """A whole number from `least` to `most`, or below `below`; it may be written 2 or 2.0."""

    def __init__(self, least: int, most: float = inf, below: float = inf) -> None:
        self.least, self.most, self.below = least, most, below

    def read(self, raw: Any, at: Location, found: list[Finding]) -> Any:
        value = int(raw) if isinstance(raw, float) and raw.is_integer() else raw
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if not (is_whole and self.least <= value <= self.most and value < self.below):
            found.append(Finding(at, raw))
        return value

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        bounds = {"maximum": self.most, "exclusiveMaximum": self.below}
        return {"type": "integer", "minimum": self.least} | _finite(bounds)


class Real(Kind):
    """A finite number: `least` or more, above `above`, and below `below`."""

    def __init__(self, least: float = -inf, above: float = -inf, below: float = inf) -> None:
        self.least, self.above, self.below = least, above, below

    def read(self, raw: Any, at: Location, found: list[Finding]) -> Any:
        is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
        if is_number and abs(raw) <= float_info.max:
            value = float(raw)
            if value >= self.least and self.above < value < self.below:
                return value
        found.append(Finding(at, raw))
        return raw

    def read_all(self, raw: Sequence[Any], at: Location, found: list[Finding]) -> tuple[Any, ...]:
        """Quickly, as lists of numbers can be huge."""
        free = self.least == self.above == -self.below
        if free and set(map(type, raw)) <= {float} and all(map(isfinite, raw)):
            return tuple(raw)
        return super().read_all(raw, at, found)

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        bounds = {
            "minimum": self.least,
            "exclusiveMinimum": self.above,
            "exclusiveMaximum": self.below,
        }
        return {"type": "number"} | _finite(bounds)


class Text(Kind):
    """Of so many characters. `names` are those that make sense, which is left to others to
    check."""

    def __init__(self, least: int = 0, most: float = inf, names: Sequence[str] = ()) -> None:
        self.least, self.most, self.names = least, most, names

    def read(self, raw: Any, at: Location, found: list[Finding]) -> Any:
        if not (isinstance(raw, str) and self.least <= len(raw) <= self.most and _is_readable(raw)):
            found.append(Finding(at, raw))
        return raw

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        names = {"enum": list(self.names)} if self.names else {}
        return {"type": "string"} | names | _lengths("Length", self.least, self.most)


class Choice(Kind):
    """One of some values, all texts or all whole numbers."""

    def __init__(self, *values: str | int) -> None:
        self.values = values

    def read(self, raw: Any, at: Location, found: list[Finding]) -> Any:
        for value in self.values:
            if raw == value and not isinstance(raw, bool):
                return value
        found.append(Finding(at, raw))
        return raw

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        first, *others = self.values
        values = {"enum": list(self.values)} if others else {"const": first}
        return {"type": "string" if isinstance(first, str) else "integer"} | values


class Items(Kind):
    """From `least` to `most` values of one kind, in memory a tuple."""

    def __init__(self, item: Kind, least: int = 0, most: float = inf) -> None:
        self.item, self.least, self.most = item, least, most

    def read(self, raw: Any, at: Location, found: list[Finding]) -> Any:
        if not (isinstance(raw, list | tuple) and self.least <= len(raw) <= self.most):
            found.append(Finding(at, raw))
            return raw
        return self.item.read_all(raw, at, found)

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        lengths = _lengths("Items", self.least, self.most)
        return {"type": "array", "items": self.item.schema(definitions)} | lengths


class NestedOrFlat(Kind):
    """Either of two kinds of lists: one of lists, and one of what is no list."""

    def __init__(self, nested: Kind, flat: Kind) -> None:
        self.nested, self.flat = nested, flat

    def read(self, raw: Any, at: Location, found: list[Finding]) -> Any:
        is_nested = isinstance(raw, list | tuple) and raw and isinstance(raw[0], list | tuple)
        return (self.nested if is_nested else self.flat).read(raw, at, found)

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        return {"anyOf": [kind.schema(definitions) for kind in (self.nested, self.flat)]}


class OrNone(Kind):
    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def read(self, raw: Any, at: Location, found: list[Finding]) -> Any:
        return None if raw is None else self.kind.read(raw, at, found)

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        return {"anyOf": [self.kind.schema(definitions), {"type": "null"}]}


def _is_readable(text: str) -> bool:
    """Whether there are no halves of letters in it, which cannot be written to a file."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def _finite(bounds: dict[str, float]) -> dict[str, float]:
    return {name: bound for name, bound in bounds.items() if isfinite(bound)}


def _lengths(of: str, least: int, most: float) -> dict[str, float]:
    return ({f"min{of}": least} if least else {}) | _finite({f"max{of}": most})
