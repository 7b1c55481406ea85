"""The paths of data files, which are relative to the preset that names them."""

from __future__ import annotations

import os
from pathlib import Path, PurePath

from bpgui.experiment.models import Experiment
from bpgui.experiment.sources import Csv, Idx

_PATH_FIELDS: dict[type, tuple[str, ...]] = {Csv: ("path",), Idx: ("images", "labels")}


def rebased(experiment: Experiment, old_folder: Path | None, folder: Path) -> Experiment:
    """The experiment with its data paths, which began at `old_folder`, relative to `folder`."""
    data = experiment.data
    fields = _PATH_FIELDS.get(type(data), ())
    moved = {name: relative_path(getattr(data, name), old_folder, folder) for name in fields}
    if all(getattr(data, name) == value for name, value in moved.items()):
        return experiment
    return experiment.model_copy(update={"data": data.model_copy(update=moved)})


def relative_path(path: str, old_folder: Path | None, folder: Path) -> str:
    """`path` seen from `folder`, parts joined by "/"; absolute where it lies on another drive."""
    if old_folder is None and not os.path.isabs(path):
        return path
    absolute = os.path.normpath(os.path.join(old_folder or "", path))
    try:
        return PurePath(os.path.relpath(absolute, folder)).as_posix()
    except ValueError:
        return PurePath(absolute).as_posix()
