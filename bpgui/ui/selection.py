"""The one selection that all panels share."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from bpgui.views.quantities import Quantity


class Selection(QObject):
    """What the user has picked anywhere: a parameter (an index into theta), a unit as (layer, unit)
    counted from 1 with layer 0 for the inputs, a training sample (an index from 0), and the number
    that is being explained. Each stays until another of its kind is picked or `clear` is called.

    Picking the same parameter or unit again tells the panels once more if something else was picked
    in between, so that they come back to it."""

    changed = Signal(object)
    unit_changed = Signal(object)
    sample_changed = Signal(int)
    quantity_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parameter: int | None = None
        self._unit: tuple[int, int] | None = None
        self._sample = 0
        self._quantity: Quantity | None = None
        self._last = ""

    @property
    def parameter(self) -> int | None:
        return self._parameter

    @property
    def unit(self) -> tuple[int, int] | None:
        return self._unit

    @property
    def sample(self) -> int:
        return self._sample

    @property
    def quantity(self) -> Quantity | None:
        return self._quantity

    def select(self, parameter: int | None) -> None:
        if parameter != self._parameter or self._is_back("parameter", parameter):
            self._parameter, self._last = parameter, "parameter"
            self.changed.emit(parameter)

    def select_unit(self, unit: tuple[int, int] | None) -> None:
        if unit != self._unit or self._is_back("unit", unit):
            self._unit, self._last = unit, "unit"
            self.unit_changed.emit(unit)

    def select_sample(self, sample: int) -> None:
        if sample != self._sample:
            self._sample = sample
            self.sample_changed.emit(sample)

    def select_quantity(self, quantity: Quantity | None) -> None:
        if quantity != self._quantity:
            self._quantity, self._last = quantity, "quantity"
            self.quantity_changed.emit(quantity)

    def _is_back(self, kind: str, picked: object) -> bool:
        return picked is not None and self._last != kind

    def clear(self) -> None:
        """Nothing is picked, and the first sample is looked at: another problem begins."""
        self.select(None)
        self.select_unit(None)
        self.select_quantity(None)
        self.select_sample(0)
