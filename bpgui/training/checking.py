"""A gradient check in the background, of the state that a run had reached.

A thread hands the check to an executor in slices, as a run does with its bursts. So it shares a
worker process with the run, both go on side by side, and a cancelled check ends with its slice.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

import numpy as np

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
    optimizer's slots are `slots` (slots, size) and `iteration` updates have been done."""

    problem: Problem
    parameters: FloatArray
    slots: FloatArray
    iteration: int


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
    """Check parameters from `first` on until a slice's time is over, for the task known as `key`.
    None if it is not here and was not sent along."""
    if task is not None:
        gradient = partial(used_gradient, slots=task.slots, iteration=task.iteration)
        _kept.key, _kept.checker = key, Checker(task.problem, task.parameters, gradient)
        _kept.size = task.problem.network.size
    elif getattr(_kept, "key", None) != key:
        return None
    end = time.perf_counter() + SLICE_SECONDS
    checker: Checker = _kept.checker
    return checker.check(np.arange(first, _kept.size), lambda *_: time.perf_counter() < end)


class Check:
    """A check that begins at once. Every method may be called from any thread and returns at once,
    but for `close`, which waits for the check's thread."""

    def __init__(self, task: Task, executor: Executor) -> None:
        self.task = task
        self.mailbox: Mailbox[Report] = Mailbox()
        self._executor = executor
        self._key = uuid.uuid4().hex
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
        parts: list[GradientCheck] = []
        state: CheckState = "checking"
        try:
            while state == "checking":
                state = self._go_on(parts)
                self.mailbox.put(self._report(state, parts))
        except Exception as error:
            if self._cancelled.is_set():
                self.mailbox.put(self._report("cancelled", parts))
                return
            log.warning("a gradient check failed: %s", error, exc_info=error)
            self.mailbox.put(self._report("failed", parts, check_failure_message(error)))

    def _go_on(self, parts: list[GradientCheck]) -> CheckState:
        """One slice more. The executor's process may have been replaced since the last."""
        if self._cancelled.is_set():
            return "cancelled"
        first = sum(len(part.indices) for part in parts)
        part = self._executor.submit(check_slice, self._key, first).result() if parts else None
        if part is None:
            part = self._executor.submit(check_slice, self._key, first, self.task).result()
        assert part is not None
        parts.append(part)
        return "done" if part.complete else "checking"

    def _report(self, state: CheckState, parts: list[GradientCheck], message: str = "") -> Report:
        check = GradientCheck.joined(parts, state == "done") if parts else None
        return Report(self.task, state, check, message)
