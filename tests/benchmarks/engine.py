"""Iterations per second of the engine beside its peers, and the share of the arithmetic limit.

Before a peer is timed it shows that it computes the same: its losses over the first iterations must
be ours.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from cases import CASES, ONE_CASE, OPTIMIZERS, Case, arrays
from measuring import Child, Measured, MissingError, Plan, Table, take_turns, tell

HERE = Path(__file__).parent
PROOF = 20  # iterations whose losses are compared
TOLERANCE = {"float64": 1e-6, "float32": 1e-4}  # relative
OURS = "side_bpgui.py"
SMALL_CASE = Case((2, 8, 8, 1), 10, 10)
SETTLE = 0.25  # seconds; threads of BLAS keep a processor busy for a while after their last product


@dataclass(frozen=True, slots=True)
class Peer:
    """A side to compare with, by its file and arguments, and the cases that it takes.

    `output` is the activation on the output layer where it knows but one; then our side gets it,
    too. `prove` is False for what computes only a part.
    """

    side: str
    output: str = "sigmoid"
    takes: Callable[[Case], bool] = lambda case: True
    variables: dict[str, str] = field(default_factory=dict)
    prove: bool = True


PEERS = {
    "PyTorch": Peer("side_torch.py"),
    "torch.compile": Peer("side_torch.py compile"),
    "scikit-learn": Peer("side_sklearn.py", output="identity"),
    "plain NumPy": Peer("side_numpy.py"),
    "JavaScript": Peer("peer.js", takes=lambda case: case.sizes[0] <= 64),
    "bpgui, NumPy loop": Peer(OURS, variables={"BPGUI_ENGINE": "numpy"}),
}
LIMIT = Peer("side_products.py", prove=False)
NOTES = (
    "Columns after the second: bpgui's iterations per second divided by the peer's, median of the "
    "pairs and quartiles.",
    "scikit-learn has the identity on the output layer, and bpgui has it, too, beside it.",
)


class Sides:
    """The processes, each started when it is first asked for; ends them all."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._children: dict[tuple[str, ...], Child] = {}

    def __enter__(self) -> Sides:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def of(self, side: str, **variables: str) -> Child:
        key = (side, *variables.values())
        if key not in self._children:
            child = Child(_command(side), **variables)
            self._children[key] = self._stack.enter_context(child)
        return self._children[key]


def _command(side: str) -> list[str]:
    """The program that a side's file needs, and the file with its arguments."""
    file, *arguments = side.split()
    program = shutil.which("node") if file.endswith(".js") else sys.executable
    if program is None:
        raise MissingError("not installed")
    return [program, str(HERE / file), *arguments]


class Opened:
    """A side at work on one case."""

    def __init__(self, child: Child, side: str, case: Case, plan: Plan) -> None:
        self._child, self._seconds = child, plan.seconds
        sent = _arrays_as_lists(case) if side.endswith(".js") else {"case": case.values}
        answer = child.ask("open", prove=PROOF, **sent)
        self.losses: list[float] = answer["losses"]
        self.threads: int | None = answer["threads"]

    def run(self) -> float:
        time.sleep(SETTLE)
        return float(self._child.ask("run", seconds=self._seconds)["rate"])


def _arrays_as_lists(case: Case) -> dict[str, Any]:
    data = arrays(case)
    return {
        "sizes": case.sizes,
        "batch": case.batch,
        "rate": case.rate,
        "inputs": data.inputs.ravel().tolist(),
        "targets": data.targets.ravel().tolist(),
        "weights": [weight.ravel().tolist() for weight in data.weights],
        "biases": [bias.tolist() for bias in data.biases],
    }


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of one comparison: our rates and the ratio, or text where there is none."""

    cell: Measured | str
    rates: tuple[float, ...] = ()
    threads: int | None = None


def compare(sides: Sides, case: Case, peer: Peer, plan: Plan) -> Compared:
    """Prove that the peer computes the same, then take turns with it."""
    if not peer.takes(case):
        return Compared("not compared")
    tell(f"{case.name}, {case.optimizer}, beside {peer.side}")
    case = replace(case, output=peer.output)
    try:
        theirs = Opened(sides.of(peer.side, **peer.variables), peer.side, case, plan)
    except MissingError as reason:
        return Compared(str(reason))
    except RuntimeError as error:
        return Compared(f"failed: {error}")
    ours = Opened(sides.of(OURS), OURS, case, plan)
    if peer.prove and (apart := distance(ours.losses, theirs.losses)) > TOLERANCE[case.dtype]:
        return Compared(f"computes something else ({apart:.1e} apart)")
    pairs = take_turns(ours.run, theirs.run, plan.pairs)
    return Compared(pairs.ratio, pairs.ours, theirs.threads)


def distance(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The largest relative difference; infinite where there is no number to compare."""
    if len(ours) != len(theirs) or not ours:
        return float("inf")
    a, b = np.array(ours), np.array(theirs)
    apart = float(np.max(np.abs(a - b) / np.maximum(np.abs(a), 1e-300)))
    return float("inf") if np.isnan(apart) else apart


def measure(plan: Plan) -> list[Table]:
    with Sides() as sides:
        return [_peers(sides, plan), _optimizers(sides, plan), _limit(sides, plan)]


def _peers(sides: Sides, plan: Plan) -> Table:
    rows, threads = [], []
    for case in CASES:
        found = {name: compare(sides, case, peer, plan) for name, peer in PEERS.items()}
        rates = Measured(tuple(rate for each in found.values() for rate in each.rates), "1/s")
        rows.append((case.name, (rates, *(each.cell for each in found.values()))))
        counts = ", ".join(f"{name} {each.threads}" for name, each in found.items() if each.threads)
        threads.append(f"{case.name}: {counts}")
    chosen = f"Threads that were the fastest: {'; '.join(threads)}."
    return Table("Engine", "network", ("bpgui", *PEERS), tuple(rows), (*NOTES, chosen))


def _optimizers(sides: Sides, plan: Plan) -> Table:
    cases = (SMALL_CASE, ONE_CASE)
    rows = []
    for name in OPTIMIZERS:
        found = [
            compare(sides, replace(case, optimizer=name), PEERS["PyTorch"], plan) for case in cases
        ]
        rows.append((name, tuple(each.cell for each in found)))
    columns = tuple(case.name for case in cases)
    return Table("Optimizers, beside PyTorch's", "optimizer", columns, tuple(rows))


def _limit(sides: Sides, plan: Plan) -> Table:
    """Ours divided by the products alone."""
    large = [case for case in CASES if case.sizes[0] > 64]
    rows = [(case.name, (compare(sides, case, LIMIT, plan).cell,)) for case in large]
    note = (
        "The time of an iteration's matrix products alone, divided by that of an iteration, on the "
        "same BLAS, with one thread or one for each core, whichever is faster; above 1 where BLAS "
        "is slower than the kernel's own products."
    )
    return Table("Share of the arithmetic limit", "network", ("share",), tuple(rows), (note,))
