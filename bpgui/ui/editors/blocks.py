"""Putting a block of numbers, typed or pasted, into a matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpgui.experiment.errors import PresetError

Matrix = NDArray[np.float64]


def with_block(
    matrix: NDArray[np.floating[Any]],
    row: int,
    column: int,
    block: list[list[float]],
    place: str,
    grow: bool = False,
) -> Matrix:
    """A copy of `matrix` in which `block` begins at a cell; with `grow`, rows are added below.

    Raises PresetError at `place` where the block is ragged or reaches beyond the matrix.
    """
    widths = {len(line) for line in block}
    if len(widths) > 1:
        raise PresetError.at(
            place, "the rows of the block differ in length; expected a rectangle of numbers"
        )
    values = np.array(block)
    bottom, right = row + values.shape[0], column + values.shape[1]
    if right > matrix.shape[1] or (bottom > matrix.shape[0] and not grow):
        here = f"{matrix.shape[0] - row} × {matrix.shape[1] - column}"
        told = f"{values.shape[0]} × {values.shape[1]}"
        raise PresetError.at(place, f"the block has {told} numbers, but from here on fit {here}")
    missing = max(0, bottom - matrix.shape[0])
    result = np.vstack([matrix, np.zeros((missing, matrix.shape[1]))])
    result[row:bottom, column:right] = values
    return result
