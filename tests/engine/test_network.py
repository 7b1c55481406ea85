"""Where each weight and bias lies in the flat vector, and what it is called."""

import pickle

import numpy as np
import pytest

from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import optimizer_settings

NETWORK = Network(
    (Layer(2, 3, "tanh"), Layer(3, 2, "relu", "none"), Layer(2, 1, "sigmoid", "fixed"))
)


def test_layout():
    theta = np.arange(18.0)
    assert NETWORK.offsets == (0, 9, 15, 18)
    assert (NETWORK.size, NETWORK.inputs, NETWORK.outputs) == (18, 2, 1)
    first, second, third = NETWORK.weights(theta)
    assert first.tolist() == [[0, 1], [3, 4], [6, 7]]
    assert second.tolist() == [[9, 10, 11], [12, 13, 14]]
    assert third.tolist() == [[15, 16]]
    b1, b2, b3 = NETWORK.biases(theta)
    assert (b1.tolist(), b2, b3.tolist()) == ([2, 5, 8], None, [17])
    assert np.flatnonzero(~NETWORK.is_weight).tolist() == [2, 5, 8, 17]
    assert np.flatnonzero(~NETWORK.is_trained).tolist() == [17]


def test_views_write_through():
    theta = np.zeros(18)
    NETWORK.weights(theta)[1][0, 2] = 5.0
    NETWORK.biases(theta)[0][1] = 7.0
    assert np.flatnonzero(theta).tolist() == [5, 11]


def test_pack_is_the_way_back():
    theta = np.random.default_rng(0).normal(size=18)
    packed = NETWORK.pack(NETWORK.weights(theta), NETWORK.biases(theta))
    assert packed.tolist() == theta.tolist()
    single = NETWORK.pack(NETWORK.weights(theta), NETWORK.biases(theta), np.float32)
    assert single.dtype == np.float32


def test_every_parameter_has_a_name_that_finds_it():
    names = [NETWORK.parameter(i).name for i in range(18)]
    assert names[:4] == ["w(1)[1,1]", "w(1)[1,2]", "b(1)[1]", "w(1)[2,1]"]
    assert names[9:12] == ["w(2)[1,1]", "w(2)[1,2]", "w(2)[1,3]"]
    assert names[-1] == "b(3)[1]"
    assert [NETWORK.index_of(name) for name in names] == list(range(18))
    assert NETWORK.index_of(" w(2)[1, 3] ") == 11


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("w(4)[1,1]", "there is no layer 4"),
        ("w(1)[4,1]", "units 1 to 3"),
        ("w(1)[0,1]", "units 1 to 3"),
        ("w(2)[1,4]", "inputs 1 to 3"),
        ("b(2)[1]", "no biases"),
        ("w2", "not a parameter's name"),
    ],
)
def test_names_of_nothing(name, message):
    with pytest.raises(KeyError, match=message):
        NETWORK.index_of(name)


@pytest.mark.parametrize("index", [-1, 18])
def test_an_index_outside(index):
    with pytest.raises(IndexError, match=r"outside 0 \.\. 17"):
        NETWORK.parameter(index)


def test_values_go_through_pickle(make_problem):
    problem = make_problem(optimizer="adam", l1=0.5)
    again = pickle.loads(pickle.dumps(problem))
    assert again.network == problem.network
    assert again.initial.tolist() == problem.initial.tolist()
    assert dict(again.settings.optimizer.values) == dict(problem.settings.optimizer.values)
    assert optimizer_settings("adam").learning_rate == 1e-3


def test_what_was_worked_out_does_not_go_through_pickle():
    """The thread that sends a problem would meet the window's, which works out more meanwhile."""
    network = Network((Layer(2, 3, "tanh"), Layer(3, 1, "identity", "fixed")))
    before = pickle.dumps(network)
    assert network.size == 13
    assert not network.is_trained.all()
    assert not network.is_weight.all()
    assert pickle.dumps(network) == before
    assert pickle.loads(before) == network
