"""A worker for windows and sessions, and a clock that stands still."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from bpgui.training.worker import Worker
from bpgui.ui.session import Session


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


@pytest.fixture
def kill_during_a_burst(qtbot) -> Callable[[Session], None]:
    """Kills the process of a session's worker amid a burst, which must not have a speed limit."""

    def under_way(session: Session) -> bool:
        return any(not burst.done() for burst in session._run._bursts.copy())

    def kill(session: Session) -> None:
        """Between two bursts a death would be mended unseen, so the process is halted first."""
        qtbot.waitUntil(lambda: under_way(session), timeout=20_000)  # until then we compute them
        (pid,) = session.worker._process.pool._processes
        if hasattr(signal, "SIGSTOP"):
            os.kill(pid, signal.SIGSTOP)
            qtbot.waitUntil(lambda: under_way(session), timeout=20_000)
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    return kill
