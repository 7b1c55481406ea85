"""Names of numbers, what they are made of, and the steps of a pass."""

import numpy as np
import pytest

from bpgui.engine.derivation import derive
from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings
from bpgui.views.folding import folded
from bpgui.views.formulas import explain, symbol_of
from bpgui.views.quantities import Ingredients, Quantity, ingredients
from bpgui.views.rendering import as_text
from bpgui.views.walkthrough import Step, numbers_of, step_of, steps
from bpgui.views.writing import Style


def derivation(output, loss, samples=1):
    network = Network((Layer(2, 3, "tanh"), Layer(3, 2, "relu", "none"), Layer(2, 3, output)))
    rng = np.random.default_rng(1)
    data = Samples(rng.uniform(-1, 1, (4, 2)), np.eye(3)[[0, 2, 1, 1]])
    theta = rng.uniform(-1, 1, network.size)
    settings = Settings(optimizer_settings("sgd"), l2=0.1)
    problem = Problem(network, data, None, loss, "mean", theta, settings)
    return derive(problem, theta, range(samples))


@pytest.mark.parametrize(
    ("output", "loss"),
    [
        ("sigmoid", "half_squared_error"),
        ("softmax", "cross_entropy"),
        ("softmax", "huber"),
        ("sigmoid", "binary_cross_entropy"),
    ],
)
def test_what_a_number_is_made_of_stands_in_its_formulas(output, loss):
    found = derivation(output, loss)
    network = found.problem.network
    for step in steps(network):
        for quantity in numbers_of(found, step):
            told = as_text(explain(found, quantity), Style(most=99))
            made_of = ingredients(network, quantity)
            for part in made_of.quantities:
                assert symbol_of(found, part).text in told or quantity.kind == "loss"
            for index in made_of.parameters:
                assert network.parameter(index).name in told


def test_ingredients_by_name():
    network = derivation("sigmoid", "huber").problem.network
    assert ingredients(network, Quantity("input", 0, 1)) == Ingredients()
    delta = ingredients(network, Quantity("delta", 1, 2))
    assert delta.quantities == (
        Quantity("delta", 2, 1),
        Quantity("delta", 2, 2),
        Quantity("a", 1, 2),
    )
    names = [network.parameter(index).name for index in delta.parameters]
    assert names == ["w(2)[1,2]", "w(2)[2,2]"]
    gradient = ingredients(network, Quantity("w_gradient", 1, 3, 2))
    assert gradient.quantities == (Quantity("delta", 1, 3), Quantity("input", 0, 2))


def test_quantities_know_their_parameter_and_their_unit():
    network = derivation("sigmoid", "huber").problem.network
    assert Quantity("w_gradient", 1, 3, 2).parameter(network) == network.index_of("w(1)[3,2]")
    assert Quantity("update", 3, 1).parameter(network) == network.index_of("b(3)[1]")
    assert Quantity("delta", 3, 1).parameter(network) is None
    assert Quantity("delta", 3, 1).node == (3, 1)
    assert Quantity("loss", 3).node is None


@pytest.mark.parametrize("samples", [1, 3])
def test_every_number_is_found_at_its_place(samples):
    found = derivation("softmax", "cross_entropy", samples)
    seen = set()
    for step in steps(found.problem.network):
        numbers = numbers_of(found, step)
        for place, quantity in enumerate(numbers):
            assert numbers.index_of(quantity) == place
            assert step_of(quantity) == step
            assert quantity not in seen
            seen.add(quantity)
        assert numbers.index_of(Quantity("z", 1, 99)) is None
        with pytest.raises(IndexError):
            numbers[len(numbers)]
    size = found.problem.network.size
    assert sum(quantity.kind == "update" for quantity in seen) == size
    assert sum(quantity.kind in ("w_gradient", "b_gradient") for quantity in seen) == size
    assert (Quantity("sample_loss", 3) in seen) == (samples > 1)
    assert Quantity("objective", 3) in seen


def test_steps_go_forward_then_back_then_update():
    network = derivation("sigmoid", "huber").problem.network
    order = steps(network)
    assert order[0] == Step("input", 0)
    assert order.index(Step("loss", 3)) < order.index(Step("delta", 3))
    assert order.index(Step("w_gradient", 1)) < order.index(Step("update", 3))
    assert Step("b_gradient", 2) not in order
    assert len(set(order)) == len(order)


@pytest.mark.parametrize(
    ("count", "most", "expected"),
    [
        (3, 3, [0, 1, 2]),
        (4, 3, [0, range(1, 3), 3]),
        (100, 5, [0, 1, 2, range(3, 99), 99]),
        (0, 5, []),
    ],
)
def test_folding_says_how_many_are_left_out(count, most, expected):
    assert folded(count, most) == expected
