"""Exported scripts arrive at our digits, in a process that knows nothing of us."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bpgui.datasets.csv_survey import surveyed
from bpgui.engine.descent import advance, initial_state
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import find
from bpgui.experiment.csv_import import applied, format_for, import_csv, proposed
from bpgui.experiment.presets import load
from bpgui.exporting.literals import MOST_IN_TEXT
from bpgui.exporting.numpy_script import numpy_script
from bpgui.exporting.recipe import ExportError, recipe_after
from bpgui.exporting.torch_script import torch_script
from bpgui.exporting.writing import data_path, write_script

AGREES = "These are the digits that bpgui showed."
KINDS = {"numpy": numpy_script, "torch": torch_script}

# Runs each script as `python script.py` would, in one process, and tells those that fail.
RUN_ALL = """
import contextlib, io, runpy, sys, traceback, warnings
warnings.simplefilter("error")
for path in sys.argv[1:]:
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            runpy.run_path(path, run_name="__main__")
        print(path, out.getvalue().splitlines()[-1])
    except BaseException:
        print(path, traceback.format_exc()[-900:])
assert "bpgui" not in sys.modules
"""


def write_all(recipes, kind, folder):
    paths = []
    for number, recipe in enumerate(recipes):
        path = folder / f"{kind}{number}.py"
        script = KINDS[kind](recipe, data_path(path).name)
        write_script(path, script.text, script.data)
        paths.append(path)
    return paths


def run(paths, cwd):
    return subprocess.run(
        [sys.executable, "-c", RUN_ALL, *map(str, paths)],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )


def assert_all_agree(paths, cwd):
    done = run(paths, cwd)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines == [f"{path} {AGREES}" for path in paths], done.stdout


def test_numpy_scripts_of_all_pairs_of_choices_arrive_at_our_digits(recipes, tmp_path):
    assert len(recipes) >= 60
    assert_all_agree(write_all(recipes, "numpy", tmp_path), tmp_path)


@pytest.mark.parity
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_torch_scripts_of_all_pairs_of_choices_arrive_at_our_digits(recipes, tmp_path):
    if importlib.util.find_spec("torch") is None:
        pytest.skip("PyTorch is not installed")
    assert_all_agree(write_all(recipes, "torch", tmp_path), tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_scripts_are_python_without_us_and_fit_the_screen(kind, recipes):
    for recipe in recipes:
        text = KINDS[kind](recipe, "x.npz").text
        modules = {
            name
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in ([node.module] if isinstance(node, ast.ImportFrom) else
                         [alias.name for alias in node.names])
        }  # fmt: skip
        assert modules <= {"itertools", "math", "numpy", "torch", "torch.nn.functional"}
        assert max(map(len, text.splitlines())) <= 120


def test_many_numbers_lie_beside_the_script(problem, trained, tmp_path):
    rng = np.random.default_rng(0)
    count = MOST_IN_TEXT
    samples = type(problem.train)(rng.normal(size=(count, 2)), rng.random((count, 3)))
    recipe = trained(replace(problem, train=samples, batch_size=100, shuffle=True))
    (path,) = write_all([recipe], "numpy", tmp_path)

    assert path.stat().st_size < 8000
    with np.load(tmp_path / "numpy0-data.npz", allow_pickle=False) as data:
        assert np.array_equal(data["X"], samples.inputs)
        assert np.array_equal(data["EXPECTED_W1"], problem.network.weights(recipe.parameters)[0])
    assert_all_agree([path], "/")


@pytest.mark.parametrize("kind", ["numpy"])
def test_a_script_fails_where_a_digit_is_another(kind, problem, trained, tmp_path):
    recipe = trained(problem)
    (path,) = write_all([recipe], kind, tmp_path)
    text = path.read_text("utf-8")
    path.write_text(text.replace("LEARNING_RATE = 0.02", "LEARNING_RATE = 0.0200001"), "utf-8")

    assert "AssertionError" in run([path], tmp_path).stdout


def test_every_digit_is_written(problem, trained):
    recipe = trained(problem)
    text = numpy_script(recipe, "x.npz").text
    numbers = {float(found) for found in re.findall(r"-?\d+\.\d+(?:e[+-]\d+)?", text)}

    for values in (problem.train.inputs, problem.initial, recipe.parameters, recipe.loss):
        assert set(np.ravel(values).tolist()) <= numbers


def test_a_name_cannot_leave_the_docstring(problem, trained, tmp_path):
    recipe = replace(trained(problem), name='""" + print("\\N{DASH}") + """\nimport os\\')
    assert_all_agree(write_all([recipe], "numpy", tmp_path), tmp_path)


def test_what_a_script_cannot_tell_is_refused(problem, trained):
    theta = problem.initial
    with pytest.raises(ExportError, match="wrong backward pass"):
        recipe_after("", replace(problem, fault="half_lost"), 5, theta)
    with pytest.raises(ExportError, match="Nothing is trained yet"):
        recipe_after("", problem, 0, theta)
    with pytest.raises(ExportError, match="not finite"):
        recipe_after("", problem, 5, np.full_like(theta, np.inf))


def test_a_script_that_cannot_be_written_says_why(tmp_path: Path):
    with pytest.raises(ExportError, match="is a folder"):
        write_script(tmp_path, "", None)
    with pytest.raises(ExportError, match="cannot be written: no such file or directory"):
        write_script(tmp_path / "none" / "x.py", "", None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("small_disk", [16], indirect=True)
def test_a_full_disk_keeps_the_old_script_and_no_part_of_the_new(small_disk: Path):
    path = small_disk / "a.py"
    write_script(path, "old", None)
    with pytest.raises(ExportError, match=r"a[.]py: cannot be written: no space left on device"):
        write_script(path, "x" * 20_000, b"y" * 2000)
    with pytest.raises(
        ExportError, match=r"a-data[.]npz: cannot be written: no space left on device"
    ):
        write_script(path, "new", b"y" * 20_000)
    assert path.read_text() == "old"
    assert list(small_disk.iterdir()) == [path]
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(ExportError, match=r"b[.]py: cannot be written: read-only file system"):
        write_script(small_disk / "b.py", "new", None)


def test_inputs_and_targets_go_by_the_names_that_the_data_gives(problem, trained, tmp_path):
    inputs = ("weight", 'color = "red"\nimport os\r#')
    named = replace(
        problem, input_names=inputs, classes=("apple", "pear", "plum"), classification=True
    )
    recipe = trained(named)
    for kind in KINDS:
        lines = KINDS[kind](recipe, "x.npz").text.splitlines()
        told = lines.index("# The samples: a row of inputs and a row of targets for each.")
        assert lines[told + 1 : told + 3] == [
            '# Inputs: weight, color = "red" import os #.',
            "# Targets: apple, pear, plum.",
        ]
    assert_all_agree(write_all([recipe], "numpy", tmp_path), tmp_path)


SIZES = "size;color;kind\n" + "1,5;red;small\n2;blue;small\n8;red;large\n9,25;green;large\n" * 5


@pytest.mark.parametrize("kind", KINDS)
def test_a_script_repeats_a_training_on_columns_of_text(kind, tmp_path):
    if kind == "torch" and importlib.util.find_spec("torch") is None:
        pytest.skip("PyTorch is not installed")
    path = tmp_path / "sizes.csv"
    path.write_text(SIZES)
    survey = surveyed(path, format_for(path, None))
    imported = import_csv(path, str(path), survey, proposed(survey))
    problem = build_problem(applied(imported, "sizes", None)(load(find("xor"))))
    assert problem.input_names == ("size", "color = blue", "color = green", "color = red")
    state, _ = advance(problem, initial_state(problem), 40)
    recipe = recipe_after("sizes", problem, 40, state.parameters)
    assert_all_agree(write_all([recipe], kind, tmp_path), tmp_path)
