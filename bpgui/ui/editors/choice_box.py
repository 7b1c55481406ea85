"""A box to choose one name from a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from bpgui.ui.editors.wording import CONTROL_HEIGHT, SMALLEST_WIDTH, tooltip


class Choice(NamedTuple):
    """`value` None makes a heading, which cannot be chosen."""

    value: str | None
    label: str
    help: str = ""


class ChoiceBox(QComboBox):
    """Emits the value that the user chose; it shows what it is told to show."""

    chosen = Signal(str)

    def __init__(self, choices: Iterable[Choice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setMinimumSize(SMALLEST_WIDTH, CONTROL_HEIGHT)
        self.setMaxVisibleItems(20)
        self.set_choices(choices)
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index)))

    @property
    def value(self) -> str:
        return str(self.currentData())

    def set_value(self, value: str) -> None:
        self.setCurrentIndex(self.findData(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Without the focus the wheel scrolls the dock and changes nothing."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def set_choices(self, choices: Iterable[Choice]) -> None:
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        model.clear()
        for choice in choices:
            item = QStandardItem(choice.label)
            item.setData(choice.value, Qt.ItemDataRole.UserRole)
            if choice.value is None:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            if choice.help:
                item.setToolTip(tooltip(choice.help))
            model.appendRow(item)
