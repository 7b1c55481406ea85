"""A strict reader of simple CSV files: a header of names, then numbers; nothing is guessed or
repaired.

Text is UTF-8 (with or without a byte order mark); fields are parted by comma, semicolon or tab,
whichever parts the header into the most names. A single target column of text holds the names of
classes.
"""

from __future__ import annotations

import csv
import io
import math
from array import array
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

import numpy as np

from bpgui.datasets.errors import DataError
from bpgui.datasets.files import reason, size_of
from bpgui.datasets.table import Floats, Kind, Table, are_classes, one_hot, table

MOST_BYTES = 256 << 20
MOST_ROWS = 1_000_000
MOST_CLASSES = 1_000
DELIMITERS = ",;\t"


def load_csv(
    path: Path, inputs: Sequence[str], targets: Sequence[str], outputs: int | None = None
) -> Table:
    """The columns named `inputs` and `targets`, one sample a line.

    One target column of text becomes classes, sorted by name: one-hot, or for two classes and
    `outputs` 1 a single column of 0 and 1. One column of whole numbers below `outputs` (from 2) is
    taken for class indices. Numbers have a decimal point. Raises DataError with the line and
    column: ragged lines, text where a number should be, NaN and infinity, unknown columns, and
    files that are missing, unreadable, empty, too large or no text.
    """
    header, lines = _lines(path)
    columns = [_column(path, header, name) for name in (*inputs, *targets)]
    if len(set(columns)) < len(columns):
        _refuse(path, "a column is named twice among the inputs and targets", 1)
    read = _Numbers(path, header)
    numbers = array("d")
    last: list[str] = []
    rows = columns if len(targets) > 1 else columns[:-1]
    count = 0
    for line, cells in lines:
        count += 1
        if count > MOST_ROWS:
            raise DataError(f"has more than {MOST_ROWS:,} samples", str(path))
        numbers.extend(read(line, column, cells[column]) for column in rows)
        if len(targets) == 1:
            last.append(cells[columns[-1]].strip())
            read.line_of.append(line)
    if not count:
        raise DataError("has a header but no samples", str(path))
    values = np.array(numbers).reshape(count, len(rows))
    x, y = values[:, : len(inputs)], values[:, len(inputs) :]
    if len(targets) > 1:
        kind: Kind = "classification" if are_classes(y) else "regression"
        names = tuple(targets) if kind == "classification" else None
    elif _is_number(last[0]):
        y, kind, names = _number_target(read, columns[-1], last, outputs)
    else:
        y, kind, names = _named_classes(read, columns[-1], last, outputs)
    return table(x, y, kind, names, tuple(inputs), _target_names(targets, y, names))


class _Numbers:
    """Reads single cells, and knows where they stand when they cannot be read."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path
        self.header = header
        self.line_of: list[int] = []

    def __call__(self, line: int, column: int, cell: str) -> float:
        text = cell.strip()
        if not _is_number(text):
            told = (
                f"{_short(text)} is no number; write one such as 0.5"
                if text
                else "there is no number"
            )
            self.refuse(line, column, told)
        value = float(text)
        if not math.isfinite(value):
            self.refuse(line, column, f"{_short(text)} is not a finite number")
        return value

    def refuse(self, line: int, column: int, message: str) -> NoReturn:
        _refuse(self.path, message, line, self.header[column])


def column_names(path: Path) -> tuple[str, ...]:
    """What the header names. Raises DataError as load_csv does."""
    header, _ = _lines(path)
    return tuple(header)


def _number_target(
    read: _Numbers, column: int, cells: list[str], outputs: int | None
) -> tuple[Floats, Kind, tuple[str, ...] | None]:
    y = np.array([read(line, column, cell) for line, cell in zip(read.line_of, cells, strict=True)])
    classes = 2 if outputs is None else outputs
    if classes >= 2 and bool(np.isin(y, np.arange(classes)).all()):
        names = tuple(str(i) for i in range(classes))
        return (y[:, None] if outputs is None else one_hot(y, classes)), "classification", names
    kind: Kind = "classification" if are_classes(y[:, None]) else "regression"
    return y[:, None], kind, ("0", "1") if kind == "classification" else None


def _named_classes(
    read: _Numbers, column: int, cells: list[str], outputs: int | None
) -> tuple[Floats, Kind, tuple[str, ...]]:
    if "" in cells:
        read.refuse(read.line_of[cells.index("")], column, "there is no class name")
    names = tuple(sorted(set(cells)))
    if not 2 <= len(names) <= MOST_CLASSES:
        message = f"the column names {len(names):,} classes; 2 to {MOST_CLASSES:,} are read"
        read.refuse(read.line_of[0], column, message)
    place = {name: i for i, name in enumerate(names)}
    indices = np.array([place[cell] for cell in cells])
    if len(names) == 2 and outputs == 1:
        return indices[:, None].astype(np.float64), "classification", names
    return one_hot(indices, len(names)), "classification", names


def _target_names(
    targets: Sequence[str], y: Floats, classes: tuple[str, ...] | None
) -> tuple[str, ...]:
    if y.shape[1] == len(targets):
        return tuple(targets)
    return classes or ()


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def _lines(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The header's names, and of each later line that is not blank its number (from 1) and its
    cells.
    """
    size_of(path, MOST_BYTES)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"is not UTF-8 text (byte {error.start + 1:,})", str(path)) from None
    except OSError as error:
        raise DataError(f"cannot be read: {reason(error)}", str(path)) from None
    if "\0" in text:
        raise DataError("is not text: it holds zero bytes", str(path))
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign))))
    rows = _rows(path, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    _, names = next(rows, (0, []))
    header = [name.strip() for name in names]
    if not any(header):
        raise DataError("is empty: the first line should name the columns", str(path))
    return header, _even(path, header, rows)


def _rows(path: Path, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    line = 0
    try:
        for cells in reader:
            line = reader.line_num  # type: ignore[attr-defined]
            if cells:
                yield line, cells
    except csv.Error as error:
        _refuse(path, f"is no proper CSV: {error}", line + 1)


def _even(
    path: Path, header: list[str], rows: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    for line, cells in rows:
        if len(cells) != len(header):
            _refuse(path, f"has {len(cells)} fields, but the header names {len(header)}", line)
        yield line, cells


def _column(path: Path, header: list[str], name: str) -> int:
    found = header.count(name)
    if found == 0:
        near = get_close_matches(name, header, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(header[:20])}"
        _refuse(path, f"there is no column {_short(name)}; {hint}", 1)
    if found > 1:
        _refuse(path, f"{found} columns are called {_short(name)}; give each its own name", 1)
    return header.index(name)


def _refuse(path: Path, message: str, line: int, column: str = "") -> NoReturn:
    place = f"{path}, line {line}" + (f", column {column}" if column else "")
    raise DataError(message, place)


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
