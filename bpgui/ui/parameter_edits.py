"""Changes of parameters that panels and commands ask for: a value, what is frozen, all anew."""

from __future__ import annotations

from PySide6.QtCore import QObject

from bpgui.experiment import edits
from bpgui.ui.document import Document
from bpgui.ui.editors.seed_box import new_seed
from bpgui.ui.notice import Notice
from bpgui.ui.session import Session


class ParameterEdits(QObject):
    """A value is set in the run alone; all else is an edit of the document."""

    def __init__(
        self, document: Document, session: Session, notice: Notice, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._session, self._notice = document, session, notice

    def set_value(self, index: int, value: float) -> None:
        if self._session.running:
            self._notice.say(self.tr("Pause first: a value can be set while the run is paused."))
            return
        try:
            self._session.set_parameter(index, value)
        except ValueError as error:
            self._notice.say(str(error))

    def set_frozen(self, index: int, on: bool) -> None:
        problem = self._session.problem
        if problem is None:
            return
        name = problem.network.parameter(index).name
        label = self.tr("Freeze {name}") if on else self.tr("Release {name}")
        self._document.edit(
            label.format(name=name), lambda experiment: edits.set_frozen(experiment, name, on)
        )

    def draw_anew(self) -> None:
        seed = new_seed(getattr(self._document.experiment.initial_weights, "seed", None))
        self._document.edit(
            self.tr("New weights"), lambda experiment: edits.new_seed(experiment, seed)
        )
