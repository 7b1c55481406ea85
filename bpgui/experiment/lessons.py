"""What a lesson keeps from being changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Literal, TypeAlias

from bpgui.experiment.controls import NAMES, PANELS, PARAMETERS, SECTION_OF
from bpgui.experiment.errors import Problem
from bpgui.experiment.models import Experiment, Lesson
from bpgui.experiment.wording import one_of, shown

State: TypeAlias = Literal["shown", "locked", "hidden"]

# What a command would change, besides what its own name says.
CHANGES_OF_COMMAND: Mapping[str, tuple[str, ...]] = {
    "command.new_weights": ("initial_weights.seed",),
    "command.new_data": ("data.seed",),
    "command.import": ("data.source", "data.path"),
}
EXAMPLES = ("network", "training.l1", "panel.output", "command.speed")


def state_of(lesson: Lesson | None, name: str) -> State:
    """What a lesson makes of a control: its own state, or that of its section where that is
    stricter. A command is locked that would change what is locked or hidden."""
    if lesson is None:
        return "shown"
    names = {name, SECTION_OF.get(name, name)}
    if names & set(lesson.hidden):
        return "hidden"
    if names & set(lesson.locked):
        return "locked"
    changed = CHANGES_OF_COMMAND.get(name, ())
    return "locked" if any(state_of(lesson, place) != "shown" for place in changed) else "shown"


def lesson_of(states: Mapping[str, State], note: str) -> Lesson | None:
    """The lesson with these states of controls; None where it would do nothing."""
    locked, hidden = (
        tuple(name for name in NAMES if states.get(name) == state) for state in ("locked", "hidden")
    )
    return Lesson(locked=locked, hidden=hidden, note=note) if locked or hidden or note else None


def lockable(name: str) -> bool:
    """A panel is shown or hidden: what can be changed in it has a name of its own."""
    return name not in PANELS


def problems(lesson: Lesson) -> Iterator[Problem]:
    """Names that there are not, and those whose state makes no sense."""
    for field, names in (("locked", lesson.locked), ("hidden", lesson.hidden)):
        for i, name in enumerate(names):
            told = _unknown(name) or _misplaced(name, field, lesson)
            if told:
                yield Problem(f"lesson.{field}[{i}]", told)


def _unknown(name: str) -> str:
    if name in NAMES:
        return ""
    near = get_close_matches(name[:100], NAMES, 3, 0.7) or _with_last_word(name)
    hint = f"did you mean {_or(near)}?" if near else f"expected {one_of(EXAMPLES)} or their like"
    return f"this version has no control {shown(name)}; {hint}"


def _with_last_word(name: str) -> list[str]:
    """Names that end as this one: learning_rate for training.optimizer.learning_rate."""
    word = name.strip().lower().replace(" ", "_").replace("-", "_").rpartition(".")[2]
    return [known for known in NAMES if known.rpartition(".")[2] == word][:3]


def _or(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def _misplaced(name: str, field: str, lesson: Lesson) -> str:
    if field == "locked" and not lockable(name):
        return f'a panel can be hidden, not locked; to keep its values lock "{PARAMETERS}"'
    if field == "locked" and name in lesson.hidden:
        return "is hidden, too; expected one of the two"
    return ""


# --- what an edit would change --------------------------------------------------------------------

KEPT = "this lesson keeps it as it is"
_ABSENT = object()  # the value of a control that an experiment has no use for

Read: TypeAlias = Callable[[Experiment], Any]

_READ: Mapping[str, Read] = {
    "network.layers": lambda e: len(e.network.layers),
    "network.layers.units": lambda e: [layer.units for layer in e.network.layers],
    "network.layers.activation": lambda e: [layer.activation for layer in e.network.layers],
    "network.layers.bias": lambda e: [layer.bias for layer in e.network.layers],
    "data.reading": lambda e: {
        field: value for field, value in e.data if f"data.{field}" not in SECTION_OF
    },
    PARAMETERS: lambda e: e.training.frozen,
    "lesson": lambda e: e.lesson,
}
_OF_LAYERS = ("network.layers.units", "network.layers.activation", "network.layers.bias")
_OF_SHAPE = ("initial_weights.weights", "initial_weights.biases", PARAMETERS)


def breaches(old: Experiment, new: Experiment) -> list[Problem]:
    """What the lesson of `old` keeps as it is and an edit would change, the lesson itself included.

    Settings of layers where one is added or removed, and weights and frozen parameters where the
    network has another shape, only follow what was changed and are no breach.
    """
    lesson = old.lesson
    if lesson is None:
        return []
    kept = [name for name in (*SECTION_OF, PARAMETERS) if state_of(lesson, name) != "shown"]
    follows = _following(old, new)
    return [
        Problem(name, KEPT if name != "lesson" else "is in force; unlock it first")
        for name in (*kept, "lesson")
        if name not in follows and _differs(_value(old, name), _value(new, name))
    ]


def _following(old: Experiment, new: Experiment) -> set[str]:
    follows: set[str] = set()
    if len(old.network.layers) != len(new.network.layers):
        follows |= set(_OF_LAYERS)
    if _shape(old) != _shape(new):
        follows |= set(_OF_SHAPE)
    return follows


def _shape(e: Experiment) -> list[object]:
    layers = e.network.layers
    return [e.network.inputs, *((layer.units, layer.bias == "none") for layer in layers)]


def _value(e: Experiment, name: str) -> object:
    if name in _READ:
        return _READ[name](e)
    value: object = e
    for field in name.split("."):
        value = getattr(value, field, _ABSENT)
    return value


def _differs(old: object, new: object) -> bool:
    return old is not _ABSENT and new is not _ABSENT and old != new
