"""bpgui train, as a process of its own."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from bpgui.engine.descent import advance, initial_state
from bpgui.experiment.building import build_problem
from bpgui.experiment.presets import load

TWO_INPUTS = "two-inputs-fixed-biases"


def test_ten_thousand_epochs_end_at_the_published_loss(process):
    told = process("train", TWO_INPUTS, "--json").told
    assert told["loss"] == pytest.approx(3.510187782978859e-05, rel=1e-9)
    assert (told["preset"], told["state"]) == ("Two inputs, fixed biases", "finished")
    assert (told["iteration"], told["epoch"]) == (10_000, 10_000)
    assert told["data_loss"] == told["loss"]
    assert told["test_loss"] is told["accuracy"] is told["test_accuracy"] is None


def test_one_update_gives_published_weights_and_gradients(bpgui):
    told = bpgui("train", TWO_INPUTS, "--iterations", "1", "--json").told
    assert told["weights"] == [
        [
            pytest.approx([0.1497807161327628, 0.19956143226552567], rel=1e-12),
            pytest.approx([0.24975114363236958, 0.29950228726473915], rel=1e-12),
        ],
        [
            pytest.approx([0.35891647971788465, 0.4086661860762334], rel=1e-12),
            pytest.approx([0.5113012702387375, 0.5613701211079891], rel=1e-12),
        ],
    ]
    assert told["biases"] == [[0.35, 0.35], [0.6, 0.6]]
    assert told["weight_gradients"][1][0] == pytest.approx([0.0821670405642, 0.0826676278475])
    assert told["bias_gradients"][1] == pytest.approx([0.13849856162855695, -0.038098236516556236])
    assert told["loss"] == pytest.approx(0.29102777369359933, rel=1e-12)


def test_no_update_leaves_the_initial_weights_and_no_gradients(bpgui):
    told = bpgui("train", TWO_INPUTS, "--epochs", "0", "--json").told
    assert told["iteration"] == 0
    assert told["weights"][0] == [[0.15, 0.2], [0.25, 0.3]]
    assert told["weight_gradients"] is told["bias_gradients"] is None
    assert told["loss"] == pytest.approx(0.2983711087600027, rel=1e-12)


def test_layers_without_bias_have_null_and_rows_are_receiving_units(bpgui):
    told = bpgui("train", "xor-numpy", "--epochs", "1", "--json").told
    assert told["biases"] == told["bias_gradients"] == [None, None]
    assert [len(matrix) for matrix in told["weights"]] == [4, 1]
    assert [len(row) for row in told["weight_gradients"][0]] == [2, 2, 2, 2]
    assert told["accuracy"] in (0.25, 0.5, 0.75, 1.0)


def test_bursts_end_where_one_call_does(bpgui):
    """The command trains in bursts; the engine in one call: the same to the bit."""
    told = bpgui("train", "batch-mini", "--iterations", "777", "--json").told
    from bpgui.experiment.builtin import find

    problem = build_problem(load(find("batch-mini")))
    state, trace = advance(problem, initial_state(problem), 777)
    weights = [matrix.tolist() for matrix in problem.network.weights(state.parameters)]
    slopes = [matrix.tolist() for matrix in problem.network.weights(trace.gradient)]
    assert (told["weights"], told["weight_gradients"]) == (weights, slopes)
    assert told["epoch"] == 777 // problem.batches_per_epoch
    assert told["test_loss"] is None or told["test_loss"] > 0


def test_epochs_override_the_preset_but_its_loss_still_stops(bpgui, preset):
    path = preset(training__stop={"max_epochs": 3, "loss_below": 0.29})
    assert bpgui("train", path, "--epochs", "2", "--json").told["epoch"] == 2
    assert bpgui("train", path, "--json").told["epoch"] == 2
    stopped = bpgui("train", path, "--epochs", "500", "--json").told
    assert stopped["loss"] < 0.29
    assert stopped["epoch"] == 2


def test_a_loss_alone_is_a_stop_rule(bpgui, preset):
    told = bpgui("train", preset(training__stop={"loss_below": 0.01}), "--json").told
    assert told["state"] == "finished"
    assert 0.0099 < told["loss"] < 0.01


def test_without_any_stop_rule_an_option_is_asked_for(bpgui, preset):
    path = preset(training__stop={})
    bpgui("train", path).refused("no stop rule", "--epochs N or --iterations N")
    assert bpgui("train", path, "--epochs", "2", "--json").code == 0


def test_the_two_limits_exclude_each_other(bpgui):
    bpgui("train", TWO_INPUTS, "--epochs", "1", "--iterations", "1").refused("give one of them")


def test_people_get_a_table(process):
    ended = process("train", TWO_INPUTS, "--iterations", "1")
    lines = ended.out.splitlines()
    assert "loss       0.29102777369359933" in lines
    assert any(line.split()[:2] == ["w(2)[1,2]", "0.4086661860762334"] for line in lines)
    assert ended.err == ""
    assert "\x1b" not in ended.out


def test_many_parameters_are_counted_only(bpgui):
    ended = bpgui("train", "digits-one-layer", "--iterations", "1")
    assert "650 weights and biases; --json prints them" in ended.out
    assert "test accuracy" in ended.out


def test_csv_holds_the_objective_of_every_iteration(bpgui, tmp_path):
    path = tmp_path / "loss.csv"
    path.write_text("old")
    ended = bpgui("train", "xor-numpy", "--iterations", "300", "--csv", path)
    assert ended.code == 0
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["iteration"]) for row in rows] == list(range(300))
    assert [int(row["epoch"]) for row in rows] == list(range(300))
    assert float(rows[0]["objective"]) == pytest.approx(2 * 0.6467652820681169, rel=1e-12)
    assert float(rows[1]["objective"]) == pytest.approx(2 * 0.31313370480010705, rel=1e-12)
    assert list(tmp_path.iterdir()) == [path]


def test_csv_where_none_can_be_written_is_refused(bpgui, preset, tmp_path):
    bpgui("train", TWO_INPUTS, "--csv", tmp_path).refused("is a folder; give a file name")
    bpgui("train", TWO_INPUTS, "--csv", "no/such/a.csv").refused("cannot be written: no such file")
    path = preset()
    before = path.read_bytes()
    bpgui("train", path, "--csv", path).refused("is the preset itself")
    assert path.read_bytes() == before


def test_a_divergence_is_exit_1_and_valid_json(bpgui, preset):
    path = preset(
        of="sine", training__optimizer={"name": "sgd", "learning_rate": 1e300}, training__seed=1
    )
    ended = bpgui("train", path, "--epochs", "50", "--json")
    assert ended.code == 1
    told = ended.told
    assert told["state"] == "diverged"
    assert "stopped being finite in iteration" in told["message"]
    assert told["message"] in ended.err
    assert np.isfinite(np.concatenate([np.ravel(part) for part in told["weights"]])).all()


def test_numbers_that_json_cannot_say_are_null(bpgui, preset):
    path = preset(
        network__layers=[{"units": 1, "activation": "identity", "bias": "none"}],
        network__inputs=1,
        initial_weights={"scheme": "manual", "weights": [[[1e200]]], "biases": [None]},
        data={"source": "inline", "inputs": [[1e200]], "targets": [[0.0]]},
    )
    ended = bpgui("train", path, "--epochs", "1", "--json")
    assert ended.code == 1
    assert ended.told["loss"] is None


def test_float32_trains_too(bpgui, preset):
    path = preset(training__precision="float32")
    told = bpgui("train", path, "--epochs", "10", "--json").told
    assert told["weights"][0][0][0] == float(np.float32(told["weights"][0][0][0]))


def test_a_file_with_relative_data_is_found_from_elsewhere(bpgui, preset, tmp_path):
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "points.csv").write_text("a,b,c,d\n0.05,0.1,0.01,0.99\n")
    path = preset(
        "there/mine.json",
        data={"source": "csv", "path": "points.csv", "inputs": ["a", "b"], "targets": ["c", "d"]},
    )
    told = bpgui("train", path, "--iterations", "0", "--json").told
    assert told["loss"] == pytest.approx(0.2983711087600027, rel=1e-12)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal there")
def test_ctrl_c_ends_calmly_and_leaves_no_half_file(preset, tmp_path):
    path = preset(training__stop={"loss_below": 1e-300})
    target = tmp_path / "loss.csv"
    command = [sys.executable, "-m", "bpgui", "train", str(path), "--json", "--csv", str(target)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        # Whoever started the tests in the background has made them ignore the key.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        try:
            deadline = time.monotonic() + 30
            while not _begun(tmp_path):
                assert time.monotonic() < deadline
                assert process.poll() is None
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, out, err) == (130, "", "interrupted\n")
    assert list(tmp_path.iterdir()) == [path]


def _begun(folder: Path) -> bool:
    """Whether the first losses have been written."""
    return any(part.stat().st_size > 100 for part in folder.glob(".*.part"))
