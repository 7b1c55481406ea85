"""How often a running run is shown: as often as the window's thread can do without strain."""

from __future__ import annotations

import time
from collections.abc import Callable

SHARE = 0.25  # of a processor, for rendering and painting
LONGEST = 0.045  # seconds between two pictures, however much they cost: three looks at 60 a second


class Budget:
    """Spaces pictures so that what follows each of them, up to the next, takes a share of the time.

    The cost is counted in processor time of the thread, so that a machine that is busy with other
    things, such as training, does not count; what the user does in the window does. `clock` and
    `spent` give seconds.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        spent: Callable[[], float] = time.thread_time,
    ) -> None:
        self._clock, self._spent = clock, spent
        self.begin()

    def begin(self) -> None:
        """A picture begins."""
        self._begun = self._clock(), self._spent()

    @property
    def allows(self) -> bool:
        """Whether it is time for the next picture."""
        elapsed = self._clock() - self._begun[0]
        return elapsed >= LONGEST or self._spent() - self._begun[1] <= SHARE * elapsed
