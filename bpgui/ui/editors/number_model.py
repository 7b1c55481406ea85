"""A matrix of numbers as a Qt model: it shows an array and emits what should stand in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QColor

from bpgui.ui.editors.wording import fault_text
from bpgui.ui.theme import LIGHT, Theme, mix, tabular_font
from bpgui.views.numbers import NumberError, format_number, parse_block, parse_number

Index: TypeAlias = QModelIndex | QPersistentModelIndex
Block: TypeAlias = list[list[float]]

DIGITS = 4  # significant, in a narrow cell; the tooltip has them all
WRONG = 0.3  # share of the color of errors behind a cell whose text is no number
FAINTEST, STRONGEST = 0.06, 0.38  # share of the sign's color in a cell's background

_ROOT = QModelIndex()


class NumberModel(QAbstractTableModel):
    """Strings and colors are made for the cells that are asked for, so size costs nothing."""

    written = Signal(int, int, object)  # first row, first column, Block that should stand there
    rejected = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._array: NDArray[np.float64] = np.zeros((0, 0))
        self._rows: Sequence[str] = ()
        self._columns: Sequence[str] = ()
        self._names: Sequence[str] = ()
        self._largest = 0.0
        self._muted = False
        self._tinted = True
        self._theme = LIGHT
        self._font = tabular_font()
        self._wrong: dict[tuple[int, int], str] = {}
        self.naming = "{row} ← {column}"
        self.digits: int | None = DIGITS

    @property
    def array(self) -> NDArray[np.float64]:
        return self._array

    def show_array(
        self,
        array: NDArray[np.float64],
        rows: Sequence[str],
        columns: Sequence[str],
        *,
        muted: bool = False,
        tinted: bool = True,
    ) -> None:
        """Show `array` (rows, columns). Where the shape is the same, selection and open cells
        stay."""
        same_shape = array.shape == self._array.shape
        if not same_shape:
            self.beginResetModel()
        self._array, self._rows, self._columns = array, rows, columns
        self._wrong = {}
        self._largest = float(np.abs(array).max(initial=0.0))
        self._muted, self._tinted = muted, tinted
        if not same_shape:
            self.endResetModel()
        elif array.size:
            last = self.index(array.shape[0] - 1, array.shape[1] - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, array.shape[1] - 1)
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, array.shape[0] - 1)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._font = tabular_font()
        if self._array.size:
            rows, columns = self._array.shape
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, columns - 1))

    def write(self, row: int, column: int, text: str) -> None:
        """Put the number or the block in `text` at a cell and to its right and below."""
        self._mark({})
        try:
            block = parse_block(text)
        except NumberError as error:
            self.rejected.emit(self._in_block(error))
            return
        self.written.emit(row, column, block)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._array.shape[0]

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._array.shape[1]

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        value = float(self._array[index.row(), index.column()])
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return format_number(value, self.digits)
            case Qt.ItemDataRole.EditRole:
                return format_number(value)
            case Qt.ItemDataRole.ToolTipRole:
                return self._told(index, value)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._told(index, value)
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.FontRole:
                return self._font
            case Qt.ItemDataRole.ForegroundRole:
                return QBrush(QColor(self._theme.muted)) if self._muted else None
            case Qt.ItemDataRole.BackgroundRole:
                if (index.row(), index.column()) in self._wrong:
                    return QBrush(QColor(mix(self._theme.base, self._theme.error, WRONG)))
                return self._background(value)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Emits what was written; the cell itself changes when the document does."""
        if role != Qt.ItemDataRole.EditRole:
            return False
        self._mark({})
        try:
            number = parse_number(str(value))
        except NumberError as error:
            told = f"{self._cell_name(index.row(), index.column())}: {fault_text(error)}"
            self._mark({(index.row(), index.column()): told})
            self.rejected.emit(told)
            return False
        if str(value) != self.data(index, Qt.ItemDataRole.EditRole):
            self.written.emit(index.row(), index.column(), [[number]])
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        names = self._columns if orientation == Qt.Orientation.Horizontal else self._rows
        if section >= len(names):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return names[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _mark(self, wrong: dict[tuple[int, int], str]) -> None:
        """Tell at the cells themselves what is wrong with what was typed there."""
        changed, self._wrong = self._wrong.keys() | wrong.keys(), wrong
        for cell in changed:
            self.dataChanged.emit(self.index(*cell), self.index(*cell))

    def _told(self, index: Index, value: float) -> str:
        wrong = self._wrong.get((index.row(), index.column()))
        return wrong or f"{self._cell_name(index.row(), index.column())} = {format_number(value)}"

    def _cell_name(self, row: int, column: int) -> str:
        return self.naming.format(row=self._rows[row], column=self._columns[column])

    def _in_block(self, error: NumberError) -> str:
        place = self.tr("Row {row}, column {column} of what is pasted: {fault}")
        return place.format(row=error.row + 1, column=error.column + 1, fault=fault_text(error))

    def _background(self, value: float) -> QBrush | None:
        if value == 0.0 or not self._tinted:
            return None
        color = self._theme.positive if value > 0 else self._theme.negative
        share = FAINTEST + (STRONGEST - FAINTEST) * abs(value) / self._largest
        return QBrush(QColor(mix(self._theme.base, color, share)))
