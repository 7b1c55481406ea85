"""What units hold for one sample."""

from __future__ import annotations

import numpy as np
import pytest

from bpgui.engine.derivation import derive
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import find
from bpgui.experiment.presets import load
from bpgui.views.unit_values import unit_values


def problem_of(name):
    path = find(name)
    return build_problem(load(path), path.parent)


def test_the_published_pass():
    problem = problem_of("two-inputs-fixed-biases")
    found = unit_values(problem, problem.initial, 0, backward=True)
    assert found.activations[0].tolist() == [0.05, 0.1]
    assert found.activations[1] == pytest.approx([0.5932699921071872, 0.596884378259767], rel=1e-14)
    assert found.pre_activations[1] == pytest.approx([0.3775, 0.3925], rel=1e-14)
    assert found.deltas[2] == pytest.approx([0.138498561628557, -0.03809823651655623], rel=1e-12)
    assert found.target.tolist() == [0.01, 0.99]


@pytest.mark.parametrize("name", ["circle", "digits-one-layer", "random-classes", "xor-numpy"])
def test_any_sample_equals_its_derivation(name):
    problem = problem_of(name)
    sample = len(problem.train) - 1
    expected = derive(problem, problem.initial, [sample])
    found = unit_values(problem, problem.initial, sample, backward=True)
    for number, layer in enumerate(expected.layers, start=1):
        assert np.array_equal(found.activations[number], layer.activations[:, 0])
        assert np.array_equal(found.pre_activations[number], layer.pre_activations[:, 0])
        assert found.deltas[number] == pytest.approx(layer.deltas[:, 0], rel=1e-12)


def test_forward_alone_has_no_deltas_and_a_sample_that_is_gone_nothing():
    problem = problem_of("xor-numpy")
    assert unit_values(problem, problem.initial, 3).deltas == ()
    assert unit_values(problem, problem.initial, len(problem.train)) is None
    assert unit_values(problem, problem.initial, -1) is None
