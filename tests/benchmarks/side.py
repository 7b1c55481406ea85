"""One side of the engine's benchmark in a process of its own, for those that are written in Python.

A side is opened for one case and then holds a training that goes on from slice to slice. As it is
opened it says the losses of the first iterations, for all sides must compute the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Protocol

from cases import Arrays, Case, arrays
from measuring import MissingError, count_in, serve, step_size

TRIAL = 0.1  # seconds in which each number of threads shows what it is worth


class Training(Protocol):
    """One training of one case from its initial parameters."""

    def run(self, n: int) -> int:
        """Do about n iterations and say how many."""

    def losses(self, n: int) -> list[float]:
        """Do n iterations and say the loss of each batch before its update."""


Make = Callable[[Case, Arrays], Training]


class Side:
    """Answers the requests of engine.py for one kind of training."""

    def __init__(self, make: Make, threads: Callable[[int], None] | None) -> None:
        self._make = make
        self._threads = threads
        self._training: Training | None = None
        self._step = 1

    def open(self, case: dict[str, Any], prove: int) -> dict[str, Any]:
        """Take a case up: its first losses, and the number of threads that is the fastest."""
        one = Case(**case | {"sizes": tuple(case["sizes"])})
        data = arrays(one)
        if self._threads is not None:
            self._threads(1)
        losses = self._make(one, data).losses(prove)
        self._training = self._make(one, data)
        self._step = step_size(self._training.run)
        return {"losses": losses, "threads": self._fastest(self._training)}

    def run(self, seconds: float) -> dict[str, Any]:
        assert self._training is not None
        return {"rate": count_in(seconds, self._training.run, self._step)}

    def _fastest(self, training: Training) -> int | None:
        """Choose between one thread and one for each core; None where the side does not choose."""
        if self._threads is None:
            return None
        rates = dict.fromkeys((1, os.cpu_count() or 1), 0.0)
        for threads in (*rates, *reversed(rates)):
            self._threads(threads)
            rate = count_in(TRIAL, training.run, self._step)
            rates[threads] = max(rates[threads], rate)
        best = max(rates, key=lambda threads: rates[threads])
        self._threads(best)
        return best


def blas_threads(threads: int) -> None:
    """Sets the threads of the BLAS of NumPy and SciPy; needs threadpoolctl."""
    import threadpoolctl

    threadpoolctl.threadpool_limits(threads)


def serve_side(
    make: Make, threads: Callable[[int], None] | None = None, needs: str | None = None
) -> None:
    """Answer engine.py; `needs` is a package without which there is no such side."""
    if needs is not None and find_spec(needs) is None:
        serve({"open": _not_installed})
    else:
        side = Side(make, threads)
        serve({"open": side.open, "run": side.run})


def _not_installed(**_: Any) -> dict[str, Any]:
    raise MissingError("not installed")
