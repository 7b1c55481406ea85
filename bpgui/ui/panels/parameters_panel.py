"""Parameters: every weight and bias with its value, gradient and last update, in full digits."""

from __future__ import annotations

import time
from concurrent.futures import Executor

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpgui.engine.problem import Problem
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.training.worker import in_thread
from bpgui.ui.panels.check_button import CheckButton
from bpgui.ui.panels.controls import ElidedLabel, tip
from bpgui.ui.panels.ledger import Ledger
from bpgui.ui.panels.ledger_bar import LedgerBar
from bpgui.ui.panels.panel import Panel
from bpgui.ui.panels.parameter_columns import COLUMNS, LIVE
from bpgui.ui.panels.parameter_grid import ParameterGrid
from bpgui.ui.panels.parameter_model import ParameterModel
from bpgui.ui.panels.plot import small_font
from bpgui.ui.selection import Selection
from bpgui.ui.theme import SPACING, Theme
from bpgui.views.names import Indices

SECONDS_PER_UPDATE = 0.2
ROOM_TO_FILTER = 18 * SPACING  # pixels, in which its example can be read


class ParametersPanel(Panel):
    """The rows follow the selection and set it. While a run goes on, numbers change five times a
    second and rows keep their places; they are sorted again on a click and when the run pauses."""

    value_edited = Signal(int, float)
    frozen_toggled = Signal(int, bool)

    def __init__(
        self,
        selection: Selection,
        executor: Executor = in_thread,
        parent: QWidget | None = None,
    ) -> None:
        """`executor` computes checks, as a Worker does; else a thread of this process does."""
        super().__init__(parent)
        self._selection = selection
        self._problem: Problem | None = None
        self._snapshot: Snapshot | None = None
        self.ledger = Ledger(executor, self)
        self._updated = float("-inf")
        self._state: RunState | None = None
        self.model = ParameterModel(self)
        self.model.value_edited.connect(self.value_edited)
        self.model.frozen_toggled.connect(self.frozen_toggled)
        self.table = ParameterGrid(self.model, self)
        # Only once the table has followed: its selection is changed in answer.
        self.model.layoutChanged.connect(self._rearranged)
        self.refusal = self.table.refusal
        self.table.horizontalHeader().sortIndicatorChanged.connect(lambda *_: self._tell())
        self.table.selectionModel().currentRowChanged.connect(self._pick)
        self._build_top()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        layout.setSpacing(SPACING // 2)
        top = QHBoxLayout()
        top.setSpacing(SPACING)
        top.addWidget(self.filter, 8)
        top.addWidget(self.note, 1)
        top.addWidget(self.count)
        top.addSpacing(SPACING)
        top.addWidget(self.ledger_button)
        top.addWidget(self.check_button)
        layout.addLayout(top)
        layout.addWidget(self.bar)
        layout.addWidget(self.table, 1)
        selection.changed.connect(self._show_selection)
        selection.sample_changed.connect(self.ledger.set_sample)
        self.ledger.changed.connect(self._show_ledger)
        self._show_ledger()
        self.setFocusProxy(self.table)

    def _build_top(self) -> None:
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(self.tr("Filter: w(2)  h1[2]  bias"))
        self.filter.setToolTip(
            self.tr("Shows the parameters in whose name, from or to unit every word is found.")
        )
        self.filter.setAccessibleName(self.tr("Filter parameters"))
        self.filter.setMinimumWidth(8 * SPACING)
        self.filter.setMaximumWidth(260)
        self.filter.textChanged.connect(self._filter)
        self.note = ElidedLabel(self)
        self.note.setProperty("role", "muted")
        self.count = QLabel(self)
        self.count.setProperty("role", "muted")
        self.count.setFont(small_font())
        self.ledger_button = QToolButton(self)
        self.ledger_button.setText(self.tr("Ledger"))
        self.ledger_button.setCheckable(True)
        self.ledger_button.setToolTip(
            tip(
                self.tr(
                    "Shows what each gradient is made of and what the last check found, in place "
                    "of values and updates."
                )
            )
        )
        self.ledger_button.toggled.connect(self._switch)
        self.check_button = CheckButton(self.ledger, self)
        self.check_button.wanted.connect(self._check)
        self.table.setAccessibleName(self.tr("Parameters"))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._open_choices)
        self.bar = LedgerBar(self.ledger, self)
        self.bar.hide()

    # --- what the main window calls --------------------------------------------------------------

    def set_problem(self, problem: Problem) -> None:
        self._updated = float("-inf")
        self._state = None
        self._problem, self._snapshot = problem, None
        self.refusal.hide()
        self.model.set_problem(problem)
        self.check_button.set_problem(problem)
        self.ledger.forget()
        self.table.set_widths(problem.network)
        self._show_selection()
        self._tell()

    def render_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        now = time.monotonic()
        running = snapshot.state == RunState.RUNNING
        changed = snapshot.state != self._state
        if running and not changed and now - self._updated < SECONDS_PER_UPDATE:
            return
        self._updated, self._state = now, snapshot.state
        self.model.set_snapshot(snapshot)
        self.ledger.see(snapshot)
        self.check_button.setEnabled(True)
        if not running and self.model.sorted_by in LIVE:
            self.model.arrange()
        if changed:
            self._tell()

    def set_locked(self, locked: bool) -> None:
        """Whether a lesson keeps values from being overwritten and frozen."""
        self.model.locked = locked
        self.table.viewport().update()

    def set_digits(self, digits: int) -> None:
        """Show numbers in 4 to 17 significant digits."""
        self.model.set_digits(digits)

    def close_check(self) -> None:
        """End the check that is under way and wait for all threads: the window closes."""
        self.ledger.close()
        self.model.close()

    def set_theme(self, theme: Theme) -> None:
        self.table.set_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is no room for all above the table, leave out the count: it is no control,
        and words to filter by have to be typed."""
        parts = (self.count, self.ledger_button, self.check_button)
        needed = sum(part.sizeHint().width() + SPACING for part in parts)
        self.count.setVisible(ROOM_TO_FILTER + needed + 4 * SPACING <= self.width())

    # --- what the user does ----------------------------------------------------------------------

    def check_now(self) -> None:
        """Check the state that is shown, as a click on the button does."""
        if self._problem is not None:
            self.check_button.ask()

    def _check(self, indices: Indices, most: int | None) -> None:
        if self._problem is not None and self._snapshot is not None:
            self.ledger_button.setChecked(True)
            self.ledger.check(self._problem, self._snapshot, indices, most)

    def _open_choices(self, place: QPoint) -> None:
        if self._problem is not None:
            self.check_button.choices.popup(self.table.viewport().mapToGlobal(place))

    def _switch(self, ledger: bool) -> None:
        self.refusal.hide()
        self.bar.setVisible(ledger)
        self.table.columns.show_ledger(ledger)

    def _show_ledger(self) -> None:
        self.check_button.show_ledger()
        self.check_button.setEnabled(self._snapshot is not None)
        self.table.set_stale(self.ledger.stale)
        self.model.set_ledger(self.ledger.columns)
        self.bar.show_ledger()
        if self.check_button.large and self.ledger.found and not self.ledger.busy:
            self._list_checked()

    def _list_checked(self) -> None:
        """Of many parameters some were checked: have them on top, the worst first, where the rows
        are in no order that was asked for."""
        if self.model.sorted_by == "name":
            self.table.sortByColumn(COLUMNS.index("verdict"), Qt.SortOrder.DescendingOrder)

    def copy(self) -> None:
        """The selected rows, with headings, as text that spreadsheets read."""
        self.table.copy()

    def _filter(self, text: str) -> None:
        if text:  # its icon takes a while to load
            self.filter.setClearButtonEnabled(True)
        self.refusal.hide()
        self.model.set_filter(text)

    def _rearranged(self) -> None:
        self._show_selection()
        self._tell()

    def _pick(self, current: QModelIndex) -> None:
        if current.isValid():
            self._selection.select(self.model.parameter_at(current.row()))

    def _show_selection(self) -> None:
        self.check_button.select(self._selection.parameter)
        row = self.model.row_of(self._selection.parameter)
        table = self.table
        if row is None:
            table.selectionModel().clear()
        elif row != table.currentIndex().row() or not table.selectionModel().hasSelection():
            column = max(table.currentIndex().column(), 0)
            table.setCurrentIndex(self.model.index(row, column))

    def _tell(self) -> None:
        shown, size = self.model.rowCount(), self.model.size
        if shown == size:
            self.count.setText(self.tr("{count} parameters").format(count=f"{size:,}"))
        else:
            text = self.tr("{shown} of {count} parameters")
            self.count.setText(text.format(shown=f"{shown:,}", count=f"{size:,}"))
        self._fit()
        waiting = self._state == RunState.RUNNING and self.model.sorted_by in LIVE
        self.note.setText(self.tr("Sorted again when the run pauses") if waiting else "")
