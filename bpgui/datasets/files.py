"""Opening data files that strangers made: only plain files, only up to a size, with errors that
tell.
"""

from __future__ import annotations

import stat
from pathlib import Path

from bpgui.datasets.errors import DataError


def size_of(path: Path, limit: int) -> int:
    """The file's size in bytes.

    Raises DataError (with `missing` where that is the reason) for what is not there, is not a plain
    file, is empty or is larger than `limit` bytes. Devices and pipes, which have no end, are
    refused.
    """
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise DataError("there is no such file", str(path), missing=True) from None
    except (OSError, ValueError) as error:
        raise DataError(f"cannot be read: {reason(error)}", str(path)) from None
    if stat.S_ISDIR(status.st_mode):
        raise DataError("is a folder; give a file", str(path))
    if not stat.S_ISREG(status.st_mode):
        raise DataError("is not a plain file", str(path))
    if status.st_size == 0:
        raise DataError("is empty", str(path))
    if status.st_size > limit:
        raise DataError(f"has {status.st_size:,} bytes; at most {limit:,} are read", str(path))
    return status.st_size


def reason(error: Exception) -> str:
    """The error in words, without number and path."""
    return (getattr(error, "strerror", None) or str(error)).lower()
