"""Parameters: every weight and bias with its value, gradient and last update, in full digits."""

from __future__ import annotations

import time

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bpgui.engine.network import Network
from bpgui.engine.problem import Problem
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.ui.panels.panel import Panel
from bpgui.ui.panels.parameter_cells import FrozenDelegate, NumberDelegate, TextDelegate
from bpgui.ui.panels.parameter_model import COLUMNS, LIVE, NUMBERS, Index, ParameterModel
from bpgui.ui.panels.plot import small_font
from bpgui.ui.selection import Selection
from bpgui.ui.theme import SPACING, Theme

SECONDS_PER_UPDATE = 0.2
LEAST_WIDTH = 110


class FittingTable(QTableView):
    """A table that tells when it has another size."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class ParametersPanel(Panel):
    """The rows follow the selection and set it. While a run goes on, numbers change five times a
    second and rows keep their places; they are sorted again on a click and when the run pauses."""

    value_edited = Signal(int, float)
    frozen_toggled = Signal(int, bool)

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._updated = float("-inf")
        self._state: RunState | None = None
        self.model = ParameterModel(self)
        self.model.value_edited.connect(self.value_edited)
        self.model.frozen_toggled.connect(self.frozen_toggled)
        self._build_table()
        self._build_top()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        layout.setSpacing(SPACING // 2)
        top = QHBoxLayout()
        top.setSpacing(SPACING)
        top.addWidget(self.filter, 1)
        top.addWidget(self.note, 1)
        top.addWidget(self.count)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        selection.changed.connect(self._show_selection)
        self.setFocusProxy(self.table)

    def _build_top(self) -> None:
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(self.tr("Filter: w(2)  h1[2]  bias  layer 2"))
        self.filter.setToolTip(
            self.tr("Shows the parameters in whose name, from or to unit every word is found.")
        )
        self.filter.setAccessibleName(self.tr("Filter parameters"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMinimumWidth(180)
        self.filter.setMaximumWidth(260)
        self.filter.textChanged.connect(self._filter)
        self.note = QLabel(self)
        self.note.setProperty("role", "muted")
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.count = QLabel(self)
        self.count.setProperty("role", "muted")
        self.count.setFont(small_font())

    def _build_table(self) -> None:
        table = FittingTable(self)
        table.resized.connect(self._fit)
        table.setModel(self.model)
        table.setFont(small_font())
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = table.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(int(QFontMetricsF(table.font()).height()) + 6)
        table.setItemDelegate(TextDelegate(self))
        self.numbers = NumberDelegate(self)
        for column in NUMBERS:
            table.setItemDelegateForColumn(COLUMNS.index(column), self.numbers)
        self.boxes = FrozenDelegate(self)
        table.setItemDelegateForColumn(COLUMNS.index("frozen"), self.boxes)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(40)
        header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        table.setSortingEnabled(True)
        header.sortIndicatorChanged.connect(lambda *_: self._tell())
        table.selectionModel().currentRowChanged.connect(self._pick)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), table)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy)
        self.table = table
        self.refusal = QLabel(table.viewport())
        self.refusal.setProperty("role", "error")
        self.refusal.setAutoFillBackground(True)
        self.refusal.setMargin(SPACING // 2)
        self.refusal.hide()
        self.numbers.refused.connect(self._refuse)
        self.numbers.accepted.connect(self.refusal.hide)

    def _set_widths(self, network: Network) -> None:
        """Names as wide as the longest, numbers in full."""
        metrics = QFontMetricsF(self.table.font())
        ends = [offset - 1 for offset in network.offsets[1:]]
        for place, column in enumerate(COLUMNS):
            if column in NUMBERS:
                width = float(self.numbers.width(metrics))
            else:
                texts = [
                    self.model.text(max(end - back, 0), column) for end in ends for back in (0, 1)
                ]
                heading = self.table.horizontalHeader().sectionSizeHint(place)
                widest = max(metrics.horizontalAdvance(text) for text in texts)
                width = max(widest + 2 * SPACING, heading)
            self.table.setColumnWidth(place, int(width))
        self._fit()

    def _fit(self) -> None:
        """The last update, which matters least, gives way where there is no room for all digits."""
        last = COLUMNS.index("update")
        room = self.table.viewport().width() - sum(map(self.table.columnWidth, range(last)))
        self.table.setColumnWidth(last, max(room, LEAST_WIDTH))

    # --- what the main window calls --------------------------------------------------------------

    def set_problem(self, problem: Problem) -> None:
        self._updated = float("-inf")
        self._state = None
        self.refusal.hide()
        self.model.set_problem(problem)
        self._set_widths(problem.network)
        self._show_selection()
        self._tell()

    def render_snapshot(self, snapshot: Snapshot) -> None:
        now = time.monotonic()
        running = snapshot.state == RunState.RUNNING
        changed = snapshot.state != self._state
        if running and not changed and now - self._updated < SECONDS_PER_UPDATE:
            return
        self._updated, self._state = now, snapshot.state
        self.model.set_snapshot(snapshot)
        if not running and self.model.sorted_by in LIVE:
            self.model.arrange()
        if changed:
            self._tell()

    def set_theme(self, theme: Theme) -> None:
        self.numbers.set_theme(theme)
        self.boxes.set_theme(theme)
        self.refusal.setStyleSheet(
            f"color: {theme.error}; background: {theme.base}; border: 1px solid {theme.error};"
        )
        self.table.viewport().update()

    # --- what the user does ----------------------------------------------------------------------

    def copy(self) -> None:
        """The selected rows, with headings, as text that spreadsheets read."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        horizontal = Qt.Orientation.Horizontal
        lines = [[self.model.headerData(i, horizontal) for i in range(len(COLUMNS))]]
        lines += [self._cells(self.model.parameter_at(row)) for row in rows]
        if rows:
            QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))

    def _cells(self, parameter: int) -> list[str]:
        texts = [self.model.text(parameter, column) for column in COLUMNS if column != "frozen"]
        held = self.model.numbers("frozen")
        kind = 0.0 if held is None else float(held[parameter])
        held_text = {0.0: "", 0.5: self.tr("fixed")}.get(kind, self.tr("frozen"))
        texts.insert(COLUMNS.index("frozen"), held_text)
        return texts

    def _filter(self, text: str) -> None:
        self.refusal.hide()
        self.model.set_filter(text)
        self._show_selection()
        self._tell()

    def _pick(self, current: QModelIndex) -> None:
        if current.isValid():
            self._selection.select(self.model.parameter_at(current.row()))

    def _show_selection(self) -> None:
        row = self.model.row_of(self._selection.parameter)
        table = self.table
        if row is None:
            table.selectionModel().clear()
        elif row != table.currentIndex().row() or not table.selectionModel().hasSelection():
            column = max(table.currentIndex().column(), 0)
            table.setCurrentIndex(self.model.index(row, column))

    def _refuse(self, index: Index, message: str) -> None:
        """Show `message` at the cell: below it, or above where there is no room."""
        cell = self.table.visualRect(index)
        self.refusal.setText(message)
        self.refusal.adjustSize()
        room = self.table.viewport().rect()
        below = cell.bottom() + 1
        fits = below + self.refusal.height() <= room.bottom()
        left = max(min(cell.left(), room.right() - self.refusal.width()), 0)
        self.refusal.move(left, below if fits else cell.top() - self.refusal.height())
        self.refusal.show()
        self.refusal.raise_()

    def _tell(self) -> None:
        shown, size = self.model.rowCount(), self.model.size
        if shown == size:
            self.count.setText(self.tr("{count} parameters").format(count=f"{size:,}"))
        else:
            text = self.tr("{shown} of {count} parameters")
            self.count.setText(text.format(shown=f"{shown:,}", count=f"{size:,}"))
        waiting = self._state == RunState.RUNNING and self.model.sorted_by in LIVE
        self.note.setText(self.tr("Sorted again when the run pauses") if waiting else "")
