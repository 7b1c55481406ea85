"""The status bar, with snapshots of a real run."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QWidget

from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import find
from bpgui.experiment.presets import load
from bpgui.training.progress import Progress
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.training.worker import Worker
from bpgui.ui.session import Session
from bpgui.ui.status import Status

LONG = 10_000  # ms


@pytest.fixture
def status(qtbot):
    session = Session(Worker())
    status = Status(session)
    qtbot.addWidget(status)
    yield status
    session.close()


@pytest.fixture
def snapshot() -> Snapshot:
    path = find("two-inputs-fixed-biases")
    return Progress(build_problem(load(path), path.parent), run_id=1).snapshot()


def at(snapshot: Snapshot, iteration: int, state: RunState = RunState.RUNNING) -> Snapshot:
    return replace(snapshot, state=state, iteration=iteration, iterations_per_second=1234.0)


def test_figures_stay_long_enough_to_be_read(qtbot, status, snapshot):
    status._pause.setInterval(LONG)
    status.render_snapshot(at(snapshot, 10))
    status.render_snapshot(at(snapshot, 20))
    status.render_snapshot(at(snapshot, 30))
    figure = status.figures["iteration"]
    assert figure.text() == "10"
    status._pause.start(1)
    qtbot.waitUntil(lambda: figure.text() == "30")


def test_the_end_is_told_at_once(status, snapshot):
    status._pause.setInterval(LONG)
    status.render_snapshot(at(snapshot, 10))
    status.render_snapshot(at(snapshot, 20))
    for iteration in (21, 22):
        status.render_snapshot(at(snapshot, iteration, RunState.PAUSED))
        assert status.state.text() == "paused"
        assert status.figures["iteration"].text() == str(iteration)
        assert status.speed.text() == ""


def test_an_old_run_tells_nothing_any_more(qtbot, status, snapshot):
    status._pause.setInterval(LONG)
    status.render_snapshot(at(snapshot, 10))
    status.render_snapshot(at(snapshot, 20))
    status.clear()
    status._pause.start(1)
    with qtbot.waitSignal(status._pause.timeout):
        pass
    assert status.figures["iteration"].text() == ""
    status.render_snapshot(at(snapshot, 3))
    assert status.figures["iteration"].text() == "3"


def test_a_loss_that_is_still_to_come_is_not_shown_as_that_of_an_earlier_iteration(
    status, snapshot
):
    evaluation = replace(snapshot.evaluation, loss=0.25)
    resting = replace(at(snapshot, 7, RunState.PAUSED), evaluation=evaluation, evaluated_at=6)
    status.render_snapshot(resting)
    assert (status.state.text(), status.figures["loss"].text()) == ("paused", "…")
    assert status.figures["test_loss"].text() == ""
    status.render_snapshot(replace(resting, evaluated_at=7))
    assert status.figures["loss"].text() == "0.25"


def test_figures_that_have_no_room_are_left_out(qtbot, status, snapshot):
    status.set_fonts()
    status.resize(2000, 30)
    status.show()
    status.render_snapshot(at(snapshot, 10))
    labels = {"speed": status.speed, **status.figures}

    def shown() -> set[str]:
        return {name for name, label in labels.items() if not label.isHidden()}

    every = {"speed", "epoch", "iteration", "loss"}
    qtbot.waitUntil(lambda: shown() == every)
    enough = status._layout.minimumSize().width()
    for width, left in ((enough - 20, every - {"speed"}), (300, {"iteration", "loss"})):
        status.resize(width, 30)
        qtbot.waitUntil(lambda left=left: shown() == left)
    assert status.minimumSizeHint().width() < 100
    status.resize(2000, 30)
    qtbot.waitUntil(lambda: shown() == every)


class LayoutRequests(QObject):
    """Counts how often what is in a widget asks to be laid out anew."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_figures_change_without_laying_out_the_window_anew(qtbot, status, snapshot):
    status.set_fonts()
    status.resize(1600, status.sizeHint().height())
    with qtbot.waitExposed(status):
        status.show()
    status.render_snapshot(at(snapshot, 1, RunState.PAUSED))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    figure, asked = status.figures["iteration"], LayoutRequests(status._row)
    width = figure.width()
    status.render_snapshot(at(snapshot, 100_000, RunState.PAUSED))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    assert (asked.count, figure.width()) == (0, width)
    status.render_snapshot(at(snapshot, 10**15, RunState.PAUSED))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    assert asked.count > 0
    assert figure.width() >= figure.sizeHint().width() > width
