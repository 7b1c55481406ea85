"""The two commands that open a window, as far as the command line goes."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest


def test_screenshot_writes_a_png_of_the_size_asked_for(process, tmp_path):
    ended = process("screenshot", "xor", "a.png", "--iterations", "20", "--size", "900x650")
    assert (ended.code, ended.out) == (0, "")
    content = (tmp_path / "a.png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n")
    assert [int.from_bytes(content[i : i + 4], "big") for i in (16, 20)] == [900, 650]


def test_screenshot_of_a_preset_without_its_data_is_refused(process, preset):
    path = preset(
        data={"source": "csv", "path": "gone.csv", "inputs": ["a", "b"], "targets": ["c", "d"]}
    )
    process("screenshot", path, "a.png").refused("gone.csv", "put the file there")


def test_screenshot_in_a_language_that_there_is_not_is_refused(process, tmp_path):
    process("screenshot", "xor", "a.png", "--language", "xx").refused("no language xx", "zh_CN")
    assert not (tmp_path / "a.png").exists()


@pytest.mark.parametrize("arguments", [["xor"], [], ["screenshot", "xor", "a.png"]])
def test_without_qt_the_window_says_what_is_missing(arguments, tmp_path):
    code = f"import sys, bpgui.cli\nsys.modules['PySide6'] = None\nbpgui.cli.main({arguments!r})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert "the window cannot be opened" in done.stderr
    assert "apt install libegl1" in done.stderr


def started_with(code: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """`bpgui xor` in a process that runs `code` first; it ends as wrong input does."""
    code = f"import sys, bpgui.cli\n{code}\nbpgui.cli.main(['xor'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize("module", ["bpgui.ui.main_window", "pyqtgraph"])
def test_what_is_missing_beside_qt_is_told_by_its_name(module, tmp_path):
    told = started_with(f"sys.modules[{module!r}] = None", tmp_path).stderr
    assert told.startswith("error: the window cannot be opened: ")
    assert module in told
    assert "Qt" not in told
    assert "apt" not in told


def test_a_library_that_qt_cannot_load_is_qts(tmp_path):
    package = tmp_path / "PySide6"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / f"QtCore{EXTENSION_SUFFIXES[0]}").touch()
    told = started_with(f"sys.path.insert(0, {str(tmp_path)!r})", tmp_path).stderr
    assert "because Qt cannot be loaded" in told
    assert "apt install libegl1" in told
