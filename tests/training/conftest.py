"""Small problems of every kind, and ways to wait for a run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Problem, Samples, Settings, StopRule, optimizer_settings
from bpgui.training.run import Run
from bpgui.training.snapshot import Snapshot
from bpgui.training.worker import Worker

SECONDS = 60.0  # no test waits that long unless something is broken


def build(
    sizes: tuple[int, ...] = (2, 3, 1),
    samples: int = 6,
    tests: int = 0,
    optimizer: str = "sgd",
    dtype: type = np.float64,
    activation: str = "tanh",
    stop: StopRule | None = None,
    l1: float = 0.0,
    l2: float = 0.0,
    scale: float = 1.0,
    hyperparameters: dict[str, float] | None = None,
    **fields: Any,
) -> Problem:
    rng = np.random.default_rng(7)
    network = Network(tuple(Layer(a, b, activation) for a, b in pairwise(sizes)))

    def draw(count: int) -> Samples:
        inputs = rng.normal(size=(count, sizes[0])) * scale
        return Samples(inputs.astype(dtype), rng.normal(size=(count, sizes[-1])).astype(dtype))

    values = {"learning_rate": 0.05, **(hyperparameters or {})}
    settings = Settings(
        optimizer_settings(optimizer, **values), l1=l1, l2=l2, stop=stop or StopRule()
    )
    train, test = draw(samples), draw(tests) if tests else None
    return Problem(
        network=network,
        train=train,
        test=test,
        loss="half_squared_error",
        reduction="mean",
        initial=rng.normal(size=network.size).astype(dtype),
        settings=settings,
        **fields,
    )


PROBLEMS: dict[str, Callable[[], Problem]] = {
    "full batch": build,
    "shuffled mini-batches, test set, adam": lambda: build(
        (3, 5, 2), samples=11, tests=4, optimizer="adam", batch_size=4, shuffle=True, seed=3
    ),
    "online, momentum, penalties": lambda: build(
        samples=5, optimizer="momentum", batch_size=1, l1=1e-3, l2=1e-2
    ),
    "float32": lambda: build((4, 6, 3), samples=9, dtype=np.float32, batch_size=3),
}

DIVERGING: dict[str, Any] = {
    "activation": "identity",
    "scale": 10.0,
    "hyperparameters": {"learning_rate": 10.0},
}


@pytest.fixture(scope="session")
def make() -> Callable[..., Problem]:
    return build


@pytest.fixture(scope="session")
def diverging() -> Problem:
    return build(**DIVERGING)


@pytest.fixture(scope="session", params=list(PROBLEMS))
def problem(request: pytest.FixtureRequest) -> Problem:
    return PROBLEMS[request.param]()


@pytest.fixture(scope="session")
def worker() -> Iterator[Worker]:
    """One process for all tests that do it no harm."""
    shared = Worker()
    shared.start()
    shared.submit(int).result(SECONDS)
    yield shared
    shared.close()


@contextmanager
def _opened(problem: Problem, executor: Any, **options: Any) -> Iterator[Run]:
    run = Run(problem, 1, executor, **options)
    try:
        yield run
    finally:
        run.close()


@pytest.fixture(scope="session")
def opened() -> Callable[..., Any]:
    """A context with a run in it that is closed at its end."""
    return _opened


def _wait_for(run: Run, predicate: Callable[[Snapshot], bool]) -> Snapshot:
    """The first snapshot seen that the predicate holds for."""
    deadline = time.monotonic() + SECONDS
    seen = None
    while (left := deadline - time.monotonic()) > 0:
        run.mailbox.wait(left)
        seen = run.take() or seen
        if seen is not None and predicate(seen):
            return seen
    raise AssertionError(f"the snapshot waited for did not come; the last one was {seen}")


@pytest.fixture(scope="session")
def wait_for() -> Callable[[Run, Callable[[Snapshot], bool]], Snapshot]:
    return _wait_for
