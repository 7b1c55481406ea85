"""What can be asked of another program follows from how training carries rounding on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine.descent import advance, initial_state
from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings
from bpgui.exporting import rounding
from bpgui.exporting.numpy_script import numpy_script
from bpgui.exporting.recipe import ExportError, recipe_after
from bpgui.exporting.rounding import LEAST, tolerance_of


def end(problem: Problem, iterations: int) -> np.ndarray:
    return advance(problem, initial_state(problem), iterations)[0].parameters


@pytest.mark.parametrize(("precision", "iterations"), [("float64", 200), ("float32", 5)])
def test_a_calm_training_is_held_to_the_least(problem_with, precision, iterations):
    problem = problem_with(precision=precision)
    found = tolerance_of(problem, iterations, end(problem, iterations))
    assert found == LEAST[precision]


@pytest.fixture
def growing() -> Problem:
    """The product of two weights that is to be 2; with this learning rate it leaps about."""
    network = Network((Layer(1, 1, "identity", "none"), Layer(1, 1, "identity", "none")))
    samples = Samples(np.array([[1.0]]), np.array([[2.0]]))
    settings = Settings(optimizer_settings("sgd", learning_rate=0.8))
    return Problem(
        network, samples, None, "half_squared_error", "mean", np.array([0.3, 1.1]), settings
    )


def test_a_tolerance_grows_with_what_rounding_leads_to(growing):
    tolerances = [tolerance_of(growing, count, end(growing, count)) for count in (1, 30)]
    assert tolerances[0] == 1e-9
    assert tolerances[1] is not None
    assert 1e-5 < tolerances[1] < 0.1


def test_what_is_chaotic_is_refused_and_says_so(growing):
    with pytest.raises(ExportError, match="This training is chaotic"):
        recipe_after("", growing, 400, end(growing, 400))


def test_what_takes_too_long_is_not_tried_out_and_says_so(problem, monkeypatch):
    monkeypatch.setattr(rounding, "SECONDS", 0.0)
    recipe = recipe_after("", problem, 20, end(problem, 20))
    assert recipe.tolerance is None
    text = " ".join(numpy_script(recipe, "x.npz").text.split())
    assert "which was not tried out for so long a training" in text
    assert "TOLERANCE = 1e-09" in text


def test_a_script_tells_how_far_rounding_leads(problem, trained):
    recipe = replace(trained(problem), tolerance=1e-5)
    text = " ".join(numpy_script(recipe, "x.npz").text.split())
    assert "led to weights that differ by up to 1e-07. TOLERANCE = 1e-05 leaves room" in text
