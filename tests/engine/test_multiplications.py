"""Multiplications by formula, and counted by doing them."""

from __future__ import annotations

import numpy as np
import pytest

from bpgui.engine.descent import gradient
from bpgui.engine.multiplications import MOST_COUNTED, Counts, count, formula
from bpgui.engine.network import Layer, Network

CASES = [
    ((1, 1, 1, 1), ("identity",) * 3, "half_squared_error", "none"),
    ((2, 2, 2), ("sigmoid", "sigmoid"), "half_squared_error", "fixed"),
    ((2, 4, 1), ("sigmoid", "identity"), "half_squared_error", "trained"),
    ((3, 2, 3, 2), ("tanh", "relu", "softmax"), "cross_entropy", "trained"),
    ((3, 2, 2), ("softplus", "softmax"), "squared_error", "none"),
    ((2, 3, 3, 3, 1), ("tanh", "identity", "elu", "sigmoid"), "binary_cross_entropy", "trained"),
    ((4, 3), ("sigmoid",), "half_squared_error", "trained"),
]


@pytest.mark.parametrize(("sizes", "activations", "loss", "bias"), CASES)
def test_the_formulas_are_what_is_counted(make_problem, sizes, activations, loss, bias):
    problem = make_problem(sizes, activations=activations, loss=loss, bias=bias, samples=1)
    counted = count(problem, problem.initial)
    expected = formula(problem.network, loss)
    assert {name: found.multiplications for name, found in counted.items()} == {
        "chain": expected.chain,
        "differences": expected.differences,
        "backpropagation": expected.backpropagation,
    }
    right = np.where(problem.network.is_trained, gradient(problem, problem.initial), 0.0)
    assert counted["chain"].gradient == pytest.approx(right, rel=1e-12, abs=1e-15)
    assert counted["backpropagation"].gradient == pytest.approx(right, rel=1e-12, abs=1e-15)
    assert counted["differences"].gradient == pytest.approx(right, rel=1e-5, abs=1e-8)


def chain_of(length: int) -> Network:
    return Network((Layer(1, 1, "identity", "none"),) * length)


def test_the_chain_of_three_by_hand():
    """Forward 3; written out 1 + 2 + 3; differences 3 (2 * 3 + 1); back 3 and 2."""
    assert formula(chain_of(3), "half_squared_error") == Counts(3 + 6, 21, 3 + 3 + 2)


def test_as_the_chain_grows():
    for length in (1, 2, 5, 50):
        found = formula(chain_of(length), "half_squared_error")
        assert found.chain == length + length * (length + 1) // 2
        assert found.differences == length * (2 * length + 1)
        assert found.backpropagation == 3 * length - 1


def test_the_two_inputs_by_hand():
    """4 + 4 forward. Each of 4 output weights: dL/da, slope, activation: 2 products. Each of 4
    hidden weights has 2 paths of dL/da, slope, weight, slope, activation: 4 products."""
    network = Network((Layer(2, 2, "sigmoid", "fixed"),) * 2)
    assert formula(network, "half_squared_error") == Counts(
        8 + 4 * 2 + 4 * 2 * 4, 8 * (2 * 8 + 1), 8 + 2 + 4 + 4 + 2 + 4
    )


def test_more_than_can_be_counted_is_left_to_the_formula(make_problem):
    problem = make_problem((20, 40, 10), samples=1)
    found = formula(problem.network, problem.loss)
    assert found.differences > MOST_COUNTED
    assert count(problem, problem.initial) is None


def test_numbers_beyond_any_float():
    network = Network((Layer(1000, 1000, "tanh", "trained"),) * 64)
    assert formula(network, "half_squared_error").chain > 10**180
