"""Evaluation over all samples, accuracy, and predictions."""

from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine.evaluation import Evaluator, evaluate, predict
from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings


def identity(inputs, targets, **fields):
    """Outputs are the inputs."""
    inputs, targets = np.array(inputs, dtype=float), np.array(targets, dtype=float)
    size = inputs.shape[1]
    network = Network((Layer(size, size, "identity", "none"),))
    return Problem(
        network,
        Samples(inputs, targets),
        fields.pop("test", None),
        "squared_error",
        "mean",
        network.pack([np.eye(size)], [None]),
        Settings(optimizer_settings("sgd"), l1=fields.pop("l1", 0.0), l2=fields.pop("l2", 0.0)),
        **fields,
    )


def test_objective_and_data_loss_differ_by_the_penalties():
    problem = identity([[1, 2], [3, 4]], [[1, 1], [1, 4]], l1=0.5, l2=3.0)
    found = evaluate(problem, problem.initial)
    assert found.data_loss == 2.5
    assert found.loss == 2.5 + 0.5 * 2 + 3.0 / 2 * 2
    assert (found.accuracy, found.test_loss, found.test_accuracy) == (None, None, None)


def test_the_test_set_counts_without_penalties():
    test = Samples(np.array([[2.0]]), np.array([[0.0]]))
    problem = identity([[1]], [[1]], test=test, l2=1.0)
    found = evaluate(problem, problem.initial)
    assert (found.loss, found.data_loss, found.test_loss) == (0.5, 0.0, 4.0)
    assert found.test_accuracy is None


def test_one_output_decides_by_the_threshold():
    problem = identity(
        [[0.9], [0.6], [0.4], [0.5]], [[1], [0], [0], [1]], classification=True, threshold=0.5
    )
    assert evaluate(problem, problem.initial).accuracy == 0.5
    signs = identity([[0.2], [-3]], [[1], [-1]], classification=True, threshold=0.0)
    assert evaluate(signs, signs.initial).accuracy == 1.0


def test_several_outputs_decide_by_the_largest():
    rows = [[0.1, 0.2, 0.7], [0.5, 0.4, 0.1], [0.3, 0.4, 0.3]]
    targets = [[0, 0, 1], [0, 1, 0], [0, 1, 0]]
    test = Samples(np.array(rows[:1]), np.array(targets[1:2], dtype=float))
    problem = identity(rows, targets, classification=True, test=test)
    found = evaluate(problem, problem.initial)
    assert found.accuracy == pytest.approx(2 / 3)
    assert found.test_accuracy == 0.0


def test_accuracy_over_several_chunks():
    inputs = np.zeros((10_000, 2))
    inputs[:, 0] = 1.0
    targets = inputs.copy()
    targets[9_000:] = [0.0, 1.0]
    problem = identity(inputs, targets, classification=True)
    assert evaluate(problem, problem.initial).accuracy == 0.9


def test_an_evaluator_may_be_used_again_and_under_other_settings(make_problem):
    problem = make_problem()
    evaluator = Evaluator(problem)
    other = problem.initial + 0.5
    first = evaluator.evaluate(problem.initial)
    assert evaluator.evaluate(other) == evaluate(problem, other)
    assert evaluator.evaluate(problem.initial) == first == evaluate(problem, problem.initial)
    penalized = replace(problem.settings, l2=1.0)
    weights = problem.initial[problem.network.is_weight]
    assert evaluator.evaluate(problem.initial, penalized).loss == pytest.approx(
        first.loss + 0.5 * weights @ weights
    )
    assert evaluator.objective(other) == evaluate(problem, other).loss


def test_parameters_that_overflow_give_a_loss_that_says_so(make_problem):
    problem = make_problem(activations=("identity", "identity"))
    assert evaluate(problem, np.full_like(problem.initial, 1e300)).loss == np.inf


@pytest.mark.parametrize("bias", ["trained", "fixed", "none"])
def test_predictions_are_rows(make_problem, bias):
    problem = make_problem((2, 3, 1), activations=("tanh", "identity"), bias=bias)
    network, theta = problem.network, problem.initial
    inputs = np.random.default_rng(1).normal(size=(9, 2))
    (first, second), (b1, b2) = network.weights(theta), network.biases(theta)
    hidden = np.tanh(inputs @ first.T + (0 if b1 is None else b1))
    expected = hidden @ second.T + (0 if b2 is None else b2)
    assert predict(problem, theta, inputs) == pytest.approx(expected, rel=1e-13)
    assert predict(network, theta, inputs).shape == (9, 1)
    assert predict(network, theta, inputs[:0]).shape == (0, 1)


def test_predictions_have_the_precision_of_the_parameters(make_problem):
    problem = make_problem(dtype=np.float32)
    assert predict(problem, problem.initial, np.ones((3, 2))).dtype == np.float32
