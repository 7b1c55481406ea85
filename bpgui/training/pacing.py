"""How many iterations to ask for at once: bursts of about 20 ms, and a speed limit when the user
wants one; and how often to evaluate.

What a run records must not depend on how fast it went. So how often it evaluates is found from the
multiplications that the problem takes, not from a clock.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from bpgui.engine.problem import Problem
from bpgui.training.history import Schedule

BURST_SECONDS = 0.02
MOST_UNDER_WAY = 3  # while the window paints, it may not let a thread of its own take in results
MOST_LARGE_UNDER_WAY = 2  # of large networks, as results take much memory
LARGE = 300_000  # parameters whose way back takes a good part of a burst
LARGE_BURST_SECONDS = 0.04
GROWTH = 4
RATE_SECONDS = 1.0
EVALUATION_SHARE = 0.05
CHEAP_EVALUATION = 10**6  # multiplications; so many take less than a millisecond
LONG_EVALUATION = 10**9
LONG_EARLY = 3  # epochs, the start among them, that are evaluated however long it takes
LAG_SECONDS = 0.25


def burst_seconds(problem: Problem) -> float:
    """How long a burst should last."""
    return LARGE_BURST_SECONDS if problem.network.size > LARGE else BURST_SECONDS


def most_under_way(problem: Problem) -> int:
    """How many bursts may be handed in at the same time."""
    return MOST_LARGE_UNDER_WAY if problem.network.size > LARGE else MOST_UNDER_WAY


def adapted(size: int, done: int, seconds: float, wanted: float = BURST_SECONDS) -> int:
    """The next burst's size, so that it lasts `wanted` seconds, after a burst of `done` iterations
    took `seconds` where `size` were allowed.

    It grows at most fourfold at once, and not at all after a burst that was cut short for another
    reason than time.
    """
    if not done:
        return size
    fitting = max(1, int(done * wanted / max(seconds, 1e-9)))
    return min(fitting, GROWTH * size) if done >= size else min(fitting, size)


def evaluation_multiplications(problem: Problem) -> int:
    """How many multiplications one evaluation takes: each sample goes forward once."""
    samples = len(problem.train) + (0 if problem.test is None else len(problem.test))
    return samples * problem.network.size


def evaluation_is_long(problem: Problem) -> bool:
    """Whether an evaluation takes so long that a person would wait for it."""
    return evaluation_multiplications(problem) > LONG_EVALUATION


def evaluation_schedule(problem: Problem) -> Schedule:
    """After every epoch where an evaluation is cheap; else after every few, so that evaluations
    take a small share of the time, but after each of the first few, too. In an epoch each training
    sample goes forward, and backward for twice as many multiplications."""
    per_epoch, work = problem.batches_per_epoch, evaluation_multiplications(problem)
    if work <= CHEAP_EVALUATION:
        return Schedule(per_epoch)
    epochs = 1
    while work > EVALUATION_SHARE * epochs * 3 * len(problem.train) * problem.network.size:
        epochs *= 2
    early = LONG_EARLY if evaluation_is_long(problem) else epochs
    return Schedule(epochs * per_epoch, early=per_epoch, early_end=early * per_epoch)


class Pace(NamedTuple):
    """At most `limit` iterations per second, counted from iteration `start` at the time `since`.

    Iterations are released in lots of `lot`, the first at once, so that a fast limit does not ask
    for a burst per iteration.
    """

    limit: float
    since: float
    start: int

    @property
    def lot(self) -> int:
        return max(1, int(self.limit * BURST_SECONDS))

    def released(self, now: float, iteration: int) -> int:
        """How many iterations may be done now: none, or at least a lot."""
        lots = int((now - self.since) * self.limit / self.lot + 1e-6) + 1
        return max(0, self.start + lots * self.lot - iteration)

    def delay(self, now: float, iteration: int) -> float:
        """Seconds until the next lot is released."""
        lots = (iteration - self.start) // self.lot
        return max(0.0, self.since + lots * self.lot / self.limit - now)

    def without_arrears(self, now: float, iteration: int) -> Pace:
        """The same pace begun anew where the computing lags behind, which is not made up for in a
        rush."""
        late = self.released(now, iteration) > self.lot + self.limit * LAG_SECONDS
        return self._replace(since=now, start=iteration) if late else self


class Rate:
    """Iterations per second of wall time, over about the last second."""

    def __init__(self) -> None:
        self.value = 0.0
        self._marks: deque[tuple[float, int]] = deque()

    def restart(self, now: float, iteration: int) -> None:
        self._marks.clear()
        self._marks.append((now, iteration))

    def add(self, now: float, iteration: int) -> None:
        self._marks.append((now, iteration))
        while len(self._marks) > 2 and self._marks[1][0] < now - RATE_SECONDS:
            self._marks.popleft()
        then, before = self._marks[0]
        if now > then:
            self.value = (iteration - before) / (now - then)
