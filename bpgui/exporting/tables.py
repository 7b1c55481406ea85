"""Tables as CSV: a head, a row for each entry, every digit, and an empty cell for what is not a
number."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Table: TypeAlias = Mapping[str, NDArray[Any]]


ROWS = 4096  # written at a time: a table as text takes many times its memory


def csv_of(table: Table) -> bytes:
    """UTF-8 with a point in numbers, whatever the country; all columns (n,) are equally long."""
    length = len(next(iter(table.values())))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table)
    for first in range(0, length, ROWS):
        cells = [_cells(column[first : first + ROWS]) for column in table.values()]
        writer.writerows(zip(*cells, strict=True))
    return text.getvalue().encode()


def _cells(column: NDArray[Any]) -> list[str]:
    values = column.tolist()
    if column.dtype.kind != "f":
        return [str(value) for value in values]
    return ["" if value != value else repr(value) for value in values]


def joined(parts: Mapping[str, tuple[NDArray[np.int64], NDArray[Any]]], key: str) -> Table:
    """Columns of pairs (keys, values) side by side on all keys there are, ascending; NaN where a
    column has nothing."""
    keys = np.unique(np.concatenate([keys for keys, _ in parts.values()]))
    table: dict[str, NDArray[Any]] = {key: keys}
    for name, (at, values) in parts.items():
        table[name] = np.full(len(keys), np.nan)
        table[name][np.searchsorted(keys, at)] = values
    return table
