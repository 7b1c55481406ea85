"""The current experiment, its file and its undo stack.

Editors ask for a change; the document makes a new experiment, or refuses and keeps the
last good one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from bpgui.experiment import builtin, presets
from bpgui.experiment.errors import PresetError
from bpgui.experiment.models import Csv, Experiment, Idx

Change: TypeAlias = Callable[[Experiment], Experiment]

FIRST_EXAMPLE = "two-inputs-fixed-biases"
MERGE_SECONDS = 1.5  # edits of one field that follow each other within this are one step of undo
UNDO_LIMIT = 500

_PATH_FIELDS: dict[type, tuple[str, ...]] = {Csv: ("path",), Idx: ("images", "labels")}


class Document(QObject):
    """One experiment. `path` is None while it is untitled; `folder` is where its relative data
    paths begin."""

    settling = Signal()  # editors: hand over what has been typed but not yet entered
    changed = Signal(object, object)  # old and new Experiment
    refused = Signal(str, str)  # place, such as network.layers[1].units, and message
    path_changed = Signal(object)  # Path | None
    modified_changed = Signal(bool)

    def __init__(
        self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self.clock = clock
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_LIMIT)
        self.undo_stack.cleanChanged.connect(self._tell_modified)
        self._path: Path | None = None
        self._folder: Path | None = None
        self._experiment = _untitled_example()

    @property
    def experiment(self) -> Experiment:
        return self._experiment

    @property
    def path(self) -> Path | None:
        return self._path

    @property
    def folder(self) -> Path | None:
        return self._folder

    @property
    def modified(self) -> bool:
        return not self.undo_stack.isClean()

    def edit(self, label: str, change: Change, merge: str = "") -> bool:
        """Apply a pure change as one step of undo named `label`; False where it was refused.

        Changes with the same `merge` key that follow each other quickly become one step. A change
        that changes nothing is good, and no step.
        """
        try:
            new = change(self._experiment)
        except PresetError as error:
            for problem in error.problems:
                self.refused.emit(problem.place, problem.message)
            return False
        if new != self._experiment:
            self.undo_stack.push(_Edit(self, label, new, merge))
        return True

    def settle(self) -> None:
        """Take in what is typed in an editor but not yet entered: call before a run, a step, a save
        and the question whether to save."""
        self.settling.emit()

    def new(self) -> None:
        """The two-input example, untitled."""
        self.set_experiment(_untitled_example(), None)

    def open(self, path: str | os.PathLike[str]) -> None:
        """Raises PresetError, and keeps the current experiment, where the file is no preset."""
        place = Path(os.path.abspath(path))
        self.set_experiment(presets.load(place), place)

    def open_copy(self, path: str | os.PathLike[str]) -> None:
        """Open as an untitled experiment, as a built-in preset is: saving asks for a new file."""
        place = Path(os.path.abspath(path))
        self.set_experiment(presets.load(place), None, place.parent)

    def set_experiment(
        self, experiment: Experiment, path: Path | None, folder: Path | None = None
    ) -> None:
        """Begin anew with `experiment`; what could be undone is forgotten."""
        self.undo_stack.clear()
        self._set_place(path, folder)
        self._replace(experiment)

    def restore(self, experiment: Experiment, path: Path | None, folder: Path | None) -> None:
        """Begin anew with changes to `path` that were not saved."""
        self.set_experiment(experiment, path, folder)
        self.undo_stack.resetClean()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write to `path`; data paths stay or become relative to its folder. Raises PresetError,
        and leaves an old file as it was, where that fails."""
        self.settle()
        place = Path(os.path.abspath(path))
        old_folder = self._folder
        moved = rebased(self._experiment, old_folder, place.parent)
        presets.save(place, moved)
        for i in range(self.undo_stack.count()):
            command = self.undo_stack.command(i)
            if isinstance(command, _Edit):
                command.rebase(old_folder, place.parent)
        self._set_place(place, None)
        self.undo_stack.setClean()
        if moved != self._experiment:
            self._replace(moved)

    def _tell_modified(self, clean: bool) -> None:
        self.modified_changed.emit(not clean)

    def _set_place(self, path: Path | None, folder: Path | None) -> None:
        self._path = path
        self._folder = folder if path is None else path.parent
        self.path_changed.emit(path)

    def _replace(self, experiment: Experiment) -> None:
        old, self._experiment = self._experiment, experiment
        self.changed.emit(old, experiment)


class _Edit(QUndoCommand):
    def __init__(self, document: Document, label: str, new: Experiment, merge: str) -> None:
        super().__init__(label)
        self._document = document
        self._old = document.experiment
        self._new = new
        self._merge = merge
        self._time: float | None = document.clock()  # None once undone: a new step begins then

    def redo(self) -> None:
        self._document._replace(self._new)

    def undo(self) -> None:
        self._time = None
        self._document._replace(self._old)

    def id(self) -> int:
        return 1 if self._merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other._merge != self._merge:
            return False
        if self._time is None or other._time is None or other._time - self._time > MERGE_SECONDS:
            return False
        self._new = other._new
        self._time = other._time
        self.setObsolete(self._new == self._old)
        return True

    def rebase(self, old_folder: Path | None, folder: Path) -> None:
        self._old = rebased(self._old, old_folder, folder)
        self._new = rebased(self._new, old_folder, folder)


def rebased(experiment: Experiment, old_folder: Path | None, folder: Path) -> Experiment:
    """The experiment with its data paths, which began at `old_folder`, relative to `folder`."""
    data = experiment.data
    fields = _PATH_FIELDS.get(type(data), ())
    moved = {name: relative_path(getattr(data, name), old_folder, folder) for name in fields}
    if all(getattr(data, name) == value for name, value in moved.items()):
        return experiment
    return experiment.model_copy(update={"data": data.model_copy(update=moved)})


def relative_path(path: str, old_folder: Path | None, folder: Path) -> str:
    """`path` seen from `folder`, parts joined by "/"; absolute where it lies on another drive."""
    if old_folder is None and not os.path.isabs(path):
        return path
    absolute = os.path.normpath(os.path.join(old_folder or "", path))
    try:
        return PurePath(os.path.relpath(absolute, folder)).as_posix()
    except ValueError:
        return PurePath(absolute).as_posix()


def _untitled_example() -> Experiment:
    example = presets.load(builtin.find(FIRST_EXAMPLE))
    return example.model_copy(update={"name": "", "description": ""})
