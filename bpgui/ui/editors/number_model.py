"""A matrix of numbers as a Qt model: it shows an array and emits what should stand in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from bpgui.ui.theme import LIGHT, Theme, mix, quiet_text, tabular_font
from bpgui.views.numbers import NumberError, format_number, parse_block, parse_number

Index: TypeAlias = QModelIndex | QPersistentModelIndex
Block: TypeAlias = list[list[float]]
Classes: TypeAlias = Mapping[int, Sequence[str]]  # column -> the names of 0, 1, ...

DIGITS = 4  # significant, in a narrow cell; the tooltip has them all
WRONG = 0.3  # share of the color of errors behind a cell whose text is no number
FAINTEST, STRONGEST = 0.06, 0.38  # share of the sign's color in a cell's background

CLASSES_TOLD = 10
NO_CLASSES: Classes = {}

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
        self._classes: Classes = {}
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
        classes: Classes = NO_CLASSES,
    ) -> None:
        """Show `array` (rows, columns), with names for the numbers of columns in `classes`. Where
        the shape is the same, selection and open cells stay."""
        same_shape = array.shape == self._array.shape
        if not same_shape:
            self.beginResetModel()
        self._array, self._rows, self._columns = array, rows, columns
        self._classes = classes
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
            block = parse_block(with_numbers(text, column, self._classes))
        except NumberError as error:
            self.rejected.emit(self._in_block(error, column))
            return
        self.written.emit(row, column, block)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._array.shape[0]

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._array.shape[1]

    def names_of(self, column: int) -> Sequence[str]:
        """The classes of which a cell in this column is one; empty for numbers."""
        return self._classes.get(column, ())

    def text(self, index: Index, digits: int | None = None) -> str:
        """What a cell says, in full digits where no other number is given."""
        value, names = self._array[index.row(), index.column()], self.names_of(index.column())
        return names[int(value)] if names else format_number(value, digits)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        value = float(self._array[index.row(), index.column()])
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(index, self.digits)
            case Qt.ItemDataRole.EditRole:
                return self.text(index)
            case Qt.ItemDataRole.ToolTipRole:
                return self._told(index)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._told(index)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._side(index.column()) | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.FontRole:
                return self._font
            case Qt.ItemDataRole.ForegroundRole:
                return QBrush(QColor(quiet_text(self._theme))) if self._muted else None
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
        names = self.names_of(index.column())
        try:
            number = names.index(value) if value in names else parse_number(str(value))
        except NumberError as error:
            told = f"{self._cell_name(index.row(), index.column())}: {fault_text(error)}"
            self._mark({(index.row(), index.column()): told})
            self.rejected.emit(told)
            return False
        if str(value) != self.data(index, Qt.ItemDataRole.EditRole):
            self.written.emit(index.row(), index.column(), [[float(number)]])
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
            return self._side(section) | Qt.AlignmentFlag.AlignVCenter
        return None

    def _side(self, column: int) -> Qt.AlignmentFlag:
        named = column in self._classes
        return Qt.AlignmentFlag.AlignLeft if named else Qt.AlignmentFlag.AlignRight

    def _mark(self, wrong: dict[tuple[int, int], str]) -> None:
        """Tell at the cells themselves what is wrong with what was typed there."""
        changed, self._wrong = self._wrong.keys() | wrong.keys(), wrong
        for cell in changed:
            self.dataChanged.emit(self.index(*cell), self.index(*cell))

    def _told(self, index: Index) -> str:
        wrong = self._wrong.get((index.row(), index.column()))
        return wrong or f"{self._cell_name(index.row(), index.column())} = {self.text(index)}"

    def _cell_name(self, row: int, column: int) -> str:
        return self.naming.format(row=self._rows[row], column=self._columns[column])

    def _in_block(self, error: NumberError, first: int) -> str:
        """`first` is the column of the table in which the block begins."""
        names, fault = self.names_of(first + error.column), fault_text(error)
        if names:
            told = self.tr("“{text}” is none of the classes {names}.")
            fault = told.format(text=error.text, names=", ".join(names[:CLASSES_TOLD]))
        place = self.tr("Row {row}, column {column} of what is pasted: {fault}")
        return place.format(row=error.row + 1, column=error.column + 1, fault=fault)

    def _background(self, value: float) -> QBrush | None:
        if value == 0.0 or not self._tinted:
            return None
        color = self._theme.positive if value > 0 else self._theme.negative
        share = FAINTEST + (STRONGEST - FAINTEST) * abs(value) / self._largest
        return QBrush(QColor(mix(self._theme.base, color, share)))


def with_numbers(text: str, column: int, classes: Classes) -> str:
    """A block of cells from `column` on, with numbers in place of the names of classes."""
    return "\n".join(_with_numbers(line, column, classes) for line in text.splitlines())


def _with_numbers(line: str, column: int, classes: Classes) -> str:
    for sign in "\t;,":
        cells = line.split(sign)
        for i, cell in enumerate(cells):
            names = classes.get(column + i, ())
            if cell.strip() in names:
                cells[i] = str(names.index(cell.strip()))
        if sign.join(cells) != line:
            return sign.join(cells)
    return line
