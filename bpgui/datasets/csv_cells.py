"""From lines to numbers: block by block, quickly where all is plain and with care where it is not.

NumPy's own reader does the quick part. What it cannot read, or might read more generously than
is meant here, goes through `careful`, which tells gaps from faults and names the place of each.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

import numpy as np

from bpgui.datasets.categories import MOST_CATEGORIES, MOST_CLASSES, Coding
from bpgui.datasets.csv_format import SPACE, CsvFormat, number
from bpgui.datasets.csv_lines import Block, CsvLines
from bpgui.datasets.errors import DataError
from bpgui.datasets.table import Floats

MOST_ROWS = 20_000_000
GAPS_TOLD = 10
NAMES_TOLD = 20
GAP = "\x02"  # stands for a cell without a value
POINT = "\x01"  # stands for a decimal point where commas begin decimals


class Gap(NamedTuple):
    line: int
    column: str
    is_number: bool  # of an input; what else is missing cannot be filled


@dataclass(slots=True)
class Gaps:
    """How many cells hold no value, and which are the first, all in all and of those that cannot
    be filled."""

    count: int = 0
    other_count: int = 0
    first: list[Gap] = field(default_factory=list)
    first_others: list[Gap] = field(default_factory=list)

    def add(self, gap: Gap) -> None:
        self.count += 1
        self.other_count += not gap.is_number
        for wanted, kept in ((True, self.first), (not gap.is_number, self.first_others)):
            if wanted and len(kept) < GAPS_TOLD:
                kept.append(gap)


class Asked(Protocol):
    """What a request says of cells."""

    @property
    def format(self) -> CsvFormat: ...
    @property
    def markers(self) -> tuple[str, ...]: ...
    @property
    def classes(self) -> tuple[str, ...] | None: ...
    @property
    def categories(self) -> Mapping[str, tuple[str, ...] | None]: ...


class CsvCells:
    """Reads `columns` of `lines`, of which the first `inputs` are inputs.

    Afterwards `inputs` (n, inputs) and `targets` (n, targets) hold the numbers, NaN where there
    is a gap. Columns of names, which are those of categories and the last one where it is `named`
    or names are found there, hold codes, which `codings` tells by their places.
    """

    def __init__(
        self, lines: CsvLines, columns: list[int], inputs: int, asked: Asked, named: bool | None
    ) -> None:
        self.lines = lines
        self.codings: dict[int, Coding] = {}
        self.gaps = Gaps()
        self._undecided = named is None
        self._columns, self._width = columns, len(lines.header)
        self._asked, self._decimal = asked, asked.format.decimal
        self._split = inputs
        self._x, self._y = array("d"), array("d")
        for i, column in enumerate(columns[:inputs]):
            if lines.header[column] in asked.categories:
                known = asked.categories[lines.header[column]]
                self.codings[i] = Coding(MOST_CATEGORIES, known)
        if named:
            self._take_names()
        sign = re.escape(lines.delimiter)
        self._quoted = re.compile(rf'(?:^|(?<={sign}))"[^"{sign}\n]*"(?=$|{sign})', re.MULTILINE)

    @property
    def inputs(self) -> Floats:
        return np.frombuffer(self._x).reshape(-1, self._split)

    @property
    def targets(self) -> Floats:
        return np.frombuffer(self._y).reshape(-1, len(self._columns) - self._split)

    @property
    def names(self) -> dict[str, int] | None:
        """The codes of class names in the last column, None where that holds numbers."""
        coding = self.codings.get(len(self._columns) - 1)
        return None if coding is None else coding.found

    def _take_names(self) -> None:
        self.codings[len(self._columns) - 1] = Coding(MOST_CLASSES, self._asked.classes)

    def read(self) -> None:
        for block in self.lines.blocks():
            if self._undecided:
                self._decide(block)
            values = self._quick(block)
            if values is None:
                values = self._careful(block)
            self._x.frombytes(_bytes(values[:, : self._split]))
            self._y.frombytes(_bytes(values[:, self._split :]))
            if len(self._y) > MOST_ROWS * (len(self._columns) - self._split):
                raise DataError(f"has more than {MOST_ROWS:,} samples", str(self.lines.path))

    def _decide(self, block: Block) -> None:
        """Whether the last column holds names, by its first cell that is no gap."""
        for _, cells in self.lines.rows(block):
            text = cells[self._columns[-1]].strip()
            if text and text not in self._asked.markers:
                self._undecided = False
                if number(text, self._decimal) is None:
                    self._take_names()
                return

    # --- quickly --------------------------------------------------------------------------------

    def _quick(self, block: Block) -> Floats | None:
        """Values (n, columns), or None where the block asks for care."""
        text, sign = block.text, self.lines.delimiter
        if sign == SPACE or self._undecided:
            return None
        if '"' in text:
            if 2 * len(self._quoted.findall(text)) != text.count('"'):
                return None
            text = text.replace('"', "")
        rows = text.removesuffix("\n").split("\n")
        if {row.count(sign) for row in rows} != {self._width - 1} or self._width == 1:
            return None
        values = self._parsed(text)
        if values is None and GAP not in text:
            return self._parsed_with_gaps(block.line, text)
        if values is None:
            return None
        return values if np.isfinite(values).all() else None

    def _parsed(self, text: str) -> Floats | None:
        """Values (n, columns) of even lines, NaN for "nan"; None where a cell is none."""
        if self._decimal == ",":
            text = text.replace(".", POINT).replace(",", ".")
        converters: Any = {
            self._columns[i]: partial(self._quick_code, coding)
            for i, coding in self.codings.items()
        }
        rows = text.removesuffix("\n").split("\n")
        try:
            values: Floats = np.loadtxt(
                rows,
                delimiter=self.lines.delimiter,
                comments=None,
                converters=converters or None,
                usecols=self._columns,
                ndmin=2,
            )
        except ValueError:
            return None
        return values if len(values) == len(rows) else None

    def _parsed_with_gaps(self, line: int, text: str) -> Floats | None:
        """As `_parsed`, with every gap written as "nan", which nothing else may say."""
        marked = self._with_gaps_marked(text)
        if marked is None:
            return None
        values = self._parsed(marked.replace(GAP, "nan"))
        if values is not None:
            for row, i in np.argwhere(np.isnan(values)).tolist():
                self._add_gap(line + row, i)
        return values

    def _with_gaps_marked(self, text: str) -> str | None:
        """GAP in place of each gap; None where anything else reads like NaN or infinity."""
        sign, text = self.lines.delimiter, f"\n{text}"
        for marker in {"", *self._asked.markers}:
            for before, after in ((sign, sign), (sign, sign), ("\n", sign), (sign, "\n")):
                text = text.replace(f"{before}{marker}{after}", f"{before}{GAP}{after}")
        low = text.lower()
        return None if "nan" in low or "inf" in low else text[1:]

    def _quick_code(self, coding: Coding, text: str) -> float:
        if text == "nan":
            return math.nan
        if self._decimal == ",":
            text = text.replace(".", ",").replace(POINT, ".")
        code = coding.code(text.strip(), self._asked.markers)
        if code is None:
            raise ValueError(text)
        return code

    # --- with care ------------------------------------------------------------------------------

    def _careful(self, block: Block) -> Floats:
        values = array("d")
        pick: Callable[[list[str]], tuple[str, ...]] = itemgetter(*self._columns)
        for line, cells in self.lines.rows(block):
            for i, text in enumerate(pick(cells)):
                values.append(self._value(line, i, text.strip()))
        return np.frombuffer(values).reshape(-1, len(self._columns))

    def _value(self, line: int, i: int, text: str) -> float:
        if text in self._asked.markers or not text:
            self._add_gap(line, i)
            return math.nan
        if i in self.codings:
            return self._named(line, i, text, self.codings[i])
        value = number(text, self._decimal)
        if value is None:
            example = "0,5" if self._decimal == "," else "0.5"
            told = f"{short(text)} is no number; write one such as {example}"
            self.lines.refuse(told, line, self._name(i))
        if not math.isfinite(value):
            self.lines.refuse(f"{short(text)} is not a finite number", line, self._name(i))
        return value

    def _named(self, line: int, i: int, text: str, coding: Coding) -> int:
        code = coding.code(text, self._asked.markers)
        if code is None:
            self.lines.refuse(self._why_not(text, i < self._split, coding), line, self._name(i))
        return code

    def _why_not(self, text: str, is_input: bool, coding: Coding) -> str:
        if coding.known is not None:
            noun, names = "categories" if is_input else "classes", coding.known[:NAMES_TOLD]
            return f"{short(text)} is none of the {noun} {', '.join(names)}"
        if is_input:
            told = f"the column holds more than {coding.most} different texts, of which each would"
            return f"{told} be an input; leave it out"
        return f"the column names {coding.most + 1:,} classes; 2 to {coding.most:,} are read"

    def _add_gap(self, line: int, i: int) -> None:
        is_number = i < self._split and i not in self.codings
        self.gaps.add(Gap(line, self._name(i), is_number))

    def noun_of(self, column: str) -> str:
        """What a cell of this column holds."""
        i = [*map(self._name, range(len(self._columns)))].index(column)
        if i not in self.codings:
            return "number"
        return "category" if i < self._split else "class name"

    def _name(self, i: int) -> str:
        return self.lines.header[self._columns[i]]


def _bytes(values: Floats) -> memoryview:
    return np.ascontiguousarray(values).view(np.uint8).data


def short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Names of classes: whole numbers by size, texts by the alphabet."""
    found = list(names)
    whole = all(is_whole(name) for name in found)
    return tuple(sorted(found, key=int) if whole else sorted(found))


def is_whole(text: str) -> bool:
    return text.lstrip("+-").isdecimal()
