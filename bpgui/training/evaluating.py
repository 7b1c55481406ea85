"""Evaluation in the background: what panels show beyond a snapshot is computed in one thread, at
the pace that it can keep.

Whoever shows something has a channel. Of what a channel asks for, the newest counts: a request that
still waits is replaced by the next one, and a result that nobody took is replaced by the next too.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from bpgui.training.mailbox import Mailbox

log = logging.getLogger(__name__)

Item = TypeVar("Item")
GoOn: TypeAlias = Callable[[], bool]
Task: TypeAlias = Callable[[GoOn], Item]

SHARE = 1 / 3  # of a processor, that the thread takes while there is always something to do
LONG = 0.02  # seconds of computing; tasks that take more are those of networks large enough to keep
LONG_SHARE = 0.2  # all processors busy with their training, and take no more than this share
LONGEST_REST = 0.3  # seconds after a long task: what is asked next is not to wait for ever
SHORTEST = 0.03  # seconds between two beginnings: more than the eye asks for is wasted


class AbandonedError(Exception):
    """A task was given up because its evaluator is closing."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item]):
    """What a task returned, or the `error` that it raised; `seconds` is how long it took."""

    value: Item | None
    error: Exception | None
    seconds: float


class Channel(Generic[Item]):
    """One asker's way to an evaluator, made by `Evaluator.channel`."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self.mailbox: Mailbox[Outcome[Item]] = Mailbox()

    def request(self, task: Task[Item]) -> None:
        """Have `task(go_on)` done instead of what this channel still waits for. A task that takes
        long asks `go_on()` now and then, and raises AbandonedError where that is false."""
        self._evaluator._request(self, task)

    def cancel(self) -> None:
        """Forget what waits; what is under way is delivered."""
        self._evaluator._cancel(self)

    def take(self) -> Outcome[Item] | None:
        """The newest outcome that was not taken yet, or None."""
        return self.mailbox.take()

    @property
    def busy(self) -> bool:
        """Whether something is waiting or under way, so that there will be an outcome."""
        return self._evaluator._is_busy(self)


class Evaluator:
    """A thread that starts with the first request. Every method may be called from any thread and
    returns at once, but for `close`, which waits for the thread's end."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[Channel[Any], Task[Any]] = {}
        self._current: Channel[Any] | None = None
        self._closed = False
        self._thread: threading.Thread | None = None

    def channel(self) -> Channel[Any]:
        return Channel(self)

    def close(self) -> None:
        """End the thread; requests that come later are ignored."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _request(self, channel: Channel[Any], task: Task[Any]) -> None:
        with self._changed:
            if self._closed:
                return
            self._waiting[channel] = task  # a channel that waits keeps its turn
            self._changed.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._serve, name="bpgui evaluate", daemon=True
                )
                self._thread.start()

    def _cancel(self, channel: Channel[Any]) -> None:
        with self._changed:
            self._waiting.pop(channel, None)

    def _is_busy(self, channel: Channel[Any]) -> bool:
        with self._changed:
            return channel in self._waiting or channel is self._current

    def _go_on(self) -> bool:
        return not self._closed

    # --- the thread ------------------------------------------------------------------------------

    def _serve(self) -> None:
        while (turn := self._next_turn()) is not None:
            channel, task = turn
            began, computed = time.perf_counter(), time.thread_time()
            outcome = self._outcome(task)
            if outcome is not None:
                channel.mailbox.put(outcome)
            with self._changed:
                self._current = None
            self._rest(time.perf_counter() - began, time.thread_time() - computed)

    def _next_turn(self) -> tuple[Channel[Any], Task[Any]] | None:
        """Wait for something to do; None when there will be nothing more."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._waiting))
            if self._closed:
                return None
            channel = next(iter(self._waiting))
            self._current = channel
            return channel, self._waiting.pop(channel)

    def _outcome(self, task: Task[Any]) -> Outcome[Any] | None:
        began = time.perf_counter()
        try:
            value, error = task(self._go_on), None
        except AbandonedError:
            return None
        except Exception as raised:
            log.warning("an evaluation failed: %s", raised, exc_info=raised)
            value, error = None, raised
        return Outcome(value, error, time.perf_counter() - began)

    def _rest(self, spent: float, computed: float) -> None:
        """Leave time to the others, as the interpreter is shared. Seconds that were `spent` waiting
        for a processor, and not `computed`, were left to others already."""
        share = SHARE if computed < LONG else LONG_SHARE
        pause = max(min(computed * (1.0 / share - 1.0), LONGEST_REST), SHORTEST - spent)
        with self._changed:
            self._changed.wait_for(lambda: self._closed, pause)
