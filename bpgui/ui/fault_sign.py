"""A sign that training goes wrong on purpose."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from bpgui.engine.problem import Problem
from bpgui.ui.theme import SPACING


class FaultSign(QLabel):
    """To be seen while the run uses a wrong backward pass. It does not say which: that may be what
    the user is looking for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "warning")
        self.setContentsMargins(SPACING, 0, 2 * SPACING, 0)
        self.setText(self.tr("wrong backward pass"))
        self.setToolTip(
            "<p>{}</p>".format(
                self.tr(
                    "Training uses a backward pass with a mistake in it, as the experiment says "
                    "under Backward pass. Check now, in Parameters, shows which gradients are "
                    "wrong."
                )
            )
        )
        self.hide()

    def set_problem(self, problem: Problem) -> None:
        self.setVisible(problem.fault is not None)
