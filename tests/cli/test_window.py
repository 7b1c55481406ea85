"""The two commands that open a window, as far as the command line goes."""

from __future__ import annotations

import subprocess
import sys

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
