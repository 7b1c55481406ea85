"""How many iterations to ask for at once: bursts of about 25 ms, and a speed limit when the user
wants one."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

BURST_SECONDS = 0.025
GROWTH = 4
RATE_SECONDS = 1.0
LAG_SECONDS = 0.25


def adapted(size: int, done: int, seconds: float) -> int:
    """The next burst's size, after a burst of `done` iterations took `seconds` where `size` were
    allowed.

    It grows at most fourfold at once, and not at all after a burst that was cut short for another
    reason than time.
    """
    if not done:
        return size
    fitting = max(1, int(done * BURST_SECONDS / max(seconds, 1e-9)))
    return min(fitting, GROWTH * size) if done >= size else min(fitting, size)


@dataclass(frozen=True, slots=True)
class Pace:
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
        return replace(self, since=now, start=iteration) if late else self


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
