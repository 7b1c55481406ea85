"""New, open and save: the document's way from and to files, and nothing lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from bpgui.experiment.builtin import Builtin
from bpgui.experiment.errors import PresetError
from bpgui.experiment.unsaved import Unsaved
from bpgui.ui.dialogs import ask_to_save, show_failure, show_problems
from bpgui.ui.document import Document
from bpgui.ui.preset_chooser import PresetChooser

SUFFIX = ".bpgui"  # what desktops open bpgui by; the content is JSON, and any name may be given


def nothing() -> None:
    pass


class Filing(QObject):
    """Each command that would lose changes asks first and goes on when the answer allows it."""

    replaced = Signal()  # the document holds another experiment, at its beginning
    filed = Signal(object)  # a file was opened or saved: its Path
    gone = Signal(str)  # a recent file cannot be read any more

    def __init__(self, document: Document, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._window = window
        self.replacing = False
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        self._folder = Path(QStandardPaths.writableLocation(documents))
        self.filed.connect(self._remember_folder)

    @property
    def name(self) -> str:
        """What the title calls the document."""
        document = self._document
        if document.path is not None:
            return document.path.name
        return document.experiment.name or self.tr("Untitled")

    def guard(self, then: Callable[[], None]) -> None:
        """Do `then` once no changes can be lost by it, or not at all."""
        self._document.settle()
        if not self._document.modified:
            then()
            return

        def answer(button: QMessageBox.StandardButton) -> None:
            if button == QMessageBox.StandardButton.Save:
                self.save(then)
            elif button == QMessageBox.StandardButton.Discard:
                then()

        ask_to_save(self._window, self.name, answer)

    def new(self) -> None:
        self.guard(self._new)

    def choose(self) -> None:
        """Ask which file to open; what would be lost is asked after, so that looking is free."""
        dialog = self._file_dialog(self.tr("Open preset"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda chosen: self.open(Path(chosen)))
        dialog.open()

    def choose_preset(self) -> None:
        chooser = PresetChooser(self._window)
        chooser.chosen.connect(lambda preset: self.guard(partial(self._open_builtin, preset)))
        chooser.open()

    def open(self, path: Path) -> None:
        self.guard(partial(self._open, path))

    def _open(self, path: Path) -> None:
        self.open_now(path)

    def open_now(self, path: Path) -> bool:
        """Open, or say all that is wrong with the file and keep what is there."""
        if not self._take(path, self._document.open):
            return False
        self.filed.emit(path)
        return True

    def open_builtin(self, preset: Builtin) -> bool:
        return self._take(preset.path, self._document.open_copy)

    def take(self, opening: Callable[[], None]) -> None:
        """Let the document begin anew; what `opening` raises leaves everything as it was."""
        with self._replacing():
            opening()
        self.replaced.emit()

    def restore(self, unsaved: Unsaved, then: Callable[[], None]) -> None:
        """Go on with changes that were not saved, and do `then`."""
        document = self._document

        def begin() -> None:
            self.take(lambda: document.restore(unsaved.experiment, unsaved.path, unsaved.folder))
            then()

        self.guard(begin)

    def save(self, then: Callable[[], None] = nothing) -> None:
        """Save where the document lies, or ask where; then do `then` if that went well."""
        self._document.settle()
        path = self._document.path
        if path is None:
            self.save_as(then)
        elif self.save_now(path):
            then()

    def save_as(self, then: Callable[[], None] = nothing) -> None:
        dialog = self._file_dialog(self.tr("Save preset"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX)
        path = self._document.path
        dialog.selectFile(path.name if path else file_name(self._document.experiment.name))

        def save(chosen: str) -> None:
            if self.save_now(Path(chosen)):
                then()

        dialog.fileSelected.connect(save)
        dialog.open()

    def save_now(self, path: Path) -> bool:
        try:
            with self._replacing():
                self._document.save(path)
        except (PresetError, OSError) as error:
            title = self.tr("“{name}” could not be saved.").format(name=path.name)
            show_failure(self._window, title, reason(error))
            return False
        self.filed.emit(path)
        return True

    def _new(self) -> None:
        self.take(self._document.new)

    def _remember_folder(self, path: Path) -> None:
        """Dialogs begin where the last file was."""
        self._folder = path.parent

    def _open_builtin(self, preset: Builtin) -> None:
        self.open_builtin(preset)

    def _take(self, path: Path, opening: Callable[[Path], None]) -> bool:
        try:
            self.take(lambda: opening(path))
        except (PresetError, OSError) as error:
            self._window.show()  # what is wrong is told over the window, not in its place
            title = self.tr("“{name}” cannot be opened.").format(name=path.name)
            if isinstance(error, PresetError):
                show_problems(self._window, title, error)
            else:
                show_failure(self._window, title, reason(error))
            if not path.exists():
                self.gone.emit(str(path))
            return False
        return True

    def _file_dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title)
        dialog.setObjectName("file")
        dialog.setNameFilters([self.tr("bpgui presets (*.bpgui *.json)"), self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setDirectory(str(self._folder))
        return dialog

    @contextmanager
    def _replacing(self) -> Iterator[None]:
        """While this is so, what changes in the document is no edit that the run should follow."""
        self.replacing = True
        try:
            yield
        finally:
            self.replacing = False


def reason(error: PresetError | OSError) -> str:
    if isinstance(error, PresetError):
        return "\n".join(problem.message for problem in error.problems)
    return error.strerror or str(error)


def file_name(name: str) -> str:
    """A file name that every system takes, made of an experiment's name."""
    return file_stem(name) + SUFFIX


def file_stem(name: str) -> str:
    """The same without what tells the kind of file."""
    words = "".join(sign if sign.isalnum() else " " for sign in name).split()
    return "-".join(words).lower()[:80] or "experiment"
