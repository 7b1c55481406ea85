"""A table of samples with what adds, removes and reshapes them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bpgui.experiment import edits
from bpgui.experiment.features import raw_names
from bpgui.experiment.models import Experiment
from bpgui.experiment.sample_table import SampleTable, remove_samples, sample_table, samples_of
from bpgui.experiment.sources import Inline
from bpgui.ui.document import Change
from bpgui.ui.editors.blocks import with_block
from bpgui.ui.editors.editor import describe
from bpgui.ui.editors.glyphs import GlyphButton
from bpgui.ui.editors.number_model import Block, NumberModel
from bpgui.ui.editors.number_table import NumberTable
from bpgui.ui.editors.value_box import ValueBox, whole
from bpgui.ui.theme import SPACING

COLUMNS_WIDTH = 7 * SPACING
SMALL_COLUMN, LARGE_COLUMN = 6 * SPACING, 20 * SPACING  # the least; a large one has all digits
NAMED_COLUMN = 11 * SPACING  # of a small one, at most
MOST_COLUMNS = 1_000  # of inputs or targets, by way of these boxes


class SampleEditor(QWidget):
    """Emits changes; its owner shows messages. A `large` one takes the room that there is."""

    edited = Signal(str, object, str)
    rejected = Signal(str)
    sample_chosen = Signal(int)  # row, from 0

    def __init__(self, parent: QWidget | None = None, *, large: bool = False) -> None:
        super().__init__(parent)
        self._large = large
        self._following = False
        self._samples: SampleTable | None = None
        self.model = NumberModel(self)
        self.model.naming = self.tr("sample {row}, {column}")
        self._narrowest = LARGE_COLUMN if large else SMALL_COLUMN
        self.table = NumberTable(self.model, self._narrowest, self, large=large)
        if large:
            self.model.digits = None
        self.add = GlyphButton(
            "add", self.tr("Add a sample after the selected one (Insert, in the table)"), self
        )
        self.remove = GlyphButton(
            "remove", self.tr("Remove the selected samples (Delete, in the table)"), self
        )
        self.inputs = ValueBox(whole(lowest=1), self)
        self.targets = ValueBox(whole(lowest=1), self)
        self._describe()
        self._lay_out()
        self.inputs.entered.connect(lambda n: self._set_columns(n, self._shown().targets))
        self.targets.entered.connect(lambda n: self._set_columns(self._shown().inputs, n))
        self.model.written.connect(self._write)
        self.add.clicked.connect(self._add_row)
        self.remove.clicked.connect(self._remove_rows)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        for text, key, slot in (
            (self.tr("Add sample"), Qt.Key.Key_Insert, self._add_row),
            (self.tr("Remove samples"), Qt.Key.Key_Delete, self._remove_rows),
        ):
            self._add_action(text, key, slot)
        for source in (self.inputs, self.targets, self.model):
            source.rejected.connect(self.rejected)

    def _add_action(self, text: str, key: Qt.Key, slot: Callable[[], None]) -> None:
        action = QAction(text, self.table)
        action.setShortcut(key)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: slot() if self.add.isEnabled() else None)
        self.table.addAction(action)

    def _describe(self) -> None:
        describe(
            self.inputs,
            self.tr("Columns of inputs"),
            self.tr("How many numbers each sample gives to the network; its inputs follow."),
        )
        describe(
            self.targets,
            self.tr("Columns of targets"),
            self.tr("How many numbers the network should answer with; its outputs follow."),
        )
        describe(
            self.table,
            self.tr("Samples"),
            self.tr("A sample in each row: inputs x, then targets y. A spreadsheet can be pasted."),
        )
        self.table.setToolTip("")

    def _lay_out(self) -> None:
        label = QLabel(self.tr("Columns"), self)
        label.setBuddy(self.inputs)
        label.setToolTip(self.inputs.toolTip())
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(0)
        self.buttons.addWidget(self.add)
        self.buttons.addWidget(self.remove)
        below = QHBoxLayout()
        below.setSpacing(SPACING // 2)
        below.addLayout(self.buttons)
        below.addStretch(1)
        for widget in (label, self.inputs, QLabel("→", self), self.targets):
            below.addWidget(widget)
        for box in (self.inputs, self.targets):
            box.setFixedWidth(COLUMNS_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addWidget(self.table)
        column.addLayout(below)
        upright = QSizePolicy.Policy.Expanding if self._large else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Expanding, upright)
        self.setFocusProxy(self.table)

    def set_locked(self, locked: bool) -> None:
        self.table.set_locked(locked)
        for control in (self.add, self.remove, self.inputs, self.targets):
            control.setEnabled(not locked)

    def show_data(self, data: Inline) -> None:
        samples = sample_table(data)
        self._samples = samples
        self.inputs.set_value(samples.inputs)
        self.targets.set_value(samples.targets)
        self.remove.setEnabled(len(samples.array) > 1)
        inputs = list(samples.names or raw_names(samples.inputs))
        rows = [str(i + 1) for i in range(len(samples.array))]
        named = samples.named_column
        classes = {} if named is None else {samples.inputs: named}
        columns = inputs + self._target_names(samples)
        self.model.show_array(samples.array, rows, columns, tinted=False, classes=classes)
        self._make_room(columns)

    def _make_room(self, headings: list[str]) -> None:
        """Columns are as wide as most of the longest heading asks."""
        longest = headings.index(max(headings, key=len))
        wanted = self.table.horizontalHeader().sectionSizeHint(longest) + SPACING
        self.table.set_narrowest(max(self._narrowest, min(wanted, NAMED_COLUMN)))

    def _target_names(self, samples: SampleTable) -> list[str]:
        if samples.named_column is not None:
            return [self.tr("class")]
        numbered = (f"y{i + 1}" for i in range(samples.targets))
        return list(samples.named_columns or numbered)

    def select_sample(self, row: int) -> None:
        """Show that a sample is the selected one."""
        if 0 <= row < self.model.rowCount() and row != self.table.currentIndex().row():
            self._following = True
            self.table.setCurrentIndex(self.model.index(row, 0))
            self._following = False

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid() and not self._following:
            self.sample_chosen.emit(index.row())

    def _shown(self) -> SampleTable:
        assert self._samples is not None
        return self._samples

    # --- what the user means ----------------------------------------------------------------------

    def _write(self, row: int, column: int, block: Block) -> None:
        def change(e: Experiment) -> Experiment:
            old = samples_of(e)
            array = with_block(old.array, row, column, block, "data", grow=True)
            return edits.set_data(e, old.with_array(array).data())

        self._emit(self.tr("edit samples"), change)

    def _set_columns(self, inputs: int, targets: int) -> None:
        if not (1 <= inputs <= MOST_COLUMNS and 1 <= targets <= MOST_COLUMNS):
            told = self.tr("Write a number from 1 to {most}.").format(most=MOST_COLUMNS)
            self.rejected.emit(told)
            return
        self._emit(
            self.tr("set columns"),
            lambda e: edits.set_data(e, samples_of(e).with_columns(inputs, targets).data()),
            "data.columns",
        )

    def _add_row(self) -> None:
        rows = self._chosen_rows()
        after = max(rows) if rows else len(self._shown().array) - 1
        self._emit(
            self.tr("add sample"),
            lambda e: edits.set_data(e, samples_of(e).with_row(after).data()),
        )
        self.table.setCurrentIndex(self.model.index(after + 1, 0))

    def _remove_rows(self) -> None:
        count = len(self._shown().array)
        rows = self._chosen_rows() or {count - 1}
        if len(rows) == count:
            rows -= {min(rows)}
        if not rows:
            return
        self._emit(
            self.tr("remove samples"),
            lambda e: remove_samples(e, rows),
        )

    def _chosen_rows(self) -> set[int]:
        chosen = self.table.selectionModel().selection().toList()
        return {row for part in chosen for row in range(part.top(), part.bottom() + 1)}

    def _emit(self, label: str, change: Change, merge: str = "") -> None:
        self.edited.emit(label, change, merge)
