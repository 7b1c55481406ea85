"""The program as it is started: its window, its log, and pictures of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from bpgui.app import screenshot
from bpgui.experiment import presets
from bpgui.experiment.builtin import find
from bpgui.ui import session
from bpgui.ui.language import font_warning, locale_of
from bpgui.ui.theme import DARK, LIGHT

START = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from bpgui import app
from bpgui.ui.main_window import MainWindow

def window():
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))

def fault():
    raise RuntimeError("a fault in a slot")

def look():
    shown = window()
    if shown.session.snapshot is None:
        return
    timer.stop()
    for _ in range(100):
        QTimer.singleShot(0, fault)
    QTimer.singleShot(300, end)

def end():
    shown = window()
    print(shown.windowTitle())
    print(len(shown.session.snapshot.parameters))
    print("a fault in a slot" in shown.notice.text.text(), shown.notice.isVisible())
    shown.close()

application = app.application()
timer = QTimer(interval=20)
timer.timeout.connect(look)
timer.start()
sys.exit(app.main(sys.argv[1:]))
"""


def start(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    homes = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "STATE")}
    return subprocess.run(
        [sys.executable, "-c", START, *arguments],
        env=os.environ | homes | {"QT_QPA_PLATFORM": "offscreen"} | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def log_of(tmp_path: Path) -> str:
    return next(tmp_path.rglob("bpgui.log")).read_text()


def test_it_opens_a_file_survives_faults_and_ends(tmp_path: Path) -> None:
    file = tmp_path / "chain.json"
    presets.save(file, presets.load(find("chain-of-three")))
    ended = start(tmp_path, str(file))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split("\n")[:3] == ["chain.json[*] - bpgui", "3", "True True"]
    assert 1 <= log_of(tmp_path).count("Traceback") <= 3
    assert (tmp_path / "config").exists()


def test_a_built_in_preset_is_opened_by_its_name(tmp_path: Path) -> None:
    ended = start(tmp_path, "chain-of-three")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split("\n")[1] == "3"


def test_the_first_example_is_shown_with_its_name_and_what_there_is_to_see(tmp_path: Path) -> None:
    ended = start(tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split("\n")[:2] == ["Two inputs, fixed biases[*] - bpgui", "12"]


HEARING = """
import os, select, signal
from PySide6.QtCore import QSocketNotifier
from bpgui import app as program

app = program.application()
program.end_on_signals(app)
place = app.findChild(QSocketNotifier).socket()
signals = signal.set_wakeup_fd(-1)

def heard():
    return bool(select.select([place], [], [], 0)[0])

print(heard())
os.write(signals, b"\\0")
print(heard())
app.processEvents()
print(heard())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="its sockets are no files")
def test_what_hears_signals_is_quiet_until_there_is_one() -> None:
    """An end of file instead would keep a window busy that nobody touches."""
    done = subprocess.run(
        [sys.executable, "-c", HEARING],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "True", "False"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
@pytest.mark.parametrize("start", ["bpgui.cli", "bpgui.app"])
def test_without_a_display_it_says_so_and_ends(tmp_path: Path, start: str) -> None:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys; from {start} import main; sys.exit(main([]))"],
        env={k: v for k, v in os.environ.items() if k not in hidden} | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert re.fullmatch(r"error: there is no display .* need none\n", ended.stderr)


def test_a_picture_is_the_same_numbers_and_size_each_time(
    qtbot: QtBot, tmp_path: Path, capsys
) -> None:
    out = tmp_path / "window.png"
    assert screenshot("two-inputs-fixed-biases", out, 7, (1300, 820), "", "dark") == 0
    picture = QImage(str(out))
    assert (picture.width(), picture.height()) == (1300, 820)
    assert picture.pixelColor(1290, 40).name() == DARK.window
    assert screenshot("two-inputs-fixed-biases", out, 7, (1000, 700), "", "light") == 0
    assert QImage(str(out)).pixelColor(990, 40).name() == LIGHT.window
    assert capsys.readouterr().err == ""


def test_a_picture_tells_nothing_of_the_pace_of_looks(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = hasty(tmp_path, "xor", 10.0)
    pictures = [tmp_path / "often.png", tmp_path / "seldom.png"]
    for milliseconds, out in zip((1, 300), pictures, strict=True):
        monkeypatch.setattr(session, "EAGER", milliseconds)
        monkeypatch.setattr(session, "poll_interval", lambda wait=milliseconds: wait)
        assert screenshot(path, out, 20_000, theme="dark") == 0
    assert QImage(str(pictures[0])) == QImage(str(pictures[1]))


def hasty(folder: Path, slug: str, rate: float) -> str:
    """A file with a built-in preset that learns at another rate."""
    calm = presets.load(find(slug))
    optimizer = calm.training.optimizer.model_copy(update={"learning_rate": rate})
    training = calm.training.model_copy(update={"optimizer": optimizer})
    presets.save(folder / "hasty.json", calm.model_copy(update={"training": training}))
    return str(folder / "hasty.json")


def test_a_picture_of_what_cannot_be_opened(qtbot: QtBot, tmp_path: Path, capsys) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{")
    out = tmp_path / "window.png"
    assert screenshot(str(wrong), out) == 2
    assert screenshot("two-inputs-fixed-biase", out) == 2
    assert "two-inputs-fixed-biases" in capsys.readouterr().err
    assert not out.exists()


def test_a_picture_that_cannot_be_saved(qtbot: QtBot, tmp_path: Path, capsys) -> None:
    assert screenshot("xor", tmp_path / "no such folder" / "window.png") == 2
    assert "no such folder" in capsys.readouterr().err


def test_a_picture_of_a_run_that_diverges(qtbot: QtBot, tmp_path: Path, capsys) -> None:
    path = hasty(tmp_path, "plane", 1e9)
    assert screenshot(path, tmp_path / "window.png", 1000) == 1
    assert capsys.readouterr().err
    assert (tmp_path / "window.png").exists()


def test_a_language_without_a_font_is_told(qtbot: QtBot) -> None:
    assert font_warning(locale_of("en_US")) == ""
    assert font_warning(QLocale("am_ET")) == ""
    for language in ("zh_CN", "ja_JP", "ko_KR", "ru_RU"):
        warning = font_warning(locale_of(language))
        assert warning == "" or "apt install" in warning


@pytest.mark.skipif(sys.platform != "linux", reason="how fonts are found on Linux")
def test_that_there_is_no_font_is_told_where_it_can_be_read(tmp_path: Path) -> None:
    none = tmp_path / "fonts.conf"
    none.write_text(f"<fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>")
    ended = start(tmp_path, FONTCONFIG_FILE=str(none), LC_ALL="en_US.UTF-8")
    assert ended.returncode == 0, ended.stderr
    assert "No font can show" in ended.stderr
    assert "apt install fonts-dejavu-core" in ended.stderr


@pytest.mark.parametrize("name", ["zh_CN", "en_GB"])
def test_locales_are_read_by_name(name: str) -> None:
    assert locale_of(name).name() == name
