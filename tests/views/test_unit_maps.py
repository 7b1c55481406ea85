"""Maps of what units compute, to the bit what a pass through the network gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine.evaluation import predict
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import find
from bpgui.experiment.presets import load
from bpgui.views.axes import points_between
from bpgui.views.output_space import extent
from bpgui.views.unit_maps import SIDE, MapsQuestion, evaluate_maps, has_maps


def problem_of(name):
    return build_problem(load(find(name)))


def maps_of(problem, theta=None):
    theta = problem.initial if theta is None else theta
    return evaluate_maps(MapsQuestion(problem, theta, 0), lambda: True)


@pytest.mark.parametrize("name", ["spiral", "circle", "two-inputs-fixed-biases", "plane"])
def test_the_last_maps_are_the_output(name) -> None:
    problem = problem_of(name)
    maps = maps_of(problem)
    units = [2, *(layer.units for layer in problem.network.layers)]
    assert [values.shape for values in maps.layers] == [(count, SIDE, SIDE) for count in units]
    xs, ys = (points_between(extent(problem, axis), SIDE) for axis in (0, 1))
    np.testing.assert_array_equal(maps.layers[0][0], np.tile(xs, (SIDE, 1)))
    np.testing.assert_array_equal(maps.layers[0][1], np.tile(ys[:, None], (1, SIDE)))
    grid = np.array([[x, y] for y in ys for x in xs])
    outputs = predict(problem, problem.initial, grid)
    np.testing.assert_array_equal(maps.layers[-1].reshape(len(outputs.T), -1), outputs.T)


def test_a_hidden_unit_is_its_own_weights_alone() -> None:
    problem = problem_of("spiral")
    maps = maps_of(problem)
    weights = problem.network.weights(problem.initial)[0]
    biases = problem.network.biases(problem.initial)[0]
    x, y = maps.layers[0]
    right = np.tanh(weights[3, 0] * x + weights[3, 1] * y + biases[3])
    np.testing.assert_allclose(maps.layers[1][3], right, rtol=1e-12)
    np.testing.assert_array_equal(maps.places()[1][3], maps.layers[1][3])


def test_places_are_on_the_scale_of_the_activation() -> None:
    problem = problem_of("circle")
    for places in maps_of(problem).places():
        assert -1.0 <= places.min() <= places.max() <= 1.0
    relu = problem_of("activation-relu")
    maps = maps_of(relu)
    assert maps.layers[1].max() > 1.0
    assert 0.4 < maps.places()[1].max() <= 1.0


def test_what_is_not_finite_is_marked() -> None:
    problem = problem_of("plane")
    maps = maps_of(problem, np.full(problem.network.size, 1e308))
    assert np.isnan(maps.places()[-1]).any()


def test_maps_need_two_inputs() -> None:
    assert has_maps(problem_of("moons"))
    assert not has_maps(problem_of("sine"))


def test_single_precision_gives_single_precision() -> None:
    problem = problem_of("moons")
    single = replace(problem, initial=problem.initial.astype(np.float32))
    assert {values.dtype for values in maps_of(single).layers} == {np.dtype(np.float32)}


def test_the_inputs_of_a_network_that_sees_features_are_maps_of_these() -> None:
    problem = problem_of("circle-squares")
    assert has_maps(problem)
    maps = maps_of(problem)
    xs, ys = (points_between(extent(problem, axis), SIDE) for axis in (0, 1))
    np.testing.assert_array_equal(maps.layers[0][0], np.tile(xs * xs, (SIDE, 1)))
    np.testing.assert_array_equal(maps.layers[0][1], np.tile((ys * ys)[:, None], (1, SIDE)))
    assert not has_maps(problem_of("digits-one-layer"))
