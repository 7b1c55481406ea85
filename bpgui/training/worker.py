"""Where bursts are computed: a warm process of its own, or the calling thread where none can be
had.

For small networks NumPy never lets go of the interpreter's lock, so a burst in the window's own
process would fight every paint. Large arrays of a result come back through shared memory.
"""

from __future__ import annotations

import faulthandler
import importlib
import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from ctypes import c_ulonglong
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

from bpgui.training import hurry
from bpgui.training.sharing import Block, Blocks, Parcel, deliver

P = ParamSpec("P")
T = TypeVar("T")

CLOSED = "the worker was closed"

log = logging.getLogger(__name__)


class Computer(Executor):
    """An executor that can be told to make haste."""

    def hurry(self) -> None:
        """Have the bursts that were submitted until now end as soon as they can. Where that is not
        possible they take their time."""


class InThread(Computer):
    """Computes in the thread that submits, before `submit` returns."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


in_thread = InThread()


@dataclass(frozen=True, slots=True, eq=False)
class _Process:
    """A pool of one process, None where none could be started; `hello` tells its id once it is
    up. It shares with us the memory in `blocks` and the `mark` by which it is hurried."""

    pool: ProcessPoolExecutor | None
    hello: Future[int]
    blocks: Blocks
    mark: hurry.Mark


class Worker(Computer):
    """One process, started ahead of its first task and used by one run after another.

    When it has died, the tasks it had end with BrokenExecutor and the next task starts it anew.
    Where no process can be started, or one does not come up, tasks are computed by the thread that
    submits them. The process never imports the program's `__main__`, ignores the interrupt key, and
    ends when the program does. The trace of a fault in it is appended to `faults`, if given.
    """

    def __init__(self, faults: Path | None = None) -> None:
        self._faults = faults
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._closed = False

    def start(self) -> None:
        """Begin to start the process, if it is not there, without waiting until it is up."""
        self._renewed(None)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As with any executor; a task that comes before the process is up waits for it."""
        future: Future[T] = Future()
        self._begin(self._renewed(None), future, partial(fn, *args, **kwargs))
        return future

    def _begin(self, process: _Process, future: Future[T], task: Callable[[], T]) -> None:
        process.hello.add_done_callback(lambda _: self._hand_in(process, future, task))

    def _hand_in(self, process: _Process, future: Future[T], task: Callable[[], T]) -> None:
        try:
            try:
                self._submit(process, future, task)
            except BrokenExecutor:  # it died while it had nothing to do
                self._begin(self._renewed(process), future, task)
        except Exception as error:
            _settle(future, error=error)

    def _submit(self, process: _Process, future: Future[T], task: Callable[[], T]) -> None:
        if self._closed:
            raise RuntimeError(CLOSED)
        if process.pool is None or process.hello.exception():
            in_thread.submit(task).add_done_callback(partial(_hand_out, future))
            return
        block = process.blocks.take()
        try:
            inner = process.pool.submit(
                deliver, task, block.name, process.blocks.names, process.mark.value
            )
        except BaseException:
            block.give_back()
            raise
        inner.add_done_callback(partial(_unpack, future, block))

    def _renewed(self, dead: _Process | None) -> _Process:
        """The process that is there, or a new one if there is none or only the `dead` one."""
        with self._lock:
            if self._closed:
                raise RuntimeError(CLOSED)
            if self._process is dead:
                if dead is not None:
                    dead.blocks.close()
                    if dead.pool is not None:
                        dead.pool.shutdown(wait=False)
                self._process = _start(self._faults)
            assert self._process is not None
            return self._process

    def hurry(self) -> None:
        with self._lock:
            if self._process is not None:
                self._process.mark.value += 1

    def close(self) -> None:
        """End the process, in the middle of a task if need be, and wait until it is gone."""
        with self._lock:
            self._closed = True
            process, self._process = self._process, None
        if process is not None and process.pool is not None:
            for child in list((process.pool._processes or {}).values()):
                child.kill()  # it holds nothing that is worth waiting for
            process.pool.shutdown(wait=True, cancel_futures=True)
            process.blocks.close()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.close()


def _hand_out(future: Future[T], inner: Future[T]) -> None:
    """Give the outcome of a task to whoever waits for it."""
    error = CancelledError() if inner.cancelled() else inner.exception()
    if error is not None:
        _settle(future, error=error)
    elif future.set_running_or_notify_cancel():
        future.set_result(inner.result())


def _unpack(future: Future[Any], block: Block, inner: Future[Parcel]) -> None:
    """The same for a task of the process. The block is free before the next task can come."""
    outcome: Future[Any] = Future()
    try:
        outcome.set_result(block.unpack(inner.result()))
    except BaseException as error:
        outcome.set_exception(error)
    finally:
        block.give_back()
    _hand_out(future, outcome)


def _settle(future: Future[Any], error: BaseException) -> None:
    if future.set_running_or_notify_cancel():
        future.set_exception(error)


# --- starting the process -----------------------------------------------------------------------


def _start(faults: Path | None) -> _Process:
    try:
        spawn = multiprocessing.get_context("spawn")
        mark = hurry.new_mark(spawn)
        pool = ProcessPoolExecutor(
            1, mp_context=spawn, initializer=_prepare, initargs=(faults, mark)
        )
        with _main_hidden():
            hello = pool.submit(os.getpid)
        _leave_results_to_child(pool)
        return _Process(pool, hello, Blocks(), mark)
    except Exception as error:
        log.warning("no worker process could be started: %s", error)
        failed: Future[int] = Future()
        failed.set_exception(error)
        return _Process(None, failed, Blocks(), c_ulonglong())


def _leave_results_to_child(pool: ProcessPoolExecutor) -> None:
    """Close our copy of the end that results are written to. While we hold it, a process that is
    killed amid a result leaves the pool reading for its rest for ever, instead of broken."""
    results: Any = pool._result_queue
    results._writer.close()


_hiding = threading.Lock()


@contextmanager
def _main_hidden() -> Iterator[None]:
    """Keep a process that is spawned meanwhile from importing `__main__`, which may be a script
    without a guard, or one that brings Qt along; all that it needs is in importable modules."""
    with _hiding:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def _prepare(faults: Path | None, mark: hurry.Mark) -> None:
    """Runs in the process before its first task."""
    hurry.share(mark)
    if faults is not None:
        _log_faults(faults)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="bpgui parent watch", daemon=True).start()
    importlib.import_module("bpgui.training.burst")


def _log_faults(file: Path) -> None:
    """The file stays open as long as the process: a fault is no time to open one."""
    with suppress(OSError):
        faulthandler.enable(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666))


def _end_with_parent() -> None:
    """A pool's process does not see by itself that its parent was killed: it holds both ends of its
    pipes."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
