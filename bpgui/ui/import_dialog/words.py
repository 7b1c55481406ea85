"""What a survey and what was chosen say, in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from bpgui.datasets.categories import MOST_CATEGORIES
from bpgui.datasets.csv_survey import Column, Role, Survey
from bpgui.datasets.errors import DataError
from bpgui.experiment.csv_import import Choices, columns_with
from bpgui.experiment.first_network import BATCH, FOR_TABLES, OUTPUT
from bpgui.experiment.memory import in_words
from bpgui.ui.editors.wording import sentence
from bpgui.views.numbers import format_number

NAMES_SHOWN = 4
FEATURES_SHOWN = 8
FILLING = ("mean", "median")


def kind_text(column: Column, role: Role, as_classes: bool) -> str:
    """`as_classes` tells whether a target names classes."""
    translate = QCoreApplication.translate
    if column.kind == "empty":
        return translate("Import", "empty")
    if role == "input" and column.kind != "number" and column.may_be_categories:
        return translate("Import", "{count} categories").format(count=len(column.counts or ()))
    if as_classes or column.kind == "classes":
        if column.counts is None:
            return translate("Import", "more than 1,000 texts")
        if len(column.counts) == 1:
            return translate("Import", "one class")
        return translate("Import", "{count} classes").format(count=len(column.counts))
    return translate("Import", "number") if column.kind == "number" else translate("Import", "text")


def values_text(column: Column, as_classes: bool) -> str:
    """The range of numbers, or each class with how often it is there."""
    if (as_classes or column.kind != "number") and column.counts is not None:
        shown = [f"{name} ({count:,})" for name, count in column.counts[:NAMES_SHOWN]]
        return ", ".join(shown) + (", …" if len(column.counts) > NAMES_SHOWN else "")
    if column.kind != "number" or column.low > column.high:
        return ""
    if column.low == column.high:
        return format_number(column.low, 5)
    text = QCoreApplication.translate("Import", "{low} to {high}")
    return text.format(low=format_number(column.low, 5), high=format_number(column.high, 5))


def hint(column: Column, role: Role) -> str:
    """What one should know before this column is used; empty where there is nothing."""
    translate = QCoreApplication.translate
    if column.fault is not None:
        line, text = column.fault
        told = translate("Import", "Line {line}: “{text}” is no number.")
        return told.format(line=f"{line:,}", text=text[:40])
    if column.kind == "empty":
        return translate("Import", "Holds nothing.")
    if column.constant:
        return translate("Import", "Says the same in every row, which teaches nothing.")
    if role == "input" and column.kind in ("classes", "text"):
        return too_many_text(column)
    if column.kind == "text" and role == "target":
        return translate("Import", "Nearly every row has another text.")
    if column.counting:
        return translate("Import", "Only counts the rows.")
    return ""


def set_up_text(inputs: int, targets: Sequence[Column], as_classes: bool) -> str:
    """The network that importing makes; empty while nothing goes into it."""
    if not inputs:
        return ""
    translate = QCoreApplication.translate
    classes = len(targets[0].counts or ()) if as_classes and targets else 0
    kind = "numbers" if not as_classes else "two classes" if classes == 2 else "classes"
    activation, loss = OUTPUT[kind]
    outputs = classes if kind == "classes" else max(1, len(targets))
    text = translate(
        "Import",
        "{inputs}-{hidden}-{outputs}, tanh and {activation}; {loss}; "
        "Adam at {rate}, shuffled batches of {batch}, {epochs} epochs",
    )
    return text.format(
        inputs=f"{inputs:,}",
        hidden=FOR_TABLES.units,
        outputs=f"{outputs:,}",
        activation=activation,
        loss=loss.replace("_", " "),
        rate=FOR_TABLES.learning_rate,
        batch=BATCH,
        epochs=FOR_TABLES.epochs,
    )


def too_many_text(column: Column) -> str:
    """Why a column of text cannot be an input; empty where it can."""
    if column.may_be_categories:
        return ""
    translate = QCoreApplication.translate
    told = translate("Import", "{count} different texts; as an input, at most {most} are right.")
    many = translate("Import", "Too many texts; as an input, at most {most} are right.")
    template = many if column.counts is None else told
    return template.format(count=f"{len(column.counts or ()):,}", most=MOST_CATEGORIES)


def lost_text(features: Sequence[str]) -> str:
    """Which features go with the columns that they are made of; empty where none does."""
    if not features:
        return ""
    told = QCoreApplication.translate(
        "Import", "Made of columns that are no inputs any more, these features go: {features}"
    )
    listed = ",  ".join(features[:FEATURES_SHOWN])
    return told.format(features=listed + (", …" if len(features) > FEATURES_SHOWN else ""))


def extent_text(survey: Survey) -> str:
    """How much there is, and how much of it the dialog has looked at."""
    translate = QCoreApplication.translate
    if survey.complete:
        text = translate("Import", "{rows} rows, {columns} columns, {size}")
    elif survey.fault is not None:
        text = translate("Import", "{columns} columns, {size}; the fault comes after row {rows}")
    else:
        text = translate(
            "Import",
            "{columns} columns, {size}. This is what the first {rows} rows say; importing reads "
            "them all.",
        )
    return text.format(
        rows=f"{survey.surveyed:,}", columns=f"{len(survey.columns):,}", size=in_words(survey.size)
    )


def fault_text(error: DataError, path: Path) -> str:
    """Without the file's name, which the title has already."""
    if error.place == str(path) and not error.missing:
        return QCoreApplication.translate("Import", "The file {fault}").format(fault=error.message)
    place = error.place.removeprefix(str(path)).lstrip(", ")
    return sentence(f"{place}: {error.message}" if place else error.message)


def obstacle_text(survey: Survey, choices: Choices, path: Path) -> str:
    """Why what is chosen cannot be imported; empty where it can."""
    translate = QCoreApplication.translate
    if survey.fault is not None:
        return fault_text(survey.fault, path)
    if not survey.rows:
        return translate("Import", "The file has no rows.")
    inputs = columns_with(survey, choices.roles, "input")
    targets = columns_with(survey, choices.roles, "target")
    if not inputs:
        return translate("Import", "Choose an input: a column of numbers or of few texts.")
    if not targets:
        return translate(
            "Import", "Choose a target: the column that the network is to answer with."
        )
    for column in inputs:
        reason = _not_an_input(column, choices)
        if reason:
            return reason
    named = choices.classes and len(targets) == 1
    for column in targets:
        if column.kind != "number" and not named:
            told = translate(
                "Import", "“{name}” holds no numbers; as the only target it can name classes."
            )
            return told.format(name=column.name)
    return ""


def _not_an_input(column: Column, choices: Choices) -> str:
    """Why a chosen column cannot be an input as it is; empty where it can."""
    translate = QCoreApplication.translate
    if column.kind == "number":
        return ""
    if column.kind == "empty":
        return translate("Import", "“{name}” holds nothing; it cannot be an input.").format(
            name=column.name
        )
    if column.counts is not None and len(column.counts) < 2:
        told = translate("Import", "“{name}” says the same in every row; leave it out.")
        return told.format(name=column.name)
    if not column.may_be_categories:
        count = "1,000+" if column.counts is None else f"{len(column.counts):,}"
        told = translate(
            "Import",
            "“{name}” has {count} different texts. Each would be an input of its own, and {most} "
            "are the most: ignore the column, or put rare texts together in the file.",
        )
        return told.format(name=column.name, count=count, most=MOST_CATEGORIES)
    if column.gaps and choices.missing in FILLING:
        told = translate(
            "Import", "“{name}” has gaps, and a text cannot be filled in. Leave such rows out."
        )
        return told.format(name=column.name)
    return ""
