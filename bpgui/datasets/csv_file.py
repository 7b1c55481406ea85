"""Samples from a CSV file: what is asked for is read to the last digit or refused with its place;
nothing is guessed or repaired.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn, TypeAlias

import numpy as np

from bpgui.datasets.categories import Coding, spread, spread_names
from bpgui.datasets.csv_cells import CsvCells, Gap, in_order, short
from bpgui.datasets.csv_format import PLAIN, CsvFormat
from bpgui.datasets.csv_lines import CsvLines
from bpgui.datasets.errors import DataError
from bpgui.datasets.scaling import Scaling, scaled_in_place
from bpgui.datasets.table import Floats, Kind, Table, are_classes, one_hot, split, table
from bpgui.datasets.watching import Watch, unwatched

Answer: TypeAlias = tuple[Floats, Kind, tuple[str, ...] | None]


@dataclass(frozen=True, slots=True)
class CsvRequest:
    """Which columns are wanted, and how they become samples.

    `classes` are the names of the one target column in their order; None takes a column of text for
    classes in order, and numbers for numbers, or for classes too where they are `named`.
    `categories` are the inputs that hold text, with the values of each in their order, or None for
    those that are found; each value becomes an input of 0 and 1, which is not scaled. `missing`
    is what becomes of a cell that is one of `markers`: "refuse"; "drop" leaves its row out; "mean"
    and "median" fill a number with that of the training samples. `checksum` and `size`, where
    given, must be those of the file.
    """

    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    format: CsvFormat = PLAIN
    markers: tuple[str, ...] = ("",)
    missing: str = "refuse"
    classes: tuple[str, ...] | None = None
    named: bool = False
    categories: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    scaling: Scaling | None = None
    target_scaling: Scaling | None = None
    test_fraction: float = 0.0
    seed: int = 0
    checksum: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class CsvSamples:
    """The samples, and the request with every number that reading has found: the same request
    gives the same samples again. `dropped` rows were left out, `filled` cells filled."""

    table: Table
    request: CsvRequest
    dropped: int = 0
    filled: int = 0


def load_csv(
    path: Path,
    request: CsvRequest,
    outputs: int | None = None,
    watch: Watch = unwatched,
) -> CsvSamples:
    """The columns that are asked for, one sample a line.

    One target column of classes becomes one-hot, or for two classes and `outputs` 1 a single column
    of 0 and 1. One column of whole numbers below `outputs` (from 2) is taken for class indices.
    Raises DataError with the line and column: ragged lines, text where a number should be, NaN and
    infinity, unknown columns, and files that are missing, unreadable, empty, too large, no text, or
    not those that they were.
    """
    try:
        lines, cells = _read(path, request, watch)
    except DataError as error:
        if error.missing or error.changed or _is_same(path, request):
            raise
        raise _changed(path, error.message) from None
    if not len(cells.inputs):
        told = "has a header but no samples" if request.format.header else "has no samples"
        raise DataError(told, str(path))
    x, y, dropped, filled = _without_gaps(cells, request)
    y, kind, names = _answers(cells, y, request, outputs)
    values = _categories(cells, request)
    x = spread(x, request.inputs, _codings(cells, request), values)
    inputs = spread_names(request.inputs, values)
    train = split(len(x), request.test_fraction, request.seed)[0]
    found = replace(request, categories=values, checksum=lines.checksum, size=lines.size)
    if request.scaling is not None:
        left = {i for i, name in enumerate(inputs) if name not in request.inputs}
        found = replace(found, scaling=scaled_in_place(request.scaling, x, train, left))
    if request.target_scaling is not None and names is None:
        found = replace(found, target_scaling=scaled_in_place(request.target_scaling, y, train))
    if cells.names is not None:
        found = replace(found, classes=names)
    targets = request.targets if y.shape[1] == len(request.targets) else names or ()
    return CsvSamples(table(x, y, kind, names, inputs, targets), found, dropped, filled)


def column_names(path: Path, format: CsvFormat = PLAIN) -> tuple[str, ...]:
    """What the header names. Raises DataError as load_csv does."""
    lines = CsvLines(path, format)
    lines.close()
    return tuple(lines.header)


def checksum_of(path: Path) -> str:
    """SHA-256 of a file, which takes a hundredth of the time that reading its samples takes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(path: Path, request: CsvRequest, watch: Watch) -> tuple[CsvLines, CsvCells]:
    lines = CsvLines(path, request.format, watch)
    try:
        _refuse_other_size(lines, request)
        columns, named = _columns(lines, request), _classes_wanted(request)
        cells = CsvCells(lines, columns, len(request.inputs), request, named)
        cells.read()
    finally:
        lines.close()
    if request.checksum not in (None, lines.checksum):
        raise _changed(path, "its content is not the same")
    return lines, cells


def _is_same(path: Path, request: CsvRequest) -> bool:
    """Whether a file with a fault is the one that was chosen, as far as that is known."""
    if request.checksum is None or not path.is_file():
        return True
    return checksum_of(path) == request.checksum


def _refuse_other_size(lines: CsvLines, request: CsvRequest) -> None:
    if request.size not in (None, lines.size):
        raise _changed(lines.path, f"it had {request.size:,} bytes and has {lines.size:,} now")


def _changed(path: Path, how: str) -> DataError:
    return DataError(f"has changed since it was chosen: {how}", str(path), changed=True)


def _columns(lines: CsvLines, request: CsvRequest) -> list[int]:
    places: dict[str, list[int]] = {}
    for i, name in enumerate(lines.header):
        places.setdefault(name, []).append(i)
    columns = [_column(lines, places, name) for name in (*request.inputs, *request.targets)]
    if len(set(columns)) < len(columns):
        lines.refuse("a column is named twice among the inputs and targets", 1)
    return columns


def _column(lines: CsvLines, places: dict[str, list[int]], name: str) -> int:
    found = places.get(name, [])
    if not found:
        near = get_close_matches(name, places, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(lines.header[:20])}"
        lines.refuse(f"there is no column {short(name)}; {hint}", 1)
    if len(found) > 1:
        lines.refuse(f"{len(found)} columns are called {short(name)}; give each its own name", 1)
    return found[0]


def _classes_wanted(request: CsvRequest) -> bool | None:
    """Whether the last target column holds class names; None where its first cell tells."""
    if len(request.targets) > 1:
        return False
    return True if request.named or request.classes is not None else None


# --- gaps -----------------------------------------------------------------------------------------


def _without_gaps(cells: CsvCells, request: CsvRequest) -> tuple[Floats, Floats, int, int]:
    """Inputs and targets without gaps, how many rows were left out, how many cells filled."""
    x, y, gaps = cells.inputs, cells.targets, cells.gaps
    if not gaps.count:
        return x, y, 0, 0
    if request.missing == "refuse":
        hint = "leave such rows out or fill the gaps"
        _refuse_gaps(cells, gaps.first, gaps.count, hint)
    if request.missing == "drop":
        whole = ~(np.isnan(x).any(axis=1) | np.isnan(y).any(axis=1))
        if not whole.any():
            raise DataError("has a gap in every row, so none is left", str(cells.lines.path))
        return x[whole], y[whole], int((~whole).sum()), 0
    if gaps.other_count:
        noun = "category" if gaps.first_others[0].column in request.categories else "target"
        hint = f"a {noun} cannot be filled, so leave such rows out"
        _refuse_gaps(cells, gaps.first_others, gaps.other_count, hint)
    return x, y, 0, _filled(cells, x, request)


def _refuse_gaps(cells: CsvCells, gaps: Sequence[Gap], count: int, hint: str) -> NoReturn:
    first, *others = gaps
    also = ", ".join(f"{gap.line:,} ({gap.column})" for gap in others)
    rest = f"; nor in lines {also}" if also else ""
    rest += f" and {count - len(gaps):,} more places" if count > len(gaps) else ""
    noun = cells.noun_of(first.column)
    cells.lines.refuse(f"there is no {noun}{rest}; {hint}", first.line, first.column)


FILLS: dict[str, Callable[[Floats], float]] = {
    "mean": lambda values: float(values.mean()),
    "median": lambda values: float(np.median(values)),
}


def _filled(cells: CsvCells, x: Floats, request: CsvRequest) -> int:
    """Fills gaps in `x` with the training samples' mean or median; how many there were."""
    train = split(len(x), request.test_fraction, request.seed)[0]
    count = 0
    for j in np.flatnonzero(np.isnan(x).any(axis=0)):
        gaps = np.isnan(x[:, j])
        known = x[train, j][~gaps[train]]
        if not len(known):
            told = f"has no number for training in column {request.inputs[j]}; leave it out"
            raise DataError(told, str(cells.lines.path))
        x[gaps, j] = FILLS[request.missing](known)
        count += int(gaps.sum())
    return count


# --- categories -----------------------------------------------------------------------------------


def _codings(cells: CsvCells, request: CsvRequest) -> dict[str, Coding]:
    """Those of the inputs that hold categories."""
    return {name: cells.codings[i] for i, name in enumerate(request.inputs) if i in cells.codings}


def _categories(cells: CsvCells, request: CsvRequest) -> dict[str, tuple[str, ...]]:
    """The values of each such input, those that the request leaves open by the alphabet."""
    values: dict[str, tuple[str, ...]] = {}
    for column, coding in _codings(cells, request).items():
        values[column] = coding.known or in_order(coding.found)
        if len(values[column]) < 2:
            told = f"every sample says {short(values[column][0])}; leave the column out"
            cells.lines.refuse_column(told, column)
    return values


# --- answers --------------------------------------------------------------------------------------


def _answers(cells: CsvCells, y: Floats, request: CsvRequest, outputs: int | None) -> Answer:
    if cells.names is not None:
        return _named_classes(cells, y[:, 0], request, outputs)
    if len(request.targets) > 1:
        kind: Kind = "classification" if are_classes(y) else "regression"
        return y, kind, request.targets if kind == "classification" else None
    return _number_target(y[:, 0], outputs)


def _number_target(y: Floats, outputs: int | None) -> Answer:
    classes = 2 if outputs is None else outputs
    if classes >= 2 and bool(np.isin(y, np.arange(classes)).all()):
        names = tuple(str(i) for i in range(classes))
        return (y[:, None] if outputs is None else one_hot(y, classes)), "classification", names
    kind: Kind = "classification" if are_classes(y[:, None]) else "regression"
    return y[:, None], kind, ("0", "1") if kind == "classification" else None


def _named_classes(
    cells: CsvCells, codes: Floats, request: CsvRequest, outputs: int | None
) -> Answer:
    """Codes count names in the order of their first appearance."""
    assert cells.names is not None
    names = request.classes or in_order(cells.names)
    if len(names) < 2:
        told = f"every sample is of the class {short(names[0])}; expected 2 classes or more"
        cells.lines.refuse_column(told, request.targets[0])
    indices = cells.codings[len(request.inputs)].places(names, codes)
    if len(names) == 2 and outputs == 1:
        return indices[:, None].astype(np.float64), "classification", names
    return one_hot(indices, len(names)), "classification", names
