"""Exports as files: each whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from bpgui.experiment.files import replace_file
from bpgui.exporting.recipe import ExportError


def write(path: Path, content: bytes) -> None:
    """Raises ExportError where that fails; an older file is then as it was."""
    try:
        if path.is_dir():
            raise ExportError(f"{path}: is a folder; give a file name")
        if path.exists() and not os.access(path, os.W_OK):
            raise ExportError(f"{path}: cannot be written: the file is read-only")
        replace_file(path.resolve(), content)
    except (OSError, ValueError, RuntimeError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise ExportError(f"{path}: cannot be written: {reason}") from None


def write_script(path: Path, text: str, data: bytes | None) -> None:
    """A script, after the numbers that lie beside it.

    Raises ExportError, and then leaves no numbers without a script.
    """
    beside = data_path(path)
    new = not beside.exists()
    if data is not None:
        write(beside, data)
    try:
        write(path, text.encode())
    except ExportError:
        if data is not None and new:
            beside.unlink(missing_ok=True)
        raise


def data_path(script: Path) -> Path:
    """Where the numbers of a script lie that are too many for it."""
    return script.with_name(f"{script.stem}-data.npz")
