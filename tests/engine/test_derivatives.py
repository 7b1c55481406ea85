"""Loss and gradient against textbook formulas in plain NumPy and their central differences."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.descent import gradient
from bpgui.engine.evaluation import evaluate, predict
from bpgui.engine.losses import LOSSES
from bpgui.engine.network import Layer, Network

# Samples are rows here, and nothing is fused or done in place.
TEXTBOOK_ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.where(z > 0, z, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z > 0, z, np.exp(z) - 1),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True),
}
TEXTBOOK_LOSSES = {
    "squared_error": lambda a, t: ((a - t) ** 2).sum(axis=1),
    "half_squared_error": lambda a, t: ((a - t) ** 2).sum(axis=1) / 2,
    "mean_squared_error": lambda a, t: ((a - t) ** 2).mean(axis=1),
    "absolute_error": lambda a, t: np.abs(a - t).sum(axis=1),
    "huber": lambda a, t: np.where(np.abs(a - t) <= 1, (a - t) ** 2 / 2, np.abs(a - t) - 0.5).sum(
        axis=1
    ),
    "binary_cross_entropy": lambda a, t: -(t * np.log(a) + (1 - t) * np.log(1 - a)).sum(axis=1),
    "cross_entropy": lambda a, t: -(t * np.log(a)).sum(axis=1),
}
# A cross entropy takes logarithms of the outputs, so only these activations can stand before it.
DEFINED = {
    "binary_cross_entropy": {"sigmoid", "softmax"},
    "cross_entropy": {"sigmoid", "softmax", "softplus"},
}
PAIRS = [
    (activation, loss)
    for activation, loss in itertools.product(ACTIVATIONS, LOSSES)
    if activation in DEFINED.get(loss, ACTIVATIONS)
]


def textbook_objective(problem, theta):
    """The objective over all training samples, and the outputs (n, outputs)."""
    network, a = problem.network, problem.train.inputs
    weights, biases = network.weights(theta), network.biases(theta)
    for layer, weight, bias in zip(network.layers, weights, biases, strict=True):
        z = a @ weight.T + (0.0 if bias is None else bias)
        a = TEXTBOOK_ACTIVATIONS[layer.activation](z)
    each = TEXTBOOK_LOSSES[problem.loss](a, problem.train.targets)
    total = each.mean() if problem.reduction == "mean" else each.sum()
    for weight in weights:
        total += problem.settings.l2 / 2 * (weight**2).sum()
        total += problem.settings.l1 * np.abs(weight).sum()
    return total, a


def differences(problem, theta):
    """Central differences of the textbook objective, shape (size,)."""
    found = np.empty_like(theta)
    for i, x in enumerate(theta):
        step = 6e-6 * max(1.0, abs(x))
        ends = []
        for moved in (x + step, x - step):
            beside = theta.copy()
            beside[i] = moved
            ends.append(textbook_objective(problem, beside)[0])
        found[i] = (ends[0] - ends[1]) / (2 * step)
    return found


def test_the_textbook_knows_every_entry_of_the_tables():
    assert set(TEXTBOOK_ACTIVATIONS) == set(ACTIVATIONS)
    assert set(TEXTBOOK_LOSSES) == set(LOSSES)


@pytest.mark.parametrize("bias", ["trained", "fixed", "none"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize(("activation", "loss"), PAIRS)
def test_every_activation_loss_reduction_and_bias_mode(
    make_penalized, activation, loss, reduction, bias
):
    problem = make_penalized(activation, loss, reduction, bias)
    theta = problem.initial
    objective, outputs = textbook_objective(problem, theta)
    assert predict(problem, theta, problem.train.inputs) == pytest.approx(outputs, rel=1e-13)
    assert evaluate(problem, theta).loss == pytest.approx(objective, rel=1e-12)
    assert gradient(problem, theta) == pytest.approx(
        differences(problem, theta), rel=1e-7, abs=2e-9
    )


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_in_front_of_a_hidden_layer(make_problem, name):
    problem = make_problem((2, 3, 3, 1), activations=(name, name, "identity"), loss="huber")
    assert gradient(problem, problem.initial) == pytest.approx(
        differences(problem, problem.initial), rel=1e-7, abs=2e-9
    )


def test_a_mixture_of_bias_modes(make_problem):
    network = Network(
        (
            Layer(2, 3, "tanh", "none"),
            Layer(3, 2, "sigmoid", "trained"),
            Layer(2, 2, "softmax", "fixed"),
        )
    )
    initial = np.random.default_rng(5).normal(size=network.size)
    problem = replace(make_problem(loss="cross_entropy"), network=network, initial=initial)
    assert gradient(problem, initial) == pytest.approx(
        differences(problem, initial), rel=1e-7, abs=2e-9
    )


def test_softmax_with_targets_that_do_not_sum_to_one(make_problem):
    problem = make_problem(activations=("tanh", "softmax"), loss="cross_entropy")
    problem.train.targets[...] = np.random.default_rng(1).uniform(0, 2, problem.train.targets.shape)
    assert gradient(problem, problem.initial) == pytest.approx(
        differences(problem, problem.initial), rel=1e-7, abs=2e-9
    )


def test_gradients_of_parts_sum_to_that_of_the_whole(make_problem):
    problem = make_problem(samples=7, reduction="sum")
    theta = problem.initial
    parts = gradient(problem, theta, slice(0, 3)) + gradient(problem, theta, np.array([3, 4, 5, 6]))
    assert parts == pytest.approx(gradient(problem, theta), rel=1e-13)


def test_more_samples_than_one_chunk_holds(make_problem):
    problem = make_problem(samples=9001, l2=0.1)
    theta = problem.initial
    assert evaluate(problem, theta).loss == pytest.approx(
        textbook_objective(problem, theta)[0], rel=1e-12
    )
    assert gradient(problem, theta) == pytest.approx(
        differences(problem, theta), rel=1e-6, abs=1e-9
    )
    assert predict(problem, theta, problem.train.inputs)[-1] == pytest.approx(
        textbook_objective(problem, theta)[1][-1], rel=1e-13
    )
