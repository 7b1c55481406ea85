"""What bpgui remembers between starts, in a versioned file of its own."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QSaveFile

FORMAT = "bpgui/preferences"
VERSION = 1
LARGEST = 1_000_000  # bytes; ours have a few hundred
RECENT = 10
THEME_CHOICES = ("system", "light", "dark")
DIGITS = range(4, 18)


@dataclass(frozen=True, slots=True)
class Preferences:
    """`recent` holds the paths of preset files, the latest first; `digits` is how many significant
    digits of a number are shown."""

    recent: tuple[str, ...] = ()
    theme: str = "system"
    hint_seen: bool = False
    digits: int = 17

    def opened(self, path: Path) -> Preferences:
        """With `path` as the most recent file."""
        others = (entry for entry in self.recent if entry != str(path))
        return replace(self, recent=(str(path), *others)[:RECENT])

    def without(self, path: str) -> Preferences:
        return replace(self, recent=tuple(entry for entry in self.recent if entry != path))


class PreferencesError(ValueError):
    """A file that holds no preferences this program understands."""


class Loaded(NamedTuple):
    """The preferences, and where a file that could not be read was set aside with the reason."""

    preferences: Preferences
    aside: Path | None = None
    reason: str = ""


def load(path: Path) -> Loaded:
    """Never fails: what cannot be read is set aside, and the defaults are taken."""
    try:
        preferences = _parse(_read(path))
    except FileNotFoundError:
        return Loaded(Preferences())
    except (OSError, PreferencesError) as error:
        return Loaded(Preferences(), set_aside(path), str(error))
    return Loaded(preferences)


def save(path: Path, preferences: Preferences) -> None:
    """Raises OSError, and leaves the old file as it was, where that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"format": FORMAT, "version": VERSION, **asdict(preferences)}
    write(path, (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode())


def write(path: Path, data: bytes) -> None:
    """Replace a file as a whole or not at all; OSError says why not."""
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        raise OSError(f"{path}: {file.errorString()}")
    if file.write(data) != len(data) or not file.flush():
        file.cancelWriting()  # commit would be content with a part
        raise OSError(f"{path}: not all of it could be written; the disk may be full")
    if not file.commit():
        raise OSError(f"{path}: {file.errorString()}")


def _read(path: Path) -> Any:
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise PreferencesError(f"it is larger than {LARGEST} bytes")
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise PreferencesError("it is not JSON") from error


def _parse(content: Any) -> Preferences:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise PreferencesError(f"its format is not {FORMAT}")
    version = content.get("version")
    if version != VERSION:
        raise PreferencesError(f"its version is {version!r}, and this bpgui reads {VERSION}")
    recent = content.get("recent", [])
    theme = content.get("theme", "system")
    hint_seen = content.get("hint_seen", False)
    digits = content.get("digits", 17)
    if not isinstance(recent, list) or not all(isinstance(entry, str) for entry in recent):
        raise PreferencesError("recent is not a list of paths")
    if theme not in THEME_CHOICES:
        raise PreferencesError(f"theme is not one of {', '.join(THEME_CHOICES)}")
    if not isinstance(hint_seen, bool):
        raise PreferencesError("hint_seen is neither true nor false")
    if type(digits) is not int or digits not in DIGITS:
        raise PreferencesError(f"digits is not a number from {DIGITS[0]} to {DIGITS[-1]}")
    return Preferences(tuple(recent[:RECENT]), theme, hint_seen, digits)


def set_aside(path: Path) -> Path | None:
    """Rename the file to a name that is free; None where that cannot be done."""
    for number in range(1, 1000):
        aside = path.with_name(f"{path.stem}.set-aside-{number}{path.suffix}")
        if not aside.exists():
            try:
                os.replace(path, aside)
            except OSError:
                return None
            return aside
    return None
