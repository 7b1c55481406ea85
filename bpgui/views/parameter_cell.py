"""How a number is cut so that a column of numbers can be aligned at the decimal point."""

from __future__ import annotations

WIDEST = ("-88", ".8888888888888888e-88")


def parts_of(text: str) -> tuple[str, str]:
    """A formatted number before its decimal point and from it on; a whole number has no second part
    unless an exponent follows."""
    for sign in ".e":
        place = text.find(sign)
        if place >= 0:
            return text[:place], text[place:]
    return text, ""
