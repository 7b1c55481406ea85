"""bpgui export."""

from __future__ import annotations

import csv
import subprocess
import sys

import numpy as np
import pytest

from bpgui.experiment import presets


@pytest.mark.parametrize("arguments", [[], ["--as", "numpy"]])
def test_a_script_is_written_that_arrives_at_our_digits(bpgui, tmp_path, arguments):
    told = bpgui("export", "two-inputs-fixed-biases", "out.py", "--iterations", 50, *arguments)
    assert (told.code, told.out, told.err) == (0, "", "")

    done = subprocess.run(
        [sys.executable, "out.py"], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60
    )
    assert done.returncode == 0, done.stderr
    trained = bpgui("train", "two-inputs-fixed-biases", "--iterations", 50, "--json").told
    assert f"loss after 50 iterations: {trained['loss']!r}"[:36] in done.stdout
    assert f"in bpgui {trained['loss']!r}\n" in done.stdout


def test_pytorch_is_asked_for_by_name(bpgui, tmp_path):
    assert bpgui("export", "xor", "x.py", "--iterations", 5, "--as", "pytorch").code == 0
    assert "import torch\n" in (tmp_path / "x.py").read_text("utf-8")


def test_the_ending_tells_the_kind(bpgui, tmp_path):
    for name in ("run.npz", "run.csv", "trained.bpgui", "trained.json"):
        assert bpgui("export", "xor", name, "--iterations", 20).code == 0
    assert bpgui("export", "xor", "p.csv", "--as", "parameters", "--iterations", 20).code == 0

    with np.load(tmp_path / "run.npz", allow_pickle=False) as data:
        parameters = data["parameter"]
        assert len(data["course_iteration"]) == 21
    head, *rows = (tmp_path / "p.csv").read_text("utf-8").splitlines()
    assert head == "name,value,gradient,update"
    assert len(rows) == len(parameters)
    assert presets.load(tmp_path / "trained.bpgui") == presets.load(tmp_path / "trained.json")


def test_a_table_of_the_run_has_gradients_and_parameters(bpgui, tmp_path):
    told = bpgui("export", "xor", "run.csv", "--iterations", 20)
    assert (told.code, told.out, told.err) == (0, "", "")
    with (tmp_path / "run.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["iteration"]) for row in rows] == list(range(21))
    moved = float(rows[1]["w(1)[1,1]"]) - float(rows[0]["w(1)[1,1]"])
    assert moved * float(rows[0]["dL/dw(1)[1,1]"]) < 0.0


def test_a_table_that_leaves_columns_out_says_so(bpgui, tmp_path):
    told = bpgui("export", "digits-hidden", "run.csv", "--iterations", 2)
    assert told.code == 0
    assert "leaves out gradients and parameters, which are more than 2,000" in told.err
    assert "dL/d" not in (tmp_path / "run.csv").read_text("utf-8")


def test_the_preset_s_stop_rule_holds_where_no_number_is_given(bpgui, preset, tmp_path):
    assert bpgui("export", preset(training__stop={"max_epochs": 7}), "a.py").code == 0
    assert "ITERATIONS = 7" in (tmp_path / "a.py").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["xor", "out.txt"], "say what to write with --as"),
        (["xor", "out.py", "--as", "matlab"], "there is only numpy, pytorch, run"),
        (["xor", "out.csv", "--as", "numpy"], "ends in .py for --as numpy"),
        (["xor", "none/out.py"], "there is no folder none"),
        (["nothing-like-it", "out.py"], "neither a file nor a built-in preset"),
        (["xor", "out.py", "--iterations", "0"], "Nothing is trained yet"),
        (["fault-1", "out.py", "--iterations", "3"], "wrong backward pass"),
        (["mine.json", "mine.json", "--iterations", "3"], "is the preset itself"),
        (["xor", "folder.py", "--iterations", "3"], "is a folder"),
    ],
)
def test_what_cannot_be_exported_is_told_and_writes_nothing(
    bpgui, preset, tmp_path, arguments, told
):
    preset()
    (tmp_path / "folder.py").mkdir()
    before = sorted(tmp_path.rglob("*"))

    bpgui("export", *arguments).refused(told)

    assert sorted(tmp_path.rglob("*")) == before


def test_a_run_that_diverges_is_no_script(bpgui, preset, tmp_path):
    of = preset(
        of="sine", training__optimizer={"name": "sgd", "learning_rate": 1e6}, loss={
            "name": "squared_error"}, network__layers=[{"units": 1, "activation": "identity"}]
    )  # fmt: skip
    ended = bpgui("export", of, "out.py", "--iterations", 500)

    assert ended.code == 1
    assert "stopped being finite in iteration" in ended.err
    assert not (tmp_path / "out.py").exists()
