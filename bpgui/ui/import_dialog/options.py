"""What becomes of the columns: classes or numbers, gaps, scaling, the samples for testing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QWidget

from bpgui.experiment.csv_import import MOST_INLINE, Choices
from bpgui.ui.editors.choice_box import Choice, ChoiceBox
from bpgui.ui.editors.editor import describe
from bpgui.ui.editors.seed_box import seed_box
from bpgui.ui.editors.value_box import ValueBox, linear
from bpgui.ui.theme import SPACING

CLASSES, NUMBERS, NONE = "classes", "numbers", ""


class Options(QWidget):
    """Shows choices, and emits them as the user changes them."""

    changed = Signal(object)  # Choices

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: Choices | None = None
        self._make_boxes()
        self.inline = QCheckBox(self.tr("&Keep the samples in the preset itself"), self)
        help = self.tr(
            "The preset then needs no file. All samples are for training, with their inputs scaled "
            "as is chosen here. For {count} samples at most."
        ).format(count=f"{MOST_INLINE:,}")
        describe(self.inline, self.tr("Keep the samples in the preset itself"), help)
        self.set_up = QCheckBox(self.tr("Set up a &network that learns this:"), self)
        help = self.tr("Off: the network stays, and only its inputs and outputs follow the data.")
        describe(self.set_up, self.tr("Set up a network that learns this"), help)
        self.network = QLabel(self)
        self.network.setProperty("role", "muted")
        self.network.setWordWrap(True)
        self._lay_out()
        self._connect()

    def _make_boxes(self) -> None:
        self.kind = ChoiceBox(
            [Choice(CLASSES, self.tr("A class")), Choice(NUMBERS, self.tr("Numbers"))], self
        )
        self.missing = ChoiceBox(
            [
                Choice("refuse", self.tr("Refuse the file")),
                Choice("drop", self.tr("Leave the row out")),
                Choice("mean", self.tr("Fill in the mean")),
                Choice("median", self.tr("Fill in the median")),
            ],
            self,
        )
        self.scaling = ChoiceBox(
            [
                Choice(NONE, self.tr("None")),
                Choice("standardize", self.tr("Mean 0, deviation 1")),
                Choice("range", self.tr("From 0 to 1")),
            ],
            self,
        )
        self.test_fraction = ValueBox(linear("0.05", lowest=0.0, highest=0.95), self)
        self.seed, self.new_seed = seed_box(self)
        self.seed.setParent(self)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACING)
        grid.setVerticalSpacing(SPACING)
        fields = (
            (self.tr("&Predict"), self.kind, self.tr("Whether the target is a class or a number.")),
            (
                self.tr("&Missing values"),
                self.missing,
                self.tr(
                    "What becomes of a cell without a value. Fills are of the training samples."
                ),
            ),
            (
                self.tr("&Scaling"),
                self.scaling,
                self.tr(
                    "Brings inputs, and targets that are numbers, to a common size. The numbers "
                    "for it are found on the training samples and kept in the preset."
                ),
            ),
            (
                self.tr("&Test share"),
                self.test_fraction,
                self.tr("This share of the samples is kept for testing and never trained on."),
            ),
            (
                self.tr("S&eed"),
                self.seed,
                self.tr("Draws which samples are for testing: the same seed, the same samples."),
            ),
        )
        for place, (label, box, help) in enumerate(fields):
            caption = QLabel(label, self)
            caption.setBuddy(box)
            describe(box, label.replace("&", ""), help)
            caption.setToolTip(box.toolTip())
            grid.addWidget(caption, 0, place)
            grid.addWidget(box, 1, place)
            grid.setColumnStretch(place, 3 if place < 3 else 2)
        grid.addWidget(self.new_seed, 1, len(fields))
        last = grid.columnCount()
        grid.addWidget(self.inline, 2, 0, 1, last)
        line = QHBoxLayout()
        line.setSpacing(SPACING // 2)
        line.addWidget(self.set_up, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.network, 1)
        grid.addLayout(line, 3, 0, 1, last)

    def _connect(self) -> None:
        self.kind.chosen.connect(lambda value: self._change(classes=value == CLASSES))
        self.missing.chosen.connect(lambda value: self._change(missing=value))
        self.scaling.chosen.connect(lambda value: self._change(scaling=value or None))
        self.test_fraction.entered.connect(self._change_fraction)
        self.seed.entered.connect(self._change_seed)
        self.inline.clicked.connect(lambda on: self._change(inline=on))
        self.set_up.clicked.connect(lambda on: self._change(set_up=on))

    def show_choices(
        self, choices: Choices, *, single_target: bool, gaps: bool, small: bool, network: str
    ) -> None:
        """`small` tells whether the samples fit into a preset, `network` what would be set up."""
        self._choices = choices
        self.kind.set_value(CLASSES if choices.classes else NUMBERS)
        self.kind.setEnabled(single_target)
        self.missing.set_value(choices.missing)
        self.missing.setEnabled(gaps)
        self.scaling.set_value(choices.scaling or NONE)
        self.test_fraction.set_value(choices.test_fraction)
        self.test_fraction.setEnabled(not choices.inline)
        self.seed.set_value(choices.seed)
        for widget in (self.seed, self.new_seed):
            widget.setEnabled(choices.test_fraction > 0 and not choices.inline)
        self.inline.setEnabled(small)
        self.inline.setChecked(choices.inline)
        self.set_up.setChecked(choices.set_up)
        self.network.setText(network)
        self.network.setEnabled(choices.set_up)

    def _change_fraction(self, value: float) -> None:
        right = 0 <= value < 1
        self.test_fraction.set_wrong(not right)
        if right:
            self._change(test_fraction=float(value))

    def _change_seed(self, value: int) -> None:
        right = 0 <= value < 2**63
        self.seed.set_wrong(not right)
        if right:
            self._change(seed=int(value))

    def _change(self, **changes: Any) -> None:
        if self._choices is not None:
            self.changed.emit(replace(self._choices, **changes))
