"""How long the program takes to start, beside a bare window of PySide6 and pyqtgraph.

Both start in turns, each from nothing: a process that begins, imports, and paints. Both have their
bytecode, as any program has after its first start, and a home of their own. A frame counts as
painted when the event that follows its painting is handled: it is with the screen then.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from measuring import Measured, Plan, Table, take_turns
from tax_cases import display

# What both sides are watched by. BEGIN is the time at which the process was asked for.
WATCH = """
import os, time
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt

class Frames(QObject):
    def __init__(self, window, painted):
        super().__init__(window)
        self._painted = painted
        window.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() in (QEvent.Type.Paint, QEvent.Type.UpdateRequest):
            after = QEvent(QEvent.Type.User)
            QCoreApplication.postEvent(self, after, Qt.EventPriority.HighEventPriority.value)
        return False

    def customEvent(self, event):
        self._painted()

def tell(name):
    print(name, time.monotonic() - float(os.environ["BEGIN"]), flush=True)
"""

BARE = f"""
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph
{WATCH}
app = QApplication(["bare"])
window = QMainWindow()
plot = pyqtgraph.PlotWidget()
plot.plot([0, 1, 2, 3], [0, 1, 0, 1])
window.setCentralWidget(plot)
window.resize(1280, 800)
frames = Frames(window, lambda: (tell("painted"), os._exit(0)))
window.show()
app.exec()
"""

BPGUI = f"""
import bpgui.cli
from bpgui.commands import window as command
program = command._app()
{WATCH}
make_window, told = program.make_window, set()

def once(name):
    if name not in told:
        told.add(name)
        tell(name)

def watched(*parts):
    window = make_window(*parts)
    session = window.session

    def painted():
        once("painted")
        if session.snapshot is not None and "filled" not in told:
            once("filled")
            session.run()

    def took(snapshot):
        if snapshot.iteration:
            once("running")
            os._exit(0)

    Frames(window, painted)
    session.snapshot_changed.connect(took)
    return window

program.make_window = watched
command._app = lambda: program
bpgui.cli.main([])
"""

WAYS = {
    "painted": "the first picture painted",
    "filled": "with the numbers of the run in it",
    "running": "and the run pressed at once, going on",
}
COMMANDS = {
    "python -c pass": ("-c", "pass"),
    "bpgui --help": ("-m", "bpgui", "--help"),
    "bpgui train xor --iterations 1": ("-m", "bpgui", "train", "xor", "--iterations", "1"),
}
LISTED = 12  # packages, by the time that importing them takes
_IMPORTED = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\w+)")


def measure(plan: Plan) -> Sequence[Table]:
    pairs = min(plan.pairs, 3) if plan.quick else max(plan.pairs, 10)
    with tempfile.TemporaryDirectory(prefix="bpgui-start-") as folder, display() as shown_on:
        start = Start(Path(folder))
        return (
            _window(start, pairs, shown_on),
            _commands(start, pairs),
            _imports(start, min(pairs, 5)),
        )


class Start:
    """Starts Python with the user's files and the bytecode in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._environment = {
            **{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
            **dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), str(folder)),
            **{f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "STATE", "CACHE")},
            "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            env=self._environment | {"BEGIN": repr(time.monotonic())},
            capture_output=True,
            text=True,
            check=True,
        )

    def times(self, script: str) -> dict[str, float]:
        """Seconds from the start by what the script tells."""
        told = self.run("-c", script).stdout.split()
        return dict(zip(told[::2], map(float, told[1::2]), strict=True))


def _window(start: Start, pairs: int, shown_on: str) -> Table:
    ours: list[dict[str, float]] = []
    theirs: list[dict[str, float]] = []

    def begin(script: str, found: list[dict[str, float]]) -> float:
        found.append(start.times(script))
        return 1 / found[-1]["painted"]

    for script in (BARE, BPGUI):
        start.times(script)  # writes the bytecode
    take_turns(lambda: begin(BPGUI, ours), lambda: begin(BARE, theirs), pairs)
    bare = [found["painted"] for found in theirs]
    rows = []
    for name, label in WAYS.items():
        seconds = [found[name] for found in ours]
        ratios = tuple(a / b for a, b in zip(seconds, bare, strict=True))
        rows.append((label, (_ms(seconds), _ms(bare), Measured(ratios, "x"))))
    title = f"From the start of the process to the window, on {shown_on}"
    return Table(
        title, "until", ("bpgui", "bare window", "ratio"), tuple(rows), ("Less is better.",)
    )


def _commands(start: Start, times: int) -> Table:
    rows = []
    for label, arguments in COMMANDS.items():
        start.run(*arguments)
        seconds = []
        for _ in range(times):
            began = time.perf_counter()
            start.run(*arguments)
            seconds.append(time.perf_counter() - began)
        loads_qt = "PySide6" in start.run("-X", "importtime", *arguments).stderr
        rows.append((label, (_ms(seconds), "yes" if loads_qt else "no")))
    return Table("Commands, from start to end", "command", ("time", "loads Qt"), tuple(rows))


def _imports(start: Start, times: int) -> Table:
    samples: dict[str, list[float]] = defaultdict(list)
    script = "import bpgui.cli; from bpgui.commands import window; window._app()"
    for _ in range(times):
        sums: dict[str, float] = defaultdict(float)
        for microseconds, package in _IMPORTED.findall(
            start.run("-X", "importtime", "-c", script).stderr
        ):
            sums[package] += int(microseconds) / 1e6
        sums["all together"] = sum(sums.values())
        for package, seconds in sums.items():
            samples[package].append(seconds)
    slowest = sorted(samples, key=lambda package: -median(samples[package]))[: LISTED + 1]
    rows = tuple((package, (_ms(samples[package]),)) for package in slowest)
    note = "Python's own count, which takes time itself: read it as shares."
    return Table("Where the window's imports go", "package", ("time",), rows, (note,))


def _ms(seconds: Sequence[float]) -> Measured:
    return Measured(tuple(1000 * value for value in seconds), "ms")
