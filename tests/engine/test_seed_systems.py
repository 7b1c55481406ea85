"""The worked examples of the teaching texts, to the digits that were recomputed for them."""

import numpy as np
import pytest

from bpgui.engine.descent import advance, gradient, initial_state
from bpgui.engine.evaluation import evaluate, predict
from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Problem, Samples, Settings, StopRule, optimizer_settings
from bpgui.engine.walk import walk

pytestmark = pytest.mark.usefixtures("either_loop")


def two_two_two(bias):
    """System A: two inputs, two hidden units, two outputs, one sample."""
    network = Network((Layer(2, 2, "sigmoid", bias), Layer(2, 2, "sigmoid", bias)))
    theta = network.pack(
        [[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]], [[0.35] * 2, [0.60] * 2]
    )
    samples = Samples(np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]]))
    settings = Settings(optimizer_settings("sgd", learning_rate=0.5))
    return Problem(network, samples, None, "half_squared_error", "mean", theta, settings)


def test_a_every_number_of_the_first_pass():
    problem = two_two_two("fixed")
    found = {
        (layer, quantity): values.ravel().tolist()
        for layer, quantity, values in walk(
            problem.network,
            problem.loss,
            1.0,
            problem.initial,
            np.array([[0.05, 0.10, 1.0]]),
            problem.train.targets.T,
        )
    }
    expected = {
        (1, "pre_activation"): [0.3775, 0.3925],
        (1, "activation"): [0.5932699921071872, 0.596884378259767],
        (2, "pre_activation"): [1.10590596705977, 1.2249214040964653],
        (2, "activation"): [0.7513650695523157, 0.7729284653214625],
        (None, "loss"): [0.2983711087600027],
        (2, "delta"): [0.13849856162855695, -0.038098236516556236],
        (1, "delta"): [0.00877135468949, 0.00995425470522],
    }
    for key, values in expected.items():
        assert found[key] == pytest.approx(values, rel=1e-12), key


def test_a_gradient_and_first_update():
    problem = two_two_two("fixed")
    first, second = problem.network.weights(gradient(problem, problem.initial))
    assert first == pytest.approx(
        np.array([[0.000438567734474, 0.000877135468949], [0.000497712735261, 0.000995425470522]]),
        rel=1e-11,
    )
    assert second == pytest.approx(
        np.array([[0.0821670405642, 0.0826676278475], [-0.0226025404775, -0.0227402422160]]),
        rel=1e-11,
    )
    state, trace = advance(problem, initial_state(problem), 1)
    first, second = problem.network.weights(state.parameters)
    assert first == pytest.approx(
        np.array(
            [[0.1497807161327628, 0.19956143226552567], [0.24975114363236958, 0.29950228726473915]]
        ),
        rel=1e-12,
    )
    assert second == pytest.approx(
        np.array(
            [[0.35891647971788465, 0.4086661860762334], [0.5113012702387375, 0.5613701211079891]]
        ),
        rel=1e-12,
    )
    assert trace.losses == pytest.approx([0.2983711087600027], rel=1e-12)
    assert evaluate(problem, state.parameters).loss == pytest.approx(0.29102777369359933, rel=1e-12)


def test_a_ten_thousand_updates_with_fixed_biases():
    problem = two_two_two("fixed")
    state, _ = advance(problem, initial_state(problem), 10_000)
    assert evaluate(problem, state.parameters).loss == pytest.approx(
        3.510187782978859e-05, rel=1e-12
    )
    assert predict(problem, state.parameters, problem.train.inputs)[0] == pytest.approx(
        [0.01591362044355068, 0.9840642735146238], rel=1e-9
    )
    biases = problem.network.biases(state.parameters)
    assert [bias.tolist() for bias in biases] == [[0.35, 0.35], [0.6, 0.6]]


def test_a_trained_biases_learn_faster():
    problem = two_two_two("trained")
    state, _ = advance(problem, initial_state(problem), 10_000)
    assert evaluate(problem, state.parameters).loss < 3.5e-05


def test_c_xor_with_plain_numpy():
    network = Network((Layer(2, 4, "sigmoid", "none"), Layer(4, 1, "identity", "none")))
    theta = network.pack(
        [[[0.1, 0.5], [0.2, 0.6], [0.3, 0.7], [0.4, 0.8]], [[0.15, 0.35, 0.55, 0.75]]], [None, None]
    )
    inputs = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    targets = np.array([[0.0], [1.0], [1.0], [0.0]])
    settings = Settings(optimizer_settings("sgd", learning_rate=0.1))
    problem = Problem(
        network, Samples(inputs, targets), None, "half_squared_error", "sum", theta, settings
    )
    state, at = initial_state(problem), 0
    for iterations, expected in (
        (0, 0.6467652820681169),
        (1, 0.31313370480010705),
        (1_000, 0.09704232112044603),
        (10_000, 0.0005313728231286779),
    ):
        state, _ = advance(problem, state, iterations - at)
        at = iterations
        error = ((predict(problem, state.parameters, inputs) - targets) ** 2).mean()
        assert error == pytest.approx(expected, rel=1e-12 if iterations <= 1 else 1e-9)


def test_e_the_chain_of_three_weights():
    network = Network(tuple(Layer(1, 1, "identity", "none") for _ in range(3)))
    theta = network.pack([[[0.2333]], [[-0.233]], [[-0.52133]]], [None] * 3)
    inputs = np.array([[1.0], [-1.0]])
    settings = Settings(
        optimizer_settings("sgd", learning_rate=0.05), stop=StopRule(max_epochs=160)
    )
    problem = Problem(
        network,
        Samples(inputs, -inputs),
        None,
        "half_squared_error",
        "mean",
        theta,
        settings,
        batch_size=1,
    )
    state, trace = advance(problem, initial_state(problem), 1_000, record_every=1)
    assert trace.ended == "max_epochs"
    assert state.iteration == 320
    assert trace.rows[0] == pytest.approx([0.124912, -0.125073, -0.055899], abs=5e-7)
    assert state.parameters == pytest.approx(
        [0.26834251180335367, 0.2681246232434451, -0.5366628787432715], rel=1e-9
    )
    assert predict(problem, state.parameters, inputs)[0, 0] == pytest.approx(
        -0.038612483512720945, rel=1e-9
    )
