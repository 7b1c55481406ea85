"""The numbers of one step as a table that makes a text only for a cell that is looked at."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, Qt

from bpgui.engine.derivation import Derivation
from bpgui.ui.panels.parameter_model import Index
from bpgui.ui.translation import QT_TRANSLATE_NOOP
from bpgui.views.formulas import symbol_of
from bpgui.views.names import unit_name
from bpgui.views.numbers import format_number
from bpgui.views.quantities import Quantity
from bpgui.views.walkthrough import Numbers, Step, numbers_of
from bpgui.views.writing import FULL_DIGITS

Column: TypeAlias = Literal["name", "unit", "value", "change"]

HEADERS: dict[Column, str] = {
    "name": QT_TRANSLATE_NOOP("ExplainModel", "Number"),
    "unit": QT_TRANSLATE_NOOP("ExplainModel", "Unit"),
    "value": QT_TRANSLATE_NOOP("ExplainModel", "Value"),
    "change": QT_TRANSLATE_NOOP("ExplainModel", "Change"),
}
WHOLE: dict[str, str] = {
    "objective": QT_TRANSLATE_NOOP("ExplainModel", "with penalties"),
    "loss": QT_TRANSLATE_NOOP("ExplainModel", "loss"),
    "sample_loss": QT_TRANSLATE_NOOP("ExplainModel", "this sample"),
}


class ExplainModel(QAbstractTableModel):
    """A row for each number of a step."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._derivation: Derivation | None = None
        self._step: Step | None = None
        self._numbers: Numbers | None = None
        self._sample = 0
        self._digits = FULL_DIGITS
        self.columns: tuple[Column, ...] = ("name", "unit", "value")

    def show(self, derivation: Derivation | None, step: Step | None, sample: int) -> None:
        """Another step or another pass; rows stay where only the values differ."""
        numbers = None
        if derivation is not None and step is not None:
            numbers = numbers_of(derivation, step)
        same = step == self._step and len(numbers or ()) == self.rowCount()
        if not same:
            self.beginResetModel()
        self._derivation, self._step, self._numbers = derivation, step, numbers
        self._sample = sample
        changing = step is not None and step.kind == "update"
        self.columns = ("name", "value", "change") if changing else ("name", "unit", "value")
        if same:
            self.refresh()
        else:
            self.endResetModel()

    def set_digits(self, digits: int) -> None:
        self._digits = digits
        self.refresh()

    def refresh(self) -> None:
        if self.rowCount():
            last = self.index(self.rowCount() - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def quantity_at(self, row: int) -> Quantity | None:
        return self._numbers[row] if self._numbers and 0 <= row < len(self._numbers) else None

    def row_of(self, quantity: Quantity | None) -> int | None:
        if quantity is None or self._numbers is None:
            return None
        return self._numbers.index_of(quantity)

    # --- what Qt asks ----------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self._numbers is None else len(self._numbers)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            if column == "value" and "change" in self.columns:
                return self.tr("New value")
            return QCoreApplication.translate("ExplainModel", HEADERS[column])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        quantity = self.quantity_at(index.row())
        if quantity is None or self._derivation is None:
            return None
        return self._text(self._derivation, quantity, self.columns[index.column()])

    def _text(self, derivation: Derivation, quantity: Quantity, column: Column) -> str:
        if column == "unit":
            if not quantity.unit:
                return QCoreApplication.translate("ExplainModel", WHOLE[quantity.kind])
            return unit_texts(derivation, quantity)
        if column == "change":
            index = derivation.problem.network.index(quantity.layer, quantity.unit, quantity.source)
            change = derivation.update.parameters[index] - derivation.parameters[index]
            return self._number(float(change))
        symbol = symbol_of(derivation, quantity, self._sample)
        return short_name(symbol.text) if column == "name" else self._number(symbol.value)

    def _number(self, value: float) -> str:
        return format_number(value, None if self._digits >= FULL_DIGITS else self._digits)


def unit_texts(derivation: Derivation, quantity: Quantity) -> str:
    """The unit a number belongs to, or the two that a weight joins."""
    network = derivation.problem.network
    to = unit_name(network, quantity.layer, quantity.unit)
    if quantity.source is None:
        return to
    return f"{unit_name(network, quantity.layer - 1, quantity.source)} → {to}"


def short_name(text: str) -> str:
    """A symbol's text with the letters that it stands for."""
    return text.replace("delta", "δ").replace("dL", "∂L").replace("/d", "/∂")
