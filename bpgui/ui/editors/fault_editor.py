"""Which backward pass training uses: the right one, or one with a mistake to be found."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from bpgui.experiment import edits
from bpgui.experiment.models import Experiment
from bpgui.ui.editors.choice_box import Choice, ChoiceBox
from bpgui.ui.editors.choices import FAULTS, choices
from bpgui.ui.editors.editor import Editor
from bpgui.ui.editors.wording import CONTROL_HEIGHT, tooltip

RIGHT, HIDDEN = "right", "hidden"


class FaultEditor(Editor):
    """A mistake that a preset brings along keeps its name to itself until the user asks for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._known: set[str | None] = {None}  # what the user has chosen or uncovered
        self.fault = ChoiceBox(choices(FAULTS), self)
        self.reveal = QPushButton(self.tr("Reveal"), self)
        self.reveal.setMinimumHeight(CONTROL_HEIGHT)
        self.reveal.setToolTip(tooltip(self.tr("Names the mistake. Look for it first.")))
        self.reveal.clicked.connect(self._uncover)
        self.add_field(
            "training.fault",
            self.tr("Pass"),
            self.fault,
            self.tr(
                "Training can use a backward pass with a known mistake. Check the gradients in the "
                "parameter table, and see which of them it spoils."
            ),
            self.reveal,
        )
        self.fault.chosen.connect(self._choose)
        self.warning = QLabel(self.tr("Training uses a wrong backward pass."), self)
        self.warning.setProperty("role", "warning")
        self.warning.setWordWrap(True)
        self.warning.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.form.addWidget(self.warning, self.form.rowCount(), 0, 1, 2)

    def show_experiment(self, experiment: Experiment) -> None:
        if self._experiment is None or _is_another(self._experiment, experiment):
            self._known = {None}
        self._experiment = experiment
        fault = experiment.training.fault
        hidden = fault not in self._known
        self.fault.set_choices(self._choices(hidden))
        self.fault.set_value(HIDDEN if hidden else fault or RIGHT)
        self.reveal.setVisible(hidden)
        self.warning.setVisible(fault is not None)

    def _choices(self, hidden: bool) -> list[Choice]:
        named = choices(FAULTS)
        if not hidden:
            return named
        help = self.tr("A mistake that is there to be found.")
        return [*named, Choice(HIDDEN, self.tr("hidden"), help)]

    def _choose(self, value: str) -> None:
        if value == HIDDEN:
            return
        fault = None if value == RIGHT else value
        self._known.add(fault)
        self.emit_edit(
            self.tr("set backward pass"),
            lambda e: edits.set_training(e, "fault", fault),
            "training.fault",
        )

    def _uncover(self) -> None:
        if self._experiment is not None:
            self._known.add(self._experiment.training.fault)
            self.show_experiment(self._experiment)
            self.fault.setFocus()


def _is_another(old: Experiment, new: Experiment) -> bool:
    """Whether this is not the same experiment after an edit: no edit changes both at once."""
    return old.name != new.name and old.description != new.description
