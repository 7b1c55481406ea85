"""A seed, and the button that takes another one."""

from __future__ import annotations

import random

from PySide6.QtWidgets import QPushButton, QWidget

from bpgui.ui.editors.value_box import ValueBox, whole
from bpgui.ui.editors.wording import CONTROL_HEIGHT, tooltip

SEEDS = range(10_000)  # that new seeds are taken from: short enough to read out


class NewSeedButton(QPushButton):
    """Enters a new seed into `box`, as if it had been typed."""

    def __init__(self, box: ValueBox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = box
        self.setText(self.tr("New seed"))
        self.setMinimumHeight(CONTROL_HEIGHT)
        self.setProperty("role", "compact")
        self.setToolTip(tooltip(self.tr("Takes another seed, and with it other random numbers.")))
        self.clicked.connect(self.enter_seed)

    def enter_seed(self) -> None:
        self._box.entered.emit(new_seed(int(self._box.value)))


def seed_box(parent: QWidget) -> tuple[ValueBox, NewSeedButton]:
    box = ValueBox(whole(), parent)
    return box, NewSeedButton(box, parent)


def new_seed(old: int | None) -> int:
    """A random seed other than `old`."""
    return random.choice([seed for seed in SEEDS if seed != old])
