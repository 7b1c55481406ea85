"""The parameters over time of a run that is over are found once more, whatever was done to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine.descent import advance, initial_state
from bpgui.engine.problem import StopRule, optimizer_settings
from bpgui.exporting import recorded
from bpgui.exporting.recipe import ExportError
from bpgui.exporting.recorded import record, retraced
from bpgui.training import commands
from bpgui.training.burst import perform
from bpgui.training.progress import Progress
from bpgui.training.snapshot import RunState


def run_of(problem, *orders):
    """The snapshot of a run that obeyed these orders, one after the other."""
    progress, key = Progress(problem, 1), f"retraced {id(problem)} {len(orders)}"
    for order in orders:
        progress.obey(order, 0.0)
        while (asked := progress.order(0.0)) is not None:
            progress.absorb(perform(key, asked, problem), 0.0)
    return progress.snapshot()


@pytest.mark.parametrize(
    "factors",
    [
        {},
        {"optimizer": "adam", "batch": (3, True), "precision": "float32"},
        {"optimizer": "momentum", "frozen": 3, "penalties": (0.01, 0.02), "batch": (1, True)},
    ],
)
def test_a_run_is_retraced_to_the_bit(problem_with, factors):
    problem = problem_with(**factors)
    snapshot, course = record(problem, 1300)
    again = retraced(problem, snapshot)
    assert again.iteration.tolist() == course.iteration.tolist() == list(range(0, 1301, 4))
    assert again.parameters.dtype == problem.dtype
    assert np.array_equal(again.parameters, course.parameters)


def test_a_wrong_backward_pass_is_retraced_too(problem):
    faulty = replace(problem, fault="slope_forgotten")
    snapshot = run_of(faulty, commands.Step(40))
    assert np.array_equal(retraced(faulty, snapshot).parameters[-1], snapshot.parameters)
    assert not np.array_equal(run_of(problem, commands.Step(40)).parameters, snapshot.parameters)


def test_what_was_changed_by_hand_is_changed_again(problem):
    slower = replace(problem.settings, optimizer=optimizer_settings("sgd", learning_rate=0.001))
    snapshot = run_of(
        problem,
        commands.SetParameter(3, 0.5),
        commands.Step(10),
        commands.ChangeSettings(slower),
        commands.Step(5),
        commands.SetParameter(0, -2.0),
        commands.SetParameter(1, 4.0),
    )
    course = retraced(replace(problem, settings=slower), snapshot)

    assert course.iteration.tolist() == list(range(16))
    state = initial_state(problem)
    start = state.parameters.copy()
    start[3] = 0.5
    assert np.array_equal(course.parameters[0], start)
    before, _ = advance(problem, replace(state, parameters=start), 10)
    assert np.array_equal(course.parameters[10], before.parameters)
    gone_on = replace(problem, settings=slower)
    assert np.array_equal(course.parameters[14], advance(gone_on, before, 4)[0].parameters)
    end = advance(gone_on, before, 5)[0].parameters.copy()
    end[:2] = -2.0, 4.0
    assert np.array_equal(course.parameters[15], end)


def test_a_stop_rule_that_was_moved_does_not_matter(problem):
    ended = replace(problem.settings, stop=StopRule(max_epochs=5))
    begun = replace(problem, settings=ended)
    going_on = commands.ChangeSettings(replace(ended, stop=StopRule(max_epochs=20)))
    over = commands.ChangeSettings(ended)
    snapshot = run_of(begun, commands.Step(50), going_on, commands.Step(12), over)
    assert (snapshot.iteration, snapshot.state) == (17, RunState.FINISHED)
    assert retraced(begun, snapshot).iteration.tolist() == list(range(18))


def test_a_run_that_diverged_is_retraced_up_to_its_last_numbers(problem):
    settings = replace(problem.settings, optimizer=optimizer_settings("sgd", learning_rate=1e200))
    wild = replace(problem, settings=settings)
    snapshot = run_of(wild, commands.Step(50))
    assert snapshot.state is RunState.DIVERGED
    course = retraced(wild, snapshot)
    assert course.iteration[-1] == snapshot.iteration < 50
    assert np.array_equal(course.parameters[-1], snapshot.parameters)


def test_it_tells_how_far_it_is_and_can_be_ended(problem, monkeypatch):
    monkeypatch.setattr(recorded, "SECONDS", 0.0)  # every burst takes too long
    snapshot = run_of(problem, commands.Step(700))
    told = []

    def advance(done, total):
        told.append((done, total))
        if done >= 600:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        retraced(problem, snapshot, advance)
    assert told == [(done, 700) for done in range(1, 601)]


def test_what_leads_elsewhere_is_refused(problem):
    snapshot = run_of(problem, commands.Step(20))
    moved = snapshot.parameters.copy()
    moved[0] = np.nextafter(moved[0], np.inf)
    with pytest.raises(ExportError, match="did not lead to the same parameters"):
        retraced(problem, replace(snapshot, parameters=moved))
