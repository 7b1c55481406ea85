"""The exact numbers of the Output panel, as rows of its readout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from bpgui.engine.names import input_name
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.ui.panels.output_controls import Choice
from bpgui.ui.panels.output_drawing import Frame
from bpgui.ui.panels.output_words import Phrases
from bpgui.ui.panels.readout import Cell
from bpgui.views.names import unit_name
from bpgui.views.numbers import format_number
from bpgui.views.output_curve import Curve
from bpgui.views.output_judged import Confusion, Fit
from bpgui.views.output_points import Reading, read_place, read_sample
from bpgui.views.output_space import WINNER, Part, class_names, classes_of, samples_of
from bpgui.views.output_surface import Surface

FULL = 17
HALF = 0.5  # of the width, where the second column begins

Row: TypeAlias = tuple[Cell, ...]


@dataclass(frozen=True)
class Telling:
    """Tells the numbers of one frame, at its parameters, in so many digits."""

    phrases: Phrases
    frame: Frame
    choice: Choice
    digits: int

    @property
    def problem(self) -> Problem:
        return self.frame.question.problem

    def write(self, value: float) -> str:
        return format_number(value, None if self.digits >= FULL else self.digits)

    # --- rows ------------------------------------------------------------------------------------

    def place(self, frame: Surface | Curve, place: tuple[float, float]) -> tuple[Row, Row, Row]:
        """At a place (x, y) of the plot."""
        if isinstance(frame, Surface):
            inputs = np.array(frame.question.held)
            inputs[[frame.question.across, frame.question.up]] = place
        else:
            inputs = np.array(place[:1], dtype=self.problem.dtype)
        reading = read_place(self.problem, frame.question.parameters, inputs)
        return self._inputs(inputs), self._outputs(reading, None), (Cell("", self.phrases.keys),)

    def sample(self, part: Part, index: int) -> tuple[Row, Row, Row]:
        samples = samples_of(self.problem, part)
        if samples is None or index >= len(samples):
            return (), (), ()
        reading = read_sample(self.problem, self.frame.question.parameters, samples, index)
        words = self.phrases
        name = words.train_sample if part == "train" else words.test_sample
        last = (
            Cell(words.loss, "" if reading.loss is None else self.write(reading.loss)),
            Cell(name.format(number=f"{index + 1:,}"), "", HALF),
        )
        return (
            self._inputs(samples.data_inputs[index]),
            self._outputs(reading, samples.targets[index]),
            last,
        )

    def cell(self, confusion: Confusion, cell: tuple[int, int]) -> tuple[Row, Row, Row]:
        """A count of the confusion matrix, and which part of its row it is."""
        true, predicted = (class_names(self.problem)[kind] for kind in cell)
        text = self.phrases.cell.format(true=true, predicted=predicted)
        share = format_number(100.0 * float(confusion.shares()[cell]), min(self.digits, 6))
        return (
            (Cell(text, f"{int(confusion.counts[cell]):,}"),),
            (Cell(self.phrases.cell_share.format(true=true), f"{share} %"),),
            (Cell("", self.phrases.cell_hint),),
        )

    def _inputs(self, inputs: FloatArray) -> Row:
        """Those of the axes, else the first two."""
        axes = self.choice.axes if self.choice.view == "surface" else range(min(len(inputs), 2))
        return tuple(
            Cell(input_name(axis), self.write(inputs[axis]), HALF * at)
            for at, axis in enumerate(axes)
        )

    def _outputs(self, reading: Reading, target: FloatArray | None) -> Row:
        """The output that is shown with its target; where classes compete, the winner, the target's
        class and the winner's output."""
        problem, words = self.problem, self.phrases
        if self._by_class:
            names, kinds = class_names(problem), [reading.outputs[None]]
            kinds += [] if target is None else [target[None]]
            won, *right = (int(classes_of(problem, values)[0]) for values in kinds)
            cells = [Cell(words.class_, names[won])]
            cells += [Cell(words.target, names[kind], HALF / 2) for kind in right]
            return *cells, self._output(reading, won, HALF)
        cell = self._output(reading, max(self.choice.output, 0))
        if target is None:
            return (cell,)
        shown = max(self.choice.output, 0)
        return cell, Cell(words.target, self.write(target[shown]), HALF)

    def _output(self, reading: Reading, output: int, at: float = 0.0) -> Cell:
        network = self.problem.network
        name = unit_name(network, len(network.layers), output + 1)
        return Cell(name, self.write(reading.outputs[output]), at)

    @property
    def _by_class(self) -> bool:
        several = self.problem.classification and self.problem.threshold is None
        return self.choice.output == WINNER or (several and self.choice.view == "confusion")

    # --- the note --------------------------------------------------------------------------------

    def note(self, thinned: tuple[int, int] | None, outside: bool, sample: int) -> Row:
        """Which iteration it is, what all samples come to, and what is not shown."""
        frame, words, choice = self.frame, self.phrases, self.choice
        parts = [_iterations(words, frame.question.iteration)]
        if isinstance(frame, (Confusion, Fit)):
            parts.append(_judged(words, frame))
        if not isinstance(frame, Confusion) and thinned is not None:
            shown, total = (f"{count:,}" for count in thinned)
            parts.append(words.thinned.format(shown=shown, total=total))
        if isinstance(frame, Surface) and self.problem.data_inputs > 2:
            apart = [
                words.held_apart.format(name=input_name(at), value=self.write(value))
                for at, value in choice.held_apart
                if at not in choice.axes
            ]
            held = words.held[choice.held].format(sample=f"{sample + 1:,}")
            parts.append(", ".join((held, *apart)))
        if outside:
            parts.append(words.outside)
        if not frame.finite:
            parts.append(words.not_finite)
        return (Cell("", " · ".join(parts)),)


def _iterations(phrases: Phrases, iteration: int) -> str:
    if iteration < 2:
        return phrases.iteration if iteration else phrases.before
    return phrases.iterations.format(count=f"{iteration:,}")


def _judged(phrases: Phrases, judged: Confusion | Fit) -> str:
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
