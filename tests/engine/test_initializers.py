"""Schemes: shapes, determinism, and the bounds and spreads that their formulas promise."""

import math

import numpy as np
import pytest

from bpgui.engine.initializers import INITIALIZERS
from bpgui.engine.network import Layer

LAYER = Layer(300, 200, "tanh")
FAN = 300 + 200


def draw(name, seed=0, layer=LAYER, **options):
    return INITIALIZERS[name](np.random.default_rng(seed), layer, **options)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_shape_precision_and_seed(name):
    layer = Layer(3, 5, "tanh")
    weights = draw(name, layer=layer)
    assert weights.shape == (5, 3)
    assert weights.dtype == np.float64
    assert weights.tolist() == draw(name, layer=layer).tolist()


@pytest.mark.parametrize(
    ("name", "options", "low", "high"),
    [
        ("uniform", {}, -1.0, 1.0),
        ("uniform", {"low": 0.0, "high": 3.0}, 0.0, 3.0),
        ("xavier_uniform", {}, -math.sqrt(6 / FAN), math.sqrt(6 / FAN)),
        ("he_uniform", {}, -math.sqrt(6 / 300), math.sqrt(6 / 300)),
    ],
)
def test_uniform_schemes_fill_their_interval(name, options, low, high):
    weights = draw(name, **options)
    width = high - low
    assert low <= weights.min() < low + 0.001 * width
    assert high - 0.001 * width < weights.max() < high


@pytest.mark.parametrize(
    ("name", "options", "mean", "std"),
    [
        ("normal", {}, 0.0, 1.0),
        ("normal", {"mean": 2.0, "std": 0.1}, 2.0, 0.1),
        ("xavier_normal", {}, 0.0, math.sqrt(2 / FAN)),
        ("he_normal", {}, 0.0, math.sqrt(2 / 300)),
    ],
)
def test_normal_schemes_have_their_spread(name, options, mean, std):
    weights = draw(name, **options)
    assert weights.mean() == pytest.approx(mean, abs=0.02 * std)
    assert weights.std() == pytest.approx(std, rel=0.02)


def test_schemes_without_chance():
    assert set(draw("zeros").ravel()) == {0.0}
    assert set(draw("constant", value=2).ravel()) == {2.0}
