"""Samples in a table: the array behind it, and the experiment's data from such an array."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bpgui.datasets.table import are_classes
from bpgui.experiment import edits
from bpgui.experiment.data_shape import input_names
from bpgui.experiment.errors import PresetError
from bpgui.experiment.features import raw_names
from bpgui.experiment.models import Experiment
from bpgui.experiment.sources import Features, Generated, Inline
from bpgui.experiment.tables import load_table

Matrix = NDArray[np.float64]

MOST_TAKEN_OVER = 2_000  # samples of another source that become a table

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
    features: Features = None
    classes: tuple[str, ...] | None = None
    names: tuple[str, ...] | None = None

    @property
    def targets(self) -> int:
        columns: int = self.array.shape[1]
        return columns - self.inputs

    @property
    def named_column(self) -> tuple[str, ...] | None:
        """The names of classes that the numbers of the one target column stand for, if they do."""
        names, column = self.classes, self.array[:, self.inputs :]
        if names is None or self.targets != 1 or not np.isin(column, np.arange(len(names))).all():
            return None
        return names

    @property
    def named_columns(self) -> tuple[str, ...] | None:
        """The names of classes of which each has a target column, if they do."""
        names, columns = self.classes, self.array[:, self.inputs :]
        if names is None or self.targets != len(names) or not are_classes(columns):
            return None
        return names

    def with_array(self, array: Matrix) -> SampleTable:
        return replace(self, array=array)

    def with_columns(self, inputs: int, targets: int) -> SampleTable:
        """What stays keeps its numbers, new columns are 0; two targets are no longer flat."""
        x = _fitted(self.array[:, : self.inputs], inputs)
        y = _fitted(self.array[:, self.inputs :], targets)
        flat, names = self.flat and targets == 1, self.names
        if names is not None:
            names = (*names, *raw_names(inputs)[len(names) :])[:inputs]
        return replace(self, array=np.hstack([x, y]), inputs=inputs, flat=flat, names=names)

    def with_row(self, after: int) -> SampleTable:
        """A new sample of zeros after row `after`."""
        return self.with_array(np.insert(self.array, after + 1, 0.0, axis=0))

    def without_rows(self, rows: set[int]) -> SampleTable:
        return self.with_array(np.delete(self.array, sorted(rows), axis=0))

    def with_inputs(self, row: int, inputs: Iterable[float]) -> SampleTable:
        """One sample at another place."""
        array = self.array.copy()
        array[row, : self.inputs] = tuple(inputs)
        return self.with_array(array)

    def with_targets(self, row: int, outputs: Iterable[float]) -> SampleTable:
        """One sample with other targets, a number for each output of the network: of several the
        largest names the class where classes are kept as indices."""
        values = tuple(outputs)
        array = self.array.copy()
        by_index = self.flat and len(values) > 1
        array[row, self.inputs :] = values.index(max(values)) if by_index else values
        return self.with_array(array)

    def data(self) -> Inline:
        x, y = self.array[:, : self.inputs], self.array[:, self.inputs :]
        return Inline(
            inputs=tuple(map(tuple, x.tolist())),
            targets=tuple(y[:, 0].tolist()) if self.flat else tuple(map(tuple, y.tolist())),
            names=self.names,
            classes=self.classes,
            features=self.features,
        )


def sample_table(data: Inline) -> SampleTable:
    """The data as a table."""
    rows = data.target_rows
    x = np.array(data.inputs)
    y = np.array(data.targets) if rows is not None else np.array(data.targets)[:, None]
    array, names = np.hstack([x, y]), input_names(data) or None
    return SampleTable(array, x.shape[1], rows is None, data.features, data.classes, names)


def samples_of(experiment: Experiment) -> SampleTable:
    """Raises PresetError where the samples are not in the preset itself."""
    if not isinstance(experiment.data, Inline):
        raise PresetError.at(
            "data.source", f'the samples are "{experiment.data.source}"; expected "inline" ones'
        )
    return sample_table(experiment.data)


def taken_over(experiment: Experiment, folder: Path | None) -> Inline:
    """Generated samples as a table, those for testing included, in the order in which they are
    made. Raises PresetError for other sources and for too many samples."""
    data = experiment.data
    if not isinstance(data, Generated):
        raise PresetError.at("data.source", f'expected "generated" samples, got "{data.source}"')
    if data.samples > MOST_TAKEN_OVER:
        raise PresetError.at(
            "data.samples",
            f"{data.samples:,} samples are too many for a table; expected at most "
            f"{MOST_TAKEN_OVER:,}",
        )
    table = load_table(data, folder, experiment.network)
    rows = np.hstack([table.inputs, table.targets])
    return SampleTable(rows, table.inputs.shape[1], False, data.features).data()


# --- single samples -------------------------------------------------------------------------------


def add_sample(e: Experiment, inputs: Iterable[float], targets: Iterable[float]) -> Experiment:
    """A new last sample, with a target for each output of the network."""
    table = samples_of(e)
    row = len(table.array)
    added = table.with_row(row - 1).with_inputs(row, inputs).with_targets(row, targets)
    return edits.set_data(e, added.data())


def move_sample(e: Experiment, row: int, inputs: Iterable[float]) -> Experiment:
    return edits.set_data(e, samples_of(e).with_inputs(row, inputs).data())


def set_targets(e: Experiment, row: int, targets: Iterable[float]) -> Experiment:
    return edits.set_data(e, samples_of(e).with_targets(row, targets).data())


def remove_samples(e: Experiment, rows: set[int]) -> Experiment:
    """One sample always stays."""
    table = samples_of(e)
    if len(rows) >= len(table.array):
        raise PresetError.at("data", "the only sample stays; expected 1 sample or more")
    return edits.set_data(e, table.without_rows(rows).data())


def _fitted(array: Matrix, columns: int) -> Matrix:
    kept = array[:, :columns]
    return np.pad(kept, ((0, 0), (0, columns - kept.shape[1])))
