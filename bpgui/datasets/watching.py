"""How reading a large file is followed, and ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Watch: TypeAlias = Callable[[int, int], None]  # bytes read and in all; what it raises ends reading


def unwatched(read: int, size: int) -> None:
    """Lets reading go on."""
