"""The files that samples are read from: where they are, and which of their columns are used."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from bpgui.experiment.sources import Csv, Data
from bpgui.experiment.tables import resolved
from bpgui.ui.editors.data_csv import CsvReading
from bpgui.ui.editors.data_sources import joined, labels_beside, parted
from bpgui.ui.editors.editor import Editor, Field
from bpgui.ui.editors.text_box import BrowseButton, TextBox

PATHS: dict[str, tuple[str, ...]] = {"idx": ("images", "labels"), "csv": ("path",)}


class DataFiles(QObject):
    """Adds its fields to `editor`. A `folder` is where relative paths begin."""

    path_entered = Signal(str, str)  # name of the field, path
    columns_entered = Signal(str, object)  # name of the field, tuple of names

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self.missing = self.tr("This file is not there. Put it back, or choose where it is now.")
        self.paths: dict[str, TextBox] = {}
        self.columns: dict[str, TextBox] = {}
        self._fields: dict[str, Field] = {}
        self._add_paths(editor)
        self._add_columns(editor)
        self.reading = CsvReading(editor)
        editor.add_wide("data.reading", self.reading, self.tr("How the file is read"), "")

    def _add_paths(self, editor: Editor) -> None:
        idx = self.tr("IDX files (*ubyte *ubyte.gz *.idx *.idx.gz *.gz);;All files (*)")
        table = self.tr("CSV files (*.csv *.tsv *.txt);;All files (*)")
        for name, label, title, pattern, help in (
            (
                "images",
                self.tr("Images"),
                self.tr("Choose the file of images"),
                idx,
                self.tr("Pictures in the IDX format of MNIST, plain or .gz."),
            ),
            (
                "labels",
                self.tr("Labels"),
                self.tr("Choose the file of labels"),
                idx,
                self.tr("The class of each picture, in the same order."),
            ),
            (
                "path",
                self.tr("File"),
                self.tr("Choose a CSV file"),
                table,
                self.tr("A text file with a header; relative paths begin at the preset's folder."),
            ),
        ):
            box = self.paths[name] = TextBox(editor)
            browse = BrowseButton(box, title, pattern, editor)
            self._fields[name] = editor.add_field(f"data.{name}", label, box, help, browse)
            box.entered.connect(partial(self.path_entered.emit, name))

    def _add_columns(self, editor: Editor) -> None:
        for name, label, help in (
            (
                "inputs",
                self.tr("Inputs"),
                self.tr("The columns that the network sees, parted by commas."),
            ),
            (
                "targets",
                self.tr("Targets"),
                self.tr("The columns that it should answer with, or one column of class names."),
            ),
        ):
            box = self.columns[name] = TextBox(editor)
            editor.add_field(f"data.{name}", label, box, help)
            box.entered.connect(partial(self._enter_columns, name))

    def _enter_columns(self, name: str, text: str) -> None:
        self.columns_entered.emit(name, tuple(parted(text)))

    def show_data(self, data: Data, folder: Path | None) -> None:
        """Also tells which of its files are missing."""
        if isinstance(data, Csv):
            self.reading.show_data(data)
            for name, columns in self.columns.items():
                columns.set_value(joined(getattr(data, name)))
        for name in PATHS.get(data.source, ()):
            path = getattr(data, name)
            self.paths[name].set_value(path)
            self._is_there(name, path, folder)

    def begin(self, source: str) -> None:
        """Await the files of a source."""
        self.reading.show_data(None)
        for name in PATHS[source]:
            self.paths[name].set_value("")

    def collect(self, source: str, name: str, path: str, folder: Path | None) -> dict[str, str]:
        """Take one path for a source; all its paths by their names, once every file is there, else
        none."""
        self.paths[name].set_value(path)
        self._fields[name].say("")
        if name == "images" and not self.paths["labels"].text():
            self.paths["labels"].set_value(labels_beside(path, folder))
        paths = {other: self.paths[other].text() for other in PATHS[source]}
        there = all(paths.values()) and all(
            self._is_there(other, path, folder) for other, path in paths.items()
        )
        return paths if there else {}

    def _is_there(self, name: str, path: str, folder: Path | None) -> bool:
        there = os.path.isfile(resolved(path, folder))
        if not there:
            self._fields[name].say(self.missing)
        return there
