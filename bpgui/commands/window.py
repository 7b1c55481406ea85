"""bpgui [PRESET] and bpgui screenshot: the two commands that load Qt, and only when they run."""

from __future__ import annotations

import gc
import re
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from bpgui.commands.output import InputError
from bpgui.commands.source import find_preset, load_experiment
from bpgui.experiment.builtin import builtin

SIZE = re.compile(r"(\d{2,5})[xX](\d{2,5})")
QT = ("PySide6", "shiboken6")
SMALLEST, LARGEST = 200, 10_000


def show(presets: Sequence[str], commands: tuple[str, ...]) -> int:
    """Open the window, with one preset at most; returns its exit code. `commands` may be what a
    mistyped name meant."""
    arguments = [_checked(preset, commands) for preset in presets]
    if len(arguments) > 1:
        raise InputError(f"{' '.join(presets)}: the window opens one preset; give one name")
    code: int = _app().main(arguments)
    return code


def picture(
    preset: str, out: Path, iterations: int, size: str, language: str | None, theme: str
) -> int:
    """Write a PNG of the window; returns the exit code and raises InputError."""
    checked = _checked(preset)
    if out.suffix.lower() != ".png":
        raise InputError(f"{out}: the picture is a PNG; give a name that ends in .png")
    if not out.parent.is_dir():
        raise InputError(f"{out}: there is no folder {out.parent}")
    shape = parsed_size(size)
    code: int = _app().screenshot(checked, out, iterations, shape, language or "", theme)
    return code


def _checked(preset: str, commands: tuple[str, ...] = ()) -> str:
    """A built-in preset's slug or a file's path, once it is known to be readable."""
    path = find_preset(preset, commands)
    load_experiment(preset, path)
    return next((entry.slug for entry in builtin() if entry.path == path), str(path))


def parsed_size(text: str) -> tuple[int, int]:
    """Width and height of text such as "1280x800". Raises InputError."""
    match = SIZE.fullmatch(text.strip())
    if match is not None:
        width, height = int(match[1]), int(match[2])
        if all(SMALLEST <= side <= LARGEST for side in (width, height)):
            return width, height
    raise InputError(
        f"--size {text}: give width and height such as 1280x800, from {SMALLEST} to {LARGEST}"
    )


def _app() -> ModuleType:
    """bpgui.app, or in one line what cannot be loaded."""
    gc.disable()  # what is imported stays: looking there for garbage would take a tenth of the time
    try:
        from bpgui import app
    except ImportError as error:
        if not _is_of_qt(error):
            raise InputError(f"the window cannot be opened: {error}") from None
        raise InputError(
            f"the window cannot be opened, because Qt cannot be loaded: {error}",
            "on Debian and Ubuntu: apt install libegl1 libgl1 libxkbcommon0 libdbus-1-3 "
            "libfontconfig1 libglib2.0-0",
        ) from None
    finally:
        gc.freeze()
        gc.enable()
    return app


def _is_of_qt(error: ImportError) -> bool:
    """Whether it is Qt that is missing, or a shared library that Qt needs; of these only the path
    of what needed it tells."""
    needed_by = Path(error.path or "").parts
    return any(name == (error.name or "").partition(".")[0] or name in needed_by for name in QT)
