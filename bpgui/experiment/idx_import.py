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
from bpgui.experiment import edits, models
from bpgui.experiment.models import Experiment
from bpgui.experiment.rules import check

SHOWN = 32  # pictures of a preview
HIDDEN_UNITS = 30
BATCH = 32
LEARNING_RATE = 0.003
MOST_EPOCHS = 30


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


def data_of(written: tuple[str, str], test_fraction: float, split: models.Split) -> models.Idx:
    """`written` is how the preset names the file of images and that of labels."""
    images, labels = written
    return models.Idx(images=images, labels=labels, test_fraction=test_fraction, split=split)


def applied(
    pictures: Pictures, data: models.Idx, set_up: bool, folder: Path | None
) -> Callable[[Experiment], Experiment]:
    """The change that brings the data into an experiment, with a network that learns it where that
    is wanted."""
    if set_up:
        return lambda experiment: _set_up(experiment, pictures, data)
    return lambda experiment: edits.set_data(experiment, data, folder)


def _set_up(experiment: Experiment, pictures: Pictures, data: models.Idx) -> Experiment:
    """Another experiment with the same seed: one hidden layer, softmax outputs, Adam on shuffled
    batches, and an end."""
    seed = experiment.training.seed
    layers = (
        models.Layer(units=HIDDEN_UNITS, activation="relu"),
        models.Layer(units=pictures.classes, activation="softmax"),
    )
    return check(
        Experiment(
            name=pictures.images.name[:200],
            network=models.Network(inputs=pictures.rows * pictures.columns, layers=layers),
            initial_weights=models.HeUniform(seed=seed),
            data=data,
            loss=models.Loss(name="cross_entropy"),
            training=models.Training(
                optimizer=models.Adam(learning_rate=LEARNING_RATE),
                batch_size=BATCH,
                shuffle=True,
                seed=seed,
                stop=models.Stop(max_epochs=MOST_EPOCHS),
            ),
        )
    )
