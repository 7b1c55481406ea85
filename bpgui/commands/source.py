"""From what stands for PRESET on the command line to an experiment and its problem."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from bpgui.commands.output import InputError, say_hint

if TYPE_CHECKING:
    from bpgui.engine.problem import Problem
    from bpgui.experiment.errors import PresetError
    from bpgui.experiment.models import Experiment


def find_preset(given: str, also: tuple[str, ...] = ()) -> Path:
    """The file of that name, or the built-in preset of that slug or name.

    `also` are other words that may have been meant. Raises InputError with what is near.
    """
    from bpgui.experiment.builtin import builtin

    presets = builtin()
    for preset in presets:
        if given.casefold() in (preset.slug.casefold(), preset.name.casefold()):
            return preset.path
    path = Path(given)
    if given and (_looks_like_a_file(given) or _exists(path)):
        return path
    names = {
        **{name.casefold(): name for name in also},
        **{preset.name.casefold(): preset.slug for preset in presets},
        **{preset.slug.casefold(): preset.slug for preset in presets},
    }
    near = get_close_matches(given.casefold()[:200], names, 1)
    hint = f"did you mean {names[near[0]]}?" if near else "`bpgui presets` lists the built-in ones"
    told = given or '""'
    raise InputError(f"{told}: there is neither a file nor a built-in preset of this name; {hint}")


def _looks_like_a_file(given: str) -> bool:
    return given.endswith(".json") or "/" in given or "\\" in given


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def load_experiment(given: str, path: Path) -> Experiment:
    """The experiment in the file. Raises InputError with every problem of the file."""
    from bpgui.experiment.errors import PresetError
    from bpgui.experiment.presets import load

    try:
        return load(path)
    except PresetError as error:
        raise _told(given, error) from None


def load_problem(given: str) -> tuple[str, Problem]:
    """The preset's name and its problem. Raises InputError with every problem of it."""
    from bpgui.experiment.building import build_problem
    from bpgui.experiment.errors import PresetError
    from bpgui.experiment.features import constant_features

    path = find_preset(given)
    experiment = load_experiment(given, path)
    try:
        problem = build_problem(experiment, path.parent)
    except PresetError as error:
        raise _told(given, error) from None
    for name in constant_features(problem):
        say_hint(
            f"{given}: the feature {name} is the same for all training samples and teaches nothing"
        )
    return experiment.name or path.stem, problem


def check_sample(given: str, problem: Problem, sample: int) -> None:
    """Raises InputError where there is no training sample with this index."""
    count = len(problem.train)
    if not 0 <= sample < count:
        there = "one training sample, 0" if count == 1 else f"the training samples 0 to {count - 1}"
        raise InputError(f"--sample {sample}: {given} has {there}")


def _told(given: str, error: PresetError) -> InputError:
    """One line per problem, each with the file and the place in it."""
    lines = []
    for problem in error.problems:
        place = "" if problem.place in ("", given, str(Path(given))) else f"{problem.place}: "
        lines.append(f"{given}: {place}{problem.message}")
    return InputError(*lines)
