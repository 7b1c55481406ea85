"""Data made from what the user chose: files, or the samples of another source."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from bpgui.datasets.errors import DataError
from bpgui.datasets.idx import counterpart
from bpgui.experiment.errors import PresetError
from bpgui.experiment.models import Experiment
from bpgui.experiment.sample_table import MOST_TAKEN_OVER, XOR, taken_over
from bpgui.experiment.sources import Csv, Data, Generated, Idx
from bpgui.experiment.tables import resolved


def labels_beside(images: str, folder: Path | None) -> str:
    """The file of labels that goes with a file of images by MNIST's names, if it is there."""
    name = counterpart(images)
    return name if name and os.path.isfile(resolved(name, folder)) else ""


def csv_data(paths: dict[str, str], folder: Path | None) -> Data:
    """All columns but the last are inputs."""
    from bpgui.datasets.csv_file import column_names  # with the first file

    try:
        names = column_names(resolved(paths["path"], folder))
    except DataError as error:
        raise PresetError.at("data.path", str(error)) from None
    if len(names) < 2:
        raise PresetError.at("data.path", "the file has one column; expected inputs and a target")
    return Csv(path=paths["path"], inputs=names[:-1], targets=names[-1:], test_fraction=0.2)


def idx_data(paths: dict[str, str], folder: Path | None) -> Data:
    return Idx(images=paths["images"], labels=paths["labels"], test_fraction=0.2)


def as_table(experiment: Experiment, folder: Path | None) -> Data:
    """The samples of now as a table where they are few, else the four points of XOR."""
    data = experiment.data
    if not isinstance(data, Generated) or data.samples > MOST_TAKEN_OVER:
        return XOR
    return taken_over(experiment, folder)


def joined(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' if "," in name else name for name in names)


def parted(text: str) -> list[str]:
    """Names parted by commas; quotes hold a name together."""
    row = next(csv.reader([text], skipinitialspace=True), [])
    return [name.strip() for name in row if name.strip()]
