"""From places to samples."""

from __future__ import annotations

import numpy as np
import pytest

from bpgui.engine.problem import Problem
from bpgui.experiment import edits
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import find
from bpgui.experiment.presets import load
from bpgui.experiment.sources import Inline
from bpgui.views.axes import Limits
from bpgui.views.output_editing import class_targets, editable, meant, rounded, step, targets_at


def problem_of(inputs, targets) -> Problem:
    data = Inline(inputs=inputs, targets=targets)
    return build_problem(edits.set_data(load(find("xor")), data), None)


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [(0.0, 1.0, 1e-3), (-2.4, 2.4, 0.01), (-6.0, 6.0, 0.01), (0.0, 5000.0, 10.0), (1.0, 1.0, 1.0)],
)
def test_an_axis_has_300_to_3000_steps(low: float, high: float, found: float) -> None:
    assert step(Limits(low, high)) == pytest.approx(found)


def test_places_become_short_decimal_numbers() -> None:
    assert rounded(0.123456, Limits(0.0, 1.0)) == 0.123
    assert rounded(1234.5, Limits(0.0, 5000.0)) == 1230.0
    assert str(rounded(-0.0001, Limits(0.0, 1.0))) == "0.0"


def test_targets_of_classes() -> None:
    two = problem_of(((0.0,), (1.0,)), ((0.0,), (1.0,)))
    signs = problem_of(((0.0,), (1.0,)), ((-1.0,), (1.0,)))
    three = problem_of(((0.0,), (1.0,)), ((0.0, 1.0, 0.0), (1.0, 0.0, 0.0)))
    assert [class_targets(two, kind) for kind in (0, 1)] == [(0.0,), (1.0,)]
    assert [class_targets(signs, kind) for kind in (0, 1)] == [(-1.0,), (1.0,)]
    assert class_targets(three, 2) == (0.0, 0.0, 1.0)
    assert targets_at(two, 0.7, range(1), np.array([0.0])) == (1.0,)
    assert targets_at(three, 0.7, range(3), np.array([0.0, 1.0, 0.0])) == (0.0, 1.0, 0.0)


def test_of_several_outputs_the_one_that_is_meant_takes_the_height() -> None:
    several = problem_of(((0.0,), (1.0,)), ((0.5, 3.0), (1.5, -2.0)))
    targets = np.array([0.5, 3.0])
    assert meant(range(2), 2.5, targets) == range(1, 2)
    assert targets_at(several, 2.5, range(1, 2), targets) == (0.5, 2.5)
    assert targets.tolist() == [0.5, 3.0]


def test_a_place_says_all_of_two_inputs_at_most() -> None:
    assert editable(problem_of(((0.0, 1.0),), ((0.3,),)), "surface")
    assert not editable(problem_of(((0.0, 1.0, 2.0),), ((0.3,),)), "surface")
    assert not editable(problem_of(((0.0, 1.0),), ((0.3,),)), "fit")
