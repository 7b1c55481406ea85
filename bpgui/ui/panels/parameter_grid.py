"""The table of the parameters panel: how it looks, what is copied, what is refused."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableView, QWidget

from bpgui.engine.network import Network
from bpgui.ui.panels.ledger_cells import CheckedDelegate, ErrorDelegate, VerdictDelegate
from bpgui.ui.panels.parameter_cells import FrozenDelegate, NumberDelegate, TextDelegate
from bpgui.ui.panels.parameter_columns import COLUMNS, FULL_NUMBERS, NUMBERS, Columns
from bpgui.ui.panels.parameter_model import Index, ParameterModel
from bpgui.ui.panels.plot import small_font
from bpgui.ui.theme import SPACING, Theme
from bpgui.views.names import Column

# What columns hold at most whose texts come only with a check.
WIDEST_TEXTS: dict[Column, str] = {"relative_error": "8.8e-88", "verdict": "MM doubtful"}


class ParameterGrid(QTableView):
    """Numbers with their points below each other; a message at the cell for what is no number."""

    def __init__(self, model: ParameterModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameters = model
        self.setModel(model)
        self.setFont(small_font())
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(int(QFontMetricsF(self.font()).height()) + 6)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(40)
        header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self._add_delegates()
        self.columns = Columns(self)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy)

    def _add_delegates(self) -> None:
        self.numbers = NumberDelegate(self)
        self.checked = CheckedDelegate(self)
        self.verdicts = VerdictDelegate(self)
        self.boxes = FrozenDelegate(self)
        self.setItemDelegate(TextDelegate(self))
        for column in FULL_NUMBERS:
            delegate = self.numbers if column in NUMBERS else self.checked
            self.setItemDelegateForColumn(COLUMNS.index(column), delegate)
        self.errors = ErrorDelegate(self)
        self.setItemDelegateForColumn(COLUMNS.index("relative_error"), self.errors)
        self.setItemDelegateForColumn(COLUMNS.index("verdict"), self.verdicts)
        self.setItemDelegateForColumn(COLUMNS.index("frozen"), self.boxes)
        self.refusal = QLabel(self.viewport())
        self.refusal.setProperty("role", "error")
        self.refusal.setAutoFillBackground(True)
        self.refusal.setMargin(SPACING // 2)
        self.refusal.hide()
        self.numbers.refused.connect(self._refuse)
        self.numbers.accepted.connect(self.refusal.hide)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.columns.fit()

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """As far as it is in sight: of many rows Qt would paint all columns anew. An open editor
        may be elsewhere."""
        upper, lower = first.row(), last.row()
        if self.state() != QAbstractItemView.State.EditingState:
            top, bottom = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
            upper, lower = max(upper, top), lower if bottom < 0 else min(lower, bottom)
        if upper <= lower:
            at = self.parameters.index
            super().dataChanged(at(upper, first.column()), at(lower, last.column()), list(roles))

    def set_widths(self, network: Network) -> None:
        """Names as wide as the longest, numbers in full."""
        metrics = QFontMetricsF(self.font())
        ends = [offset - 1 for offset in network.offsets[1:]]
        widths: dict[Column, int] = {}
        for column in COLUMNS:
            if column in FULL_NUMBERS:
                widths[column] = self.numbers.width(metrics)
                continue
            texts = [WIDEST_TEXTS.get(column, "")] + [
                self.parameters.text(max(end - back, 0), column) for end in ends for back in (0, 1)
            ]
            widest = max(metrics.horizontalAdvance(text) for text in texts)
            widths[column] = max(int(widest) + 2 * SPACING, self.columns.least(column))
        self.columns.set_full_widths(widths)

    def set_stale(self, stale: bool) -> None:
        """Whether the run has left the state whose check is shown."""
        self.checked.stale = self.errors.stale = self.verdicts.stale = stale
        self.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        for delegate in (self.numbers, self.checked, self.errors, self.verdicts, self.boxes):
            delegate.set_theme(theme)
        self.refusal.setStyleSheet(
            f"color: {theme.error}; background: {theme.base}; border: 1px solid {theme.error};"
        )
        self.viewport().update()

    def copy(self) -> None:
        """The selected rows, with headings, as text that spreadsheets read."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        horizontal = Qt.Orientation.Horizontal
        model, shown = self.parameters, self.columns.shown
        lines = [[model.headerData(COLUMNS.index(each), horizontal) for each in shown]]
        lines += [[self._cell(model.parameter_at(row), column) for column in shown] for row in rows]
        if rows:
            QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))

    def _cell(self, parameter: int, column: Column) -> str:
        if column != "frozen":
            return self.parameters.text(parameter, column)
        held = self.parameters.numbers("frozen")
        kind = 0.0 if held is None else float(held[parameter])
        return {0.0: "", 0.5: self.tr("fixed")}.get(kind, self.tr("frozen"))

    def _refuse(self, index: Index, message: str) -> None:
        """Show `message` at the cell: below it, or above where there is no room."""
        cell = self.visualRect(index)
        self.refusal.setText(message)
        self.refusal.adjustSize()
        room = self.viewport().rect()
        below = cell.bottom() + 1
        fits = below + self.refusal.height() <= room.bottom()
        left = max(min(cell.left(), room.right() - self.refusal.width()), 0)
        self.refusal.move(left, below if fits else cell.top() - self.refusal.height())
        self.refusal.show()
        self.refusal.raise_()
