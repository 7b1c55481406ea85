"""How gradients become updates."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from bpgui.experiment import edits
from bpgui.experiment.models import Experiment
from bpgui.ui.editors.choice_box import ChoiceBox
from bpgui.ui.editors.choices import OPTIMIZERS, choices
from bpgui.ui.editors.editor import Editor
from bpgui.ui.editors.value_box import ValueBox, decades, linear

SMALLEST_PENALTY = 1e-6  # one step above zero


class OptimizerEditor(Editor):
    """Fields that the chosen optimizer does not have are hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.optimizer = ChoiceBox(choices(OPTIMIZERS), self)
        self.add_to_heading(
            "training.optimizer.name",
            self.tr("Optimizer"),
            self.optimizer,
            self.tr("The rule that turns gradients into updates of the weights."),
        )
        self.optimizer.chosen.connect(
            lambda name: self.emit_edit(
                self.tr("set optimizer"),
                lambda e: edits.set_optimizer(e, name),
                "training.optimizer.name",
            )
        )
        self.numbers: dict[str, ValueBox] = {}
        share = linear("0.01", lowest=0.0, highest=0.99)
        near_one = linear("0.001", lowest=0.0, highest=0.999)
        for name, kind, label, help in (
            (
                "learning_rate",
                decades(),
                self.tr("&Learning rate"),
                self.tr(
                    "How far a weight moves for a given gradient. Too small is slow, too large "
                    "overshoots. Arrow keys step 0.1, 0.3, 1; Page Up and Page Down by ten. It can "
                    "be changed while training runs."
                ),
            ),
            (
                "momentum",
                share,
                self.tr("Momentum"),
                self.tr("The share of the last update that is kept. 0 is plain gradient descent."),
            ),
            (
                "alpha",
                share,
                self.tr("Smoothing"),
                self.tr("How slowly the average of squared gradients forgets (alpha)."),
            ),
            (
                "beta1",
                share,
                self.tr("Beta 1"),
                self.tr("How slowly the average of gradients forgets."),
            ),
            (
                "beta2",
                near_one,
                self.tr("Beta 2"),
                self.tr("How slowly the average of squared gradients forgets."),
            ),
            (
                "eps",
                decades(),
                self.tr("Epsilon"),
                self.tr("A small number that keeps the division from going wild."),
            ),
        ):
            box = ValueBox(kind, self)
            self.numbers[name] = box
            self.add_field(f"training.optimizer.{name}", label, box, help)
            box.entered.connect(partial(self._set_number, name))
        self.learning_rate = self.numbers["learning_rate"]

    def show_experiment(self, experiment: Experiment) -> None:
        optimizer = experiment.training.optimizer
        self.optimizer.set_value(optimizer.name)
        for name, box in self.numbers.items():
            self.fields[f"training.optimizer.{name}"].set_visible(hasattr(optimizer, name))
            if hasattr(optimizer, name):
                box.set_value(getattr(optimizer, name))

    def _set_number(self, name: str, value: float) -> None:
        self.emit_edit(
            self.tr("set {name}").format(name=self.numbers[name].accessibleName().lower()),
            lambda e: edits.set_hyperparameter(e, name, value),
            f"training.optimizer.{name}",
        )


class RegularizationEditor(Editor):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.numbers: dict[str, ValueBox] = {}
        for name, label, help in (
            (
                "l1",
                self.tr("L1"),
                self.tr("Adds L1 × Σ|w| to the loss: small weights are drawn all the way to zero."),
            ),
            (
                "l2",
                self.tr("L2"),
                self.tr("Adds L2 / 2 × Σw² to the loss: large weights shrink. Biases are spared."),
            ),
        ):
            box = ValueBox(decades(from_zero=SMALLEST_PENALTY), self)
            self.numbers[name] = box
            self.add_field(f"training.{name}", label, box, help)
            box.entered.connect(partial(self._set_number, name))

    def show_experiment(self, experiment: Experiment) -> None:
        for name, box in self.numbers.items():
            box.set_value(getattr(experiment.training, name))

    def _set_number(self, name: str, value: float) -> None:
        self.emit_edit(
            self.tr("set regularization"),
            lambda e: edits.set_training(e, name, value),
            f"training.{name}",
        )
