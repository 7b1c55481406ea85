"""What a file that is no preset, or half of one, gets: every problem and what would be right."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bpgui.experiment import parsing, presets
from bpgui.experiment.errors import PresetError


def put(raw: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    *way, last = path.split("/")
    part: Any = raw
    for key in way:
        part = part[int(key) if isinstance(part, list) else key]
    part[int(last) if isinstance(part, list) else last] = value
    return raw


# --- files that are no JSON -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        (b"", "", "the file is empty"),
        (b" \n\t ", "", "the file is empty"),
        (b"\xef\xbb\xbf", "", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "", "this is not a text file: byte 0 is not UTF-8"),
        (b"abc\0def", "", "this is not a text file: it holds zero bytes"),
        ("{}".encode("utf-16"), "", "the text is UTF-16; save it as UTF-8"),
        (b"[1, 2]", "", "expected a preset, an object in braces, got a list"),
        (b"3", "", "expected a preset, an object in braces, got 3"),
        (b"{", "line 1, column 2", "the file ends too early; part of it may be missing"),
        (b'{"name": "a', "line 1, column 10", "the file ends too early; part of it may be missing"),
        (b"{}\n{}", "line 2, column 1", "the preset ends before this; expected nothing more"),
        (b'{"a": 1,\n "b" 2}', "line 2, column 6", 'this is not JSON: expected ":" delimiter'),
        (b"network: 3", "line 1, column 1", "this is not JSON: expected value"),
    ],
)
def test_what_is_no_json_is_told_where(refusal, content, place, message):
    assert refusal(content) == {place: message}


def test_every_truncation_is_refused_without_a_traceback(raw):
    content = json.dumps(raw).encode()
    for length in range(0, len(content), 7):
        with pytest.raises(PresetError):
            presets.loads(content[:length])


def test_a_byte_order_mark_is_skipped(raw, experiment):
    assert presets.loads(json.dumps(raw).encode("utf-8-sig")) == experiment
    assert presets.loads("\ufeff" + json.dumps(raw)) == experiment


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_nesting_is_limited_before_parsing(refusal, opening, closing):
    deep = opening * 100_000 + "1" + closing * 100_000
    message = f"lists and objects are nested deeper than {parsing.MAX_DEPTH} levels"
    assert refusal(deep) == {"line 1": message}
    assert refusal("\n\n" + opening * 100_000) == {"line 3": message}


def test_brackets_in_texts_are_no_nesting(raw):
    raw["name"] = "[" * 60 + '"\\' + "{" * 60
    assert presets.loads(json.dumps(raw)).name == raw["name"]


def test_a_hostile_text_is_scanned_in_linear_time(refusal):
    begin = time.perf_counter()
    assert "the file ends too early" in refusal('"' + '\\"' * 2_000_000)["line 1, column 1"]
    assert time.perf_counter() - begin < 5


def test_size_is_limited(monkeypatch, refusal, raw):
    monkeypatch.setattr(parsing, "MAX_BYTES", 1000)
    raw["description"] = "x" * 2000
    content = json.dumps(raw)
    told = f"the file is too large: {len(content):,} bytes; at most 1,000 are read"
    assert refusal(content) == {"": told}


# --- numbers and keys that JSON lets through --------------------------------------------------


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_numbers_that_are_none_are_refused_where_they_stand(refusal, raw, number):
    content = json.dumps(raw).replace("0.45", number)
    told = f"expected a number, got {number}"
    assert refusal(content) == {"initial_weights.weights[1][0][1]": told}
    content = json.dumps(raw).replace('"l1": 0', f'"l1": {number}')
    assert refusal(content) == {"training.l1": f"expected a number of 0 or more, got {number}"}


def test_huge_whole_numbers_are_refused(refusal, raw):
    content = json.dumps(raw).replace("10000", "1" + "0" * 5000)
    told = "expected a whole number of 1 or more or null, got a whole number of 5,001 digits"
    assert refusal(content) == {"training.stop.max_epochs": told}
    content = json.dumps(raw).replace("0.45", "9223372036854775808")
    assert refusal(content) == {
        "initial_weights.weights[1][0][1]": "expected a number, got 9223372036854775808"
    }


def test_keys_given_twice_are_refused_where_they_stand(refusal, raw):
    content = json.dumps(raw)
    content = content.replace('"units": 2', '"units": 2, "units": 2', 1)
    content = content.replace('"seed": 0', '"seed": 0, "seed": 0')
    told = "is given twice; expected once"
    assert refusal(content) == {"network.layers[0].units": told, "training.seed": told}


def test_halves_of_letters_are_refused(refusal, raw):
    raw["name"] = "\ud800"
    raw["\udfff"] = 1
    told = refusal(raw)
    assert told['"\\udfff"'] == "is not a readable name"
    assert told["name"].endswith('got "\\ud800", which is no readable text')


# --- format and version -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("format", "bpgui/run", 'expected "bpgui/preset", got "bpgui/run"'),
        ("format", 1, 'expected "bpgui/preset", got 1'),
        (
            "version",
            7,
            "this file is version 7, written by a newer bpgui; this one reads up to 1",
        ),
        ("version", 0, "expected a whole number from 1 to 1, got 0"),
        ("version", 1.5, "expected a whole number from 1 to 1, got 1.5"),
        ("version", "1", 'expected a whole number from 1 to 1, got "1"'),
        ("version", True, "expected a whole number from 1 to 1, got true"),
        ("version", None, "expected a whole number from 1 to 1, got null"),
    ],
)
def test_format_and_version_come_first(refusal, raw, field, value, message):
    raw["network"] = "not even looked at"
    assert refusal({**raw, field: value}) == {field: message}


def test_a_file_without_format_or_version_is_refused(refusal, raw):
    assert refusal({"a": 1}) == {"format": 'is missing; expected "bpgui/preset"'}
    del raw["version"]
    assert refusal(raw) == {"version": "is missing; expected 1"}


# --- fields -----------------------------------------------------------------------------------

ACTIVATIONS = "identity, sigmoid, tanh, relu, leaky_relu, elu, softplus, softmax"


@pytest.mark.parametrize(
    ("path", "value", "place", "message"),
    [
        (
            "network/layers/1/units",
            0,
            "network.layers[1].units",
            "expected a whole number from 1 to 100,000, got 0",
        ),
        (
            "network/layers/1/units",
            "2",
            "network.layers[1].units",
            'expected a whole number from 1 to 100,000, got "2"',
        ),
        (
            "network/layers/1/units",
            True,
            "network.layers[1].units",
            "expected a whole number from 1 to 100,000, got true",
        ),
        (
            "network/layers/1/units",
            2.5,
            "network.layers[1].units",
            "expected a whole number from 1 to 100,000, got 2.5",
        ),
        (
            "network/layers/0/activation",
            "sigmod",
            "network.layers[0].activation",
            f'expected one of {ACTIVATIONS}, got "sigmod"; did you mean sigmoid?',
        ),
        (
            "network/layers/0/activation",
            "Leaky ReLU",
            "network.layers[0].activation",
            f'expected one of {ACTIVATIONS}, got "Leaky ReLU"; did you mean leaky_relu?',
        ),
        (
            "network/layers/0/bias",
            False,
            "network.layers[0].bias",
            "expected one of trained, fixed, none, got false",
        ),
        ("network/layers", [], "network.layers", "expected a list of 1 to 64 entries, got 0"),
        (
            "network/layers/0/unit",
            3,
            "network.layers[0].unit",
            "is not known here; did you mean units?",
        ),
        (
            "network/layers/0",
            7,
            "network.layers[0]",
            "expected an object with units, activation, bias, got 7",
        ),
        ("network", None, "network", "expected an object with inputs, layers, got null"),
        (
            "initial_weights/scheme",
            "unifrom",
            "initial_weights.scheme",
            "expected one of constant, he_normal, he_uniform, manual, normal, uniform, "
            'xavier_normal, xavier_uniform, zeros, got "unifrom"; did you mean uniform?',
        ),
        (
            "initial_weights",
            "zeros",
            "initial_weights",
            'expected an object with a "scheme", got "zeros"',
        ),
        (
            "initial_weights",
            {},
            "initial_weights.scheme",
            "is missing; expected one of constant, he_normal, he_uniform, manual, normal, uniform, "
            "xavier_normal, xavier_uniform, zeros",
        ),
        (
            "initial_weights",
            {"scheme": "normal", "std": -1},
            "initial_weights.std",
            "expected a number of 0 or more, got -1",
        ),
        (
            "initial_weights/weights",
            3,
            "initial_weights.weights",
            "expected a list of matrices, one for each layer, got 3",
        ),
        (
            "initial_weights/weights/1",
            {},
            "initial_weights.weights[1]",
            "expected a list of rows of numbers, got an object",
        ),
        (
            "initial_weights/weights/1/0/1",
            "x",
            "initial_weights.weights[1][0][1]",
            'expected a number, got "x"',
        ),
        (
            "initial_weights/biases/0/1",
            None,
            "initial_weights.biases[0][1]",
            "expected a number, got null",
        ),
        (
            "data/source",
            "csf",
            "data.source",
            'expected one of csv, digits, generated, idx, inline, got "csf"; did you mean csv?',
        ),
        ("data", [], "data", 'expected an object with a "source", got an empty list'),
        ("data/inputs/0/0", [1], "data.inputs[0][0]", "expected a number, got a list"),
        ("data/targets", [], "data.targets", "expected 1 target, one for each input, got 0"),
        ("data/inputs", [], "data.inputs", "expected a list with an entry or more, got 0"),
        ("data/inputs", [[]], "data.inputs[0]", "expected 2 numbers, one for each input, got 0"),
        (
            "data",
            {"source": "csv", "path": "", "inputs": ["a", "b"], "targets": ["c", "d"]},
            "data.path",
            'expected a text that is not empty, got ""',
        ),
        (
            "data",
            {"source": "digits", "test_fraction": 1},
            "data.test_fraction",
            "expected a number from 0 to below 1, got 1",
        ),
        (
            "loss/name",
            "MSE",
            "loss.name",
            "expected one of squared_error, half_squared_error, mean_squared_error, "
            "absolute_error, huber, binary_cross_entropy, cross_entropy, "
            'got "MSE"; did you mean mean_squared_error?',
        ),
        (
            "training/optimizer/name",
            "Adamm",
            "training.optimizer.name",
            "expected one of adagrad, adam, momentum, nesterov, rmsprop, sgd, "
            'got "Adamm"; did you mean adam?',
        ),
        (
            "training/optimizer/lr",
            1,
            "training.optimizer.lr",
            "is not known here; did you mean learning_rate?",
        ),
        (
            "training/optimizer/learning_rate",
            0,
            "training.optimizer.learning_rate",
            "expected a number above 0, got 0",
        ),
        (
            "training/batch_size",
            0,
            "training.batch_size",
            "expected a whole number of 1 or more or null, got 0",
        ),
        ("training/shuffle", 1, "training.shuffle", "expected true or false, got 1"),
        ("training/seed", -1, "training.seed", "expected a whole number of 0 or more, got -1"),
        (
            "training/precision",
            "float16",
            "training.precision",
            'expected one of float64, float32, got "float16"; did you mean float64?',
        ),
        (
            "training/frozen",
            ["w(9)[1,1]", "x"],
            "training.frozen[0]",
            "there is no layer 9; the layers are 1 to 2",
        ),
        ("name", "x" * 201, "name", "expected a text of at most 200 characters, got 201"),
        ("nme", "x", "nme", "is not known here; did you mean name?"),
    ],
)
def test_each_field_says_what_would_be_right(refusal, raw, path, value, place, message):
    assert refusal(put(raw, path, value))[place] == message


def test_missing_sections_are_all_told(refusal):
    assert refusal({"format": "bpgui/preset", "version": 1}) == {
        "network": "is missing; expected an object with inputs, layers",
        "initial_weights": 'is missing; expected an object with a "scheme"',
        "data": 'is missing; expected an object with a "source"',
    }


def test_all_problems_of_a_file_come_at_once(refusal, raw):
    put(raw, "network/layers/0/units", -1)
    put(raw, "initial_weights/weights/1/1/1", "abc")
    put(raw, "data/inputs/0/0", None)
    put(raw, "loss/name", "huberr")
    put(raw, "training/l3", 0)
    put(raw, "training/optimizer/name", "sdg")
    assert set(refusal(raw)) == {
        "network.layers[0].units",
        "initial_weights.weights[1][1][1]",
        "data.inputs[0][0]",
        "loss.name",
        "training.l3",
        "training.optimizer.name",
    }


def test_rules_between_sound_parts_speak_where_others_are_broken(refusal, raw):
    put(raw, "training/l1", -1)
    put(raw, "network/layers/0/activation", "softmax")
    put(raw, "initial_weights/weights/0/0", [1, 2, "x"])
    assert refusal(raw) == {
        "training.l1": "expected a number of 0 or more, got -1",
        "network.layers[0].activation": (
            "softmax is for the last layer only; expected another activation here"
        ),
        "initial_weights.weights[0][0][2]": 'expected a number, got "x"',
        "initial_weights.weights[0][0]": (
            "expected 2 numbers, one for each unit of the layer before, got 3"
        ),
    }


def test_many_problems_are_told_in_few_lines(refusal, raw):
    raw["data"] = {"source": "inline", "inputs": [["x"] * 2] * 50_000, "targets": [[1, 1]] * 50_000}
    told = refusal(raw)
    assert told["data.inputs"] == "and 99,980 more of this kind"
    assert len(told) == 21


# --- files that cannot be read ----------------------------------------------------------------


def refused(path: Path) -> str:
    with pytest.raises(PresetError) as caught:
        presets.load(path)
    return str(caught.value)


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    gone = tmp_path / "gone.json"
    assert refused(gone) == f"{gone}: there is no such file"
    assert refused(tmp_path) == f"{tmp_path}: is a folder; expected a preset file"
    assert "there is no such file" in refused(tmp_path / "a.json" / "b.json")
    assert "cannot be read" in refused(Path("a\0b"))


@pytest.mark.skipif(sys.platform == "win32", reason="no permissions, pipes or devices there")
def test_what_is_no_plain_readable_file_is_told(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert refused(pipe) == f"{pipe}: is not a plain file"
    assert refused(Path("/dev/zero")) == "/dev/zero: is not a plain file"
    locked = tmp_path / "locked.json"
    locked.write_text("{}")
    locked.chmod(0)
    if os.geteuid():
        assert refused(locked) == f"{locked}: cannot be read: permission denied"
    else:  # root may read all but what the kernel itself refuses
        assert "cannot be read" in refused(Path("/proc/self/mem"))


def test_a_bad_layer_does_not_make_the_list_of_layers_short(raw):
    raw["network"]["layers"] = [{"units": 0, "activation": "sigmoyd"}]
    with pytest.raises(PresetError) as caught:
        presets.loads(json.dumps(raw))
    places = [problem.place for problem in caught.value.problems]
    assert places[:2] == ["network.layers[0].units", "network.layers[0].activation"]
    assert "network.layers" not in places
