"""Files that are written as a whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path


def replace_file(target: Path, content: bytes) -> None:
    """Writes beside the target, brings that to the disk, and renames it over the target.

    Raises OSError where that fails; the target is then as it was.
    """
    beside = target.with_name(f".{target.name[:100]}.{os.urandom(4).hex()}.part")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
        os.replace(beside, target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
