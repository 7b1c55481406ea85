"""Builds problems away from the window's thread, so that large data never stall it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal


class Loader(QObject):
    """Runs one piece of work at a time in the background and delivers the newest one's result.

    A request made while another runs waits for its turn and replaces one that already waits. What
    was cancelled runs to its end unheard, and does not hold up what is asked next.
    """

    loaded = Signal(object)  # what the work returned
    failed = Signal(object)  # the exception it raised
    busy_changed = Signal(bool)
    _done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # One thread for the work that counts, one for work cancelled on the way.
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="bpgui load")
        self._current: Future[Any] | None = None
        self._next: Callable[[], Any] | None = None
        self._done.connect(self._finish, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return self._current is not None

    def request(self, work: Callable[[], Any]) -> None:
        if self._current is not None:
            self._next = work
            return
        self._begin(work)
        self.busy_changed.emit(True)

    def cancel(self) -> None:
        if self._current is None:
            return
        self._current, self._next = None, None
        self.busy_changed.emit(False)

    def aside(self, work: Callable[[], Any]) -> None:
        """Do something whose end nobody waits for."""
        self._threads.submit(work)

    def close(self) -> None:
        """Forget what was asked and wait until all threads have ended."""
        self._current, self._next = None, None
        self._threads.shutdown(wait=True, cancel_futures=False)

    def _begin(self, work: Callable[[], Any]) -> None:
        self._current = self._threads.submit(work)
        self._current.add_done_callback(self._done.emit)

    def _finish(self, future: Future[Any]) -> None:
        if future is not self._current:
            return
        self._current = None
        if self._next is not None:
            work, self._next = self._next, None
            self._begin(work)
            return
        error = future.exception()
        deliver = (
            partial(self.failed.emit, error)
            if error
            else partial(self.loaded.emit, future.result())
        )
        deliver()
        if self._current is None:
            self.busy_changed.emit(False)
