"""JSON as a person would lay it out: what fits stays on one line, long rows of numbers are
filled."""

from __future__ import annotations

import json
from typing import Any

WIDTH = 100
INDENT = "  "


def laid_out(value: Any, margin: str = "", used: int = 0) -> str:
    """JSON text of the value; `margin` is the indentation of its last line, `used` the columns
    before its first.

    Numbers are written as Python's repr writes them: the fewest digits that give the same number
    back.
    """
    line = _one_line(value)
    fits = used + len(line) <= WIDTH and not _holds_objects(value)
    if not value or not isinstance(value, dict | list) or (fits and margin):
        return line
    inner = margin + INDENT
    if isinstance(value, dict):
        entries = [(f"{inner}{_one_line(key)}: ", entry) for key, entry in value.items()]
        lines = [key + laid_out(entry, inner, len(key)) for key, entry in entries]
        return "{\n" + ",\n".join(lines) + f"\n{margin}}}"
    if not any(isinstance(entry, dict | list) for entry in value):
        return f"[\n{_filled(value, inner)}\n{margin}]"
    lines = [inner + laid_out(entry, inner, len(inner)) for entry in value]
    return "[\n" + ",\n".join(lines) + f"\n{margin}]"


def _holds_objects(value: Any) -> bool:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(isinstance(item, dict) or _holds_objects(item) for item in items)


def _filled(values: list[Any], margin: str) -> str:
    """The entries side by side, as many to a line as fit."""
    lines: list[str] = []
    line = margin
    for entry in map(_one_line, values):
        if len(line) + len(entry) >= WIDTH and line != margin:
            lines.append(line.rstrip())
            line = margin
        line += f"{entry}, "
    return "\n".join([*lines, line.removesuffix(", ")])


def _one_line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
