"""How all benchmarks measure: sides that take turns, and the spread told with each figure.

Machines are noisy, and how fast one is changes by the minute. So nothing here is a time alone: two
sides run one after the other in short slices, who begins changes with each pair, and every pair
gives a ratio of its own. Told are the median of the ratios and their quartiles.

Sides live in processes of their own that stay warm, since the threads of one library slow down the
next; each answers one line of JSON with another.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from statistics import median, quantiles
from typing import IO, Any

THREAD_VARIABLES = frozenset(
    {"OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"}
)
STEP = 0.02  # seconds of work between two looks at the clock


class MissingError(Exception):
    """A side cannot be measured here; the text says why, for the table."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How thorough a run is: pairs of slices for each comparison, and seconds in a slice."""

    pairs: int = 10
    seconds: float = 0.2
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured, again and again: the raw samples in order, and their unit.

    A unit of "x" is a ratio; others are such as "1/s", "ms", "MB".
    """

    samples: tuple[float, ...]
    unit: str

    @property
    def median(self) -> float:
        return median(self.samples)

    @property
    def quartiles(self) -> tuple[float, float]:
        """The lower and the upper quartile."""
        if len(self.samples) == 1:
            return self.samples[0], self.samples[0]
        low, _, high = quantiles(self.samples, n=4, method="inclusive")
        return low, high


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a benchmark. A row is its label and a cell for each column, in their order.

    A cell is a measurement, or text such as "not installed" where there is none. `notes` are
    sentences to be read with the table.
    """

    title: str
    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Measured | str, ...]], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pairs:
    """What two sides reached in slices that followed each other; larger is better."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratio(self) -> Measured:
        """Ours divided by theirs, pair by pair."""
        return Measured(tuple(a / b for a, b in zip(self.ours, self.theirs, strict=True)), "x")


def take_turns(ours: Callable[[], float], theirs: Callable[[], float], pairs: int) -> Pairs:
    """Call both so many times; each call is a slice and returns what it reached."""
    reached: tuple[list[float], list[float]] = ([], [])
    sides = ((ours, reached[0]), (theirs, reached[1]))
    for number in range(pairs):
        for run, values in sides if number % 2 == 0 else reversed(sides):
            values.append(run())
    return Pairs(tuple(reached[0]), tuple(reached[1]))


def tell(what: str) -> None:
    """Say on standard error what is being measured, for it takes minutes."""
    print(f"measuring {what}", file=sys.stderr, flush=True)


# --- sides in processes of their own --------------------------------------------------------------


class Child:
    """A process that answers one line of JSON with another; a context manager that ends it.

    Variables that set a number of threads are not handed on: each side sets its own. An answer
    with "missing" is raised as MissingError, one with "error" as RuntimeError.
    """

    def __init__(self, command: Sequence[str], **variables: str) -> None:
        kept = {k: v for k, v in os.environ.items() if k not in THREAD_VARIABLES}
        self._process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=kept | variables,
        )

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, what: str, **values: Any) -> dict[str, Any]:
        """Send one request and wait for its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):  # that it ended is told below
            print(json.dumps({"ask": what, **values}), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a side ended with exit code {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        if "missing" in answer:
            raise MissingError(answer["missing"])
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def close(self) -> None:
        """Close its input, which ends it, and wait for it."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def serve(answers: Mapping[str, Callable[..., dict[str, Any]]]) -> None:
    """In a side's process: answer requests by the functions of these names until input ends.

    Whatever else is printed, by a library for one, goes to standard error.
    """
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = answers[request.pop("ask")](**request)
        except MissingError as error:
            answer = {"missing": str(error)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        _reply(replies, answer)


def _reply(replies: IO[str], answer: dict[str, Any]) -> None:
    print(json.dumps(answer), file=replies, flush=True)


def count_in(seconds: float, run: Callable[[int], int], step: int) -> float:
    """Call run(step), which tells how many units it did, until the time is over: units a second."""
    done, start = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds:
        done += run(step)
    return done / elapsed


def step_size(run: Callable[[int], int]) -> int:
    """How many units make up about STEP seconds; running them warms the side up."""
    step = 1
    while True:
        start = time.perf_counter()
        done = run(step)
        elapsed = time.perf_counter() - start
        if elapsed > STEP / 2:
            return max(1, round(done * STEP / elapsed))
        step *= 2
