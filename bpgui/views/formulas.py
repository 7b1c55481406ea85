"""How each number of a pass came about: its rule in symbols, with this network's digits, and what
the two come to.

An explanation begins with the line of the number itself; lines for what goes into it follow. Values
are the engine's own; only writing rounds them. In a batch, what belongs to one sample is explained
for that sample's own loss, and gradients show what the samples contribute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from bpgui.engine.derivation import Derivation
from bpgui.views import backward, forward
from bpgui.views.maths import Symbol
from bpgui.views.notation import Notation, primed
from bpgui.views.quantities import Quantity
from bpgui.views.updates import update_lines
from bpgui.views.wording import Line


@dataclass(frozen=True, slots=True)
class Explanation:
    """The lines of one number, its own first; `digits` are all that numbers of its type have."""

    quantity: Quantity
    lines: tuple[Line, ...]
    digits: int = 17

    @property
    def value(self) -> float:
        return self.lines[0].value

    @property
    def symbol(self) -> Symbol:
        return self.lines[0].symbol


def explain(derivation: Derivation, quantity: Quantity, column: int = 0) -> Explanation:
    """Explain one number of a derivation; `column` is the sample's place in the batch."""
    notation = Notation(derivation, column)
    lines = tuple(_EXPLAINED[quantity.kind](notation, quantity))
    digits = 17 if derivation.parameters.dtype == np.float64 else 9
    return Explanation(quantity, lines, digits)


def symbol_of(derivation: Derivation, quantity: Quantity, column: int = 0) -> Symbol:
    """The name and value of one number, without its rule."""
    return _SYMBOLS[quantity.kind](Notation(derivation, column), quantity)


def _update(notation: Notation, quantity: Quantity) -> Iterator[Line]:
    yield from update_lines(notation, quantity.layer, quantity.unit, quantity.source)


_EXPLAINED: dict[str, Callable[[Notation, Quantity], Iterator[Line]]] = {
    "input": forward.input_lines,
    "z": forward.pre_activation_lines,
    "a": forward.activation_lines,
    "objective": forward.objective_lines,
    "loss": forward.loss_lines,
    "sample_loss": forward.sample_loss_lines,
    "loss_term": forward.loss_term_lines,
    "delta": backward.delta_lines,
    "w_gradient": backward.gradient_lines,
    "b_gradient": backward.gradient_lines,
    "input_gradient": backward.input_gradient_lines,
    "update": _update,
}


def _new_value(notation: Notation, quantity: Quantity) -> Symbol:
    place = quantity.layer, quantity.unit, quantity.source
    index = notation.network.index(*place)
    return primed(notation.parameter(*place), float(notation.derivation.update.parameters[index]))


_SYMBOLS: dict[str, Callable[[Notation, Quantity], Symbol]] = {
    "input": lambda notation, q: notation.x(q.unit),
    "z": lambda notation, q: notation.z(q.layer, q.unit),
    "a": lambda notation, q: notation.a(q.layer, q.unit),
    "objective": lambda notation, q: notation.objective(),
    "loss": lambda notation, q: notation.batch_loss(),
    "sample_loss": lambda notation, q: notation.loss(),
    "loss_term": forward.term_symbol,
    "delta": lambda notation, q: notation.delta(q.layer, q.unit),
    "w_gradient": lambda notation, q: notation.gradient(q.layer, q.unit, q.source),
    "b_gradient": lambda notation, q: notation.gradient(q.layer, q.unit, q.source),
    "input_gradient": lambda notation, q: notation.input_gradient(q.unit),
    "update": _new_value,
}
