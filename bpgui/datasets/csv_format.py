"""How a CSV file is written, and a guess at it for a file that nobody has described."""

from __future__ import annotations

import codecs
import csv
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bpgui.datasets.errors import DataError
from bpgui.datasets.files import reason, size_of

MOST_BYTES = 256 << 20
DELIMITERS = (",", ";", "\t", "|")
SPACE = " "  # parts columns only where nothing else does; a run of them counts once
PEEKED = 1 << 16  # bytes that a guess looks at
LINES = 100
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
FALLBACK_ENCODING = "cp1252"  # of a file that is no UTF-8


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """`delimiter` None is the sign that parts the first line into the most fields; `encoding` None
    is what the byte order mark says, else UTF-8. Without a header columns are called x1, x2, ..."""

    delimiter: str | None = None
    decimal: str = "."
    encoding: str | None = None
    header: bool = True


PLAIN = CsvFormat()


def detected(path: Path) -> CsvFormat:
    """The format that fits the beginning of the file best, with every field filled.

    Raises DataError for what is no text file.
    """
    head = peeked(path)
    encoding = encoding_of(head) or _fallback(head)
    lines = decoded_head(head, encoding).splitlines()[:LINES]
    lines = [line for line in lines if line.strip()]
    tries = [_tried(lines, delimiter, decimal) for delimiter, decimal in _pairs(DELIMITERS)]
    if all(each.width < 2 for each in tries):
        tries += [_tried(lines, SPACE, decimal) for decimal in (".", ",")]
    best = max(tries, key=lambda each: each.score)
    made = CsvFormat(best.delimiter, best.decimal, encoding)
    return replace(made, header=_has_header(best))


def peeked(path: Path) -> bytes:
    """The first bytes of a plain file. Raises DataError."""
    size_of(path, MOST_BYTES)
    try:
        with path.open("rb") as file:
            return file.read(PEEKED)
    except OSError as error:
        raise DataError(f"cannot be read: {reason(error)}", str(path)) from None


def encoding_of(head: bytes) -> str | None:
    """What the byte order mark says, else UTF-8 if the bytes can be that, else None."""
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return encoding
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _fallback(head: bytes) -> str:
    return FALLBACK_ENCODING if b"\0" not in head else "utf-8"


def decoded_head(head: bytes, encoding: str) -> str:
    """Text of the first bytes, whose last character may be cut off; wrong bytes are replaced."""
    decoder = codecs.getincrementaldecoder(codec(encoding, head))("replace")
    return decoder.decode(head)


def codec(encoding: str, head: bytes) -> str:
    """Python's name, of a codec that skips the byte order mark where there is one."""
    if encoding == "utf-16" and encoding_of(head) != "utf-16":
        return "utf-16-le"
    return "utf-8-sig" if encoding == "utf-8" else encoding


def delimiter_of(line: str, decimal: str) -> str:
    """The sign that parts a line into the most fields."""
    signs = [sign for sign in DELIMITERS if sign != decimal]
    return max(signs, key=lambda sign: len(fields_of([line], sign)[0]))


def fields_of(lines: Iterable[str], delimiter: str) -> list[list[str]]:
    rows = csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter == SPACE)
    try:
        return [row for row in rows if row] or [[]]
    except csv.Error:
        return [[]]


def number(text: str, decimal: str) -> float | None:
    """What a cell says, None where it is no number; NaN and infinity are numbers here."""
    if decimal == ",":
        if "." in text:
            return None
        text = text.replace(",", ".")
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Tried:
    delimiter: str
    decimal: str
    rows: list[list[str]]
    width: int
    score: tuple[float, float, int]


def _pairs(delimiters: Sequence[str]) -> list[tuple[str, str]]:
    """A comma parts columns or begins decimals, not both."""
    points = [(delimiter, ".") for delimiter in delimiters]
    return points + [(delimiter, ",") for delimiter in delimiters if delimiter != ","]


def _tried(lines: Sequence[str], delimiter: str, decimal: str) -> _Tried:
    """Best is what gives most lines one width above 1, then what makes most cells numbers."""
    rows = fields_of(lines, delimiter)
    width, count = Counter(map(len, rows)).most_common(1)[0]
    cells = [cell.strip() for row in rows for cell in row]
    numbers = sum(_is_finite(cell, decimal) for cell in cells)
    share = count / len(rows) if width > 1 else 0.0
    return _Tried(delimiter, decimal, rows, width, (share, numbers / max(1, len(cells)), width))


def _is_finite(cell: str, decimal: str) -> bool:
    value = number(cell, decimal)
    return value is not None and math.isfinite(value)


def _has_header(tried: _Tried) -> bool:
    """Whether the first line holds no number."""
    return not any(_is_finite(cell.strip(), tried.decimal) for cell in tried.rows[0])
