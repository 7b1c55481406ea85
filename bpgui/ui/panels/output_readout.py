"""The exact numbers of the Output panel, as rows of its readout and as a note."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.ui.panels.output_drawing import Sample
from bpgui.ui.panels.output_words import Phrases
from bpgui.ui.panels.readout import Cell
from bpgui.views.names import unit_name
from bpgui.views.numbers import format_number
from bpgui.views.output_judged import Confusion, Fit
from bpgui.views.output_points import Reading
from bpgui.views.output_space import WINNER, class_names, classes_of

HALF = 0.5
Row = tuple[Cell, ...]
Rows = tuple[Row, Row, Row]
Write = Callable[[float], str]


def reading_rows(
    phrases: Phrases,
    problem: Problem,
    write: Write,
    inputs: FloatArray,
    reading: Reading,
    axes: tuple[int, ...],
    output: int,
    sample: Sample | None,
    target: FloatArray | None,
) -> Rows:
    """Inputs; the output, the class that it means and the target; the loss of a sample."""
    names = (unit_name(problem.network, 0, axis + 1) for axis in axes)
    first = [
        Cell(name, write(inputs[axis]), HALF * place)
        for place, (name, axis) in enumerate(zip(names, axes, strict=True))
    ]
    shown = output if output >= 0 else int(np.nanargmax(np.nan_to_num(reading.outputs)))
    name = unit_name(problem.network, len(problem.network.layers), shown + 1)
    second = [Cell(name, write(reading.outputs[shown]))]
    if output == WINNER:
        kind = int(classes_of(problem, reading.outputs[None])[0])
        second.insert(0, Cell(phrases.class_, class_names(problem)[kind]))
        second[1] = Cell(name, write(reading.outputs[shown]), HALF)
    if sample is None or target is None or reading.loss is None:
        return tuple(first), tuple(second), (Cell("", phrases.keys),)
    if output == WINNER:
        named = class_names(problem)[int(classes_of(problem, target[None])[0])]
        second.insert(1, Cell(phrases.target, named, HALF / 2))
    else:
        second.append(Cell(phrases.target, write(target[shown]), HALF))
    third = (
        Cell(phrases.loss, write(reading.loss)),
        Cell(sample_text(phrases, sample), "", HALF),
    )
    return tuple(first), tuple(second), third


def cell_rows(phrases: Phrases, confusion: Confusion, cell: tuple[int, int], write: Write) -> Rows:
    """A count of the confusion matrix, and which part of its row it is."""
    names = class_names(confusion.question.problem)
    true, predicted = (names[kind] for kind in cell)
    count = int(confusion.counts[cell])
    share = write(100.0 * float(confusion.shares()[cell]))
    text = phrases.cell.format(true=true, predicted=predicted)
    return (
        (Cell(text, f"{count:,}"),),
        (Cell("", f"{share} %"), Cell(phrases.cell_share, "", HALF)),
        (Cell("", phrases.cell_hint),),
    )


def sample_text(phrases: Phrases, sample: Sample) -> str:
    part, index = sample
    text = phrases.train_sample if part == "train" else phrases.test_sample
    return text.format(number=f"{index + 1:,}")


def iteration_text(phrases: Phrases, iteration: int) -> str:
    if iteration < 2:
        return phrases.iteration if iteration else phrases.before
    return phrases.iterations.format(count=f"{iteration:,}")


def judged_text(phrases: Phrases, judged: Confusion | Fit) -> str:
    if isinstance(judged, Confusion):
        return phrases.accuracy.format(
            right=f"{judged.right:,}",
            total=f"{judged.total:,}",
            accuracy=f"{format_number(100.0 * judged.accuracy, 5)} %",
        )
    error = format_number(judged.error, 5)
    if judged.explained is None:
        return phrases.fit_alone.format(error=error)
    return phrases.fit.format(error=error, explained=format_number(judged.explained, 5))
