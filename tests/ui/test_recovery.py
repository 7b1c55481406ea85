"""What becomes of unsaved changes when the program is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QPoint, Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bpgui.experiment import presets
from bpgui.experiment.builtin import find
from bpgui.experiment.unsaved import Unsaved, dumps, loads
from bpgui.ui import recovery
from bpgui.ui.document import Document
from bpgui.ui.recovery import Autosave, Kept, Unreadable
from bpgui.ui.recovery_offer import RecoveryDialog

# The real program with a hand that acts once its first picture is there: argument 1 says how.
DRIVER = """
import faulthandler, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from bpgui import app, paths
from bpgui.experiment import edits
from bpgui.ui.main_window import MainWindow

application = app.application()
kept = lambda: list((paths.user_state_dir() / "recovery").glob("*.json"))
locked = lambda: list((paths.user_state_dir() / "recovery").glob("*.lock"))

def window():
    return next(w for w in application.topLevelWidgets() if isinstance(w, MainWindow))

def when(condition, then):
    def look():
        if condition():
            timer.stop()
            then()
    timer = QTimer(application, interval=10)
    timer.timeout.connect(look)
    timer.start()

def say(*words):
    print(*words, flush=True)

def describe():
    document = window().document
    say(document.experiment.description, document.path, document.modified)

def edit():
    window().document.edit("edit", lambda e: e.model_copy(update={"description": "changed"}))
    when(kept, lambda: say("kept"))

def restore():
    dialog = window().findChild(QDialog, "recovery")
    dialog.findChild(QPushButton, "restore").click()
    when(lambda: window().document.modified and window().session.snapshot, save)

def save():
    describe()
    window().filing.save()
    window().close()

def fault():
    say("now")
    faulthandler._sigsegv()

def look():
    notice = window().notice
    say(notice.text.text(), "|", notice.button.text())
    window().close()

def open_event():
    event = QFileOpenEvent(QUrl.fromLocalFile(sys.argv[2]))
    say(QCoreApplication.sendEvent(application, event))
    when(lambda: window().document.path, lambda: (describe(), window().close()))

def there():
    windows = [w for w in application.topLevelWidgets() if isinstance(w, MainWindow)]
    return windows and windows[0].isVisible() and windows[0].session.snapshot

ACTS = {"edit": (there, edit), "event": (there, open_event),
    "fault": (lambda: there() and locked(), fault),
    "restore": (lambda: there() and window().findChild(QDialog, "recovery"), restore),
    "look": (lambda: there() and window().notice.isVisible(), look)}
when(*ACTS[sys.argv[1]])
sys.exit(app.main(sys.argv[2:3] if sys.argv[1] != "event" else []))
"""


@dataclass
class Program:
    home: Path

    @property
    def state(self) -> Path:
        return next(self.home.rglob("bpgui.log")).parent

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in (self.state / "recovery").iterdir())

    @contextmanager
    def started(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        homes = {f"XDG_{name}_HOME": str(self.home / name.lower()) for name in ("CONFIG", "STATE")}
        variables = os.environ | homes | {"HOME": str(self.home), "QT_QPA_PLATFORM": "offscreen"}
        with subprocess.Popen(
            [sys.executable, "-c", DRIVER, *arguments],
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def run(self, *arguments: str) -> list[str]:
        with self.started(*arguments) as process:
            out, err = process.communicate(timeout=50)
            assert process.returncode == 0, err
            return out.splitlines()


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "home")


@pytest.fixture
def preset(tmp_path: Path) -> Path:
    path = tmp_path / "chain.json"
    presets.save(path, presets.load(find("chain-of-three")))
    return path


def test_killed_it_offers_what_was_not_saved(program: Program, preset: Path) -> None:
    with program.started("edit", str(preset)) as process:
        assert process.stdout.readline() == "kept\n"
        process.kill()
    assert [name.rpartition(".")[2] for name in program.files] == ["json", "lock"]
    assert presets.load(preset).description != "changed"
    assert program.run("restore") == [f"changed {preset} True"]
    assert presets.load(preset).description == "changed"
    assert program.files == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_asked_to_end_it_leaves_what_was_not_saved(program: Program, preset: Path) -> None:
    with program.started("edit", str(preset)) as process:
        assert process.stdout.readline() == "kept\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert [name.rpartition(".")[2] for name in program.files] == ["json"]


def test_a_fault_leaves_its_trace_and_is_told(program: Program) -> None:
    with program.started("fault") as process:
        assert process.stdout.readline() == "now\n"
        assert process.wait(timeout=30) == -signal.SIGSEGV
    log = (program.state / "bpgui.log").read_text()
    assert "Segmentation fault" in log
    assert "in fault" in log
    assert program.run("look") == [
        "bpgui did not end as it should the last time. Nothing was unsaved. | Open the log's folder"
    ]
    assert program.files == []


def test_a_folder_that_cannot_be_written_is_told(program: Program) -> None:
    program.home.mkdir()
    (program.home / "state").write_text("no folder")
    (told,) = program.run("look")
    assert told.startswith("Changes that are not saved would be lost in a crash, as ")


def test_the_desktop_asks_for_a_file(program: Program, preset: Path) -> None:
    description = presets.load(preset).description
    assert program.run("event", str(preset)) == ["True", f"{description} {preset} False"]


def test_commands_without_a_window_leave_no_state(program: Program) -> None:
    variables = os.environ | {"HOME": str(program.home), "XDG_STATE_HOME": str(program.home)}
    command = [sys.executable, "-m", "bpgui", "train", "xor", "--iterations", "1"]
    subprocess.run(command, env=variables, capture_output=True, check=True)
    assert not program.home.exists()


# --- within one process -------------------------------------------------------------------------


@pytest.fixture
def document(qtbot: QtBot, monkeypatch) -> Iterator[Document]:
    monkeypatch.setattr(recovery, "PAUSE", 0)
    document = Document()
    yield document
    document.deleteLater()


@pytest.fixture
def autosaves(document: Document, tmp_path: Path) -> Iterator:
    with ExitStack() as stack:

        def make(folder: Path = tmp_path / "recovery") -> Autosave:
            autosave = Autosave(document, folder, lambda: "mine", document)
            stack.callback(lambda: autosave.close(keep=False))
            return autosave

        yield make


def change(document: Document, text: str) -> None:
    document.edit("edit", lambda e: e.model_copy(update={"description": text}))


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def descriptions(folder: Path) -> list[str]:
    return [loads(path.read_bytes()).experiment.description for path in kept(folder)]


def leave(folder: Path, content: bytes, name: str = "1-0123abcd") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_bytes(content)
    return path


def unsaved(description: str = "left") -> bytes:
    experiment = presets.load(find("xor")).model_copy(update={"description": description})
    return dumps(Unsaved(experiment, "left.json", Path("/x/left.json"), None, datetime.now()))


def test_changes_are_kept_until_they_are_saved(qtbot, document, autosaves, tmp_path) -> None:
    autosave = autosaves()
    assert autosave.begin() == []
    change(document, "one")
    change(document, "two")
    qtbot.waitUntil(lambda: descriptions(autosave.folder) == ["two"])
    assert loads(kept(autosave.folder)[0].read_bytes()).name == "mine"
    document.save(tmp_path / "mine.json")
    qtbot.waitUntil(lambda: not kept(autosave.folder))
    change(document, "three")
    qtbot.waitUntil(lambda: descriptions(autosave.folder) == ["three"])
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: not kept(autosave.folder))


def test_a_program_that_runs_is_not_taken_for_a_crash(qtbot, document, autosaves) -> None:
    first, second = autosaves(), autosaves()
    assert first.begin() == []
    assert second.begin() == []
    change(document, "both")
    qtbot.waitUntil(lambda: descriptions(first.folder) == ["both", "both"])


def test_ending_leaves_nothing_or_what_it_should_keep(document, autosaves) -> None:
    first, second = autosaves(), autosaves()
    first.begin()
    second.begin()
    change(document, "changed")
    first.close(keep=False)
    second.close(keep=True)
    assert descriptions(first.folder) == ["changed"]
    assert list(first.folder.glob("*.lock")) == []


def test_what_is_left_is_offered_to_one_only(document, autosaves, tmp_path) -> None:
    left = leave(tmp_path / "recovery", unsaved())
    first, second = autosaves(), autosaves()
    (entry,) = first.begin()
    assert isinstance(entry, Kept)
    assert entry.unsaved.experiment.description == "left"
    assert second.begin() == []
    first.take_over(left)
    first.close(keep=False)
    entry.give_back()
    assert kept(tmp_path / "recovery") == []


@pytest.mark.parametrize("content", [unsaved()[:200], b"", b"\xff\xfe", b"[]"])
def test_what_cannot_be_read_is_kept_aside(document, autosaves, tmp_path, content) -> None:
    left = leave(tmp_path / "recovery", content)
    autosave = autosaves()
    (entry,) = autosave.begin()
    assert isinstance(entry, Unreadable)
    assert entry.problem
    assert entry.file.read_bytes() == content
    assert not left.exists()
    entry.give_back()
    assert autosaves().begin() == []
    assert entry.file.read_bytes() == content


def test_a_file_in_place_of_the_folder_is_told_once(document, autosaves, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    autosave = autosaves(tmp_path / "file")
    told = []
    autosave.failed.connect(told.append)
    assert autosave.begin() == []
    change(document, "changed")
    QCoreApplication.processEvents()
    assert len(told) == 1
    assert str(tmp_path / "file") in told[0]


@pytest.mark.parametrize("small_disk", [16], indirect=True)
def test_a_full_disk_is_told_once_and_what_was_kept_stays(
    qtbot, small_disk, document, autosaves
) -> None:
    autosave = autosaves(small_disk)
    told = []
    autosave.failed.connect(told.append)
    autosave.begin()
    change(document, "small")
    qtbot.waitUntil(lambda: descriptions(small_disk) == ["small"])
    change(document, "x" * 9_500)
    qtbot.waitUntil(lambda: len(told) == 1)
    assert "the disk may be full" in told[0]
    assert descriptions(small_disk) == ["small"]
    change(document, "y" * 9_500)
    change(document, "small again")
    qtbot.waitUntil(lambda: descriptions(small_disk) == ["small again"])
    assert len(told) == 1


# --- the dialog ---------------------------------------------------------------------------------


@pytest.fixture
def dialog(qtbot: QtBot, document, autosaves, tmp_path) -> Iterator[RecoveryDialog]:
    for number in range(3):
        leave(tmp_path / "recovery", unsaved(f"left {number}"), f"{number}-0123abcd")
    parent = QWidget()
    qtbot.addWidget(parent)
    left = autosaves().begin()
    dialog = RecoveryDialog(left, parent)
    dialog.open()
    yield dialog
    parent.close()


def button(dialog: QObject, name: str) -> QPushButton:
    return dialog.findChild(QPushButton, name)


def test_what_is_discarded_is_gone_and_what_is_left_stays(
    qtbot: QtBot, dialog: RecoveryDialog, tmp_path
) -> None:
    folder = tmp_path / "recovery"
    button(dialog, "discard").click()
    assert descriptions(folder) == ["left 1", "left 2"]
    with qtbot.waitSignal(dialog.restored) as restored:
        button(dialog, "restore").click()
    assert restored.args[0].unsaved.experiment.description == "left 1"
    assert descriptions(folder) == ["left 1", "left 2"]  # until the window has taken it over
    assert not list(folder.glob("[0-2]-*.lock"))


def test_discarding_all_closes_it(qtbot: QtBot, dialog: RecoveryDialog, tmp_path) -> None:
    with qtbot.waitSignal(dialog.finished):
        for _ in range(3):
            button(dialog, "discard").click()
    assert kept(tmp_path / "recovery") == []


def test_later_leaves_all(qtbot: QtBot, dialog: RecoveryDialog, tmp_path) -> None:
    with qtbot.waitSignal(dialog.finished):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert len(kept(tmp_path / "recovery")) == 3


def test_the_list_says_what_when_and_where(dialog: RecoveryDialog) -> None:
    text = dialog.list.item(0).text()
    assert text.startswith("left.json\n")
    assert text.endswith(str(Path("/x/left.json")))
    assert dialog.list.indexAt(QPoint(20, 20)).row() == 0
