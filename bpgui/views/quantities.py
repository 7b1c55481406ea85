"""Which number of a pass is meant, and which others it is made of. No values here."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from bpgui.engine.network import Network

Kind: TypeAlias = Literal[
    "input",
    "z",
    "a",
    "objective",
    "loss",
    "sample_loss",
    "loss_term",
    "delta",
    "w_gradient",
    "b_gradient",
    "input_gradient",
    "update",
]
PARAMETER_KINDS = frozenset({"w_gradient", "b_gradient", "update"})


class Quantity(NamedTuple):
    """One number of a pass. Layers and units count from 1, layer 0 are the inputs.

    `source` is the sending unit of a weight, None for a bias. `unit` is 0 for what belongs to no
    unit: the loss of the batch or the sample, and the objective, which has the penalties in it.
    """

    kind: Kind
    layer: int
    unit: int = 0
    source: int | None = None

    def parameter(self, network: Network) -> int | None:
        """The index into theta of the parameter that this is about, if it is about one."""
        if self.kind not in PARAMETER_KINDS:
            return None
        return network.index(self.layer, self.unit, self.source)

    @property
    def node(self) -> tuple[int, int] | None:
        """The (layer, unit) where it is seen: the receiving unit of a parameter."""
        return (self.layer, self.unit) if self.unit else None


class Ingredients(NamedTuple):
    """What a number is computed from: quantities, and parameters as indices into theta."""

    quantities: tuple[Quantity, ...] = ()
    parameters: tuple[int, ...] = ()


def ingredients(network: Network, quantity: Quantity) -> Ingredients:
    """What goes into a number directly; targets and constants are not counted."""
    return _MADE_OF[quantity.kind](network, quantity)


def activation_of(layer: int, unit: int) -> Quantity:
    """The activation of a unit, which is an input in layer 0."""
    return Quantity("a" if layer else "input", layer, unit)


def gradient_of(layer: int, unit: int, source: int | None) -> Quantity:
    return Quantity("b_gradient" if source is None else "w_gradient", layer, unit, source)


def _input(network: Network, quantity: Quantity) -> Ingredients:
    return Ingredients()


def _pre_activation(network: Network, quantity: Quantity) -> Ingredients:
    layer, unit = quantity.layer, quantity.unit
    shape = network.layers[layer - 1]
    first = network.index(layer, unit, 1)
    return Ingredients(
        tuple(activation_of(layer - 1, source) for source in range(1, shape.inputs + 1)),
        tuple(range(first, first + shape.columns)),
    )


def _activation(network: Network, quantity: Quantity) -> Ingredients:
    layer = quantity.layer
    shape = network.layers[layer - 1]
    units = range(1, shape.units + 1) if shape.activation == "softmax" else (quantity.unit,)
    return Ingredients(tuple(Quantity("z", layer, unit) for unit in units))


def _objective(network: Network, quantity: Quantity) -> Ingredients:
    return Ingredients((Quantity("loss", quantity.layer),))


def _loss(network: Network, quantity: Quantity) -> Ingredients:
    last = len(network.layers)
    units = (quantity.unit,) if quantity.unit else range(1, network.outputs + 1)
    return Ingredients(tuple(Quantity("a", last, unit) for unit in units))


def _delta(network: Network, quantity: Quantity) -> Ingredients:
    layer, unit = quantity.layer, quantity.unit
    shape, last = network.layers[layer - 1], len(network.layers)
    if layer == last:
        units = range(1, shape.units + 1) if shape.activation == "softmax" else (unit,)
        return Ingredients(tuple(Quantity("a", layer, each) for each in units))
    after = range(1, network.layers[layer].units + 1)
    return Ingredients(
        (*(Quantity("delta", layer + 1, each) for each in after), Quantity("a", layer, unit)),
        tuple(network.index(layer + 1, each, unit) for each in after),
    )


def _weight_gradient(network: Network, quantity: Quantity) -> Ingredients:
    layer, source = quantity.layer, quantity.source or 1
    return Ingredients(
        (Quantity("delta", layer, quantity.unit), activation_of(layer - 1, source)), ()
    )


def _bias_gradient(network: Network, quantity: Quantity) -> Ingredients:
    return Ingredients((Quantity("delta", quantity.layer, quantity.unit),))


def _input_gradient(network: Network, quantity: Quantity) -> Ingredients:
    units = range(1, network.layers[0].units + 1)
    return Ingredients(
        tuple(Quantity("delta", 1, unit) for unit in units),
        tuple(network.index(1, unit, quantity.unit) for unit in units),
    )


def _update(network: Network, quantity: Quantity) -> Ingredients:
    place = quantity.layer, quantity.unit, quantity.source
    return Ingredients((gradient_of(*place),), (network.index(*place),))


_MADE_OF = {
    "input": _input,
    "z": _pre_activation,
    "a": _activation,
    "objective": _objective,
    "loss": _loss,
    "sample_loss": _loss,
    "loss_term": _loss,
    "delta": _delta,
    "w_gradient": _weight_gradient,
    "b_gradient": _bias_gradient,
    "input_gradient": _input_gradient,
    "update": _update,
}
