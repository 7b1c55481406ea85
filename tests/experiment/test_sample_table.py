"""Single samples of a table, and generated samples that become one."""

from __future__ import annotations

import pytest

from bpgui.experiment import edits
from bpgui.experiment.builtin import find
from bpgui.experiment.errors import PresetError
from bpgui.experiment.models import Experiment
from bpgui.experiment.presets import load
from bpgui.experiment.sample_table import (
    MOST_TAKEN_OVER,
    XOR,
    add_sample,
    move_sample,
    remove_samples,
    sample_table,
    set_targets,
    taken_over,
)
from bpgui.experiment.sources import Generated, Inline
from bpgui.experiment.tables import load_table


@pytest.fixture
def xor() -> Experiment:
    return edits.set_data(load(find("xor")), XOR)


def with_data(e: Experiment, **fields) -> Experiment:
    return edits.set_data(e, Inline(**fields))


def test_single_samples_come_move_and_go(xor: Experiment) -> None:
    added = add_sample(xor, (0.25, -1.5), (1.0,))
    assert added.data.inputs == (*XOR.inputs, (0.25, -1.5))
    assert added.data.targets == (*XOR.targets, (1.0,))
    moved = move_sample(added, 4, (2.0, 3.0))
    assert moved.data.inputs[4] == (2.0, 3.0)
    assert moved.data.targets == added.data.targets
    assert set_targets(moved, 4, (0.0,)).data.targets[4] == (0.0,)
    assert remove_samples(moved, {0, 4}).data.inputs == XOR.inputs[1:]


def test_the_only_sample_stays(xor: Experiment) -> None:
    with pytest.raises(PresetError, match="1 sample or more"):
        remove_samples(xor, {0, 1, 2, 3})


def test_classes_that_are_kept_as_indices_stay_so() -> None:
    e = load(find("two-inputs-fixed-biases"))
    e = with_data(e, inputs=((0.0, 0.0), (1.0, 1.0)), targets=(0.0, 1.0))
    assert e.network.layers[-1].units == 2
    added = add_sample(e, (2.0, 2.0), (0.0, 1.0))
    assert added.data.targets == (0.0, 1.0, 1.0)
    assert set_targets(added, 1, (1.0, 0.0)).data.targets == (0.0, 0.0, 1.0)


def test_features_stay_with_the_samples(xor: Experiment) -> None:
    seen = edits.set_features(xor, ("x1", "x2", "x1*x2"))
    added = add_sample(seen, (0.5, 0.5), (1.0,))
    assert added.data.features == ("x1", "x2", "x1*x2")
    assert added.network.inputs == 3
    assert sample_table(added.data).with_columns(2, 1).data() == added.data


def test_generated_samples_become_a_table_to_the_bit() -> None:
    e = load(find("circle"))
    assert isinstance(e.data, Generated)
    own = taken_over(e, None)
    made = load_table(e.data, None, e.network)
    assert own.inputs == tuple(map(tuple, made.inputs.tolist()))
    assert own.targets == tuple(map(tuple, made.targets.tolist()))
    assert len(own.inputs) == e.data.samples


def test_what_cannot_become_a_table_is_told(xor: Experiment) -> None:
    many = Generated(name="circle", samples=MOST_TAKEN_OVER + 1)
    with pytest.raises(PresetError, match="at most 2,000") as caught:
        taken_over(edits.set_data(xor, many), None)
    assert caught.value.problems[0].place == "data.samples"
    with pytest.raises(PresetError, match='got "inline"'):
        taken_over(xor, None)
    with pytest.raises(PresetError, match='expected "inline"'):
        add_sample(edits.set_data(xor, Generated(name="circle")), (0.0, 0.0), (0.0,))
