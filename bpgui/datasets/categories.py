"""Columns of text as numbers: the codes of their names, and a column of 0 and 1 for each name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from bpgui.datasets.table import Floats, Indices

MOST_CLASSES = 1_000
MOST_CATEGORIES = 20  # of one column; each becomes an input of the network

Values: TypeAlias = Mapping[str, Sequence[str]]  # column -> its categories in their order


@dataclass(slots=True)
class Coding:
    """The texts of one column as codes, counted as they appear in `found`. Only those in `known`
    are taken where that is given, and at most `most`."""

    most: int
    known: tuple[str, ...] | None = None
    found: dict[str, int] = field(default_factory=dict)

    def code(self, text: str, markers: Collection[str]) -> int | None:
        """None for what is not taken, as for a gap, which is empty or one of `markers`."""
        code = self.found.get(text)
        if code is None and text and text not in markers and self._takes(text):
            code = self.found.setdefault(text, len(self.found))
        return code

    def _takes(self, text: str) -> bool:
        return len(self.found) < self.most if self.known is None else text in self.known

    def places(self, names: Sequence[str], codes: Floats) -> Indices:
        """For each code (n,) the place of its text among `names`."""
        place = {name: i for i, name in enumerate(names)}
        found = np.array([place[name] for name in self.found], dtype=np.int64)
        return found[codes.astype(np.int64)]


def category_name(column: str, value: str) -> str:
    """What the input is called that is 1 where a column holds a value, else 0."""
    return f"{column} = {value}"


def spread_names(columns: Sequence[str], values: Values) -> tuple[str, ...]:
    """What inputs are called, columns of categories by each of these."""
    return tuple(
        category_name(column, value) if value is not None else column
        for column in columns
        for value in values.get(column, (None,))
    )


def spread(
    x: Floats, columns: Sequence[str], codings: Mapping[str, Coding], values: Values
) -> Floats:
    """The inputs (n, names) that `spread_names` calls, of `x` (n, columns) with codes in columns of
    categories."""
    if not values:
        return x
    result = np.zeros((len(x), len(spread_names(columns, values))))
    start, rows = 0, np.arange(len(x))
    for column, cells in zip(columns, x.T, strict=True):
        if column in values:
            result[rows, start + codings[column].places(values[column], cells)] = 1.0
        else:
            result[:, start] = cells
        start += len(values.get(column, (None,)))
    return result
