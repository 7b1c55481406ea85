"""Digits of published worked examples, and the same computed now, to be set side by side.

Digits stand here as they are printed. A number agrees if it differs by no more than half a unit of
its last printed digit, or by no more than a share of itself: 1e-12 where it comes of single passes
and 1e-9 after long runs, in which the order of summation adds up. A1, C and E are built-in presets,
B's expressions are built-in graphs; H has the data and weights of the parity tests, and its digits
are PyTorch's. Where a text updates the output layer first, its digits are met by doing so.
"""

from __future__ import annotations

from bpgui.published.chain import CHAIN, CHAIN_IN_TEXT_ORDER
from bpgui.published.comparison import LONG, SINGLE, Comparison, Example, allowed, compare
from bpgui.published.graphs import GRAPHS
from bpgui.published.three_classes import THREE_CLASSES, three_classes
from bpgui.published.two_inputs import TRAP, TWO_INPUTS
from bpgui.published.xor import XOR

__all__ = [
    "CHAIN",
    "CHAIN_IN_TEXT_ORDER",
    "EXAMPLES",
    "GRAPHS",
    "LONG",
    "SINGLE",
    "THREE_CLASSES",
    "TRAP",
    "TWO_INPUTS",
    "XOR",
    "Comparison",
    "Example",
    "allowed",
    "compare",
    "three_classes",
    "verified",
]

EXAMPLES = (TWO_INPUTS, TRAP, *GRAPHS, XOR, CHAIN, CHAIN_IN_TEXT_ORDER, THREE_CLASSES)


def verified(index: int) -> tuple[Comparison, ...]:
    """Every number of EXAMPLES[index], computed now, wherever an executor does it."""
    return tuple(compare(EXAMPLES[index]))
