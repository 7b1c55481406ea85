"""Edits give sound experiments or say what stands against them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bpgui.datasets.digits import load_digits
from bpgui.engine.initializers import INITIALIZERS
from bpgui.experiment import edits, models, presets, sources
from bpgui.experiment.building import build_problem, initial_parameters
from bpgui.experiment.changes import Change, classify
from bpgui.experiment.errors import PresetError
from bpgui.experiment.rules import check, shape_of


def refused(edit, *arguments) -> str:
    with pytest.raises(PresetError) as caught:
        edit(*arguments)
    return str(caught.value)


def drawn(experiment, position):
    """What a new manual layer is filled with, from the documented rule."""
    layer = shape_of(experiment.network).layers[position]
    rng = np.random.default_rng([experiment.training.seed, position])
    return INITIALIZERS["xavier_uniform"](rng, layer).round(2)


# --- network ----------------------------------------------------------------------------------


def test_more_units_keep_what_overlaps_and_draw_the_rest(experiment):
    wider = edits.set_units(experiment, 0, 3)
    assert [layer.units for layer in wider.network.layers] == [3, 2]
    first, second = (np.array(matrix) for matrix in wider.initial_weights.weights)
    np.testing.assert_array_equal(first[:2], [[0.15, 0.2], [0.25, 0.3]])
    np.testing.assert_array_equal(first[2], drawn(wider, 0)[2])
    np.testing.assert_array_equal(second[:, :2], [[0.4, 0.45], [0.5, 0.55]])
    np.testing.assert_array_equal(second[:, 2], drawn(wider, 1)[:, 2])
    assert wider.initial_weights.biases == ((0.35, 0.35, 0.0), (0.6, 0.6))
    assert edits.set_units(wider, 0, 2) == experiment


def test_fewer_units_forget_what_is_gone(experiment):
    frozen = edits.set_frozen(edits.set_frozen(experiment, "w(2)[1,2]", True), "b(1)[1]", True)
    narrow = edits.set_units(frozen, 0, 1)
    assert narrow.initial_weights.weights == (((0.15, 0.2),), ((0.4,), (0.5,)))
    assert narrow.training.frozen == ("b(1)[1]",)


def test_units_of_the_output_are_those_of_the_data(experiment):
    told = "network.layers[1].units: expected 2, the number of targets of the data, got 3"
    assert refused(edits.set_units, experiment, 1, 3) == told
    told = "network.layers[0].units: expected a whole number from 1 to 100,000, got 0"
    assert refused(edits.set_units, experiment, 0, 0) == told
    told = "network.layers: expected a position from 0 to 1, got 2"
    assert refused(edits.set_units, experiment, 2, 1) == told
    told = "network.inputs: expected 2, the number of inputs of the data, got 3"
    assert refused(edits.set_inputs, experiment, 3) == told


def test_activations_are_set_where_they_may_stand(experiment):
    changed = edits.set_activation(experiment, 1, "softmax")
    assert changed.network.layers[1].activation == "softmax"
    assert "softmax is for the last layer" in refused(
        edits.set_activation, experiment, 0, "softmax"
    )
    assert "did you mean relu?" in refused(edits.set_activation, experiment, 0, "rellu")


def test_biases_go_and_come_with_their_mode(experiment):
    without = edits.set_bias(experiment, 0, "none")
    assert without.initial_weights.biases == (None, (0.6, 0.6))
    again = edits.set_bias(without, 0, "trained")
    assert again.initial_weights.biases == ((0.0, 0.0), (0.6, 0.6))
    held = edits.set_bias(experiment, 0, "fixed")
    assert held.initial_weights == experiment.initial_weights


def test_a_new_layer_leaves_the_others_their_weights(experiment):
    experiment = edits.set_frozen(experiment, "w(2)[1,2]", True)
    deeper = edits.add_layer(experiment, 1)
    assert deeper.network.layers[1] == experiment.network.layers[0]
    weights = deeper.initial_weights.weights
    assert (weights[0], weights[2]) == experiment.initial_weights.weights
    np.testing.assert_array_equal(weights[1], drawn(deeper, 1))
    assert deeper.initial_weights.biases[1] == (0.0, 0.0)
    assert deeper.training.frozen == ("w(3)[1,2]",)
    assert edits.remove_layer(deeper, 1) == experiment


def test_a_layer_at_the_end_takes_over_the_output(experiment):
    softmax = edits.set_activation(experiment, 1, "softmax")
    deeper = edits.add_layer(softmax, 2)
    assert [layer.activation for layer in deeper.network.layers] == [
        "sigmoid",
        "sigmoid",
        "softmax",
    ]
    first = edits.add_layer(softmax, 0)
    assert first.network.layers[0] == softmax.network.layers[0]
    assert first.initial_weights.weights[1] == ((0.15, 0.2), (0.25, 0.3))


def test_the_last_layer_left_stays(experiment):
    only = edits.remove_layer(experiment, 1)
    assert only.network.layers == experiment.network.layers[1:]
    told = "network.layers: the only layer stays; expected 1 layer or more"
    assert refused(edits.remove_layer, only, 0) == told
    grown = edits.add_layer(only, 0)
    assert grown.network.layers[0] == models.Layer(units=4, activation="sigmoid", bias="trained")


def test_a_layer_moves_with_its_weights(experiment):
    deeper = edits.set_units(edits.add_layer(experiment, 1), 1, 3)
    deeper = edits.set_activation(edits.set_frozen(deeper, "w(1)[2,2]", True), 1, "tanh")
    moved = edits.move_layer(deeper, 0, 1)
    assert [layer.activation for layer in moved.network.layers] == ["tanh", "sigmoid", "sigmoid"]
    assert [layer.units for layer in moved.network.layers] == [3, 2, 2]
    assert [row[:2] for row in moved.initial_weights.weights[1]] == [(0.15, 0.2), (0.25, 0.3)]
    assert moved.training.frozen == ("w(2)[2,2]",)
    assert edits.move_layer(deeper, 0, 0) == deeper
    told = "network.layers[1]: the last layer is the output and stays last"
    assert refused(edits.move_layer, deeper, 1, 1) == told
    told = "network.layers[0]: expected a place from 1 to 2, got 0"
    assert refused(edits.move_layer, deeper, 0, -1) == told


# --- initial weights --------------------------------------------------------------------------


def test_a_scheme_keeps_seed_and_bias(experiment):
    uniform = edits.set_scheme(experiment, "uniform")
    assert uniform.initial_weights == models.Uniform(low=-1.0, high=1.0, seed=0, bias=0.0)
    changed = edits.set_initial(edits.new_seed(uniform, 7), "bias", 0.5)
    assert edits.set_scheme(changed, "normal").initial_weights == models.Normal(seed=7, bias=0.5)
    assert edits.set_scheme(changed, "zeros").initial_weights == models.Zeros(bias=0.5)
    assert edits.set_scheme(changed, "uniform") is changed
    told = refused(edits.set_scheme, experiment, "unifrm")
    assert told.endswith('got "unifrm"; did you mean uniform?')


def test_fields_of_a_scheme_are_checked(experiment):
    uniform = edits.set_scheme(experiment, "uniform")
    assert edits.set_initial(uniform, "low", -2).initial_weights.low == -2.0
    told = "initial_weights.low: expected at most high, which is 1.0, got 3.0"
    assert refused(edits.set_initial, uniform, "low", 3.0) == told
    told = 'initial_weights: expected one of bias, seed, low, high, got "std"'
    assert refused(edits.set_initial, uniform, "std", 1.0) == told
    told = "initial_weights.low: expected a number, got NaN"
    assert refused(edits.set_initial, uniform, "low", float("nan")) == told


def test_weights_by_hand(experiment):
    rows = np.array([[1.0, 2.0], [3.0, 4.0]])
    changed = edits.set_weights(experiment, 1, rows.tolist())
    assert changed.initial_weights.weights[1] == ((1.0, 2.0), (3.0, 4.0))
    assert edits.set_biases(changed, 0, [9, 8]).initial_weights.biases == ((9.0, 8.0), (0.6, 0.6))
    told = "initial_weights.weights[0]: expected 2 rows, one for each unit of the layer, got 1"
    assert refused(edits.set_weights, experiment, 0, [[1, 2]]) == told
    told = 'initial_weights.weights[0][1][0]: expected a number, got "x"'
    assert refused(edits.set_weights, experiment, 0, [[1, 2], ["x", 4]]) == told
    told = "initial_weights.biases[1]: expected 2 numbers, one for each unit of the layer, got 3"
    assert refused(edits.set_biases, experiment, 1, [1, 2, 3]) == told


def test_drawn_numbers_become_manual_to_the_bit(experiment):
    drawn_one = edits.new_seed(edits.set_scheme(experiment, "he_normal"), 3)
    manual = edits.to_manual(drawn_one)
    np.testing.assert_array_equal(initial_parameters(manual), initial_parameters(drawn_one))
    assert edits.to_manual(manual) is manual
    changed = edits.set_weights(drawn_one, 0, [[1, 2], [3, 4]])
    assert changed.initial_weights.weights[1] == manual.initial_weights.weights[1]
    assert edits.set_scheme(drawn_one, "manual") == manual


def test_too_many_numbers_are_not_kept_by_hand(experiment):
    wide = edits.set_units(edits.set_scheme(experiment, "uniform"), 0, 50_000)
    told = "initial_weights.scheme: 250,002 weights and biases are too many to be kept by hand"
    assert refused(edits.to_manual, wide).startswith(told)


def test_new_weights_differ_and_are_the_same_for_a_seed(experiment):
    first, second = edits.new_seed(experiment, 1), edits.new_seed(experiment, 2)
    assert first.initial_weights.weights != second.initial_weights.weights
    assert first.initial_weights.biases == experiment.initial_weights.biases
    assert edits.new_seed(second, 1) == first
    zeros = edits.set_initial(edits.set_scheme(experiment, "zeros"), "bias", 2.0)
    assert edits.new_seed(zeros, 5).initial_weights == models.XavierUniform(seed=5, bias=2.0)
    told = "initial_weights.seed: expected a whole number of 0 or more, got -1"
    assert refused(edits.new_seed, experiment, -1) == told


# --- data -------------------------------------------------------------------------------------


def test_the_network_follows_the_data(experiment):
    digits = edits.set_data(experiment, sources.Digits())
    assert digits.network.inputs == 64
    assert [layer.units for layer in digits.network.layers] == [2, 10]
    assert [len(row) for row in digits.initial_weights.weights[0]] == [64, 64]
    assert digits.initial_weights.weights[0][0][:2] == (0.15, 0.2)
    sine = edits.set_data(digits, sources.Generated(name="sine"))
    assert (sine.network.inputs, sine.network.layers[-1].units) == (1, 1)
    open_shape = edits.set_data(digits, sources.Generated(name="random_classes"))
    assert (open_shape.network.inputs, open_shape.network.layers[-1].units) == (64, 10)
    told = refused(edits.set_data, experiment, sources.Generated(name="moon"))
    assert told.endswith('got "moon"; did you mean moons?')


@pytest.mark.parametrize(
    ("targets", "units"),
    [((0.0, 3.0), 4), ((0.0, 0.0), 2), ((0.5, 1.0), 1), (((1.0, 2.0, 3.0),) * 2, 3)],
)
def test_inline_targets_tell_the_outputs(experiment, targets, units):
    data = sources.Inline(inputs=((1.0,), (2.0,)), targets=targets)
    changed = edits.set_data(experiment, data)
    assert (changed.network.inputs, changed.network.layers[-1].units) == (1, units)
    assert build_problem(changed).train.targets.shape == (2, units)


def test_loss_and_output_follow_data_they_cannot_serve(experiment):
    softmax = edits.set_loss(edits.set_activation(experiment, 1, "softmax"), "cross_entropy")
    single = edits.set_data(softmax, sources.Generated(name="circle"))
    assert single.network.layers[-1].activation == "sigmoid"
    assert single.loss.name == "binary_cross_entropy"
    surface = edits.set_data(single, sources.Generated(name="plane"))
    assert surface.network.layers[-1].activation == "identity"
    assert surface.loss.name == "half_squared_error"


def test_files_tell_the_shape_where_they_can_be_read(experiment, tmp_path):
    (tmp_path / "a.csv").write_text("a,b,c,kind\n1,2,3,x\n4,5,6,y\n7,8,9,z\n")
    data = sources.Csv(path="a.csv", inputs=("a", "b", "c"), targets=("kind",))
    changed = edits.set_data(experiment, data, tmp_path)
    assert (changed.network.inputs, changed.network.layers[-1].units) == (3, 3)
    assert edits.set_data(experiment, data).network.layers[-1].units == 2  # it is not there
    images, labels = np.arange(24, dtype=np.uint8).reshape(2, 3, 4), bytes([0, 6])
    (tmp_path / "i").write_bytes(
        bytes([0, 0, 8, 3, *b"\0\0\0\2\0\0\0\3\0\0\0\4"]) + images.tobytes()
    )
    (tmp_path / "l").write_bytes(bytes([0, 0, 8, 1, *b"\0\0\0\2"]) + labels)
    changed = edits.set_data(experiment, sources.Idx(images="i", labels="l"), tmp_path)
    assert (changed.network.inputs, changed.network.layers[-1].units) == (12, 7)
    assert len(build_problem(changed, tmp_path).train) == 2
    assert (
        edits.set_data(experiment, sources.Idx(images="i", labels="no"), tmp_path).network.inputs
        == 2
    )


def test_the_digits_are_as_the_rules_say():
    table = load_digits()
    assert (table.inputs.shape[1], table.targets.shape[1]) == (64, 10)


# --- loss and training ------------------------------------------------------------------------


def test_the_output_follows_the_loss(experiment):
    assert edits.set_loss(experiment, "huber").network == experiment.network
    softmax = edits.set_loss(edits.set_activation(experiment, 1, "tanh"), "cross_entropy")
    assert softmax.network.layers[1].activation == "softmax"
    assert edits.set_loss(softmax, "binary_cross_entropy").network == softmax.network
    told = refused(edits.set_activation, softmax, 1, "relu")
    assert told.startswith("network.layers[1].activation: cross_entropy needs an output between")
    assert "did you mean huber?" in refused(edits.set_loss, experiment, "hubr")
    assert edits.set_reduction(experiment, "sum").loss.reduction == "sum"
    told = 'loss.reduction: expected one of mean, sum, got "max"'
    assert refused(edits.set_reduction, experiment, "max") == told


def test_the_learning_rate_stays_with_another_optimizer(experiment):
    adam = edits.set_optimizer(experiment, "adam")
    assert adam.training.optimizer == models.Adam(learning_rate=0.5)
    assert edits.set_hyperparameter(adam, "beta1", 0.5).training.optimizer.beta1 == 0.5
    assert edits.set_optimizer(adam, "adam") is adam
    told = "training.optimizer.learning_rate: expected a number above 0, got 0"
    assert refused(edits.set_hyperparameter, adam, "learning_rate", 0) == told
    told = 'training.optimizer: expected learning_rate, got "beta1"'
    assert refused(edits.set_hyperparameter, experiment, "beta1", 0.1) == told
    assert "did you mean momentum?" in refused(edits.set_optimizer, experiment, "momentm")


@pytest.mark.parametrize(
    ("field", "value", "wrong", "told"),
    [
        ("batch_size", 3, 0, "expected a whole number of 1 or more or null, got 0"),
        ("batch_size", None, 1.5, "expected a whole number of 1 or more or null, got 1.5"),
        ("shuffle", True, "yes", 'expected true or false, got "yes"'),
        ("seed", 5, -5, "expected a whole number of 0 or more, got -5"),
        ("l1", 0.5, -1, "expected a number of 0 or more, got -1"),
        ("l2", 0.5, float("inf"), "expected a number of 0 or more, got Infinity"),
        ("precision", "float32", "half", 'expected one of float64, float32, got "half"'),
    ],
)
def test_training_fields_are_checked(experiment, field, value, wrong, told):
    assert getattr(edits.set_training(experiment, field, value).training, field) == value
    assert refused(edits.set_training, experiment, field, wrong) == f"training.{field}: {told}"


def test_stop_rules_frozen_parameters_and_texts(experiment):
    assert edits.set_stop(experiment, "max_epochs", None).training.stop.max_epochs is None
    assert edits.set_stop(experiment, "loss_below", 0.1).training.stop.loss_below == 0.1
    told = "training.stop.max_epochs: expected a whole number of 1 or more or null, got 0"
    assert refused(edits.set_stop, experiment, "max_epochs", 0) == told
    held = edits.set_frozen(edits.set_frozen(experiment, "w(2)[1,2]", True), "b(1)[2]", True)
    assert held.training.frozen == ("b(1)[2]", "w(2)[1,2]")
    assert edits.set_frozen(held, "b(1)[2]", False).training.frozen == ("w(2)[1,2]",)
    told = "training.frozen: layer 1 has the units 1 to 2, not 3"
    assert refused(edits.set_frozen, experiment, "b(1)[3]", True) == told
    assert edits.set_text(experiment, "name", "New").name == "New"
    told = "name: expected a text of at most 200 characters, got 201"
    assert refused(edits.set_text, experiment, "name", "x" * 201) == told


def test_unknown_fields_are_refused(experiment):
    assert "did you mean batch_size" in refused(edits.set_training, experiment, "batchsize", 1)
    assert "did you mean max_epochs" in refused(edits.set_stop, experiment, "epochs", 1)
    assert refused(edits.set_text, experiment, "network", "x").startswith("expected one of name,")


# --- what an edit means for a run -------------------------------------------------------------

EDITS = [
    (lambda e: e, Change.NONE),
    (lambda e: edits.set_text(e, "name", "x"), Change.TEXT),
    (lambda e: edits.set_text(e, "description", "x"), Change.TEXT),
    (lambda e: edits.set_hyperparameter(e, "learning_rate", 0.1), Change.LIVE),
    (lambda e: edits.set_training(e, "l1", 0.1), Change.LIVE),
    (lambda e: edits.set_training(e, "l2", 0.1), Change.LIVE),
    (lambda e: edits.set_stop(e, "max_epochs", 5), Change.LIVE),
    (lambda e: edits.set_stop(e, "loss_below", 5.0), Change.LIVE),
    (lambda e: edits.set_frozen(e, "w(1)[1,1]", True), Change.LIVE),
    (
        lambda e: edits.set_text(edits.set_training(e, "l2", 0.1), "name", "x"),
        Change.LIVE,
    ),
    (lambda e: edits.set_optimizer(e, "adam"), Change.RESTART),
    (lambda e: edits.set_training(e, "batch_size", 1), Change.RESTART),
    (lambda e: edits.set_training(e, "shuffle", True), Change.RESTART),
    (lambda e: edits.set_training(e, "seed", 1), Change.RESTART),
    (lambda e: edits.set_training(e, "precision", "float32"), Change.RESTART),
    (lambda e: edits.set_loss(e, "huber"), Change.RESTART),
    (lambda e: edits.set_reduction(e, "sum"), Change.RESTART),
    (lambda e: edits.set_units(e, 0, 3), Change.RESTART),
    (lambda e: edits.set_activation(e, 0, "tanh"), Change.RESTART),
    (lambda e: edits.set_bias(e, 0, "none"), Change.RESTART),
    (lambda e: edits.add_layer(e, 0), Change.RESTART),
    (lambda e: edits.remove_layer(e, 0), Change.RESTART),
    (lambda e: edits.set_scheme(e, "zeros"), Change.RESTART),
    (lambda e: edits.new_seed(e, 1), Change.RESTART),
    (lambda e: edits.set_weights(e, 0, [[1, 2], [3, 4]]), Change.RESTART),
    (lambda e: edits.set_biases(e, 0, [1, 2]), Change.RESTART),
    (lambda e: edits.set_data(e, sources.Digits()), Change.RESTART),
]


@pytest.mark.parametrize(("edit", "change"), EDITS)
def test_every_edit_is_sound_and_classified(experiment, edit, change):
    edited = edit(experiment)
    assert classify(experiment, edited) is change
    assert check(edited) is edited
    assert presets.loads(presets.dumps(edited)) == edited
    assert (
        classify(edited, presets.loads(json.dumps(edited.model_dump(mode="json")))) is Change.NONE
    )
