"""Large results through shared memory: what comes back, and that nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import BrokenExecutor
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import numpy as np
import pytest

from bpgui.training.sharing import LARGE, UNUSED
from bpgui.training.worker import Worker

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows frees it with its handles")


def numbers(start: int, size: int = LARGE) -> dict[str, object]:
    """Arrays large and small, of several types and orders, and other things."""
    flat = np.arange(start, start + size, dtype=np.float64)
    return {
        "large": flat,
        "rows": flat.reshape(4, -1).astype(np.float32),
        "fortran": np.asfortranarray(flat.reshape(-1, 8)),
        "strided": flat[::2],
        "small": flat[:3],
        "text": "a" * LARGE,
    }


def names(worker: Worker) -> set[str]:
    """The blocks of the worker that is up."""
    assert worker._process is not None
    return set(worker._process.blocks.names)


def exists(name: str) -> bool:
    try:
        SharedMemory(name).close()
    except FileNotFoundError:
        return False
    return True


def same(got: dict[str, object], expected: dict[str, object]) -> None:
    for key, value in expected.items():
        np.testing.assert_array_equal(got[key], value, strict=isinstance(value, np.ndarray))


def test_results_come_back_whole_and_stay_as_they_are():
    with Worker() as worker:
        sizes = [LARGE, LARGE, 3 * LARGE, LARGE, 3 * LARGE, 8]
        tasks = [worker.submit(numbers, start, size) for start, size in enumerate(sizes)]
        for start, (task, size) in enumerate(zip(tasks, sizes, strict=True)):
            same(task.result(60), numbers(start, size))
        again = worker.submit(numbers, 7).result(60)
        assert names(worker)
        again["large"][0] = -1.0  # it is ours: nothing else sees it
        same(worker.submit(numbers, 7).result(60), numbers(7))
        assert again["large"][0] == -1.0


def test_memory_that_is_not_used_any_more_is_freed():
    with Worker() as worker:
        for _ in range(3):
            worker.submit(numbers, 0).result(60)
        used = names(worker)
        assert used
        for _ in range(4 * UNUSED):
            worker.submit(abs, -1).result(60)
        assert not used & names(worker)


@posix
def test_a_block_has_no_name_once_both_have_opened_it():
    with Worker() as worker:
        for _ in range(4):
            worker.submit(numbers, 0).result(60)
        assert names(worker)
        assert not [name for name in names(worker) if exists(name)]


@posix
@pytest.mark.parametrize("results", [1, 5])
def test_nothing_is_left_of_a_worker_that_was_killed(results):
    with Worker() as worker:
        pid = worker.submit(os.getpid).result(60)
        for _ in range(results):
            worker.submit(numbers, 0).result(60)
        used = names(worker)
        with pytest.raises(BrokenExecutor):
            worker.submit(os.kill, pid, KILL).result(60)
        same(worker.submit(numbers, 5).result(60), numbers(5))
        same(worker.submit(numbers, 6).result(60), numbers(6))
        assert not [name for name in used if exists(name)]
        used = names(worker)
    assert not [name for name in used if exists(name)]


ORPHAN = """
import sys
from bpgui.training.worker import Worker
from tests.training.test_sharing import names, numbers
worker = Worker()
for _ in range(int(sys.argv[1])):
    worker.submit(numbers, 0).result()
print(*names(worker), flush=True)
sys.stdin.read()
"""


@posix
@pytest.mark.parametrize("results", ["1", "5"])
def test_nothing_is_left_where_the_parent_is_killed(results):
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, results],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert parent.stdout is not None
    with parent:
        used = parent.stdout.readline().split()
        parent.kill()
        parent.stdout.read()  # ends when the worker and the resource tracker are gone, too
    assert used
    assert not [name for name in used if exists(name)]


CRAMPED = """
import resource, sys
from bpgui.training.worker import Worker
from tests.training.test_sharing import names, numbers, same
worker = Worker()
worker.submit(int).result()
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
for start in range(3):
    same(worker.submit(numbers, start).result(), numbers(start))
print(len(names(worker)))
worker.close()
"""


@posix
def test_where_no_memory_can_be_shared_results_come_through_the_pipe():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CRAMPED],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("0\n", 0)
    assert "no memory could be shared" in done.stderr
