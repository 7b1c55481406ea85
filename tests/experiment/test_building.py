"""From an experiment to arrays."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from bpgui.datasets.generators import GENERATORS
from bpgui.datasets.table import split
from bpgui.experiment import building, edits, memory, models, sources
from bpgui.experiment.building import build_problem, estimate, load_table, settings_of
from bpgui.experiment.builtin import find
from bpgui.experiment.errors import MissingData, PresetError
from bpgui.experiment.presets import dumps, load
from bpgui.experiment.rules import shape_of


def inline(inputs, targets):
    return sources.Inline(
        inputs=tuple(map(tuple, inputs)),
        targets=tuple(map(tuple, targets)) if isinstance(targets[0], list) else tuple(targets),
    )


def refused(experiment, folder=None) -> str:
    with pytest.raises(PresetError) as caught:
        build_problem(experiment, folder)
    return str(caught.value)


def test_the_worked_example_becomes_arrays(experiment):
    problem = build_problem(experiment)
    expected = [0.15, 0.2, 0.35, 0.25, 0.3, 0.35, 0.4, 0.45, 0.6, 0.5, 0.55, 0.6]
    np.testing.assert_array_equal(problem.initial, expected)
    np.testing.assert_array_equal(problem.train.inputs, [[0.05, 0.1]])
    np.testing.assert_array_equal(problem.train.targets, [[0.01, 0.99]])
    assert problem.test is None
    assert (problem.loss, problem.reduction) == ("half_squared_error", "mean")
    assert (problem.classification, problem.threshold) == (False, None)
    assert problem.settings.optimizer.name == "sgd"
    assert dict(problem.settings.optimizer.values) == {"learning_rate": 0.5}
    assert problem.settings.stop.max_epochs == 10000
    assert problem.settings.frozen is None


def test_settings_hold_penalties_and_frozen_parameters(experiment):
    experiment = edits.set_frozen(edits.set_optimizer(experiment, "adam"), "w(2)[1,2]", True)
    experiment = edits.set_training(edits.set_training(experiment, "l1", 0.1), "l2", 0.2)
    settings = settings_of(experiment, shape_of(experiment.network))
    assert np.flatnonzero(settings.frozen).tolist() == [7]
    assert (settings.l1, settings.l2) == (0.1, 0.2)
    values = {"learning_rate": 0.5, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    assert dict(settings.optimizer.values) == values


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_weights_are_drawn_layer_by_layer_in_float64(experiment, precision):
    drawn = edits.new_seed(edits.set_scheme(experiment, "uniform"), 5)
    drawn = edits.set_initial(edits.set_training(drawn, "precision", precision), "bias", 0.25)
    problem = build_problem(drawn)
    rng = np.random.default_rng(5)
    expected = [rng.uniform(-1, 1, (2, 2)), rng.uniform(-1, 1, (2, 2))]
    for view, right in zip(problem.network.weights(problem.initial), expected, strict=True):
        np.testing.assert_array_equal(view, right.astype(precision))
    for view in problem.network.biases(problem.initial):
        np.testing.assert_array_equal(view, [0.25, 0.25])
    for array in (problem.initial, problem.train.inputs, problem.train.targets):
        assert array.dtype == precision
        assert array.flags.c_contiguous


def test_classes_keep_the_names_that_the_data_gives_them(experiment):
    assert build_problem(experiment).classes is None
    digits = experiment.model_copy(
        update={
            "data": sources.Digits(),
            "network": models.Network(inputs=64, layers=(models.Layer(units=10),)),
            "initial_weights": models.Uniform(),
        }
    )
    assert build_problem(digits).classes == tuple("0123456789")


@pytest.mark.parametrize(
    ("targets", "classification", "threshold"),
    [
        ([[0.0], [1.0], [1.0]], True, 0.5),
        ([[-1.0], [1.0], [1.0]], True, 0.0),
        ([[0.0], [0.5], [1.0]], False, None),
        ([[0.0], [0.0], [0.0]], False, None),
        ([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]], True, None),
        ([[0.0, 1.0], [1.0, 1.0], [1.0, 0.0]], False, None),
        ([[0.01, 0.99], [1.0, 0.0], [1.0, 0.0]], False, None),
    ],
)
def test_targets_tell_whether_classes_are_meant(experiment, targets, classification, threshold):
    changed = edits.set_data(experiment, inline([[1, 2], [3, 4], [5, 6]], targets))
    problem = build_problem(changed)
    assert (problem.classification, problem.threshold) == (classification, threshold)


def test_class_indices_become_one_hot_rows(experiment):
    problem = build_problem(edits.set_data(experiment, inline([[1, 2]] * 3, [2.0, 0.0, 1.0])))
    np.testing.assert_array_equal(problem.train.targets, [[0, 0, 1], [1, 0, 0], [0, 1, 0]])
    assert problem.classification


def test_generated_samples_are_drawn_and_split_by_their_seed(experiment):
    data = sources.Generated(name="moons", samples=40, noise=0.1, seed=9, test_fraction=0.3)
    problem = build_problem(edits.set_data(experiment, data))
    table = GENERATORS["moons"].make(np.random.default_rng(9), 40, 0.1)
    train, test = split(40, 0.3, 9)
    np.testing.assert_array_equal(problem.train.inputs, table.inputs[train])
    np.testing.assert_array_equal(problem.test.targets, table.targets[test])
    assert (len(problem.train), len(problem.test)) == (28, 12)


def test_open_shapes_are_those_of_the_network(experiment):
    data = sources.Generated(name="random_classes", samples=30)
    problem = build_problem(edits.set_data(experiment, data))
    assert problem.train.inputs.shape == (30, 2)
    assert problem.train.targets.shape == (30, 2)


# --- files ------------------------------------------------------------------------------------


def test_relative_paths_start_at_the_folder_of_the_preset(experiment, tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("a,b,y,z\n1,2,3,4\n5,6,7,8\n")
    data = sources.Csv(path="data/a.csv", inputs=("a", "b"), targets=("y", "z"))
    changed = edits.set_data(experiment, data)
    np.testing.assert_array_equal(build_problem(changed, tmp_path).train.targets, [[3, 4], [7, 8]])
    monkeypatch.chdir(tmp_path)
    assert len(build_problem(changed).train) == 2
    full = data.model_copy(update={"path": str(tmp_path / "data" / "a.csv")})
    assert len(build_problem(edits.set_data(experiment, full)).train) == 2


@pytest.mark.parametrize(
    ("data", "place", "file"),
    [
        (
            sources.Csv(path="gone.csv", inputs=("a", "b"), targets=("y",)),
            "data.path",
            "gone.csv",
        ),
        (sources.Idx(images="gone-i", labels="gone-l"), "data.images", "gone-i"),
    ],
)
def test_a_data_file_that_is_gone_is_told_with_how_to_mend_it(
    experiment, tmp_path, data, place, file
):
    changed = edits.set_data(experiment, data)
    with pytest.raises(MissingData) as caught:
        build_problem(changed, tmp_path)
    (problem,) = caught.value.problems
    assert problem.place == place
    assert problem.message == (
        f"{tmp_path / file}: there is no such file; "
        "put the file there, or choose another one in the data section"
    )


def test_labels_that_are_gone_have_their_own_place(experiment, tmp_path):
    (tmp_path / "i").write_bytes(bytes([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 7]))
    changed = edits.set_data(experiment, sources.Idx(images="i", labels="l"))
    with pytest.raises(MissingData) as caught:
        build_problem(changed, tmp_path)
    assert [problem.place for problem in caught.value.problems] == ["data.labels"]


def test_a_data_file_that_does_not_fit_is_told(experiment, tmp_path):
    (tmp_path / "a.csv").write_text("a,b,kind\n1,2,x\n3,4,y\n5,6,z\n")
    data = sources.Csv(path="a.csv", inputs=("a", "b"), targets=("kind",))
    told = "network.layers[1].units: expected 3, the number of targets of the data, got 2"
    assert refused(edits.set_data(experiment, data), tmp_path) == told
    (tmp_path / "a.csv").write_text("a,b,kind\n1,2,x\n3,four,y\n")
    assert refused(edits.set_data(experiment, data), tmp_path).startswith(
        f"data.path: {tmp_path / 'a.csv'}, line 3, column b: 'four' is no number"
    )


# --- what cannot be built ---------------------------------------------------------------------


def test_cross_entropies_need_targets_from_0_to_1(experiment):
    changed = edits.set_loss(experiment, "binary_cross_entropy")
    changed = changed.model_copy(update={"data": inline([[1, 2]], [[-1.0, 1.0]])})
    told = refused(changed)
    assert told.startswith("loss.name: binary_cross_entropy needs targets from 0 to 1")
    assert "from -1 to 1" in told


def test_float32_refuses_what_it_cannot_hold(experiment):
    narrow = edits.set_training(experiment, "precision", "float32")
    weights = edits.set_weights(narrow, 0, [[1e300, 0], [0, 0]])
    told = "holds numbers too large for float32; expected smaller ones"
    assert refused(weights) == f"initial_weights: {told}"
    assert (
        refused(edits.set_data(narrow, inline([[1e39, 0]], [[0.0, 1.0]]))) == f"data.inputs: {told}"
    )


def test_parts_that_do_not_fit_are_not_built(experiment):
    wrong = experiment.model_copy(update={"data": sources.Digits()})
    assert "network.inputs: expected 64" in refused(wrong)


@pytest.mark.parametrize(
    "make",
    [
        lambda e: edits.set_units(edits.add_layer(edits.set_units(e, 0, 100_000), 1), 1, 100_000),
        lambda e: e.model_copy(
            update={
                "network": models.Network(
                    inputs=1_000_000, layers=(models.Layer(units=10, activation="sigmoid"),)
                ),
                "data": sources.Generated(name="random_classes", samples=1_000_000),
            }
        ),
    ],
)
def test_what_would_not_fit_in_memory_is_refused_before_it_is_allocated(experiment, make):
    large = make(edits.set_scheme(experiment, "uniform"))
    tracemalloc.start()
    try:
        told = refused(large)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
    assert told.startswith("network: ")
    assert "TB of memory" in told
    assert "use fewer units, fewer samples, a smaller batch or float32" in told


def test_the_estimate_grows_with_all_that_takes_memory(experiment):
    base = edits.set_data(edits.set_scheme(experiment, "uniform"), sources.Digits())
    least = estimate(base)
    larger = [
        edits.set_units(base, 0, 50),
        edits.set_optimizer(base, "adam"),
        edits.set_data(base, sources.Generated(name="random_classes", samples=100_000)),
    ]
    assert all(estimate(one) > least for one in larger)
    assert estimate(edits.set_training(base, "precision", "float32")) < least


def test_the_estimate_covers_what_building_takes(experiment):
    wide = edits.set_units(edits.set_scheme(experiment, "uniform"), 0, 100_000)
    tracemalloc.start()
    try:
        problem = build_problem(wide)
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert problem.network.size == 500_002
    assert problem.initial.nbytes <= taken <= estimate(wide)


def test_memory_at_hand_is_read(monkeypatch, experiment):
    assert 2**20 < memory.available_memory() < 2**50
    monkeypatch.setattr(building, "available_memory", lambda: 1000)
    told = refused(experiment)
    assert "12 weights and biases with 1 sample need about" in told
    assert "and 1 KB can be had" in told


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (12_345_678, "12.3 MB"), (4 * 10**12, "4 TB")],
)
def test_sizes_in_words(count, words):
    assert memory.in_words(count) == words


def test_the_last_samples_can_be_those_for_testing() -> None:
    experiment = load(find("digits-hidden"))
    last = edits.set_data(experiment, experiment.data.model_copy(update={"split": "last"}))
    table, problem = load_table(last.data, None), build_problem(last)
    np.testing.assert_array_equal(problem.train.inputs, table.inputs[:1438])
    np.testing.assert_array_equal(problem.test.inputs, table.inputs[1438:])
    np.testing.assert_array_equal(problem.test.targets, table.targets[1438:])
    assert '"split": "last"' in dumps(last)
    assert "split" not in dumps(experiment)
