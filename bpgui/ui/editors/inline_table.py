"""Samples in a table: the array behind it, and the experiment's data from such an array."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpgui.experiment.models import Inline

Matrix = NDArray[np.float64]

XOR = Inline(
    inputs=((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)),
    targets=((0.0,), (1.0,), (1.0,), (0.0,)),
)


@dataclass(frozen=True, eq=False)
class SampleTable:
    """`array` (samples, inputs + targets). With `flat`, the one target column is a list of values
    or of class indices, and stays one in the preset."""

    array: Matrix
    inputs: int
    flat: bool

    @property
    def targets(self) -> int:
        return self.array.shape[1] - self.inputs

    def with_array(self, array: Matrix) -> SampleTable:
        return SampleTable(array, self.inputs, self.flat)

    def with_columns(self, inputs: int, targets: int) -> SampleTable:
        """What stays keeps its numbers, new columns are 0; two targets are no longer flat."""
        x = _fitted(self.array[:, : self.inputs], inputs)
        y = _fitted(self.array[:, self.inputs :], targets)
        return SampleTable(np.hstack([x, y]), inputs, self.flat and targets == 1)

    def with_row(self, after: int) -> SampleTable:
        """A new sample of zeros after row `after`."""
        return self.with_array(np.insert(self.array, after + 1, 0.0, axis=0))

    def without_rows(self, rows: set[int]) -> SampleTable:
        return self.with_array(np.delete(self.array, sorted(rows), axis=0))

    def data(self) -> Inline:
        x, y = self.array[:, : self.inputs], self.array[:, self.inputs :]
        return Inline(
            inputs=tuple(map(tuple, x.tolist())),
            targets=tuple(y[:, 0].tolist()) if self.flat else tuple(map(tuple, y.tolist())),
        )


def sample_table(data: Inline) -> SampleTable:
    """The data as a table."""
    rows = data.target_rows
    x = np.array(data.inputs)
    y = np.array(data.targets) if rows is not None else np.array(data.targets)[:, None]
    return SampleTable(np.hstack([x, y]), x.shape[1], rows is None)


def _fitted(array: Matrix, columns: int) -> Matrix:
    kept = array[:, :columns]
    return np.pad(kept, ((0, 0), (0, columns - kept.shape[1])))
