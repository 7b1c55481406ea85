"""A run without its thread: the same numbers whatever the bursts, and what commands do."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpgui.engine.descent import Descent, Divergence, advance, initial_state
from bpgui.engine.evaluation import evaluate
from bpgui.engine.problem import StopRule, optimizer_settings
from bpgui.training import commands
from bpgui.training.burst import perform
from bpgui.training.history import EVALUATIONS, GRADIENT_ROWS, LOSS_BUCKETS
from bpgui.training.messages import divergence_message
from bpgui.training.pacing import BURST_SECONDS, most_under_way
from bpgui.training.progress import Progress
from bpgui.training.snapshot import RunState

KEYS = itertools.count()


class Bench:
    """Carries out what a Progress orders, as many orders together as it gives, on a clock that only
    its sleeping moves."""

    def __init__(self, problem):
        self.progress = Progress(problem, 1)
        self.key = f"bench {next(KEYS)}"
        self.now = 0.0
        self.orders = []
        self.rest()

    def tick(self):
        """All orders there are, or a sleep; False if there is nothing to do until a command
        comes."""
        orders = []
        while (order := self.progress.order(self.now)) is not None:
            orders.append(order)
        for order in orders:
            burst = perform(self.key, order, self.progress.problem)
            assert burst is not None
            self.progress.absorb(burst, self.now)
        self.orders += orders
        if orders:
            return True
        delay = self.progress.delay(self.now)
        if delay is None:
            return False
        self.now += delay
        return True

    def rest(self):
        while self.tick():
            pass
        return self.progress.snapshot()

    def do(self, *orders):
        for order in orders:
            self.progress.obey(order, self.now)
        return self.rest()


def same(a, b):
    """Equal to the bit, but for the clock and the rate."""
    pairs = [
        (a.parameters, b.parameters),
        (a.gradient, b.gradient),
        (a.update, b.update),
        (a.losses.low, b.losses.low),
        (a.losses.high, b.losses.high),
        (a.evaluations.iteration, b.evaluations.iteration),
        (a.evaluations.train, b.evaluations.train),
        (a.evaluations.test, b.evaluations.test),
        (a.gradients.iteration, b.gradients.iteration),
        (a.gradients.rows, b.gradients.rows),
        (a.gradients.norms, b.gradients.norms),
    ]
    for left, right in pairs:
        np.testing.assert_array_equal(left, right, strict=True)
    assert (a.iteration, a.epoch, a.evaluation, a.losses.width) == (
        b.iteration,
        b.epoch,
        b.evaluation,
        b.losses.width,
    )


# --- numbers ------------------------------------------------------------------------------------


def test_a_run_is_the_same_as_one_call_of_advance(problem):
    done = 4321
    shown = Bench(problem).do(commands.Step(done))
    state, trace = advance(problem, initial_state(problem), done, record_every=1)
    np.testing.assert_array_equal(shown.parameters, state.parameters, strict=True)
    np.testing.assert_array_equal(shown.gradient, trace.gradient, strict=True)
    before, _ = advance(problem, initial_state(problem), done - 1)
    np.testing.assert_array_equal(shown.update, state.parameters - before.parameters)
    assert shown.iteration == shown.evaluated_at == done
    assert shown.epoch == done // problem.batches_per_epoch
    assert shown.evaluation == evaluate(problem, state.parameters)
    np.testing.assert_array_equal(shown.gradients.iteration, np.arange(0, done, 16))
    np.testing.assert_array_equal(shown.gradients.rows, trace.rows[::16], strict=True)
    norms = [
        [np.linalg.norm(layer) for layer in np.split(row, problem.network.offsets[1:-1])]
        for row in trace.rows[::16].astype(np.float64)
    ]
    np.testing.assert_allclose(shown.gradients.norms, norms, rtol=4 * np.finfo(problem.dtype).eps)
    width = shown.losses.width
    assert width == 4
    padded = np.append(trace.losses, [trace.losses[-1]] * (-done % width)).reshape(-1, width)
    np.testing.assert_array_equal(shown.losses.low, padded.min(axis=1))
    np.testing.assert_array_equal(shown.losses.high, padded.max(axis=1))


def test_evaluations_are_those_after_every_stride_of_epochs(problem):
    shown = Bench(problem).do(commands.Step(1500))
    at = shown.evaluations.iteration
    stride = problem.batches_per_epoch * (2 if problem.batches_per_epoch == 1 else 1)
    assert at.tolist() == list(range(0, 1501, stride))
    descent, state = Descent(problem), initial_state(problem)
    for iteration, train, test in zip(
        at, shown.evaluations.train, shown.evaluations.test, strict=True
    ):
        state, _ = descent.advance(state, int(iteration) - state.iteration)
        expected = evaluate(problem, state.parameters)
        assert train == expected.loss
        assert test == expected.test_loss or (np.isnan(test) and expected.test_loss is None)


@settings(max_examples=12)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=8))
def test_the_history_does_not_depend_on_the_bursts(problem, cuts):
    whole = Bench(problem).do(commands.Step(sum(cuts)))
    bench = Bench(problem)
    for count in cuts:
        pieces = bench.do(commands.Step(count))
    same(whole, pieces)


def test_the_history_stays_bounded(make):
    shown = Bench(make((1, 1), samples=2)).do(commands.Step(20_000))
    assert len(shown.losses.first) == 20_000 // 16 <= LOSS_BUCKETS
    assert len(shown.evaluations.iteration) == 1 + 20_000 // 32 <= EVALUATIONS
    assert len(shown.gradients.iteration) == -(-20_000 // 64) <= GRADIENT_ROWS


def test_gradient_rows_of_a_large_network_are_folded(make):
    problem = make((90, 99, 1), samples=3)
    size = problem.network.size
    shown = Bench(problem).do(commands.Step(5))
    assert size > 8192
    assert shown.gradients.rows.shape == (5, 8192)
    assert shown.gradients.edges[-1] == size
    _, trace = advance(problem, initial_state(problem), 5, record_every=1)
    peaks = np.maximum.reduceat(np.abs(trace.rows), shown.gradients.edges[:-1], axis=1)
    np.testing.assert_array_equal(np.abs(shown.gradients.rows), peaks)


def test_snapshots_cannot_be_written_to_and_do_not_change(make):
    bench = Bench(make())
    shown = bench.do(commands.Step(3))
    kept = shown.parameters.copy(), shown.gradients.rows.copy(), shown.losses.high.copy()
    with pytest.raises(ValueError, match="read-only"):
        shown.parameters[0] = 1.0
    bench.do(commands.Step(3000), commands.SetParameter(0, 5.0))
    for before, now in zip(
        kept, (shown.parameters, shown.gradients.rows, shown.losses.high), strict=True
    ):
        np.testing.assert_array_equal(before, now)


# --- commands -----------------------------------------------------------------------------------


def test_the_first_snapshot_is_paused_at_iteration_0_with_its_evaluation(problem):
    shown = Bench(problem).progress.snapshot()
    assert (shown.state, shown.iteration, shown.evaluated_at) == (RunState.PAUSED, 0, 0)
    assert shown.evaluation == evaluate(problem, problem.initial)
    assert shown.evaluations.iteration.tolist() == [0]
    assert shown.gradient is shown.update is None
    assert len(shown.losses.first) == len(shown.gradients.iteration) == 0


def test_steps_asked_for_in_a_row_add_up(make):
    assert Bench(make()).do(*[commands.Step(3)] * 4).iteration == 12


def test_a_step_asked_for_while_running_ends_the_run_after_it(make):
    shown = Bench(make()).do(commands.Go(), commands.Step(5))
    assert (shown.state, shown.iteration) == (RunState.PAUSED, 5)


def test_stepping_epochs_ends_at_their_boundaries(make):
    bench = Bench(make(samples=7, batch_size=2))
    ends = [bench.do(commands.StepEpoch()) for _ in range(2)]
    assert [(shown.iteration, shown.epoch) for shown in ends] == [(4, 1), (8, 2)]
    bench.do(commands.Step(1))
    assert bench.do(commands.StepEpoch()).iteration == 12
    assert bench.do(commands.StepEpoch(), commands.StepEpoch()).iteration == 20


def test_pause_takes_effect_before_the_next_burst(make):
    bench = Bench(make())
    bench.progress.obey(commands.Go(), 0.0)
    for _ in range(4):
        bench.tick()
    before = bench.progress.iteration
    shown = bench.do(commands.Pause())
    assert (shown.state, shown.iteration) == (RunState.PAUSED, before)
    assert shown.evaluated_at == before


def test_the_stop_rule_in_epochs_finishes_and_raising_it_goes_on(make):
    bench = Bench(make(samples=7, batch_size=2, stop=StopRule(max_epochs=3)))
    finished = bench.do(commands.Go())
    assert (finished.state, finished.iteration, finished.epoch) == (RunState.FINISHED, 12, 3)
    assert bench.do(commands.Go()).iteration == 12
    assert bench.do(commands.Step(1), commands.StepEpoch()).state is RunState.FINISHED
    more = replace(finished.settings, stop=StopRule(max_epochs=5))
    assert bench.do(commands.ChangeSettings(more)).state is RunState.PAUSED
    assert bench.do(commands.Go()).iteration == 20
    straight = Bench(make(samples=7, batch_size=2, stop=StopRule(max_epochs=5)))
    same(straight.do(commands.Go()), bench.progress.snapshot())


def test_the_last_update_is_known_where_the_stop_rule_cut_a_burst_short(make):
    problem = make(samples=60, batch_size=1, stop=StopRule(max_epochs=5))
    shown = Bench(problem).do(commands.Go())
    before, _ = advance(problem, initial_state(problem), 299)
    after, _ = advance(problem, before, 1)
    np.testing.assert_array_equal(shown.update, after.parameters - before.parameters)


def test_stepping_to_the_last_epoch_finishes(make):
    bench = Bench(make(stop=StopRule(max_epochs=2)))
    assert bench.do(commands.Step(1)).state is RunState.PAUSED
    assert bench.do(commands.StepEpoch()).state is RunState.FINISHED


def test_the_stop_rule_in_loss_finishes_before_the_epoch_that_would_begin_below_it(make):
    problem = make(samples=6, batch_size=3)
    losses = Bench(problem).do(commands.Step(400)).evaluations
    assert losses.train[-1] < losses.train[0]
    threshold = (losses.train[0] + losses.train[-1]) / 2
    expected = losses.iteration[np.flatnonzero(losses.train < threshold)[0]]
    bench = Bench(
        replace(problem, settings=replace(problem.settings, stop=StopRule(None, threshold)))
    )
    shown = bench.do(commands.Go())
    assert (shown.state, shown.iteration) == (RunState.FINISHED, expected)
    assert shown.evaluation.loss < threshold
    lower = replace(shown.settings, stop=StopRule(None, losses.train[-1]))
    assert bench.do(commands.ChangeSettings(lower)).state is RunState.PAUSED
    assert bench.do(commands.Step(2)).iteration == expected + 2


def test_a_divergence_keeps_the_last_finite_parameters_and_says_what_went_first(diverging):
    shown = Bench(diverging).do(commands.Go())
    state, trace = advance(diverging, initial_state(diverging), 10_000)
    assert shown.state is RunState.DIVERGED
    assert shown.divergence == trace.ended
    assert shown.message == divergence_message(trace.ended)
    assert shown.iteration == state.iteration > 0
    np.testing.assert_array_equal(shown.parameters, state.parameters)
    assert np.isfinite(shown.parameters).all()
    before, _ = advance(diverging, initial_state(diverging), state.iteration - 1)
    np.testing.assert_array_equal(shown.update, state.parameters - before.parameters)


def test_a_diverged_run_goes_on_only_when_something_was_changed(diverging):
    bench = Bench(diverging)
    ended = bench.do(commands.Go())
    assert bench.do(commands.Go(), commands.Step(3)).iteration == ended.iteration
    assert bench.progress.state is RunState.DIVERGED
    reset = [commands.SetParameter(i, 0.1) for i in range(diverging.network.size)]
    shown = bench.do(*reset)
    assert (shown.state, shown.message, shown.divergence) == (RunState.PAUSED, "", None)
    assert bench.do(commands.Step(1)).iteration == ended.iteration + 1


@pytest.mark.parametrize(
    ("divergence", "message"),
    [
        (
            Divergence(1233, 2, "pre_activation"),
            "The pre-activations of layer 2 stopped being finite in iteration 1,234. "
            "Try a smaller learning rate.",
        ),
        (
            Divergence(0, None, "loss"),
            "The loss stopped being finite in iteration 1. Try a smaller learning rate.",
        ),
    ],
)
def test_the_words_for_a_divergence(divergence, message):
    assert divergence_message(divergence) == message


def test_settings_changed_live_act_from_the_next_burst_on_and_are_recorded(make):
    problem = make((2, 3, 1), optimizer="momentum", hyperparameters={"momentum": 0.9})
    bench = Bench(problem)
    bench.do(commands.Step(10))
    other = replace(
        problem.settings,
        optimizer=replace(
            problem.settings.optimizer, values={"learning_rate": 0.01, "momentum": 0.5}
        ),
        l2=0.1,
    )
    changed = bench.do(commands.ChangeSettings(other))
    assert changed.settings is other
    assert changed.evaluation == evaluate(replace(problem, settings=other), changed.parameters)
    assert changed.evaluation.loss > changed.evaluation.data_loss
    shown = bench.do(commands.Step(10))
    descent = Descent(problem)
    state, _ = descent.advance(initial_state(problem), 10)
    state, _ = descent.advance(state, 10, settings=other)
    np.testing.assert_array_equal(shown.parameters, state.parameters)


def test_a_frozen_parameter_stays_until_it_is_let_go(make):
    problem = make()
    frozen = np.zeros(problem.network.size, dtype=bool)
    frozen[[0, 4]] = True
    bench = Bench(problem)
    bench.do(commands.ChangeSettings(replace(problem.settings, frozen=frozen)))
    shown = bench.do(commands.Step(50))
    assert ((shown.parameters == problem.initial) == frozen).all()
    assert (shown.update[frozen] == 0).all()
    bench.do(commands.ChangeSettings(problem.settings))
    assert (bench.do(commands.Step(1)).parameters != problem.initial).all()


def test_a_parameter_set_while_paused_is_evaluated_and_trained_from(make):
    problem = make()
    bench = Bench(problem)
    before = bench.do(commands.Step(10))
    shown = bench.do(commands.SetParameter(2, 0.75))
    assert (shown.state, shown.iteration, shown.parameters[2]) == (RunState.PAUSED, 10, 0.75)
    assert shown.evaluation == evaluate(problem, shown.parameters) != before.evaluation
    expected, _ = advance(problem, replace(initial_state(problem), parameters=shown.parameters), 5)
    np.testing.assert_array_equal(bench.do(commands.Step(5)).parameters, expected.parameters)


def test_the_first_command_that_changes_the_course_is_remembered(make):
    problem = make((2, 3, 1), stop=StopRule(loss_below=1e-9))
    slower = optimizer_settings("sgd", learning_rate=0.01)
    held = np.arange(problem.network.size) == 1
    bench = Bench(problem)
    bench.do(commands.ChangeSettings(replace(problem.settings, optimizer=slower)))
    started = replace(problem.settings, optimizer=slower)
    bench.do(commands.Step(10))
    for stop in (StopRule(loss_below=1e-10), StopRule(max_epochs=50)):
        shown = bench.do(commands.ChangeSettings(replace(started, stop=stop)))
        assert shown.altered_at is None
    bench.do(commands.ChangeSettings(replace(started, frozen=held)))
    bench.do(commands.Step(10))
    assert bench.do(commands.SetParameter(2, 0.75)).altered_at == 10


@pytest.mark.parametrize(
    "change",
    [
        {"l1": 0.1},
        {"l2": 0.1},
        {"stop": StopRule(loss_below=2e-9)},
        {"optimizer": optimizer_settings("sgd", learning_rate=0.01)},
    ],
)
def test_what_changes_the_course_of_iterations_done(make, change):
    problem = make((2, 3, 1), stop=StopRule(loss_below=1e-9))
    bench = Bench(problem)
    bench.do(commands.Step(3))
    changed = bench.do(commands.ChangeSettings(replace(problem.settings, **change)))
    assert changed.altered_at == 3


def test_each_change_by_hand_begins_a_stretch(make):
    problem = make((2, 3, 1), stop=StopRule(max_epochs=500))
    slower = replace(problem.settings, optimizer=optimizer_settings("sgd", learning_rate=0.01))
    bench = Bench(problem)
    bench.do(commands.SetParameter(2, 0.5), commands.SetParameter(0, 0.25), commands.Step(7))
    bench.do(commands.ChangeSettings(replace(problem.settings, stop=StopRule())))
    bench.do(commands.ChangeSettings(slower), commands.SetParameter(1, 3.0))
    shown = bench.do(commands.SetParameter(1, 2.0), commands.Step(4))
    told = [(stretch.iteration, stretch.settings, stretch.values) for stretch in shown.stretches]
    assert told == [(0, problem.settings, {2: 0.5, 0: 0.25}), (7, slower, {1: 2.0})]


def test_a_parameter_is_not_set_while_running(make):
    problem = make()
    shown = Bench(problem).do(commands.Step(5), commands.SetParameter(0, 9.0))
    state, _ = advance(problem, initial_state(problem), 5)
    np.testing.assert_array_equal(shown.parameters, state.parameters)


def test_evaluations_that_cost_much_are_left_out_while_running(make):
    bench = Bench(make(samples=6, batch_size=1))
    bench.progress._evaluation_seconds = 1.0
    bench.progress.obey(commands.Step(5000), 0.0)
    while bench.progress.running:
        bench.tick()
        bench.progress._evaluation_seconds = 1.0
    assert [order.evaluate for order in bench.orders[1:]] == [False] * (len(bench.orders) - 2) + [
        True
    ]
    assert bench.progress.snapshot().evaluated_at == 5000


def test_where_an_evaluation_takes_long_the_pause_is_shown_before_it(make, monkeypatch):
    monkeypatch.setattr("bpgui.training.pacing.LONG_EVALUATION", 10)  # else it would take long
    monkeypatch.setattr("bpgui.training.progress.EVALUATION_SHARE", 0.0)  # and be affordable
    bench = Bench(make(samples=6, batch_size=1))
    fresh = Progress(bench.progress.problem, 2)
    assert not fresh.presentable  # there is no evaluation at all yet
    bench.progress.obey(commands.Step(7), 0.0)
    while bench.progress.running:
        bench.progress.absorb(
            perform(bench.key, bench.progress.order(0.0), bench.progress.problem), 0.0
        )
    assert bench.progress.presentable
    paused = bench.progress.snapshot()
    assert (paused.state, paused.iteration, paused.evaluated_at) == (RunState.PAUSED, 7, 6)
    assert paused.awaits_evaluation
    exact = bench.rest()
    assert (exact.iteration, exact.evaluated_at, exact.awaits_evaluation) == (7, 7, False)
    bench.progress.obey(commands.SetParameter(0, 0.5), 0.0)
    assert not bench.progress.presentable  # nothing would tell that the loss is another's


def test_several_orders_are_under_way_and_the_state_is_sent_but_once(make):
    bench = Bench(make())
    bench.orders.clear()
    bench.do(commands.Step(5000))
    assert [order.state is None for order in bench.orders] == [True] * len(bench.orders)
    progress = bench.progress
    progress.obey(commands.Go(), 0.0)
    for _ in range(most_under_way(progress.problem)):
        assert progress.order(0.0) is not None
    assert progress.order(0.0) is None
    progress.recall()
    assert progress.order(0.0).state is progress.train_state
    progress.recall()
    bench.do(commands.Pause(), commands.SetParameter(0, 0.5))
    assert bench.orders[-1].state is progress.train_state
    assert bench.do(commands.Step(1)).iteration == 5001
    assert bench.orders[-1].state is None


def test_an_order_after_the_end_of_training_does_nothing(make):
    bench = Bench(make(stop=StopRule(max_epochs=40)))
    progress = bench.progress
    progress.obey(commands.Go(), 0.0)
    progress._size = 100
    bursts = [perform(bench.key, progress.order(0.0), progress.problem) for _ in range(2)]
    assert progress.absorb(bursts[0], 0.0)
    ended = progress.snapshot()
    assert (ended.state, ended.iteration, ended.evaluated_at) == (RunState.FINISHED, 40, 40)
    assert not progress.absorb(bursts[1], 0.0)
    same(ended, progress.snapshot())


# --- speed --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("limit", "iterations"), [(1, 5), (0.25, 3), (12, 30), (2000, 2200)])
def test_the_speed_limit_is_kept_by_the_clock(make, limit, iterations):
    bench = Bench(make())
    shown = bench.do(commands.SetSpeed(limit), commands.Step(iterations))
    lot = max(1, int(limit * BURST_SECONDS))
    assert shown.iteration == iterations
    assert bench.now == pytest.approx((-(-iterations // lot) - 1) * lot / limit)
    assert len(bench.orders) <= 2 * -(-iterations // lot) + 8  # bursts grow while they are short


def test_a_new_speed_acts_at_once_and_none_lifts_the_limit(make):
    bench = Bench(make())
    bench.progress.obey(commands.SetSpeed(0.001), 0.0)
    bench.progress.obey(commands.Go(), 0.0)
    bench.tick()
    assert (bench.progress.iteration, bench.progress.order(5.0)) == (1, None)
    assert bench.progress.delay(5.0) == pytest.approx(995.0)
    bench.progress.obey(commands.SetSpeed(None), 5.0)
    assert bench.progress.delay(5.0) is None
    assert bench.do(commands.Step(100)).iteration == 101


def test_no_time_passes_for_a_run_that_rests(make):
    progress = Bench(make()).progress
    progress.obey(commands.SetSpeed(1.0), 0.0)
    assert progress.order(99.0) is progress.delay(99.0) is None
