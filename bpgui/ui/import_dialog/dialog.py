"""Import data: what a CSV file holds, how it is read, and what the network makes of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from bpgui.datasets.csv_format import CsvFormat
from bpgui.datasets.csv_survey import Survey, surveyed
from bpgui.datasets.errors import DataError
from bpgui.experiment.csv_import import (
    Choices,
    Imported,
    categories_of,
    columns_with,
    features_after,
    format_for,
    import_csv,
    inputs_of,
    looks_like_classes,
    may_be_inline,
    settled,
)
from bpgui.experiment.sources import Csv
from bpgui.ui.import_dialog.columns import ColumnTable
from bpgui.ui.import_dialog.format_bar import FormatBar
from bpgui.ui.import_dialog.options import Options
from bpgui.ui.import_dialog.preview import PreviewTable
from bpgui.ui.import_dialog.words import (
    extent_text,
    fault_text,
    lost_text,
    obstacle_text,
    set_up_text,
)
from bpgui.ui.loading import Loader
from bpgui.ui.theme import SPACING, Theme
from bpgui.ui.watching import Progress, Stopped

SIZE = (980, 660)
LOOKS = 100  # ms between two looks at how far reading has come
STEPS = 1000  # of the progress bar


class ImportDialog(QDialog):
    """Emits what was read once all of the file was read without a fault. `written` is how the
    preset names the file, `outputs` what its network has now, and `data` what it says of this file
    where it is its own."""

    imported = Signal(object)  # Imported

    def __init__(
        self,
        path: Path,
        written: str,
        outputs: int,
        theme: Theme,
        data: Csv | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("import")
        self.setWindowTitle(self.tr("Import data: {name}").format(name=path.name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.path, self._written, self._outputs = path, written, outputs
        self._data = data
        self.survey: Survey | None = None
        self.choices: Choices | None = None
        self._progress = Progress()
        self._reading = False
        self._loader = Loader(self)
        self._loader.loaded.connect(self._take)
        self._loader.failed.connect(self._refuse)
        self._timer = QTimer(self, interval=LOOKS)
        self._timer.timeout.connect(self._show_progress)
        self._make_widgets(theme)
        self._lay_out()
        self.resize(*SIZE)
        self._look(None)

    # --- building -------------------------------------------------------------------------------

    def _make_widgets(self, theme: Theme) -> None:
        self.format = FormatBar(self)
        self.format.changed.connect(self._look)
        self.columns = ColumnTable(theme, self)
        self.columns.columns.roles_changed.connect(self._roles_changed)
        self.rows = PreviewTable(theme, self)
        self.extent = QLabel(self)
        self.extent.setProperty("role", "muted")
        self.options = Options(self)
        self.options.changed.connect(self._choose)
        self.lost = QLabel(self)
        self.lost.setProperty("role", "warning")
        self.lost.setTextFormat(Qt.TextFormat.PlainText)
        self.lost.setWordWrap(True)
        self.lost.hide()
        self.message = QLabel(self)
        self.message.setProperty("role", "error")
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(SPACING)
        self.bar.setAccessibleName(self.tr("How much of the file is read"))
        self.bar.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.import_button = buttons.addButton(
            self.tr("&Import"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.import_button.setDefault(True)
        buttons.accepted.connect(self._import)
        buttons.rejected.connect(self.reject)
        self.buttons = buttons

    def _lay_out(self) -> None:
        tables = QSplitter(Qt.Orientation.Vertical, self)
        tables.setChildrenCollapsible(False)
        tables.addWidget(self.columns)
        tables.addWidget(self.rows)
        tables.setSizes([SIZE[1] // 3, SIZE[1] // 4])
        foot = QHBoxLayout()
        foot.setSpacing(2 * SPACING)
        told = QVBoxLayout()
        told.addWidget(self.message)
        told.addWidget(self.bar)
        foot.addLayout(told, 1)
        foot.addWidget(self.buttons, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        column.setSpacing(SPACING + SPACING // 2)
        column.addWidget(self.format)
        column.addWidget(tables, 1)
        column.addWidget(self.extent)
        column.addWidget(self.options)
        column.addWidget(self.lost)
        column.addLayout(foot)

    # --- looking at the file --------------------------------------------------------------------

    def _look(self, format: CsvFormat | None) -> None:
        """Survey the file as `format` says, or first find out how it is written."""
        self.message.setText("")
        self._set_ready(False)
        work = (
            partial(format_for, self.path, self._data)
            if format is None
            else partial(surveyed, self.path, format, self._progress)
        )
        self._loader.request(work)

    def _take(self, found: CsvFormat | Survey | Imported) -> None:
        if isinstance(found, CsvFormat):
            self.format.show_format(found)
            self._look(found)
        elif isinstance(found, Survey):
            self._show_survey(found)
        else:
            self._end_reading()
            self.accept()
            self.imported.emit(found)

    def _show_survey(self, survey: Survey) -> None:
        choices = settled(survey, self.survey, self.choices, self._data)
        self.survey, self.choices = survey, choices
        self.columns.columns.show_survey(survey, choices.roles, choices.classes)
        self.extent.setText(extent_text(survey))
        self._show_choices()

    def _refuse(self, error: Exception) -> None:
        was_reading = self._reading
        self._end_reading()
        if isinstance(error, Stopped):
            self._show_choices()
            return
        if not isinstance(error, DataError):
            raise error
        if was_reading:
            self._show_choices()
        else:
            self.survey = None
            self.lost.hide()
            self.columns.columns.show_survey(None, (), False)
            self.rows.show_survey(None, (), {})
            self.extent.setText("")
        self.message.setText(fault_text(error, self.path))

    # --- choosing -------------------------------------------------------------------------------

    def _roles_changed(self) -> None:
        assert self.survey is not None
        assert self.choices is not None
        before = columns_with(self.survey, self.choices.roles, "target")
        roles = self.columns.columns.roles
        targets = columns_with(self.survey, roles, "target")
        classes = self.choices.classes if targets == before else looks_like_classes(targets)
        self._choose(replace(self.choices, roles=roles, classes=classes))

    def _choose(self, choices: Choices) -> None:
        self.choices = choices
        self.message.setText("")
        self._show_choices()

    def _show_choices(self) -> None:
        survey, choices = self.survey, self.choices
        if survey is None or choices is None:
            self._set_ready(False)
            return
        inputs = columns_with(survey, choices.roles, "input")
        targets = columns_with(survey, choices.roles, "target")
        self.columns.columns.show_roles(choices.roles, choices.classes)
        names = inputs_of(survey, choices)
        self.rows.show_survey(survey, choices.roles, categories_of(survey, choices))
        numbers = survey.surveyed * (len(names) + len(targets))
        features = features_after(self._data, survey, choices)
        self.lost.setText(lost_text(features.lost))
        self.lost.setVisible(bool(features.lost))
        self.options.show_choices(
            choices,
            single_target=len(targets) == 1,
            gaps=any(column.gaps for column in (*inputs, *targets)) or not survey.complete,
            small=survey.complete and may_be_inline(survey.surveyed, numbers),
            network=set_up_text(len(features.features or names), targets, choices.classes),
        )
        obstacle = obstacle_text(survey, choices, self.path)
        if obstacle:
            self.message.setText(obstacle)
        self._set_ready(not obstacle)

    def _set_ready(self, ready: bool) -> None:
        self.import_button.setEnabled(ready)
        for widget in (self.options, self.columns):
            widget.setEnabled(self.survey is not None and not self._reading)
        self.format.setEnabled(not self._reading)

    # --- reading all of it ----------------------------------------------------------------------

    def _import(self) -> None:
        assert self.survey is not None
        assert self.choices is not None
        self.message.setText("")
        self._reading, self._progress = True, Progress()
        self._set_ready(False)
        self.bar.setValue(0)
        self._timer.start()
        work = partial(
            import_csv,
            self.path,
            self._written,
            self.survey,
            self.choices,
            self._outputs,
            self._progress,
            self._data,
        )
        self._loader.request(work)

    def _show_progress(self) -> None:
        self.bar.show()
        self.bar.setValue(round(STEPS * self._progress.share))

    def _end_reading(self) -> None:
        self._reading = False
        self._timer.stop()
        self.bar.hide()

    def reject(self) -> None:
        """While the file is read, only that ends; the next time the dialog goes."""
        if self._reading:
            self._progress.stop()
        else:
            super().reject()

    def done(self, result: int) -> None:
        self._progress.stop()
        self._loader.close()
        super().done(result)
