"""From two IDX files to an experiment: looked at before anything changes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpgui.datasets.errors import DataError
from bpgui.datasets.idx import counterpart, read_header, read_pair
from bpgui.experiment import edits, sources
from bpgui.experiment.first_network import FOR_PICTURES, set_up
from bpgui.experiment.models import Experiment

SHOWN = 32  # pictures of a preview


@dataclass(frozen=True, eq=False)
class Pictures:
    """What two files hold: `count` pictures of so many `rows` and `columns`, of `classes` classes,
    and the first of them (SHOWN, rows, columns) with their labels (SHOWN,)."""

    images: Path
    labels: Path
    count: int
    rows: int
    columns: int
    classes: int
    first: NDArray[np.uint8]
    answers: NDArray[Any]


def files_of(path: Path) -> tuple[Path | None, Path | None]:
    """The file of images and that of labels where one of them is given and the other, by its name,
    lies beside it; None for what is not there. Raises DataError where `path` is no IDX file."""
    holds_labels = len(read_header(path).shape) == 1
    name = counterpart(path.name)
    other = path.with_name(name) if name and path.with_name(name).is_file() else None
    return (other, path) if holds_labels else (path, other)


def look(images: Path, labels: Path) -> Pictures:
    """Reads both files to their ends, and keeps little of them. Raises DataError."""
    pixels, answers = read_pair(images, labels)
    if answers.min() < 0:
        raise DataError(f"has the label {answers.min()}; labels count from 0", str(labels))
    rows, columns = _shape(pixels.shape[1:])
    first = pixels[:SHOWN].reshape(-1, rows, columns).copy()
    classes = max(int(answers.max()) + 1, 2)
    shown = answers[:SHOWN].copy()
    return Pictures(images, labels, len(pixels), rows, columns, classes, first, shown)


def _shape(sizes: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns of a picture; pixels in one row are those of a square if they can be."""
    *above, columns = sizes
    side = math.isqrt(columns)
    if not above and side * side == columns:
        return side, side
    return math.prod(above), columns


def data_of(written: tuple[str, str], test_fraction: float, split: sources.Split) -> sources.Idx:
    """`written` is how the preset names the file of images and that of labels."""
    images, labels = written
    return sources.Idx(images=images, labels=labels, test_fraction=test_fraction, split=split)


def applied(
    pictures: Pictures, data: sources.Idx, with_network: bool, folder: Path | None
) -> Callable[[Experiment], Experiment]:
    """The change that brings the data into an experiment, with a network that learns it where that
    is wanted."""
    if with_network:
        shape, name = (pictures.rows * pictures.columns, pictures.classes), pictures.images.name
        return lambda e: set_up(e, FOR_PICTURES, "classes", shape, data, name)
    return lambda experiment: edits.set_data(experiment, data, folder)
