"""A data file's way into the current experiment: chosen, dropped, or asked for by an editor."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from bpgui.datasets.errors import DataError
from bpgui.datasets.idx import seems_idx
from bpgui.experiment import edits
from bpgui.experiment.data_paths import relative_path
from bpgui.experiment.data_shape import input_names
from bpgui.experiment.features_kept import kept
from bpgui.experiment.sources import Csv, Idx
from bpgui.experiment.tables import resolved
from bpgui.ui.dialogs import show_failure
from bpgui.ui.document import Document
from bpgui.ui.loading import Loader
from bpgui.ui.theme import Theme
from bpgui.ui.watching import Progress

if TYPE_CHECKING:
    from bpgui.experiment.csv_import import Imported
    from bpgui.experiment.idx_import import Pictures

SUFFIXES = (".csv", ".tsv", ".txt")
IDX = ("*ubyte", "*.idx", "*.gz")


def holds_data(path: Path) -> bool:
    """Whether a file is a table by its name or holds pictures by its content."""
    return path.suffix.lower() in SUFFIXES or seems_idx(path)


class Importing(QObject):
    """Opens the dialogs; what they bring is one step of undo."""

    told = Signal(str)  # what went with the former data
    read = Signal(object, object)  # Csv and Table: a file, before the experiment asks for it

    def __init__(self, document: Document, theme: Callable[[], Theme], window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._theme = theme
        self._window = window
        self._progress = Progress()
        self._loader = Loader(self)
        self._loader.loaded.connect(self._adopted)
        self._loader.failed.connect(self._not_adopted)
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        self._folder = QStandardPaths.writableLocation(documents)

    def choose(self) -> None:
        """Ask which file; it is looked at before anything changes."""
        dialog = QFileDialog(self._window, self.tr("Import data"))
        dialog.setObjectName("data file")
        patterns = " ".join((*(f"*{suffix}" for suffix in SUFFIXES), *IDX))
        tables = self.tr("Tables and pictures ({patterns})").format(patterns=patterns)
        dialog.setNameFilters([tables, self.tr("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setDirectory(self._folder)
        dialog.fileSelected.connect(lambda chosen: self.open(Path(chosen)))
        dialog.open()

    def ask(self, path: Path | None) -> None:
        """Open a file that is known, or ask which."""
        if path is None:
            self.choose()
        else:
            self.open(path)

    def open(self, path: Path) -> None:
        self._document.settle()
        self._folder = str(path.parent)
        if seems_idx(path):
            self._open_pictures(path)
        else:
            self._open_table(path)

    # The dialogs and what reads files are seldom needed, so they are not imported at the start.

    def _open_pictures(self, path: Path) -> None:
        from bpgui.ui.images_dialog import ImagesDialog

        dialog = ImagesDialog(path, self._written, self._theme(), self._window)
        dialog.imported.connect(self._apply_pictures)
        dialog.open()

    def _open_table(self, path: Path) -> None:
        from bpgui.ui.import_dialog.dialog import ImportDialog

        experiment, folder = self._document.experiment, self._document.folder
        outputs, data = experiment.network.layers[-1].units, experiment.data
        own = data if isinstance(data, Csv) and _same(resolved(data.path, folder), path) else None
        dialog = ImportDialog(path, self._written(path), outputs, self._theme(), own, self._window)
        dialog.imported.connect(partial(self._apply, path))
        dialog.open()

    def adopt(self) -> None:
        """Take the file of the data, which has changed, as it is now."""
        experiment, folder = self._document.experiment, self._document.folder
        if isinstance(experiment.data, Csv):
            from bpgui.experiment.csv_import import renewed

            outputs = experiment.network.layers[-1].units
            self._progress = Progress()
            self._loader.request(partial(renewed, experiment.data, folder, outputs, self._progress))

    def close(self) -> None:
        """End what is read, and with it a dialog that is open."""
        for dialog in self._window.findChildren(QDialog, "import"):
            dialog.done(QDialog.DialogCode.Rejected)
        self._progress.stop()
        self._loader.close()

    def _adopted(self, data: Csv) -> None:
        folder, former = self._document.folder, self._document.experiment.data
        self._document.edit(
            self.tr("use the changed file"),
            lambda experiment: edits.set_data(experiment, data, folder),
        )
        if isinstance(former, Csv):
            lost = kept(former.features, input_names(former), input_names(data)).lost
            if lost:
                told = self.tr("With categories that the file has no more, features went: {lost}")
                self.told.emit(told.format(lost=",  ".join(lost)))

    def _not_adopted(self, error: Exception) -> None:
        if not isinstance(error, DataError):
            raise error
        show_failure(self._window, self.tr("The file cannot be used as it is now."), str(error))

    def _written(self, path: Path) -> str:
        """Relative to the preset where that is a file, which saving makes of every path."""
        if self._document.path is None:
            return path.as_posix()
        return relative_path(str(path), None, self._document.path.parent)

    def _apply_pictures(self, pictures: Pictures, data: Idx, set_up: bool) -> None:
        from bpgui.experiment.idx_import import applied

        change = applied(pictures, data, set_up, self._document.folder)
        self._document.edit(self.tr("import pictures"), change)

    def _apply(self, path: Path, imported: Imported) -> None:
        from bpgui.experiment.csv_import import applied

        change = applied(imported, path.stem, self._document.folder)
        if isinstance(imported.data, Csv):
            self.read.emit(imported.data, imported.table)
        self._document.edit(self.tr("import data"), change)


def _same(first: Path, second: Path) -> bool:
    return first.resolve() == second.resolve()
