"""What an open window costs training, and what training costs the window.

Two layouts: "tabs", as the window opens, where some panels lie behind others, and "side by side",
where none does, in a window as large as the screen. All docks are open in both.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from measuring import Measured, Pairs, Plan, Table
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from tax_cases import CASES, display
from tax_window import (
    BESIDE,
    TABS,
    Painted,
    after_chance,
    closed,
    frames,
    gaps,
    live,
    opened,
    pause,
    wait,
    while_training,
)

from bpgui.app import application
from bpgui.commands.train import descend
from bpgui.engine.problem import Problem
from bpgui.training.prompt import Prompt
from bpgui.training.run import Run
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.training.worker import Worker
from bpgui.ui.main_window import MainWindow

SECONDS = 1.0  # of a slice
WARM_UP = 0.5  # seconds at the start of a run that do not count
KEYS = (Qt.Key.Key_1, Qt.Key.Key_Backspace)


def measure(plan: Plan) -> Sequence[Table]:
    seconds = 0.3 if plan.quick else SECONDS
    rows: dict[str, list[tuple[str, tuple[Measured | str, ...]]]] = {}
    with display() as shown_on:
        application().setQuitOnLastWindowClosed(False)
        for case, make in CASES.items():
            for layout in (TABS, BESIDE):
                with tempfile.TemporaryDirectory() as folder:
                    window = opened(Path(folder), make(Path(folder)), layout)
                    for part in PARTS:
                        cells = part(window, plan.pairs, seconds)
                        rows.setdefault(part.__name__, []).append((f"{case}, {layout}", cells))
                    closed(window)
    return [
        Table(
            title,
            "network, layout",
            columns,
            tuple(rows[part.__name__]),
            (note, f"Windows open on {shown_on}."),
        )
        for part, (title, columns, note) in PARTS.items()
    ]


# --- training -------------------------------------------------------------------------------------


class Counter:
    """Iterations per second of a run that begins, once it has warmed up. Each slice is a run of its
    own, because a run that has got further has less to record."""

    def __init__(self) -> None:
        self._begun = time.perf_counter()
        self.marks: list[tuple[float, int]] = []

    def see(self, iteration: int) -> None:
        now = time.perf_counter()
        if iteration and now - self._begun > WARM_UP:
            self.marks.append((now, iteration))

    def enough(self, seconds: float) -> bool:
        """Whether the slice has lasted so long, and a rate can be told."""
        return len(self.marks) > 1 and self.marks[-1][0] - self.marks[0][0] >= seconds

    @property
    def rate(self) -> float:
        (begin, first), (end, last) = self.marks[0], self.marks[-1]
        return (last - first) / (end - begin)


def training(window: MainWindow, pairs: int, seconds: float) -> tuple[Measured, ...]:
    problem = window.session.problem
    assert problem is not None
    worker = Worker()
    worker.submit(os.getpid).result()
    workers = {"window": window.session.worker, "headless": worker}
    sides: dict[str, Callable[[], tuple[float, int]]] = {
        "window": lambda: with_window(window, seconds),
        "headless": lambda: headless(problem, worker, seconds),
        "command": lambda: by_command(problem, seconds),
    }
    reached: dict[str, list[float]] = {name: [] for name in sides}
    computed: dict[str, list[float]] = {name: [] for name in workers}
    try:
        for number in range(pairs):
            for name in sides if number % 2 else reversed(sides):
                before = processor_time(workers.get(name))
                rate, last = sides[name]()
                reached[name].append(rate)
                if name in workers:
                    spent = processor_time(workers[name]) - before
                    computed[name].append(last / spent)
    finally:
        worker.close()
    shown, alone, plain = (tuple(reached[name]) for name in sides)
    return (
        Measured(alone, "1/s"),
        Pairs(shown, alone).ratio,
        Pairs(shown, plain).ratio,
        Pairs(*(tuple(computed[name]) for name in workers)).ratio,
    )


def processor_time(worker: Worker | None) -> float:
    """Seconds that a worker's process has computed; 0 without one."""
    return 0.0 if worker is None else worker.submit(time.process_time).result()


def with_window(window: MainWindow, seconds: float) -> tuple[float, int]:
    """Iterations per second, and the iteration at which the slice ended."""
    counter = Counter()

    def see(snapshot: Snapshot | None) -> None:
        if snapshot is not None:
            counter.see(snapshot.iteration)

    window.session.reset()
    window.session.snapshot_changed.connect(see)
    window.session.run()
    live(WARM_UP + seconds)
    wait(lambda: counter.enough(seconds))
    window.session.snapshot_changed.disconnect(see)
    pause(window)
    live(0.1)
    return counter.rate, window.session.snapshot.iteration


def headless(problem: Problem, worker: Worker, seconds: float) -> tuple[float, int]:
    """The same of the same thread, worker and snapshots, which nobody shows."""
    run, counter = Run(problem, 1, Prompt(worker)), Counter()
    run.run()
    while not counter.enough(seconds):
        if run.mailbox.wait(1.0) and (snapshot := run.take()) is not None:
            counter.see(snapshot.iteration)
    run.pause()
    while (last := run.take()) is None or last.state is RunState.RUNNING:
        run.mailbox.wait(1.0)
    run.close()
    return counter.rate, last.iteration


class Enough(Exception):  # noqa: N818
    """Ends a command that has no end of its own."""


def by_command(problem: Problem, seconds: float) -> tuple[float, int]:
    """As `bpgui train` does it, in bursts in this very thread."""
    counter = Counter()

    def advance(iteration: int, total: int | None) -> None:
        counter.see(iteration)
        if counter.enough(seconds):
            raise Enough

    with suppress(Enough):
        descend(problem, None, advance=advance)
    return counter.rate, counter.marks[-1][1]


# --- the window -----------------------------------------------------------------------------------


def smoothness(window: MainWindow, pairs: int, seconds: float) -> tuple[Measured, ...]:
    dots: tuple[list[float], list[float]] = ([], [])
    wholes: tuple[list[float], list[float]] = ([], [])
    for number in range(pairs):
        for side in (0, 1) if number % 2 else (1, 0):
            for reached, whole in ((dots, False), (wholes, True)):
                reached[side].append(_either(window, side, frames, seconds, whole=whole))
    dot, whole = (Pairs(tuple(busy), tuple(idle)).ratio for busy, idle in (dots, wholes))
    return dot, whole, Measured(tuple(dots[0]), "1/s"), Measured(tuple(wholes[1]), "1/s")


def rounds(window: MainWindow, pairs: int, seconds: float) -> tuple[Measured, ...]:
    found: tuple[list, list] = ([], [])
    for number in range(pairs):
        for side in (0, 1) if number % 2 else (1, 0):
            found[side].append(_either(window, side, gaps, seconds))
    busy, idle = (list(zip(*side, strict=True)) for side in found)
    beyond = tuple(a - b for a, b in zip(busy[1], idle[1], strict=True))
    kinds = (idle[1], busy[0], busy[1], beyond, (max(busy[2]),), busy[3], (max(busy[4]),))
    return tuple(Measured(tuple(map(float, values)), "ms") for values in kinds)


def _either(window: MainWindow, side: int, probe: Callable, *arguments, **named) -> object:
    """What a probe finds while training (side 0) or while the window has nothing to do."""
    if side:
        return probe(window, *arguments, **named)
    return while_training(window, lambda: probe(window, *arguments, **named))


def hands_on(window: MainWindow, pairs: int, seconds: float) -> tuple[Measured, ...]:
    times = (
        pausing(window, pairs),
        typing(window, pairs),
        while_training(window, lambda: typing(window, pairs)),
    )
    return tuple(Measured(tuple(some), "ms") for some in (*times, (max(times[0]),)))


def pausing(window: MainWindow, clicks: int) -> list[float]:
    """From a click on the real button until the status bar has painted that the run is paused."""
    button = window.transport.widgetForAction(window.commands["toggle"])
    session, label = window.session, window.status.state
    shown, told, times = Painted(label), label.text(), []
    for _ in range(clicks):
        session.run()
        wait(lambda: session.running)
        due = after_chance(lambda: QTest.mouseClick(button, Qt.MouseButton.LeftButton))
        wait(lambda due=due: shown.at > due and shown.text == told and not session.running)
        times.append(1000.0 * (shown.at - due))
    shown.deleteLater()
    return times


def typing(window: MainWindow, presses: int) -> list[float]:
    """From a key press in a number field of an editor to the field's next paint."""
    line = next(
        field
        for field in window.editor.findChildren(QLineEdit)
        if field.isEnabled() and not field.visibleRegion().isEmpty() and field.text().isdigit()
    )
    window.activateWindow()
    line.setFocus()
    painted, times = Painted(line), []
    for number in range(2 * presses):
        key = KEYS[number % 2]
        due = after_chance(lambda key=key: QTest.keyClick(line, key))
        wait(lambda due=due: painted.at > due)
        times.append(1000.0 * (painted.at - due))
    painted.deleteLater()
    return times


PARTS: dict[Callable, tuple[str, tuple[str, ...], str]] = {
    training: (
        "Training with the window open",
        ("without", "with / without", "with / bpgui train", "per processor second"),
        "Iterations per second with all docks open, over those of the same thread and worker "
        "without a window, and over those of the command, which needs no worker. The last column "
        "is with / without for iterations per second that the worker computed: other programs on "
        "the machine disturb it little.",
    ),
    smoothness: (
        "Frames while a run goes on, over frames while it rests",
        ("a dot", "the whole window", "dots, training", "whole, at rest"),
        "A frame is asked for at each poll: of two pixels, or of all that the window shows.",
    ),
    rounds: (
        "Time in which the event loop did not come round",
        (
            "p99 at rest",
            "p50 training",
            "p99 training",
            "p99 beyond rest",
            "longest",
            "p99 computing",
            "longest computing",
        ),
        "Between two rounds that a timer of one millisecond sees; percentiles of each slice. The "
        "last two columns count what the thread computed meanwhile, not its wait for a processor "
        "that others kept.",
    ),
    hands_on: (
        "Hands on",
        ("Pause", "key at rest", "key training", "Pause, longest"),
        "From the click on Pause until the status bar has painted it, and from a key press in a "
        "number field until the field has painted it; both at moments of chance.",
    ),
}
