"""The exception hook: logs, tells once, and never storms."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from bpgui.ui.errors import PAUSE, REPEATS, ErrorReporter


@pytest.fixture
def reporter(qtbot: QtBot, tmp_path: Path, clock) -> Iterator[ErrorReporter]:
    reporter = ErrorReporter(tmp_path / "state" / "bpgui.log", clock=clock)
    reporter.install()
    yield reporter
    reporter.remove()


def raise_here(text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError:
        kind, error, trace = sys.exc_info()
        sys.excepthook(kind, error, trace)


def deliver() -> None:
    QCoreApplication.processEvents()


def test_it_is_logged_with_its_traceback_and_told(reporter) -> None:
    told = []
    reporter.reported.connect(told.append)
    raise_here("a fault")
    deliver()
    assert "ValueError: a fault" in told[0]
    assert str(reporter.log_file) in told[0]
    log = reporter.log_file.read_text()
    assert "raise_here" in log
    assert "ValueError: a fault" in log


def test_a_message_that_is_a_sentence_ends_but_once(reporter) -> None:
    told = []
    reporter.reported.connect(told.append)
    raise_here("The disk is gone.")
    deliver()
    assert "ValueError: The disk is gone. Details" in told[0]


def test_a_storm_is_told_once_and_logged_a_few_times(reporter, clock) -> None:
    told = []
    reporter.reported.connect(told.append)
    for _ in range(1000):
        raise_here("again and again")
    deliver()
    assert len(told) == 1
    assert reporter.log_file.read_text().count("Traceback") == REPEATS
    clock.now += PAUSE
    raise_here("again and again")
    deliver()
    assert len(told) == 2


def test_an_exception_while_telling_starts_no_recursion(reporter) -> None:
    told = []

    def tell(text: str) -> None:
        told.append(text)
        raise_here("while telling")

    reporter.reported.connect(tell)
    raise_here("first")
    for _ in range(5):
        deliver()
    assert len(told) == 1
    assert "while telling" in reporter.log_file.read_text()


def test_exceptions_of_other_threads_are_told_too(reporter) -> None:
    told = []
    reporter.reported.connect(told.append)
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    deliver()
    assert "ZeroDivisionError" in told[0]


def test_removing_it_brings_the_old_hooks_back(reporter) -> None:
    assert sys.excepthook == reporter.report
    before = reporter._hooks
    reporter.remove()
    assert (sys.excepthook, threading.excepthook) == before
    reporter.install()


FAULT = """
import faulthandler, logging, sys
from pathlib import Path
from bpgui.ui import errors
errors.LOG_BYTES = 2000
reporter = errors.ErrorReporter(Path(sys.argv[1]))
reporter.install()
reporter.watch_faults()
for number in range(100):
    errors.logger.error("entry %d", number)
faulthandler._sigsegv()
"""


def test_a_fault_leaves_its_trace_in_a_log_that_was_rotated(tmp_path: Path) -> None:
    log = tmp_path / "state" / "bpgui.log"
    done = subprocess.run([sys.executable, "-c", FAULT, str(log)], capture_output=True, check=False)
    assert done.returncode != 0
    assert log.read_text().count("Segmentation fault") == 1
    assert 'File "<string>", line 11 in <module>' in log.read_text()
    assert sorted(path.name for path in log.parent.iterdir()) == ["bpgui.log", "bpgui.log.1"]
    assert (log.parent / "bpgui.log.1").stat().st_size <= 2000


def test_without_a_place_for_the_log_it_goes_to_standard_error(
    qtbot: QtBot, tmp_path: Path, capsys
) -> None:
    (tmp_path / "file").write_text("")
    reporter = ErrorReporter(tmp_path / "file" / "bpgui.log")
    reporter.install()
    reporter.watch_faults()
    raise_here("nowhere to write")
    reporter.remove()
    assert "ValueError: nowhere to write" in capsys.readouterr().err
