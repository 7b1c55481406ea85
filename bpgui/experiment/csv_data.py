"""Between the CSV data of a preset and the reader of CSV files."""

from __future__ import annotations

from pathlib import Path

from bpgui.datasets import scaling as scalings
from bpgui.datasets.csv_file import CsvRequest
from bpgui.datasets.csv_format import CsvFormat, peeked
from bpgui.datasets.errors import DataError
from bpgui.experiment import sources
from bpgui.experiment.data_shape import input_names
from bpgui.experiment.features_kept import kept

MARGIN = 1.25  # lines may be shorter further down


def format_of(data: sources.Csv) -> CsvFormat:
    return CsvFormat(data.delimiter, data.decimal, data.encoding, data.header)


def request_of(data: sources.Csv) -> CsvRequest:
    """What the data ask of their file."""
    return CsvRequest(
        data.inputs,
        data.targets,
        format_of(data),
        data.missing.markers,
        data.missing.policy,
        data.classes,
        categories={each.column: each.values for each in data.categories},
        scaling=_numbers(data.scaling),
        target_scaling=_numbers(data.target_scaling),
        test_fraction=data.test_fraction,
        seed=data.seed,
        checksum=data.checksum,
        size=data.size,
    )


def completed(data: sources.Csv, found: CsvRequest) -> sources.Csv:
    """The data with every number that reading the file has found."""
    changes = {
        "classes": found.classes,
        "categories": tuple(
            sources.Categories(column=column, values=values)
            for column, values in found.categories.items()
            if values is not None
        ),
        "scaling": _model(found.scaling),
        "target_scaling": _model(found.target_scaling),
        "checksum": found.checksum,
        "size": found.size,
    }
    return data.model_copy(update=changes)


def unfitted(data: sources.Csv) -> sources.Csv:
    """The data without the numbers that hang on which rows and columns are read for training."""
    changes = {"scaling": _without(data.scaling), "target_scaling": _without(data.target_scaling)}
    return data.model_copy(update=changes)


def without_stale(data: sources.Csv, changed: str, former: sources.Csv) -> sources.Csv:
    """The data without the numbers that held for the former value of the field `changed`, and
    without the features that need an input that is gone."""
    if changed == "targets":
        data = data.model_copy(update={"classes": None})
    if changed == "inputs":
        stay = tuple(each for each in data.categories if each.column in data.inputs)
        data = data.model_copy(update={"categories": stay})
        found = kept(former.features, input_names(former), input_names(data))
        data = data.model_copy(update={"features": found.features})
    return unfitted(data) if changed in ("inputs", "targets", "test_fraction", "seed") else data


def rows_estimated(path: Path) -> int:
    """On the high side, from the length of the first lines; 0 for a file that cannot be read."""
    try:
        head = peeked(path)
        size = path.stat().st_size
    except (DataError, OSError):
        return 0
    lines = head.count(b"\n") + 1
    return lines if size == len(head) else int(MARGIN * size * lines / len(head))


def _numbers(scaling: sources.Scaling | None) -> scalings.Scaling | None:
    if scaling is None:
        return None
    return scalings.Scaling(scaling.method, scaling.offset, scaling.scale)


def _model(scaling: scalings.Scaling | None) -> sources.Scaling | None:
    if scaling is None:
        return None
    values = {"method": scaling.method, "offset": scaling.offset, "scale": scaling.scale}
    return sources.Scaling.model_validate(values)


def _without(scaling: sources.Scaling | None) -> sources.Scaling | None:
    return None if scaling is None else sources.Scaling(method=scaling.method)
