"""The session with the real run, its thread and its worker."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bpgui.experiment import edits
from bpgui.experiment.errors import MissingData, PresetError
from bpgui.experiment.models import (
    Experiment,
    Layer,
    Loss,
    Manual,
    Network,
    Sgd,
    Stop,
    Training,
    Uniform,
)
from bpgui.experiment.sources import Csv, Generated, Inline
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.training.worker import Worker
from bpgui.ui.budget import Budget
from bpgui.ui.session import Session

TWO_INPUTS = Experiment(
    network=Network(inputs=2, layers=(Layer(units=2, bias="fixed"), Layer(units=2, bias="fixed"))),
    initial_weights=Manual(
        weights=(((0.15, 0.2), (0.25, 0.3)), ((0.4, 0.45), (0.5, 0.55))),
        biases=((0.35, 0.35), (0.6, 0.6)),
    ),
    data=Inline(inputs=((0.05, 0.1),), targets=((0.01, 0.99),)),
    loss=Loss(name="half_squared_error"),
    training=Training(optimizer=Sgd(learning_rate=0.5), stop=Stop(max_epochs=10_000)),
)
ENDLESS = Experiment(
    network=Network(inputs=2, layers=(Layer(units=3), Layer(units=1))),
    initial_weights=Uniform(seed=1),
    data=Generated(name="xor", samples=8),
    training=Training(optimizer=Sgd(learning_rate=0.1), batch_size=2),
)


@pytest.fixture
def session(qtbot: QtBot, worker: Worker) -> Iterator[Session]:
    session = Session(worker)
    yield session
    session.close()


@pytest.fixture
def own(qtbot: QtBot) -> Iterator[Session]:
    """A session whose worker dies with it, or before."""
    session = Session(Worker())
    yield session
    session.close()


def wait(qtbot: QtBot, session: Session, condition) -> Snapshot:
    """The first snapshot for which the condition holds."""
    if session.snapshot is None or not condition(session.snapshot):
        with qtbot.waitSignal(session.snapshot_changed, check_params_cb=condition):
            pass
    return session.snapshot


def paused(snapshot: Snapshot) -> bool:
    return snapshot.state is RunState.PAUSED


def start(qtbot: QtBot, session: Session, experiment: Experiment, folder: Path | None = None):
    with qtbot.waitSignal(session.run_started):
        session.start(experiment, folder)
    return wait(qtbot, session, paused)


def test_it_begins_paused_with_the_loss_of_the_initial_weights(qtbot, session) -> None:
    snapshot = start(qtbot, session, TWO_INPUTS)
    assert snapshot.iteration == 0
    assert snapshot.evaluation.loss == pytest.approx(0.2983711087600027, rel=1e-12)


def test_ten_thousand_epochs_of_the_two_input_example(qtbot, session) -> None:
    start(qtbot, session, TWO_INPUTS)
    session.run()
    snapshot = wait(qtbot, session, lambda s: s.state is RunState.FINISHED)
    assert snapshot.epoch == 10_000
    assert f"{snapshot.evaluation.loss:.12g}" == "3.51018778298e-05"
    assert session.ended
    session.run()
    again = wait(
        qtbot, session, lambda s: s.run_id > snapshot.run_id and s.state is RunState.FINISHED
    )
    assert again.evaluation.loss == snapshot.evaluation.loss


def test_steps_add_up_to_the_same_numbers_as_a_run(qtbot, session) -> None:
    start(qtbot, session, TWO_INPUTS)
    session.step_iteration()
    assert wait(qtbot, session, lambda s: s.iteration == 1 and paused(s)).evaluation.loss == (
        pytest.approx(0.29102777369359933, rel=1e-12)
    )
    session.step_epoch()
    assert wait(qtbot, session, lambda s: s.iteration == 2 and paused(s)).epoch == 2


def test_an_epoch_ends_where_its_last_batch_does(qtbot, session) -> None:
    start(qtbot, session, ENDLESS)
    session.step_iteration()
    wait(qtbot, session, lambda s: s.iteration == 1 and paused(s))
    session.step_epoch()
    assert wait(qtbot, session, lambda s: s.iteration == 4 and paused(s)).epoch == 1


def test_toggle_runs_and_pauses(qtbot, session) -> None:
    start(qtbot, session, ENDLESS)
    session.toggle()
    wait(qtbot, session, lambda s: s.state is RunState.RUNNING and s.iteration > 0)
    session.toggle()
    snapshot = wait(qtbot, session, paused)
    assert snapshot.evaluated_at == snapshot.iteration


def test_what_cannot_be_afforded_waits_but_never_a_change_of_state(qtbot, session) -> None:
    """A clock that stands still leaves no time for pictures."""
    first = start(qtbot, session, ENDLESS)
    spent = itertools.count()
    session._budget = Budget(lambda: 0.0, lambda: float(next(spent)))
    told: list[Snapshot] = []
    session.snapshot_changed.connect(told.append)
    session.run()
    qtbot.waitUntil(lambda: session._waiting is not None)
    qtbot.waitUntil(lambda: session._waiting.iteration > told[0].iteration)
    assert [snapshot.state for snapshot in told] == [RunState.RUNNING]
    session.pause()
    last = wait(qtbot, session, paused)
    assert len(told) == 2
    assert session._waiting is None
    assert last.iteration > first.iteration
    assert last.evaluated_at == last.iteration


def test_the_learning_rate_changes_while_it_runs(qtbot, session) -> None:
    first = start(qtbot, session, ENDLESS)
    session.run()
    wait(qtbot, session, lambda s: s.iteration > 0)
    faster = edits.set_hyperparameter(ENDLESS, "learning_rate", 0.25)
    session.apply(ENDLESS, faster, None)
    after = wait(qtbot, session, lambda s: s.settings.optimizer.learning_rate == 0.25)
    assert after.run_id == first.run_id
    session.reset()
    again = wait(qtbot, session, lambda s: s.run_id > first.run_id)
    assert again.settings.optimizer.learning_rate == 0.25


@pytest.mark.parametrize("running", [False, True])
def test_a_structural_edit_starts_a_new_run_that_goes_on(qtbot, session, running) -> None:
    first = start(qtbot, session, ENDLESS)
    if running:
        session.run()
        wait(qtbot, session, lambda s: s.iteration > 0)
    wider = edits.set_units(ENDLESS, 0, 5)
    session.apply(ENDLESS, wider, None)
    state = RunState.RUNNING if running else RunState.PAUSED
    after = wait(qtbot, session, lambda s: s.run_id > first.run_id and s.state is state)
    assert after.parameters.shape == (5 * 3 + 6,)


def test_edits_that_follow_each_other_fast_end_in_the_last(qtbot, session) -> None:
    start(qtbot, session, ENDLESS)
    started = []
    session.run_started.connect(started.append)
    old = ENDLESS
    for units in range(4, 30):
        new = edits.set_units(old, 0, units)
        session.apply(old, new, None)
        old = new
    wait(qtbot, session, lambda s: len(s.parameters) == 29 * 3 + 30)
    assert started[-1].network.layers[0].units == 29
    assert len(started) < 26
    assert not session.loading


def test_reset_goes_back_to_the_same_weights(qtbot, session) -> None:
    first = start(qtbot, session, ENDLESS)
    session.step(10)
    wait(qtbot, session, lambda s: s.iteration == 10 and paused(s))
    session.reset()
    again = wait(qtbot, session, lambda s: s.run_id > first.run_id)
    assert again.iteration == 0
    np.testing.assert_array_equal(again.parameters, first.parameters)


def test_a_parameter_is_set_while_paused_only(qtbot, session) -> None:
    start(qtbot, session, ENDLESS)
    session.set_parameter(2, 0.625)
    snapshot = wait(qtbot, session, lambda s: s.parameters[2] == 0.625)
    assert snapshot.iteration == 0
    session.run()
    wait(qtbot, session, lambda s: s.state is RunState.RUNNING)
    session.set_parameter(2, 100.0)
    session.pause()
    assert wait(qtbot, session, paused).parameters[2] < 10


def test_speed_limit_outlives_the_run(qtbot, session) -> None:
    session.set_speed(1)
    first = start(qtbot, session, ENDLESS)
    session.reset()
    wait(qtbot, session, lambda s: s.run_id > first.run_id)
    session.run()
    wait(qtbot, session, lambda s: s.state is RunState.RUNNING and s.iteration == 1)
    session.pause()
    assert wait(qtbot, session, paused).iteration <= 2


def test_a_killed_worker_fails_the_run_and_the_next_works(qtbot, own, kill_during_a_burst) -> None:
    start(qtbot, own, ENDLESS)
    own.run()
    wait(qtbot, own, lambda s: s.state is RunState.RUNNING and s.iteration > 0)
    with qtbot.waitSignal(own.failed) as signals:
        kill_during_a_burst(own)
    assert signals.args[0]
    failed_at = own.snapshot.iteration
    assert own.snapshot.state is RunState.FAILED
    own.run()
    wait(qtbot, own, lambda s: s.state is RunState.RUNNING and s.iteration > failed_at)


def test_divergence_ends_the_run(qtbot, session) -> None:
    wild = Experiment(
        network=Network(inputs=1, layers=(Layer(units=1, activation="identity"),)),
        initial_weights=Uniform(),
        data=Inline(inputs=((3.0,), (5.0,)), targets=((1.0,), (2.0,))),
        training=Training(optimizer=Sgd(learning_rate=1e6)),
    )
    start(qtbot, session, wild)
    session.run()
    snapshot = wait(qtbot, session, lambda s: s.state is RunState.DIVERGED)
    assert session.ended
    assert snapshot.message


def test_missing_data_is_an_obstacle_until_it_is_mended(qtbot, session, tmp_path) -> None:
    experiment = Experiment(
        network=Network(inputs=1, layers=(Layer(units=1, activation="identity"),)),
        initial_weights=Uniform(),
        data=Csv(path="numbers.csv", inputs=("x",), targets=("y",)),
    )
    with qtbot.waitSignal(session.refused) as signals:
        session.start(experiment, tmp_path)
    assert isinstance(signals.args[0], MissingData)
    assert "numbers.csv" in session.obstacle
    assert session.problem is None
    session.run()
    session.step_iteration()
    session.reset()
    assert session.snapshot is None
    (tmp_path / "numbers.csv").write_text("x,y\n1,2\n2,4\n")
    with qtbot.waitSignal(session.run_started):
        session.retry()
    assert session.obstacle == ""
    np.testing.assert_array_equal(session.problem.train.inputs, [[1.0], [2.0]])


def test_what_cannot_be_built_takes_the_place_of_the_old_run(qtbot, session) -> None:
    start(qtbot, session, ENDLESS)
    network = ENDLESS.network.model_copy(update={"inputs": 3})
    wrong = ENDLESS.model_copy(update={"network": network})
    with qtbot.waitSignal(session.refused) as signals:
        session.start(wrong, None)
    assert isinstance(signals.args[0], PresetError)
    assert session.problem is None


def test_loading_can_be_cancelled(qtbot, session) -> None:
    start(qtbot, session, ENDLESS)
    session.start(edits.set_units(ENDLESS, 0, 7), None)
    assert session.loading
    session.cancel_loading("not loaded")
    assert not session.loading
    assert session.obstacle == "not loaded"
    with qtbot.waitSignal(session.run_started):
        session.retry()
    assert session.problem.network.layers[0].units == 7


def test_run_asked_for_while_loading_runs_when_loaded(qtbot, session) -> None:
    session.start(ENDLESS, None)
    session.run()
    wait(qtbot, session, lambda s: s.state is RunState.RUNNING and s.iteration > 0)


def test_a_step_asked_for_while_loading_is_done_by_the_new_run(qtbot, session) -> None:
    start(qtbot, session, ENDLESS)
    session.start(edits.set_units(ENDLESS, 0, 7), None)
    session.step_iteration()
    snapshot = wait(qtbot, session, lambda s: s.iteration == 1 and paused(s))
    assert len(snapshot.parameters) == 7 * 3 + 8


def test_snapshots_of_an_older_run_are_dropped(qtbot, session) -> None:
    start(qtbot, session, ENDLESS)
    session.run()
    wait(qtbot, session, lambda s: s.iteration > 0)
    seen = []
    session.snapshot_changed.connect(lambda s: seen.append(s.run_id))
    session.reset()
    wait(qtbot, session, lambda s: s.iteration == 0 and paused(s))
    assert set(seen) == {session.snapshot.run_id}
