"""Batches, stop rules, held parameters, penalties, live settings and precision."""

from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine.descent import Descent, advance, gradient, initial_state
from bpgui.engine.evaluation import evaluate
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.engine.problem import Settings, StopRule, optimizer_settings

pytestmark = pytest.mark.usefixtures("either_loop")


def by_hand(problem, batches):
    """Parameters after sgd on the given batches, one gradient after another."""
    theta = problem.initial.copy()
    for batch in batches:
        theta -= problem.settings.optimizer.learning_rate * gradient(problem, theta, batch)
    return theta


def test_batches_in_the_order_of_the_data(make_problem):
    problem = make_problem(samples=8, batch_size=3)
    state, trace = advance(problem, initial_state(problem), 4)
    batches = [slice(0, 3), slice(3, 6), slice(6, 8), slice(0, 3)]
    assert problem.batches_per_epoch == 3
    assert state.parameters == pytest.approx(by_hand(problem, batches), rel=1e-13)
    assert trace.gradient == pytest.approx(
        gradient(problem, by_hand(problem, batches[:3]), batches[3]), rel=1e-12
    )


def test_shuffled_batches_follow_the_seed_and_the_epoch(make_problem):
    problem = make_problem(samples=8, batch_size=3, shuffle=True, seed=4)
    problem = replace(problem, seed=11)
    orders = [np.random.default_rng([11, epoch]).permutation(8) for epoch in (0, 1)]
    batches = [order[i : i + 3] for order in orders for i in (0, 3, 6)]
    state, _ = advance(problem, initial_state(problem), 6)
    assert state.parameters == pytest.approx(by_hand(problem, batches), rel=1e-13)


@pytest.mark.parametrize("batch_size", [None, 5, 9])
def test_a_full_batch_is_never_shuffled(make_problem, batch_size):
    plain = make_problem(samples=5)
    shuffled = replace(plain, batch_size=batch_size, shuffle=True)
    assert shuffled.batches_per_epoch == 1
    expected = advance(plain, initial_state(plain), 7)[0].parameters
    assert advance(shuffled, initial_state(shuffled), 7)[0].parameters.tolist() == expected.tolist()


def test_losses_are_the_objective_before_each_update(make_problem):
    problem = make_problem(l1=0.03, l2=0.2)
    state, losses = initial_state(problem), []
    for _ in range(5):
        losses.append(evaluate(problem, state.parameters).loss)
        state, _ = advance(problem, state, 1)
    assert advance(problem, initial_state(problem), 5)[1].losses == pytest.approx(losses, rel=1e-14)


def test_penalties_spare_biases(make_problem):
    with_both = make_problem(l1=0.5, l2=0.25)
    network, theta = with_both.network, with_both.initial
    extra = gradient(with_both, theta) - gradient(make_problem(), theta)
    expected = np.where(network.is_weight, 0.25 * theta + 0.5 * np.sign(theta), 0.0)
    assert extra == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_a_weight_of_zero_feels_no_l1(make_problem):
    problem = make_problem(l1=0.5)
    theta = np.zeros_like(problem.initial)
    assert gradient(problem, theta).tolist() == gradient(make_problem(), theta).tolist()


def test_no_iterations_change_nothing(make_problem):
    problem = make_problem(optimizer="adam")
    start = initial_state(problem)
    state, trace = advance(problem, start, 0, record_every=1)
    assert state.iteration == 0
    assert state.parameters.tolist() == start.parameters.tolist()
    assert len(trace.losses) == len(trace.rows) == len(trace.row_iterations) == 0
    assert trace.gradient is None
    assert trace.ended is None


@pytest.mark.parametrize(
    ("every", "iterations"), [(0, []), (1, [0, 1, 2, 3, 4, 5, 6]), (3, [0, 3, 6]), (9, [0])]
)
def test_rows_of_every_kth_iteration(make_problem, every, iterations):
    problem = make_problem(optimizer="momentum")
    _, trace = advance(problem, initial_state(problem), 7, record_every=every)
    assert trace.row_iterations.tolist() == iterations
    assert trace.rows.shape == (len(iterations), problem.network.size)
    _, each = advance(problem, initial_state(problem), 7, record_every=1)
    assert trace.rows.tolist() == each.rows[iterations].tolist()
    assert each.rows[-1].tolist() == trace.gradient.tolist()


def test_rows_begin_at_the_next_multiple(make_problem):
    problem = make_problem()
    state, _ = advance(problem, initial_state(problem), 5)
    _, trace = advance(problem, state, 8, record_every=4)
    assert trace.row_iterations.tolist() == [8, 12]


class TestStop:
    def test_after_so_many_epochs(self, make_problem):
        problem = make_problem(samples=8, batch_size=3, stop=StopRule(max_epochs=4))
        state, trace = advance(problem, initial_state(problem), 11)
        assert trace.ended is None
        state, trace = advance(problem, state, 100)
        assert (state.iteration, len(trace.losses), trace.ended) == (12, 1, "max_epochs")
        state, trace = advance(problem, state, 100)
        assert (state.iteration, len(trace.losses), trace.ended) == (12, 0, "max_epochs")

    @pytest.mark.parametrize("batch_size", [None, 2])
    def test_when_the_loss_is_below(self, make_problem, batch_size):
        problem = make_problem(
            samples=6, batch_size=batch_size, l2=0.001, values={"learning_rate": 1.0}
        )
        per_epoch = problem.batches_per_epoch
        states = [initial_state(problem)]
        for _ in range(6):
            states.append(advance(problem, states[-1], per_epoch)[0])
        losses = [evaluate(problem, state.parameters).loss for state in states]
        below = (losses[4] + losses[5]) / 2
        assert sum(loss < below for loss in losses) == 2

        problem = replace(
            problem, settings=replace(problem.settings, stop=StopRule(loss_below=below))
        )
        stopped, trace = advance(problem, initial_state(problem), 10_000)
        assert trace.ended == "loss_below"
        assert stopped.iteration == 5 * per_epoch
        assert stopped.parameters.tolist() == states[5].parameters.tolist()
        assert trace.gradient is not None

    def test_a_loss_that_is_below_from_the_start(self, make_problem):
        problem = make_problem(stop=StopRule(loss_below=1e9))
        state, trace = advance(problem, initial_state(problem), 5)
        assert (state.iteration, trace.ended, trace.gradient) == (0, "loss_below", None)

    def test_the_loss_is_looked_at_before_an_epoch_only(self, make_problem):
        problem = make_problem(samples=6, batch_size=2)
        state, _ = advance(problem, initial_state(problem), 1)
        problem = replace(
            problem, settings=replace(problem.settings, stop=StopRule(loss_below=1e9))
        )
        state, trace = advance(problem, state, 50)
        assert (state.iteration, trace.ended) == (3, "loss_below")


class TestHeld:
    @pytest.mark.parametrize("optimizer", OPTIMIZERS)
    def test_frozen_and_fixed_never_move_and_the_others_do(self, make_problem, optimizer):
        problem = make_problem(bias="fixed", optimizer=optimizer)
        frozen = np.zeros(problem.network.size, dtype=bool)
        frozen[[0, 4, 10]] = True
        settings = replace(problem.settings, frozen=frozen)
        free, _ = advance(problem, initial_state(problem), 5)
        state, trace = Descent(problem).advance(free, 20, settings=settings)
        held = frozen | ~problem.network.is_trained
        assert (state.parameters == free.parameters).tolist() == held.tolist()
        assert np.count_nonzero(trace.gradient) == problem.network.size

    def test_fixed_biases_keep_their_first_value(self, make_problem):
        problem = make_problem(bias="fixed", optimizer="adam")
        state, _ = advance(problem, initial_state(problem), 20)
        fixed = ~problem.network.is_trained
        assert fixed.sum() == 5
        assert state.parameters[fixed].tolist() == problem.initial[fixed].tolist()

    def test_a_frozen_weight_is_one_that_gets_no_gradient(self, make_problem):
        """Freezing from the start equals sgd in which this entry of the gradient is 0."""
        problem = make_problem()
        frozen = np.arange(problem.network.size) == 2
        problem = replace(problem, settings=replace(problem.settings, frozen=frozen))
        state, _ = advance(problem, initial_state(problem), 3)
        theta = problem.initial.copy()
        for _ in range(3):
            theta -= 0.1 * np.where(frozen, 0.0, gradient(problem, theta))
        assert state.parameters == pytest.approx(theta, rel=1e-14)


class TestLiveSettings:
    def test_another_learning_rate_for_one_call(self, make_problem):
        problem = make_problem()
        descent = Descent(problem)
        faster = Settings(optimizer_settings("sgd", learning_rate=0.4))
        state, _ = descent.advance(initial_state(problem), 2, settings=faster)
        state, _ = descent.advance(state, 2)
        other = replace(problem, settings=faster)
        expected, _ = advance(other, initial_state(other), 2)
        expected, _ = advance(problem, expected, 2)
        assert state.parameters.tolist() == expected.parameters.tolist()

    def test_another_optimizer_is_refused(self, make_problem):
        problem = make_problem()
        with pytest.raises(ValueError, match="another optimizer"):
            Descent(problem).advance(
                initial_state(problem), 1, settings=Settings(optimizer_settings("adam"))
            )


class TestFloat32:
    @pytest.mark.parametrize("optimizer", OPTIMIZERS)
    def test_everything_stays_in_single_precision(self, make_problem, optimizer):
        problem = make_problem(
            optimizer=optimizer, dtype=np.float32, samples=7, batch_size=3, l1=0.01, l2=0.1
        )
        state, trace = advance(problem, initial_state(problem), 10, record_every=2)
        arrays = state.parameters, state.slots, trace.losses, trace.gradient, trace.rows
        assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
        assert gradient(problem, state.parameters).dtype == np.float32

    @pytest.mark.parametrize("optimizer", OPTIMIZERS)
    def test_it_follows_double_precision(self, make_problem, optimizer):
        single, double = (
            make_problem(optimizer=optimizer, dtype=dtype, samples=7, batch_size=3)
            for dtype in (np.float32, np.float64)
        )
        assert advance(single, initial_state(single), 12)[0].parameters == pytest.approx(
            advance(double, initial_state(double), 12)[0].parameters, rel=1e-3, abs=1e-4
        )


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_slots_begin_at_zero_and_learning_rate_comes_first(make_problem, name):
    problem = make_problem(optimizer=name)
    slots = initial_state(problem).slots
    assert slots.shape == (len(OPTIMIZERS[name].slots), problem.network.size)
    assert not slots.any()
    assert next(iter(OPTIMIZERS[name].defaults)) == "learning_rate"


def test_a_state_that_is_handed_back_is_as_good_as_a_copy_of_it(make_problem):
    problem = make_problem(optimizer="adam", samples=7, batch_size=3)
    descent, other = Descent(problem), Descent(problem)
    state, _ = descent.advance(initial_state(problem), 3)
    with pytest.raises(ValueError, match="read-only"):
        state.parameters[0] = 1.0
    copied = replace(state, parameters=state.parameters.copy(), slots=state.slots.copy())
    descent.advance(copied, 2)  # the memory is in another state from here on
    for start in (state, copied):
        straight, _ = descent.advance(start, 4)
        again, _ = descent.advance(straight, 4)
        expected, _ = other.advance(copied, 8)
        assert again.parameters.tobytes() == expected.parameters.tobytes()
        assert again.slots.tobytes() == expected.slots.tobytes()
