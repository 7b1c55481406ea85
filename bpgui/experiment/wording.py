"""How values, choices and places read in an error message."""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

OTHER_NAMES = {
    "linear": "identity",
    "none": "identity",
    "logistic": "sigmoid",
    "leakyrelu": "leaky_relu",
    "mse": "mean_squared_error",
    "mae": "absolute_error",
    "l1_loss": "absolute_error",
    "bce": "binary_cross_entropy",
    "crossentropy": "cross_entropy",
    "nll": "cross_entropy",
    "glorot_uniform": "xavier_uniform",
    "glorot_normal": "xavier_normal",
    "kaiming_uniform": "he_uniform",
    "kaiming_normal": "he_normal",
    "lr": "learning_rate",
    "epochs": "max_epochs",
    "neurons": "units",
    "mnist": "idx",
}


class Unreadable:
    """Stands where a file holds a number that cannot be kept, such as NaN or 1e999."""

    def __init__(self, text: str) -> None:
        self.text = text


def shown(value: Any) -> str:
    """A value of a file in a few words."""
    if isinstance(value, Unreadable):
        return value.text
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if isinstance(value, str) and len(value) > 40:
        value = value[:39] + "…"
    try:
        return json.dumps(value, ensure_ascii=not _printable(value))
    except TypeError:
        return repr(value)


def _printable(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable()


def one_of(names: Iterable[str]) -> str:
    *others, last = names
    return f"one of {', '.join(others)}, {last}" if others else last


def suggestion(name: Any, names: Iterable[str]) -> str:
    """ "; did you mean sigmoid?" where one of the names is near to what was given, else nothing."""
    if not isinstance(name, str):
        return ""
    known = {choice.lower(): choice for choice in names}
    given = name[:100].lower().strip().replace(" ", "_").replace("-", "_")
    other = OTHER_NAMES.get(given)
    near = [other] if other in known else get_close_matches(given, known, 1)
    return f"; did you mean {known[near[0]]}?" if near and near[0] is not None else ""


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def place_of(parts: Iterable[str | int]) -> str:
    """("network", "layers", 1, "units") as network.layers[1].units"""
    place = ""
    for part in parts:
        if isinstance(part, int):
            place += f"[{part}]"
        else:
            name = part if part.isprintable() and len(part) <= 60 else shown(part)
            place += f".{name}" if place else name
    return place


def wrong_length(got: int, expected: int, noun: str, why: str, plural: str = "") -> str:
    """That there are `got` of what there should be `expected`."""
    what = f"{expected:,} {plural}" if plural and expected != 1 else counted(expected, noun)
    return f"expected {what}, {why}, got {got:,}"
