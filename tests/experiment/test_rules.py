"""Rules between the parts of a preset."""

from __future__ import annotations

import pytest


def network(*activations, inputs=2, units=2, bias="trained"):
    layers = [{"units": units, "activation": name, "bias": bias} for name in activations]
    return {"inputs": inputs, "layers": layers}


@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy"])
def test_cross_entropies_need_outputs_between_0_and_1(raw, refusal, loss):
    raw["loss"]["name"] = loss
    raw["network"] = network("sigmoid", "tanh")
    (place, message), *more = refusal(raw).items()
    assert not more
    assert place == "network.layers[1].activation"
    assert message.startswith(f"{loss} needs an output between 0 and 1; expected s")
    assert message.endswith(", got tanh")


def test_manual_weights_have_the_shape_of_the_layers(raw, refusal):
    raw["initial_weights"]["weights"] = [[[1, 2], [3]], [[1, 2]]]
    raw["initial_weights"]["biases"] = [[1], [1, 2], [3]]
    assert refusal(raw) == {
        "initial_weights.weights[0][1]": (
            "expected 2 numbers, one for each unit of the layer before, got 1"
        ),
        "initial_weights.weights[1]": "expected 2 rows, one for each unit of the layer, got 1",
        "initial_weights.biases": "expected 2 rows, one for each layer, got 3",
        "initial_weights.biases[0]": "expected 2 numbers, one for each unit of the layer, got 1",
    }


def test_a_range_begins_with_its_lower_end(raw, refusal):
    raw["initial_weights"] = {"scheme": "uniform", "low": 2, "high": 1}
    assert refusal(raw) == {"initial_weights.low": "expected at most high, which is 1.0, got 2.0"}
    raw["initial_weights"] = {"scheme": "uniform", "low": -1.7e308, "high": 1.7e308}
    assert "too far apart" in refusal(raw)["initial_weights.high"]


def test_inline_rows_are_of_one_length(raw, refusal):
    raw["data"]["inputs"] = [[1, 2], [3], [4, 5, 6]]
    raw["data"]["targets"] = [[1, 2], [1, 2]]
    assert refusal(raw) == {
        "data.targets": "expected 3 targets, one for each input, got 2",
        "data.inputs[1]": "expected 2 numbers, one for each input, got 1",
        "data.inputs[2]": "expected 2 numbers, one for each input, got 3",
    }


def test_data_and_network_agree_on_inputs_and_outputs(raw, refusal):
    raw["initial_weights"] = {"scheme": "zeros"}
    raw["data"]["inputs"], raw["data"]["targets"] = [[1, 2, 3]], [[1]]
    told = {
        "network.inputs": "expected 3, the number of inputs of the data, got 2",
        "network.layers[1].units": "expected 1, the number of targets of the data, got 2",
    }
    assert refusal(raw) == told
    raw["data"] = {"source": "digits"}
    assert refusal(raw)["network.inputs"].startswith("expected 64")
    assert refusal(raw)["network.layers[1].units"].startswith("expected 10")
    raw["data"] = {"source": "generated", "name": "sine"}
    assert refusal(raw)["network.inputs"].startswith("expected 1,")
    raw["data"] = {"source": "csv", "path": "a.csv", "inputs": ["a"], "targets": ["b"]}
    assert list(refusal(raw)) == ["network.inputs"]


def test_classes_are_counted_from_0(raw, refusal):
    raw["initial_weights"] = {"scheme": "zeros"}
    raw["data"] = {"source": "inline", "inputs": [[0, 0]] * 4, "targets": [0, 2, -1, 0.5]}
    told = "expected a class from 0 to 1, or a row of 2 numbers, got "
    assert refusal(raw) == {
        "data.targets[1]": told + "2",
        "data.targets[2]": told + "-1",
        "data.targets[3]": told + "0.5",
    }


def test_generators_have_known_names(raw, refusal):
    raw["data"] = {"source": "generated", "name": "circel"}
    message = refusal(raw)["data.name"]
    assert message.startswith("expected one of and, or, xor,")
    assert message.endswith('got "circel"; did you mean circle?')


def test_columns_are_named_once(raw, refusal):
    raw["initial_weights"] = {"scheme": "zeros"}
    raw["data"] = {"source": "csv", "path": "a.csv", "inputs": ["a", "b"], "targets": ["a"]}
    assert refusal(raw) == {"data.targets[0]": 'the column "a" is named twice; expected once'}


def test_frozen_parameters_exist(raw, refusal):
    raw["network"] = network("sigmoid", "sigmoid", bias="none")
    raw["initial_weights"] = {"scheme": "zeros"}
    raw["training"]["frozen"] = ["w(2)[1,2]", "w(2)[1,3]", "b(1)[1]", "w1"]
    assert refusal(raw) == {
        "training.frozen[1]": "layer 2 has the inputs 1 to 2, not 3",
        "training.frozen[2]": "layer 1 has no biases",
        "training.frozen[3]": "'w1' is not a parameter's name; write w(2)[1,3] or b(1)[2]",
    }
