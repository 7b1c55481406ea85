"""Having tasks that another process does end early.

The processes share one number. A task brings along what it was when the task was handed in; whoever
is in a hurry changes it, and a task that finds another number than its own ends as soon as it can.
"""

from __future__ import annotations

from multiprocessing.context import BaseContext
from typing import Protocol


class Mark(Protocol):
    """A number that two processes share."""

    value: int


def new_mark(context: BaseContext) -> Mark:
    mark: Mark = context.Value("Q", 0, lock=False)
    return mark


# --- in the process that computes -----------------------------------------------------------------

_mark: Mark | None = None
_own = 0


def share(mark: Mark) -> None:
    """Once, before the first task."""
    global _mark
    _mark = mark


def begin(own: int) -> None:
    """A task begins that was handed in when the mark was `own`."""
    global _own
    _own = own


def hurried() -> bool:
    """Whether the task under way is to end; never, where tasks are computed by the thread that
    hands them in."""
    return _mark is not None and _mark.value != _own
