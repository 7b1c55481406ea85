"""What a CSV file holds, column by column, for a person who decides how it is read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from bpgui.datasets.categories import MOST_CATEGORIES, MOST_CLASSES
from bpgui.datasets.csv_cells import is_whole
from bpgui.datasets.csv_format import CsvFormat, number
from bpgui.datasets.csv_lines import CsvLines
from bpgui.datasets.errors import DataError
from bpgui.datasets.watching import Watch, unwatched

ColumnKind: TypeAlias = Literal["number", "classes", "text", "empty"]
Role: TypeAlias = Literal["input", "target", "ignore"]

ROWS_SHOWN = 100
SURVEYED = 2 << 20  # characters; of a larger file the beginning stands for the rest
MARKERS = ("", "?", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "-", ".")
MOSTLY = 0.5  # of the cells that are no gaps: above this share of numbers it is a number column
FEW = 20  # whole numbers that may be classes
TARGET_NAMES = ("class", "target", "label", "species", "outcome", "y")


@dataclass(frozen=True, slots=True)
class Column:
    """`low` and `high` are those of the numbers, `counts` those of each text, most frequent first,
    None where there are too many. `fault` is the first cell that does not fit the kind: its line
    and text."""

    name: str
    kind: ColumnKind
    cells: int
    low: float
    high: float
    mean: float
    counts: tuple[tuple[str, int], ...] | None
    gaps: int
    markers: tuple[str, ...]
    counting: bool
    fault: tuple[int, str] | None

    @property
    def constant(self) -> bool:
        """Whether all cells say the same, which teaches a network nothing."""
        return (
            self.cells > 1 and self.counts is not None and len(self.counts) == 1 and not self.gaps
        )

    @property
    def may_be_classes(self) -> bool:
        return self.counts is not None and 2 <= len(self.counts) <= MOST_CLASSES

    @property
    def may_be_categories(self) -> bool:
        """Whether its texts are few enough for an input each."""
        return self.may_be_classes and len(self.counts or ()) <= MOST_CATEGORIES

    @property
    def repeated(self) -> bool:
        """Whether a text stands in two rows or more on the average."""
        return self.counts is not None and 2 * len(self.counts) <= self.cells - self.gaps

    @property
    def few_whole_numbers(self) -> bool:
        """Whether the numbers may stand for classes."""
        whole = self.kind == "number" and self.may_be_classes and self.fault is None
        return (
            whole
            and self.counts is not None
            and len(self.counts) <= min(FEW, max(2, self.cells // 5))
            and all(is_whole(text) for text, _ in self.counts)
        )


@dataclass(frozen=True, slots=True)
class Survey:
    """The first `rows` as text, and every column by the first `surveyed` rows, which are all where
    `complete`. `fault` is what ended the survey, before which the file could be read."""

    format: CsvFormat
    size: int
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    surveyed: int
    complete: bool
    fault: DataError | None = None


def surveyed(path: Path, format: CsvFormat, watch: Watch = unwatched) -> Survey:
    """Reads the beginning of the file, through the reader that training uses.

    Raises DataError where not even a first row can be read.
    """
    lines = CsvLines(path, format, watch)
    found = [_Found(name, format.decimal) for name in lines.header]
    rows: list[tuple[str, ...]] = []
    count, complete, fault = 0, True, None
    try:
        for line, cells in _first_rows(lines):
            if line == 0:
                complete = False
                break
            count += 1
            if len(rows) < ROWS_SHOWN:
                rows.append(tuple(cells))
            for column, cell in zip(found, cells, strict=True):
                column.add(line, cell.strip())
    except DataError as error:
        if not rows:
            raise
        complete, fault = False, error
    finally:
        lines.close()
    columns = tuple(column.told(count) for column in found)
    return Survey(format, lines.size, columns, tuple(rows), count, complete, fault)


def _first_rows(lines: CsvLines) -> Iterator[tuple[int, list[str]]]:
    """Numbers and cells of as many lines as a survey looks at; a line 0 stands for the rest."""
    room = SURVEYED
    for block in lines.blocks():
        if room <= 0:
            yield 0, []
            return
        yield from lines.rows(block)
        room -= len(block.text)


@dataclass(slots=True)
class _Found:
    """What the cells of one column have been so far."""

    name: str
    decimal: str
    numbers: int = 0
    low: float = math.inf
    high: float = -math.inf
    total: float = 0.0
    last: float = math.nan
    counting: bool = True
    others: int = 0
    counts: Counter[str] | None = field(default_factory=Counter)
    gaps: Counter[str] = field(default_factory=Counter)
    text: tuple[int, str] | None = None
    infinite: tuple[int, str] | None = None

    def add(self, line: int, cell: str) -> None:
        if cell in MARKERS:
            self.gaps[cell] += 1
            return
        if self.counts is not None:
            self.counts[cell] += 1
            if len(self.counts) > MOST_CLASSES:
                self.counts = None
        value = number(cell, self.decimal)
        if value is None:
            self.others += 1
            self.text = self.text or (line, cell)
        elif not math.isfinite(value):
            self.infinite = self.infinite or (line, cell)
            self.numbers += 1
        else:
            self.numbers += 1
            self.counting = self.counting and (self.numbers == 1 or value == self.last + 1)
            self.last = value
            self.low, self.high = min(self.low, value), max(self.high, value)
            self.total += value

    def told(self, cells: int) -> Column:
        kind = self._kind()
        first = [text for text in (self.text, self.infinite) if text is not None]
        fault = min(first, default=None) if kind == "number" else None
        counting = kind == "number" and self.counting and self.low in (0, 1) and self.numbers > 2
        return Column(
            self.name,
            kind,
            cells,
            self.low,
            self.high,
            self.total / max(1, self.numbers),
            None if self.counts is None else tuple(self.counts.most_common()),
            sum(self.gaps.values()),
            tuple(sorted(self.gaps)),
            counting,
            fault,
        )

    def _kind(self) -> ColumnKind:
        if self.numbers + self.others == 0:
            return "empty"
        if self.numbers > MOSTLY * (self.numbers + self.others):
            return "number"
        repeated = self.counts is not None and 2 * len(self.counts) <= self.others
        return "classes" if repeated or self._few() else "text"

    def _few(self) -> bool:
        return self.counts is not None and len(self.counts) <= FEW


def guessed_roles(columns: tuple[Column, ...]) -> tuple[Role, ...]:
    """What says nothing is ignored; the target is the last column that is called so, else the only
    column of classes, else the last one; all other numbers and categories are inputs."""
    useful = [i for i, column in enumerate(columns) if _is_useful(column)]
    classes = [i for i in useful if columns[i].kind == "classes" and columns[i].may_be_classes]
    called = [i for i in useful if columns[i].name.casefold() in TARGET_NAMES]
    numbers = [i for i in useful if columns[i].kind == "number"]
    categories = [i for i in classes if columns[i].may_be_categories and columns[i].repeated]
    roles: list[Role] = ["ignore"] * len(columns)
    for i in (*numbers, *categories):
        roles[i] = "input"
    for i in (called or classes[: len(classes) == 1] or sorted((*numbers, *classes)))[-1:]:
        roles[i] = "target"
    return tuple(roles)


def _is_useful(column: Column) -> bool:
    return not column.constant and not column.counting and column.kind in ("number", "classes")


def unequal(columns: tuple[Column, ...]) -> bool:
    """Whether the ranges of number columns differ so much, or lie so far from 0, that scaling
    helps."""
    if not columns:
        return False
    largest = [max(abs(column.low), abs(column.high)) for column in columns]
    return max(largest) > 2.0 or max(largest) > 10 * max(min(largest), 1e-12)
