"""From a CSV file that somebody chose to the data of a preset, and to a network that learns it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from bpgui.datasets.categories import spread_names
from bpgui.datasets.csv_cells import in_order
from bpgui.datasets.csv_file import CsvRequest, CsvSamples, load_csv
from bpgui.datasets.csv_format import CsvFormat, detected
from bpgui.datasets.csv_survey import Column, Role, Survey, guessed_roles, unequal
from bpgui.datasets.scaling import Scaling
from bpgui.datasets.table import Table
from bpgui.datasets.watching import Watch, unwatched
from bpgui.experiment import edits, sources
from bpgui.experiment.csv_data import completed, request_of, unfitted
from bpgui.experiment.data_shape import input_names
from bpgui.experiment.features import raw_names
from bpgui.experiment.features_kept import Kept, kept
from bpgui.experiment.fields import Matrix, Row
from bpgui.experiment.first_network import FOR_TABLES, set_up
from bpgui.experiment.models import Experiment
from bpgui.experiment.tables import resolved

Missing: TypeAlias = Literal["refuse", "drop", "mean", "median"]
Method: TypeAlias = Literal["standardize", "range"]

MOST_INLINE = 1_000  # samples that a preset file holds with ease
MOST_INLINE_NUMBERS = 100_000


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person has settled about a file. `classes`: the target's values are names of
    classes, also where they are numbers, as those of the inputs in `categories` are of categories.
    `inline`: the samples go into the preset itself."""

    format: CsvFormat
    roles: tuple[Role, ...]
    classes: bool
    missing: Missing = "refuse"
    scaling: Method | None = None
    test_fraction: float = 0.2
    seed: int = 0
    inline: bool = False
    set_up: bool = True
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Imported:
    """The data for the preset, and the samples that they stand for."""

    data: sources.Csv | sources.Inline
    table: Table
    choices: Choices
    dropped: int
    filled: int


def proposed(survey: Survey) -> Choices:
    """What fits the file best."""
    roles = guessed_roles(survey.columns)
    inputs, targets = columns_with(survey, roles, "input"), columns_with(survey, roles, "target")
    gaps = any(column.gaps for column in (*inputs, *targets))
    numbers = tuple(column for column in inputs if column.kind == "number")
    return Choices(
        format=survey.format,
        roles=roles,
        classes=looks_like_classes(targets),
        missing="drop" if gaps else "refuse",
        scaling="standardize" if unequal(numbers) else None,
        test_fraction=0.2 if survey.surveyed >= 10 else 0.0,
    )


def chosen(data: sources.Csv, survey: Survey) -> Choices:
    """What a preset has settled about the file already; its network stays."""
    roles: dict[str, Role] = dict.fromkeys(data.inputs, "input")
    roles |= dict.fromkeys(data.targets, "target")
    targets = tuple(column for column in survey.columns if column.name in data.targets)
    return Choices(
        format=survey.format,
        roles=tuple(roles.get(column.name, "ignore") for column in survey.columns),
        classes=data.classes is not None or looks_like_classes(targets),
        missing=data.missing.policy,
        scaling=None if data.scaling is None else data.scaling.method,
        test_fraction=data.test_fraction,
        seed=data.seed,
        set_up=False,
        categories=frozenset(each.column for each in data.categories),
    )


def settled(
    survey: Survey, before: Survey | None, choices: Choices | None, data: sources.Csv | None
) -> Choices:
    """The choices to begin with at a new look: those made `before` as far as the columns are of
    the same kinds, at first those of the preset, else what fits best."""
    if before is None or choices is None:
        return proposed(survey) if data is None else chosen(data, survey)
    kinds, former = ([column.kind for column in each.columns] for each in (survey, before))
    if kinds == former:
        return replace(choices, format=survey.format)
    same = {name: getattr(choices, name) for name in ("test_fraction", "seed", "set_up")}
    return replace(proposed(survey), **same)


def format_for(path: Path, data: sources.Csv | None) -> CsvFormat:
    """What the preset says of the format, and for the rest what fits the file best."""
    found = detected(path)
    if data is None:
        return found
    return CsvFormat(
        data.delimiter or found.delimiter,
        data.decimal,
        data.encoding or found.encoding,
        data.header,
    )


def columns_with(survey: Survey, roles: tuple[Role, ...], role: Role) -> tuple[Column, ...]:
    pairs = zip(survey.columns, roles, strict=True)
    return tuple(column for column, own in pairs if own == role)


def categories_of(survey: Survey, choices: Choices) -> dict[str, tuple[str, ...]]:
    """The inputs that hold a few texts, with these as far as they are known."""
    return {
        column.name: in_order(text for text, _ in column.counts or ())
        for column in columns_with(survey, choices.roles, "input")
        if column.may_be_categories
        and (column.kind != "number" or column.name in choices.categories)
    }


def inputs_of(survey: Survey, choices: Choices) -> tuple[str, ...]:
    """What the inputs are called that the chosen columns become."""
    columns = columns_with(survey, choices.roles, "input")
    return spread_names([column.name for column in columns], categories_of(survey, choices))


def looks_like_classes(targets: tuple[Column, ...]) -> bool:
    """Whether the one target column holds names, or few whole numbers."""
    if len(targets) != 1:
        return False
    return targets[0].kind in ("classes", "text") or targets[0].few_whole_numbers


def request_for(survey: Survey, choices: Choices) -> CsvRequest:
    """What training is to get. The reader that answers it is that of the preset, too."""
    inputs = columns_with(survey, choices.roles, "input")
    targets = columns_with(survey, choices.roles, "target")
    markers = {marker for column in (*inputs, *targets) for marker in column.markers}
    scaling = None if choices.scaling is None else Scaling(choices.scaling)
    return CsvRequest(
        tuple(column.name for column in inputs),
        tuple(column.name for column in targets),
        choices.format,
        tuple(sorted(markers | {""})),
        choices.missing,
        named=choices.classes and len(targets) == 1,
        categories=dict.fromkeys(categories_of(survey, choices)),
        scaling=scaling,
        target_scaling=None if choices.classes else scaling,
        test_fraction=choices.test_fraction,
        seed=choices.seed,
    )


def import_csv(
    path: Path,
    written: str,
    survey: Survey,
    choices: Choices,
    outputs: int = 1,
    watch: Watch = unwatched,
    former: sources.Csv | None = None,
) -> Imported:
    """Reads the whole file; `written` is how the preset names it, `outputs` what the network has
    that stays: with one, two classes share it. What the preset said of this file, `former`, leaves
    its features as far as their inputs are still there. Raises DataError, and nothing is kept,
    where anything is wrong."""
    request = request_for(survey, choices)
    samples = load_csv(path, request, 1 if choices.set_up else outputs, watch)
    table = samples.table
    made = _inline(table) if choices.inline else _csv(written, samples)
    if former is not None:
        stay = kept(former.features, input_names(former), table.input_names).features
        made = made.model_copy(update={"features": stay})
    return Imported(made, table, choices, samples.dropped, samples.filled)


def features_after(former: sources.Csv | None, survey: Survey, choices: Choices) -> Kept:
    """What importing would leave of the features of this file, and what not."""
    if former is None:
        return Kept(None)
    return kept(former.features, input_names(former), inputs_of(survey, choices))


def renewed(
    data: sources.Csv, folder: Path | None, outputs: int, watch: Watch = unwatched
) -> sources.Csv:
    """The data of a file that has changed, with classes, categories, scaling and checksum found
    anew, and of its features those whose inputs are still there. Raises DataError."""
    now = unfitted(data).model_copy(update={"classes": None, "checksum": None, "size": None})
    categories = dict.fromkeys(each.column for each in data.categories)
    request = replace(request_of(now), named=data.classes is not None, categories=categories)
    samples = load_csv(resolved(data.path, folder), request, outputs, watch)
    made = completed(data, samples.request)
    stay = kept(data.features, input_names(data), samples.table.input_names).features
    return made.model_copy(update={"features": stay})


def may_be_inline(samples: int, numbers: int) -> bool:
    """Whether so many samples fit into a preset."""
    return samples <= MOST_INLINE and numbers <= MOST_INLINE_NUMBERS


def applied(
    imported: Imported, name: str, folder: Path | None
) -> Callable[[Experiment], Experiment]:
    """The change that brings the data into an experiment, with a network that learns it where that
    was chosen."""
    data, table = imported.data, imported.table
    if imported.choices.set_up:
        inputs = len(data.features or table.input_names)
        kind, shape = kind_of(table), (inputs, table.targets.shape[1])
        return lambda experiment: set_up(experiment, FOR_TABLES, kind, shape, data, name)
    return lambda experiment: edits.set_data(experiment, data, folder)


def kind_of(table: Table) -> str:
    """A key of first_network.OUTPUT."""
    if table.kind == "regression":
        return "numbers"
    return "two classes" if table.targets.shape[1] == 1 else "classes"


def _csv(written: str, samples: CsvSamples) -> sources.Csv:
    request = samples.request
    format = request.format
    data = sources.Csv(
        path=written,
        inputs=request.inputs,
        targets=request.targets,
        delimiter=format.delimiter,
        decimal=format.decimal,
        encoding=format.encoding,
        header=format.header,
        missing=sources.Missing(policy=request.missing, markers=request.markers),
        test_fraction=request.test_fraction,
        seed=request.seed,
    )
    return completed(data, request)


def _inline(table: Table) -> sources.Inline:
    rows = tuple(map(tuple, table.inputs.tolist()))
    targets: Matrix | Row = tuple(map(tuple, table.targets.tolist()))
    if table.targets.shape[1] == 1:
        targets = tuple(table.targets[:, 0].tolist())
    elif table.kind == "classification":
        targets = tuple(np.argmax(table.targets, axis=1).astype(float).tolist())
    given = table.input_names
    names = None if given == raw_names(len(given)) else given
    return sources.Inline(inputs=rows, targets=targets, names=names, classes=table.classes)
