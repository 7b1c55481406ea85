"""The check behind the ledger: begun, followed and cancelled without waiting for it."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.training.snapshot import Snapshot
from bpgui.views.names import Indices

if TYPE_CHECKING:
    from bpgui.engine.gradcheck import GradientCheck
    from bpgui.training.checking import Check, Report
    from bpgui.views.ledger import Shares

POLL = 50  # ms


class Ledger(QObject):
    """What has been found of the last state that was checked, and the check that is under way."""

    changed = Signal()

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        self._check: Check | None = None
        self._retired: list[Check] = []
        self._timer = QTimer(self, interval=POLL)
        self._timer.timeout.connect(self._poll)
        self._sample = 0
        self._shares: Shares | None = None
        self._earlier: GradientCheck | None = None
        self.report: Report | None = None
        self.stale = False
        self.columns: dict[str, FloatArray] = {}

    @property
    def busy(self) -> bool:
        return self._check is not None

    @property
    def sample(self) -> int:
        """The training sample whose activations and deltas are shown."""
        return self._sample

    @property
    def found(self) -> GradientCheck | None:
        """All that is known of the state; complete if that is every parameter."""
        latest = None if self.report is None else self.report.check
        parts = [part for part in (self._earlier, latest) if part is not None]
        if self.report is None or not parts:
            return None
        from bpgui.engine.gradcheck import GradientCheck

        count = sum(len(part.indices) for part in parts)
        return GradientCheck.joined(parts, count == self.report.task.parameters.size)

    def knows(self, parameter: int) -> bool:
        """Whether the state that is shown has a verdict on a parameter."""
        found = None if self.stale else self.found
        return found is not None and parameter in found.indices

    def check(
        self, problem: Problem, snapshot: Snapshot, indices: Indices, most: int | None = None
    ) -> None:
        """Begin to check these parameters of a state, at most so many. What is known of that state
        stays and is not checked again, but where nothing else is left."""
        from bpgui.training.checking import Check, Report, Task  # with the first check

        earlier = self.found if self._holds(snapshot) else None
        left = indices if earlier is None else indices[~np.isin(indices, earlier.indices)]
        if not len(left):
            earlier, left = None, indices
        left = left[:most]
        self._retire()
        problem = replace(problem, settings=snapshot.settings)
        task = Task(problem, snapshot.parameters, snapshot.slots, snapshot.iteration, left)
        self._check = Check(task, self._executor)
        self._earlier = earlier
        self.report, self.stale, self._shares = Report(task, "checking", None), False, None
        self._fill()
        self._timer.start()

    def cancel(self) -> None:
        """What has been checked by now is kept."""
        if self._check is not None:
            self._check.cancel()

    def forget(self) -> None:
        """Another run begins."""
        self._retire()
        self.report, self._earlier, self.stale, self.columns = None, None, False, {}
        self.changed.emit()

    def see(self, snapshot: Snapshot) -> None:
        """Notice where the run has left the state that was checked."""
        if self.report is None:
            return
        stale = not self._holds(snapshot)
        if stale != self.stale:
            self.stale = stale
            self.changed.emit()

    def _holds(self, snapshot: Snapshot) -> bool:
        """Whether this is the state that was checked."""
        if self.report is None:
            return False
        task = self.report.task
        return (
            snapshot.iteration == task.iteration
            and snapshot.settings is task.problem.settings
            and np.array_equal(snapshot.parameters, task.parameters)
        )

    def set_sample(self, sample: int) -> None:
        self._sample = sample
        if self.report is not None:
            self._fill()

    def close(self) -> None:
        """End every check and wait for its thread."""
        self._retire()
        for check in self._retired:
            check.close()
        self._retired.clear()

    def _retire(self) -> None:
        self._timer.stop()
        if self._check is not None:
            self._check.cancel()
            self._retired.append(self._check)
            self._check = None

    def _poll(self) -> None:
        report = self._check.take() if self._check is not None else None
        if report is None:
            return
        self.report = report
        if report.state != "checking":
            self._retire()
        self._fill()

    def _fill(self) -> None:
        from bpgui.views.ledger import by_parameter, shares

        assert self.report is not None
        task = self.report.task
        sample = min(self._sample, len(task.problem.train) - 1)
        if self._shares is None or self._shares.sample != sample:
            self._shares = shares(task.problem, task.parameters, sample)
        self.columns = {"activation": self._shares.activations, "delta": self._shares.deltas}
        found = self.found
        if found is not None:
            self.columns |= by_parameter(found, task.parameters.size)
        self.changed.emit()
