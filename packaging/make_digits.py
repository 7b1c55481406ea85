"""Make resources/datasets/digits-*.gz from an installed scikit-learn's copy of the UCI digits.

    pip install scikit-learn
    python packaging/make_digits.py

The same input gives the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import struct
from importlib.resources import files
from pathlib import Path

TARGET = Path(__file__).parents[1] / "resources" / "datasets"
SIDE = 8
UNSIGNED_BYTE = 0x08


def main() -> None:
    packed = files("sklearn.datasets.data").joinpath("digits.csv.gz").read_bytes()
    lines = gzip.decompress(packed).decode("ascii").splitlines()
    rows = [[int(float(field)) for field in row] for row in csv.reader(lines)]
    pixels = bytes(pixel for row in rows for pixel in row[:-1])
    labels = bytes(row[-1] for row in rows)
    TARGET.mkdir(parents=True, exist_ok=True)
    write(TARGET / "digits-images.idx3.gz", (len(rows), SIDE, SIDE), pixels)
    write(TARGET / "digits-labels.idx1.gz", (len(rows),), labels)


def write(path: Path, shape: tuple[int, ...], numbers: bytes) -> None:
    header = struct.pack(f">BBBB{len(shape)}I", 0, 0, UNSIGNED_BYTE, len(shape), *shape)
    path.write_bytes(gzip.compress(header + numbers, mtime=0))
    print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
