"""The exact numbers of the Output panel, as groups of its readout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.ui.panels.number_grid import Group
from bpgui.ui.panels.output_controls import Choice
from bpgui.ui.panels.output_drawing import Frame
from bpgui.ui.panels.output_words import Phrases
from bpgui.ui.panels.readout import Cell
from bpgui.views.names import unit_name
from bpgui.views.numbers import format_number
from bpgui.views.outer_names import data_name, outer_names
from bpgui.views.output_curve import Curve
from bpgui.views.output_judged import Confusion, Fit
from bpgui.views.output_points import read_place, read_sample
from bpgui.views.output_space import Part, class_names, classes_of, samples_of
from bpgui.views.output_surface import Surface

FULL = 17
MOST_INPUTS = 8  # that are all told; of more, those of the axes
MOST_OUTPUTS = 10
UNKNOWN = "–"
SEPARATOR = " · "

Row: TypeAlias = tuple[Cell, ...]
Groups: TypeAlias = tuple[Group, ...]


@dataclass(frozen=True)
class Telling:
    """Tells the numbers of frames of a problem in so many digits, always under the same names."""

    phrases: Phrases
    problem: Problem
    choice: Choice
    digits: int

    def write(self, value: float) -> str:
        return format_number(value, None if self.digits >= FULL else self.digits)

    # --- groups ----------------------------------------------------------------------------------

    def nothing(self) -> Groups:
        """The names without values."""
        return self._groups(None, None, None, None)

    def place(self, frame: Surface | Curve, place: tuple[float, float]) -> Groups:
        """At a place (x, y) of the plot."""
        if isinstance(frame, Surface):
            inputs = np.array(frame.question.held)
            inputs[[frame.question.across, frame.question.up]] = place
        else:
            inputs = np.array(place[:1], dtype=self.problem.dtype)
        reading = read_place(self.problem, frame.question.parameters, inputs)
        return self._groups(inputs, reading.outputs, None, None)

    def sample(self, frame: Frame, part: Part, index: int) -> Groups:
        samples = samples_of(self.problem, part)
        if samples is None or index >= len(samples):
            return self.nothing()
        reading = read_sample(self.problem, frame.question.parameters, samples, index)
        inputs, targets = samples.data_inputs[index], samples.targets[index]
        return self._groups(inputs, reading.outputs, targets, reading.loss)

    def cell(self, confusion: Confusion, cell: tuple[int, int]) -> Groups:
        """A count of the confusion matrix, and which part of its row it is."""
        true, predicted = (class_names(self.problem)[kind] for kind in cell)
        text = self.phrases.cell.format(true=true, predicted=predicted)
        share = format_number(100.0 * float(confusion.shares()[cell]), min(self.digits, 6))
        return (
            Group((Cell(text, f"{int(confusion.counts[cell]):,}"),)),
            Group((Cell(self.phrases.cell_share.format(true=true), f"{share} %"),)),
            Group((Cell("", self.phrases.cell_hint),)),
        )

    def _groups(
        self,
        inputs: FloatArray | None,
        outputs: FloatArray | None,
        targets: FloatArray | None,
        loss: float | None,
    ) -> Groups:
        """All inputs, or those of the axes, and all outputs, or as many as there is room for. Each
        output has its target; where classes compete, the winner and the target's class are told
        instead."""
        words, shown = self.phrases, self._shown_outputs
        given = Group(tuple(self._inputs(inputs)))
        cells = [Cell(self._output_name(at), self._value(outputs, at)) for at in shown]
        last = Cell(words.loss, UNKNOWN if loss is None else self.write(loss))
        if self.problem.classification and self.problem.threshold is None:
            won = Cell(words.class_, self._winner(outputs))
            right = Cell(words.target, self._class(targets))
            return given, Group(tuple(cells)), Group((won, right, last), least=3)
        wanted = [Cell(words.target, self._target(targets, at)) for at in shown]
        pairs = (cell for pair in zip(cells, wanted, strict=True) for cell in pair)
        return given, Group(tuple(pairs), 2), Group((last,))

    def _inputs(self, inputs: FloatArray | None) -> Iterator[Cell]:
        count = self.problem.data_inputs
        for at in range(count) if count <= MOST_INPUTS else self.choice.axes:
            yield Cell(data_name(self.problem, at), self._value(inputs, at))

    @property
    def _shown_outputs(self) -> Sequence[int]:
        """The first ones, and the one that is chosen."""
        count = self.problem.network.outputs
        if self.choice.output < MOST_OUTPUTS:
            return range(min(count, MOST_OUTPUTS))
        return *range(MOST_OUTPUTS - 1), self.choice.output

    def _output_name(self, output: int) -> str:
        network, names = self.problem.network, outer_names(self.problem).outputs
        name = unit_name(network, len(network.layers), output + 1)
        if not names:
            return name
        given = names[output]
        return f"{name} {self.phrases.numbered.format(name=given) if given.isdecimal() else given}"

    def _value(self, values: FloatArray | None, at: int) -> str:
        return UNKNOWN if values is None else self.write(values[at])

    def _target(self, targets: FloatArray | None, at: int) -> str:
        """With the name of the class for which it stands, if the data names it."""
        told = self._value(targets, at)
        named = self.problem.threshold is not None and outer_names(self.problem).outputs
        return f"{told} ({self._class(targets)})" if named and targets is not None else told

    def _class(self, values: FloatArray | None) -> str:
        if values is None:
            return UNKNOWN
        return class_names(self.problem)[int(classes_of(self.problem, values[None])[0])]

    def _winner(self, outputs: FloatArray | None) -> str:
        """With its output, where that is not told among the outputs."""
        if outputs is None or outputs.argmax() in self._shown_outputs:
            return self._class(outputs)
        return f"{self._class(outputs)} ({self.write(outputs.max())})"

    # --- the note --------------------------------------------------------------------------------

    def note(self, frame: Frame, thinned: tuple[int, int] | None, sample: int) -> str:
        """Which iteration it is, what all samples come to, and what is not shown; other inputs may
        be held at those of a training sample."""
        words = self.phrases
        parts = [_iterations(words, frame.question.iteration)]
        if isinstance(frame, (Confusion, Fit)):
            parts.append(_judged(words, frame))
        if not isinstance(frame, Confusion) and thinned is not None:
            shown, total = (f"{count:,}" for count in thinned)
            parts.append(words.thinned.format(shown=shown, total=total))
        if isinstance(frame, Surface) and self.problem.data_inputs > 2:
            parts.append(self._held(sample))
        if not frame.finite:
            parts.append(words.not_finite)
        return SEPARATOR.join(parts)

    def _held(self, sample: int) -> str:
        """What the inputs are held at that the axes leave, and how many of them are not told."""
        choice, words, count = self.choice, self.phrases, self.problem.data_inputs
        counted = words.others_counted.format(count=f"{count - 2:,}")
        others = counted if count > MOST_INPUTS else words.others
        apart = [
            words.held_apart.format(name=data_name(self.problem, at), value=self.write(value))
            for at, value in choice.held_apart
            if at not in choice.axes
        ]
        held = words.held[choice.held].format(others=others, sample=f"{sample + 1:,}")
        return ", ".join((held, *apart))

    def whose(self, part: Part, index: int) -> str:
        """Which sample the numbers are of."""
        words = self.phrases
        name = words.train_sample if part == "train" else words.test_sample
        return name.format(number=f"{index + 1:,}")


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
