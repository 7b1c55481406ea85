"""The parameters of a run as a table that makes a text only for a cell that is looked at."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import (
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
from bpgui.ui.loading import Loader
from bpgui.ui.panels.parameter_columns import (
    CHECKED,
    COLUMNS,
    HEADERS,
    LEDGER,
    LIVE,
    NUMBERS,
    heading,
)
from bpgui.ui.translation import QT_TRANSLATE_NOOP
from bpgui.views.names import Column, Indices, ParameterTable, source_name, target_name
from bpgui.views.numbers import format_number

if TYPE_CHECKING:
    from bpgui.engine.gradcheck import Verdict

Index = QModelIndex | QPersistentModelIndex

VERDICT_WORDS: dict[Verdict, str] = {
    "good": QT_TRANSLATE_NOOP("ParameterModel", "good"),
    "kink": QT_TRANSLATE_NOOP("ParameterModel", "kink"),
    "doubtful": QT_TRANSLATE_NOOP("ParameterModel", "doubtful"),
    "wrong": QT_TRANSLATE_NOOP("ParameterModel", "wrong"),
}
ALL_DIGITS = 17
MOST_AT_ONCE = 100_000  # rows; more are filtered and sorted away from the window's thread
VERDICT_ROLE = Qt.ItemDataRole.UserRole  # the verdict of a cell that tells one
TEXT_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.EditRole,
    Qt.ItemDataRole.ToolTipRole,
)
# Put together once: Qt asks for them with each cell that it paints.
PLAIN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
EDITABLE = PLAIN | Qt.ItemFlag.ItemIsEditable
CHECKABLE = PLAIN | Qt.ItemFlag.ItemIsUserCheckable


class ParameterModel(QAbstractTableModel):
    """Rows are parameters, filtered and sorted; what the user changes is emitted, not stored.

    Many rows are put in order in the background, and stay as they are until that is done.
    """

    value_edited = Signal(int, float)
    frozen_toggled = Signal(int, bool)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._network = Network(())
        self._table = ParameterTable(self._network)
        self._snapshot: Snapshot | None = None
        self._ledger: dict[str, FloatArray] = {}
        self._digits: int | None = None
        self._rows: Indices = np.empty(0, dtype=np.int64)
        self._places: Indices = np.empty(0, dtype=np.int64)
        self._filter = ""
        self.locked = False  # by a lesson
        self.sorted_by: Column = "name"
        self._descending = False
        self._arranger = Loader(self)
        self._arranger.loaded.connect(self._put_in_order)

    def close(self) -> None:
        """Wait for what is being put in order."""
        self._arranger.close()

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
        """A column of numbers (size,); None where no iteration ran, or nothing was checked."""
        if column in LEDGER:
            return self._ledger.get(column)
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
        self._arranger.cancel()
        self._set_rows(self._choice()())
        self.endResetModel()

    def set_snapshot(self, snapshot: Snapshot) -> None:
        before, self._snapshot = self._snapshot, snapshot
        same = before is not None and before.settings is snapshot.settings
        self._tell_changed(NUMBERS[0] if same else "frozen", NUMBERS[-1])

    def _tell_changed(self, first: Column, last: Column = COLUMNS[-1]) -> None:
        """All cells from one column to another have changed."""
        if len(self._rows):
            end = self.index(len(self._rows) - 1, COLUMNS.index(last))
            self.dataChanged.emit(self.index(0, COLUMNS.index(first)), end)

    def set_ledger(self, columns: dict[str, FloatArray]) -> None:
        """Show what a check has found; {} where there is none."""
        self._ledger = columns
        if self.sorted_by in LEDGER:
            self.arrange()
        self._tell_changed(LEDGER[0])

    def set_digits(self, digits: int) -> None:
        """Show numbers in so many significant digits; 17 are all."""
        self._digits = digits if digits < ALL_DIGITS else None
        self._tell_changed("value")

    def verdict(self, parameter: int) -> Verdict | None:
        """What the last check says of a parameter, None where it was not checked."""
        found = self._ledger.get("verdict")
        if found is None or np.isnan(found[parameter]):
            return None
        from bpgui.engine.gradcheck import VERDICTS  # with the first check

        return VERDICTS[int(found[parameter])]

    def set_filter(self, text: str) -> None:
        self._filter = text
        self.arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.sorted_by = COLUMNS[column] if column >= 0 else "name"
        self._descending = column >= 0 and order == Qt.SortOrder.DescendingOrder
        self.arrange()

    def arrange(self) -> None:
        """Filter and sort by the present numbers; what is selected stays selected."""
        if self.size > MOST_AT_ONCE:
            self._arranger.request(self._choice())
        elif self.size:
            self._put_in_order(self._choice()())

    def _choice(self) -> Callable[[], Indices]:
        """What finds the parameters to show, in their order."""
        numbers = self.numbers(self.sorted_by) if self.sorted_by in LIVE + LEDGER else None
        return partial(self._table.chosen, self._filter, self.sorted_by, self._descending, numbers)

    def _put_in_order(self, rows: Indices) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [(self.parameter_at(index.row()), index.column()) for index in before]
        self._set_rows(rows)
        after = [
            QModelIndex() if row is None else self.index(row, column)
            for row, column in ((self.row_of(parameter), column) for parameter, column in kept)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _set_rows(self, rows: Indices) -> None:
        self._rows = rows
        self._places = np.full(self.size, -1)
        self._places[rows] = np.arange(len(rows))

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
        if role == Qt.ItemDataRole.DisplayRole:
            return heading(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            tip = QCoreApplication.translate("ParameterModel", HEADERS[column][1])
            return f"<p>{escape(tip)}</p>"
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = COLUMNS[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and column not in NUMBERS + LEDGER:
            return None
        if role in TEXT_ROLES:
            digits = self._digits if role == Qt.ItemDataRole.DisplayRole else None
            return self.text(self.parameter_at(index.row()), column, digits)
        if role == VERDICT_ROLE and column == "verdict":
            return self.verdict(self.parameter_at(index.row()))
        if role == Qt.ItemDataRole.CheckStateRole and COLUMNS[index.column()] == "frozen":
            return self._check_state(self.parameter_at(index.row()))
        return None

    def text(self, parameter: int, column: Column, digits: int | None = None) -> str:
        """What a cell says, numbers in all digits or in so many significant ones."""
        network = self._network
        if column == "name":
            return network.parameter(parameter).name
        if column == "source":
            return source_name(network, parameter)
        if column == "target":
            return target_name(network, parameter)
        if column == "frozen":
            return "" if network.is_trained[parameter] else self.tr("fixed")
        if column == "verdict":
            verdict = self.verdict(parameter)
            word = "" if verdict is None else VERDICT_WORDS[verdict]
            return QCoreApplication.translate("ParameterModel", word) if word else ""
        numbers = self.numbers(column)
        if numbers is None or (column in CHECKED and self.verdict(parameter) is None):
            return ""
        return format_number(numbers[parameter], 2 if column == "relative_error" else digits)

    def _check_state(self, parameter: int) -> Qt.CheckState | None:
        if not self._network.is_trained[parameter]:
            return None
        frozen = None if self._snapshot is None else self._snapshot.settings.frozen
        held = frozen is not None and bool(frozen[parameter])
        return Qt.CheckState.Checked if held else Qt.CheckState.Unchecked

    @property
    def editable(self) -> bool:
        """Values can be changed while the run rests, if no lesson keeps them."""
        resting = self._snapshot is not None and self._snapshot.state != RunState.RUNNING
        return resting and not self.locked

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        column = COLUMNS[index.column()]
        if column == "value" and self.editable:
            return EDITABLE
        if column == "frozen" and self.locked:
            return Qt.ItemFlag.ItemIsSelectable
        if column == "frozen" and self._check_state(self.parameter_at(index.row())) is not None:
            return CHECKABLE
        return PLAIN

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        parameter, column = self.parameter_at(index.row()), COLUMNS[index.column()]
        if column == "frozen" and role == Qt.ItemDataRole.CheckStateRole and not self.locked:
            self.frozen_toggled.emit(parameter, Qt.CheckState(value) == Qt.CheckState.Checked)
            return True
        numbers = self.numbers("value")
        editing = column == "value" and role == Qt.ItemDataRole.EditRole and self.editable
        if editing and numbers is not None:
            if float(value) != float(numbers[parameter]):
                self.value_edited.emit(parameter, float(value))
            return True
        return False
