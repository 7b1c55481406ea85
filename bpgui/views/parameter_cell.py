"""How a number is cut so that a column of numbers can be aligned at the decimal point."""

from __future__ import annotations

# The longest are like -0.00038919715915064783; from 0.0001 down there is an exponent.
WIDEST = ("-88", "." + 20 * "8")


def parts_of(text: str) -> tuple[str, str, str]:
    """The parts of a formatted number: what stands before the decimal point, the point and what
    follows it, and the exponent with its e. Only the first is always there."""
    mantissa, e, exponent = text.partition("e")
    whole, point, fraction = mantissa.partition(".")
    return whole, point + fraction, e + exponent
