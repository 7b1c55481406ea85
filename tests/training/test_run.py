"""Runs with their real thread: in the worker process, and in the thread itself."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from concurrent.futures import Future
from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpgui.engine.descent import advance, initial_state
from bpgui.engine.evaluation import evaluate
from bpgui.engine.problem import StopRule, optimizer_settings
from bpgui.training.burst import perform
from bpgui.training.snapshot import RunState
from bpgui.training.worker import Computer, Worker, in_thread


@pytest.fixture(params=["worker", "in_thread"])
def executor(request, worker):
    return {"worker": worker, "in_thread": in_thread}[request.param]


def at(iteration):
    """Resting at that iteration."""
    return lambda shown: shown.state is not RunState.RUNNING and shown.iteration == iteration


def in_state(state):
    return lambda shown: shown.state is state


def test_worker_thread_and_advance_agree_to_the_bit(problem, worker, opened, wait_for):
    done = 1777
    shown = []
    for executor in (worker, in_thread):
        with opened(problem, executor) as run:
            run.step(done)
            shown.append(wait_for(run, at(done)))
    state, trace = advance(problem, initial_state(problem), done, record_every=1)
    for one in shown:
        np.testing.assert_array_equal(one.parameters, state.parameters, strict=True)
        np.testing.assert_array_equal(one.gradient, trace.gradient, strict=True)
        np.testing.assert_array_equal(one.gradients.rows, trace.rows[::4], strict=True)
        assert one.losses.low.min() == trace.losses.min()
        assert one.losses.high.max() == trace.losses.max()
        assert one.evaluation == evaluate(problem, state.parameters)
    for field in ("low", "high"):
        assert np.array_equal(*(getattr(one.losses, field) for one in shown))
    assert np.array_equal(*(one.evaluations.train for one in shown))
    assert np.array_equal(*(one.evaluations.test for one in shown), equal_nan=True)
    assert np.array_equal(*(one.update for one in shown))


@settings(max_examples=5)
@given(cuts=st.lists(st.integers(1, 300), min_size=1, max_size=6))
def test_odd_bursts_in_the_worker_change_no_bit(problem, worker, opened, wait_for, cuts):
    with opened(problem, worker) as run:
        for count in cuts:
            run.step(count)
        shown = wait_for(run, at(sum(cuts)))
    state, trace = advance(problem, initial_state(problem), sum(cuts))
    np.testing.assert_array_equal(shown.parameters, state.parameters, strict=True)
    np.testing.assert_array_equal(shown.gradient, trace.gradient, strict=True)


def test_pauses_at_any_moment_change_no_digit_of_the_record(problem, worker, opened, wait_for):
    with opened(problem, worker) as run:
        for more in (0, 1, 500, 3000):
            run.run()
            wait_for(run, lambda shown, more=more: shown.iteration > more)
            run.pause()
            paused = wait_for(run, in_state(RunState.PAUSED))
    with opened(problem, in_thread) as run:
        run.step(paused.iteration)
        stepped = wait_for(run, at(paused.iteration))
    for name in ("parameters", "gradient", "update", "slots"):
        np.testing.assert_array_equal(getattr(paused, name), getattr(stepped, name), strict=True)
    assert paused.evaluation == stepped.evaluation
    for record in ("losses", "evaluations", "gradients"):
        for one, other in zip(
            *(astuple(getattr(x, record)) for x in (paused, stepped)), strict=True
        ):
            np.testing.assert_array_equal(one, other)


def test_the_first_snapshot_comes_without_being_asked_for(problem, executor, opened, wait_for):
    with opened(problem, executor) as run:
        assert run.mailbox.wait(60)
        shown = run.take()
        assert (shown.run_id, shown.state, shown.iteration) == (1, RunState.PAUSED, 0)
        assert shown.evaluation == evaluate(problem, problem.initial)


def test_running_goes_on_until_paused_and_then_rests_at_an_exact_evaluation(
    problem, executor, opened, wait_for
):
    with opened(problem, executor) as run:
        run.run()
        running = wait_for(run, lambda shown: shown.iteration > 500)
        assert running.state is RunState.RUNNING
        assert running.iterations_per_second > 0
        assert (np.diff(running.clock.seconds) > 0).all()
        run.pause()
        paused = wait_for(run, in_state(RunState.PAUSED))
        assert paused.evaluated_at == paused.iteration >= running.iteration
        state, _ = advance(problem, initial_state(problem), paused.iteration)
        np.testing.assert_array_equal(paused.parameters, state.parameters, strict=True)
        assert run.take() is None


def test_finishing_by_epochs_and_going_on_after_raising_them(make, executor, opened, wait_for):
    problem = make(samples=9, batch_size=4, stop=StopRule(max_epochs=50))
    with opened(problem, executor) as run:
        run.run()
        shown = wait_for(run, in_state(RunState.FINISHED))
        assert (shown.iteration, shown.epoch) == (150, 50)
        run.change_settings(replace(problem.settings, stop=StopRule(max_epochs=60)))
        wait_for(run, in_state(RunState.PAUSED))
        run.run()
        assert wait_for(run, in_state(RunState.FINISHED)).epoch == 60


def test_finishing_by_loss(make, executor, opened, wait_for):
    problem = make()
    losses = advance(problem, initial_state(problem), 302)[1].losses
    below = float(losses[300] + losses[301]) / 2
    with opened(make(stop=StopRule(loss_below=below)), executor) as run:
        run.run()
        shown = wait_for(run, in_state(RunState.FINISHED))
        assert shown.iteration == 301
        assert shown.evaluation.loss < below < shown.evaluations.train[-2]


def test_diverging(diverging, executor, opened, wait_for):
    with opened(diverging, executor) as run:
        run.run()
        shown = wait_for(run, in_state(RunState.DIVERGED))
        assert np.isfinite(shown.parameters).all()
        assert "stopped being finite in iteration" in shown.message
        assert shown.message.endswith("Try a smaller learning rate.")


def test_stepping_and_setting(make, executor, opened, wait_for):
    problem = make(samples=7, batch_size=2)
    with opened(problem, executor) as run:
        run.step()
        wait_for(run, at(1))
        run.step_epoch()
        wait_for(run, at(4))
        run.set_parameter(1, 0.5)
        assert wait_for(run, lambda shown: shown.parameters[1] == 0.5).iteration == 4
        frozen = np.arange(problem.network.size) == 1
        run.change_settings(replace(problem.settings, frozen=frozen))
        run.step(10)
        shown = wait_for(run, at(14))
        assert shown.parameters[1] == 0.5
        assert (shown.parameters != problem.initial).all()


def test_settings_change_while_it_runs(make, executor, opened, wait_for):
    problem = make(optimizer="momentum")
    faster = replace(
        problem.settings, optimizer=optimizer_settings("momentum", learning_rate=0.002)
    )
    with opened(problem, executor) as run:
        run.run()
        wait_for(run, lambda shown: shown.iteration > 0)
        run.change_settings(faster)
        changed = wait_for(run, lambda shown: shown.settings.optimizer == faster.optimizer)
        assert changed.state is RunState.RUNNING
        run.pause()
        assert wait_for(run, in_state(RunState.PAUSED)).settings.optimizer == faster.optimizer


def test_a_slow_run_neither_rushes_nor_spins_nor_keeps_a_pause_waiting(
    make, executor, opened, wait_for
):
    readings = []

    def clock():
        readings.append(time.monotonic())
        return readings[-1]

    with opened(make(), executor, clock=clock) as run:
        run.set_speed(100)
        run.step(11)
        wait_for(run, at(11))
        taken = readings[-1] - readings[0]
        assert taken >= 0.099  # lots of 2: the first at once, five more 0.02 s apart
        assert len(readings) < 120
        run.set_speed(0.001)
        run.run()
        wait_for(run, lambda shown: shown.iteration == 12)
        run.pause()
        assert wait_for(run, in_state(RunState.PAUSED)).iteration == 12


def test_what_cannot_be_done_is_refused_at_once(make, opened):
    problem = make()
    with opened(problem, in_thread) as run:
        with pytest.raises(ValueError, match="the least is 1"):
            run.step(0)
        with pytest.raises(IndexError, match=r"outside 0 \.\. 12"):
            run.set_parameter(13, 1.0)
        with pytest.raises(ValueError, match="finite"):
            run.set_parameter(0, float("nan"))
        for speed in (0.0, -1.0, float("nan"), float("inf")):
            with pytest.raises(ValueError, match="above 0"):
                run.set_speed(speed)
        with pytest.raises(ValueError, match="needs a new run"):
            run.change_settings(replace(problem.settings, optimizer=optimizer_settings("adam")))
        with pytest.raises(ValueError, match="shape"):
            run.change_settings(replace(problem.settings, frozen=np.zeros(3, dtype=bool)))


def test_a_number_too_large_for_the_precision_is_refused(make, opened):
    with (
        opened(make(dtype=np.float32), in_thread) as run,
        pytest.raises(ValueError, match="finite"),
    ):
        run.set_parameter(0, 1e60)


def test_closing_ends_the_thread_in_any_state(make, executor, opened, wait_for):
    before = set(threading.enumerate())
    with opened(make(), executor) as run:
        (thread,) = (t for t in threading.enumerate() if t.name == "bpgui run 1")
        run.run()
        wait_for(run, lambda shown: shown.iteration > 10)
    assert not thread.is_alive()
    assert set(threading.enumerate()) == before
    with opened(make(), executor):
        pass


def test_two_runs_take_turns_on_one_worker(make, worker, opened, wait_for):
    problems = make((2, 3, 1)), make((4, 2))
    with opened(problems[0], worker) as first, opened(problems[1], worker) as second:
        for count in (5, 50):
            first.step(count)
            second.step(count)
        for run, problem in zip((first, second), problems, strict=True):
            shown = wait_for(run, at(55))
            state, _ = advance(problem, initial_state(problem), 55)
            np.testing.assert_array_equal(shown.parameters, state.parameters)


# --- failures -----------------------------------------------------------------------------------


def test_a_killed_worker_ends_the_run_as_failed_and_the_next_one_works(make, opened, wait_for):
    problem = make()
    with Worker() as worker:
        with opened(problem, worker) as run:
            pid = worker.submit(os.getpid).result()
            run.run()
            wait_for(run, lambda shown: shown.iteration > 100)
            os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
            failed = wait_for(run, in_state(RunState.FAILED))
            assert "worker process" in failed.message
            expected, _ = advance(problem, initial_state(problem), failed.iteration)
            np.testing.assert_array_equal(failed.parameters, expected.parameters)
            run.step(7)  # the same run can be tried again
            again = wait_for(run, at(failed.iteration + 7))
            assert (again.state, again.message) == (RunState.PAUSED, "")
            expected, _ = advance(problem, initial_state(problem), again.iteration)
            np.testing.assert_array_equal(again.parameters, expected.parameters)
        with opened(problem, worker) as run:
            run.step(5)
            wait_for(run, at(5))
            assert worker.submit(os.getpid).result() != pid


def test_a_large_run_comes_back_through_shared_memory_and_survives_its_worker(
    make, opened, wait_for
):
    problem = make((300, 200, 2), samples=8, batch_size=3, optimizer="adam")
    with Worker() as worker, opened(problem, worker) as run:
        run.run()
        wait_for(run, lambda shown: shown.iteration > 30)
        assert worker._process.blocks.names
        os.kill(worker.submit(os.getpid).result(), getattr(signal, "SIGKILL", signal.SIGTERM))
        failed = wait_for(run, in_state(RunState.FAILED))
        run.step(9)
        again = wait_for(run, at(failed.iteration + 9))
        before, _ = advance(problem, initial_state(problem), again.iteration - 1)
        state, trace = advance(problem, before, 1, record_every=1)
        np.testing.assert_array_equal(again.parameters, state.parameters)
        np.testing.assert_array_equal(again.slots, state.slots)
        np.testing.assert_array_equal(again.gradient, trace.gradient)
        np.testing.assert_array_equal(again.update, state.parameters - before.parameters)
        assert again.evaluation == evaluate(problem, state.parameters)


class Failing(Computer):
    """Computes in the thread until it is told to raise, in the burst or on submitting it."""

    def __init__(self):
        self.in_burst: BaseException | None = None
        self.on_submit: Exception | None = None

    def submit(self, fn, /, *args, **kwargs):
        if self.on_submit is not None:
            raise self.on_submit
        if self.in_burst is not None:
            future = Future()
            future.set_exception(self.in_burst)
            return future
        return in_thread.submit(fn, *args, **kwargs)


@pytest.mark.parametrize("place", ["in_burst", "on_submit"])
@pytest.mark.parametrize(
    ("error", "message"),
    [(MemoryError(), "not enough memory"), (ZeroDivisionError("odd"), "ZeroDivisionError: odd")],
)
def test_an_error_fails_the_run_and_not_its_thread(
    make, opened, wait_for, caplog, place, error, message
):
    caplog.set_level(logging.CRITICAL, logger="bpgui")
    executor = Failing()
    with opened(make(), executor) as run:
        run.step(3)
        wait_for(run, at(3))
        setattr(executor, place, error)
        run.run()
        failed = wait_for(run, in_state(RunState.FAILED))
        assert message in failed.message
        assert failed.iteration == 3
        setattr(executor, place, None)
        run.step(2)
        wait_for(run, lambda shown: shown.state is RunState.PAUSED and shown.iteration == 5)


def test_a_problem_that_the_worker_cannot_compute_fails_the_run(make, worker, opened, wait_for):
    broken = replace(make(), loss="no such loss")
    with opened(broken, worker) as run:
        assert "no such loss" in wait_for(run, in_state(RunState.FAILED)).message


def test_a_burst_for_an_unknown_problem_asks_for_it():
    assert perform("never sent", None) is None
