"""Lines of an explanation, and the words beside them.

A note is a key and values, so that the window can say it in another language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bpgui.views.maths import Node, Symbol

NoteKey: TypeAlias = Literal[
    "given",
    "feature",
    "same_feature",
    "above_zero",
    "not_above_zero",
    "from_z",
    "cancel",
    "written_out",
    "same_unit",
    "other_unit",
    "penalties",
    "more",
    "frozen",
    "fixed",
    "with_penalties",
]

NOTES: dict[NoteKey, str] = {
    "given": "given by the sample",
    "feature": "{name}, with {inputs}",
    "same_feature": "{name}, the same for every sample",
    "above_zero": "because {name} > 0",
    "not_above_zero": "because {name} ≤ 0",
    "from_z": "computed from z, because an output is rounded to 0 or 1",
    "cancel": "this activation and this loss belong together: their derivatives cancel",
    "written_out": "the same by the chain rule, written out",
    "same_unit": "the unit itself",
    "other_unit": "another unit: softmax ties all units together",
    "penalties": "the loss with the penalties on the weights",
    "more": "… {count} more samples …",
    "frozen": "frozen: the parameter keeps its value",
    "fixed": "a fixed bias keeps its value",
    "with_penalties": "with the penalties, which is what the optimizer gets",
}


@dataclass(frozen=True, slots=True)
class Note:
    key: NoteKey
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, translate: Callable[[str], str] = str) -> str:
        return translate(NOTES[self.key]).format(**self.values)


@dataclass(frozen=True, slots=True)
class Line:
    """symbol = rule = result, where the result is the symbol's value; a rule may be missing."""

    symbol: Symbol
    rule: Node | None = None
    note: Note | None = None

    @property
    def value(self) -> float:
        return self.symbol.value
