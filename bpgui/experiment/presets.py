"""Presets: experiments as JSON text, and as files."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NoReturn

from bpgui.experiment.errors import PresetError, Problem
from bpgui.experiment.files import replace_file
from bpgui.experiment.layout import laid_out
from bpgui.experiment.migrations import migrate
from bpgui.experiment.models import Experiment
from bpgui.experiment.parsing import MAX_BYTES, parse
from bpgui.experiment.rules import check
from bpgui.experiment.validation import validate
from bpgui.experiment.wording import shown

# Fields of data that the first programs of this format did not know.
LATER = {"features", "names", "classes", "delimiter", "decimal", "encoding", "header"}
LATER |= {"missing", "categories", "scaling", "target_scaling", "checksum", "size", "split"}


def loads(data: bytes | str) -> Experiment:
    """The experiment in a preset file's content.

    Raises PresetError with every problem of the file, each with its place.
    """
    raw, problems = parse(data)
    if not isinstance(raw, dict):
        raise PresetError.at("", f"expected a preset, an object in braces, got {shown(raw)}")
    try:
        raw = migrate(raw)
    except PresetError as error:
        raise PresetError((*problems, *error.problems)) from None
    return validate(raw, problems)


def dumps(experiment: Experiment) -> str:
    """The preset file's content; `loads` gives back an equal experiment.

    Every field is written but a lesson and LATER fields that say nothing: what does not use them
    can be read by programs that do not know them. Raises PresetError for an experiment whose parts
    do not fit together.
    """
    raw = check(experiment).model_dump(mode="json")
    for field, info in type(experiment.data).model_fields.items():
        if field in LATER and getattr(experiment.data, field) == info.default:
            del raw["data"][field]
    if experiment.lesson is None:
        del raw["lesson"]
    return laid_out(raw) + "\n"


def load(path: str | os.PathLike[str]) -> Experiment:
    """The experiment in a file. Raises PresetError, also where the file cannot be read."""
    return loads(_read(Path(path)))


def _read(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            _refuse("is a folder; expected a preset file", path)
        if not stat.S_ISREG(mode):
            _refuse("is not a plain file", path)
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except PresetError:
        raise
    except (FileNotFoundError, NotADirectoryError):
        _refuse("there is no such file", path)
    except (OSError, ValueError) as error:
        _refuse(f"cannot be read: {_reason(error)}", path)


def save(path: str | os.PathLike[str], experiment: Experiment) -> None:
    """Writes the experiment to a file, whole or not at all.

    Raises PresetError where that fails; the file is then as it was.
    """
    content = dumps(experiment).encode()
    target = Path(path)
    try:
        target = target.resolve()
        if target.is_dir():
            _refuse("is a folder; give a file name", target)
        if target.exists() and not os.access(target, os.W_OK):
            _refuse("cannot be saved: the file is read-only", target)
        replace_file(target, content)
    except PresetError:
        raise
    except (OSError, ValueError, RuntimeError) as error:
        _refuse(f"cannot be saved: {_reason(error)}", target)


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def _refuse(message: str, path: Path) -> NoReturn:
    raise PresetError((Problem(str(path), message),)) from None
