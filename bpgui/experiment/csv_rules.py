"""What must hold within the data of a CSV file."""

from __future__ import annotations

from collections.abc import Iterator

from bpgui.experiment import sources
from bpgui.experiment.data_shape import input_names
from bpgui.experiment.errors import Problem
from bpgui.experiment.wording import suggestion, wrong_length


def problems(data: sources.Csv) -> Iterator[Problem]:
    for rule in RULES:
        yield from rule(data)


def _columns_differ(data: sources.Csv) -> Iterator[Problem]:
    seen: set[str] = set()
    for field, columns in (("inputs", data.inputs), ("targets", data.targets)):
        for i, column in enumerate(columns):
            if column in seen:
                yield Problem(
                    f"data.{field}[{i}]", f'the column "{column}" is named twice; expected once'
                )
            seen.add(column)


def _format_fits(data: sources.Csv) -> Iterator[Problem]:
    if data.delimiter == data.decimal:
        yield Problem("data.decimal", "the delimiter is a comma, too; expected another of the two")


def _classes_fit_column(data: sources.Csv) -> Iterator[Problem]:
    names = data.classes or ()
    if names and len(data.targets) > 1:
        count = len(data.targets)
        yield Problem("data.classes", f"expected one target column for classes, got {count}")
    for i, name in enumerate(names):
        if name in names[:i]:
            yield Problem(f"data.classes[{i}]", f'"{name}" is named twice; expected once')


def _categories_fit_inputs(data: sources.Csv) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, (column, values) in enumerate((each.column, each.values) for each in data.categories):
        place = f"data.categories[{i}]"
        if column not in data.inputs:
            told = f'expected one of the inputs, got "{column}"'
            yield Problem(f"{place}.column", told + suggestion(column, data.inputs))
        elif column in seen:
            yield Problem(f"{place}.column", f'"{column}" is named twice; expected once')
        seen.add(column)
        for j, value in enumerate(values):
            if value in values[:j]:
                yield Problem(f"{place}.values[{j}]", f'"{value}" is named twice; expected once')


def _scalings_fit(data: sources.Csv) -> Iterator[Problem]:
    inputs = len(input_names(data))
    for field, count in (("scaling", inputs), ("target_scaling", len(data.targets))):
        scaling: sources.Scaling | None = getattr(data, field)
        if scaling is None:
            continue
        if (scaling.offset is None) != (scaling.scale is None):
            yield Problem(f"data.{field}", "expected both offset and scale, or neither")
        for part in ("offset", "scale"):
            row = getattr(scaling, part)
            if row is not None and len(row) != count:
                why = "one for each column"
                told = wrong_length(len(row), count, "number", why)
                yield Problem(f"data.{field}.{part}", told)


RULES = (
    _columns_differ,
    _format_fits,
    _classes_fit_column,
    _categories_fit_inputs,
    _scalings_fit,
)
