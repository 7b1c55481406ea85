"""What the last check of the gradients has found, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from bpgui.engine.spread import covers_all_layers
from bpgui.ui.panels.controls import ElidedLabel
from bpgui.ui.panels.ledger import Ledger
from bpgui.ui.theme import SPACING
from bpgui.ui.translation import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from bpgui.engine.gradcheck import GradientCheck, Verdict
    from bpgui.training.checking import Report

COUNTED: dict[Verdict, str] = {  # as in VERDICTS
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
        self.text = ElidedLabel(self)
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
            self.progress.setRange(0, len(report.task.indices))
            self.progress.setValue(report.done)
            told, role = self._told(report, self._ledger.found), self._role()
        self.text.setText(told)
        self.text.setToolTip(told)
        if self.text.property("role") != role:
            self.text.setProperty("role", role)
            self.text.style().unpolish(self.text)
            self.text.style().polish(self.text)

    def _invitation(self) -> str:
        return self.tr("Check now compares each gradient with a difference of the loss itself.")

    def _told(self, report: Report, found: GradientCheck | None) -> str:
        if self._ledger.busy:
            return ": ".join([self._how_far(report, found), *_tally(found)])
        parts = [": ".join([self._what(report, found), *_tally(found)])]
        if self._ledger.stale:
            parts.append(self.tr("the run has gone on since"))
        return " ".join([report.message, "; ".join(parts)]).strip() + "."

    def _how_far(self, report: Report, found: GradientCheck | None) -> str:
        """The check that is under way, of so many parameters after those that are known."""
        size, done = report.task.parameters.size, 0 if found is None else len(found.indices)
        total = done - report.done + len(report.task.indices)
        text = self.tr("Checking {done} of {total} at iteration {iteration}")
        if total < size:
            text = self.tr("Checking {done} of {total}, out of {size}, at iteration {iteration}")
        return text.format(
            done=f"{done:,}",
            total=f"{total:,}",
            size=f"{size:,}",
            iteration=f"{report.task.iteration:,}",
        )

    def _what(self, report: Report, found: GradientCheck | None) -> str:
        """Which parameters of which iteration are known; how many is told where not all are."""
        iteration = f"{report.task.iteration:,}"
        if found is not None and found.passed:
            text = self.tr("At iteration {iteration} no gradient is wrong")
            return text.format(iteration=iteration)
        if found is not None and found.complete:
            return self.tr("At iteration {iteration}").format(iteration=iteration)
        text = self.tr("{done} of {size} checked at iteration {iteration}")
        if found is not None and covers_all_layers(report.task.problem.network, found):
            text = self.tr("{done} of {size} checked, in all layers, at iteration {iteration}")
        done = 0 if found is None else len(found.indices)
        size = report.task.parameters.size
        return text.format(done=f"{done:,}", size=f"{size:,}", iteration=iteration)

    def _role(self) -> str:
        report, found = self._ledger.report, self._ledger.found
        if found is None:
            return "error" if report is not None and report.message else "muted"
        if found.counts["wrong"]:
            return "error"
        return "warning" if found.counts["doubtful"] else "muted"


def _tally(found: GradientCheck | None) -> list[str]:
    """How many have which verdict, the worst first; nothing where nothing has been checked."""
    if found is None:
        return []
    counts = found.counts
    return [
        ", ".join(
            QCoreApplication.translate("LedgerBar", COUNTED[verdict]).format(
                count=f"{counts[verdict]:,}"
            )
            for verdict in reversed(COUNTED)
            if counts[verdict]
        )
    ]
