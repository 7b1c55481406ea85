"""The samples an experiment names: where they come from and how many there are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from bpgui.datasets import digits
from bpgui.datasets.errors import DataError
from bpgui.datasets.generators import GENERATORS
from bpgui.datasets.idx import load_images, read_header
from bpgui.datasets.table import Table, are_classes, one_hot, table
from bpgui.datasets.watching import Watch, unwatched
from bpgui.engine import network as shapes
from bpgui.experiment import models, sources
from bpgui.experiment.data_shape import input_names
from bpgui.experiment.errors import ChangedData, MissingData, PresetError, Problem
from bpgui.experiment.features import highest_input

T = TypeVar("T")


def load_table(
    data: sources.Data,
    folder: Path | None,
    network: models.Network | shapes.Network | None = None,
    watch: Watch = unwatched,
) -> Table:
    """All samples, before they are split.

    A relative path starts at `folder`, that of the preset file, else at the current one. The
    `network` decides what the data leaves open; without one, the data alone does. Raises
    PresetError at the place of the data, MissingData where a file is gone, and ChangedData where it
    is another than it was. `watch` is told how far reading a CSV file has come, and may raise to
    end it.
    """
    outputs = network.layers[-1].units if network else None
    match data:
        case sources.Inline():
            return _inline(data, outputs)
        case sources.Generated():
            return _reported("data", lambda: _generated(data, network))
        case sources.Digits():
            return _reported("data.source", digits.load_digits)
        case sources.Csv():
            return _csv(data, resolved(data.path, folder), outputs, watch)
        case sources.Idx():
            return _images(data, folder, outputs)


def _inline(data: sources.Inline, outputs: int | None) -> Table:
    inputs, rows, values = np.array(data.inputs), data.target_rows, data.target_values
    named = input_names(data) or None
    if rows is not None:
        targets = np.array(rows)
    elif outputs is not None and outputs > 1:
        targets, classes = one_hot(np.array(values), outputs), _names(data, outputs)
        return table(inputs, targets, "classification", classes, named)
    else:
        targets = np.array(values)[:, None]
    if not are_classes(targets):
        return table(inputs, targets, "regression", input_names=named)
    classes = _names(data, max(2, targets.shape[1]))
    return table(inputs, targets, "classification", classes, named)


def _names(data: sources.Inline, count: int) -> tuple[str, ...]:
    """Those of the classes where they fit, else their numbers."""
    names = data.classes or ()
    return names if len(names) == count else tuple(map(str, range(count)))


def _generated(data: sources.Generated, network: models.Network | shapes.Network | None) -> Table:
    generator, rng = GENERATORS[data.name], np.random.default_rng(data.seed)
    if network is None:
        return generator.make(rng, data.samples, data.noise)
    inputs = highest_input(data) if data.features else network.inputs
    outputs = network.layers[-1].units
    return generator.make(rng, data.samples, data.noise, inputs, outputs)


# What reads CSV files is imported with the first of them, as the window starts with none.


def _csv(data: sources.Csv, path: Path, outputs: int | None, watch: Watch) -> Table:
    from bpgui.datasets.csv_file import load_csv
    from bpgui.experiment.csv_data import request_of

    request = request_of(data)
    return _reported("data.path", lambda: load_csv(path, request, outputs, watch).table)


def is_unchanged(data: sources.Data, folder: Path | None) -> bool:
    """Whether a CSV file still has its checksum; False for other data, which are read in no
    time."""
    if not isinstance(data, sources.Csv) or data.checksum is None:
        return False
    from bpgui.datasets.csv_file import checksum_of

    try:
        return checksum_of(resolved(data.path, folder)) == data.checksum
    except OSError:
        return False


def _csv_rows(path: Path) -> int:
    from bpgui.experiment.csv_data import rows_estimated

    return rows_estimated(path)


def _images(data: sources.Idx, folder: Path | None, outputs: int | None) -> Table:
    images, labels = resolved(data.images, folder), resolved(data.labels, folder)
    _reported("data.images", lambda: read_header(images))
    _reported("data.labels", lambda: read_header(labels))
    classes = outputs if outputs is not None and outputs > 1 else None
    return _reported("data.images", lambda: load_images(images, labels, classes))


def resolved(path: str, folder: Path | None) -> Path:
    return (folder or Path()) / Path(path).expanduser()


def _reported(place: str, load: Callable[[], T]) -> T:
    try:
        return load()
    except DataError as error:
        if error.changed:
            raise ChangedData((Problem(place, str(error)),)) from None
        if not error.missing:
            raise PresetError.at(place, str(error)) from None
        told = f"{error}; put the file there, or choose another one in the data section"
        raise MissingData((Problem(place, told),)) from None


def sample_count(data: sources.Data, folder: Path | None) -> int:
    """How many samples there will be, without reading them; for a CSV file about so many.

    A file that cannot be read counts 0: load_table will tell why.
    """
    match data:
        case sources.Inline():
            return len(data.inputs)
        case sources.Generated():
            return data.samples
        case sources.Digits():
            return digits.SAMPLES
        case sources.Csv():
            return _csv_rows(resolved(data.path, folder))
        case sources.Idx():
            try:
                return read_header(resolved(data.images, folder)).shape[0]
            except DataError:
                return 0
