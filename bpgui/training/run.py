"""One training of one problem, carried on by a thread of its own.

The thread sleeps on a queue in which commands and finished bursts arrive. It has bursts computed by
an executor, so it does little work itself, and drops a snapshot into the mailbox after each. More
bursts are handed in than are being computed, so that the executor never waits for the thread; when
a command comes they are cut short, so that it does not wait for them.
"""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TypeAlias

import numpy as np

from bpgui.engine.problem import Problem, Settings
from bpgui.training import commands
from bpgui.training.burst import Burst, perform
from bpgui.training.mailbox import Mailbox
from bpgui.training.messages import failure_message
from bpgui.training.progress import Progress
from bpgui.training.snapshot import Snapshot
from bpgui.training.worker import Computer

log = logging.getLogger(__name__)

BurstFuture: TypeAlias = "Future[Burst | None]"
Message: TypeAlias = "commands.Command | BurstFuture"


class Run:
    """A run, paused before its first iteration. Every method may be called from any thread and
    returns at once, but for `close`, which waits for the run's thread.

    `executor` carries bursts out in the order in which they are submitted. `clock` gives seconds;
    the speed limit and the iterations per second are measured with it.
    """

    def __init__(
        self,
        problem: Problem,
        run_id: int,
        executor: Computer,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.problem = problem
        self.run_id = run_id
        self.mailbox: Mailbox[Snapshot] = Mailbox()
        self._executor = executor
        self._clock = clock
        self._key = os.urandom(16).hex()
        self._queue: SimpleQueue[Message] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name=f"bpgui run {run_id}", daemon=True)
        self._progress = Progress(problem, run_id)
        self._orders: list[commands.Command] = []
        self._bursts: deque[BurstFuture] = deque()
        self._sent = False  # whether the executor has the problem
        self._changed = True
        self._thread.start()

    # --- called from outside --------------------------------------------------------------------

    def run(self) -> None:
        """Train on until something ends it. After a failure this tries again from the last good
        state."""
        self._command(commands.Go())

    def pause(self) -> None:
        self._command(commands.Pause())

    def step(self, iterations: int = 1) -> None:
        """Do so many iterations, then pause. Steps asked for in a row add up."""
        if iterations < 1:
            raise ValueError(f"cannot do {iterations} iterations; the least is 1")
        self._command(commands.Step(iterations))

    def step_epoch(self) -> None:
        """Train to the end of the epoch that is under way, then pause."""
        self._command(commands.StepEpoch())

    def change_settings(self, settings: Settings) -> None:
        """Go on with other settings from the next burst on. A run that its stop rule had ended, or
        that had diverged, can go on if the new settings let it."""
        if settings.optimizer.name != self.problem.settings.optimizer.name:
            raise ValueError("another optimizer needs a new run")
        size = self.problem.network.size
        if settings.frozen is not None and settings.frozen.shape != (size,):
            raise ValueError(f"frozen must have the shape ({size},), not {settings.frozen.shape}")
        self._command(commands.ChangeSettings(settings))

    def set_parameter(self, index: int, value: float) -> None:
        """Give theta[index] another value. A run that is running then passes it over."""
        if not 0 <= index < self.problem.network.size:
            raise IndexError(f"parameter {index} is outside 0 .. {self.problem.network.size - 1}")
        if not abs(value) <= float(np.finfo(self.problem.dtype).max):
            raise ValueError(f"{value} is not a finite number of the run's precision")
        self._command(commands.SetParameter(index, value))

    def set_speed(self, iterations_per_second: float | None) -> None:
        """Limit the speed to so many iterations per second (1/s and slower too), or not at all."""
        limit = iterations_per_second
        if limit is not None and not (math.isfinite(limit) and limit > 0):
            raise ValueError(f"the speed must be above 0 iterations per second, not {limit}")
        self._command(commands.SetSpeed(limit))

    def take(self) -> Snapshot | None:
        """The newest snapshot that was not taken yet, or None."""
        return self.mailbox.take()

    def close(self) -> None:
        """End the thread and wait for it. A burst under way in another process is left to
        itself."""
        self._command(commands.Close())
        self._thread.join()

    def _command(self, command: commands.Command) -> None:
        self._queue.put(command)
        self._executor.hurry()

    # --- the thread -----------------------------------------------------------------------------

    def _serve(self) -> None:
        self._guarded(self._proceed)
        while True:
            for message in self._messages():
                if isinstance(message, commands.Close):
                    for burst in self._bursts:
                        burst.cancel()
                    return
                self._guarded(self._take_in, message)
            self._guarded(self._proceed)

    def _guarded(self, action: Callable[..., None], *arguments: object) -> None:
        """Whatever goes wrong ends the run as failed, never its thread."""
        try:
            action(*arguments)
        except Exception as error:
            log.warning("run %d failed: %s", self.run_id, error, exc_info=error)
            self._bursts.clear()
            self._sent = False
            self._progress.fail(failure_message(error))
            with suppress(Exception):
                self.mailbox.put(self._progress.snapshot())

    def _messages(self) -> list[Message]:
        """All that has arrived, once something has or the speed limit lets the run go on."""
        timeout = None if self._bursts else self._progress.delay(self._clock())
        messages: list[Message] = []
        with suppress(Empty):
            messages.append(self._queue.get(timeout=timeout))
            while True:
                messages.append(self._queue.get_nowait())
        return messages

    def _take_in(self, message: Message) -> None:
        if not isinstance(message, Future):
            self._orders.append(message)
        while self._bursts and self._bursts[0].done():
            burst = self._bursts.popleft().result()
            if burst is not None:
                self._changed |= self._progress.absorb(burst, self._clock())
            else:  # nor is there what the next one was to go on from
                self._bursts.clear()
                self._progress.recall()
                self._sent = False

    def _proceed(self) -> None:
        """Obey the commands that came, as soon as no burst is under way; hand in more bursts unless
        commands wait; and show what is new."""
        while self._orders and not self._bursts:
            self._progress.obey(self._orders.pop(0), self._clock())
            self._changed = True
        while not self._orders and self._hand_in():
            pass
        if self._changed and self._progress.presentable:
            self.mailbox.put(self._progress.snapshot())
            self._changed = False

    def _hand_in(self) -> bool:
        """Order a burst, if one is to come; True if there may be room for another beside it."""
        order = self._progress.order(self._clock())
        if order is None:
            return False
        problem = None if self._sent else self.problem
        burst = self._executor.submit(perform, self._key, order, problem)
        self._sent = True
        self._bursts.append(burst)
        burst.add_done_callback(self._queue.put)
        return not burst.done()
