"""bpgui explain: every number of one sample's pass."""

import json
from pathlib import Path

import numpy as np
import pytest

from bpgui.engine.descent import advance, gradient, initial_state
from bpgui.experiment.building import build_problem
from bpgui.experiment.presets import load

TWO_INPUTS = "two-inputs-fixed-biases"
PASSES = Path(__file__).parents[1] / "engine" / "pass_goldens.json"
KEYS = {
    "inputs",
    "pre_activations",
    "activations",
    "deltas",
    "weight_gradients",
    "bias_gradients",
    "input_gradients",
}


def close(found, expected, rel=1e-12):
    assert np.array(found) == pytest.approx(np.array(expected), rel=rel, abs=1e-15)


def test_the_published_pass_as_json(process):
    told = process("explain", TWO_INPUTS, "--json").told
    first, last = told["layers"]
    assert set(first) >= KEYS
    close(told["inputs"], [0.05, 0.1])
    close(told["targets"], [0.01, 0.99])
    close(told["outputs"], [0.7513650695523157, 0.7729284653214625])
    close(told["loss"], 0.2983711087600027)
    close(first["pre_activations"], [0.3775, 0.3925])
    close(first["activations"], [0.5932699921071872, 0.596884378259767])
    close(last["inputs"], first["activations"], 0)
    close(last["deltas"], [0.13849856162855695, -0.038098236516556236])
    close(first["deltas"], [0.00877135468949, 0.00995425470522], 1e-11)
    close(last["weight_gradients"][0], [0.0821670405642, 0.0826676278475], 1e-11)
    close(told["input_gradients"], first["input_gradients"], 0)
    assert (told["iteration"], told["sample"], told["epoch"]) == (0, 0, 0)


def test_equals_pytorch_for_three_classes(bpgui, preset, tmp_path):
    golden = json.loads(PASSES.read_text(encoding="utf-8"))["cross_entropy-sum"]
    case, expected = golden["case"], golden["result"]
    random = np.random.RandomState(case["seed"])
    inputs = random.uniform(0.0, 1.0, (case["samples"], 3))
    targets = np.eye(3)[random.randint(3, size=case["samples"])]
    weights, biases = [], []
    for sources, units, _, bias in case["layers"]:
        weights.append(random.uniform(-1, 1, (units, sources)).tolist())
        biases.append(None if bias == "none" else random.uniform(-1, 1, units).tolist())
    layers = [
        {"units": units, "activation": activation, "bias": bias}
        for _, units, activation, bias in case["layers"]
    ]
    path = preset(
        network={"inputs": 3, "layers": layers},
        initial_weights={"scheme": "manual", "weights": weights, "biases": biases},
        data={"source": "inline", "inputs": inputs.tolist(), "targets": targets.tolist()},
        loss={"name": "cross_entropy", "reduction": "sum"},
    )
    told = bpgui("explain", path, "--sample", "2", "--json").told
    close(told["loss"], expected["loss"])
    close(told["input_gradients"], expected["input_gradients"])
    for place, layer in enumerate(told["layers"]):
        for key in KEYS - {"inputs", "input_gradients"}:
            close(layer[key], expected[key][place])


def test_after_iterations_it_explains_the_state_that_train_reaches(bpgui, preset):
    path = preset(training__l2=0.1)
    told = bpgui("explain", path, "--iterations", "25", "--json").told
    problem = build_problem(load(path), path.parent)
    state, _ = advance(problem, initial_state(problem), 25)
    weights, biases = problem.network.weights(state.parameters), told["layers"][1]["biases"]
    close(told["layers"][0]["weights"], weights[0], 0)
    close(biases, [0.6, 0.6], 0)
    penalized = gradient(problem, state.parameters, np.array([0]))
    data = problem.network.weights(penalized)[1] - 0.1 * weights[1]
    close(told["layers"][1]["weight_gradients"], data, 1e-9)
    assert told["iteration"] == 25


def test_a_layer_without_biases_has_null(bpgui):
    told = bpgui("explain", "xor-numpy", "--sample", "3", "--json").told
    assert [layer["bias_gradients"] for layer in told["layers"]] == [None, None]
    assert [layer["biases"] for layer in told["layers"]] == [None, None]
    close(told["inputs"], [1, 1])


@pytest.mark.parametrize("sample", [-1, 4, 10**30])
def test_a_sample_that_is_not_there_is_refused_with_the_range(bpgui, sample):
    bpgui("explain", "xor-numpy", "--sample", sample, "--json").refused(
        f"--sample {sample}", "0 to 3"
    )


def test_a_sample_that_is_no_number_is_refused(bpgui):
    bpgui("explain", TWO_INPUTS, "--sample", "first").refused("--sample")


def test_one_sample_is_said_to_be_one(bpgui):
    bpgui("explain", TWO_INPUTS, "--sample", "1").refused("has one training sample, 0")


def test_a_run_that_diverges_first_ends_with_1(bpgui, preset):
    path = preset(
        training__optimizer={"name": "sgd", "learning_rate": 1e308},
        network__layers=[
            {"units": 2, "activation": "identity", "bias": "fixed"},
            {"units": 2, "activation": "identity", "bias": "fixed"},
        ],
    )
    ended = bpgui("explain", path, "--iterations", "50", "--json")
    assert (ended.code, ended.out) == (1, "")
    assert "Traceback" not in ended.err


def test_lines_for_people_show_rule_digits_and_result(bpgui):
    told = bpgui("explain", TWO_INPUTS).out
    line = "dL/dw(2)[1,1] = delta(2)[1] * a(1)[1] = 0.1384985616285"
    assert sum(line in each for each in told.splitlines()) == 1
    order = [
        "\ninput\n",
        "layer 1: z",
        "layer 2: a",
        "\nloss\n",
        "layer 2: delta",
        "layer 1: delta",
    ]
    places = [told.index(title) for title in order]
    assert places == sorted(places)


def test_lines_for_people_stay_few_for_large_networks(bpgui):
    told = bpgui("explain", "digits-hidden", "--sample", "7").out
    assert "… 1,913 more …" in told
    assert len(told.splitlines()) < 250


def test_features_are_told_with_the_inputs_they_are_made_of(bpgui, preset):
    path = preset(
        network={"inputs": 3, "layers": [{"units": 1}]},
        initial_weights={"scheme": "constant", "value": 0.5},
        data={
            "source": "inline",
            "inputs": [[2, -3], [0.5, 4]],
            "targets": [0, 1],
            "features": ["x1*x2", "x2^2", "1.5"],
        },
    )
    told = bpgui("explain", path, "--sample", "1", "--json").told
    assert told["features"] == ["x1*x2", "x2^2", "1.5"]
    assert told["data_inputs"] == [0.5, 4]
    assert told["inputs"] == told["layers"][0]["inputs"] == [2, 16, 1.5]

    done = bpgui("explain", path, "--sample", "1")
    assert done.err == (
        f"hint: {path}: the feature 1.5 is the same for all training samples and teaches nothing\n"
    )
    lines = done.out.splitlines()
    at = lines.index("input")
    assert lines[at + 1 : at + 4] == [
        "  f[1] = 2   (x1*x2, with x1 = 0.5, x2 = 4)",
        "  f[2] = 16   (x2^2, with x2 = 4)",
        "  f[3] = 1.5   (1.5, the same for every sample)",
    ]
    assert any("w(1)[1,1] * f[1] + w(1)[1,2] * f[2]" in line for line in lines)


def test_without_features_the_inputs_are_those_of_the_data(bpgui):
    told = bpgui("explain", TWO_INPUTS, "--json").told
    assert told["features"] is None
    assert told["data_inputs"] == told["inputs"] == [0.05, 0.1]


def test_a_preset_whose_features_have_no_value_is_refused(bpgui, preset):
    path = preset(
        network={"inputs": 1, "layers": [{"units": 1}]},
        initial_weights={"scheme": "zeros"},
        data={"source": "inline", "inputs": [[2], [0]], "targets": [0, 1], "features": ["1/x1"]},
    )
    done = bpgui("train", path, "--epochs", "1")
    told = "the feature 1/x1 has no value for sample 2 of the data, where x1 = 0: division by zero"
    done.refused(f"data.features[0]: {told}")
