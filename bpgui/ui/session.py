"""Owns the run: builds it from the experiment, commands it, and polls what it publishes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from bpgui.datasets.table import Table
from bpgui.engine.problem import Problem, Settings
from bpgui.experiment.building import Builder, settings_of
from bpgui.experiment.changes import Change, classify
from bpgui.experiment.errors import PresetError
from bpgui.experiment.models import Experiment
from bpgui.experiment.sources import Csv
from bpgui.training.prompt import Prompt
from bpgui.training.run import Run
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.training.worker import Worker
from bpgui.ui.budget import Budget
from bpgui.ui.loading import Loader
from bpgui.ui.watching import Progress

EAGER = 1  # ms between looks while something is waited for: a run's first snapshot, or a pause
FAST_SCREEN = 59.0  # Hz; a screen below this is polled at half the rate
ENDED = (RunState.FINISHED, RunState.DIVERGED)


class Session(QObject):
    """One run at a time, on one worker that all runs share.

    While an experiment's data are loaded the old run stays; where they cannot be had,
    `obstacle` says why there is no run. Snapshots of a run that has been replaced are dropped.
    While a run goes on a snapshot waits until the last one's pictures are paid for; each change of
    state is told at once.
    """

    run_started = Signal(object)  # Problem
    snapshot_changed = Signal(object)  # Snapshot
    failed = Signal(str)
    refused = Signal(object)  # PresetError: the experiment could not be built
    status_changed = Signal()  # loading, obstacle or wanted changed

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = worker
        self._prompt = Prompt(worker)
        self._progress = Progress()
        self._builder = Builder()
        self._loader = Loader(self)
        self._loader.loaded.connect(self._built)
        self._loader.failed.connect(self._not_built)
        self._loader.busy_changed.connect(self.status_changed)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._poll)
        self._budget = Budget()
        self._run: Run | None = None
        self._run_id = 0
        self._waiting: Snapshot | None = None
        self._limit: float | None = None
        self._source: tuple[Experiment, Path | None] | None = None
        self._when_built: Callable[[Run], None] | None = None
        self.problem: Problem | None = None
        self.snapshot: Snapshot | None = None
        self.obstacle = ""

    # --- what is so ---------------------------------------------------------------------------

    @property
    def loading(self) -> bool:
        return self._loader.busy

    @property
    def loaded_share(self) -> float:
        """How much of a CSV file is read, from 0 to 1; 0 for data that does not say."""
        return self._progress.share

    @property
    def running(self) -> bool:
        return self.snapshot is not None and self.snapshot.state is RunState.RUNNING

    @property
    def ended(self) -> bool:
        """Finished or diverged: going on needs other settings or a new run."""
        return self.snapshot is not None and self.snapshot.state in ENDED

    # --- experiments --------------------------------------------------------------------------

    def start(self, experiment: Experiment, folder: Path | None, *, running: bool = False) -> None:
        """Build a run of `experiment` in the background; it begins paused unless `running`."""
        self._source = (experiment, folder)
        self._when_built = Run.run if running else None
        self._progress.stop()
        self._progress = Progress()
        self._loader.request(partial(self._builder.build, experiment, folder, self._progress))

    def offer(self, data: Csv, table: Table) -> None:
        """What was just read of a file that the next experiment may ask for."""
        self._builder.offer(data, table)

    def apply(self, old: Experiment, new: Experiment, folder: Path | None) -> None:
        """Follow an edit: at once where the run can go on with it, else with a new run."""
        change = classify(old, new)
        if change in (Change.NONE, Change.TEXT):
            return
        if change is Change.LIVE and self.problem is not None and not self.loading:
            self._source = (new, folder)
            self.change_settings(settings_of(new, self.problem.network))
        else:
            self.start(new, folder, running=self.running or self._when_built is Run.run)

    def retry(self) -> None:
        """Build the last experiment again, as after its missing file was put back."""
        if self._source is not None:
            self.start(*self._source)

    def cancel_loading(self, reason: str) -> None:
        """Stop waiting for data; `reason` becomes the obstacle until the next attempt."""
        self._progress.stop()
        self._loader.cancel()
        self._retire(reason)

    # --- commands -----------------------------------------------------------------------------

    def run(self) -> None:
        """Run on, also after a failure; from the start where the run has ended."""
        if self.problem is not None and self.ended and not self.loading:
            self._begin(self.problem, Run.run)
        else:
            self._do(Run.run)

    def pause(self) -> None:
        self._when_built = None
        if self._run is not None:
            self._run.pause()
            self._timer.setInterval(EAGER)

    def toggle(self) -> None:
        if self.running:
            self.pause()
        else:
            self.run()

    def step_iteration(self) -> None:
        self.step(1)

    def step(self, iterations: int) -> None:
        self._do(lambda run: run.step(iterations))

    def step_epoch(self) -> None:
        self._do(Run.step_epoch)

    def reset(self) -> None:
        """Back to iteration 0 with the same initial weights."""
        if self.problem is not None:
            self._begin(self.problem, None)

    def set_speed(self, limit: float | None) -> None:
        """At most so many iterations per second; None for as many as there can be."""
        self._limit = limit
        if self._run is not None:
            self._run.set_speed(limit)

    def set_parameter(self, index: int, value: float) -> None:
        if self._run is not None and not self.running:
            self._run.set_parameter(index, value)

    def change_settings(self, settings: Settings) -> None:
        if self.problem is None or self._run is None:
            return
        self.problem = replace(self.problem, settings=settings)
        self._run.change_settings(settings)

    def start_worker(self) -> None:
        """Have the worker ready before it is needed."""
        self._loader.aside(self._prompt.start)

    def close(self) -> None:
        """End the run, every thread and the worker; returns when they are gone."""
        self._timer.stop()
        if self._run is not None:
            self._run.close()
            self._run = None
        self._progress.stop()
        self._loader.close()
        self.worker.close()

    # --- the run's life -----------------------------------------------------------------------

    def _built(self, problem: Problem) -> None:
        self.obstacle = ""
        first, self._when_built = self._when_built, None
        self._begin(problem, first)

    def _not_built(self, error: Exception) -> None:
        if not isinstance(error, PresetError):
            self._retire(str(error) or type(error).__name__)
            raise error
        self._retire(" ".join(problem.message for problem in error.problems))
        self.refused.emit(error)

    def _do(self, command: Callable[[Run], None]) -> None:
        """At once, or as the first thing of the run that is being built."""
        if self.loading:
            self._when_built = command
        elif self._run is not None:
            command(self._run)

    def _begin(self, problem: Problem, first: Callable[[Run], None] | None) -> None:
        self._put_aside()
        self._run_id += 1
        self._run = Run(problem, self._run_id, self._prompt)
        if self._limit is not None:
            self._run.set_speed(self._limit)
        self.problem, self.snapshot = problem, None
        self.run_started.emit(problem)
        if first is not None:
            first(self._run)
        self._timer.start(EAGER)

    def _retire(self, obstacle: str) -> None:
        """No run until the experiment can be built."""
        self._put_aside()
        self._timer.stop()
        self._when_built = None
        self.problem, self.snapshot, self.obstacle = None, None, obstacle
        self.status_changed.emit()

    def _put_aside(self) -> None:
        """Let the old run end in the background: it may be amid a long burst."""
        self._waiting = None
        if self._run is not None:
            self._loader.aside(self._run.close)
            self._run = None

    def _poll(self) -> None:
        taken = self._run.take() if self._run is not None else None
        if taken is not None and taken.run_id == self._run_id:
            self._waiting = taken
        snapshot = self._waiting
        if snapshot is None:
            return
        going_on = self.running and snapshot.state is RunState.RUNNING
        if going_on and not self._budget.allows:
            return
        self._waiting = None
        self._budget.begin()
        if self.snapshot is None or snapshot.state is not RunState.RUNNING:
            self._timer.start(poll_interval())
        before = self.snapshot.state if self.snapshot is not None else None
        self.snapshot = snapshot
        self.snapshot_changed.emit(snapshot)
        if snapshot.state is RunState.FAILED and before is not RunState.FAILED:
            self.failed.emit(snapshot.message)


def poll_interval() -> int:
    """Milliseconds between two looks at the run: 60 a second where the screen can show them."""
    screen = QGuiApplication.primaryScreen()
    return 16 if screen is not None and screen.refreshRate() >= FAST_SCREEN else 33
