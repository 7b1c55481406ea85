"""The presets that come with bpgui. Listing them reads names and descriptions only, and needs no
NumPy."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from bpgui.experiment.errors import PresetError
from bpgui.experiment.wording import shown, suggestion
from bpgui.paths import resources


class Builtin(NamedTuple):
    """A preset under resources/presets; `slug` is its file's name without .json."""

    slug: str
    group: str
    name: str
    description: str
    path: Path


@cache
def builtin() -> tuple[Builtin, ...]:
    """All built-in presets, group by group, in the order of resources/presets/index.json."""
    folder = resources() / "presets"
    groups: dict[str, list[str]] = _read(folder / "index.json")
    return tuple(
        _described(slug, group, folder / f"{slug}.json")
        for group, slugs in groups.items()
        for slug in slugs
    )


def _described(slug: str, group: str, path: Path) -> Builtin:
    raw = _read(path)
    return Builtin(slug, group, raw["name"], raw["description"], path)


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def find(slug_or_path: str) -> Path:
    """The file of a built-in preset, else the path itself.

    Raises PresetError where there is neither a built-in preset of that name nor such a file.
    """
    for preset in builtin():
        if preset.slug == slug_or_path:
            return preset.path
    path = Path(slug_or_path)
    if path.suffix or path.parent != Path() or path.exists():
        return path
    hint = suggestion(slug_or_path, [preset.slug for preset in builtin()])
    hint = hint or "; `bpgui presets` lists the built-in ones"
    raise PresetError.at("", f"there is no built-in preset and no file {shown(slug_or_path)}{hint}")
