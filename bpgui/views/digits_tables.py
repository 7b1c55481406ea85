"""What the Digits panel draws, as tables of exact numbers. Rows and columns of a picture count from
1 at its upper left corner."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.views.digits_weights import WeightPictures
from bpgui.views.names import unit_name
from bpgui.views.output_space import class_names

Table: TypeAlias = dict[str, NDArray[Any]]


def picture_table(picture: FloatArray) -> Table:
    """A row for each pixel of a picture (rows, columns), as the data has it."""
    row, column = np.indices(picture.shape) + 1
    return {"row": row.ravel(), "column": column.ravel(), "value": picture.ravel()}


def outputs_table(problem: Problem, outputs: FloatArray, targets: FloatArray | None) -> Table:
    """A row for each output unit; `targets` None leaves target and difference empty."""
    network, count = problem.network, len(outputs)
    table: Table = {
        "unit": np.array([unit_name(network, len(network.layers), i + 1) for i in range(count)])
    }
    if problem.classification and problem.threshold is None:
        table["class"] = np.array(class_names(problem))
    wanted = np.full(count, np.nan, outputs.dtype) if targets is None else targets
    return table | {"output": outputs, "target": wanted, "difference": outputs - wanted}


def weights_table(pictures: WeightPictures) -> Table:
    """A row for each weight into the layer that is shown, with its place in its unit's picture."""
    units, inputs = pictures.weights.shape
    unit, source = np.indices((units, inputs))
    return {
        "layer": np.full(units * inputs, pictures.layer),
        "unit": unit.ravel() + 1,
        "input": source.ravel() + 1,
        "row": source.ravel() // pictures.columns + 1,
        "column": source.ravel() % pictures.columns + 1,
        "weight": pictures.weights.ravel(),
    }
