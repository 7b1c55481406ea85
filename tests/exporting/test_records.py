"""Tables, archives and presets hold every digit of the run that they were made of."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bpgui.engine.descent import advance, initial_state
from bpgui.engine.evaluation import evaluate
from bpgui.engine.problem import StopRule
from bpgui.experiment import presets
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import find
from bpgui.exporting import run_record
from bpgui.exporting.kinds import KINDS, Trained
from bpgui.exporting.recipe import ExportError, recipe_of
from bpgui.exporting.recorded import record
from bpgui.exporting.run_record import (
    gradient_table,
    loss_table,
    parameter_table,
    run_archive,
    run_csv,
)
from bpgui.exporting.tables import csv_of
from bpgui.exporting.trained import preset_bytes, with_trained_weights
from bpgui.training.snapshot import changed


@pytest.fixture(scope="module")
def moons():
    experiment = presets.load(find("moons"))
    return Trained(experiment, None, *_recorded(build_problem(experiment), 300))


def _recorded(problem, iterations):
    snapshot, course = record(problem, iterations)
    return problem, snapshot, course


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_a_record_is_that_of_one_training(moons):
    state, trace = advance(moons.problem, initial_state(moons.problem), 300)
    snapshot, course = moons.snapshot, moons.course

    assert snapshot.iteration == 300
    assert np.array_equal(snapshot.parameters, state.parameters)
    assert np.array_equal(snapshot.gradient, trace.gradient)
    assert snapshot.evaluation == evaluate(moons.problem, state.parameters)
    assert course.iteration.tolist() == list(range(301))
    assert np.array_equal(course.parameters[0], moons.problem.initial)
    earlier, _ = advance(moons.problem, initial_state(moons.problem), 123)
    assert np.array_equal(course.parameters[123], earlier.parameters)


def test_the_course_becomes_sparser_as_it_grows(problem):
    snapshot, course = record(problem, 3000)

    assert snapshot.iteration == 3000
    assert course.iteration.tolist() == list(range(0, 3001, 8))
    state, _ = advance(problem, initial_state(problem), 800)
    assert np.array_equal(course.parameters[100], state.parameters)


def test_a_record_ends_with_the_stop_rule(problem):
    stop = StopRule(max_epochs=7)
    ruled = replace(problem, settings=replace(problem.settings, stop=stop))
    assert record(ruled, None)[0].iteration == 7
    assert record(ruled, 20)[0].iteration == 7
    assert record(problem, 0)[0].iteration == 0


def test_the_losses_are_those_of_the_parameters_then(moons):
    table = loss_table(moons.problem, moons.snapshot)
    problem, course = moons.problem, moons.course

    evaluated = np.flatnonzero(~np.isnan(table["train_loss"]))
    assert table["iteration"][evaluated[-1]] == 300
    for row in evaluated[[0, 3, -1]].tolist():
        at = table["iteration"][row]
        exact = evaluate(problem, course.parameters[at])
        assert (table["train_loss"][row], table["test_loss"][row]) == (exact.loss, exact.test_loss)
        assert table["epoch"][row] == at / problem.batches_per_epoch
    assert np.array_equal(table["batch_loss_low"][:300], moons.snapshot.losses.low)


def names_of(problem) -> list[str]:
    return [problem.network.parameter(index).name for index in range(problem.network.size)]


def test_gradients_have_a_column_for_each_parameter(moons):
    table = gradient_table(moons.problem, moons.snapshot)

    slopes = [f"dL/d{name}" for name in names_of(moons.problem)]
    assert list(table) == ["iteration", "gradient_norm_1", "gradient_norm_2", *slopes]
    assert np.array_equal(table["dL/db(2)[1]"], moons.snapshot.gradients.rows[:, -1])


def test_csv_is_read_back_to_the_bit(moons):
    rows = read(run_csv(moons.problem, moons.snapshot, moons.course))

    assert [int(row["iteration"]) for row in rows] == list(range(301))
    kept = dict(zip(moons.snapshot.gradients.iteration, moons.snapshot.gradients.rows, strict=True))
    for row in rows:
        expected = kept.get(int(row["iteration"]))
        told = "" if expected is None else repr(float(expected[0]))
        assert row["dL/dw(1)[1,1]"] == told
    found = [[float(row[name]) for name in names_of(moons.problem)] for row in rows]
    assert np.array_equal(found, moons.course.parameters)
    values = read(csv_of(parameter_table(moons.problem.network, moons.snapshot)))
    assert [float(row["value"]) for row in values] == moons.snapshot.parameters.tolist()


def test_a_table_leaves_out_columns_that_are_too_many(moons, monkeypatch):
    monkeypatch.setattr(run_record, "MOST_COLUMNS", moons.problem.network.size - 1)
    head = run_csv(moons.problem, moons.snapshot, moons.course).decode().partition("\n")[0]
    assert head.endswith("batch_loss_low,batch_loss_high,gradient_norm_1,gradient_norm_2")


def test_the_archive_needs_no_pickle_and_holds_all(moons):
    content = run_archive(moons.problem, moons.snapshot, moons.course)
    with np.load(io.BytesIO(content), allow_pickle=False) as data:
        found = dict(data)

    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    assert [name for name in found if name not in ("b2",) and f"`{name}`" not in readme] == []
    assert int(found["iteration"]) == 300
    assert np.array_equal(found["parameter"], moons.snapshot.parameters)
    assert np.array_equal(found["course"], moons.course.parameters)
    assert np.array_equal(found["gradient_rows"], moons.snapshot.gradients.rows)
    weights = moons.problem.network.weights(moons.snapshot.parameters)
    assert np.array_equal(found["W2"], weights[1])
    assert found["evaluation_iteration"][-1] == 300
    assert found["train_loss"][-1] == moons.snapshot.evaluation.loss


def test_a_long_table_is_written_whole():
    numbers = np.random.default_rng(1).normal(size=10_000).astype(np.float32)
    rows = read(csv_of({"at": np.arange(10_000), "number": numbers}))
    assert [int(row["at"]) for row in rows] == list(range(10_000))
    assert np.array_equal(np.array([float(row["number"]) for row in rows]), numbers)


def test_a_preset_begins_with_the_trained_weights_to_the_bit(moons):
    snapshot = moons.snapshot
    made = with_trained_weights(moons.experiment, snapshot.parameters, snapshot.iteration)
    again = presets.loads(preset_bytes(made))

    assert again.name == "Two moons after 300 iterations"
    assert np.array_equal(build_problem(again).initial, snapshot.parameters)
    assert again.model_copy(
        update={"name": moons.experiment.name, "initial_weights": moons.experiment.initial_weights}
    ) == moons.experiment  # fmt: skip


def test_what_is_not_finite_is_no_preset(moons):
    broken = np.full_like(moons.snapshot.parameters, np.nan)
    with pytest.raises(ExportError, match="not finite"):
        with_trained_weights(moons.experiment, broken, 3)


def test_data_files_are_found_from_where_the_preset_is_saved(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "and.csv").write_text("a,b,c\n0,0,0\n0,1,0\n1,0,0\n1,1,1\n")
    raw = presets.load(find("and")).model_dump(mode="json")
    raw["data"] = {"source": "csv", "path": "and.csv", "inputs": ["a", "b"], "targets": ["c"]}
    experiment = type(presets.load(find("and"))).model_validate(raw)
    folder = tmp_path / "data"
    problem, snapshot, _ = _recorded(build_problem(experiment, folder), 5)

    out = tmp_path / "trained.bpgui"
    KINDS["preset"].export(Trained(experiment, folder, problem, snapshot), out)

    again = presets.load(out)
    assert again.data.path == "data/and.csv"
    assert np.array_equal(build_problem(again, tmp_path).initial, snapshot.parameters)


def test_a_run_changed_by_hand_is_no_script(moons):
    snapshot = moons.snapshot
    stretches = changed(snapshot.stretches, 120, snapshot.settings, {0: 0.5})
    with pytest.raises(ExportError, match="changed by hand at iteration 120"):
        recipe_of("", moons.problem, replace(snapshot, stretches=stretches))
