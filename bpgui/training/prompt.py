"""An executor that answers before its worker process is up."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import ParamSpec, TypeVar

from bpgui.training.worker import Computer, Worker, in_thread

P = ParamSpec("P")
T = TypeVar("T")


class Prompt(Computer):
    """Hands tasks to a worker once its process is up. Until then the thread that submits a task
    does it itself, so that what a run shows at first does not wait for a process to start.

    The process is begun by `start`, or by the second task. The worker belongs to the caller.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._lock = threading.Lock()
        self._hello: Future[int] | None = None
        self._tasks = 0

    def start(self) -> None:
        """Begin to start the worker's process, without waiting until it is up."""
        with self._lock:
            if self._hello is None:
                self._hello = self._worker.submit(os.getpid)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        self._tasks += 1
        if self._tasks > 1:
            self.start()
        up = self._hello is not None and self._hello.done()
        return (self._worker if up else in_thread).submit(fn, *args, **kwargs)

    def hurry(self) -> None:
        self._worker.hurry()
