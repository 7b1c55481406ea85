"""The current experiment, its file and its undo stack.

Editors ask for a change; the document makes a new experiment, or refuses and keeps the
last good one.
"""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from bpgui.experiment import builtin, presets
from bpgui.experiment.data_paths import rebased
from bpgui.experiment.errors import PresetError
from bpgui.experiment.lessons import breaches
from bpgui.experiment.models import Experiment, Lesson

Change: TypeAlias = Callable[[Experiment], Experiment]

FIRST_EXAMPLE = "two-inputs-fixed-biases"
MERGE_SECONDS = 1.5  # edits of one field that follow each other within this are one step of undo
UNDO_LIMIT = 500


class Document(QObject):
    """One experiment. `path` is None while it is untitled; `folder` is where its relative data
    paths begin."""

    settling = Signal()  # editors: hand over what has been typed but not yet entered
    changed = Signal(object, object)  # old and new Experiment
    refused = Signal(str, str)  # place, such as network.layers[1].units, and message
    path_changed = Signal(object)  # Path | None
    modified_changed = Signal(bool)
    lesson_changed = Signal()  # another lesson, or it was unlocked or locked again

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
        self._unlocked = False

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
    def lesson(self) -> Lesson | None:
        """The lesson in force: no edit, undo or redo changes what it keeps."""
        return None if self._unlocked else self._experiment.lesson

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
            self._refuse(error)
            return False
        if not self._allows(new):
            return False
        if new != self._experiment:
            self.undo_stack.push(_Edit(self, label, new, merge))
        return True

    def undo(self) -> None:
        """Take the last step back, where the lesson allows it."""
        command = self.undo_stack.command(self.undo_stack.index() - 1)
        if isinstance(command, _Edit) and self._allows(command.old):
            self.undo_stack.undo()

    def redo(self) -> None:
        command = self.undo_stack.command(self.undo_stack.index())
        if isinstance(command, _Edit) and self._allows(command.new):
            self.undo_stack.redo()

    def set_unlocked(self, unlocked: bool) -> None:
        """Let a lesson rest until it is locked again or another experiment is opened."""
        if unlocked != self._unlocked:
            self._unlocked = unlocked
            self.lesson_changed.emit()

    def make_lesson(self, label: str, lesson: Lesson | None) -> None:
        """Put a lesson in force in place of one that is unlocked or not there."""
        if self.edit(label, lambda e: e.model_copy(update={"lesson": lesson})):
            self.set_unlocked(False)

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
        self.set_unlocked(False)

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
        if old.lesson != experiment.lesson:
            self.lesson_changed.emit()

    def _allows(self, new: Experiment) -> bool:
        """Whether the lesson in force lets the experiment become `new`; if not, it is told why."""
        problems = breaches(self._experiment, new) if self.lesson is not None else []
        if problems:
            self._refuse(PresetError(problems))
        return not problems

    def _refuse(self, error: PresetError) -> None:
        for problem in error.problems:
            self.refused.emit(problem.place, problem.message)


class _Edit(QUndoCommand):
    def __init__(self, document: Document, label: str, new: Experiment, merge: str) -> None:
        super().__init__(label)
        # In a cycle Python may free the commands of a stack that Qt frees once more.
        self._document = weakref.ref(document)
        self.old = document.experiment
        self.new = new
        self._merge = merge
        self._time: float | None = document.clock()  # None once undone: a new step begins then

    def redo(self) -> None:
        self._show(self.new)

    def undo(self) -> None:
        self._time = None
        self._show(self.old)

    def _show(self, experiment: Experiment) -> None:
        document = self._document()
        assert document is not None
        document._replace(experiment)

    def id(self) -> int:
        return 1 if self._merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other._merge != self._merge:
            return False
        if self._time is None or other._time is None or other._time - self._time > MERGE_SECONDS:
            return False
        self.new = other.new
        self._time = other._time
        self.setObsolete(self.new == self.old)
        return True

    def rebase(self, old_folder: Path | None, folder: Path) -> None:
        self.old = rebased(self.old, old_folder, folder)
        self.new = rebased(self.new, old_folder, folder)


def _untitled_example() -> Experiment:
    example = presets.load(builtin.find(FIRST_EXAMPLE))
    return example.model_copy(update={"name": "", "description": ""})
