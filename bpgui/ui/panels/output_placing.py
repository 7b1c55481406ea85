"""What a place on the Output panel's plot says of a sample, and where a sample stands on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QPointF

from bpgui.engine.names import input_name
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.experiment.sample_table import SampleTable
from bpgui.ui.panels.output_controls import Choice
from bpgui.views.axes import Limits
from bpgui.views.numbers import format_number
from bpgui.views.output_editing import class_targets, rounded, step, targets_at

Placed: TypeAlias = tuple[tuple[float, ...], tuple[float, ...] | None]


@dataclass(frozen=True, eq=False)
class Placing:
    """Of the samples of a table, whose rows are the training samples of a problem, as `choice`
    shows them between the `limits` of x and y. Over one input the heights of these `outputs` are
    meant."""

    problem: Problem
    choice: Choice
    table: SampleTable
    limits: tuple[Limits, Limits]
    outputs: range

    @property
    def surface(self) -> bool:
        return self.choice.view == "surface"

    def rounded(self, place: QPointF) -> QPointF:
        x, y = self.limits
        return QPointF(rounded(place.x(), x), rounded(place.y(), y))

    def nudged(self, index: int, across: float, up: float) -> QPointF:
        """Where a sample is after so many steps along one axis; on the other it stays."""
        (x, y), place = self.limits, self.place_of(index)
        if across:
            place.setX(rounded(place.x() + across * step(x), x))
        else:
            place.setY(rounded(place.y() + up * step(y), y))
        return place

    def targets_of(self, index: int) -> FloatArray:
        """The targets (outputs,) of a sample."""
        targets: FloatArray = self.table.array[index, self.table.inputs :]
        if len(targets) < self.problem.network.outputs:
            return np.array(class_targets(self.problem, int(targets[0])))
        return targets

    def place_of(self, index: int) -> QPointF:
        row = self.table.array[index]
        if self.surface:
            return QPointF(*row[list(self.choice.axes)])
        return QPointF(row[0], self.targets_of(index)[self.outputs[0]])

    def inputs_at(self, place: QPointF) -> tuple[float, ...]:
        if not self.surface:
            return (place.x(),)
        x, y = place.x(), place.y()
        return (x, y) if self.choice.across < self.choice.up else (y, x)

    def moved(self, index: int, place: QPointF) -> Placed:
        """Inputs of a sample at another place, and its targets where they change with it."""
        inputs = self.inputs_at(place)
        if self.surface:
            return inputs, None
        before = self.targets_of(index)
        return inputs, targets_at(self.problem, place.y(), self.outputs, before)

    def added(self, place: QPointF, chosen: tuple[float, ...]) -> Placed:
        """Inputs and targets of a new sample, for which targets are chosen beside the plot."""
        if self.surface:
            return self.inputs_at(place), chosen
        targets = targets_at(self.problem, place.y(), self.outputs, np.array(chosen))
        return self.inputs_at(place), targets

    def told(self, place: QPointF) -> str:
        names = [input_name(axis) for axis in self.choice.axes] if self.surface else ["x1", "y"]
        values = zip(names, (place.x(), place.y()), strict=True)
        return ", ".join(f"{name} = {format_number(value)}" for name, value in values)
