"""What a run takes as it goes on, and as networks grow: memory, frames and snapshots.

The window is open, on no screen, with its panels as it starts; each network has a process of its
own. Memory is what lies in RAM of the window's process and of the worker's. A frame is what the
window's thread computes for a snapshot while a run goes on: all panels in sight, and their
painting. A snapshot's size is that of its arrays; a record of gradients, of at most 512 rows of
8,192 numbers, is the most of it in networks of thousands of parameters.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from measuring import Measured, Plan, Table

ITERATIONS = (10**3, 10**5, 10**7)
UNITS = {10**2: 1, 10**3: 13, 10**4: 133, 10**5: 1333, 10**6: 13333}  # of the hidden layer
QUICK_ITERATIONS, QUICK_PARAMETERS = 10**5, 10**4
AFTER = 100  # iterations, where networks are compared
UNITS_OF = {"window": "MB", "worker": "MB", "snapshot": "MB", "frame": "ms"}
COLUMNS = tuple(UNITS_OF)


def measure(plan: Plan) -> Sequence[Table]:
    rounds = 1 if plan.quick else max(1, min(plan.pairs, 5))
    iterations = [n for n in ITERATIONS if not plan.quick or n <= QUICK_ITERATIONS]
    sizes = [n for n in UNITS if not plan.quick or n <= QUICK_PARAMETERS]
    found = _in_a_process("moons", iterations, rounds)
    goes_on = [(f"{row['iteration']:,}", _cells(row)) for row in found]
    grows = []
    for size in sizes:
        (row,) = _in_a_process(str(UNITS[size]), [AFTER], rounds)
        grows.append((f"{row['parameters']:,}", _cells(row)))
    return (
        Table("2-8-8-1, batch 10", "iterations", COLUMNS, tuple(goes_on), ("Flat is right.",)),
        Table(
            f"64-n-10 on the digits, batch 10, adam, after {AFTER} iterations",
            "parameters",
            COLUMNS,
            tuple(grows),
            ("Proportional to the parameters, at worst, is right.",),
        ),
    )


def _cells(row: dict[str, Any]) -> tuple[Measured | str, ...]:
    return tuple(
        Measured(tuple(row[column]), unit) if row[column] else "not measured here"
        for column, unit in UNITS_OF.items()
    )


def _in_a_process(network: str, marks: Sequence[int], rounds: int) -> list[dict[str, Any]]:
    """What is found at the iterations `marks` of a run of the network, in ascending order."""
    code = f"import growth_side; growth_side.run({network!r}, {rounds}, {list(marks)})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=Path(__file__).parent,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def resident() -> float | None:
    """MB that lie in RAM of the process that asks, the window's or the worker's, which loads no Qt.
    Its peak where the system tells no more; None where it tells nothing."""
    pages = Path("/proc/self/statm")
    if pages.exists():
        return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return None
