"""A window, and a hand that exports from it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from bpgui.experiment.builtin import find
from bpgui.training.snapshot import RunState
from bpgui.ui.main_window import MainWindow
from bpgui.ui.preferences import Preferences


@pytest.fixture
def window_of(open_window: Callable[..., MainWindow]) -> Callable[[str], MainWindow]:
    """A dark window with this built-in preset."""

    def window_of(preset: str) -> MainWindow:
        return open_window(
            lambda window: window.filing.take(lambda: window.document.open_copy(find(preset))),
            preferences=Preferences(theme="dark", hint_seen=True),
        )

    return window_of


@pytest.fixture
def window(window_of: Callable[[str], MainWindow]) -> MainWindow:
    return window_of("moons")


@pytest.fixture
def train(qtbot: QtBot) -> Callable[[MainWindow, int], None]:
    def train(window: MainWindow, iterations: int) -> None:
        goal = window.session.snapshot.iteration + iterations
        window.session.step(iterations)
        qtbot.waitUntil(
            lambda: (
                window.session.snapshot.iteration == goal
                and window.session.snapshot.state is RunState.PAUSED
            ),
        )

    return train


@pytest.fixture
def begin() -> Callable[[MainWindow, str | None, Path], None]:
    """Begin to export by the menu's entry with this text, or where None by the dialog that is open,
    to a path."""

    def begin(window: MainWindow, text: str | None, path: Path) -> None:
        if text is not None:
            menu = window.exporting.menu
            menu.aboutToShow.emit()
            (action,) = (a for a in menu.actions() if a.text().replace("&", "") == text)
            action.trigger()
        window.notice.hide()
        (dialog,) = window.findChildren(QFileDialog, "export file")
        dialog.fileSelected.emit(str(path))
        dialog.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    return begin


@pytest.fixture
def told(qtbot: QtBot) -> Callable[[MainWindow], str]:
    """What the notice bar says once nothing is being written."""

    def told(window: MainWindow) -> str:
        qtbot.waitUntil(lambda: not window.exporting.writer.busy)
        assert window.notice.isVisible()
        return window.notice.text.text()

    return told


@pytest.fixture
def choose(begin, told) -> Callable[[MainWindow, str | None, Path], str]:
    """Export as by `begin`; returns what the notice bar says then."""

    def choose(window: MainWindow, text: str | None, path: Path) -> str:
        begin(window, text, path)
        return told(window)

    return choose


@pytest.fixture
def rows() -> Callable[[Path], list[dict[str, str]]]:
    """The rows of a table in a file."""

    def rows(path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return rows
