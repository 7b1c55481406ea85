"""What a survey and what was chosen say, in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from bpgui.datasets.csv_survey import Column, Role, Survey
from bpgui.datasets.errors import DataError
from bpgui.experiment.csv_import import Choices, columns_with
from bpgui.experiment.first_network import BATCH, FOR_TABLES, OUTPUT
from bpgui.experiment.memory import in_words
from bpgui.ui.editors.wording import sentence
from bpgui.views.numbers import format_number

NAMES_SHOWN = 4
FEATURES_SHOWN = 8


def kind_text(column: Column, as_classes: bool) -> str:
    translate = QCoreApplication.translate
    if column.kind == "empty":
        return translate("Import", "empty")
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
    if column.kind == "text" and role != "ignore":
        return translate("Import", "Nearly every row has another text.")
    if column.kind == "classes" and role == "input":
        return translate("Import", "Names cannot be inputs; numbers can.")
    if column.counting:
        return translate("Import", "Only counts the rows.")
    return ""


def set_up_text(inputs: int, targets: Sequence[Column], as_classes: bool) -> str:
    """The network that importing makes."""
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
    place = error.place.removeprefix(str(path)).lstrip(", ")
    return sentence(f"{place}: {error.message}" if place else error.message)


def obstacle_text(survey: Survey, choices: Choices, path: Path) -> str:
    """Why what is chosen cannot be imported; empty where it can."""
    translate = QCoreApplication.translate
    if survey.fault is not None:
        return fault_text(survey.fault, path)
    inputs = columns_with(survey, choices.roles, "input")
    targets = columns_with(survey, choices.roles, "target")
    if not inputs:
        return translate("Import", "Choose an input: a column of numbers.")
    if not targets:
        return translate(
            "Import", "Choose a target: the column that the network is to answer with."
        )
    for column in inputs:
        if column.kind != "number":
            told = translate("Import", "“{name}” holds no numbers; it cannot be an input.")
            return told.format(name=column.name)
    named = choices.classes and len(targets) == 1
    for column in targets:
        if column.kind != "number" and not named:
            told = translate(
                "Import", "“{name}” holds no numbers; as the only target it can name classes."
            )
            return told.format(name=column.name)
    return ""
