"""The exact numbers of the Digits panel, as rows of its readout."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.ui.panels.output_drawing import Sample
from bpgui.ui.panels.output_readout import FULL, Row
from bpgui.ui.panels.readout import Cell
from bpgui.views.digits_weights import WeightPictures
from bpgui.views.names import unit_name
from bpgui.views.numbers import format_number
from bpgui.views.output_points import Reading
from bpgui.views.output_space import class_names, classes_of

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Pixel:
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class OutputRow:
    index: int


@dataclass(frozen=True, slots=True)
class Weight:
    """A unit (from 1) of the layer that is shown, and one of its inputs, or None for all."""

    unit: int
    source: int | None


Pointed = Pixel | OutputRow | Weight


@dataclass(frozen=True, eq=False)
class Going:
    """A picture (side, side) that goes through the network, and what comes out; `sample` and
    `targets` (outputs,) are None for one that is drawn."""

    picture: FloatArray
    reading: Reading
    sample: Sample | None
    targets: FloatArray | None


@dataclass(frozen=True)
class DigitsReadout:
    """Tells the numbers of one snapshot in so many digits."""

    problem: Problem
    iteration: int
    digits: int

    def write(self, value: float) -> str:
        return format_number(value, None if self.digits >= FULL else self.digits)

    def rows(
        self, going: Going, weights: WeightPictures, pointed: Pointed | None
    ) -> tuple[Row, Row, Row]:
        """What is pointed at, what the picture is taken for, and what all of it belongs to."""
        return self._pointed(going, weights, pointed), self._judged(going), self._note(going)

    def _pointed(self, going: Going, weights: WeightPictures, pointed: Pointed | None) -> Row:
        match pointed:
            case Pixel(row, column):
                words = translate("DigitsPanel", "row {row}, column {column}")
                place = words.format(row=row + 1, column=column + 1)
                return (Cell(place, self.write(going.picture[row, column])),)
            case OutputRow(index):
                return self._output(going, index)
            case Weight(unit, source):
                return self._weight(weights, unit, source)
        return (Cell(translate("DigitsPanel", "Point at anything to read its exact number."), ""),)

    def _output(self, going: Going, index: int) -> Row:
        network, output = self.problem.network, going.reading.outputs[index]
        name = unit_name(network, len(network.layers), index + 1)
        cells = [Cell(name, self.write(output))]
        if going.targets is not None:
            target = going.targets[index]
            cells += [
                Cell(translate("DigitsPanel", "target"), self.write(target), 0.4),
                Cell(translate("DigitsPanel", "difference"), self.write(output - target), 0.6),
            ]
        return tuple(cells)

    def _weight(self, weights: WeightPictures, unit: int, source: int | None) -> Row:
        network, layer = self.problem.network, weights.layer
        name = unit_name(network, layer, unit)
        if source is None:
            words = translate("DigitsPanel", "all weights into {name}")
            return (Cell(words.format(name=name), ""),)
        parameter = network.parameter(network.index(layer, unit, source))
        words = translate("DigitsPanel", "from {source} to {target}")
        ends = words.format(source=unit_name(network, layer - 1, source), target=name)
        value = self.write(weights.weights[unit - 1, source - 1])
        return Cell(parameter.name, value), Cell(ends, "", 0.6)

    def _judged(self, going: Going) -> Row:
        cells = []
        if self.problem.classification:
            taken = translate("DigitsPanel", "taken for")
            cells.append(Cell(taken, self._class(going.reading.outputs)))
            if going.targets is not None:
                target = translate("DigitsPanel", "target")
                cells.append(Cell(target, self._class(going.targets), 0.3))
        if going.reading.loss is not None:
            loss = translate("DigitsPanel", "loss")
            cells.append(Cell(loss, self.write(going.reading.loss), 0.6 if cells else 0.0))
        return tuple(cells)

    def _class(self, values: FloatArray) -> str:
        return class_names(self.problem)[int(classes_of(self.problem, values[None])[0])]

    def _note(self, going: Going) -> Row:
        if going.sample is None:
            name = translate("DigitsPanel", "drawn by hand")
        else:
            part, index = going.sample
            name = (
                translate("DigitsPanel", "training sample {number}")
                if part == "train"
                else translate("DigitsPanel", "test sample {number}")
            ).format(number=f"{index + 1:,}")
        return (Cell("", f"{self._iterations()} · {name}"),)

    def _iterations(self) -> str:
        if self.iteration < 2:
            after, before = (
                translate("DigitsPanel", "After 1 iteration"),
                translate("DigitsPanel", "Before training"),
            )
            return after if self.iteration else before
        words = translate("DigitsPanel", "After {count} iterations")
        return words.format(count=f"{self.iteration:,}")
