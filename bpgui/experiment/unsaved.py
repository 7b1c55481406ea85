"""Changes that were not saved, as they are kept for the case that the program is killed."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from bpgui.experiment import presets
from bpgui.experiment.errors import PresetError
from bpgui.experiment.models import Experiment
from bpgui.experiment.parsing import MAX_BYTES

FORMAT = "bpgui/unsaved"
VERSION = 1


class Unsaved(NamedTuple):
    """`name` is what the window called the document, `path` its file if it had one, `folder` where
    its relative data paths begin, `when` the time of the last change kept."""

    experiment: Experiment
    name: str
    path: Path | None
    folder: Path | None
    when: datetime


def dumps(unsaved: Unsaved) -> bytes:
    """The content of a file; `loads` gives back an equal value."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "name": unsaved.name,
        "path": _text(unsaved.path),
        "folder": _text(unsaved.folder),
        "when": unsaved.when.isoformat(),
    }
    return json.dumps(head | {"preset": presets.dumps(unsaved.experiment)}).encode()


def loads(data: bytes) -> Unsaved:
    """Raises PresetError where the file was cut off or is another's."""
    if len(data) > 2 * MAX_BYTES:
        raise PresetError.at("", f"it is larger than {2 * MAX_BYTES} bytes")
    try:
        head = json.loads(data)
    except (ValueError, RecursionError):
        raise PresetError.at("", "it is cut off, or no JSON") from None
    if not isinstance(head, dict) or (head.get("format"), head.get("version")) != (FORMAT, VERSION):
        raise PresetError.at("", f"its format is not {FORMAT}, version {VERSION}")
    experiment = presets.loads(_field(head, "preset"))
    try:
        when = datetime.fromisoformat(_field(head, "when"))
    except ValueError:
        raise PresetError.at("when", "it is no time") from None
    return Unsaved(
        experiment, _field(head, "name"), _path(head, "path"), _path(head, "folder"), when
    )


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _path(head: dict[str, Any], key: str) -> Path | None:
    return None if head.get(key) is None else Path(_field(head, key))


def _field(head: dict[str, Any], key: str) -> str:
    value = head.get(key)
    if not isinstance(value, str):
        raise PresetError.at(key, "it is missing")
    return value
