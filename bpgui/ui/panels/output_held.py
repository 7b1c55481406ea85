"""At which values the inputs are held that a surface does not span."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from bpgui.engine.network import FloatArray
from bpgui.ui.panels.controls import WholeBox, tip
from bpgui.ui.panels.output_words import OutputWords
from bpgui.ui.theme import SPACING, mark_wrong
from bpgui.views.numbers import NumberError, format_number, parse_number

LONGEST = "-8.8888888888888888e-88"  # what rounding leaves of a mean of 0 has no fewer digits


class HeldValue(QWidget):
    """The value of one held input after the other, each of which can be overwritten."""

    changed = Signal()

    def __init__(self, words: OutputWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held: FloatArray | None = None
        self._chosen: dict[int, float] = {}
        told = f"<b>{words.held_input}</b><br>{words.held_input_tip}"
        self.input = WholeBox(self, words.held_input, told)
        self.input.setPrefix("x")
        self.value = QLineEdit(self)
        self.value.setAccessibleName(words.held_value)
        room = self.value.fontMetrics().horizontalAdvance(LONGEST)
        self.value.setMinimumWidth(room + 3 * SPACING)
        self._tip = f"<b>{words.held_value}</b><br>{words.held_value_tip}"
        self._mark("")
        self.input.valueChanged.connect(lambda _: self._tell())
        self.value.editingFinished.connect(self._take)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING // 2)
        row.addWidget(self.input)
        row.addWidget(self.value)

    @property
    def chosen(self) -> tuple[tuple[int, float], ...]:
        """The inputs (from 0) that have been overwritten, with their values."""
        return tuple(sorted(self._chosen.items()))

    def set_inputs(self, count: int) -> None:
        with QSignalBlocker(self.input):
            self.input.setRange(1, count)
            self.input.setValue(min(3, count))
        self.clear()

    def clear(self) -> None:
        """Hold what is to be held by default."""
        self._chosen = {}

    def show_held(self, held: FloatArray) -> None:
        """What is held now (inputs,)."""
        self._held = held
        if not self.value.isModified():
            self._tell()

    def _tell(self) -> None:
        if self._held is not None and self.input.value() <= len(self._held):
            self.value.setText(format_number(self._held[self.input.value() - 1]))
            self.value.setCursorPosition(0)
        self._mark("")

    def _take(self) -> None:
        """Use what was typed; a text that is no number stays, marked."""
        if not self.value.isModified():
            return
        try:
            number = parse_number(self.value.text())
        except NumberError as error:
            self._mark(str(error))
            return
        self.value.setModified(False)
        self._mark("")
        self._chosen[self.input.value() - 1] = number
        self.changed.emit()

    def _mark(self, fault: str) -> None:
        self.value.setToolTip(tip(fault) if fault else self._tip)
        mark_wrong(self.value, bool(fault))
