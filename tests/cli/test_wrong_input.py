"""What wrong input gets on the command line: one line per error, exit 2, no traceback."""

from __future__ import annotations

import json
import os

import pytest

from bpgui.experiment.builtin import find

GOOD = find("two-inputs-fixed-biases").read_text(encoding="utf-8")

CONTENTS = {
    "empty": (b"", "the file is empty"),
    "truncated": (GOOD[: len(GOOD) // 2].encode(), "the file ends too early"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\xff" * 20, "this is not a text file"),
    "deep": (b"[" * 100_000, "nested"),
    "duplicate": (GOOD.replace('"name"', '"seed": 1, "seed": 2, "name"', 1).encode(), "seed"),
    "nan": (GOOD.replace("0.15", "NaN", 1).encode(), "initial_weights.weights[0][0][0]"),
    "huge": (GOOD.replace("0.15", "1e999", 1).encode(), "initial_weights.weights[0][0][0]"),
    "shape": (GOOD.replace("[0.15, 0.2]", "[0.15]", 1).encode(), "initial_weights.weights[0]"),
    "newer": (GOOD.replace('"version": 1', '"version": 99').encode(), "newer"),
    "near": (GOOD.replace('"sigmoid"', '"sigmod"', 1).encode(), "did you mean sigmoid?"),
}


@pytest.mark.parametrize(
    ("kind", "command"), [*((kind, "train") for kind in CONTENTS), ("deep", "check")]
)
def test_bad_files(process, tmp_path, kind, command):
    content, message = CONTENTS[kind]
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    ended = process(command, path, "--json")
    ended.refused(message, str(path))
    assert all(line.startswith("error: ") for line in ended.err.splitlines())


def test_the_window_refuses_a_bad_file_before_it_opens(process, tmp_path):
    path = tmp_path / "bad.json"
    path.write_bytes(b"{}")
    process(path).refused(str(path), "is missing")


def test_all_errors_of_a_file_are_told_at_once(bpgui, tmp_path):
    raw = json.loads(GOOD)
    raw["network"]["layers"][1]["units"] = 0
    raw["training"]["batch_size"] = -1
    raw["colour"] = "red"
    path = tmp_path / "three.json"
    path.write_text(json.dumps(raw))
    ended = bpgui("train", path)
    ended.refused("network.layers[1].units", "training.batch_size", "colour")
    assert len(ended.err.splitlines()) == 3


def test_what_is_not_there(bpgui):
    bpgui("train", "gone.json").refused("gone.json", "there is no such file")


def test_a_folder_is_no_preset(bpgui, tmp_path):
    bpgui("train", tmp_path).refused("is a folder")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="may read everything here"
)
def test_an_unreadable_file(bpgui, preset):
    path = preset()
    path.chmod(0)
    bpgui("train", path).refused("cannot be read: permission denied")


def test_a_missing_data_file_tells_how_to_mend_it(bpgui, preset):
    path = preset(
        data={"source": "csv", "path": "gone.csv", "inputs": ["a", "b"], "targets": ["c", "d"]}
    )
    bpgui("train", path).refused("data.path", "gone.csv", "put the file there")


def test_data_in_the_wrong_shape(bpgui, preset, tmp_path):
    (tmp_path / "points.csv").write_text("a,b,c,d\n1,2,x,4\n")
    path = preset(
        data={"source": "csv", "path": "points.csv", "inputs": ["a", "b"], "targets": ["c", "d"]}
    )
    bpgui("train", path).refused("data.path", "line 2, column c", "'x' is no number")


def test_a_network_beyond_the_memory_is_refused_with_the_estimate(bpgui, preset):
    path = preset(
        network__layers=[
            {"units": 100_000, "activation": "sigmoid"},
            {"units": 100_000, "activation": "sigmoid"},
            {"units": 2, "activation": "sigmoid"},
        ],
        initial_weights={"scheme": "xavier_uniform"},
    )
    bpgui("train", path).refused("network", "of memory")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("two-inputs-fixd-biases", "did you mean two-inputs-fixed-biases?"),
        ("Two inputs, fixed bias", "did you mean two-inputs-fixed-biases?"),
        ("qqqqqqqq", "`bpgui presets` lists the built-in ones"),
        ("", "`bpgui presets` lists the built-in ones"),
        ("a" * 5_000, "neither a file nor a built-in preset"),
    ],
)
def test_unknown_names_get_a_suggestion(bpgui, given, meant):
    bpgui("train", given, "--epochs", "1").refused(meant)


def test_a_mistyped_command_gets_a_suggestion(bpgui):
    bpgui("trian").refused("trian", "did you mean train?")
    bpgui("trian", "xor").refused("trian", "did you mean train?")
    bpgui("xor", "and").refused("xor and", "the window opens one preset")


def test_names_may_be_given_for_slugs(bpgui):
    told = bpgui("train", "two INPUTS, fixed biases", "--epochs", "0", "--json").told
    assert told["preset"] == "Two inputs, fixed biases"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train"], "Missing argument 'PRESET'"),
        (["train", "xor", "--epoch", "3"], "--epochs"),
        (["train", "xor", "--epochs", "many"], "'--epochs'"),
        (["train", "xor", "--epochs", "-1"], "'--epochs'"),
        (["train", "xor", "--epochs", "1.5"], "'--epochs'"),
        (["train", "xor", "more"], "more"),
        (["--nonsense"], "--nonsense"),
        (["screenshot", "xor", "a.png", "--size", "big"], "give width and height such as 1280x800"),
        (["screenshot", "xor", "a.png", "--size", "9x99999"], "from 200 to 10000"),
        (["screenshot", "xor", "a.png", "--theme", "pink"], "'--theme'"),
        (["screenshot", "xor", "a.jpg"], "a.jpg: the picture is a PNG"),
        (["screenshot", "xor", "no/such/a.png"], "there is no folder no"),
        (["screenshot", "xorr", "a.png"], "did you mean xor?"),
    ],
)
def test_wrong_arguments(bpgui, arguments, message):
    bpgui(*arguments).refused(message)


def test_a_terminal_cannot_be_steered_from_a_file(bpgui, preset):
    trained = bpgui("train", preset(name="\x1b[31mred\x07"), "--iterations", "1")
    assert trained.out.startswith("preset     \ufffd[31mred\ufffd\n")
    bpgui("train", "\x1b[31m.json").refused("\ufffd[31m.json: there is no such file")


def test_what_standard_output_cannot_show_stops_nothing(process, preset, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    ended = process("train", preset(name="\u6570\u5b57"), "--iterations", "1")
    assert ended.code == 0
    assert "\\u6570\\u5b57" in ended.out
    process("train", "\u6570\u5b57.json").refused("there is no such file")
