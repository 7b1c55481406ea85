"""Windows and their worker, hands that drop files and turn wheels, a clock that stands still."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator
from functools import partialmethod
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bpgui.app import make_window
from bpgui.training.worker import Worker
from bpgui.ui.main_window import MainWindow
from bpgui.ui.memory import Memory
from bpgui.ui.preferences import Preferences
from bpgui.ui.session import Session
from bpgui.ui.theme import LIGHT, finish, prepare


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """It has the style sheet from the start: what a widget needs would else depend on whether a
    window has been opened before."""
    prepare(qapp, LIGHT)
    finish(qapp, LIGHT)
    return qapp


@pytest.fixture(scope="module", autouse=True)
def _what_a_module_leaves_is_no_garbage() -> Iterator[None]:
    """What stays when its tests are over, such as fonts, is not looked through after those of the
    next module."""
    yield
    gc.collect()
    gc.freeze()


class PatientBot(QtBot):
    """Waits, where it is not told for how long, as long as a loaded machine may need for what takes
    a moment, where pytest-qt gives up after 5 seconds."""

    LONG = 30_000  # ms

    waitUntil = partialmethod(QtBot.waitUntil, timeout=LONG)
    waitSignal = partialmethod(QtBot.waitSignal, timeout=LONG)
    waitSignals = partialmethod(QtBot.waitSignals, timeout=LONG)
    waitActive = partialmethod(QtBot.waitActive, timeout=LONG)
    waitExposed = partialmethod(QtBot.waitExposed, timeout=LONG)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


class Kept(Worker):
    """A worker that outlives the windows and sessions of a module: starting one takes a second."""

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Kept()
    worker.submit(os.getpid).result(timeout=60)
    yield worker
    Worker.close(worker)


@pytest.fixture
def open_window(
    qtbot: QtBot, worker: Worker, tmp_path: Path
) -> Iterator[Callable[..., MainWindow]]:
    """Shows a window, lets `begin` open an experiment in it and waits for the first snapshot."""
    windows: list[MainWindow] = []

    def open_window(
        begin: Callable[[MainWindow], None] = MainWindow.start,
        worker: Worker = worker,
        preferences: Preferences | None = None,
    ) -> MainWindow:
        memory = Memory(tmp_path / "config")
        if preferences is not None:
            memory.remember(preferences)
        window = make_window(memory, worker)
        windows.append(window)
        window.resize(1280, 800)
        with qtbot.waitExposed(window):
            window.show()
        begin(window)
        qtbot.waitUntil(lambda: window.session.snapshot is not None)
        return window

    yield open_window
    for window in windows:
        window.document.undo_stack.setClean()
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        vars(window).clear()  # pytest keeps the window, and with it pyqtgraph's parentless menus


@pytest.fixture
def drop() -> Callable[..., None]:
    """Drags files onto a widget and lets them go; one that does not want them is told no more."""

    def drop(target: QWidget, *paths: Path) -> None:
        files = QMimeData()
        files.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        place, action = QPointF(5, 5), Qt.DropAction.CopyAction
        held = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(target, QDragEnterEvent(place.toPoint(), action, files, *held))
        QApplication.sendEvent(target, QDropEvent(place, action, files, *held))

    return drop


@pytest.fixture
def turn_wheel(qapp: QApplication) -> Callable[[QWidget, int], None]:
    """Turns the wheel of the mouse over the middle of a widget; 120 is one notch away from us."""

    def turn(widget: QWidget, angle: int) -> None:
        place = QPointF(widget.rect().center())
        event = QWheelEvent(
            place,
            widget.mapToGlobal(place),
            QPoint(),
            QPoint(0, angle),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        qapp.sendEvent(widget, event)

    return turn


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kill_during_a_burst(qtbot) -> Callable[[Session], None]:
    """Kills the process of a session's worker amid a burst, which must not have a speed limit."""

    def under_way(session: Session) -> bool:
        return any(not burst.done() for burst in session._run._bursts.copy())

    def kill(session: Session) -> None:
        """Between two bursts a death would be mended unseen, so the process is halted first."""
        qtbot.waitUntil(lambda: under_way(session))  # until then we compute them
        (pid,) = session.worker._process.pool._processes
        if hasattr(signal, "SIGSTOP"):
            os.kill(pid, signal.SIGSTOP)
            qtbot.waitUntil(lambda: under_way(session))
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    return kill
