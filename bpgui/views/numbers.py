"""Numbers as people write them: parsing what is typed or pasted, and formatting what is shown.

A number may be written 0.15, .15, 0,15, 3/20 or 1e-3, also with a true minus sign or in the
full-width digits of an East Asian keyboard. A comma is a decimal comma, so 1,000 is one.
"""

from __future__ import annotations

import math
import re
from typing import Literal, SupportsFloat, TypeAlias

NumberFault: TypeAlias = Literal["empty", "not_a_number", "not_finite", "zero_divisor", "not_whole"]

FAULTS: dict[NumberFault, str] = {
    "empty": "A number is missing here.",
    "not_a_number": "“{text}” is not a number. Write it like 0.15, 3/20 or 1e-3.",
    "not_finite": "“{text}” is too large to be stored.",
    "zero_divisor": "“{text}” divides by zero.",
    "not_whole": "“{text}” is not a whole number.",
}

_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)}
_TO_ASCII = _FULL_WIDTH | {0x2212: "-", 0x2044: "/", 0x3000: " "}
_LONGEST_SHOWN = 40


class NumberError(ValueError):
    """A text that is no number. `fault` says why, `text` what was read, `row` and `column` (from 0)
    where in a block it stood."""

    def __init__(self, fault: NumberFault, text: str, row: int = 0, column: int = 0) -> None:
        shown = text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
        super().__init__(FAULTS[fault].format(text=shown))
        self.fault = fault
        self.text = shown
        self.row = row
        self.column = column


def parse_number(text: str) -> float:
    """The finite number a person meant by `text`; NumberError where there is none."""
    plain = text.translate(_TO_ASCII).strip()
    if not plain:
        raise NumberError("empty", text)
    parts = [part.strip() for part in plain.split("/")]
    if len(parts) > 2 or not all(_NUMBER.fullmatch(part) for part in parts):
        raise NumberError("not_a_number", text.strip())
    numerator, *divisors = (float(part.replace(",", ".")) for part in parts)
    if 0.0 in divisors:
        raise NumberError("zero_divisor", plain)
    value = numerator / divisors[0] if divisors else numerator
    if not all(map(math.isfinite, (value, numerator, *divisors))):
        raise NumberError("not_finite", plain)
    return value


def parse_integer(text: str) -> int:
    """The whole number a person meant by `text`, also as 1e4 or 20/4; exact at any size."""
    plain = text.translate(_TO_ASCII).strip()
    if re.fullmatch(r"[+-]?\d{1,300}", plain, re.ASCII):
        return int(plain)
    value = parse_number(text)
    if not value.is_integer():
        raise NumberError("not_whole", plain)
    return int(value)


def parse_block(text: str) -> list[list[float]]:
    """The rows of a block copied from a spreadsheet, a CSV file or a nested list.

    Rows end at line breaks; cells at tabs, else at semicolons, else at blanks. Commas part cells
    where they cannot be decimal commas: before a blank, in "0.1,0.2" and in "1,2,3". Rows may
    differ in length. A first row of words names the columns and is left out. NumberError names the
    row and column of the first wrong cell.
    """
    plain = text.translate(_TO_ASCII).replace("\r\n", "\n").replace("\r", "\n")
    rows = [_cells(line) for line in plain.strip("\n").split("\n")]
    first = int(len(rows) > 1 and _are_names(rows[0]))
    return [
        [_parse_cell(cell, row, column) for column, cell in enumerate(cells)]
        for row, cells in enumerate(rows[first:], first)
    ]


def _are_names(cells: list[str]) -> bool:
    """Whether none of the cells is meant as a number, and not all are empty."""
    return any(map(str.strip, cells)) and not any(re.search(r"^\s*[-+.,(]*\d", c) for c in cells)


def _cells(line: str) -> list[str]:
    for separator in "\t;":
        if separator in line:
            return line.split(separator)
    words = re.split(r",\s+|\s+", line.strip("[](){} ,"))
    return [cell for word in words for cell in _split_commas(word)]


def _split_commas(word: str) -> list[str]:
    bare = word.strip("[](){},")
    commas_part = "," in bare and ("." in bare or bare.count(",") > 1)
    return bare.split(",") if commas_part else [bare]


def _parse_cell(cell: str, row: int, column: int) -> float:
    try:
        return parse_number(cell)
    except NumberError as error:
        raise NumberError(error.fault, cell.strip(), row, column) from None


def format_number(value: SupportsFloat, digits: int | None = None) -> str:
    """`value` in `digits` significant digits, or in as few as tell it from every other number of
    its type. Exponents are short (1e-5), whole numbers have no point, zero has no sign."""
    number = float(value)
    if not math.isfinite(number):
        return str(number)
    if number == 0.0:
        return "0"
    text = str(value) if digits is None else f"{number:.{digits}g}"
    mantissa, _, exponent = text.partition("e")
    mantissa = mantissa.removesuffix(".0")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa
