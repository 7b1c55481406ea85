"""What training makes small."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from bpgui.experiment import edits
from bpgui.experiment.models import Experiment
from bpgui.ui.editors.choice_box import ChoiceBox
from bpgui.ui.editors.choices import LOSSES, REDUCTIONS, choices
from bpgui.ui.editors.editor import Editor


class LossEditor(Editor):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loss = ChoiceBox(choices(LOSSES), self)
        self.add_to_heading(
            "loss.name",
            self.tr("Loss"),
            self.loss,
            self.tr(
                "How wrong an output is, as one number. Its derivative is where backpropagation "
                "starts."
            ),
        )
        self.loss.chosen.connect(
            lambda name: self.emit_edit(
                self.tr("set loss"), lambda e: edits.set_loss(e, name), "loss.name"
            )
        )
        self.reduction = ChoiceBox(choices(REDUCTIONS), self)
        self.add_field(
            "loss.reduction",
            self.tr("Reduction"),
            self.reduction,
            self.tr("How the losses of the samples in a batch become one number."),
        )
        self.reduction.chosen.connect(
            lambda name: self.emit_edit(
                self.tr("set reduction"), lambda e: edits.set_reduction(e, name), "loss.reduction"
            )
        )

    def show_experiment(self, experiment: Experiment) -> None:
        self.loss.set_value(experiment.loss.name)
        self.reduction.set_value(experiment.loss.reduction)
