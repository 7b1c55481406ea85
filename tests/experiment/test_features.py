"""Features in presets: read and refused at their places, worked out when an experiment is built."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bpgui.experiment import edits, presets
from bpgui.experiment.building import build_problem, estimate
from bpgui.experiment.changes import Change, classify
from bpgui.experiment.errors import PresetError
from bpgui.experiment.features import constant_features
from bpgui.experiment.sources import Csv, Digits, Generated, Inline
from bpgui.experiment.validation import revised


@pytest.fixture
def featured(raw):
    """A raw preset whose network sees the product and a square of its two inputs."""
    raw["data"] = {
        "source": "inline",
        "inputs": [[2, -3], [0.5, 4], [1, 1]],
        "targets": [[0, 1], [1, 0], [1, 1]],
        "features": ["x1*x2", "x1^2"],
    }
    return raw


def load(raw):
    return presets.loads(json.dumps(raw))


def test_the_network_sees_features_and_the_data_is_kept(featured):
    problem = build_problem(load(featured))

    np.testing.assert_array_equal(problem.train.inputs, [[-6, 4], [2, 0.25], [1, 1]])
    np.testing.assert_array_equal(problem.train.data_inputs, [[2, -3], [0.5, 4], [1, 1]])
    assert problem.network.input_names == ("x1*x2", "x1^2")
    assert (problem.network.inputs, problem.data_inputs) == (2, 2)
    np.testing.assert_array_equal(problem.network_inputs(np.array([[3.0, 5.0]])), [[15, 9]])


def test_without_features_nothing_is_kept_twice(experiment):
    train = build_problem(experiment).train

    assert train.raw is None
    assert train.data_inputs is train.inputs


def test_features_are_worked_out_before_the_numbers_are_rounded(featured):
    featured["data"]["inputs"][0] = [0.1, 0.2]
    featured["training"]["precision"] = "float32"

    train = build_problem(load(featured)).train

    assert train.inputs.dtype == train.data_inputs.dtype == np.float32
    assert train.inputs[0, 0] == np.float32(0.1 * 0.2)


def test_test_samples_are_the_same_with_and_without_features(experiment):
    plain = edits.set_data(experiment, Generated(name="circle", samples=50, test_fraction=0.2))
    found, before = (build_problem(e) for e in (edits.set_features(plain, ["x1*x2"]), plain))

    for with_features, without in ((found.train, before.train), (found.test, before.test)):
        np.testing.assert_array_equal(with_features.data_inputs, without.inputs)
        np.testing.assert_array_equal(with_features.inputs[:, 0], without.inputs.prod(axis=1))
        np.testing.assert_array_equal(with_features.targets, without.targets)


def test_saving_brings_features_back_and_leaves_out_none(featured, experiment):
    loaded = load(featured)

    assert presets.loads(presets.dumps(loaded)) == loaded
    assert '"features": ["x1*x2", "x1^2"]' in presets.dumps(loaded)
    assert "features" not in presets.dumps(experiment)


@pytest.mark.parametrize(
    ("features", "place", "message"),
    [
        (["x1", "x1 +"], "data.features[1]", "column 4: after + a value is missing"),
        (["x3", "x1"], "data.features[0]", "column 1: the data has no input x3; it has x1 to x2"),
        (["x1", "open(x1)"], "data.features[1]", "column 1: there is no function open"),
        (["x1"], "network.inputs", "expected 1, the number of features of the data, got 2"),
        ([], "data.features", "expected a list of 1 to 1000 entries or null, got an empty list"),
        (["x1", 2], "data.features[1]", "expected a text"),
        ("x1", "data.features", "expected a list"),
        (["x1", ""], "data.features[1]", "expected"),
        (["x1", "x1+" * 500], "data.features[1]", "expected a text of at most 1,000 characters"),
    ],
)
def test_refuses_features_at_their_places(featured, refusal, features, place, message):
    featured["data"]["features"] = features
    told = refusal(featured)
    assert list(told) == [place]
    assert told[place].startswith(message)


@pytest.mark.parametrize(
    ("features", "place", "reason"),
    [
        (
            ["x1", "log(x2)"],
            "data.features[1]",
            "log(x2) has no value for sample 1 of the data, where x2 = -3: log of -3",
        ),
        (
            ["1/(x1 - 0.5)", "x1"],
            "data.features[0]",
            "1/(x1 - 0.5) has no value for sample 2 of the data, where x1 = 0.5: division",
        ),
        (
            ["exp(300*x2)", "x1"],
            "data.features[0]",
            "exp(300*x2) has no value for sample 2 of the data, where x2 = 4: overflow",
        ),
    ],
)
def test_refuses_a_sample_without_a_value(featured, features, place, reason):
    featured["data"]["features"] = features
    with pytest.raises(PresetError) as caught:
        build_problem(load(featured))
    (problem,) = caught.value.problems
    assert problem.place == place
    assert problem.message.startswith(f"the feature {reason}")


def test_refuses_what_the_precision_cannot_hold(featured):
    featured["data"]["features"] = ["x1*1e300", "x2"]
    featured["training"]["precision"] = "float32"
    with pytest.raises(PresetError, match=r"data\.features: holds numbers too large for float32"):
        build_problem(load(featured))


def test_images_tell_when_they_are_read_that_they_have_no_such_input(experiment, tmp_path):
    for name, header in (("images", (3, 2, 1, 1)), ("labels", (1, 2))):
        content = bytes((0, 0, 8, header[0])) + b"".join(n.to_bytes(4, "big") for n in header[1:])
        (tmp_path / name).write_bytes(content + bytes(range(2)))
    data = {"source": "idx", "images": "images", "labels": "labels", "features": ["x1", "x2"]}
    changed = json.loads(presets.dumps(experiment)) | {"data": data}
    with pytest.raises(PresetError, match=r"data.features\[1\]: column 1: .* it has x1 only"):
        build_problem(load(changed), tmp_path)


def test_features_that_teach_nothing_are_found(featured, experiment):
    featured["data"]["features"] = ["x1 - x1", "x1", "x2", "3"]
    featured["network"]["inputs"] = 4
    featured["initial_weights"] = {"scheme": "zeros"}
    assert constant_features(build_problem(load(featured))) == ("x1 - x1", "3")

    for name in ("inputs", "targets"):
        del featured["data"][name][1:]
    assert constant_features(build_problem(load(featured))) == ()
    assert constant_features(build_problem(experiment)) == ()


# --- edits ---------------------------------------------------------------------------------------


def test_the_network_follows_its_features(experiment):
    more = edits.set_features(experiment, ["x1", "x2", "x1*x2"])
    assert more.network.inputs == 3
    assert more.initial_weights.weights[0][0][:2] == experiment.initial_weights.weights[0][0]
    assert classify(experiment, more) is Change.RESTART

    back = edits.set_features(more, ["x1", "x2"])
    assert back.data == experiment.data
    assert back == experiment


def test_manual_weights_stay_with_their_features(experiment):
    (w, other), right = experiment.initial_weights.weights[0], experiment.initial_weights.weights[1]

    changed = edits.set_features(experiment, ["x1*x2", "x2", "x1"])

    first, second = changed.initial_weights.weights
    assert (first[0][1:], first[1][1:]) == (w[::-1], other[::-1])
    assert first[0][0] not in w
    assert second == right


def test_frozen_weights_stay_with_their_features(experiment):
    for name in ("w(1)[2,1]", "w(1)[1,2]", "b(1)[2]", "w(2)[1,2]"):
        experiment = edits.set_frozen(experiment, name, True)

    changed = edits.set_features(experiment, ["x1*x2", "x1"])

    assert changed.training.frozen == ("w(1)[2,2]", "b(1)[2]", "w(2)[1,2]")


def test_an_edit_refuses_a_feature_at_its_place(experiment):
    with pytest.raises(PresetError) as caught:
        edits.set_features(experiment, ["x1", "sin(x3)"])
    (problem,) = caught.value.problems
    assert problem.place == "data.features[1]"


def test_other_data_keeps_features_only_if_it_has_their_inputs(experiment):
    circle = edits.set_data(experiment, Generated(name="circle"))
    squares = edits.set_features(circle, ["x1^2", "x2^2"])

    moons = edits.set_data(squares, revised(squares.data, ("data", "generated"), name="moons"))
    assert moons.data.features == ("x1^2", "x2^2")
    sine = edits.set_data(squares, revised(squares.data, ("data", "generated"), name="sine"))
    assert sine.data.features is None
    assert sine.network.inputs == 1


@pytest.mark.parametrize(
    ("data", "inputs"),
    [
        (Digits(features=("x1 + x64", "x3")), 2),
        (Csv(path="no.csv", inputs=("a", "b", "c"), targets=("d",), features=("x3 - x1",)), 1),
        (Generated(name="random_classes", features=("x5", "x1*x2")), 2),
        (Inline(inputs=((1.0,),), targets=(0.0,), features=("x1", "x1^2", "x1^3")), 3),
    ],
)
def test_every_source_of_data_has_features(experiment, data, inputs):
    changed = edits.set_data(experiment, data)
    assert changed.network.inputs == inputs
    assert estimate(changed) > 0


def test_a_set_that_leaves_its_inputs_open_has_those_that_features_need(experiment):
    data = Generated(name="random_classes", samples=9, features=("x5", "x1*x2"))
    problem = build_problem(edits.set_data(experiment, data))
    assert problem.data_inputs == 5
    np.testing.assert_array_equal(problem.train.inputs[:, 0], problem.train.data_inputs[:, 4])
