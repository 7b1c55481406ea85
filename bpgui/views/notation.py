"""The symbols of one pass with their values: what a formula calls its numbers.

In a batch of several samples, what belongs to one of them carries its number behind a semicolon,
counted from 1: z(2)[1;3] is the pre-activation of unit 1 in layer 2 for sample 3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bpgui.engine.derivation import Derivation, LayerPass
from bpgui.engine.network import FloatArray, Network
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.views.maths import Symbol

Place = int | str


@dataclass(frozen=True, slots=True)
class Notation:
    """Symbols for the sample in column `column` of a derivation. A unit may be the name of an index
    that runs, such as "k"; such a symbol has no value."""

    derivation: Derivation
    column: int = 0

    @property
    def network(self) -> Network:
        return self.derivation.problem.network

    @property
    def several(self) -> bool:
        """Whether it is a batch of more than one sample."""
        return len(self.derivation.samples) > 1

    def layer(self, layer: int) -> LayerPass:
        return self.derivation.layers[layer - 1]

    def at(self, column: int) -> Notation:
        """The same for another sample of the batch."""
        return Notation(self.derivation, column)

    # --- what belongs to one sample ---------------------------------------------------------------

    def x(self, unit: Place) -> Symbol:
        """What the network takes in: an input of the data, or f, a feature of them."""
        letter = "x" if self.derivation.problem.features is None else "f"
        value = self._value(self.derivation.inputs, unit)
        return self._of_sample(letter, letter, None, (unit,), value)

    def t(self, unit: Place) -> Symbol:
        return self._of_sample("t", "t", None, (unit,), self._value(self.derivation.targets, unit))

    def z(self, layer: int, unit: Place) -> Symbol:
        value = self._value(self.layer(layer).pre_activations, unit)
        return self._of_sample("z", "z", layer, (unit,), value)

    def a(self, layer: int, unit: Place) -> Symbol:
        """The activation of a unit; in layer 0 an input."""
        if layer == 0:
            return self.x(unit)
        value = self._value(self.layer(layer).activations, unit)
        return self._of_sample("a", "a", layer, (unit,), value)

    def delta(self, layer: int, unit: Place) -> Symbol:
        """dL/dz of the sample's own loss."""
        value = self._value(self.layer(layer).own_deltas, unit)
        return self._of_sample(r"\delta", "delta", layer, (unit,), value)

    def error(self, layer: int, unit: Place) -> Symbol:
        """dL/da of the sample's own loss."""
        return self._by(self.loss(), self.a(layer, unit), self.layer(layer).own_errors, unit)

    def slope(self, layer: int, unit: Place) -> Symbol:
        """da/dz; there is none for softmax."""
        slopes = self.layer(layer).slopes
        values = self.layer(layer).activations * math.nan if slopes is None else slopes
        return self._by(self.a(layer, unit), self.z(layer, unit), values, unit)

    def input_gradient(self, unit: Place) -> Symbol:
        """dL/dx of the sample's own loss."""
        own = self.derivation.input_gradients / self.derivation.factor
        return self._by(self.loss(), self.x(unit), own, unit)

    def loss(self) -> Symbol:
        """The loss of the sample alone."""
        derivation = self.derivation
        if not self.several:
            return Symbol("L", "L", derivation.loss)
        number = self._number()
        return Symbol(f"L_{{{number}}}", f"L[{number}]", float(derivation.losses[self.column]))

    # --- what belongs to the batch ----------------------------------------------------------------

    def w(self, layer: int, unit: Place, source: Place) -> Symbol:
        value = math.nan
        if isinstance(unit, int) and isinstance(source, int):
            weights = self.network.weights(self.derivation.parameters)[layer - 1]
            value = float(weights[unit - 1, source - 1])
        return _symbol("w", "w", layer, (unit, source), value)

    def b(self, layer: int, unit: int) -> Symbol:
        biases = self.network.biases(self.derivation.parameters)[layer - 1]
        value = math.nan if biases is None else float(biases[unit - 1])
        return _symbol("b", "b", layer, (unit,), value)

    def parameter(self, layer: int, unit: int, source: int | None) -> Symbol:
        return self.b(layer, unit) if source is None else self.w(layer, unit, source)

    def gradient(self, layer: int, unit: int, source: int | None) -> Symbol:
        """dL/dw or dL/db of the objective's data part."""
        found = self.derivation.layers[layer - 1]
        weights, biases = found.weight_gradients, found.bias_gradients
        if source is not None:
            value = float(weights[unit - 1, source - 1])
        else:
            value = math.nan if biases is None else float(biases[unit - 1])
        return derivative(self.batch_loss(), self.parameter(layer, unit, source), value)

    def batch_loss(self) -> Symbol:
        """The loss of the batch, without penalties."""
        return Symbol("L", "L", self.derivation.loss)

    def objective(self) -> Symbol:
        return Symbol("J", "J", self.derivation.objective)

    def setting(self, name: str) -> Symbol:
        """A hyperparameter of the optimizer."""
        latex, text = HYPERPARAMETERS[name]
        return Symbol(latex, text, float(self.derivation.settings.optimizer.values[name]))

    def slot(self, name: str, index: int, after: bool) -> Symbol:
        """What the optimizer keeps for theta[index], before or after its step."""
        update, settings = self.derivation.update, self.derivation.settings
        place = OPTIMIZERS[settings.optimizer.name].slots.index(name)
        values = update.new_slots if after else update.slots
        latex, text = SLOTS[name]
        value = float(values[place, index])
        symbol = Symbol(latex, text, value)
        return primed(symbol, value) if after else symbol

    def _of_sample(
        self, latex: str, text: str, layer: int | None, places: Sequence[Place], value: float
    ) -> Symbol:
        sample = f";{self._number()}" if self.several else ""
        return _symbol(latex, text, layer, places, value, sample)

    def _number(self) -> str:
        """The sample's number, counted from 1; "s" where it is the index of a sum."""
        return "s" if self.column < 0 else str(int(self.derivation.samples[self.column]) + 1)

    def _value(self, values: FloatArray, unit: Place) -> float:
        if not isinstance(unit, int) or self.column < 0:
            return math.nan
        return float(values[unit - 1, self.column])

    def _by(self, top: Symbol, bottom: Symbol, values: FloatArray, unit: Place) -> Symbol:
        return derivative(top, bottom, self._value(values, unit))


HYPERPARAMETERS: dict[str, tuple[str, str]] = {
    "learning_rate": (r"\eta", "eta"),
    "momentum": (r"\mu", "mu"),
    "alpha": (r"\alpha", "alpha"),
    "beta1": (r"\beta_1", "beta1"),
    "beta2": (r"\beta_2", "beta2"),
    "eps": (r"\epsilon", "eps"),
}
SLOTS: dict[str, tuple[str, str]] = {
    "velocity": ("u", "u"),
    "square_sum": ("r", "r"),
    "square_mean": ("v", "v"),
    "mean": ("m", "m"),
}


def derivative(top: Symbol, bottom: Symbol, value: float) -> Symbol:
    latex = rf"\frac{{\partial {top.latex}}}{{\partial {bottom.latex}}}"
    return Symbol(latex, f"d{top.text}/d{bottom.text}", value)


def primed(symbol: Symbol, value: float) -> Symbol:
    """The same after the update."""
    return Symbol(f"{{{symbol.latex}}}'", f"{symbol.text}'", value)


def _symbol(
    latex: str,
    text: str,
    layer: int | None,
    places: Sequence[Place],
    value: float,
    sample: str = "",
) -> Symbol:
    """z^{(2)}_{1} and z(2)[1]: the layer above in parentheses, units below."""
    above = "" if layer is None else f"^{{({layer})}}"
    number = "" if layer is None else f"({layer})"
    below = ",".join(map(str, places)) + sample
    return Symbol(f"{latex}{above}_{{{below}}}", f"{text}{number}[{below}]", value)
