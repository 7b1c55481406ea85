"""Which parameters a check takes first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpgui.engine.network import Layer, Network
from bpgui.engine.spread import PATIENCE, SAMPLE, expected_seconds, spread_order, takes_long

NETWORKS = st.lists(st.integers(1, 9), min_size=2, max_size=5).flatmap(
    lambda sizes: st.lists(
        st.sampled_from(["trained", "fixed", "none"]),
        min_size=len(sizes) - 1,
        max_size=len(sizes) - 1,
    ).map(
        lambda biases: Network(
            tuple(
                Layer(inputs, units, "tanh", bias)
                for inputs, units, bias in zip(sizes, sizes[1:], biases, strict=False)
            )
        )
    )
)


def kind(network, index):
    """Where a parameter belongs: its layer, and whether it is a weight."""
    parameter = network.parameter(index)
    return parameter.layer, parameter.source is not None


@given(NETWORKS, st.integers(1, 40))
@settings(max_examples=40)
def test_whatever_comes_first_is_spread_over_all_layers(network, count):
    order = spread_order(network).tolist()
    assert sorted(order) == list(range(network.size))
    there = [kind(network, index) for index in range(network.size)]
    taken = [kind(network, index) for index in order[:count]]
    most = max(map(taken.count, set(there)))
    for each in set(there):
        assert taken.count(each) >= min(there.count(each), most - 1)


def test_a_million_parameters():
    network = Network((Layer(784, 1000, "tanh"), Layer(1000, 200, "tanh"), Layer(200, 10, "tanh")))
    first = spread_order(network)[:SAMPLE]
    kinds = [kind(network, index) for index in first]
    counts = {each: kinds.count(each) for each in set(kinds)}
    assert counts == {
        **{(layer, True): 38 for layer in (1, 2, 3)},
        (1, False): 38,
        (2, False): 38,
        (3, False): 10,
    }
    units = [network.parameter(index).unit for index in first if kind(network, index) == (1, True)]
    assert min(units) < 100
    assert max(units) > 900
    assert np.array_equal(spread_order(network)[:SAMPLE], first)


@pytest.mark.parametrize(
    ("sizes", "samples", "long"),
    [
        ((2, 8, 8, 1), 10_000, False),
        ((64, 30, 10), 1438, False),
        ((784, 30, 10), 60_000, True),
        ((784, 1000, 200, 10), 1438, True),
        ((784, 1000, 1000, 1000, 10), 10, True),
    ],
)
def test_what_takes_long(make_problem, sizes, samples, long):
    problem = make_problem(sizes, samples=samples)
    assert takes_long(problem) == long


def test_what_is_expected_grows_with_the_work(make_problem):
    problem = make_problem((64, 30, 10), samples=1000)
    twice = replace(
        problem,
        train=replace(
            problem.train,
            inputs=np.tile(problem.train.inputs, (2, 1)),
            targets=np.tile(problem.train.targets, (2, 1)),
        ),
    )
    assert 0 < expected_seconds(problem) < expected_seconds(twice) < PATIENCE
