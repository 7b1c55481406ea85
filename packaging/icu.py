"""A smaller libicudata for the frozen program on Linux.

Qt's wheels bring ICU with the data of all languages, 32 MB. Qt Core asks ICU only to sort text, as
the file dialog does, to name time zones and to read encodings other than Unicode, and bpgui needs
the first alone: 3 MB for the window's languages. Other text is sorted by Unicode's default.
The file holds one symbol, the archive of all data: this takes the members out that are not needed
and links the rest anew, under the same name.

Format of the archive: `source/tools/toolutil/package.cpp` of ICU. A header, whose first two bytes
give its size, then a count, then (name, data) offsets from the count's place, sorted by name; every
member begins at a multiple of 16 bytes.
"""

from __future__ import annotations

import re
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path

MAGIC = b"\xda\x27"
ALIGNMENT = 16
LANGUAGES = "root|en|zh"
# What is not of one language, the window's languages, and how to sort text.
KEPT = re.compile(
    rf"[^/]+\.(icu|nrm)"
    rf"|[A-Za-z]{{4,}}\.res|res_index\.res"
    rf"|({LANGUAGES})(_\w+)?\.res"
    rf"|coll/((({LANGUAGES})(_\w+)?|res_index)\.res|ucadata\.icu)"
)


class ArchiveError(Exception):
    """The file is not laid out as expected."""


def slim(library: Path, folder: Path) -> Path:
    """Write a library of the same name with the kept members into `folder`; returns its path.

    Needs `as` and `ld` of binutils. Raises ArchiveError where `library` is no libicudata.
    """
    whole = library.read_bytes()
    start = whole.find(MAGIC + b"\x14\x00") - 2
    if start < 0:
        raise ArchiveError(f"{library} holds no archive of ICU")
    header, members = read(whole[start:])
    prefix = next(iter(members)).partition("/")[0]  # such as icudt73l, with the byte order
    kept = {
        name: data
        for name, data in members.items()
        if KEPT.fullmatch(name.removeprefix(f"{prefix}/"))
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "icu.dat").write_bytes(written(header, kept))
    link(library.name, f"{prefix[:-1]}_dat", folder)
    return folder / library.name


def read(archive: bytes) -> tuple[bytes, dict[str, bytes]]:
    """The header, and the members by name in their order; the last one ends with the archive."""
    (size,) = struct.unpack_from("<H", archive)
    base = archive[size:]
    (count,) = struct.unpack_from("<I", base)
    rows = [struct.unpack_from("<II", base, 4 + 8 * row) for row in range(count)]
    ends = [data for _, data in rows[1:]] + [rows[-1][1] + _last_size(base[rows[-1][1] :])]
    return archive[:size], {
        base[name : base.index(b"\0", name)].decode("ascii"): base[data:end]
        for (name, data), end in zip(rows, ends, strict=True)
    }


def _last_size(rest: bytes) -> int:
    """A member's own size, from the resource bundle's index: nothing else tells where it ends."""
    (header,) = struct.unpack_from("<H", rest)
    if rest[12:16] != b"ResB":
        raise ArchiveError("the last member of the archive is no resource bundle")
    (words,) = struct.unpack_from("<I", rest, header + 4 + 4 * 3)  # URES_INDEX_BUNDLE_TOP
    return int(header + 4 * words)


def written(header: bytes, members: Mapping[str, bytes]) -> bytes:
    """An archive of these members, which are sorted by name."""
    names = [name.encode("ascii") + b"\0" for name in members]
    table = 4 + 8 * len(names)
    place = _aligned(table + sum(map(len, names)))
    rows, body, at = [], bytearray(), table
    for name, data in zip(names, members.values(), strict=True):
        rows.append(struct.pack("<II", at, place + len(body)))
        at += len(name)
        body += data.ljust(_aligned(len(data)), b"\0")
    top = struct.pack("<I", len(names)) + b"".join(rows) + b"".join(names)
    return header + top.ljust(place, b"\0") + bytes(body)


def _aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def link(name: str, symbol: str, folder: Path) -> None:
    """Make `folder`/`name`, a library whose one symbol is the content of icu.dat."""
    source = "\n".join(
        [
            ".section .rodata",
            f".globl {symbol}",
            f".type {symbol}, %object",
            ".balign 16",
            f"{symbol}:",
            '.incbin "icu.dat"',
            f".size {symbol}, . - {symbol}",
            '.section .note.GNU-stack,"",%progbits',
            "",
        ]
    )
    (folder / "icu.s").write_text(source, encoding="ascii")
    subprocess.run(["as", "-o", "icu.o", "icu.s"], cwd=folder, check=True)
    subprocess.run(
        ["ld", "-shared", "-s", "-soname", name, "-o", name, "icu.o"], cwd=folder, check=True
    )
