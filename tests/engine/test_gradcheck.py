"""The gradient check: what is right, wrong, doubtful, and what has no derivative."""

from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine import differences
from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.descent import gradient
from bpgui.engine.gradcheck import check_gradient
from bpgui.engine.losses import LOSSES
from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings


def unit(weight, x, t, *, activation="identity", loss="half_squared_error", l1=0.0, bias=None):
    """One unit with one input and one sample; a bias where one is given."""
    network = Network((Layer(1, 1, activation, "none" if bias is None else "trained"),))
    return Problem(
        network,
        Samples(np.array([[x]]), np.array([[t]])),
        None,
        loss,
        "mean",
        network.pack([[[weight]]], [None if bias is None else [bias]]),
        Settings(optimizer_settings("sgd"), l1=l1),
    )


def verdicts(problem, **options):
    return check_gradient(problem, problem.initial, **options).verdicts


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_engine_is_right(make_problem, activation, loss):
    output = activation
    if loss in ("binary_cross_entropy", "cross_entropy"):
        output = "sigmoid" if activation != "softmax" else activation
    problem = make_problem(
        (3, 4, 2), activations=("tanh", output), loss=loss, l1=0.01, l2=0.1, seed=3
    )
    check = check_gradient(problem, problem.initial)
    assert check.passed
    assert set(check.verdicts) == {"good"}
    assert check.numeric == pytest.approx(check.analytic, rel=1e-6, abs=1e-9)
    assert check.relative_error.max() <= 1e-6


@pytest.mark.parametrize("seed", range(20))
def test_no_false_alarm_on_large_inputs(make_problem, seed):
    problem = make_problem(
        (5, 6, 3), activations=("sigmoid", "softmax"), loss="cross_entropy", samples=40, seed=seed
    )
    problem.train.inputs[...] *= 50
    assert check_gradient(problem, problem.initial).passed


def test_no_false_alarm_near_a_perfect_fit():
    problem = unit(2.0 + 1e-9, 3.0, 6.0)
    assert verdicts(problem) == ("good",)


def test_a_forgotten_factor_is_wrong_and_located(make_problem):
    problem = make_problem((2, 3, 2))

    def lost_half(problem, theta):
        found = gradient(problem, theta)
        found[:9] *= 2
        return found

    check = check_gradient(problem, problem.initial, gradient=lost_half)
    assert not check.passed
    assert check.having("wrong").tolist() == list(range(9))
    assert check.having("good").tolist() == list(range(9, problem.network.size))
    assert check.relative_error[:9] == pytest.approx(np.full(9, 0.5), rel=1e-6)


@pytest.mark.parametrize(
    ("factor", "verdict"),
    [(1 + 1e-8, "good"), (1 + 1e-4, "doubtful"), (1.01, "wrong"), (-1, "wrong"), (np.nan, "wrong")],
)
def test_bands(factor, verdict):
    problem = unit(0.7, 1.3, 0.2, activation="sigmoid")
    assert verdicts(problem, gradient=lambda p, theta: factor * gradient(p, theta)) == (verdict,)


def test_a_small_gradient_is_checked_as_strictly():
    problem = unit(8.0, 1.0, 0.999, activation="sigmoid")
    right = gradient(problem, problem.initial)
    assert abs(right[0]) < 1e-6
    assert verdicts(problem) == ("good",)
    assert verdicts(problem, gradient=lambda p, theta: 1.01 * gradient(p, theta)) == ("wrong",)


class TestKinks:
    @pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
    @pytest.mark.parametrize("x", [0.0, 1e-7, -1e-7])
    def test_a_unit_at_its_kink(self, activation, x):
        problem = unit(1.0, 1.0, 5.0, activation=activation, bias=x - 1.0)
        assert verdicts(problem) == ("kink", "kink")

    @pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
    @pytest.mark.parametrize("x", [1e-4, -1e-4])
    def test_a_unit_beside_its_kink(self, activation, x):
        problem = unit(1.0, 1.0, 5.0, activation=activation, bias=x - 1.0)
        assert verdicts(problem) == ("good", "good")

    def test_an_output_that_meets_its_target(self):
        problem = unit(2.0, 1.5, 3.0 + 1e-6, loss="absolute_error")
        assert verdicts(problem) == ("kink",)
        assert verdicts(replace(problem, loss="squared_error")) == ("good",)

    def test_a_weight_at_zero_under_l1(self):
        assert verdicts(unit(1e-7, 1.0, 0.5, l1=0.1)) == ("kink",)
        assert verdicts(unit(1e-7, 1.0, 0.5)) == ("good",)
        assert verdicts(unit(0.1, 1.0, 0.5, l1=0.1)) == ("good",)

    def test_only_the_parameters_that_move_the_unit(self, make_problem):
        """A relu unit of the first layer stands at 0: the layer after it is not touched."""
        problem = make_problem((2, 2, 1), activations=("relu", "identity"), samples=1)
        theta = problem.initial
        matrix = problem.network.matrices(theta)[0]
        matrix[0] = [1.0, 1.0, -problem.train.inputs[0].sum()]
        matrix[1] = [0.1, 0.1, 3.0]
        problem.network.matrices(theta)[1][...] = [[1.0, 1.0, 1.0]]
        check = check_gradient(problem, theta)
        assert check.having("kink").tolist() == [0, 1, 2]
        assert check.having("good").tolist() == [3, 4, 5, 6, 7, 8]
        assert check.passed

    def test_a_kink_does_not_excuse_other_parameters(self, make_problem):
        problem = unit(1.0, 1.0, 5.0, activation="relu", bias=1.0)
        check = check_gradient(
            problem, problem.initial, gradient=lambda p, theta: 0 * gradient(p, theta)
        )
        assert check.verdicts == ("wrong", "wrong")


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_samples_that_a_parameter_does_not_move_are_left_out(make_problem, monkeypatch, activation):
    problem = make_problem(
        (6, 5, 4, 2), activations=(activation, activation, "sigmoid"), samples=60, seed=4
    )
    shown = np.random.default_rng(0).uniform(size=problem.train.inputs.shape) < 0.3
    problem.train.inputs[...] *= shown
    problem.train.inputs[:, 5] = 0.0
    dense = check_gradient(problem, problem.initial)
    monkeypatch.setattr(differences, "MANY", 0)
    sparse = check_gradient(problem, problem.initial)
    assert sparse.verdicts == dense.verdicts
    assert sparse.numeric == pytest.approx(dense.numeric, rel=1e-8, abs=1e-11)
    assert sparse.passed
    assert set(sparse.numeric[5:35:7]) == {0.0}


class TestOptions:
    def test_some_parameters(self, make_problem):
        problem = make_problem()
        check = check_gradient(problem, problem.initial, [7, 2])
        assert check.indices.tolist() == [7, 2]
        assert check.analytic == pytest.approx(gradient(problem, problem.initial)[[7, 2]])
        assert check.passed

    def test_progress_and_cancel(self, make_problem):
        problem, seen = make_problem(), []

        def on_progress(done, total):
            seen.append((done, total))
            return done < 4

        check = check_gradient(problem, problem.initial, on_progress=on_progress)
        total = problem.network.size
        assert seen == [(1, total), (2, total), (3, total), (4, total)]
        assert len(check.verdicts) == len(check.numeric) == len(check.indices) == 4
        assert not check.complete
        assert not check.passed

    def test_a_single_precision_problem_is_checked_in_double(self, make_problem):
        problem = make_problem(dtype=np.float32)
        check = check_gradient(problem, problem.initial)
        assert check.passed
        assert check.analytic.dtype == check.numeric.dtype == np.float64
        assert check.relative_error.max() < 1e-6

    def test_theta_is_left_as_it_was(self, make_problem):
        problem = make_problem()
        before = problem.initial.tobytes()
        check_gradient(problem, problem.initial)
        assert problem.initial.tobytes() == before

    def test_more_samples_than_one_chunk_holds(self, make_problem):
        problem = make_problem(samples=5000, activations=("relu", "sigmoid"))
        check = check_gradient(problem, problem.initial, [0, 5, 9])
        assert set(check.verdicts) <= {"good", "kink"}
