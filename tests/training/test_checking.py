"""Gradient checks in the background."""

from __future__ import annotations

import time
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine.descent import advance, initial_state
from bpgui.engine.gradcheck import check_gradient
from bpgui.engine.spread import spread_order
from bpgui.training.checking import Check, Task
from bpgui.training.worker import Worker, in_thread

SECONDS = 60.0


def task_of(problem, iterations=0) -> Task:
    state, _ = advance(problem, initial_state(problem), iterations)
    everything = np.arange(problem.network.size)
    return Task(problem, state.parameters, state.slots, state.iteration, everything)


def final(check):
    deadline = time.monotonic() + SECONDS
    reports = []
    while not reports or reports[-1].state == "checking":
        assert check.mailbox.wait(deadline - time.monotonic())
        reports.append(check.take())
    return reports


def test_it_finds_what_the_check_at_once_finds(problem, worker):
    task = task_of(problem, 3)
    check = Check(task, worker)
    report = final(check)[-1]
    check.close()
    at_once = check_gradient(problem, task.parameters)
    assert report.state == "done"
    assert report.check.complete
    assert report.done == problem.network.size
    assert report.check.numeric.tolist() == at_once.numeric.tolist()
    assert report.check.verdicts == at_once.verdicts


def test_it_checks_what_was_chosen_in_that_order(make):
    problem = make((20, 30, 10), samples=600)
    chosen = spread_order(problem.network)[:200]
    check = Check(replace(task_of(problem), indices=chosen), in_thread)
    report = final(check)[-1]
    check.close()
    at_once = check_gradient(problem, report.task.parameters, chosen)
    assert report.state == "done"
    assert report.check.indices.tolist() == chosen.tolist()
    assert report.check.numeric.tolist() == at_once.numeric.tolist()
    assert report.check.passed


def test_what_was_reported_stays_as_it_was(make):
    problem = make((40, 60, 10), samples=600)
    check = Check(task_of(problem), in_thread)
    assert check.mailbox.wait(SECONDS)
    early = check.take().check
    before = early.numeric.tolist(), early.verdicts
    late = final(check)[-1].check
    check.close()
    assert (early.numeric.tolist(), early.verdicts) == before
    assert late.numeric[: len(before[0])].tolist() == before[0]


def test_it_comes_in_slices_that_can_be_followed(make):
    problem = make((40, 60, 10), samples=600)
    check = Check(task_of(problem), in_thread)
    reports = final(check)
    check.close()
    done = [report.done for report in reports]
    assert done == sorted(done)
    assert done[-1] == problem.network.size
    assert reports[-1].check.indices.tolist() == list(range(problem.network.size))


def test_cancelling_keeps_what_was_checked(make, worker):
    problem = make((60, 100, 20), samples=2000)
    check = Check(task_of(problem), worker)
    assert check.mailbox.wait(SECONDS)
    check.cancel()
    report = final(check)[-1]
    check.close()
    assert report.state == "cancelled"
    assert 0 < report.done < problem.network.size
    assert not report.check.complete
    assert not report.check.passed


def test_a_fault_knows_where_the_optimizer_stands(make):
    problem = replace(make(optimizer="adam"), fault="output_first")
    task = task_of(problem, 20)
    check = Check(task, in_thread)
    report = final(check)[-1]
    check.close()
    _, trace = advance(problem, initial_state(problem), 21)
    assert report.check.analytic == pytest.approx(trace.gradient, rel=1e-12)
    last = problem.network.offsets[-2]
    assert not np.array_equal(
        report.check.analytic, check_gradient(problem, task.parameters).analytic
    )
    assert set(report.check.verdicts[last:]) == {"good"}
    assert "wrong" in report.check.verdicts[:last]


class Forgetful(Executor):
    """As a worker whose process is replaced by another between two tasks."""

    def submit(self, fn, /, *args, **kwargs):
        from bpgui.training import checking

        checking._kept.key = None
        return in_thread.submit(fn, *args, **kwargs)


def test_a_process_that_is_replaced_is_sent_the_task_again(make):
    problem = make((40, 60, 10), samples=600)
    check = Check(task_of(problem), Forgetful())
    assert final(check)[-1].state == "done"
    check.close()


def test_a_worker_that_dies_is_told(make, caplog):
    import os

    own = Worker()
    own.start()
    problem = make((60, 100, 20), samples=2000)
    check = Check(task_of(problem), own)
    assert check.mailbox.wait(SECONDS)
    process = own.submit(os.getpid).result(SECONDS)
    os.kill(process, 9)
    report = final(check)[-1]
    check.close()
    own.close()
    assert report.state == "failed"
    assert report.message == "The check stopped: the worker process was ended from outside."
    assert "a gradient check failed" in caplog.text
