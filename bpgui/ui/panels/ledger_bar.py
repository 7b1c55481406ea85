"""What the last check of the gradients has found, in one line."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from bpgui.ui.panels.ledger import Ledger
from bpgui.ui.theme import SPACING
from bpgui.ui.translation import QT_TRANSLATE_NOOP
from bpgui.views.ledger import VERDICTS, counts

COUNTED = {
    "good": QT_TRANSLATE_NOOP("LedgerBar", "{count} good"),
    "kink": QT_TRANSLATE_NOOP("LedgerBar", "{count} at a kink"),
    "doubtful": QT_TRANSLATE_NOOP("LedgerBar", "{count} doubtful"),
    "wrong": QT_TRANSLATE_NOOP("LedgerBar", "{count} wrong"),
}


class LedgerBar(QWidget):
    """Tells what the ledger holds: how far a check is, what it has found, of which iteration."""

    def __init__(self, ledger: Ledger, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ledger = ledger
        self.text = QLabel(self)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setFixedSize(15 * SPACING, SPACING)
        self.progress.setAccessibleName(self.tr("Progress of the check"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        row.addWidget(self.text, 1)
        row.addWidget(self.progress)
        self.show_ledger()

    def show_ledger(self) -> None:
        report = self._ledger.report
        self.progress.setVisible(self._ledger.busy)
        if report is None:
            told, role = self._invitation(), "muted"
        else:
            size = report.task.parameters.size
            self.progress.setRange(0, size)
            self.progress.setValue(report.done)
            told, role = self._told(), self._role()
        self.text.setText(told)
        self.text.setToolTip(told)
        if self.text.property("role") != role:
            self.text.setProperty("role", role)
            self.text.style().unpolish(self.text)
            self.text.style().polish(self.text)

    def _invitation(self) -> str:
        return self.tr("Check now compares each gradient with a difference of the loss itself.")

    def _told(self) -> str:
        report = self._ledger.report
        assert report is not None
        size, iteration = report.task.parameters.size, f"{report.task.iteration:,}"
        if self._ledger.busy:
            told = self.tr("Checking {done} of {size} at iteration {iteration}").format(
                done=f"{report.done:,}", size=f"{size:,}", iteration=iteration
            )
            return ": ".join([told, *self._found()])
        if report.state == "done" and report.check is not None and report.check.passed:
            told = self.tr("At iteration {iteration} no gradient is wrong").format(
                iteration=iteration
            )
        elif report.state == "done":
            told = self.tr("At iteration {iteration}").format(iteration=iteration)
        else:
            told = self.tr("{done} of {size} checked at iteration {iteration}").format(
                done=f"{report.done:,}", size=f"{size:,}", iteration=iteration
            )
        parts = [": ".join([told, *self._found()])]
        if self._ledger.stale:
            parts.append(self.tr("the run has gone on since"))
        return " ".join([report.message, "; ".join(parts)]).strip() + "."

    def _found(self) -> list[str]:
        """How many have which verdict, the worst first; nothing where nothing has been checked."""
        report = self._ledger.report
        if report is None or report.check is None:
            return []
        found = counts(report.check)
        return [
            ", ".join(
                QCoreApplication.translate("LedgerBar", COUNTED[verdict]).format(
                    count=f"{found[verdict]:,}"
                )
                for verdict in reversed(VERDICTS)
                if found[verdict]
            )
        ]

    def _role(self) -> str:
        report = self._ledger.report
        if report is None or report.check is None:
            return "error" if report is not None and report.message else "muted"
        found = counts(report.check)
        if found["wrong"]:
            return "error"
        return "warning" if found["doubtful"] else "muted"
