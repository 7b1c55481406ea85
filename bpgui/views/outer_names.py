"""What the data calls the inputs and outputs of a network, beside x1, x2, ... and y1, y2, ...."""

from __future__ import annotations

import math
from typing import NamedTuple

from bpgui.engine.names import input_name, shortened
from bpgui.engine.problem import Problem
from bpgui.views.network_picture import Picture
from bpgui.views.output_space import class_count

MOST_OF_AN_AXIS = 40  # characters
NUMBERED = ("0", "1")  # two classes that say no more than the target itself


class OuterNames(NamedTuple):
    """A name for each input and output, in full; empty where the data gives none."""

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    def of(self, network_layers: int, layer: int, unit: int) -> str:
        """The name of a unit, "" for none; `layer` 0 are the inputs, and units count from 1."""
        names = {0: self.inputs, network_layers: self.outputs}.get(layer, ())
        return names[unit - 1] if names else ""


def outer_names(problem: Problem) -> OuterNames:
    """Features go by their expressions, other inputs by their columns, and outputs by the class
    for which they are large."""
    features = problem.network.input_names
    return OuterNames(features or problem.input_names, _output_names(problem))


def _output_names(problem: Problem) -> tuple[str, ...]:
    names = problem.classes or ()
    if not names or len(names) != class_count(problem):
        return ()
    if problem.threshold is None:
        return names
    return () if names == NUMBERED else names[1:]


def data_name(problem: Problem, column: int) -> str:
    """What an axis over an input of the data (from 0) is called: x1, with its name there if it has
    one."""
    given = problem.input_names[column] if problem.input_names else ""
    return f"{input_name(column)} {shortened(given, MOST_OF_AN_AXIS)}".strip()


def outer_at(picture: Picture, x: float, y: float) -> int | None:
    """The row of the input or the output on whose disc, or on whose outer side, a place is."""
    ends = {min(picture.columns): -1.0, max(picture.columns): 1.0}
    for row, (layer, _) in enumerate(picture.units.tolist()):
        middle, height = picture.centers[row].tolist()
        outwards = ends[layer] * (x - middle) if layer in ends else -math.inf
        if outwards >= -picture.radius and abs(height - y) <= picture.pitch / 2.0:
            return row
    return None
