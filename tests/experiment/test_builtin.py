"""The presets that come with bpgui load, fit the schema, show the published digits and learn."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from bpgui.engine.descent import Descent, initial_state
from bpgui.engine.evaluation import evaluate, predict
from bpgui.experiment import edits, presets, schema
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import builtin, find
from bpgui.experiment.errors import PresetError
from bpgui.experiment.lessons import breaches
from bpgui.paths import resources

SLUGS = [preset.slug for preset in builtin()]
GROUPS = [
    "Worked examples",
    "Batch, mini-batch, online",
    "Activations",
    "Classes",
    "Curves and surfaces",
    "Handwritten digits",
    "Find the fault",
    "Lessons",
]


def train(slug, iterations=10**6):
    problem = build_problem(presets.load(find(slug)))
    state, trace = Descent(problem).advance(initial_state(problem), iterations)
    return problem, state, trace


# --- the list ---------------------------------------------------------------------------------


def test_every_file_is_listed_once():
    files = {path.stem for path in (resources() / "presets").glob("*.json")} - {"index"}
    assert len(SLUGS) == len(set(SLUGS))
    assert set(SLUGS) == files
    assert list(dict.fromkeys(preset.group for preset in builtin())) == GROUPS
    assert SLUGS[0] == "two-inputs-fixed-biases"


def test_presets_are_found_by_name_or_path(tmp_path, monkeypatch):
    assert find("xor-numpy") == resources() / "presets" / "xor-numpy.json"
    assert find("some/where.json") == Path("some/where.json")
    assert find("where.json") == Path("where.json")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").write_text("{}")
    assert find("mine") == Path("mine")
    with pytest.raises(PresetError, match='no file "xor-nmpy"; did you mean xor-numpy\\?'):
        find("xor-nmpy")
    with pytest.raises(PresetError, match="`bpgui presets` lists the built-in ones"):
        find("qqqq")


def test_listing_needs_no_numpy():
    code = (
        "import sys; from bpgui.experiment.builtin import builtin; print(len(builtin())); "
        "assert not {'numpy', 'pydantic'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_builtin_is_sound(slug):
    preset = next(preset for preset in builtin() if preset.slug == slug)
    text = preset.path.read_text(encoding="utf-8")
    experiment = presets.loads(text)
    assert presets.dumps(experiment) == text
    jsonschema.Draft202012Validator(schema.preset_schema()).validate(json.loads(text))
    assert (experiment.name, experiment.description) == (preset.name, preset.description)
    assert 2 <= experiment.description.count(". ") + experiment.description.count("? ") + 1 <= 4
    assert experiment.training.stop.max_epochs is not None
    problem, state, trace = train(slug, 5)
    assert state.iteration == 5
    assert trace.ended is None
    assert np.isfinite(evaluate(problem, state.parameters).loss)


def test_the_schema_file_is_current():
    schema_file = resources() / "preset.schema.json"
    assert schema_file.read_text(encoding="utf-8") == schema.text(), (
        "run `python -m bpgui.experiment.schema`"
    )
    jsonschema.Draft202012Validator.check_schema(json.loads(schema.text()))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), 2),
        (("network", "inputs"), 0),
        (("network", "layers"), []),
        (("initial_weights",), {"low": 0}),
        (("training", "optimizer"), {"name": "sgd", "momentum": 1}),
        (("data", "inputs"), [["a"]]),
        (("extra",), 1),
    ],
)
def test_the_schema_refuses_what_loading_refuses(raw, path, value, refusal):
    part = raw
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    assert refusal(raw)
    assert list(jsonschema.Draft202012Validator(schema.preset_schema()).iter_errors(raw))


def test_the_files_of_version_1_fit_the_schema():
    validator = jsonschema.Draft202012Validator(schema.preset_schema())
    for path in (Path(__file__).parents[1] / "presets_v1").glob("*.json"):
        validator.validate(json.loads(path.read_text(encoding="utf-8")))


# --- published digits -------------------------------------------------------------------------


def test_two_inputs_show_the_published_digits():
    problem, state, _ = train("two-inputs-fixed-biases", 1)
    assert evaluate(problem, problem.initial).loss == pytest.approx(0.2983711087600027, rel=1e-12)
    assert evaluate(problem, state.parameters).loss == pytest.approx(0.29102777369359933, rel=1e-12)
    first, second = problem.network.weights(state.parameters)
    right = [[0.1497807161327628, 0.19956143226552567], [0.24975114363236958, 0.29950228726473915]]
    np.testing.assert_allclose(first, right, rtol=1e-12)
    right = [[0.35891647971788465, 0.4086661860762334], [0.5113012702387375, 0.5613701211079891]]
    np.testing.assert_allclose(second, right, rtol=1e-12)
    problem, state, trace = train("two-inputs-fixed-biases")
    assert (state.iteration, trace.ended) == (10000, "max_epochs")
    assert evaluate(problem, state.parameters).loss == pytest.approx(
        3.510187782978859e-05, rel=1e-9
    )
    outputs = predict(problem, state.parameters, problem.train.inputs)
    np.testing.assert_allclose(outputs, [[0.01591362044355068, 0.9840642735146238]], rtol=1e-9)


def test_trained_biases_learn_faster():
    fixed, trained = (
        evaluate(problem, state.parameters).loss
        for problem, state, _ in (
            train(f"two-inputs-{kind}-biases", 1000) for kind in ("fixed", "trained")
        )
    )
    assert trained < fixed / 3


@pytest.mark.parametrize(
    ("epochs", "error"),
    [
        (0, 0.6467652820681169),
        (1, 0.31313370480010705),
        (1000, 0.09704232112044603),
        (10000, 0.0005313728231286779),
    ],
)
def test_xor_shows_the_published_errors(epochs, error):
    problem, state, _ = train("xor-numpy", epochs)
    mean_squared = evaluate(problem, state.parameters).loss * 2 / 4
    assert mean_squared == pytest.approx(error, rel=1e-9)


def test_the_chain_shows_the_published_digits():
    problem, state, trace = train("chain-of-three")
    assert (state.iteration, trace.ended) == (320, "max_epochs")
    weights = [0.26834251180335367, 0.2681246232434451, -0.5366628787432715]
    np.testing.assert_allclose(state.parameters, weights, rtol=1e-9)
    output = predict(problem, state.parameters, np.array([[1.0]]))
    np.testing.assert_allclose(output, [[-0.038612483512720945]], rtol=1e-9)
    assert evaluate(problem, state.parameters).accuracy == 1.0


def test_the_random_classes_are_those_of_the_text():
    problem = build_problem(presets.load(find("random-classes")))
    layers = [(layer.inputs, layer.units, layer.activation) for layer in problem.network.layers]
    assert layers == [(20, 13, "relu"), (13, 8, "sigmoid"), (8, 3, "softmax")]
    assert [layer.bias for layer in problem.network.layers] == ["none", "none", "trained"]
    assert problem.train.inputs.shape == (500, 20)
    assert 90 < problem.train.inputs.max() < 100
    assert problem.loss == "cross_entropy"


# --- families and learning --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slugs", "differ"),
    [
        (("batch-full", "batch-mini", "batch-online"), lambda e: e.training.batch_size),
        (
            ("activation-sigmoid", "activation-tanh", "activation-relu"),
            lambda e: tuple(layer.activation for layer in e.network.layers[:-1]),
        ),
    ],
)
def test_a_family_differs_in_one_thing_alone(slugs, differ):
    family = [presets.load(find(slug)) for slug in slugs]
    assert len({differ(experiment) for experiment in family}) == 3
    texts = {"name": "", "description": ""}
    same_batch = [
        e.model_copy(
            update={
                **texts,
                "training": e.training.model_copy(update={"batch_size": None}),
                "network": e.network.model_copy(
                    update={
                        "layers": tuple(
                            layer.model_copy(update={"activation": "tanh"})
                            if layer is not e.network.layers[-1]
                            else layer
                            for layer in e.network.layers
                        )
                    }
                ),
            }
        )
        for e in family
    ]
    assert same_batch[0] == same_batch[1] == same_batch[2]


def test_smaller_batches_need_fewer_epochs():
    epochs = []
    for slug in ("batch-full", "batch-mini", "batch-online"):
        problem, state, trace = train(slug)
        assert trace.ended == "loss_below"
        epochs.append(state.iteration / problem.batches_per_epoch)
    assert epochs[0] > 3 * epochs[1] > 3 * epochs[2]


ACCURACY = {  # on test samples, else on those trained on
    "activation-sigmoid": 0.98,
    "activation-tanh": 0.98,
    "activation-relu": 0.98,
    "and": 1.0,
    "or": 1.0,
    "xor": 1.0,
    "gauss": 0.98,
    "circle": 0.98,
    "circle-squares": 0.98,
    "xor-quadrants": 0.95,
    "moons": 0.98,
    "spiral": 0.95,
    "spiral-sines": 0.95,
    "xor-product": 0.98,
    "digits-one-layer": 0.94,
    "digits-hidden": 0.96,
    "digits-accurate": 0.96,
}
LOSS = {"sine": 0.005, "plane": 1e-4, "multi-gauss": 0.01}


@pytest.mark.parametrize("slug", ACCURACY)
def test_classes_are_learned(slug):
    problem, state, _ = train(slug)
    reached = evaluate(problem, state.parameters)
    accuracy = reached.accuracy if reached.test_accuracy is None else reached.test_accuracy
    assert accuracy >= ACCURACY[slug]


@pytest.mark.parametrize("slug", LOSS)
def test_curves_and_surfaces_are_learned(slug):
    problem, state, _ = train(slug)
    assert evaluate(problem, state.parameters).test_loss < LOSS[slug]


# --- lessons --------------------------------------------------------------------------------------


def test_the_lesson_on_the_learning_rate_shows_what_it_says():
    lesson = presets.load(find("lesson-learning-rate"))
    losses = []
    for rate in (0.003, 0.3, 10.0, 100.0):
        changed = edits.set_hyperparameter(lesson, "learning_rate", rate)
        assert breaches(lesson, changed) == []
        problem = build_problem(changed)
        state, _ = Descent(problem).advance(initial_state(problem), 10**6)
        assert state.iteration == 300
        losses.append(evaluate(problem, state.parameters).loss)

    assert losses[0] > 0.6 > 0.2 > losses[1] > 0.1 > 0.01 > losses[2]
    assert losses[3] > 5


def test_the_lesson_on_units_shows_what_it_says():
    lesson = presets.load(find("lesson-units"))
    reached = []
    for units in (1, 2, 4):
        changed = edits.set_units(lesson, 0, units)
        assert breaches(lesson, changed) == []
        problem = build_problem(changed)
        state, _ = Descent(problem).advance(initial_state(problem), 10**6)
        reached.append(evaluate(problem, state.parameters).accuracy)

    assert reached[0] < 0.75 < reached[1] < 0.9 < 0.98 < reached[2]
