"""The steps of a pass, in the order in which it is computed, and the numbers of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bpgui.engine.derivation import Derivation
from bpgui.engine.network import Network
from bpgui.views.quantities import Kind, Quantity, gradient_of

StepKind: TypeAlias = Literal[
    "input",
    "z",
    "a",
    "loss",
    "delta",
    "w_gradient",
    "b_gradient",
    "input_gradient",
    "update",
]


@dataclass(frozen=True, slots=True)
class Step:
    """What is computed at once: one kind of number in one layer; layer 0 is the input."""

    kind: StepKind
    layer: int


def steps(network: Network) -> tuple[Step, ...]:
    """Forward, the loss, back, and the update, which comes after all gradients."""
    count = len(network.layers)
    forward = [Step(kind, layer) for layer in range(1, count + 1) for kind in ("z", "a")]
    back = [
        Step(kind, layer)
        for layer in range(count, 0, -1)
        for kind in ("delta", "w_gradient", "b_gradient")
        if kind != "b_gradient" or network.layers[layer - 1].bias != "none"
    ]
    updates = [Step("update", layer) for layer in range(1, count + 1)]
    return (
        Step("input", 0),
        *forward,
        Step("loss", count),
        *back,
        Step("input_gradient", 0),
        *updates,
    )


def step_of(quantity: Quantity) -> Step:
    """The step in which a number is computed."""
    return Step(_STEPS[quantity.kind], quantity.layer)


_STEPS: dict[Kind, StepKind] = {
    "input": "input",
    "z": "z",
    "a": "a",
    "objective": "loss",
    "loss": "loss",
    "sample_loss": "loss",
    "loss_term": "loss",
    "delta": "delta",
    "w_gradient": "w_gradient",
    "b_gradient": "b_gradient",
    "input_gradient": "input_gradient",
    "update": "update",
}


class Numbers:
    """The numbers of a step; each is made when it is asked for, as a layer may have 100,000."""

    def __init__(self, network: Network, step: Step, whole: tuple[Quantity, ...] = ()) -> None:
        self._network, self._step, self._whole = network, step, whole
        self._units, self._columns = _shape(network, step)

    def __len__(self) -> int:
        return len(self._whole) + self._units * self._columns

    def __iter__(self) -> Iterator[Quantity]:
        return (self[place] for place in range(len(self)))

    def __getitem__(self, place: int) -> Quantity:
        place = range(len(self))[place]
        if place < len(self._whole):
            return self._whole[place]
        unit, column = divmod(place - len(self._whole), self._columns)
        return self._quantity(unit + 1, column + 1)

    def _quantity(self, unit: int, column: int) -> Quantity:
        kind, layer = self._step.kind, self._step.layer
        if kind == "loss":
            return Quantity("loss_term", layer, unit)
        if kind == "w_gradient":
            return Quantity(kind, layer, unit, column)
        if kind == "update":
            inputs = self._network.layers[layer - 1].inputs
            return Quantity(kind, layer, unit, column if column <= inputs else None)
        return Quantity(kind, layer, unit)

    def index_of(self, quantity: Quantity) -> int | None:
        """The place of a number, None where it is not in this step."""
        if quantity in self._whole:
            return self._whole.index(quantity)
        if step_of(quantity) != self._step or not 1 <= quantity.unit <= self._units:
            return None
        source = quantity.source
        column = 1
        if self._step.kind in ("w_gradient", "update"):
            column = self._columns if source is None else source
        if not 1 <= column <= self._columns:
            return None
        place = len(self._whole) + (quantity.unit - 1) * self._columns + column - 1
        return place if self[place] == quantity else None


def numbers_of(derivation: Derivation, step: Step) -> Numbers:
    """The numbers of a step; those of the loss begin with the sums, then come its terms."""
    whole: list[Quantity] = []
    if step.kind == "loss":
        if derivation.l1_penalty or derivation.l2_penalty:
            whole.append(Quantity("objective", step.layer))
        whole.append(Quantity("loss", step.layer))
        if len(derivation.samples) > 1:
            whole.append(Quantity("sample_loss", step.layer))
    return Numbers(derivation.problem.network, step, tuple(whole))


def _shape(network: Network, step: Step) -> tuple[int, int]:
    """How many units a step has numbers for, and how many for each."""
    if step.layer == 0:
        return network.inputs, 1
    layer = network.layers[step.layer - 1]
    columns = {"w_gradient": layer.inputs, "update": layer.columns}
    return layer.units, columns.get(step.kind, 1)


def likened(quantity: Quantity, step: Step) -> Quantity:
    """The number of another step that is nearest: of the same unit, or the same parameter."""
    unit, source = max(quantity.unit, 1), quantity.source
    if step.kind == "loss":
        return Quantity("loss", step.layer)
    if step.kind == "update":
        return Quantity("update", step.layer, unit, source)
    if step.kind == "w_gradient":
        return Quantity("w_gradient", step.layer, unit, 1 if source is None else source)
    return Quantity(step.kind, step.layer, unit)


def of_parameter(network: Network, index: int, step: Step | None) -> Quantity:
    """What to open for theta[index]: its gradient, or its update where updates are looked at."""
    found = network.parameter(index)
    place = found.layer, found.unit, found.source
    changing = step is not None and step.kind == "update"
    return Quantity("update", *place) if changing else gradient_of(*place)


def of_unit(unit: tuple[int, int], step: Step | None) -> Quantity:
    """What to open for a unit (layer, unit): its activation, or what is looked at of another."""
    kind = "a" if step is None else step.kind
    if unit[0] == 0:
        return Quantity("input_gradient" if kind == "input_gradient" else "input", *unit)
    return Quantity(kind if kind in ("z", "delta") else "a", *unit)
