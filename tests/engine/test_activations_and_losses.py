"""Values far out, at kinks and at the edges of the domain, where formulas overflow or cancel."""

import math

import numpy as np
import pytest

from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.losses import FUSED, LOSSES


def apply(name, z):
    a = np.array([z], dtype=float).T
    ACTIVATIONS[name].apply(a, np.empty_like(a))
    return a[:, 0].tolist()


def slope(name, z):
    """The derivative for elementwise activations: backward of a delta of ones."""
    a = np.array([z], dtype=float)
    ACTIVATIONS[name].apply(a, np.empty_like(a))
    delta = np.ones_like(a)
    ACTIVATIONS[name].backward(a, delta, np.empty_like(a))
    return delta[0].tolist()


def call(loss, a, t, factor=1.0):
    """Value and delta of a loss for one sample; for a fused one also the activations."""
    a, t = np.array([a], dtype=float).T, np.array([t], dtype=float).T
    delta = np.empty_like(a)
    value = loss(a, t, delta, np.empty_like(a), factor)
    return value, delta[:, 0].tolist(), a[:, 0].tolist()


@pytest.fixture(autouse=True)
def _like_in_training():
    with np.errstate(all="ignore"):
        yield


@pytest.mark.parametrize(
    ("name", "z", "a"),
    [
        ("sigmoid", [-1000, 0, 1000], [0.0, 0.5, 1.0]),
        ("sigmoid", [-700], [math.exp(-700)]),
        ("tanh", [-1000, 0, 1000], [-1.0, 0.0, 1.0]),
        ("relu", [-2, 0, 3], [0.0, 0.0, 3.0]),
        ("leaky_relu", [-2, 0, 3], [-0.02, 0.0, 3.0]),
        ("elu", [-1000, -1e-12, 0, 3], [-1.0, -1e-12, 0.0, 3.0]),
        ("softplus", [-700, 0, 1000], [math.exp(-700), math.log(2), 1000.0]),
        ("softmax", [1000, 1000, -1000], [0.5, 0.5, 0.0]),
    ],
)
def test_values_far_out(name, z, a):
    assert apply(name, z) == pytest.approx(a, rel=1e-14)


@pytest.mark.parametrize(
    ("name", "z", "expected"),
    [
        ("relu", [-1, 0, 1], [0.0, 0.0, 1.0]),
        ("leaky_relu", [-1, 0, 1], [0.01, 0.01, 1.0]),
        ("elu", [-1000, 0, 1], [0.0, 1.0, 1.0]),
        ("softplus", [-700, 0, 1000], [math.exp(-700), 0.5, 1.0]),
        ("sigmoid", [-700, 0, 1000], [math.exp(-700), 0.25, 0.0]),
        ("tanh", [0, 1000], [1.0, 0.0]),
        ("identity", [-5, 7], [1.0, 1.0]),
    ],
)
def test_slopes_at_kinks_and_far_out(name, z, expected):
    assert slope(name, z) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_not_a_number_is_never_swallowed(name):
    assert math.isnan(apply(name, [math.nan, 1.0])[0])
    assert name == "identity" or math.isnan(slope(name, [math.nan])[0])


@pytest.mark.parametrize(
    ("name", "a", "t", "value", "delta"),
    [
        ("squared_error", [3, 1], [1, 2], 5.0, [4.0, -2.0]),
        ("half_squared_error", [3, 1], [1, 2], 2.5, [2.0, -1.0]),
        ("mean_squared_error", [3, 1], [1, 2], 2.5, [2.0, -1.0]),
        ("absolute_error", [3, 1, 7], [1, 2, 7], 3.0, [1.0, -1.0, 0.0]),
        ("huber", [3, 1.5, 0], [1, 2, 1], 1.5 + 0.125 + 0.5, [1.0, -0.5, -1.0]),
        ("binary_cross_entropy", [0.25, 0.5], [1, 0], math.log(8), [-4.0, 2.0]),
        ("cross_entropy", [0.25, 0.75], [1, 0], math.log(4), [-4.0, 0.0]),
    ],
)
@pytest.mark.parametrize("factor", [1.0, 0.5])
def test_losses_by_hand(name, a, t, value, delta, factor):
    found, slopes, _ = call(LOSSES[name], a, t, factor)
    assert found == pytest.approx(factor * value, rel=1e-15)
    assert slopes == pytest.approx([factor * d for d in delta], rel=1e-15)


def test_the_table_of_losses_by_hand_is_whole():
    assert set(LOSSES) == {
        "squared_error",
        "half_squared_error",
        "mean_squared_error",
        "absolute_error",
        "huber",
        "binary_cross_entropy",
        "cross_entropy",
    }


def test_certain_and_right_costs_nothing():
    value, delta, _ = call(LOSSES["binary_cross_entropy"], [0.0, 1.0], [0, 1])
    assert (value, delta) == (0.0, [1.0, -1.0])
    value, delta, _ = call(LOSSES["cross_entropy"], [0.0, 1.0], [0, 1])
    assert (value, delta) == (0.0, [0.0, -1.0])


@pytest.mark.parametrize("name", ["binary_cross_entropy", "cross_entropy"])
def test_certain_and_wrong_is_infinite_and_outside_is_not_a_number(name):
    assert call(LOSSES[name], [0.0, 1.0], [1, 0])[0] == math.inf
    assert math.isnan(call(LOSSES[name], [-0.5, 1.5], [1, 0])[0])


class TestFused:
    @pytest.mark.parametrize("pair", FUSED)
    def test_equals_the_two_steps(self, pair):
        rng = np.random.default_rng(0)
        z = rng.normal(size=(4, 6))
        t = rng.dirichlet(np.ones(4), 6).T
        fused, delta, scratch = z.copy(), np.empty_like(z), np.empty_like(z)
        value = FUSED[pair](fused, t, delta, scratch, 0.25)

        activation, loss = ACTIVATIONS[pair[0]], LOSSES[pair[1]]
        a, expected = z.copy(), np.empty_like(z)
        activation.apply(a, scratch)
        assert value == pytest.approx(loss(a, t, expected, scratch, 0.25), rel=1e-14)
        activation.backward(a, expected, scratch)
        assert fused == pytest.approx(a, rel=1e-14)
        assert delta == pytest.approx(expected, rel=1e-12, abs=1e-16)

    def test_sigmoid_far_out(self):
        value, delta, a = call(FUSED["sigmoid", "binary_cross_entropy"], [800, -800], [1, 0])
        assert (value, delta, a) == (0.0, [0.0, 0.0], [1.0, 0.0])
        value, delta, _ = call(FUSED["sigmoid", "binary_cross_entropy"], [800, -800], [0, 1])
        assert (value, delta) == (1600.0, [1.0, -1.0])
        value, _, _ = call(FUSED["sigmoid", "binary_cross_entropy"], [50], [1])
        assert value == pytest.approx(math.exp(-50), rel=1e-13)

    def test_softmax_far_out(self):
        value, delta, a = call(FUSED["softmax", "cross_entropy"], [1000, 0], [1, 0])
        assert (value, delta, a) == (0.0, [0.0, 0.0], [1.0, 0.0])
        value, delta, _ = call(FUSED["softmax", "cross_entropy"], [1000, 0], [0, 1])
        assert (value, delta) == (1000.0, [1.0, -1.0])
