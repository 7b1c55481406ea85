"""Where resources and the user's own files lie."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import platformdirs


@cache
def resources() -> Path:
    """The folder of presets, data, icons and translations: within the package in a wheel and in a
    frozen program, beside it in the source tree."""
    package = Path(__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def user_config_dir() -> Path:
    """Where preferences are kept; it may not exist yet."""
    return Path(platformdirs.user_config_dir("bpgui", appauthor=False))


def user_state_dir() -> Path:
    """Where window layout, logs and recent files are kept; it may not exist yet."""
    return Path(platformdirs.user_state_dir("bpgui", appauthor=False))
