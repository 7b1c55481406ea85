"""Every number of a pass: the engine's gradients and updates, PyTorch's numbers, published ones."""

import json
from pathlib import Path

import numpy as np
import pytest

from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.derivation import FUSED_TERMS, TERMS, batch_indices, derive
from bpgui.engine.descent import advance, gradient, initial_state
from bpgui.engine.losses import FUSED, LOSSES
from bpgui.engine.network import Layer, Network
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings

GOLDENS = json.loads((Path(__file__).parent / "pass_goldens.json").read_text(encoding="utf-8"))
SAMPLE = 2
PROBABILITIES = {"sigmoid", "softmax"}
LOSS_OF_PROBABILITIES = {"binary_cross_entropy", "cross_entropy"}
CASES = [
    (activation, loss, reduction)
    for activation in ACTIVATIONS
    for loss in LOSSES
    for reduction in ("mean", "sum")
    if loss not in LOSS_OF_PROBABILITIES or activation in PROBABILITIES
]


def close(found, expected, rel=1e-13):
    return found == pytest.approx(expected, rel=rel, abs=1e-15)


@pytest.fixture(scope="module")
def two_inputs():
    network = Network((Layer(2, 2, "sigmoid", "fixed"), Layer(2, 2, "sigmoid", "fixed")))
    theta = network.pack(
        [[[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45], [0.5, 0.55]]], [[0.35, 0.35], [0.6, 0.6]]
    )
    samples = Samples(np.array([[0.05, 0.1]]), np.array([[0.01, 0.99]]))
    settings = Settings(optimizer_settings("sgd", learning_rate=0.5))
    return Problem(network, samples, None, "half_squared_error", "mean", theta, settings)


def test_the_published_pass(two_inputs):
    found = derive(two_inputs, two_inputs.initial, [0])
    first, last = found.layers
    assert close(first.pre_activations[:, 0], [0.3775, 0.3925])
    assert close(last.deltas[:, 0], [0.13849856162855695, -0.038098236516556236])
    assert close(last.weight_gradients[0], [0.0821670405642, 0.0826676278475], 1e-11)
    assert close(found.loss, 0.2983711087600027)
    assert close(found.update.parameters[0], 0.1497807161327628)
    assert close(found.update.parameters[2], 0.35)
    assert found.objective == found.loss


@pytest.mark.parametrize("bias", ["trained", "fixed", "none"])
@pytest.mark.parametrize(("activation", "loss", "reduction"), CASES)
def test_gradients_are_the_engines(make_penalized, activation, loss, reduction, bias):
    problem = make_penalized(activation, loss, reduction, bias)
    for chosen in ([2], [4, 0, 1], list(range(5))):
        found = derive(problem, problem.initial, chosen)
        expected = gradient(problem, problem.initial, np.array(chosen))
        assert close(found.update.gradient, expected)
        assert len(found.losses) == len(chosen)


@pytest.mark.parametrize(("activation", "loss", "reduction"), CASES)
def test_the_objective_is_the_engines(make_problem, activation, loss, reduction):
    problem = make_problem(
        (3, 3), activations=(activation,), loss=loss, reduction=reduction, l1=0.01, l2=0.02
    )
    _, trace = advance(problem, initial_state(problem), 1)
    assert close(derive(problem, problem.initial, range(5)).objective, trace.losses[0])


def test_every_loss_and_fused_pair_has_its_terms():
    assert (set(TERMS), set(FUSED_TERMS)) == (set(LOSSES), set(FUSED))


@pytest.mark.parametrize("batch_size", [None, 2])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_updates_are_the_engines(make_problem, optimizer, batch_size):
    frozen = np.zeros(17, dtype=bool)
    frozen[3] = True
    problem = make_problem(
        (2, 3, 2),
        optimizer=optimizer,
        l2=0.1,
        frozen=frozen,
        batch_size=batch_size,
        shuffle=True,
        seed=5,
    )
    state = initial_state(problem)
    for iteration in range(7):
        after, trace = advance(problem, state, 1)
        samples = batch_indices(problem, iteration)
        found = derive(problem, state.parameters, samples, state.slots, iteration)
        assert close(found.update.gradient, trace.gradient)
        assert close(found.update.parameters, after.parameters)
        assert close(found.update.new_slots, after.slots)
        assert found.update.parameters[3] == problem.initial[3]
        state = after


def test_own_numbers_leave_the_reduction_out(make_problem):
    problem = make_problem((2, 3, 2), samples=4)
    batch = derive(problem, problem.initial, range(4))
    for place in range(4):
        alone = derive(problem, problem.initial, [place])
        assert close(batch.losses[place], alone.loss)
        for whole, one in zip(batch.layers, alone.layers, strict=True):
            assert close(whole.own_deltas[:, place], one.deltas[:, 0])
            assert close(whole.deltas[:, place], one.deltas[:, 0] / 4)
            assert close(whole.input_gradients[:, place], one.input_gradients[:, 0] / 4)
            assert close(whole.own_errors[:, place] * whole.slopes[:, place], one.deltas[:, 0])


def test_a_saturated_pair_keeps_its_loss_finite(make_problem):
    problem = make_problem((2, 3), activations=("softmax",), loss="cross_entropy", spread=900)
    found = derive(problem, problem.initial, range(5))
    assert np.isfinite(found.losses).all()
    assert found.losses.max() > 100
    assert found.layers[0].slopes is None


def test_nothing_is_written_to(two_inputs):
    before = two_inputs.initial.copy()
    slots = np.zeros((0, 12))
    derive(two_inputs, two_inputs.initial, [0], slots)
    assert (two_inputs.initial == before).all()


@pytest.mark.parametrize("sample", [-1, 1, 99])
def test_samples_that_are_not_there(two_inputs, sample):
    with pytest.raises(IndexError, match=f"there is no sample {sample}; the samples are 0 to 0"):
        derive(two_inputs, two_inputs.initial, [sample])
    with pytest.raises(ValueError, match="at least one sample"):
        derive(two_inputs, two_inputs.initial, [])


def compare(case, expected, maker, sample):
    network = Network(tuple(Layer(*layer) for layer in case["layers"]))
    inputs, targets, weights, biases = maker.draw(case)
    theta = network.pack(weights, biases)
    settings = Settings(optimizer_settings("sgd"))
    problem = Problem(
        network,
        Samples(inputs, targets),
        None,
        case["loss"],
        case["reduction"],
        theta,
        settings,
    )
    found = derive(problem, theta, [sample])
    assert found.loss == pytest.approx(expected["loss"], rel=1e-13)
    near(found.input_gradients[:, 0], expected["input_gradients"])
    for place, layer in enumerate(found.layers):
        near(layer.pre_activations[:, 0], expected["pre_activations"][place])
        near(layer.activations[:, 0], expected["activations"][place])
        near(layer.deltas[:, 0], expected["deltas"][place])
        near(layer.weight_gradients, expected["weight_gradients"][place])
        if expected["bias_gradients"][place] is None:
            assert layer.bias_gradients is None
        else:
            near(layer.bias_gradients, expected["bias_gradients"][place])


def near(found, expected):
    """Equal to 1e-12 of the largest."""
    expected = np.array(expected)
    assert np.abs(found - expected).max() <= 1e-12 * np.abs(expected).max()


def test_the_golden_passes_cover_the_tables(maker):
    assert [golden["case"] for golden in GOLDENS.values()] == list(maker.pass_cases())
    names = {layer[2] for golden in GOLDENS.values() for layer in golden["case"]["layers"]}
    assert names == set(ACTIVATIONS)
    assert {golden["case"]["loss"] for golden in GOLDENS.values()} == set(LOSSES)


@pytest.mark.parametrize("name", GOLDENS)
def test_golden_passes(maker, name):
    compare(GOLDENS[name]["case"], GOLDENS[name]["result"], maker, SAMPLE)


@pytest.mark.parity
@pytest.mark.parametrize("name", GOLDENS)
def test_live_passes(maker, name):
    pytest.importorskip("torch")
    case = GOLDENS[name]["case"] | {"seed": 23}
    compare(case, maker.passes(case, 1), maker, 1)
