"""IDX files, the format of MNIST: a header of big-endian sizes, then the numbers; plain or .gz.

The header is believed only after its claims are checked: the product of the sizes against a limit
and, for a plain file, against the file's length. A .gz file is unpacked piece by piece and given up
as soon as it holds more than its header says, so neither a lying header nor a file packed to
explode takes more memory than the limit.
"""

from __future__ import annotations

import gzip
import math
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from bpgui.datasets.errors import DataError
from bpgui.datasets.files import reason, size_of
from bpgui.datasets.table import Table, one_hot, table

MOST_BYTES = 1 << 30
PLAIN, PACKED = b"\0\0", b"\x1f\x8b"  # how a file begins
MOST_CLASSES = 1_000
PIECE = 1 << 20

NAMES = (("images-idx3", "labels-idx1"), ("images.idx3", "labels.idx1"))

TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


class Header(NamedTuple):
    """What an IDX file says of itself: the numbers' type and the sizes of the array."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    @property
    def length(self) -> int:
        """Bytes of the header itself."""
        return 4 + 4 * len(self.shape)

    @property
    def size(self) -> int:
        """Bytes of the array."""
        return math.prod(self.shape) * self.dtype.itemsize


def seems_idx(path: Path) -> bool:
    """Whether a file begins like an IDX file or like a packed one, so that it is worth reading."""
    try:
        size_of(path, MOST_BYTES)
        with open(path, "rb") as file:
            return file.read(2) in (PLAIN, PACKED)
    except (DataError, OSError):
        return False


def counterpart(name: str) -> str:
    """What the file of labels is called that goes with one of images by MNIST's names, and the
    other way round; empty for other names."""
    for images, labels in NAMES:
        for one, other in ((images, labels), (labels, images)):
            if one in name:
                return name.replace(one, other)
    return ""


def read_header(path: Path) -> Header:
    """The header alone, its claims checked as far as that goes without reading on.

    Raises DataError that names the file and says what would be right.
    """
    length = size_of(path, MOST_BYTES)
    with _opened(path) as file:
        return _header(file, path, length)


def read_idx(path: Path) -> NDArray[Any]:
    """The array in the file, in this machine's byte order.

    Raises DataError for a file that is missing, unreadable, no IDX file, larger than MOST_BYTES,
    cut short, or longer than its header says.
    """
    length = size_of(path, MOST_BYTES)
    with _opened(path) as file:
        header = _header(file, path, length)
        body = _body(file, header.size)
    if len(body) != header.size:
        short = len(body) < header.size
        held = f"only {len(body):,}" if short else "more"
        raise DataError(
            f"its header promises {header.size:,} bytes of numbers, but there are {held}; "
            + ("the file was cut short" if short else "it is no IDX file or was damaged"),
            str(path),
        )
    array = np.frombuffer(body, header.dtype).reshape(header.shape)
    return array.astype(header.dtype.newbyteorder("="), copy=False)


def load_images(images: Path, labels: Path, classes: int | None = None) -> Table:
    """Pictures and their labels: inputs (n, pixels) scaled from 0 .. 255 to 0 .. 1, targets
    one-hot.

    `images` holds bytes of shape (n, rows, columns) or (n, pixels), `labels` whole numbers of shape
    (n,). There are `classes` classes, or if that is None as many as the highest label asks for.
    Raises DataError for whatever does not fit, and all that read_idx raises.
    """
    pixels, answers = read_pair(images, labels)
    count = max(int(answers.max()) + 1 if classes is None else classes, 1)
    try:
        targets = one_hot(answers, count)
    except DataError as error:
        raise DataError(error.message, str(labels)) from None
    return table(
        pixels.reshape(len(pixels), -1) / 255.0,
        targets,
        "classification",
        tuple(str(i) for i in range(targets.shape[1])),
        pixel_names(pixels.shape[1:]),
    )


def read_pair(images: Path, labels: Path) -> tuple[NDArray[np.uint8], NDArray[Any]]:
    """Pixels (n, ...) and labels (n,) that go together, and are not more than MOST_CLASSES.

    Raises DataError for whatever does not fit, and all that read_idx raises.
    """
    shape = read_header(images).shape
    answers = read_idx(labels)
    if answers.ndim != 1 or answers.dtype.kind not in "iu":
        raise DataError("holds no labels: they are whole numbers in one dimension", str(labels))
    if len(shape) < 2:
        raise DataError("holds no images: they have two or three dimensions", str(images))
    if shape[0] != len(answers):
        raise DataError(
            f"has {len(answers):,} labels for the {shape[0]:,} images in {images.name}; "
            "the two files must belong together",
            str(labels),
        )
    pixels = read_idx(images)
    if pixels.dtype != np.uint8:
        raise DataError(f"holds {pixels.dtype} numbers; pixels are unsigned bytes", str(images))
    if answers.max() >= MOST_CLASSES:
        raise DataError(
            f"has the label {answers.max()}; at most {MOST_CLASSES} classes are read", str(labels)
        )
    return pixels, answers


def pixel_names(shape: tuple[int, ...]) -> tuple[str, ...]:
    """Names such as "pixel 1,8" (row, column, from 1), in the order of the flattened pixels."""
    return tuple(f"pixel {','.join(str(i + 1) for i in place)}" for place in np.ndindex(*shape))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked if packed; whatever goes wrong with them is a DataError."""
    try:
        with open(path, "rb") as raw:
            packed = raw.read(2) == PACKED
            raw.seek(0)
            if not packed:
                yield raw
                return
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield cast(BinaryIO, unpacked)
    except EOFError:
        raise DataError("is a .gz file that was cut short", str(path)) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"is a damaged .gz file: {reason(error)}", str(path)) from None
    except OSError as error:
        raise DataError(f"cannot be read: {reason(error)}", str(path)) from None


def _header(file: BinaryIO, path: Path, length: int) -> Header:
    place = str(path)
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != PLAIN:
        raise DataError("is no IDX file: those begin with two zero bytes", place)
    if magic[2] not in TYPES:
        known = ", ".join(f"0x{code:02x}" for code in TYPES)
        raise DataError(
            f"is no IDX file: its type code is 0x{magic[2]:02x}, not one of {known}", place
        )
    dimensions = magic[3]
    if not 1 <= dimensions <= 4:
        raise DataError(f"says it has {dimensions} dimensions; 1 to 4 are read", place)
    sizes = file.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise DataError("was cut short inside its header", place)
    shape = tuple(int.from_bytes(sizes[i : i + 4], "big") for i in range(0, len(sizes), 4))
    header = Header(np.dtype(TYPES[magic[2]]), shape)
    told = " x ".join(f"{size:,}" for size in shape)
    if header.size == 0:
        raise DataError(f"says it holds {told} numbers, so nothing", place)
    if header.size > MOST_BYTES:
        raise DataError(
            f"says it holds {told} numbers, {header.size:,} bytes; at most {MOST_BYTES:,} are read",
            place,
        )
    if not isinstance(file, gzip.GzipFile) and length != header.length + header.size:
        raise DataError(
            f"says it holds {told} numbers, which makes {header.length + header.size:,} bytes, "
            f"but it has {length:,}; it was cut short or damaged",
            place,
        )
    return header


def _body(file: BinaryIO, size: int) -> bytearray:
    """At most size + 1 bytes: the last one tells that there would be more."""
    body = bytearray()
    while len(body) <= size and (piece := file.read(min(PIECE, size + 1 - len(body)))):
        body += piece
    return body
