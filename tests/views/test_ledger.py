"""The ledger's numbers."""

from __future__ import annotations

import numpy as np
import pytest

from bpgui.engine.descent import gradient
from bpgui.engine.gradcheck import VERDICTS, check_gradient
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import find
from bpgui.experiment.presets import load
from bpgui.views.ledger import by_parameter, shares


def preset(slug):
    path = find(slug)
    return build_problem(load(path), path.parent)


@pytest.mark.parametrize("slug", ["two-inputs-fixed-biases", "xor-numpy", "activation-relu"])
def test_the_samples_shares_add_up_to_the_gradient(slug):
    problem = preset(slug)
    parts = [shares(problem, problem.initial, i) for i in range(len(problem.train))]
    total = sum(part.activations * part.deltas for part in parts)
    factor = 1 / len(parts) if problem.reduction == "mean" else 1
    assert factor * total == pytest.approx(gradient(problem, problem.initial), rel=1e-9, abs=1e-15)


def test_they_are_those_of_the_right_pass():
    wrong, right = preset("fault-1"), preset("two-inputs-fixed-biases")
    a, b = shares(wrong, wrong.initial, 0), shares(right, right.initial, 0)
    assert a.deltas.tolist() == b.deltas.tolist()
    assert a.activations[:3].tolist() == [0.05, 0.1, 1.0]


def test_a_sample_that_is_not_there():
    problem = preset("xor-numpy")
    with pytest.raises(IndexError, match="0 to 3"):
        shares(problem, problem.initial, 4)


def test_what_has_not_been_checked_is_left_out():
    problem = preset("fault-1")
    check = check_gradient(problem, problem.initial, [7, 0])
    columns = by_parameter(check, problem.network.size)
    assert np.flatnonzero(~np.isnan(columns["analytic"])).tolist() == [0, 7]
    assert columns["numeric"][7] == check.numeric[0]
    assert VERDICTS[int(columns["verdict"][0])] == "wrong"
    assert VERDICTS[int(columns["verdict"][7])] == "good"
    assert check.counts == {"good": 1, "kink": 0, "doubtful": 0, "wrong": 1}
