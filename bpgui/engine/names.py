"""What inputs are called, and how expressions and names are written: all of it that is needed where
no expression is read."""

from __future__ import annotations

# Signs as they stand in print, by what is typed for them.
TYPOGRAPHY = {0x2212: "-", 0xD7: "*", 0xB7: "*", 0x22C5: "*", 0xF7: "/", 0xA0: " ", 0x3000: " "}


def input_name(column: int) -> str:
    return f"x{column + 1}"


def column_of(name: str) -> int:
    """x3 is column 2."""
    return int(name[1:]) - 1


def shortened(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
