"""bpgui check, verify, presets, and what a bare call shows."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import bpgui as package
from bpgui import published
from bpgui.cli import COMMANDS
from bpgui.experiment.builtin import builtin

GOLDENS = Path(__file__).parents[1] / "engine" / "goldens.json"


def loaded_by(arguments: list[str], modules: set[str]) -> list[str]:
    """What a process prints last: its exit code, and those of the modules that it has loaded."""
    code = (
        "import sys, bpgui.cli\n"
        f"try: bpgui.cli.main({arguments})\n"
        "except SystemExit as ended: print(ended.code)\n"
        f"print(sorted({modules} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-2:]


def test_help_and_version_need_neither_numpy_nor_qt(bpgui):
    assert bpgui("--version").out == f"bpgui {package.__version__}\n"
    helped = bpgui("--help")
    assert helped.code == 0
    assert all(command in helped.out for command in COMMANDS)
    assert loaded_by(["--help"], {"numpy", "pydantic", "PySide6", "pyqtgraph"}) == ["0", "[]"]


def test_training_loads_no_qt():
    assert loaded_by(["train", "xor", "--epochs", "1"], {"PySide6", "pyqtgraph"}) == ["0", "[]"]


# --- check --------------------------------------------------------------------------------------


def test_check_tells_both_gradients_of_each_parameter(bpgui):
    ended = bpgui("check", "two-inputs-fixed-biases", "--json")
    assert ended.code == 0
    told = ended.told
    assert told["passed"] is True
    assert told["counts"] == {"good": 12, "kink": 0, "doubtful": 0, "wrong": 0}
    names = [entry["name"] for entry in told["parameters"]]
    assert names[:3] == ["w(1)[1,1]", "w(1)[1,2]", "b(1)[1]"]
    first = told["parameters"][0]
    assert first["analytic"] == pytest.approx(0.000438567734474, rel=1e-12)
    assert first["numeric"] == pytest.approx(0.000438567734474, rel=1e-6)
    assert first["relative_error"] < 1e-6
    assert first["input_activation"] == 0.05
    assert first["delta"] == pytest.approx(0.00877135468949, rel=1e-12)
    assert told["parameters"][2]["input_activation"] == 1.0


def test_check_shows_the_factors_of_another_sample(bpgui):
    told = bpgui("check", "xor-numpy", "--sample", "3", "--json").told
    assert told["sample"] == 3
    assert [entry["input_activation"] for entry in told["parameters"][:2]] == [1.0, 1.0]
    bpgui("check", "xor-numpy", "--sample", "4").refused("--sample 4", "0 to 3")


@pytest.fixture
def large(preset):
    """A file of a network with so many parameters that they are not all checked."""
    layers = [{"units": units, "activation": "sigmoid"} for units in (600, 400, 1)]
    return preset(of="xor", network={"inputs": 2, "layers": layers})


SIZE = 2 * 600 + 600 + 600 * 400 + 400 + 400 + 1


def test_check_takes_a_sample_of_a_large_network(bpgui, large):
    told = bpgui("check", large, "--json").told
    names = [entry["name"] for entry in told["parameters"]]
    assert (told["checked"], told["size"], len(names)) == (200, SIZE, 200)
    assert told["passed"] is True
    kinds = {name.partition("[")[0] for name in names}
    assert kinds == {"w(1)", "b(1)", "w(2)", "b(2)", "w(3)", "b(3)"}
    assert bpgui("check", large, "--json").told == told


def test_check_of_so_many_parameters_says_so(bpgui, large):
    ended = bpgui("check", large, "--parameters", "30")
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert f"checked 30 of {SIZE:,} parameters, spread over all layers" in lines
    assert "the gradient check passed: 30 good;" in lines[-1]
    assert "checked" not in bpgui("check", "xor", "--parameters", "all").out


def test_check_of_one_parameter(bpgui, large):
    told = bpgui("check", large, "--parameters", "w(2)[1,3]", "--json").told
    assert [entry["name"] for entry in told["parameters"]] == ["w(2)[1,3]"]
    assert told["checked"] == 1
    ended = bpgui("check", large, "--parameters", "b(1)[2]")
    assert f"checked 1 of {SIZE:,} parameters" in ended.out.splitlines()


@pytest.mark.parametrize(
    ("which", "parts"),
    [
        ("w(9)[1,1]", ["layers are 1 to", "give all, or how many"]),
        ("0", ["--parameters 0", "write w(2)[1,3] or b(1)[2]"]),
        ("-3", ["--parameters -3"]),
    ],
)
def test_check_of_a_parameter_that_is_not_there(bpgui, which, parts):
    bpgui("check", "xor", "--parameters", which).refused(*parts)


def test_check_finds_a_wrong_backward_pass(bpgui):
    ended = bpgui("check", "fault-5", "--json")
    assert ended.code == 1
    told = ended.told
    assert (told["passed"], told["fault"]) == (False, "sign_turned")
    assert told["counts"] == {"good": 9, "kink": 0, "doubtful": 0, "wrong": 16}
    wrong = {entry["name"] for entry in told["parameters"] if entry["verdict"] == "wrong"}
    assert all(name[:4] in ("w(1)", "b(1)") for name in wrong)


def test_check_knows_the_optimizer_where_the_fault_needs_it(bpgui, preset):
    training = {"training__fault": "output_first", "training__batch_size": None}
    path = preset(of="fault-1", **training, training__optimizer={"name": "adam"})
    ended = bpgui("check", path, "--iterations", "10", "--json")
    assert ended.code == 1
    verdicts = [entry["verdict"] for entry in ended.told["parameters"]]
    assert "good" not in verdicts[:6]
    assert set(verdicts[6:]) == {"good"}


def test_train_honors_a_wrong_backward_pass(bpgui):
    told = bpgui("train", "fault-1", "--iterations", "1", "--json").told
    assert told["fault"] == "output_first"
    assert told["loss"] == pytest.approx(0.291027924, abs=5e-10)
    assert bpgui("train", "xor", "--iterations", "1", "--json").told["fault"] is None


def test_check_after_some_iterations(process):
    ended = process("check", "chain-of-three", "--iterations", "155")
    lines = ended.out.splitlines()
    assert ended.code == 0
    assert lines[0].split() == [
        *("parameter", "input", "activation", "delta", "backpropagation", "differences"),
        *("relative", "error", "verdict"),
    ]
    assert lines[1].startswith("w(1)[1,1]")
    assert "A chain of three weights: the gradient check passed: 3 good;" in lines[-1]


def test_check_tells_kinks_as_such(bpgui, preset):
    path = preset(
        network={
            "inputs": 1,
            "layers": [{"units": 1, "activation": "relu", "bias": "none"}],
        },
        initial_weights={"scheme": "manual", "weights": [[[0.0]]], "biases": [None]},
        data={"source": "inline", "inputs": [[1.0]], "targets": [[1.0]]},
    )
    ended = bpgui("check", path, "--json")
    assert ended.code == 0
    assert ended.told["parameters"][0]["verdict"] == "kink"


def test_check_of_what_diverges_on_the_way_is_exit_1(bpgui, preset):
    path = preset(of="sine", training__optimizer={"name": "sgd", "learning_rate": 1e300})
    ended = bpgui("check", path, "--iterations", "100", "--json")
    assert (ended.code, ended.out) == (1, "")
    assert "stopped being finite" in ended.err


# --- verify -------------------------------------------------------------------------------------


def test_every_published_number_agrees(process):
    ended = process("verify", "--json")
    assert ended.code == 0
    told = ended.told
    systems = [example["system"] for example in told["examples"]]
    assert systems[0] == "A1"
    assert set(systems[1:]) == {"A, copied digits", "B", "C", "E", "E, text order", "H"}
    assert (told["passed"], told["failed"]) == (True, 0)
    numbers = {entry["name"]: entry for entry in told["examples"][0]["numbers"]}
    last = numbers["after 10,000 updates, loss"]
    assert last["printed"] == "3.510187782978859e-05"
    assert last["actual"] == pytest.approx(3.510187782978859e-05, rel=1e-9)


def test_verify_shows_expected_actual_and_difference(bpgui):
    ended = bpgui("verify")
    count = sum(len(e.digits) + len(e.after_long_runs) for e in published.EXAMPLES)
    assert ended.out.splitlines()[-1] == f"{count} of {count} published numbers agree"
    assert re.search(r"^loss +0\.2983711087600027 +0\.29837110876000\d+ +\S+ +ok$", ended.out, re.M)


@pytest.mark.parametrize(
    ("text", "relative", "expected"),
    [
        ("0.2983711087600027", 1e-12, 2.983711087600027e-13),
        ("-0.055899", 1e-12, 5e-7),
        ("3.510187782978859e-05", 1e-9, 3.510187782978859e-14),
        ("0.00877135468949", 1e-12, 8.77135468949e-15),
        ("-12", 1e-12, 0.5),
    ],
)
def test_how_far_a_number_may_be_off(text, relative, expected):
    assert published.allowed(text, relative) == pytest.approx(expected)


def test_single_passes_are_held_to_every_printed_digit():
    """No row is printed so shortly that a wrong number would pass; some texts print few digits."""
    few = {"E": 1e-6, "E, text order": 1e-6, "A, copied digits": 1e-9}
    for example in published.EXAMPLES:
        loosest = few.get(example.system, 1e-11)
        for text in example.digits.values():
            share = published.SINGLE * abs(float(text))
            assert published.allowed(text, published.SINGLE) <= max(loosest, share)


@pytest.mark.parametrize("example", published.EXAMPLES, ids=lambda example: example.system)
def test_a_number_that_is_off_is_told(example):
    """A relative change of 1e-5 in what is computed fails every row."""
    from dataclasses import replace

    off = {name: value * (1 + 1e-5) + 1e-8 for name, value in example.compute().items()}
    changed = replace(example, compute=lambda: off)
    failed = [found.name for found in published.compare(changed) if not found.agrees]
    rounded = [
        name
        for name, text in example.digits.items()
        if published.allowed(text, published.SINGLE) > 0.5e-5 * abs(float(text))
    ]
    assert len(failed) == len(example.digits) + len(example.after_long_runs) - len(
        [name for name in rounded if name not in failed]
    )


def test_the_digits_of_three_classes_are_pytorchs():
    golden = json.loads(GOLDENS.read_text(encoding="utf-8"))["three-classes"]
    slopes, biases = (golden["result"][f"{part}_gradients"] for part in ("weight", "bias"))
    for name, text in published.THREE_CLASSES.digits.items():
        if name == "loss":
            expected = golden["result"]["losses"][0]
        elif "w(" in name:
            layer, unit, source = (int(number) - 1 for number in re.findall(r"\d+", name))
            expected = slopes[layer][unit][source]
        else:
            layer, unit = (int(number) - 1 for number in re.findall(r"\d+", name))
            expected = biases[layer][unit]
        assert float(text) == expected


# --- presets ------------------------------------------------------------------------------------


def test_presets_are_listed_by_group(bpgui):
    lines = bpgui("presets").out.splitlines()
    for preset in builtin():
        assert preset.group in lines
        assert any(preset.slug in line and preset.name in line for line in lines)


def test_presets_as_json(process):
    told = process("presets", "--json").told["presets"]
    assert [entry["slug"] for entry in told] == [preset.slug for preset in builtin()]
    assert {"group", "slug", "name", "description", "path"} == set(told[0])


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    ("reader", "read"), [("head -n 1", f"{builtin()[0].group}\n"), (":", "")], ids=["head", "none"]
)
def test_a_closed_pipe_makes_no_noise(reader, read):
    command = f"{sys.executable} -m bpgui presets | {reader}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == (read, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the full disk of Linux")
@pytest.mark.parametrize(
    "arguments", [["train", "xor", "--iterations", "1"], ["presets", "--json"], ["--version"]]
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_told_in_one_line(arguments, unbuffered):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bpgui", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            check=False,
        )
    reason = "no space left on device"
    assert done.stderr == f"error: standard output cannot be written: {reason}\n"
    assert done.returncode == 2


# --- progress -----------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_progress_is_drawn_on_a_terminal_only_and_never_on_standard_output():
    import pty

    master, terminal = pty.openpty()
    command = [sys.executable, "-m", "bpgui", "train", "xor-numpy", "--json"]
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=terminal,
        check=True,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(terminal)
    drawn = os.read(master, 100_000).decode()
    os.close(master)
    assert "training" in drawn
    assert json.loads(done.stdout)["state"] == "finished"
