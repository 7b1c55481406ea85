"""A gradient check in the background, of the state that a run had reached.

A thread hands the check to an executor in slices, as a run does with its bursts. So it shares a
worker process with the run, both go on side by side, and a cancelled check ends with its slice.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.gradcheck import Checker, GradientCheck, used_gradient
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.training.mailbox import Mailbox
from bpgui.training.messages import check_failure_message

log = logging.getLogger(__name__)

SLICE_SECONDS = 0.05

CheckState: TypeAlias = Literal["checking", "done", "cancelled", "failed"]


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What is checked: the gradient that training uses at `parameters` (size,), where the
    optimizer's slots are `slots` (slots, size) and `iteration` updates have been done; of the
    parameters `indices` (m,), in their order."""

    problem: Problem
    parameters: FloatArray
    slots: FloatArray
    iteration: int
    indices: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """How far a check has come; `check` is None as long as no parameter has been checked.
    `message` says in words why a check failed."""

    task: Task
    state: CheckState
    check: GradientCheck | None
    message: str = ""

    @property
    def done(self) -> int:
        """How many parameters have been checked."""
        return 0 if self.check is None else len(self.check.indices)


_kept = threading.local()


def check_slice(key: str, first: int, task: Task | None = None) -> GradientCheck | None:
    """Check the task's parameters from place `first` on until a slice's time is over, for the task
    known as `key`. None if it is not here and was not sent along."""
    if task is not None:
        gradient = partial(used_gradient, slots=task.slots, iteration=task.iteration)
        _kept.key, _kept.checker = key, Checker(task.problem, task.parameters, gradient)
        _kept.indices = task.indices
    elif getattr(_kept, "key", None) != key:
        return None
    end = time.perf_counter() + SLICE_SECONDS
    checker: Checker = _kept.checker
    return checker.check(_kept.indices[first:], lambda *_: time.perf_counter() < end)


class _Results:
    """What has come in of a task. What `so_far` gives is not touched by what comes later."""

    def __init__(self, task: Task) -> None:
        size = len(task.indices)
        self.done = 0
        self._indices = task.indices
        self._numbers = np.empty((3, size))
        self._places = np.empty(size, dtype=np.int8)

    def add(self, part: GradientCheck) -> None:
        new = slice(self.done, self.done + len(part.indices))
        self._numbers[:, new] = part.analytic, part.numeric, part.relative_error
        self._places[new] = part.places
        self.done = new.stop

    def so_far(self, complete: bool) -> GradientCheck:
        done = self.done
        analytic, numeric, relative = self._numbers[:, :done]
        return GradientCheck(
            self._indices[:done], analytic, numeric, relative, self._places[:done], complete
        )


class Check:
    """A check that begins at once. Every method may be called from any thread and returns at once,
    but for `close`, which waits for the check's thread."""

    def __init__(self, task: Task, executor: Executor) -> None:
        self.task = task
        self.mailbox: Mailbox[Report] = Mailbox()
        self._executor = executor
        self._key = os.urandom(16).hex()
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="bpgui check", daemon=True)
        self._thread.start()

    def take(self) -> Report | None:
        """The newest report that was not taken yet, or None."""
        return self.mailbox.take()

    def cancel(self) -> None:
        """End after the slice that is under way; what has been checked by then is reported."""
        self._cancelled.set()

    def close(self) -> None:
        self.cancel()
        self._thread.join()

    def _serve(self) -> None:
        results = _Results(self.task)
        state: CheckState = "checking"
        try:
            while state == "checking":
                state = self._go_on(results)
                self.mailbox.put(self._report(state, results))
        except Exception as error:
            if self._cancelled.is_set():
                self.mailbox.put(self._report("cancelled", results))
                return
            log.warning("a gradient check failed: %s", error, exc_info=error)
            self.mailbox.put(self._report("failed", results, check_failure_message(error)))

    def _go_on(self, results: _Results) -> CheckState:
        """One slice more. The executor's process may have been replaced since the last."""
        if self._cancelled.is_set():
            return "cancelled"
        first, part = results.done, None
        if first:
            part = self._executor.submit(check_slice, self._key, first).result()
        if part is None:
            part = self._executor.submit(check_slice, self._key, first, self.task).result()
        assert part is not None
        results.add(part)
        return "done" if part.complete else "checking"

    def _report(self, state: CheckState, results: _Results, message: str = "") -> Report:
        check = results.so_far(state == "done") if results.done else None
        return Report(self.task, state, check, message)
