"""One problem after the other: the samples of a file are read again only where they may differ."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bpgui.datasets.csv_survey import surveyed
from bpgui.experiment import edits, models
from bpgui.experiment.building import Builder, build_problem
from bpgui.experiment.csv_import import Imported, applied, format_for, import_csv, proposed
from bpgui.experiment.errors import ChangedData, MissingData

FLOWERS = Path(__file__).parents[1] / "datasets" / "flowers.csv"


@pytest.fixture
def flowers(tmp_path) -> Path:
    path = tmp_path / "flowers.csv"
    path.write_bytes(FLOWERS.read_bytes())
    return path


@pytest.fixture
def made(flowers) -> Imported:
    """Iris as it was just read."""
    survey = surveyed(flowers, format_for(flowers, None))
    return import_csv(flowers, flowers.name, survey, proposed(survey))


@pytest.fixture
def learning(experiment, made, flowers) -> models.Experiment:
    """A network that learns it."""
    return applied(made, "Iris", flowers.parent)(experiment)


def same(problem, right) -> None:
    """Two problems with the same samples, parameters and names."""
    for part, other in ((problem.train, right.train), (problem.test, right.test)):
        np.testing.assert_array_equal(part.inputs, other.inputs)
        np.testing.assert_array_equal(part.targets, other.targets)
    np.testing.assert_array_equal(problem.initial, right.initial)
    for name in ("classes", "input_names", "classification", "threshold", "batch_size", "seed"):
        assert getattr(problem, name) == getattr(right, name)


@pytest.mark.parametrize(
    "edit",
    [
        lambda e: edits.new_seed(e, 7),
        lambda e: edits.set_units(e, 0, 5),
        lambda e: edits.add_layer(e, 1),
        lambda e: edits.set_training(e, "batch_size", 3),
        lambda e: edits.set_activation(e, 0, "relu"),
    ],
)
def test_samples_stay_where_another_network_learns_them(learning, flowers, edit):
    builder, folder = Builder(), flowers.parent
    first = builder.build(learning, folder)
    second = builder.build(edit(learning), folder)
    assert second.train is first.train
    assert second.test is first.test
    same(second, build_problem(edit(learning), folder))


@pytest.mark.parametrize(
    "edit",
    [
        lambda e: edits.set_training(e, "precision", "float32"),
        lambda e: edits.set_features(e, ("x1", "x1*x2")),
        lambda e: edits.set_data(e, e.data.model_copy(update={"seed": 3})),
        lambda e: edits.set_data(e, e.data.model_copy(update={"checksum": None, "size": None})),
    ],
)
def test_other_samples_are_read(learning, flowers, edit):
    builder, folder = Builder(), flowers.parent
    first = builder.build(learning, folder)
    second = builder.build(edit(learning), folder)
    assert second.train is not first.train
    same(second, build_problem(edit(learning), folder))


def test_a_file_that_is_another_or_gone_is_noticed_at_the_next_edit(learning, flowers):
    builder, content = Builder(), flowers.read_bytes()
    builder.build(learning, flowers.parent)
    flowers.write_bytes(content.replace(b"5,1;", b"5,2;", 1))
    assert flowers.stat().st_size == len(content)
    with pytest.raises(ChangedData):
        builder.build(edits.new_seed(learning, 7), flowers.parent)
    flowers.unlink()
    with pytest.raises(MissingData):
        builder.build(learning, flowers.parent)
    flowers.write_bytes(content)
    assert len(builder.build(learning, flowers.parent).train) == 120


def test_what_was_just_read_is_not_read_again(learning, made, flowers):
    builder = Builder()
    builder.offer(made.data, made.table)
    seen = []
    first = builder.build(learning, flowers.parent, lambda *share: seen.append(share))
    assert seen == []
    same(first, build_problem(learning, flowers.parent))


def test_what_was_read_for_something_else_is_not_taken(learning, made, flowers):
    builder, folder = Builder(), flowers.parent
    other = edits.set_data(learning, made.data.model_copy(update={"test_fraction": 0.5}))
    builder.offer(made.data, made.table)
    same(builder.build(other, folder), build_problem(other, folder))
    builder.offer(made.data, made.table)
    flowers.write_bytes(flowers.read_bytes() + b"5,0;3,0;1,5;0,2;Iris-setosa\n")
    with pytest.raises(ChangedData):
        builder.build(learning, folder)


def test_two_classes_that_were_read_for_one_output_are_read_again_for_two(experiment, tmp_path):
    path = tmp_path / "two.csv"
    path.write_text("a,kind\n" + "1.5,yes\n2.5,no\n4.5,no\n" * 5)
    survey = surveyed(path, format_for(path, None))
    made = import_csv(path, path.name, survey, proposed(survey))
    one = applied(made, "Two", tmp_path)(experiment)
    two = edits.set_units(one, 1, 2)
    builder = Builder()
    for asked, outputs in ((one, 1), (two, 2)):
        builder.offer(made.data, made.table)
        problem = builder.build(asked, tmp_path)
        assert problem.train.targets.shape == (12, outputs)
        same(problem, build_problem(asked, tmp_path))
