"""Where resources and the user's own files lie."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import platformdirs


@cache
def resources() -> Path:
    """The folder of presets, data, icons and translations: in a frozen program, in a wheel, or in
    the source tree."""
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    places = [Path(frozen) / "resources"] if frozen else []
    places += [package / "resources", package.parent / "resources"]
    return next((place for place in places if place.is_dir()), places[-1])


def user_config_dir() -> Path:
    """Where preferences are kept; it may not exist yet."""
    return Path(platformdirs.user_config_dir("bpgui", appauthor=False))


def user_state_dir() -> Path:
    """Where window layout, logs and recent files are kept; it may not exist yet."""
    return Path(platformdirs.user_state_dir("bpgui", appauthor=False))
