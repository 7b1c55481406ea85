"""The worker process: what it loads, how it ends, and what happens where there is none."""

from __future__ import annotations

import concurrent.futures
import faulthandler
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import BrokenExecutor, Future
from functools import partial
from multiprocessing.connection import Listener
from pathlib import Path

import numpy as np
import pytest

from bpgui.engine.descent import advance, initial_state
from bpgui.engine.problem import Problem
from bpgui.training.burst import Order, perform
from bpgui.training.history import Schedule
from bpgui.training.worker import Worker, in_thread

HEAVY = ("PySide6", "pyqtgraph", "pydantic", "typer", "rich", "pytest", "bpgui.app", "bpgui.cli")


ENDLESS = """
from multiprocessing.connection import Client
Client(address).close()
while True:
    pass
"""
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


def endless(worker: Worker) -> Future[object]:
    """A task that is under way and does not end."""
    with Listener() as listener:
        task = worker.submit(exec, ENDLESS, {"address": listener.address})
        listener.accept().close()
    return task


def test_tasks_run_in_one_other_process():
    with Worker() as worker:
        pids = {worker.submit(os.getpid).result() for _ in range(3)}
        assert len(pids) == 1
        assert pids != {os.getpid()}
        assert list(worker.map(abs, [-1, 2])) == [1, 2]
        with pytest.raises(ZeroDivisionError):
            worker.submit(divmod, 1, 0).result()


def test_the_process_loads_only_what_a_burst_needs(worker):
    loaded = worker.submit(eval, "[*__import__('sys').modules]").result()
    assert "bpgui.training.burst" in loaded
    assert {name for name in loaded if name.startswith(HEAVY)} == set()


SCRIPT = """
import sys
from bpgui.training.worker import Worker
with open({marker!r}, "a") as marker:
    marker.write("x")
worker = Worker()
worker.start()
print(worker.submit(abs, -3).result(), sys.modules["__main__"].__dict__ is globals())
worker.close()
"""


def test_a_script_without_a_guard_is_not_run_again(tmp_path):
    marker, script = tmp_path / "marker", tmp_path / "script"
    script.write_text(SCRIPT.format(marker=str(marker)))
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("3 True\n", "")
    assert marker.read_text() == "x"


ORPHAN = """
import os, sys
from multiprocessing.connection import Listener
from bpgui.training.worker import Worker
worker = Worker()
pid = worker.submit(os.getpid).result()
if sys.argv[1] == "busy":
    with Listener() as listener:
        worker.submit(exec, sys.argv[2], {"address": listener.address})
        listener.accept().close()
print(pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_the_process_ends_when_its_parent_is_killed(state):
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, state, ENDLESS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    with parent:
        pid = int(parent.stdout.readline())
        parent.kill()
        # Both held the other end of this pipe: it reads as ended once both are gone.
        reader = threading.Thread(target=parent.stdout.read)
        reader.start()
        reader.join(30)
        if reader.is_alive():
            os.kill(pid, KILL)
            pytest.fail("the worker outlived its parent")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_the_interrupt_key_does_not_reach_it():
    with Worker() as worker:
        pid = worker.submit(os.getpid).result()
        os.kill(pid, signal.SIGINT)
        assert worker.submit(os.getpid).result() == pid


def test_closing_is_quick_in_the_middle_of_a_task():
    before = set(multiprocessing.active_children())
    worker = Worker()
    task = endless(worker)
    began = time.monotonic()
    worker.close()
    assert time.monotonic() - began < 5
    assert task.exception() is not None
    assert set(multiprocessing.active_children()) == before
    with pytest.raises(RuntimeError, match="closed"):
        worker.submit(abs, 1)
    worker.close()


def test_closing_before_it_is_up():
    worker = Worker()
    worker.start()
    task = worker.submit(abs, -1)
    worker.close()
    assert task.done()


def test_closing_without_starting():
    Worker().close()


def test_one_that_died_while_idle_is_replaced_unnoticed():
    before = set(threading.enumerate())
    with Worker() as worker:
        pid = worker.submit(os.getpid).result()
        watchers = set(threading.enumerate()) - before
        os.kill(pid, KILL)
        for watcher in watchers:
            watcher.join(30)
        assert worker.submit(os.getpid).result() not in (pid, os.getpid())


def test_a_task_that_kills_it_ends_as_broken_and_the_next_one_works():
    with Worker() as worker:
        with pytest.raises(BrokenExecutor):
            worker.submit(os._exit, 3).result()
        assert worker.submit(abs, -2).result() == 2


AMID_A_RESULT = """
import gc, os, struct
from multiprocessing.queues import SimpleQueue
results, = [each for each in gc.get_objects() if isinstance(each, SimpleQueue)]
results._writer._send(struct.pack("!i", 1000) + b"x")  # one byte of a thousand
os._exit(3)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the pipes of Windows keep messages whole")
def test_a_process_that_dies_amid_a_result_ends_its_task_as_broken():
    with Worker() as worker:
        with pytest.raises(BrokenExecutor):
            worker.submit(exec, AMID_A_RESULT, {}).result(20)
        assert worker.submit(abs, -2).result(20) == 2


def test_bursts_that_are_hurried_end_early_and_lose_nothing(worker, make):
    problem, asked, bursts = make(), 100_000, 40
    first, *rest = (
        worker.submit(perform, "in haste", order_of(problem, number, asked), problem)
        for number in range(bursts)
    )
    assert first.result().state.iteration == asked
    worker.hurry()
    last = rest[-1].result()
    assert last.state.iteration < bursts * asked
    assert (last.gradient, last.update, last.evaluation) == (None, None, None)
    expected, _ = advance(problem, initial_state(problem), last.state.iteration)
    np.testing.assert_array_equal(last.state.parameters, expected.parameters, strict=True)
    late = worker.submit(perform, "in haste", order_of(problem, bursts, asked)).result()
    assert late.state.iteration == last.state.iteration + asked


def order_of(problem: Problem, number: int, count: int) -> Order:
    """From the start on if it is the first."""
    return Order(
        number,
        None if number else initial_state(problem),
        problem.settings,
        count,
        loss_width=1024,
        gradient_stride=4096,
        evaluations=Schedule(10**9),
        evaluate=True,
    )


def test_a_cancelled_task_is_not_handed_out():
    with Worker() as worker:
        worker.submit(abs, 1).result()
        task = worker.submit(abs, -5)
        while not (task.cancel() or task.done()):
            pass
        assert task.cancelled() or task.result() == 5
        assert worker.submit(abs, -6).result() == 6


def no_process(*_args, **_kwargs):
    raise OSError("no more processes")


def test_without_processes_the_thread_computes(monkeypatch, caplog):
    monkeypatch.setattr(concurrent.futures.ProcessPoolExecutor, "submit", no_process)
    with Worker() as worker:
        worker.start()
        assert worker.submit(os.getpid).result() == os.getpid()
        assert worker.submit(threading.get_ident).result() == threading.get_ident()
    assert "no more processes" in caplog.text


def test_without_semaphores_the_thread_computes(monkeypatch):
    def missing(*_args):
        raise NotImplementedError("this system lacks semaphores")

    monkeypatch.setattr(concurrent.futures.process, "_check_system_limits", missing)
    with Worker() as worker:
        assert worker.submit(os.getpid).result() == os.getpid()


def test_a_process_that_does_not_come_up_leaves_the_work_to_the_thread(monkeypatch):
    monkeypatch.setattr("bpgui.training.worker._prepare", partial(os._exit, 3))
    with Worker() as worker:
        tasks = [worker.submit(os.getpid) for _ in range(2)]
        assert [task.result() for task in tasks] == [os.getpid()] * 2
        assert worker.submit(threading.get_ident).result() == threading.get_ident()


def test_in_thread_hands_on_results_and_errors():
    assert in_thread.submit(divmod, 7, 2).result() == (3, 1)
    assert isinstance(in_thread.submit(divmod, 7, 0).exception(), ZeroDivisionError)


def test_a_fault_leaves_its_trace_in_the_file_given(tmp_path: Path) -> None:
    worker = Worker(tmp_path / "faults.log")
    try:
        with pytest.raises(BrokenExecutor):
            worker.submit(faulthandler._sigsegv).result(timeout=60)
    finally:
        worker.close()
    assert "Segmentation fault" in (tmp_path / "faults.log").read_text()


def test_a_file_that_cannot_be_written_does_without_traces(tmp_path: Path) -> None:
    worker = Worker(tmp_path / "no such folder" / "faults.log")
    try:
        assert worker.submit(abs, -1).result(timeout=60) == 1
    finally:
        worker.close()
