"""How far work in the background has come, and the wish to end it."""

from __future__ import annotations


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """The work was told to end."""


class Progress:
    """Handed to work in another thread, which calls it with what is done and what there is in all.

    One thread writes each attribute, so that no lock is needed.
    """

    def __init__(self) -> None:
        self.share = 0.0
        self._stopped = False

    def __call__(self, done: int, total: int) -> None:
        self.share = done / max(1, total)
        if self._stopped:
            raise Stopped

    def stop(self) -> None:
        self._stopped = True
