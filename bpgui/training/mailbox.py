"""A slot for one value, in which the newest wins: the way from a run to whoever watches it."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Mailbox(Generic[Item]):
    """Any thread may put and take; an item that nobody took before the next came is dropped."""

    def __init__(self) -> None:
        self._filled = threading.Condition()
        self._item: Item | None = None

    def put(self, item: Item) -> None:
        with self._filled:
            self._item = item
            self._filled.notify_all()

    def take(self) -> Item | None:
        """The newest item that was not taken yet, or None."""
        with self._filled:
            item, self._item = self._item, None
            return item

    def wait(self, timeout: float | None = None) -> bool:
        """Block until there is an item to take; False if the `timeout` in seconds passed first."""
        with self._filled:
            return self._filled.wait_for(lambda: self._item is not None, timeout)
