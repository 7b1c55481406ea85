"""Where the samples come from."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from bpgui.experiment import edits
from bpgui.experiment.data_paths import relative_path
from bpgui.experiment.models import Experiment
from bpgui.experiment.sources import Csv, Data, Digits, Generated, Inline
from bpgui.experiment.tables import resolved
from bpgui.experiment.validation import revised
from bpgui.ui.editors.choice_box import ChoiceBox
from bpgui.ui.editors.choices import SOURCES, SPLITS, choices
from bpgui.ui.editors.data_files import PATHS, DataFiles
from bpgui.ui.editors.data_sources import as_table, csv_data, idx_data
from bpgui.ui.editors.editor import Editor, describe
from bpgui.ui.editors.feature_list import FeatureList
from bpgui.ui.editors.generators import generator_choices, noise_help
from bpgui.ui.editors.inline_editor import InlineEditor
from bpgui.ui.editors.seed_box import seed_box
from bpgui.ui.editors.value_box import ValueBox, linear, whole
from bpgui.ui.editors.wording import tooltip
from bpgui.ui.theme import Theme

FIELDS: dict[str, tuple[str, ...]] = {
    "inline": ("data",),
    "generated": ("name", "samples", "noise", "test_fraction", "seed"),
    "digits": ("test_fraction", "split", "seed"),
    "idx": ("images", "labels", "test_fraction", "split", "seed"),
    "csv": ("path", "inputs", "targets", "reading", "test_fraction", "seed"),
}
WITHOUT_FILE = {"csv": ("reading",)}  # shown before there is a file, beside its path
MAKERS = {"idx": idx_data, "csv": csv_data}  # of data from its files


class DataEditor(Editor):
    """`folder` is where relative paths begin."""

    lesson_names: ClassVar = {"data": ("data.inputs", "data.targets")}

    import_wanted = Signal(object)  # Path of a CSV file to look at, or None for any

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder: Path | None = None
        self._data: Data | None = None
        self._pending = ""  # a source that needs files before the data can change
        self.source = ChoiceBox(choices(SOURCES), self)
        self.add_to_heading(
            "data.source",
            self.tr("Source"),
            self.source,
            self.tr("Where the samples come from that the network learns from."),
        )
        self.source.chosen.connect(self._set_source)
        self.hint = QLabel(self.tr("The data stay as they are until you choose a file."), self)
        self.hint.setProperty("role", "muted")
        self.hint.setWordWrap(True)
        self.form.addWidget(self.hint, self.form.rowCount(), 0, 1, 2)
        self.inline = InlineEditor(self)
        self.add_wide("data", self.inline, self.tr("Samples"), "")
        self.inline.edited.connect(self.edited)
        self.inline.rejected.connect(self.fields["data"].say)
        self._add_generator()
        self.files = DataFiles(self)
        self.paths, self.columns = self.files.paths, self.files.columns
        self.reading = self.files.reading
        self.files.path_entered.connect(self._set_path)
        self.files.columns_entered.connect(self._set)
        self.reading.wanted.connect(self._look_at_file)
        self._add_split()
        self.features = FeatureList(self)
        self.add_wide("data.features", self.features, self.tr("Features"), "")
        self.features.chosen.connect(self._set_features)

    def _add_generator(self) -> None:
        self.generator = ChoiceBox(generator_choices(), self)
        self.add_field(
            "data.name",
            self.tr("Data set"),
            self.generator,
            self.tr("The rule by which the samples are made."),
        )
        self.generator.chosen.connect(partial(self._set, "name"))
        self.samples = ValueBox(whole(lowest=1, by=10), self)
        self.add_field(
            "data.samples",
            self.tr("Samples"),
            self.samples,
            self.tr("How many samples are made, those for testing included."),
        )
        self.samples.entered.connect(partial(self._set, "samples"))
        self.noise = ValueBox(linear("0.05", lowest=0.0), self)
        self.add_field("data.noise", self.tr("Noise"), self.noise, "")
        self.noise.entered.connect(partial(self._set, "noise"))

    def _add_split(self) -> None:
        self.test_fraction = ValueBox(linear("0.05", lowest=0.0, highest=0.95), self)
        self.add_field(
            "data.test_fraction",
            self.tr("Test share"),
            self.test_fraction,
            self.tr(
                "This share of the samples is kept from training. The loss on it shows whether the "
                "network has learned the rule or only the samples."
            ),
        )
        self.test_fraction.entered.connect(partial(self._set, "test_fraction"))
        self.split = ChoiceBox(choices(SPLITS), self)
        self.add_field(
            "data.split",
            self.tr("Test samples"),
            self.split,
            self.tr("Which samples are kept from training."),
        )
        self.split.chosen.connect(partial(self._set, "split"))
        self.seed, self.new_seed = seed_box(self)
        self.add_field(
            "data.seed",
            self.tr("Seed"),
            self.seed,
            self.tr("The same seed makes and splits the same samples again."),
            self.new_seed,
        )
        self.seed.entered.connect(partial(self._set, "seed"))

    def set_theme(self, theme: Theme) -> None:
        self.inline.set_theme(theme)

    # --- showing ----------------------------------------------------------------------------------

    def show_experiment(self, experiment: Experiment) -> None:
        data = experiment.data
        if data != self._data:
            self._pending = ""
        self._data = data
        source = self._pending or data.source
        self.source.set_value(source)
        self.hint.setVisible(bool(self._pending))
        self._show_fields(source)
        if self._pending:
            return
        self.features.show_experiment(experiment)
        if isinstance(data, Inline):
            self.inline.show_data(data)
        else:
            self.inline.close_window()
        for name, box in self._boxes():
            if hasattr(data, name):
                box.set_value(getattr(data, name))
        self._show_new_seed(generated=isinstance(data, Generated))
        if isinstance(data, Generated):
            self._show_generator(data)
        self.files.show_data(data, self.folder)

    def _boxes(self) -> list[tuple[str, Any]]:
        return [
            ("samples", self.samples),
            ("noise", self.noise),
            ("test_fraction", self.test_fraction),
            ("split", self.split),
            ("seed", self.seed),
        ]

    def _show_fields(self, source: str) -> None:
        shown = {"source", *FIELDS[source], "features"}
        if self._pending:
            shown = {"source", *PATHS[source], *WITHOUT_FILE.get(source, ())}
        for place, field in self.fields.items():
            field.set_visible(place.removeprefix("data.") in shown)

    def _show_generator(self, data: Generated) -> None:
        self.generator.set_value(data.name)
        describe(self.noise, self.tr("Noise"), noise_help(data.name))

    def _show_new_seed(self, *, generated: bool) -> None:
        self.new_seed.setText(self.tr("Regenerate") if generated else self.tr("Split anew"))
        self.new_seed.setToolTip(
            tooltip(
                self.tr("Makes other samples by the same rule (Ctrl+Shift+D).")
                if generated
                else self.tr("Keeps other samples from training (Ctrl+Shift+D).")
            )
        )

    def show_refusal(self, place: str, message: str) -> bool:
        """A file that the editor itself has found missing is told once."""
        field = self.field_at(place)
        if field is not None and field.message.text() == self.files.missing:
            return True
        if self.features.show_refusal(place, message):
            return True
        told = super().show_refusal(place, message)
        self.inline.say(self.fields["data"].message.text())
        return told

    def clear_refusal(self) -> None:
        super().clear_refusal()
        self.features.clear_refusal()

    # --- what the user means ----------------------------------------------------------------------

    def _set(self, name: str, value: Any) -> None:
        def change(e: Experiment) -> Experiment:
            former = e.data
            data = revised(former, ("data", former.source), **{name: value})
            if isinstance(data, Csv) and isinstance(former, Csv):
                from bpgui.experiment.csv_data import without_stale  # with the first file

                data = without_stale(data, name, former)
            return edits.set_data(e, data, folder)

        folder = self.folder
        self.emit_edit(self.tr("set data"), change, f"data.{name}")

    def _set_source(self, source: str) -> None:
        folder = self.folder
        makers: dict[str, Callable[[Experiment], Data]] = {
            "inline": lambda e: as_table(e, folder),
            "generated": lambda e: Generated(name="circle", test_fraction=0.2),
            "digits": lambda e: Digits(),
        }
        self._pending = ""
        if self._data is not None and source == self._data.source:
            self.emit_edit(self.tr("set data"), lambda e: e)
        elif source in makers:
            make = makers[source]
            self.emit_edit(
                self.tr("choose data"), lambda e: edits.set_data(e, make(e), folder), "data.source"
            )
        else:
            self._await_files(source)

    def _await_files(self, source: str) -> None:
        self._pending = source
        self.source.set_value(source)
        self.hint.show()
        self.clear_refusal()
        self._show_fields(source)
        self.files.begin(source)
        self.emit_edit(self.tr("choose data"), lambda e: e)  # a lesson may hide some of these
        self.paths[PATHS[source][0]].setFocus()

    def _set_path(self, name: str, path: str) -> None:
        if self.folder is not None and os.path.isabs(path):
            path = relative_path(path, None, self.folder)
        if not self._pending:
            self._set(name, path)
            return
        paths = self.files.collect(self._pending, name, path, self.folder)
        if paths:
            make, folder = MAKERS[self._pending], self.folder
            self.emit_edit(
                self.tr("choose data"), lambda e: edits.set_data(e, make(paths, folder), folder)
            )

    def _set_features(self, features: tuple[str, ...] | None) -> None:
        folder = self.folder
        self.emit_edit(self.tr("set features"), lambda e: edits.set_features(e, features, folder))

    def _look_at_file(self) -> None:
        file = isinstance(self._data, Csv) and not self._pending
        path = resolved(self.paths["path"].text(), self.folder) if file else None
        self.import_wanted.emit(path if path is not None and path.is_file() else None)
