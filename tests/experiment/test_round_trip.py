"""What is written is read back equal, and reads well."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from bpgui.experiment import presets
from bpgui.experiment.building import estimate
from bpgui.experiment.errors import PresetError
from bpgui.experiment.models import Experiment
from bpgui.experiment.schema import preset_schema

_spec = importlib.util.spec_from_file_location(
    "experiment_strategies", Path(__file__).with_name("strategies.py")
)
assert _spec is not None
assert _spec.loader is not None
strategies = importlib.util.module_from_spec(_spec)
sys.modules["experiment_strategies"] = strategies
_spec.loader.exec_module(strategies)

VALIDATOR = jsonschema.Draft202012Validator(preset_schema())


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.experiments())
def test_any_experiment_is_read_back_equal(experiment: Experiment):
    text = presets.dumps(experiment)
    assert presets.loads(text) == experiment
    assert presets.loads(text.encode()) == experiment
    assert presets.dumps(presets.loads(text)) == text
    VALIDATOR.validate(json.loads(text))
    assert text.endswith("}\n")
    assert estimate(experiment) > 0


def test_the_text_is_laid_out_for_reading(experiment):
    assert (
        presets.dumps(experiment)
        == """{
  "format": "bpgui/preset",
  "version": 1,
  "name": "Two inputs",
  "description": "A worked example.",
  "network": {
    "inputs": 2,
    "layers": [
      {"units": 2, "activation": "sigmoid", "bias": "trained"},
      {"units": 2, "activation": "sigmoid", "bias": "fixed"}
    ]
  },
  "initial_weights": {
    "scheme": "manual",
    "weights": [[[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45], [0.5, 0.55]]],
    "biases": [[0.35, 0.35], [0.6, 0.6]]
  },
  "data": {"source": "inline", "inputs": [[0.05, 0.1]], "targets": [[0.01, 0.99]]},
  "loss": {"name": "half_squared_error", "reduction": "mean"},
  "training": {
    "optimizer": {"name": "sgd", "learning_rate": 0.5},
    "batch_size": null,
    "shuffle": false,
    "seed": 0,
    "l1": 0.0,
    "l2": 0.0,
    "precision": "float64",
    "stop": {"max_epochs": 10000, "loss_below": null},
    "frozen": [],
    "fault": null
  }
}
"""
    )


def test_long_rows_fill_their_lines(raw):
    raw["data"] = {"source": "inline", "inputs": [[0.123, 0.5]] * 40, "targets": [1.5] * 40}
    raw["network"]["layers"] = [{"units": 1}]
    raw["initial_weights"] = {"scheme": "zeros"}
    text = presets.dumps(presets.loads(json.dumps(raw)))
    lines = text.splitlines()
    assert lines.count("      [0.123, 0.5],") == 39
    assert max(map(len, lines)) <= 100
    assert "      " + "1.5, " * 18 + "1.5," in lines
    assert "      1.5, 1.5" in lines


def test_floats_keep_every_bit(experiment):
    values = (0.1 + 0.2, 5e-324, 1.7976931348623157e308, -0.0)
    matrix = (values[:2], values[2:])
    manual = experiment.initial_weights.model_copy(
        update={"weights": (matrix, experiment.initial_weights.weights[1])}
    )
    text = presets.dumps(experiment.model_copy(update={"initial_weights": manual}))
    assert "[[0.30000000000000004, 5e-324], [1.7976931348623157e+308, -0.0]]" in text
    assert presets.loads(text).initial_weights == manual


def test_whole_numbers_may_have_a_point(raw):
    raw["network"]["layers"][0]["units"] = 2.0
    raw["version"] = 1.0
    loaded = presets.loads(json.dumps(raw))
    assert loaded.network.layers[0].units == 2
    assert '"units": 2,' in presets.dumps(loaded)


@pytest.mark.parametrize("biases", [None, [], [None, None], [[], []], [[0, 0], [0.0]]])
def test_layers_without_biases_have_null(raw, biases):
    for layer in raw["network"]["layers"]:
        layer["bias"] = "none"
    raw["initial_weights"]["biases"] = biases
    assert presets.loads(json.dumps(raw)).initial_weights.biases == (None, None)
    del raw["initial_weights"]["biases"]
    assert presets.loads(json.dumps(raw)).initial_weights.biases == (None, None)


def test_biases_must_go_with_the_layers(raw, refusal):
    raw["network"]["layers"][1]["bias"] = "none"
    told = 'expected null, since network.layers[1].bias is "none", got 2 numbers'
    assert refusal(raw) == {"initial_weights.biases[1]": told}
    raw["initial_weights"]["biases"] = [None, None]
    told = "expected 2 numbers, one for each unit of the layer, got null"
    assert refusal(raw) == {"initial_weights.biases[0]": told}
    del raw["initial_weights"]["biases"]
    told = "is missing; expected a list of 0 to 64 entries or null"
    assert refusal(raw) == {"initial_weights.biases": told}


def test_what_does_not_fit_together_is_not_written(experiment):
    wrong = experiment.network.model_copy(update={"inputs": 3})
    with pytest.raises(PresetError, match=r"initial_weights\.weights\[0\]\[0\]: expected 3"):
        presets.dumps(experiment.model_copy(update={"network": wrong}))
