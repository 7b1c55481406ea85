"""Two calls at once, on two processors where there are two to spare.

Nothing but the time depends on whether the calls ran at once or one after the other. Nobody waits
for what has not begun: the calling thread takes it back.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TypeAlias

NICENESS = 5  # of the second thread, so that a window or whoever else has work comes before it
IDLE = 0.25  # seconds after which the second thread ends, to be started again when there is work

Call: TypeAlias = Callable[[], object]


class _Job:
    """A call that is done once, by the thread that takes it first."""

    def __init__(self, call: Call) -> None:
        self._calls = [call]
        self._done = threading.Lock()
        self._done.acquire()
        self._error: BaseException | None = None

    def take(self) -> bool:
        """Do it, unless another thread has begun; whether it was done here."""
        try:
            call = self._calls.pop()
        except IndexError:
            return False
        try:
            call()
        except BaseException as error:
            self._error = error
        finally:
            self._done.release()
        return True

    def finish(self) -> None:
        """Do it, or wait for the thread that does; raises what it raised."""
        self.take()
        self._done.acquire()
        if self._error is not None:
            raise self._error


class _Second:
    """The second thread, for one caller at a time."""

    def __init__(self) -> None:
        self._free = threading.Lock()
        self._jobs: SimpleQueue[_Job] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def both(self, first: Call, second: Call) -> None:
        if not self._free.acquire(blocking=False):
            first()
            second()
            return
        try:
            job = _Job(second)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="bpgui pair", daemon=True)
                self._thread.start()
            self._jobs.put(job)
            first()
            job.finish()
        finally:
            self._free.release()

    def _work(self) -> None:
        if sys.platform == "linux":  # elsewhere it would be that of the whole process
            os.nice(NICENESS)
        # One that comes as this ends stays in the queue, and its caller takes it back.
        with suppress(Empty):
            while True:
                self._jobs.get(timeout=IDLE).take()


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_second = _Second() if _processors() > 1 else None


def both(first: Call, second: Call) -> None:
    """Do two calls, at once where that can be had, and else the second after the first.

    What the second raises is raised here.
    """
    if _second is None:
        first()
        second()
    else:
        _second.both(first, second)
