"""What the Output panel draws, as tables of exact numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpgui.views.axes import points_between
from bpgui.views.output_curve import Curve
from bpgui.views.output_judged import Confusion, Fit
from bpgui.views.output_space import class_names
from bpgui.views.output_surface import Surface

Table: TypeAlias = dict[str, NDArray[Any]]


def surface_table(surface: Surface) -> Table:
    """A row for each point of the grid: its two inputs, and the output, or the class that wins and
    by how much."""
    question = surface.question
    rows, columns = surface.values.shape
    x, y = np.meshgrid(
        points_between(question.x, columns), points_between(question.y, rows), indexing="xy"
    )
    table = {f"x{question.across + 1}": x.ravel(), f"x{question.up + 1}": y.ravel()}
    if surface.winners is None:
        return table | {f"y{question.output + 1}": surface.values.ravel()}
    names = np.array(class_names(question.problem))
    return table | {"class": names[surface.winners.ravel()], "lead": surface.values.ravel()}


def curve_table(curve: Curve) -> Table:
    """A row for each place: the input and all outputs."""
    return {"x1": curve.x} | {f"y{i}": column for i, column in enumerate(curve.y.T, 1)}


def fit_table(fit: Fit) -> Table:
    """A row for each sample of the part that is shown."""
    return {"sample": np.arange(len(fit.outputs)), "target": fit.targets, "output": fit.outputs}


def confusion_table(confusion: Confusion) -> Table:
    """A row for each pair of classes."""
    names = np.array(class_names(confusion.question.problem))
    size = len(names)
    true, predicted = names.repeat(size), np.tile(names, size)
    return {"true": true, "predicted": predicted, "samples": confusion.counts.ravel()}


TABLES: dict[type, Callable[[Any], Table]] = {
    Surface: surface_table,
    Curve: curve_table,
    Fit: fit_table,
    Confusion: confusion_table,
}


def table_of(frame: Surface | Curve | Fit | Confusion) -> Table:
    return TABLES[type(frame)](frame)
