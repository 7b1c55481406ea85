"""The parameters of a run as a table that makes a text only for a cell that is looked at."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import (
    QT_TRANSLATE_NOOP,
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from bpgui.engine.network import FloatArray, Network
from bpgui.engine.problem import Problem
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.views.names import Column, Indices, ParameterTable, source_name, target_name
from bpgui.views.numbers import format_number

Index = QModelIndex | QPersistentModelIndex

COLUMNS: tuple[Column, ...] = (
    "name",
    "source",
    "target",
    "frozen",
    "value",
    "gradient",
    "update",
)
NUMBERS: tuple[Column, ...] = ("value", "gradient", "update")
LIVE: tuple[Column, ...] = (*NUMBERS, "frozen")
HEADERS: dict[Column, tuple[Any, Any]] = {
    "name": (
        QT_TRANSLATE_NOOP("ParameterModel", "Name"),
        QT_TRANSLATE_NOOP(
            "ParameterModel", "w(layer)[to, from] is a weight, b(layer)[unit] a bias."
        ),
    ),
    "source": (
        QT_TRANSLATE_NOOP("ParameterModel", "From"),
        QT_TRANSLATE_NOOP("ParameterModel", "The unit whose activation the weight multiplies."),
    ),
    "target": (
        QT_TRANSLATE_NOOP("ParameterModel", "To"),
        QT_TRANSLATE_NOOP("ParameterModel", "The unit to whose pre-activation it adds."),
    ),
    "value": (
        QT_TRANSLATE_NOOP("ParameterModel", "Value"),
        QT_TRANSLATE_NOOP(
            "ParameterModel", "In full digits. While the run is paused, double-click to change it."
        ),
    ),
    "gradient": (
        QT_TRANSLATE_NOOP("ParameterModel", "Gradient"),
        QT_TRANSLATE_NOOP(
            "ParameterModel", "dL/dw of the last iteration's batch, before its update."
        ),
    ),
    "update": (
        QT_TRANSLATE_NOOP("ParameterModel", "Last update"),
        QT_TRANSLATE_NOOP("ParameterModel", "What the last iteration added to the value."),
    ),
    "frozen": (
        QT_TRANSLATE_NOOP("ParameterModel", "Frozen"),
        QT_TRANSLATE_NOOP("ParameterModel", "A frozen parameter keeps its value in training."),
    ),
}


TEXT_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.EditRole,
    Qt.ItemDataRole.ToolTipRole,
)


class ParameterModel(QAbstractTableModel):
    """Rows are parameters, filtered and sorted; what the user changes is emitted, not stored."""

    value_edited = Signal(int, float)
    frozen_toggled = Signal(int, bool)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._network = Network(())
        self._table = ParameterTable(self._network)
        self._snapshot: Snapshot | None = None
        self._rows: Indices = np.empty(0, dtype=np.int64)
        self._places: Indices = np.empty(0, dtype=np.int64)
        self._filter = ""
        self.sorted_by: Column = "name"
        self._descending = False

    # --- rows and parameters ---------------------------------------------------------------------

    @property
    def size(self) -> int:
        """How many parameters there are, shown or not."""
        return self._network.size

    def parameter_at(self, row: int) -> int:
        return int(self._rows[row])

    def row_of(self, parameter: int | None) -> int | None:
        """The row of theta[parameter], None if it is filtered out."""
        if parameter is None or not 0 <= parameter < len(self._places):
            return None
        row = int(self._places[parameter])
        return row if row >= 0 else None

    def numbers(self, column: Column) -> FloatArray | None:
        """A column of numbers (size,), None where no iteration ran."""
        snapshot = self._snapshot
        if snapshot is None:
            return None
        if column == "frozen":
            fixed = np.where(self._network.is_trained, 0.0, 0.5)
            frozen = snapshot.settings.frozen
            return fixed if frozen is None else np.where(frozen, 1.0, fixed)
        return {
            "value": snapshot.parameters,
            "gradient": snapshot.gradient,
            "update": snapshot.update,
        }[column]

    def set_problem(self, problem: Problem) -> None:
        self.beginResetModel()
        self._network = problem.network
        self._table = ParameterTable(problem.network)
        self._snapshot = None
        self._choose_rows()
        self.endResetModel()

    def set_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        if len(self._rows):
            first = self.index(0, COLUMNS.index("frozen"))
            last = self.index(len(self._rows) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(first, last)

    def set_filter(self, text: str) -> None:
        self._filter = text
        self.arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.sorted_by = COLUMNS[column] if column >= 0 else "name"
        self._descending = column >= 0 and order == Qt.SortOrder.DescendingOrder
        self.arrange()

    def arrange(self) -> None:
        """Filter and sort by the present numbers; what is selected stays selected."""
        if not self.size:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [(self.parameter_at(index.row()), index.column()) for index in before]
        self._choose_rows()
        after = [
            QModelIndex() if row is None else self.index(row, column)
            for row, column in ((self.row_of(parameter), column) for parameter, column in kept)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _choose_rows(self) -> None:
        live = self.sorted_by in LIVE
        numbers = self.numbers(self.sorted_by) if live else None
        order = self._table.order(self.sorted_by, self._descending, numbers)
        self._rows = order[self._table.matching(self._filter)[order]] if self._filter else order
        self._places = np.full(self.size, -1)
        self._places[self._rows] = np.arange(len(self._rows))

    # --- what Qt asks ----------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        text, tip = HEADERS[column]
        if role == Qt.ItemDataRole.DisplayRole:
            return QCoreApplication.translate("ParameterModel", text)
        if role == Qt.ItemDataRole.ToolTipRole:
            return QCoreApplication.translate("ParameterModel", tip)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = COLUMNS[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and column not in NUMBERS:
            return None
        if role in TEXT_ROLES:
            return self.text(self.parameter_at(index.row()), COLUMNS[index.column()])
        if role == Qt.ItemDataRole.CheckStateRole and COLUMNS[index.column()] == "frozen":
            return self._check_state(self.parameter_at(index.row()))
        return None

    def text(self, parameter: int, column: Column) -> str:
        """What a cell says, numbers in full digits."""
        network = self._network
        if column == "name":
            return network.parameter(parameter).name
        if column == "source":
            return source_name(network, parameter)
        if column == "target":
            return target_name(network, parameter)
        if column == "frozen":
            return "" if network.is_trained[parameter] else self.tr("fixed")
        numbers = self.numbers(column)
        return "" if numbers is None else format_number(numbers[parameter])

    def _check_state(self, parameter: int) -> Qt.CheckState | None:
        if not self._network.is_trained[parameter]:
            return None
        frozen = None if self._snapshot is None else self._snapshot.settings.frozen
        held = frozen is not None and bool(frozen[parameter])
        return Qt.CheckState.Checked if held else Qt.CheckState.Unchecked

    @property
    def editable(self) -> bool:
        """Values can be changed while the run rests."""
        return self._snapshot is not None and self._snapshot.state != RunState.RUNNING

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        column = COLUMNS[index.column()]
        if column == "value" and self.editable:
            flags |= Qt.ItemFlag.ItemIsEditable
        if column == "frozen" and self._check_state(self.parameter_at(index.row())) is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        parameter, column = self.parameter_at(index.row()), COLUMNS[index.column()]
        if column == "frozen" and role == Qt.ItemDataRole.CheckStateRole:
            self.frozen_toggled.emit(parameter, Qt.CheckState(value) == Qt.CheckState.Checked)
            return True
        numbers = self.numbers("value")
        editing = column == "value" and role == Qt.ItemDataRole.EditRole and self.editable
        if editing and numbers is not None:
            if float(value) != float(numbers[parameter]):
                self.value_edited.emit(parameter, float(value))
            return True
        return False
