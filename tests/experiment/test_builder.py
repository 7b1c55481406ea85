"""One problem after the other: the samples of a file are read again only where they may differ."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bpgui.datasets.csv_survey import surveyed
from bpgui.experiment import edits, models
from bpgui.experiment.building import Builder, build_problem
from bpgui.experiment.csv_import import applied, format_for, import_csv, proposed
from bpgui.experiment.errors import ChangedData, MissingData

FLOWERS = Path(__file__).parents[1] / "datasets" / "flowers.csv"


@pytest.fixture
def flowers(tmp_path) -> Path:
    path = tmp_path / "flowers.csv"
    path.write_bytes(FLOWERS.read_bytes())
    return path


@pytest.fixture
def learning(experiment, flowers) -> models.Experiment:
    """Iris in a file, and a network that learns it."""
    survey = surveyed(flowers, format_for(flowers, None))
    made = import_csv(flowers, flowers.name, survey, proposed(survey))
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
