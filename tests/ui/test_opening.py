"""The first picture of the window is a finished one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from bpgui.app import make_window, open_first
from bpgui.experiment import presets
from bpgui.experiment.builtin import find
from bpgui.experiment.sources import Csv
from bpgui.training.worker import Worker
from bpgui.ui.main_window import MainWindow
from bpgui.ui.memory import Memory
from bpgui.ui.opening import Opening


@pytest.fixture
def window(qtbot: QtBot, worker: Worker, tmp_path: Path) -> Iterator[MainWindow]:
    window = make_window(Memory(tmp_path / "config"), worker)
    yield window
    window.close()
    window.deleteLater()


def test_it_shows_the_numbers_of_the_run(qtbot: QtBot, window: MainWindow) -> None:
    opening = Opening(window)
    open_first(window, [])
    assert not window.isVisible()
    with qtbot.waitSignal(opening.painted):
        pass
    assert window.status.figures["loss"].text() == "0.29837110876"
    seen = [dock for dock in window.panel_docks if dock._on_screen]
    assert len(seen) == 4
    assert all(dock._waiting is None for dock in seen)


def test_what_no_tab_shows_is_made_when_it_is_looked_at(qtbot: QtBot, window: MainWindow) -> None:
    opening = Opening(window)
    open_first(window, ["xor"])
    with qtbot.waitSignal(opening.painted):
        pass
    explain = window.docks["explain"]
    assert explain._panel is None
    explain.raise_()
    qtbot.waitUntil(lambda: explain._panel is not None and explain._waiting is None)
    assert explain.panel.isVisible()


def test_an_experiment_that_cannot_run_is_shown_after_a_moment(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    data = Csv(path="gone.csv", inputs=("a", "b"), targets=("c",))
    path = tmp_path / "gone.json"
    presets.save(path, presets.load(find("xor")).model_copy(update={"data": data}))
    opening = Opening(window)
    with qtbot.waitSignal(opening.painted):
        open_first(window, [str(path)])
    assert window.isVisible()
    assert window.session.snapshot is None


def test_a_file_that_cannot_be_opened_is_told_over_the_window(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "broken.json").write_text("{")
    opening = Opening(window)
    with qtbot.waitSignal(opening.painted):
        open_first(window, [str(tmp_path / "broken.json")])
    dialog = window.findChild(QDialog, "problems")
    assert dialog.isVisible()
    dialog.close()
