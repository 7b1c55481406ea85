"""The same numbers as PyTorch: against golden ones everywhere, live where torch is installed."""

import numpy as np
import pytest

from bpgui.engine.descent import advance, initial_state
from bpgui.engine.network import Layer, Network
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings

pytestmark = pytest.mark.usefixtures("either_loop")

NAMES = [
    *(
        f"{optimizer}-{size}"
        for optimizer in ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
        for size in ("full", 1, 3, 7)
    ),
    *(
        f"{loss}-{reduction}"
        for loss in (
            "squared_error",
            "half_squared_error",
            "mean_squared_error",
            "absolute_error",
            "huber",
            "binary_cross_entropy",
            "cross_entropy",
        )
        for reduction in ("mean", "sum")
    ),
    "three-classes",
]


def problem_of(case, maker):
    """A case of packaging/make_goldens.py as a problem."""
    network = Network(
        tuple(
            Layer(inputs, units, activation, bias)
            for inputs, units, activation, bias in case["layers"]
        )
    )
    inputs, targets, weights, biases = maker.draw(case)
    settings = Settings(
        optimizer_settings(**case["optimizer"]), l1=case.get("l1", 0.0), l2=case.get("l2", 0.0)
    )
    return Problem(
        network,
        Samples(inputs, targets),
        None,
        case["loss"],
        case["reduction"],
        network.pack(weights, biases),
        settings,
        batch_size=case["batch_size"],
    )


def compare(case, expected, maker):
    problem = problem_of(case, maker)
    network = problem.network
    iterations = case["epochs"] * problem.batches_per_epoch
    state, trace = advance(problem, initial_state(problem), iterations)
    assert len(expected["losses"]) == iterations
    assert trace.losses == pytest.approx(expected["losses"], rel=1e-12)
    assert state.parameters == pytest.approx(
        network.pack(expected["weights"], expected["biases"]), rel=1e-11, abs=1e-14
    )
    gradients = network.pack(expected["weight_gradients"], expected["bias_gradients"])
    assert trace.gradient == pytest.approx(gradients, rel=1e-11, abs=1e-14)


def test_the_golden_file_holds_every_case(goldens, maker):
    assert set(goldens) == set(NAMES)
    assert [golden["case"] for golden in goldens.values()] == maker.cases()
    assert set(maker.HYPERPARAMETERS) == set(OPTIMIZERS)


@pytest.mark.parametrize("name", NAMES)
def test_golden_numbers(goldens, maker, name):
    compare(goldens[name]["case"], goldens[name]["result"], maker)


def test_gradients_of_three_classes_to_twelve_digits(goldens, maker):
    golden = goldens["three-classes"]
    problem = problem_of(golden["case"], maker)
    _, trace = advance(problem, initial_state(problem), 1)
    weights, biases = golden["result"]["weight_gradients"], golden["result"]["bias_gradients"]
    expected = problem.network.pack(weights, biases)
    assert trace.losses == pytest.approx(golden["result"]["losses"], rel=1e-13)
    for found, wanted in zip(
        problem.network.matrices(trace.gradient), problem.network.matrices(expected), strict=True
    ):
        assert np.abs(found - wanted).max() <= 1e-12 * np.abs(wanted).max()


@pytest.mark.parity
@pytest.mark.parametrize("name", NAMES)
def test_live(goldens, maker, name):
    pytest.importorskip("torch")
    case = goldens[name]["case"] | {"seed": 17}
    compare(case, maker.train(case), maker)
