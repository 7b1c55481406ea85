"""From a raw preset to an experiment, with all that is wrong told in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from bpgui.experiment import models
from bpgui.experiment.arrays import check_arrays, normalize_biases
from bpgui.experiment.errors import PresetError, Problem
from bpgui.experiment.kinds import Finding, Location
from bpgui.experiment.migrations import Raw
from bpgui.experiment.model import Model, ModelError
from bpgui.experiment.rules import check_parts, parts_of
from bpgui.experiment.schema import expected, fragment, names
from bpgui.experiment.wording import place_of, shown, suggestion

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
    except ModelError as error:
        problems = explain(error.findings)
        bad = {str(finding.at[0]) for finding in error.findings}
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
    except ModelError as error:
        raise PresetError(explain(error.findings, at)) from None


def explain(findings: Iterable[Finding], at: Location = ()) -> list[Problem]:
    """Each finding with its place in the file, in plain words."""
    return [_problem(finding, (*at, *finding.at)) for finding in findings]


def _problem(finding: Finding, at: Location) -> Problem:
    if finding.fault == "tag":
        return _tag_problem(at, finding.tag, finding.given)
    place = place_of(_without_tags(at))
    if finding.fault == "unknown":
        known = names(fragment(at[:-1]))
        hint = suggestion(at[-1], known) or f"; expected only {', '.join(known)}"
        return Problem(place, f"is not known here{hint}")
    part = fragment(at)
    if finding.fault == "missing":
        return Problem(place, f"is missing; expected {expected(part)}")
    hint = suggestion(finding.given, part.get("enum", ()))
    return Problem(place, f"expected {expected(part)}, got {_given(finding.given, part)}{hint}")


def _given(value: Any, part: Mapping[str, Any]) -> str:
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        return f"{shown(value)}, which is no readable text"
    is_length = isinstance(value, str) and "maxLength" in part
    is_length |= isinstance(value, list | tuple) and part.get("type") == "array"
    return f"{len(value):,}" if is_length else shown(value)


def _tag_problem(at: Location, tag: str, given: dict[str, Any]) -> Problem:
    choices = names(fragment(at))
    place = place_of((*_without_tags(at), tag))
    right = f"expected one of {', '.join(choices)}"
    if tag not in given:
        return Problem(place, f"is missing; {right}")
    value = given[tag]
    return Problem(place, f"{right}, got {shown(value)}{suggestion(value, choices)}")


def _without_tags(location: Location) -> Location:
    """The location in the file: that of a finding also names which kind of object stands at a
    place, right after the place."""
    for union in UNIONS:
        if location[: len(union)] == union and len(location) > len(union):
            return union + location[len(union) + 1 :]
    return location
