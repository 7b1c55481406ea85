"""One network's part of the growth benchmark, in a process of its own."""

from __future__ import annotations

import dataclasses
import gc
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from growth import COLUMNS, resident
from PySide6.QtCore import QEventLoop, QTimer

from bpgui.app import application, make_window, open_preset
from bpgui.experiment.builtin import find
from bpgui.training.snapshot import Snapshot
from bpgui.training.worker import Worker
from bpgui.ui.main_window import MainWindow
from bpgui.ui.memory import Memory

FRAMES_SECONDS = 1.0


def run(network: str, rounds: int, marks: Sequence[int]) -> None:
    """Print one line of JSON for each of the iterations `marks`."""
    application().setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory() as folder:
        window = make_window(Memory(Path(folder)), Worker())
        window.resize(1440, 900)
        window.show()
        open_preset(window, str(preset(network, Path(folder))))
        wait(lambda: window.session.snapshot is not None)
        for mark in marks:
            print(json.dumps(_at(window, mark, rounds)), flush=True)
        window.close()


def _at(window: MainWindow, mark: int, rounds: int) -> dict[str, Any]:
    session = window.session
    session.reset()  # looking at frames, at the last mark, went on from there
    session.step(mark)
    wait(lambda: _iteration(window) == mark and not session.running)
    found: dict[str, Any] = {column: [] for column in COLUMNS}
    for _ in range(rounds):
        found["snapshot"].append(snapshot_megabytes(session.snapshot))
        found["frame"].append(1000.0 * seconds_of_a_frame(window))
        gc.collect()
        sides = {"window": resident(), "worker": session.worker.submit(resident).result()}
        for name, megabytes in sides.items():
            if megabytes is not None:
                found[name].append(megabytes)
    return found | {"iteration": mark, "parameters": session.problem.network.size}


def _iteration(window: MainWindow) -> int:
    """Of the run that there is; -1 until it shows itself."""
    snapshot = window.session.snapshot
    return -1 if snapshot is None else snapshot.iteration


def seconds_of_a_frame(window: MainWindow) -> float:
    """What this thread computes from one snapshot to the next while the run goes on."""
    session, snapshots = window.session, [0]

    def count(_: Snapshot) -> None:
        snapshots[0] += 1

    seen = session.snapshot_changed.connect(count)
    session.run()
    wait(lambda: snapshots[0] > 1)
    before, began = snapshots[0], time.thread_time()
    live(FRAMES_SECONDS)
    spent, number = time.thread_time() - began, snapshots[0] - before
    session.snapshot_changed.disconnect(seen)
    session.pause()
    wait(lambda: not session.running)
    return spent / max(number, 1)


def live(seconds: float) -> None:
    """Let the window live in its own event loop."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def wait(until: Callable[[], bool], seconds: float = 600.0) -> None:
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            raise TimeoutError
        live(0.02)


def snapshot_megabytes(value: Any) -> float:
    """The arrays in a snapshot, and in what it is made of."""
    if dataclasses.is_dataclass(value):
        return sum(snapshot_megabytes(getattr(value, f.name)) for f in dataclasses.fields(value))
    return getattr(value, "nbytes", 0) / 1e6


def preset(network: str, folder: Path) -> Path:
    """2-8-8-1 on the moons, or 64-n-10 on the digits with adam; nothing but Pause ends a run."""
    like, hidden = ("moons", [8, 8]) if network == "moons" else ("digits-hidden", [int(network)])
    values = json.loads(find(like).read_text(encoding="utf-8"))
    first, *_, output = values["network"]["layers"]
    values["network"]["layers"] = [*(first | {"units": units} for units in hidden), output]
    values["initial_weights"] = {"scheme": "xavier_uniform", "bias": 0.0, "seed": 0}
    values["training"] |= {"batch_size": 10, "stop": {"max_epochs": None, "loss_below": None}}
    if network != "moons":
        values["training"]["optimizer"] = {"name": "adam", "learning_rate": 1e-3}
    path = folder / f"{network}.json"
    path.write_text(json.dumps(values), encoding="utf-8")
    return path
