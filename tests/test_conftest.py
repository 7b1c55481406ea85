"""What a test leaves behind fails it, by name; what it cleans up does not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

LEAKY = """
import subprocess, sys, threading
from pathlib import Path
from PySide6.QtCore import qWarning
from PySide6.QtWidgets import QLabel

HELD = []
END = threading.Event()

def test_thread():
    threading.Thread(target=END.wait, name="left running", daemon=True).start()

def test_end():
    END.set()

def test_process():
    HELD.append(subprocess.Popen([sys.executable, "-c", "input()", "left"], stdin=subprocess.PIPE))

def test_process_end():
    HELD.pop().communicate()

def test_widget(qapp):
    HELD.append(QLabel(objectName="left open"))

def test_qt_warning(qapp):
    qWarning("something is wrong")

def test_clean(qtbot):
    import pyqtgraph
    thread = threading.Thread(target=int)
    thread.start()
    plot = pyqtgraph.PlotWidget()
    qtbot.addWidget(plot)
    plot.plot([1.0, 2.0])
    plot.show()

def test_home():
    assert not list(Path.home().iterdir())
"""


def test_what_a_test_leaves_behind_fails_it(tmp_path: Path) -> None:
    here = Path(__file__).parent
    shutil.copy(here / "conftest.py", tmp_path)
    (tmp_path / "test_leaky.py").write_text(LEAKY, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rEf", "--tb=short"]
    options = ["-c", str(here.parent / "pyproject.toml"), "--rootdir", str(tmp_path), str(tmp_path)]

    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)

    told = done.stdout
    assert "the test left behind: thread 'left running'" in told
    assert "the test left behind: widget QLabel 'left open'" in told
    if sys.platform == "linux":
        assert "the test left behind: process" in told
        assert told.splitlines()[-1].startswith("1 failed, 7 passed, 3 errors")
    assert "test_leaky.py::test_qt_warning" in told
