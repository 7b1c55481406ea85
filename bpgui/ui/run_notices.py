"""Tells what the user should know of a run: that it waits for data, cannot begin, or has ended."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from bpgui.engine.problem import Problem
from bpgui.experiment.errors import ChangedData, PresetError
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.ui.editors.experiment_editor import ExperimentEditor
from bpgui.ui.editors.wording import sentence
from bpgui.ui.notice import Notice
from bpgui.ui.session import Session

LOADING_SHOWN_AFTER = 400  # ms; what loads faster is not announced
LOOKS = 100  # ms between two looks at how much is read
# What may be put right outside of the window: files, and memory for the network.
OUTSIDE = ("data.path", "data.images", "data.labels", "network")
LOADING, RUN, DATA = "loading", "run", "data"  # topics of notices


class RunNotices(QObject):
    """Each notice offers what can be done, and goes when it no longer holds."""

    def __init__(
        self,
        session: Session,
        notice: Notice,
        editor: ExperimentEditor,
        adopt: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._notice = notice
        self._editor = editor
        self._adopt = adopt  # takes a data file that has changed as it is now
        self._state = RunState.IDLE
        self._refused = False  # the editors show why the experiment cannot run
        self._timer = QTimer(self, interval=LOADING_SHOWN_AFTER, singleShot=True)
        self._timer.timeout.connect(self.show_loading)
        self._looks = QTimer(self, interval=LOOKS)
        self._looks.timeout.connect(lambda: notice.show_share(session.loaded_share, LOADING))
        session.run_started.connect(self._run_started)
        session.snapshot_changed.connect(self._snapshot_changed)
        session.refused.connect(self._data_refused)
        session.status_changed.connect(self._status_changed)

    def show_loading(self) -> None:
        self._notice.wait(
            self.tr("Loading the data…"), self.tr("Cancel"), self._cancel_loading, LOADING
        )
        self._looks.start()

    def _run_started(self, _problem: Problem) -> None:
        self._state = RunState.IDLE
        self._notice.dismiss(RUN)
        self._notice.dismiss(DATA)
        if self._refused:
            self._refused = False
            self._editor.show_problems(PresetError(()))

    def _snapshot_changed(self, snapshot: Snapshot) -> None:
        before, self._state = self._state, snapshot.state
        if before is snapshot.state:
            return
        if snapshot.state is RunState.RUNNING:
            self._notice.dismiss(RUN)
        elif snapshot.state is RunState.DIVERGED:
            self._notice.say(snapshot.message, self.tr("Reset"), self._session.reset, RUN)
        elif snapshot.state is RunState.FAILED:
            self._notice.say(snapshot.message, self.tr("Run again"), self._session.run, RUN)

    def _data_refused(self, error: PresetError) -> None:
        self._refused = True
        self._editor.show_problems(error)
        text = "\n".join(sentence(problem.message) for problem in error.problems)
        if isinstance(error, ChangedData):
            self._notice.say(text, self.tr("Use the file as it is now"), self._adopt, DATA)
        elif all(problem.place in OUTSIDE for problem in error.problems):
            self._notice.say(text, self.tr("Try again"), self._session.retry, DATA)
        else:
            self._notice.say(text, topic=DATA)

    def _status_changed(self) -> None:
        if self._session.loading:
            self._timer.start()
        else:
            self._timer.stop()
            self._looks.stop()
            self._notice.dismiss(LOADING)

    def _cancel_loading(self) -> None:
        reason = self.tr("The data were not loaded.")
        self._session.cancel_loading(reason)
        self._notice.say(reason, self.tr("Load again"), self._session.retry, DATA)
