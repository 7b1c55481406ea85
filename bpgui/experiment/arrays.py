"""The lists of numbers in a preset, checked before the models see them.

They are the only parts that can be huge, so they are read by a quick scan with a bounded number of
messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bpgui.experiment.errors import Problem
from bpgui.experiment.migrations import Raw
from bpgui.experiment.wording import place_of, shown

MOST = 20  # messages for one list

_LEVELS = (
    "a number",
    "a list of numbers",
    "a list of rows of numbers",
    "a list of matrices, one for each layer",
)


class _BrokenError(Exception):
    """The lists are not nested as they should be."""


class _Scan:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.more = 0

    def report(self, at: tuple[str | int, ...], expected: str, value: Any) -> None:
        if len(self.problems) < MOST:
            self.problems.append(Problem(place_of(at), f"expected {expected}, got {shown(value)}"))
        else:
            self.more += 1

    def read(self, value: Any, depth: int, at: tuple[str | int, ...]) -> Any:
        """The value with 0 in place of what is no number, so that its shape can still be
        checked."""
        if depth == 0:
            if isinstance(value, int | float) and not isinstance(value, bool):
                return value
            self.report(at, _LEVELS[0], value)
            return 0.0
        if value is None and depth == 1 and at[:2] == ("initial_weights", "biases"):
            return None
        if not isinstance(value, list):
            self.report(at, _LEVELS[depth], value)
            raise _BrokenError
        if depth == 1 and set(map(type, value)) <= {int, float}:
            return value
        read, broken = [], False
        for i, item in enumerate(value):
            try:
                read.append(self.read(item, depth - 1, (*at, i)))
            except _BrokenError:
                broken = True
        if broken:
            raise _BrokenError
        return read


def _arrays(raw: Raw) -> Iterator[tuple[str, str, int]]:
    initial, data = raw.get("initial_weights"), raw.get("data")
    if isinstance(initial, dict) and initial.get("scheme") == "manual":
        yield "initial_weights", "weights", 3
        yield "initial_weights", "biases", 2
    if isinstance(data, dict) and data.get("source") == "inline":
        yield "data", "inputs", 2
        targets = data.get("targets")
        rows = isinstance(targets, list) and any(isinstance(row, list) for row in targets)
        yield "data", "targets", 2 if rows else 1


def check_arrays(raw: Raw) -> tuple[Raw, list[Problem], set[str]]:
    """The raw preset with sound lists of numbers, what was wrong, and the sections whose lists
    could not be mended."""
    problems: list[Problem] = []
    broken: set[str] = set()
    for section, field, depth in _arrays(raw):
        if field not in raw[section]:
            continue
        scan = _Scan()
        try:
            read = scan.read(raw[section][field], depth, (section, field))
            raw = {**raw, section: {**raw[section], field: read}}
        except _BrokenError:
            broken.add(section)
        problems += scan.problems
        if scan.more:
            problems.append(Problem(f"{section}.{field}", f"and {scan.more:,} more of this kind"))
    return raw, problems, broken


def normalize_biases(raw: Raw) -> Raw:
    """The raw preset with null for the biases of every layer that has none.

    There [] and zeros stand for null too, and `biases` may be left out where no layer has any.
    """
    initial, modes = raw.get("initial_weights"), _bias_modes(raw)
    if not isinstance(initial, dict) or initial.get("scheme") != "manual" or modes is None:
        return raw
    biases = initial.get("biases")
    if not biases and all(mode == "none" for mode in modes):
        biases = [None] * len(modes)
    elif isinstance(biases, list):
        biases = [
            None if i < len(modes) and modes[i] == "none" and _is_nothing(row) else row
            for i, row in enumerate(biases)
        ]
    else:
        return raw
    return {**raw, "initial_weights": {**initial, "biases": biases}}


def _is_nothing(row: Any) -> bool:
    return isinstance(row, list) and all(
        type(value) in (int, float) and value == 0 for value in row
    )


def _bias_modes(raw: Raw) -> list[Any] | None:
    network = raw.get("network")
    layers = network.get("layers") if isinstance(network, dict) else None
    if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        return None
    return [layer.get("bias", "trained") for layer in layers]
