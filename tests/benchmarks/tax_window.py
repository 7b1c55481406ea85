"""The real window for benchmarks, and the probes that look at it from outside."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from bpgui.app import make_window, open_preset
from bpgui.training.worker import Worker
from bpgui.ui.main_window import MainWindow
from bpgui.ui.memory import Memory
from bpgui.ui.session import poll_interval

TABS, BESIDE = "tabs", "side by side"
SIZES = {TABS: (1440, 900), BESIDE: (1920, 1040)}
PROBE = 1  # ms between two looks at whether the event loop comes round


def wait(until: Callable[[], bool], seconds: float = 60.0) -> None:
    """Let the window live until something holds; TimeoutError if it does not come about."""
    end = time.perf_counter() + seconds
    while not until():
        if time.perf_counter() > end:
            raise TimeoutError
        QApplication.processEvents()
        time.sleep(0.0005)


def live(seconds: float) -> None:
    """Let the window live in an event loop, as it does for the user."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


# --- the window -----------------------------------------------------------------------------------


def opened(folder: Path, preset: Path, layout: str) -> MainWindow:
    """A window with all its docks, paused after some iterations, with a worker that is warm."""
    window = make_window(Memory(folder), Worker())
    window.resize(*SIZES[layout])
    window.show()
    open_preset(window, str(preset))
    window.session.start_worker()
    wait(lambda: window.session.snapshot is not None)
    if layout == BESIDE:
        _untab(window)
    live(1.0)
    while_training(window, lambda: wait(lambda: window.session.snapshot.iteration > 0))
    return window


def _untab(window: MainWindow) -> None:
    """Every dock beside or below another, none behind: those behind get a row of their own."""
    docks = window.docks
    behind = {b for dock in docks.values() for b in window.tabifiedDockWidgets(dock) if b.x() < 0}
    for dock in docks.values():
        if dock in behind:
            window.removeDockWidget(dock)
            area = Qt.DockWidgetArea.BottomDockWidgetArea
            window.addDockWidget(area, dock, Qt.Orientation.Horizontal)
            dock.show()
    live(0.1)
    assert not any(window.tabifiedDockWidgets(dock) for dock in docks.values())


def closed(window: MainWindow) -> None:
    pause(window)
    window.close()
    window.deleteLater()
    QApplication.processEvents()


def pause(window: MainWindow) -> None:
    window.session.pause()
    wait(lambda: not window.session.running)


def while_training(window: MainWindow, measure: Callable[[], object]) -> object:
    """What `measure` finds while a run goes on, which is paused afterwards."""
    window.session.run()
    wait(lambda: window.session.running)
    live(0.1)
    found = measure()
    pause(window)
    live(0.1)
    return found


# --- probes ---------------------------------------------------------------------------------------


class Painted(QObject):
    """How often a widget was painted, when last, and what it said then."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count, self.at, self.text = 0, 0.0, ""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            self.count += 1
            self.at = time.perf_counter()
            self.text = watched.text() if isinstance(watched, QLabel | QLineEdit) else ""
        return False


def frames(window: MainWindow, seconds: float, *, whole: bool) -> float:
    """Frames a second where one is asked for at each poll: of a dot, or of the whole window."""
    dot = QWidget(window)
    dot.resize(2, 2)
    dot.show()
    asked = window if whole else dot
    live(0.05)
    painted = Painted(asked)
    timer = QTimer(window, interval=poll_interval())
    timer.timeout.connect(asked.update)
    timer.start()
    began = time.perf_counter()
    live(seconds)
    elapsed = time.perf_counter() - began
    for part in (timer, painted, dot):
        part.deleteLater()
    return painted.count / elapsed


def gaps(window: MainWindow, seconds: float) -> np.ndarray:
    """Milliseconds between two rounds of the event loop: p50, p99 and the largest; and those that
    the thread computed meanwhile: p99 and the largest."""
    marks: list[tuple[float, float]] = []
    timer = QTimer(window, interval=PROBE, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: marks.append((time.perf_counter(), time.thread_time())))
    timer.start()
    live(seconds)
    timer.deleteLater()
    elapsed, computed = 1000.0 * np.diff(marks, axis=0).T
    return np.concatenate(
        [np.percentile(elapsed, [50, 99, 100]), np.percentile(computed, [99, 100])]
    )


def after_chance(action: Callable[[], None]) -> float:
    """Do something at a moment of chance; returns the moment at which it was due, or was done if
    that was a little earlier."""
    delay = random.uniform(0.2, 0.4)
    due = time.perf_counter() + delay
    done: list[float] = []

    def act() -> None:
        now = time.perf_counter()
        action()
        done.append(now)

    QTimer.singleShot(round(1000 * delay), act)
    wait(lambda: bool(done))
    return min(due, done[0])
