"""From a raw preset to an experiment, with pydantic's findings told in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bpgui.experiment import models
from bpgui.experiment.arrays import check_arrays, normalize_biases
from bpgui.experiment.errors import PresetError, Problem
from bpgui.experiment.fields import Model
from bpgui.experiment.migrations import Raw
from bpgui.experiment.rules import check_parts, parts_of
from bpgui.experiment.schema import expected, fragment, names
from bpgui.experiment.wording import place_of, shown, suggestion

Location = tuple[str | int, ...]
M = TypeVar("M", bound=Model)

UNIONS: tuple[Location, ...] = (("initial_weights",), ("data",), ("training", "optimizer"))
MOST = 200  # messages for one file

_STANDINS: Raw = {
    "network": {"inputs": 1, "layers": [{"units": 1}]},
    "initial_weights": {"scheme": "zeros"},
    "data": {"source": "inline", "inputs": [[0.0]], "targets": [0.0]},
    "loss": {},
    "training": {},
    "name": "",
    "description": "",
}


def validate(raw: Any, known: Iterable[Problem] = ()) -> models.Experiment:
    """The experiment that a raw preset of this version describes.

    Raises PresetError with everything that is wrong, and with the `known` problems, each place
    once.
    """
    problems = list(known)
    raw, found, broken = check_arrays(normalize_biases(raw))
    problems += found
    raw = {**raw, **{section: _STANDINS[section] for section in broken}}
    experiment, found, bad = _sections(raw)
    problems += found
    parts = parts_of(experiment, without=broken | bad)
    problems += check_parts(parts)
    if problems:
        raise PresetError(_once(problems))
    return experiment


def _sections(raw: Raw) -> tuple[models.Experiment, list[Problem], set[str]]:
    """The experiment with stand-ins for bad sections, what is wrong with them, and which they
    are."""
    try:
        return models.Experiment.model_validate(raw), [], set()
    except ValidationError as error:
        problems = explain(error)
        bad = {str(details["loc"][0]) for details in error.errors(include_url=False)}
    sound = {
        key: value
        for key, value in raw.items()
        if key in models.Experiment.model_fields and key not in bad
    }
    mended = {**sound, **{section: _STANDINS[section] for section in bad if section in _STANDINS}}
    return models.Experiment.model_validate(mended), problems, bad


def _once(problems: list[Problem]) -> list[Problem]:
    by_place = {problem.place: problem for problem in reversed(problems)}
    kept = [problem for problem in problems if by_place[problem.place] is problem]
    rest = len(kept) - MOST
    return [*kept[:MOST], Problem("", f"and {rest:,} more problems")] if rest > 0 else kept


def revised(model: M, at: Location, **changes: Any) -> M:
    """The model with some fields changed and checked; `at` is its location in the schema, tags
    included.

    Raises PresetError with the place of each refused field.
    """
    values = {name: getattr(model, name) for name in type(model).model_fields}
    try:
        return type(model).model_validate({**values, **changes})
    except ValidationError as error:
        raise PresetError(explain(error, at)) from None


def explain(error: ValidationError, at: Location = ()) -> list[Problem]:
    """Each finding of pydantic with its place in the file, in plain words, in the order of the
    file."""
    findings = error.errors(include_url=False)
    return [_problem(details, at) for details in findings if not _follows_from_its_entries(details)]


def _follows_from_its_entries(details: ErrorDetails) -> bool:
    """Whether a list is called too short only because its bad entries, which are told, do not
    count."""
    return details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]


def _problem(details: ErrorDetails, at: Location) -> Problem:
    location: Location = (*at, *details["loc"])
    tag = str(details.get("ctx", {}).get("discriminator", "")).strip("'")
    if tag:
        return _tag_problem(location, tag, details["input"])
    place = place_of(_without_tags(location))
    if details["type"] == "extra_forbidden":
        known = names(fragment(location[:-1]))
        hint = suggestion(location[-1], known) or f"; expected only {', '.join(known)}"
        return Problem(place, f"is not known here{hint}")
    part = fragment(location)
    if details["type"] == "missing":
        return Problem(place, f"is missing; expected {expected(part)}")
    given = details["input"]
    hint = suggestion(given, part.get("enum", ()))
    return Problem(place, f"expected {expected(part)}, got {_given(given, part)}{hint}")


def _given(value: Any, part: Mapping[str, Any]) -> str:
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        return f"{shown(value)}, which is no readable text"
    is_length = isinstance(value, str) and "maxLength" in part
    is_length |= isinstance(value, list | tuple) and part.get("type") == "array"
    return f"{len(value):,}" if is_length else shown(value)


def _tag_problem(location: Location, tag: str, given: Any) -> Problem:
    choices = names(fragment(location))
    place = place_of((*_without_tags(location), tag))
    right = f"expected one of {', '.join(choices)}"
    if not isinstance(given, dict):
        return Problem(
            place_of(_without_tags(location)),
            f'expected an object with a "{tag}", got {shown(given)}',
        )
    if tag not in given:
        return Problem(place, f"is missing; {right}")
    value = given[tag]
    return Problem(place, f"{right}, got {shown(value)}{suggestion(value, choices)}")


def _without_tags(location: Location) -> Location:
    """The location in the file: pydantic also names the branch of a union, right after the union's
    place."""
    for union in UNIONS:
        if location[: len(union)] == union and len(location) > len(union):
            return union + location[len(union) + 1 :]
    return location
