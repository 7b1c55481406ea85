"""Batches, precision, and when to stop."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QCheckBox, QWidget

from bpgui.experiment import edits
from bpgui.experiment.models import Experiment
from bpgui.ui.editors.choice_box import ChoiceBox
from bpgui.ui.editors.choices import PRECISIONS, choices
from bpgui.ui.editors.editor import Editor
from bpgui.ui.editors.seed_box import seed_box
from bpgui.ui.editors.value_box import Number, ValueBox, decades, whole

FIRST_BATCH = 10  # when the full batch is left for the first time


class BatchEditor(Editor):
    lesson_names: ClassVar = {"training": ("training.batch_size",)}

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.full = QCheckBox(self.tr("Full batch"), self)
        self.add_wide(
            "training",
            self.full,
            self.tr("Full batch"),
            self.tr("Each update looks at all training samples, so an epoch is one iteration."),
        )
        self.full.clicked.connect(self._set_full)
        self.batch_size = ValueBox(whole(lowest=1), self)
        self.batch_size.set_value(FIRST_BATCH)
        self.add_field(
            "training.batch_size",
            self.tr("Batch size"),
            self.batch_size,
            self.tr(
                "How many samples each update looks at. 1 is online training; small batches make "
                "many noisy steps, large ones few exact steps."
            ),
        )
        self.batch_size.entered.connect(partial(self._set, "batch_size"))
        self.shuffle = QCheckBox(self.tr("Shuffle each epoch"), self)
        self.add_wide(
            "training.shuffle",
            self.shuffle,
            self.tr("Shuffle each epoch"),
            self.tr("Draws the order of the samples anew for each epoch, from the seed below."),
        )
        self.shuffle.clicked.connect(lambda on: self._set("shuffle", on))
        self.seed, new_seed = seed_box(self)
        self.add_field(
            "training.seed",
            self.tr("Seed"),
            self.seed,
            self.tr("The same seed shuffles in the same way again."),
            new_seed,
        )
        self.seed.entered.connect(partial(self._set, "seed"))
        self.precision = ChoiceBox(choices(PRECISIONS), self)
        self.add_field(
            "training.precision",
            self.tr("Precision"),
            self.precision,
            self.tr("How many digits the computer keeps of each number."),
        )
        self.precision.chosen.connect(partial(self._set, "precision"))

    def show_experiment(self, experiment: Experiment) -> None:
        training = experiment.training
        full = training.batch_size is None
        self.full.setChecked(full)
        self.batch_size.setEnabled(not full)
        if training.batch_size is not None:
            self.batch_size.set_value(training.batch_size)
        self.shuffle.setChecked(training.shuffle)
        self.fields["training.seed"].set_visible(training.shuffle)
        self.seed.set_value(training.seed)
        self.precision.set_value(training.precision)

    def _set_full(self, full: bool) -> None:
        self._set("batch_size", None if full else self.batch_size.value)

    def _set(self, name: str, value: Any) -> None:
        self.emit_edit(
            self.tr("set batches"),
            lambda e: edits.set_training(e, name, value),
            f"training.{name}",
        )


class StopEditor(Editor):
    """A rule that is switched off keeps its number at hand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.checks: dict[str, QCheckBox] = {}
        self.numbers: dict[str, ValueBox] = {}
        for name, kind, first, label, help in (
            (
                "max_epochs",
                whole(lowest=1, by=100),
                1000,
                self.tr("Epochs"),
                self.tr("Training stops after so many passes over the training data."),
            ),
            (
                "loss_below",
                decades(),
                1e-3,
                self.tr("Loss below"),
                self.tr("Training stops as soon as the loss over all training data is below this."),
            ),
        ):
            self._add_rule(name, ValueBox(kind, self), first, label, help)

    def _add_rule(self, name: str, box: ValueBox, first: Number, label: str, help: str) -> None:
        check = QCheckBox(label, self)
        box.set_value(first)
        self.checks[name], self.numbers[name] = check, box
        self.add_checked_field(f"training.stop.{name}", check, box, help)
        check.clicked.connect(lambda on: self._set(name, box.value if on else None))
        box.entered.connect(partial(self._set, name))

    def show_experiment(self, experiment: Experiment) -> None:
        for name, box in self.numbers.items():
            value = getattr(experiment.training.stop, name)
            self.checks[name].setChecked(value is not None)
            box.setEnabled(value is not None)
            if value is not None:
                box.set_value(value)

    def _set(self, name: str, value: Number | None) -> None:
        self.emit_edit(
            self.tr("set stop rule"),
            lambda e: edits.set_stop(e, name, value),
            f"training.stop.{name}",
        )
