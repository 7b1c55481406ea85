"""Two calls at once: each is done once, and no result depends on there being a second thread."""

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest

from bpgui.engine import pairs
from bpgui.engine.descent import advance, initial_state

several = pytest.mark.skipif(pairs._processors() == 1, reason="there is one processor")


def second_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "bpgui pair"]


def test_both_are_done_once() -> None:
    done: list[str] = []
    for _ in range(1000):
        pairs.both(lambda: done.append("first"), lambda: done.append("second"))

    assert (done.count("first"), done.count("second")) == (1000, 1000)


@several
def test_they_are_done_at_once() -> None:
    begun, threads = threading.Barrier(2), []

    def call() -> None:
        threads.append(threading.get_ident())
        begun.wait(timeout=30)  # neither ends before the other has begun

    pairs.both(call, call)

    assert len(set(threads)) == 2


@several
@pytest.mark.skipif(sys.platform != "linux", reason="threads have no niceness of their own")
def test_the_second_thread_alone_is_nice() -> None:
    nice: list[int] = []
    begun = threading.Barrier(2)

    def call() -> None:
        begun.wait(timeout=30)
        nice.append(os.nice(0))

    pairs.both(call, call)
    assert sorted(nice) == [os.nice(0), min(os.nice(0) + pairs.NICENESS, 19)]


@several
def test_what_has_not_begun_is_taken_back() -> None:
    begun, go, done = threading.Event(), threading.Event(), []

    def hold() -> None:
        begun.set()
        go.wait(timeout=30)

    def while_the_second_is_held() -> None:
        begun.wait(timeout=30)
        pairs.both(lambda: done.append(1), lambda: done.append(threading.get_ident()))
        go.set()

    pairs.both(while_the_second_is_held, hold)

    assert done == [1, threading.get_ident()]


@several
def test_a_job_that_nobody_takes_is_done_by_its_caller() -> None:
    threads: list[int] = []
    job = pairs._Job(lambda: threads.append(threading.get_ident()))

    job.finish()

    assert threads == [threading.get_ident()]
    assert not job.take()


@pytest.mark.parametrize("which", [0, 1])
def test_an_error_is_raised_here_and_the_next_pair_is_done(which: int) -> None:
    def fail() -> None:
        raise ValueError("wrong")

    calls = [list, list]
    calls[which] = fail
    with pytest.raises(ValueError, match="wrong"):
        pairs.both(*calls)

    test_both_are_done_once()


@several
def test_the_second_thread_ends_when_there_is_nothing_to_do() -> None:
    pairs.both(list, list)
    for thread in second_threads():
        thread.join(timeout=30)
    assert not second_threads()

    test_they_are_done_at_once()


# --- large networks -------------------------------------------------------------------------------

SIZES, BATCH = (300, 250, 200, 3), 150


ON_ONE_PROCESSOR = """
import os, sys
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import bpgui
import hashlib, pickle
from bpgui.engine import pairs
from bpgui.engine.descent import advance, initial_state
assert pairs._second is None
problem = pickle.load(sys.stdin.buffer)
state, _ = advance(problem, initial_state(problem), 5)
print(hashlib.sha256(state.parameters.tobytes()).hexdigest())
"""


@several
@pytest.mark.skipif(sys.platform != "linux", reason="processors are chosen by Linux's call")
def test_one_processor_gives_the_same_bits(make_problem) -> None:
    problem = make_problem(SIZES, samples=2 * BATCH, batch_size=BATCH, spread=0.1)
    state, _ = advance(problem, initial_state(problem), 5)

    alone = subprocess.run(
        [sys.executable, "-c", ON_ONE_PROCESSOR],
        input=pickle.dumps(problem),
        capture_output=True,
        check=True,
    )

    assert alone.stdout.decode().strip() == hashlib.sha256(state.parameters.tobytes()).hexdigest()


def test_a_large_run_that_is_cut_gives_the_same_bits(make_problem) -> None:
    problem = make_problem(SIZES, samples=2 * BATCH, batch_size=BATCH, spread=0.1)
    whole, _ = advance(problem, initial_state(problem), 5)

    cut = initial_state(problem)
    for n in (1, 3, 1):
        cut, _ = advance(problem, cut, n)

    np.testing.assert_array_equal(cut.parameters, whole.parameters)
