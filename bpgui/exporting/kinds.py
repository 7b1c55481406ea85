"""What a run can be exported as: one row for each, with the files it is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bpgui.engine.problem import Problem
from bpgui.experiment.data_paths import rebased
from bpgui.experiment.models import Experiment
from bpgui.exporting.numpy_script import numpy_script
from bpgui.exporting.recipe import Recipe, recipe_of
from bpgui.exporting.recorded import Course
from bpgui.exporting.run_record import MOST_COLUMNS, parameter_table, run_archive, run_csv
from bpgui.exporting.scripts import Script
from bpgui.exporting.tables import csv_of
from bpgui.exporting.torch_script import torch_script
from bpgui.exporting.trained import preset_bytes, with_trained_weights
from bpgui.exporting.writing import data_path, write, write_script
from bpgui.training.snapshot import Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """An experiment, the folder where its data paths begin, where its run has come to, and if that
    is known, on which course."""

    experiment: Experiment
    folder: Path | None
    problem: Problem
    snapshot: Snapshot
    course: Course | None = None

    @property
    def name(self) -> str:
        return self.experiment.name


Export: TypeAlias = Callable[[Trained, Path], None]


def _script(make: Callable[[Recipe, str], Script]) -> Export:
    def export(trained: Trained, path: Path) -> None:
        recipe = recipe_of(trained.name, trained.problem, trained.snapshot)
        script = make(recipe, data_path(path).name)
        write_script(path, script.text, script.data)

    return export


def _run(trained: Trained, path: Path) -> None:
    if path.suffix.lower() == ".csv":
        write(path, run_csv(trained.problem, trained.snapshot, trained.course))
    else:
        write(path, run_archive(trained.problem, trained.snapshot, trained.course))


def _parameters(trained: Trained, path: Path) -> None:
    write(path, csv_of(parameter_table(trained.problem.network, trained.snapshot)))


def _preset(trained: Trained, path: Path) -> None:
    snapshot = trained.snapshot
    found = with_trained_weights(trained.experiment, snapshot.parameters, snapshot.iteration)
    write(path, preset_bytes(rebased(found, trained.folder, path.resolve().parent)))


@dataclass(frozen=True, slots=True)
class Kind:
    """`suffixes` of the files, the first by default; `export` raises ExportError."""

    suffixes: tuple[str, ...]
    export: Export


def tells_course(kind: str, suffix: str, parameters: int) -> bool:
    """Whether such a file holds the parameters over time, where they are known."""
    return kind == "run" and (suffix.lower() != ".csv" or parameters <= MOST_COLUMNS)


KINDS: dict[str, Kind] = {
    "numpy": Kind((".py",), _script(numpy_script)),
    "pytorch": Kind((".py",), _script(torch_script)),
    "run": Kind((".npz", ".csv"), _run),
    "parameters": Kind((".csv",), _parameters),
    "preset": Kind((".bpgui", ".json"), _preset),
}
