"""From a CSV file to data of a preset and a network that learns them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bpgui.datasets.csv_survey import surveyed
from bpgui.datasets.errors import DataError
from bpgui.engine.descent import advance, initial_state
from bpgui.engine.evaluation import evaluate
from bpgui.experiment import edits, models, presets, sources
from bpgui.experiment.building import build_problem
from bpgui.experiment.csv_data import rows_estimated, without_stale
from bpgui.experiment.csv_import import (
    Choices,
    Imported,
    applied,
    chosen,
    format_for,
    import_csv,
    inputs_of,
    proposed,
    renewed,
)
from bpgui.experiment.errors import ChangedData, PresetError
from bpgui.experiment.sample_table import move_sample

FLOWERS = Path(__file__).parents[1] / "datasets" / "flowers.csv"


def imported(path: Path, written: str = "", **changes: object) -> Imported:
    survey = surveyed(path, format_for(path, None))
    choices = replace(proposed(survey), **changes)
    return import_csv(path, written or str(path), survey, choices)


def put(folder: Path, content: str) -> Path:
    path = folder / "data.csv"
    path.write_text(content)
    return path


def test_iris_is_learnt_by_what_is_set_up(experiment, tmp_path):
    made = imported(FLOWERS)
    problem = build_problem(applied(made, "Iris", None)(experiment))
    state, _ = advance(problem, initial_state(problem), 300)
    assert evaluate(problem, state.parameters).accuracy > 0.95
    assert (problem.loss, problem.network.layers[-1].activation) == ("cross_entropy", "softmax")


def test_what_was_imported_is_what_a_saved_preset_builds(experiment, tmp_path):
    (tmp_path / "flowers.csv").write_bytes(FLOWERS.read_bytes())
    made = imported(tmp_path / "flowers.csv", "flowers.csv")
    presets.save(tmp_path / "a.json", applied(made, "Iris", tmp_path)(experiment))
    problem = build_problem(presets.load(tmp_path / "a.json"), tmp_path)
    samples = [problem.train, problem.test]
    inputs = np.sort(np.vstack([part.inputs for part in samples]), axis=0)
    np.testing.assert_array_equal(inputs, np.sort(made.table.inputs, axis=0))
    assert len(problem.test) == 30


@pytest.mark.parametrize(
    ("content", "outputs", "activation", "loss"),
    [
        ("a,t\n1,yes\n2,no\n4,no\n", 1, "sigmoid", "binary_cross_entropy"),
        ("a,t\n1,x\n2,y\n4,z\n1,x\n", 3, "softmax", "cross_entropy"),
        ("a,t\n1,1.5\n2,250\n4,-7\n", 1, "identity", "half_squared_error"),
        ("a,class\n" + "2.5,1\n3,2\n4,3\n6,1\n" * 5, 3, "softmax", "cross_entropy"),
    ],
)
def test_the_output_fits_the_kind_of_target(
    experiment, tmp_path, content, outputs, activation, loss
):
    made = imported(put(tmp_path, content))
    changed = applied(made, "mine", None)(experiment)
    last = changed.network.layers[-1]
    assert (last.units, last.activation, changed.loss.name) == (outputs, activation, loss)
    problem = build_problem(changed)
    before = evaluate(problem, problem.initial).loss
    state, _ = advance(problem, initial_state(problem), 200)
    assert evaluate(problem, state.parameters).loss < before


def test_a_network_that_stays_follows_the_data(experiment, tmp_path):
    survey = surveyed(FLOWERS, format_for(FLOWERS, None))
    choices = replace(proposed(survey), set_up=False)
    made = import_csv(FLOWERS, str(FLOWERS), survey, choices, outputs=2)
    changed = applied(made, "Iris", None)(experiment)
    assert (changed.network.inputs, [layer.units for layer in changed.network.layers]) == (
        4,
        [2, 3],
    )
    assert changed.training == experiment.training
    assert build_problem(changed).train.targets.shape == (120, 3)


def test_few_samples_travel_in_the_preset(experiment, tmp_path):
    path = put(tmp_path, "a,b,t\n1,2,x\n3,4,y\n5,9,z\n")
    made = imported(path, inline=True, scaling="range")
    assert made.data == sources.Inline(
        inputs=((0.0, 0.0), (0.5, 2 / 7), (1.0, 1.0)),
        targets=(0.0, 1.0, 2.0),
        names=("a", "b"),
        classes=("x", "y", "z"),
    )
    path.unlink()
    changed = applied(made, "", None)(experiment)
    problem = build_problem(presets.loads(presets.dumps(changed)))
    assert (len(problem.train), problem.classes) == (3, ("x", "y", "z"))
    moved = build_problem(move_sample(changed, 0, (1, 1)))
    assert (moved.classes, moved.input_names) == (("x", "y", "z"), ("a", "b"))


def test_looking_again_begins_with_what_the_preset_says(tmp_path):
    path = put(tmp_path, "a,b,t\n1,,x\n3,4,y\n5,9,z\n2,3,x\n")
    made = imported(path, missing="median", test_fraction=0.25, seed=8)
    survey = surveyed(path, format_for(path, made.data))
    assert chosen(made.data, survey) == replace(made.choices, set_up=False)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,t\n1,red\n2,red\n4,red\n", "every sample is of the class 'red'"),
        ("a,t\n1,2\n3,inf\n5,7.5\n", "line 3, column t: 'inf' is not a finite number"),
        ("a,t\nfive,2\n3,4\n5,7.5\n", "line 2, column a: 'five' is no number"),
    ],
)
def test_nothing_is_half_imported(tmp_path, content, message):
    path = put(tmp_path, content)
    survey = surveyed(path, format_for(path, None))
    red = "red" in content
    choices = Choices(survey.format, ("input", "target"), classes=red)
    with pytest.raises(DataError, match=message):
        import_csv(path, "data.csv", survey, choices)


def test_a_changed_file_is_refused_until_it_is_taken_as_it_is(experiment, tmp_path):
    path = put(tmp_path, "a,t\n1,x\n2,y\n4,x\n5,y\n")
    changed = applied(imported(path, "data.csv"), "", tmp_path)(experiment)
    put(tmp_path, "a,t\n1,x\n2,y\n4,x\n5,z\n")
    with pytest.raises(ChangedData, match="has changed since it was chosen: 'z' is none of"):
        build_problem(changed, tmp_path)
    data = renewed(changed.data, tmp_path, 1)
    assert data.classes == ("x", "y", "z")
    assert data.checksum != changed.data.checksum
    assert len(build_problem(edits.set_data(changed, data, tmp_path), tmp_path).train) == 4


def test_a_preset_by_hand_may_leave_the_numbers_out(experiment, tmp_path):
    put(tmp_path, "a;b;t\n1,5;2;low\n3,5;NA;high\n5,5;6;low\n")
    data = sources.Csv(
        path="data.csv",
        inputs=("a", "b"),
        targets=("t",),
        decimal=",",
        missing=sources.Missing(policy="mean", markers=("NA",)),
        classes=("low", "high"),
        scaling=sources.Scaling(method="range"),
    )
    raw = experiment.model_copy(update={"data": data})
    problem = build_problem(presets.loads(presets.dumps(raw)), tmp_path)
    np.testing.assert_array_equal(problem.train.inputs, [[0, 0], [0.5, 0.5], [1, 1]])
    np.testing.assert_array_equal(problem.train.targets, [[1, 0], [0, 1], [1, 0]])


def test_all_that_does_not_fit_is_told(experiment):
    data = sources.Csv(
        path="a.csv",
        inputs=("a", "b"),
        targets=("s", "t"),
        delimiter=",",
        decimal=",",
        classes=("x", "y", "x"),
        scaling=sources.Scaling(method="range", offset=(1.0,), scale=(1.0, 2.0)),
        target_scaling=sources.Scaling(method="range", offset=(1.0, 2.0)),
    )
    with pytest.raises(PresetError) as caught:
        presets.dumps(experiment.model_copy(update={"data": data}))
    assert {problem.place for problem in caught.value.problems} == {
        "data.decimal",
        "data.classes",
        "data.classes[2]",
        "data.scaling.offset",
        "data.target_scaling",
        "network.layers[1].units",
    }


def test_a_wrong_field_is_told_with_what_would_be_right(raw, refusal):
    raw["data"] = {
        "source": "csv",
        "path": "a.csv",
        "inputs": ["a", "b"],
        "targets": ["t"],
        "decimal": "point",
        "delimiter": "&",
        "missing": {"policy": "ignore"},
        "scaling": {"method": "standardise"},
        "classes": ["one"],
    }
    assert refusal(raw) == {
        "data.decimal": 'expected one of ".", ",", got "point"',
        "data.delimiter": r'expected one of ",", ";", "\t", "|", " " or null, got "&"',
        "data.missing.policy": 'expected one of refuse, drop, mean, median, got "ignore"',
        "data.scaling.method": (
            'expected one of standardize, range, got "standardise"; did you mean standardize?'
        ),
        "data.classes": "expected a list of 2 to 1000 entries or null, got a list",
    }


@pytest.mark.parametrize("lines", [1, 20, 30_000])
def test_the_number_of_rows_is_estimated_on_the_high_side(tmp_path, lines):
    path = put(tmp_path, "a,t\n" + "".join(f"{i % 1000 / 7:.4f},{i}\n" for i in range(lines)))
    assert lines <= rows_estimated(path) <= 2 * lines + 1
    assert rows_estimated(tmp_path) == rows_estimated(tmp_path / "gone") == 0


# --- text as inputs -----------------------------------------------------------------------------

SHAPES = "size,color,t\n" + "1,red,x\n9,blue,y\n2,red,x\n8,green,y\n" * 3
SPREAD = ("size", "color = blue", "color = green", "color = red")


def test_text_becomes_inputs_that_the_preset_names(experiment, tmp_path):
    made = imported(put(tmp_path, SHAPES), "data.csv")
    assert made.data.categories == (
        sources.Categories(column="color", values=("blue", "green", "red")),
    )
    assert made.data.scaling.offset[1:] == (0.0, 0.0, 0.0)
    changed = applied(made, "shapes", tmp_path)(experiment)
    assert changed.network.inputs == 4
    text = presets.dumps(changed)
    assert '"categories": [\n      {"column": "color", "values": ["blue", "green", "red"]}' in text
    problem = build_problem(presets.loads(text), tmp_path)
    assert problem.input_names == SPREAD
    seen = np.vstack([problem.train.inputs, problem.test.inputs])
    assert np.sort(seen[:, 1:].sum(axis=0)).tolist() == [3.0, 3.0, 6.0]
    state, _ = advance(problem, initial_state(problem), 200)
    assert evaluate(problem, state.parameters).accuracy == 1.0


def test_looking_again_finds_the_same_categories(tmp_path):
    path = put(tmp_path, SHAPES)
    made = imported(path)
    survey = surveyed(path, format_for(path, made.data))
    assert chosen(made.data, survey) == replace(
        made.choices, set_up=False, categories=frozenset(["color"])
    )
    assert inputs_of(survey, made.choices) == SPREAD


def test_numbers_that_a_preset_takes_for_categories_stay_so(tmp_path):
    path = put(tmp_path, "month,t\n" + "1,x\n2,y\n10,x\n2,y\n" * 3)
    months = sources.Categories(column="month", values=("1", "2", "10"))
    data = sources.Csv(path=str(path), inputs=("month",), targets=("t",), categories=(months,))
    survey = surveyed(path, format_for(path, data))
    choices = chosen(data, survey)
    assert inputs_of(survey, choices) == ("month = 1", "month = 2", "month = 10")
    made = import_csv(path, str(path), survey, choices, outputs=2, former=data)
    assert made.data.categories == (months,)
    assert made.table.inputs[:3].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_features_go_with_their_category(experiment, tmp_path):
    path = put(tmp_path, SHAPES)
    made = applied(imported(path, "data.csv"), "", tmp_path)(experiment)
    featured = edits.set_features(made, ("x1*x4", "x1*x2", "x3"), tmp_path)
    put(tmp_path, SHAPES.replace("blue", "red"))
    data = renewed(featured.data, tmp_path, 1)
    assert data.categories[0].values == ("green", "red")
    assert data.features == ("x1*x3", "x2")
    assert edits.set_data(featured, data, tmp_path).network.inputs == 2


def test_a_value_that_no_category_knows_is_told_with_its_row(experiment, tmp_path):
    put(tmp_path, SHAPES + "3,pink,x\n")
    colors = sources.Categories(column="color", values=("red", "blue", "green"))
    data = sources.Csv(
        path="data.csv", inputs=("size", "color"), targets=("t",), categories=(colors,)
    )
    made = experiment.model_copy(
        update={
            "data": data,
            "network": experiment.network.model_copy(update={"inputs": 4}),
            "initial_weights": models.Zeros(),
        }
    )
    told = r"line 14, column color: 'pink' is none of the categories red, blue, green"
    with pytest.raises(PresetError, match=told):
        build_problem(made, tmp_path)


def test_columns_that_are_chosen_anew_keep_what_is_theirs(tmp_path):
    color, shape = (sources.Categories(column=name, values=("a", "b")) for name in ("color", "b"))
    before = sources.Csv(
        path="data.csv",
        inputs=("size", "color", "b"),
        targets=("t",),
        categories=(color, shape),
        features=("x1^2", "x3*x4", "x5"),
    )
    after = without_stale(before.model_copy(update={"inputs": ("b", "size")}), "inputs", before)
    assert (after.categories, after.features) == ((shape,), ("x3^2", "x2"))


@pytest.mark.parametrize(
    ("categories", "place", "message"),
    [
        (
            [{"column": "colour", "values": ["a", "b"]}],
            "data.categories[0].column",
            'expected one of the inputs, got "colour"; did you mean color?',
        ),
        (
            [{"column": "color", "values": ["a", "b"]}] * 2,
            "data.categories[1].column",
            '"color" is named twice; expected once',
        ),
        (
            [{"column": "color", "values": ["a", "b", "a"]}],
            "data.categories[0].values[2]",
            '"a" is named twice; expected once',
        ),
        (
            [{"column": "color", "values": ["a"]}],
            "data.categories[0].values",
            "expected a list of 2 to 20 entries, got 1",
        ),
        (
            [{"column": "color", "values": [str(i) for i in range(21)]}],
            "data.categories[0].values",
            "expected a list of 2 to 20 entries, got 21",
        ),
        ({"color": ["a", "b"]}, "data.categories", "expected a list, got an object"),
    ],
)
def test_wrong_categories_are_told_with_their_place(raw, refusal, categories, place, message):
    raw["data"] = {
        "source": "csv",
        "path": "a.csv",
        "inputs": ["size", "color"],
        "targets": ["t"],
        "categories": categories,
    }
    assert refusal(raw)[place] == message
