"""What stops being finite ends a run, keeps the last finite state and is named."""

from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine.descent import Descent, Divergence, advance, initial_state
from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings

pytestmark = pytest.mark.usefixtures("either_loop")

HUGE = 1e200


def linear(weights, x, t, *, activations=None, loss="half_squared_error", rate=0.1, dtype=float):
    """A chain of single units with the given weights, and one sample."""
    names = activations or ["identity"] * len(weights)
    network = Network(tuple(Layer(1, 1, name, "none") for name in names))
    return Problem(
        network,
        Samples(np.array([[x]], dtype), np.array([[t]], dtype)),
        None,
        loss,
        "mean",
        np.array(weights, dtype),
        Settings(optimizer_settings("sgd", learning_rate=rate)),
    )


def ended(problem, n=1000):
    state, trace = advance(problem, initial_state(problem), n)
    assert np.isfinite(state.parameters).all()
    assert np.isfinite(state.slots).all()
    assert np.isfinite(trace.losses).all()
    assert state.iteration == len(trace.losses)
    return trace.ended


@pytest.mark.parametrize(
    ("problem", "layer", "quantity"),
    [
        (linear([1.0, HUGE, HUGE], 1.0, 0.0), 3, "pre_activation"),
        (linear([HUGE, 1.0], HUGE, 0.0), 1, "pre_activation"),
        (linear([-1.0, 1.0], 1.0, 1.0, loss="cross_entropy"), None, "loss"),
        (linear([HUGE], 1.0, 0.0), None, "loss"),
        (linear([1.0, HUGE], 1.0, HUGE, loss="absolute_error"), None, None),
        (linear([HUGE, 1e-200, HUGE], 1e-100, 0.0, loss="absolute_error"), None, None),
        (linear([HUGE, 1.0, 1e150], 1e-200, 0.0, loss="huber", rate=1e200), 2, "parameter"),
        (linear([1e-200, HUGE, HUGE], 1.0, 0.0, loss="absolute_error"), 1, "delta"),
        (linear([1e-200, HUGE], HUGE, 0.0, loss="absolute_error"), 1, "gradient"),
    ],
)
def test_the_first_that_is_not_finite_is_named(problem, layer, quantity):
    expected = None if quantity is None else Divergence(0, layer, quantity)
    assert ended(problem, 1) == expected


def test_a_learning_rate_that_is_too_large(make_problem):
    problem = make_problem(
        (2, 3, 1), activations=("identity", "identity"), values={"learning_rate": 30.0}
    )
    found = ended(problem)
    assert isinstance(found, Divergence)
    assert found.iteration > 0
    assert found.quantity in {"pre_activation", "loss", "delta", "gradient", "parameter"}


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_it_does_not_matter_how_bursts_are_cut(make_problem, optimizer, dtype):
    problem = make_problem(
        (2, 3, 1),
        activations=("identity", "elu"),
        loss="squared_error",
        optimizer=optimizer,
        values={"learning_rate": 1e4},
        samples=5,
        batch_size=2,
        shuffle=True,
        dtype=dtype,
    )
    state, trace = advance(problem, initial_state(problem), 300)
    descent = Descent(problem)
    for burst in (1, 7):
        step, found, losses = initial_state(problem), None, []
        while found is None and step.iteration < 300:
            step, part = descent.advance(step, min(burst, 300 - step.iteration))
            losses.extend(part.losses)
            found = part.ended
        assert found == trace.ended
        assert step.iteration == state.iteration
        assert step.parameters.tobytes() == state.parameters.tobytes()
        assert step.slots.tobytes() == state.slots.tobytes()
        assert losses == trace.losses.tolist()


def test_a_diverged_state_diverges_again(make_problem):
    problem = linear([1.0], 1.0, 0.0, rate=50.0)
    state, trace = advance(problem, initial_state(problem), 10_000)
    assert isinstance(trace.ended, Divergence)
    assert trace.ended.iteration == state.iteration
    assert trace.gradient is not None
    again, after = advance(problem, state, 5)
    assert after.ended == trace.ended
    assert again.parameters.tobytes() == state.parameters.tobytes()
    assert after.gradient is None


def test_rows_before_the_end_are_kept():
    problem = linear([1.0], 1.0, 0.0, rate=50.0)
    state, trace = advance(problem, initial_state(problem), 10_000, record_every=20)
    assert trace.row_iterations.tolist() == list(range(0, state.iteration, 20))
    assert np.isfinite(trace.rows).all()


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_a_held_parameter_hides_nothing(optimizer):
    problem = linear([1e-200, HUGE], HUGE, 0.0, loss="absolute_error")
    settings = Settings(optimizer_settings(optimizer), frozen=np.array([True, False]))
    assert ended(replace(problem, settings=settings)) == Divergence(0, 1, "gradient")


def test_a_square_that_overflows_in_a_slot_is_told():
    problem = linear([1.0], HUGE, 0.0, loss="absolute_error")
    problem = replace(problem, settings=Settings(optimizer_settings("rmsprop")))
    assert ended(problem) == Divergence(0, 1, "parameter")


def test_penalties_that_overflow_are_the_loss():
    problem = linear([1e160], 0.0, 0.0)
    problem = replace(problem, settings=replace(problem.settings, l2=1.0))
    assert ended(problem) == Divergence(0, None, "loss")


def test_large_parameters_are_no_divergence():
    problem = linear([1e170], 0.0, 0.0)
    state, trace = advance(problem, initial_state(problem), 3)
    assert trace.ended is None
    assert state.parameters.tolist() == [1e170]


def test_not_a_number_in_the_data_is_told():
    assert ended(linear([1.0], np.nan, 0.0)) == Divergence(0, 1, "pre_activation")
    assert ended(linear([1.0], 1.0, np.nan)) == Divergence(0, None, "loss")
