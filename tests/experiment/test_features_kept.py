"""Features go with the columns that they are made of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bpgui.datasets.csv_survey import surveyed
from bpgui.experiment import edits
from bpgui.experiment.building import build_problem
from bpgui.experiment.csv_import import (
    applied,
    chosen,
    features_after,
    format_for,
    import_csv,
    proposed,
    renewed,
)
from bpgui.experiment.features_kept import Kept, kept
from bpgui.experiment.models import Experiment

TABLE = "a,b,c,t\n1,2,3,x\n4,5,7,y\n7,8,8,x\n2,2,1,y\n"


@pytest.mark.parametrize(
    ("features", "before", "after", "expected"),
    [
        (None, "ab", "b", Kept(None)),
        (("x1^2", "sin(x2)"), "ab", "ab", Kept(("x1^2", "sin(x2)"))),
        (("x1^2", "x1*x2", "x2"), "ab", "b", Kept(None, ("x1^2", "x1*x2"))),
        (("x1^2", "x10 + exp(x1)"), "abcdefghij", "ja", Kept(("x2^2", "x1 + exp(x2)"))),
        (("q = x2; max(q, x2)",), "ab", "cb", Kept(("q = x2; max(q, x2)", "x1"))),
        (("x1^2",), "a", "bc", Kept(None, ("x1^2",))),
        (("2^3",), "a", "b", Kept(("2^3", "x1"))),
    ],
)
def test_inputs_are_followed_by_their_names(features, before, after, expected):
    assert kept(features, before, after) == expected


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    path.write_text(TABLE)
    return path


@pytest.fixture
def featured(experiment: Experiment, path: Path) -> Experiment:
    """Three inputs, of which the network sees features."""
    survey = surveyed(path, format_for(path, None))
    choices = replace(proposed(survey), scaling=None, test_fraction=0.0)
    imported = import_csv(path, "data.csv", survey, choices)
    made = applied(imported, "table", path.parent)(experiment)
    return edits.set_features(made, ("x3", "x1*x2", "x2^2"), path.parent)


@pytest.mark.parametrize("changes", [{}, {"set_up": True}, {"inline": True}])
def test_looking_again_keeps_what_can_stay(featured, path, changes):
    former = featured.data
    survey = surveyed(path, format_for(path, former))
    choices = replace(
        chosen(former, survey), roles=("ignore", "input", "input", "target"), **changes
    )
    assert features_after(former, survey, choices) == Kept(("x2", "x1^2"), ("x1*x2",))
    imported = import_csv(path, "data.csv", survey, choices, former=former)
    changed = applied(imported, "again", path.parent)(featured)
    assert (changed.data.features, changed.network.inputs) == (("x2", "x1^2"), 2)
    problem = build_problem(changed, path.parent)
    assert problem.train.inputs.tolist() == [[3, 4], [7, 25], [8, 64], [1, 4]]


def test_looking_again_at_the_same_columns_changes_nothing(featured, path):
    survey = surveyed(path, format_for(path, featured.data))
    choices = chosen(featured.data, survey)
    imported = import_csv(path, "data.csv", survey, choices, former=featured.data)
    assert applied(imported, "again", path.parent)(featured) == featured


def test_a_changed_file_that_is_taken_as_it_is_keeps_its_features(featured, path):
    path.write_text(TABLE + "9,9,9,x\n")
    data = renewed(featured.data, path.parent, 1)
    assert data.features == ("x3", "x1*x2", "x2^2")
    changed = edits.set_data(featured, data, path.parent)
    assert build_problem(changed, path.parent).train.inputs[4].tolist() == [9, 81, 81]
