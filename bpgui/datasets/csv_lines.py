"""A CSV file as a stream: blocks of whole lines in bounded memory, hashed and watched as they
come.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn

from bpgui.datasets.csv_format import (
    MOST_BYTES,
    SPACE,
    CsvFormat,
    codec,
    delimiter_of,
    encoding_of,
    peeked,
)
from bpgui.datasets.errors import DataError
from bpgui.datasets.files import reason, size_of
from bpgui.datasets.watching import Watch, unwatched

BLOCK = 1 << 18  # bytes; each is parsed in some milliseconds, after which other threads get a turn
LONGEST_QUOTE = 1 << 23  # characters that are looked at for the end of a quoted field
MOST_COLUMNS = 20_000


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines; `line` is the number of the first, from 1."""

    line: int
    text: str


class CsvLines:
    """Opens a file, reads its header, and then its blocks once.

    Raises DataError with file and line for what is no proper text, for ragged lines, and for a file
    that changes meanwhile. `checksum` (SHA-256) and `size` are known when all blocks were read.
    """

    def __init__(self, path: Path, format: CsvFormat, watch: Watch = unwatched) -> None:
        self.path = path
        self.size = size_of(path, MOST_BYTES)
        self.checksum = ""
        self._watch = watch
        self._names = format.header
        head = peeked(path)
        self._encoding = format.encoding or encoding_of(head) or "utf-8"
        self._codec = codec(self._encoding, head)
        self._hash = hashlib.sha256()
        self._blocks = self._read()
        first = next(self._blocks, Block(1, ""))
        start = next((line for line in first.text.splitlines() if line.strip()), "")
        self.delimiter = format.delimiter or delimiter_of(start, format.decimal)
        self.header, self._first = self._begin(first, format.header)
        if len(self.header) > MOST_COLUMNS:
            told = f"has {len(self.header):,} columns; at most {MOST_COLUMNS:,} are read"
            raise DataError(told, str(path))

    def blocks(self) -> Iterator[Block]:
        """The lines below the header."""
        if self._first.text:
            yield self._first
        self._first = Block(0, "")
        yield from self._blocks

    def rows(self, block: Block) -> Iterator[tuple[int, list[str]]]:
        """Line numbers and cells, as many as there are columns; blank lines are left out."""
        for line, cells in self._records(block):
            if len(cells) != len(self.header):
                self.refuse(self._ragged(len(cells)), line)
            yield line, cells

    def close(self) -> None:
        self._blocks.close()

    def refuse(self, message: str, line: int, column: str = "") -> NoReturn:
        place = f"{self.path}, line {line}" + (f", column {column}" if column else "")
        raise DataError(message, place)

    def refuse_column(self, message: str, column: str) -> NoReturn:
        raise DataError(message, f"{self.path}, column {column}")

    def _ragged(self, fields: int) -> str:
        right = "the header names" if self._names else "the first line has"
        found = "1 field" if fields == 1 else f"{fields} fields"
        return f"has {found}, but {right} {len(self.header)}"

    def _begin(self, block: Block, header: bool) -> tuple[list[str], Block]:
        """The names of the columns and the lines below them."""
        line, cells = next(self._records(block), (0, []))
        names = [cell.strip() for cell in cells]
        if not any(names):
            self.close()
            told = "is empty: the first line should name the columns"
            raise DataError(told if header else "has no samples", str(self.path))
        if not header:
            return [f"x{i + 1}" for i in range(len(names))], block
        rest = block.text.split("\n", line)
        return names, Block(line + 1, rest[line] if len(rest) > line else "")

    def _records(self, block: Block) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(
            io.StringIO(block.text, newline=""),
            delimiter=self.delimiter,
            skipinitialspace=self.delimiter == SPACE,
            strict=True,
        )
        before = block.line - 1
        try:
            for cells in reader:
                if cells:
                    yield before + reader.line_num, cells
        except csv.Error as error:
            self.refuse(f"is no proper CSV: {error}", before + max(1, reader.line_num))

    # --- bytes to lines -------------------------------------------------------------------------

    def _read(self) -> Generator[Block, None, None]:
        try:
            with self.path.open("rb") as file:
                yield from self._cut(file)
        except OSError as error:
            raise DataError(f"cannot be read: {reason(error)}", str(self.path)) from None

    def _cut(self, file: BinaryIO) -> Iterator[Block]:
        """Blocks that end where a line ends and no quoted field is open."""
        before = os.fstat(file.fileno())
        line, rest, quotes = 1, "", 0
        for text in self._texts(file):
            rest += text
            quotes += text.count('"')
            end = rest.rfind("\n") + 1
            is_open = (quotes - rest.count('"', end)) % 2 if quotes else 0
            if end and (not is_open or len(rest) > LONGEST_QUOTE):
                yield Block(line, rest[:end])
                line += rest.count("\n", 0, end)
                rest = rest[end:]
                quotes = rest.count('"')
        after = os.fstat(file.fileno())
        if (self.size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            self._refuse_change(after.st_size)
        self.checksum = self._hash.hexdigest()
        if rest:
            yield Block(line, rest)

    def _texts(self, file: BinaryIO) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self._codec)()
        lines = io.IncrementalNewlineDecoder(decoder, translate=True)
        read, line = 0, 1
        while True:
            data = file.read(BLOCK)
            read += len(data)
            if read > self.size:  # it may grow faster than it is read
                self._refuse_change(os.fstat(file.fileno()).st_size)
            self._hash.update(data)
            try:
                text = lines.decode(data, final=not data)
            except UnicodeDecodeError as error:
                self._refuse_bytes(read - len(error.object) + error.start, line, error)
            if "\0" in text:
                self._refuse_zero(line + text.count("\n", 0, text.index("\0")))
            self._watch(read, self.size)
            yield text
            line += text.count("\n")
            if not data:
                return

    def _refuse_bytes(self, place: int, line: int, error: UnicodeDecodeError) -> NoReturn:
        line += error.object.count(b"\n", 0, error.start)
        name = self._encoding.upper()
        told = f"is not {name} text (byte {place + 1:,}, line {line:,}); choose another encoding"
        raise DataError(told, str(self.path)) from None

    def _refuse_zero(self, line: int) -> NoReturn:
        told = f"is not text: it holds zero bytes (line {line:,}); UTF-16 has to be chosen"
        raise DataError(told, str(self.path))

    def _refuse_change(self, size: int) -> NoReturn:
        told = (
            f"changed while it was read: it had {self.size:,} bytes and has {size:,} now; "
            "try again when it is complete"
        )
        raise DataError(told, str(self.path))
