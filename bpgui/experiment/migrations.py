"""The ladder from older versions of the preset format to this one.

Each rung takes a raw dict of version n, before any validation, and returns one of version n + 1. A
rung is never changed once released; the golden files of every version stay in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from bpgui.experiment.errors import PresetError
from bpgui.experiment.models import FORMAT, VERSION
from bpgui.experiment.wording import shown

Raw: TypeAlias = dict[str, Any]
Rung: TypeAlias = Callable[[Raw], Raw]

RUNGS: Mapping[int, Rung] = {}


def migrate(raw: Raw, rungs: Mapping[int, Rung] = RUNGS, newest: int = VERSION) -> Raw:
    """The raw preset in the version `newest`.

    Raises PresetError where the file is no preset or of a version that cannot be read.
    """
    version = _version(raw, newest)
    for step in range(version, newest):
        raw = {**rungs[step](raw), "version": step + 1}
    return raw


def _version(raw: Raw, newest: int) -> int:
    if "format" not in raw:
        raise PresetError.at("format", f'is missing; expected "{FORMAT}"')
    if raw["format"] != FORMAT:
        raise PresetError.at("format", f'expected "{FORMAT}", got {shown(raw["format"])}')
    if "version" not in raw:
        raise PresetError.at("version", f"is missing; expected {newest}")
    version = raw["version"]
    whole = (
        isinstance(version, int | float)
        and not isinstance(version, bool)
        and version == int(version)
    )
    if not whole or version < 1:
        raise PresetError.at(
            "version", f"expected a whole number from 1 to {newest}, got {shown(version)}"
        )
    if version > newest:
        raise PresetError.at(
            "version",
            f"this file is version {int(version)}, written by a newer bpgui; this one reads up "
            f"to {newest}",
        )
    return int(version)
