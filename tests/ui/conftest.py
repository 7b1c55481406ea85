"""A worker for windows and sessions, and a clock that stands still."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from bpgui.training.worker import Worker


class Kept(Worker):
    """A worker that outlives the windows and sessions of a module: starting one takes a second."""

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Kept()
    worker.submit(os.getpid).result(timeout=60)
    yield worker
    Worker.close(worker)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()
