"""Lessons: names that a file may give, and what a lesson keeps from being changed."""

from __future__ import annotations

import json

import pytest

from bpgui.experiment import edits, models, presets, sources
from bpgui.experiment.builtin import find
from bpgui.experiment.changes import Change, classify
from bpgui.experiment.controls import NAMES, PANELS, SECTION_OF, SECTIONS
from bpgui.experiment.errors import PresetError
from bpgui.experiment.lessons import breaches, lesson_of, state_of
from bpgui.experiment.models import Experiment, Lesson
from bpgui.experiment.sources import Inline


def with_lesson(slug: str, **lesson: object) -> Experiment:
    experiment = presets.load(find(slug))
    return experiment.model_copy(update={"lesson": Lesson.model_validate(lesson)})


def refused(lesson: object) -> list[str]:
    raw = json.loads(presets.dumps(presets.load(find("spiral"))))
    with pytest.raises(PresetError) as caught:
        presets.loads(json.dumps({**raw, "lesson": lesson}))
    return [str(problem) for problem in caught.value.problems]


# --- files ----------------------------------------------------------------------------------------


def test_a_lesson_is_saved_and_one_that_is_not_there_takes_no_room():
    taught = with_lesson("spiral", locked=["data"], hidden=["panel.graph"], note="Look.")

    assert presets.loads(presets.dumps(taught)) == taught
    assert "lesson" not in presets.dumps(taught.model_copy(update={"lesson": None}))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("network.layer.units", "did you mean network.layers.units, network.layers or"),
        ("Learning rate", "did you mean training.optimizer.learning_rate?"),
        ("panel.outputs", "did you mean panel.output?"),
        ("zzz", "expected one of network, training.l1, panel.output, command.speed or their like"),
    ],
)
def test_a_name_that_is_not_known_is_told_with_those_near_to_it(name, told):
    (problem,) = refused({"hidden": ["data", name]})

    start = f'lesson.hidden[1]: this version has no control "{name}"; '
    assert problem.startswith(start + told)


def test_all_that_is_wrong_with_a_lesson_is_told_at_once():
    assert refused({"locked": ["panel.loss", "stop", 3], "hidden": ["stop"], "nte": ""}) == [
        "lesson.locked[2]: expected a name such as about, network, initial_weights, got 3",
        "lesson.nte: is not known here; did you mean note?",
    ]
    assert refused({"locked": ["panel.loss", "stop"], "hidden": ["stop"]}) == [
        'lesson.locked[0]: a panel can be hidden, not locked; to keep its values lock "parameters"',
        "lesson.locked[1]: is hidden, too; expected one of the two",
    ]


def test_a_lesson_does_not_touch_the_run():
    old = presets.load(find("spiral"))
    new = with_lesson("spiral", hidden=["network"])

    assert classify(old, new) is Change.TEXT


# --- states ---------------------------------------------------------------------------------------


def test_fields_follow_their_section_and_commands_what_they_would_change():
    lesson = Lesson(locked=("data", "initial_weights.seed", "loss.name"), hidden=("loss",))

    states = {
        "data": "locked",
        "data.noise": "locked",
        "command.import": "locked",
        "initial_weights": "shown",
        "initial_weights.std": "shown",
        "command.new_weights": "locked",
        "loss.name": "hidden",
        "panel.loss": "shown",
        "command.run": "shown",
    }
    assert {name: state_of(lesson, name) for name in states} == states
    assert {state_of(None, name) for name in NAMES} == {"shown"}


def test_a_lesson_is_made_of_states_and_none_of_none():
    states = {"data": "locked", "panel.why": "hidden", "loss": "shown"}

    assert lesson_of(states, "") == Lesson(locked=("data",), hidden=("panel.why",))
    assert lesson_of({"data": "shown"}, "") is None


def test_every_field_of_a_preset_has_a_name():
    training = {
        f"training.{name}" for name in models.Training.model_fields if name not in CONTAINERS
    }
    stop = {f"training.stop.{name}" for name in models.Stop.model_fields}
    optimizers = {
        f"training.optimizer.{name}"
        for kind in edits.OPTIMIZERS.values()
        for name in kind.model_fields
    }
    schemes = {
        f"initial_weights.{name}"
        for kind in (models.Manual, *edits.SCHEMES.values())
        for name in kind.model_fields
    }
    loss = {f"loss.{name}" for name in models.Loss.model_fields}
    layers = {f"network.layers.{name}" for name in models.Layer.model_fields}

    assert training | stop | optimizers | schemes | loss | layers <= set(SECTION_OF)
    assert len(NAMES) == len(set(NAMES))


CONTAINERS = {"optimizer", "stop", "frozen"}  # frozen goes by the name parameters


# --- what is kept ---------------------------------------------------------------------------------

EDITS = {
    "name": lambda e: edits.set_text(e, "name", "Another"),
    "description": lambda e: edits.set_text(e, "description", "Another"),
    "network.layers.units": lambda e: edits.set_units(e, 0, 7),
    "network.layers.activation": lambda e: edits.set_activation(e, 0, "relu"),
    "network.layers.bias": lambda e: edits.set_bias(e, 0, "none"),
    "network.layers": lambda e: edits.add_layer(e, 1),
    "initial_weights.seed": lambda e: edits.new_seed(e, 99),
    "initial_weights.scheme": lambda e: edits.set_scheme(e, "zeros"),
    "initial_weights.bias": lambda e: edits.set_initial(e, "bias", 0.5),
    "data.noise": lambda e: edits.set_data(e, e.data.model_copy(update={"noise": 0.3})),
    "data.source": lambda e: edits.set_data(
        e, Inline(inputs=((0.0, 1.0), (1.0, 0.0)), targets=(0.0, 1.0))
    ),
    "loss.reduction": lambda e: edits.set_reduction(e, "sum"),
    "training.optimizer.name": lambda e: edits.set_optimizer(e, "sgd"),
    "training.optimizer.learning_rate": lambda e: edits.set_hyperparameter(e, "learning_rate", 0.3),
    "training.l1": lambda e: edits.set_training(e, "l1", 0.1),
    "training.batch_size": lambda e: edits.set_training(e, "batch_size", 7),
    "training.stop.max_epochs": lambda e: edits.set_stop(e, "max_epochs", 3),
    "training.fault": lambda e: edits.set_training(e, "fault", "half_lost"),
    "parameters": lambda e: edits.set_frozen(e, "w(1)[1,1]", True),
}


@pytest.mark.parametrize("state", ["locked", "hidden"])
@pytest.mark.parametrize("name", EDITS)
def test_what_is_kept_cannot_be_changed_by_any_edit(name, state):
    free = with_lesson("spiral")
    kept = with_lesson("spiral", **{state: [name]})
    change = EDITS[name]

    assert breaches(free, change(free)) == []
    assert name in [problem.place for problem in breaches(kept, change(kept))]
    others = [edit for other, edit in EDITS.items() if not _same_matter(name, other)]
    assert [problem for edit in others for problem in breaches(kept, edit(kept))] == []


def _same_matter(name: str, other: str) -> bool:
    """Another optimizer has another learning rate, other samples have another source and so on."""
    part = name.rpartition(".")[0] or name
    return name == other or (other in EDITS and part == other.rpartition(".")[0])


def test_a_section_keeps_all_its_fields():
    for name, change in EDITS.items():
        if name in SECTION_OF:
            kept = with_lesson("spiral", locked=[SECTION_OF[name]])
            assert name in [problem.place for problem in breaches(kept, change(kept))]


def test_weights_follow_a_network_that_may_be_changed():
    kept = with_lesson("two-inputs-fixed-biases", locked=["initial_weights", "parameters"])

    assert breaches(kept, edits.set_units(kept, 0, 3)) == []
    assert breaches(kept, edits.add_layer(kept, 0)) == []
    assert [str(problem) for problem in breaches(kept, edits.new_seed(kept, 3))] == [
        "initial_weights.weights: this lesson keeps it as it is"
    ]


def test_how_a_csv_file_is_read_is_kept_with_the_data():
    data = sources.Csv(path="a.csv", inputs=("a", "b"), targets=("c",))
    kept = with_lesson("spiral", hidden=["data"]).model_copy(update={"data": data})
    other = kept.model_copy(update={"data": data.model_copy(update={"decimal": ","})})

    assert [problem.place for problem in breaches(kept, other)] == ["data.reading"]


def test_the_lesson_itself_is_kept():
    kept = with_lesson("spiral", hidden=["stop"])

    problems = breaches(kept, kept.model_copy(update={"lesson": None}))
    assert [problem.place for problem in problems] == ["lesson"]


def test_sections_and_panels_share_no_name():
    assert not set(PANELS) & set(SECTIONS)
