"""A box for one number that accepts it as people write it and shows it in full digits."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QSizePolicy, QWidget

from bpgui.ui.editors.wording import CONTROL_HEIGHT, SMALLEST_WIDTH, fault_text
from bpgui.ui.theme import TEXT_MARGIN, mark_wrong
from bpgui.views.numbers import NumberError, format_number, parse_integer, parse_number

Number: TypeAlias = int | float
PAGE = 10  # steps that Page Up and Page Down ask for


class Kind(NamedTuple):
    """How a box reads its text, and where its arrows lead."""

    parse: Callable[[str], Number]
    step: Callable[[Number, int], Number]


def whole(lowest: int = 0, by: int = 1) -> Kind:
    """Whole numbers; the arrows stop at `lowest`."""
    return Kind(parse_integer, lambda value, steps: max(int(value) + steps * by, lowest))


def linear(by: str, lowest: float = float("-inf"), highest: float = float("inf")) -> Kind:
    """Real numbers in steps of the decimal `by`, without the dust of binary addition."""

    def step(value: Number, steps: int) -> float:
        moved = Decimal(repr(float(value))) + steps * Decimal(by)
        return min(max(float(moved), lowest), highest)

    return Kind(parse_number, step)


def decades(from_zero: float | None = None) -> Kind:
    """Positive numbers in steps of 1, 3, 10, 30 ...; a page is a decade.

    With `from_zero`, zero lies one step below that number.
    """

    def step(value: Number, steps: int) -> float:
        number = float(value)
        if number <= 0.0:
            return from_zero if from_zero is not None and steps > 0 else 0.0
        if abs(steps) >= PAGE:
            moved = float(Decimal(repr(number)).scaleb(steps // PAGE))
        else:
            moved = number
            for _ in range(abs(steps)):
                moved = next_third_decade(moved, steps > 0)
        if from_zero is not None and moved < from_zero:
            return 0.0
        return moved if 1e-300 < moved < 1e300 else number

    return Kind(parse_number, step)


def next_third_decade(value: float, up: bool) -> float:
    """The next of ... 0.1, 0.3, 1, 3, 10 ... above or below a positive `value`."""
    exponent = Decimal(repr(value)).adjusted()
    grid = [float(f"{m}e{exponent + d}") for d in (-1, 0, 1) for m in (1, 3)]
    return min(x for x in grid if x > value) if up else max(x for x in grid if x < value)


class ValueBox(QAbstractSpinBox):
    """Emits what was entered (Enter, Tab or an arrow key); it shows what it is told to show."""

    entered = Signal(object)  # int | float
    rejected = Signal(str)  # what is wrong with the text
    reverted = Signal()  # Escape: the last good number is back

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self._value: Number = 0
        self._typed = (
            False  # since the last entering; QAbstractSpinBox resets lineEdit().isModified
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumSize(SMALLEST_WIDTH, CONTROL_HEIGHT)
        self.lineEdit().setTextMargins(TEXT_MARGIN, 0, TEXT_MARGIN, 0)
        self.lineEdit().textEdited.connect(self._note_typing)
        self.editingFinished.connect(self._enter)
        self._show_text()

    @property
    def value(self) -> Number:
        return self._value

    def set_value(self, value: Number) -> None:
        """Show `value`; a text that is just being typed stays where the value is the same."""
        typing = self.hasFocus() and self._typed
        if value == self._value and typing and not self._is_wrong():
            return
        self._value = value
        self._show_text()

    def set_wrong(self, wrong: bool) -> None:
        """Show the text in the color of errors, or in its own again."""
        mark_wrong(self, wrong)
        palette = QPalette()
        if wrong:
            palette.setColor(QPalette.ColorRole.Text, self.palette().brightText().color())
        self.lineEdit().setPalette(palette)

    def stepBy(self, steps: int) -> None:
        moved = self._kind.step(self._value, steps)
        if moved != self._value or self._is_wrong():
            self.lineEdit().setText(format_number(moved))
            self.entered.emit(moved)
        self.lineEdit().selectAll()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        enabled = QAbstractSpinBox.StepEnabledFlag.StepNone
        if self._kind.step(self._value, 1) != self._value:
            enabled |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        if self._kind.step(self._value, -1) != self._value:
            enabled |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        return enabled

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return QValidator.State.Acceptable, text, position

    def fixup(self, text: str) -> str:
        return text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        changed = self._typed or self._is_wrong()
        if event.key() == Qt.Key.Key_Escape and changed:
            self._show_text()
            self.reverted.emit()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Without the focus the wheel scrolls the dock and changes nothing."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _enter(self) -> None:
        if not self._typed:
            return
        try:
            value = self._kind.parse(self.text())
        except NumberError as error:
            self.rejected.emit(fault_text(error))
            return
        self._typed = False
        if value == self._value:
            self._show_text()
        self.entered.emit(value)

    def _show_text(self) -> None:
        text = format_number(self._value)
        if text != self.text():
            self.lineEdit().setText(text)
            self.lineEdit().setCursorPosition(0)
        self._typed = False

    def _note_typing(self) -> None:
        self._typed = True

    def _is_wrong(self) -> bool:
        return bool(self.property("wrong"))
