"""Digits: the picture that goes in, what comes out beside what should, and the weights between."""

from __future__ import annotations

import time
from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from bpgui.engine.problem import Problem
from bpgui.training.evaluating import Evaluator, Outcome
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.ui.panels.digits_controls import DigitsControls
from bpgui.ui.panels.digits_outputs import DigitsOutputs, shown_outputs
from bpgui.ui.panels.digits_picture import DigitPad, DigitPicture
from bpgui.ui.panels.digits_plots import digits_plots
from bpgui.ui.panels.digits_readout import (
    DigitsReadout,
    Going,
    OutputRow,
    Pixel,
    Pointed,
    Weight,
)
from bpgui.ui.panels.digits_weights_part import WeightsPart
from bpgui.ui.panels.output_answers import Answers
from bpgui.ui.panels.output_readout import FULL
from bpgui.ui.panels.panel import Panel, Plot
from bpgui.ui.panels.picked_sample import PickedSample
from bpgui.ui.panels.readout import Readout
from bpgui.ui.selection import Selection
from bpgui.ui.theme import SPACING, Theme
from bpgui.views.digits import Missed, evaluate_missed, side_of
from bpgui.views.digits_drawing import Framing, framed, framing_of
from bpgui.views.output_judged import JudgedQuestion
from bpgui.views.output_points import read_place, read_sample
from bpgui.views.output_space import samples_of

SECONDS_PER_PICTURE = 0.1  # while a run goes on
SECONDS_PER_SEARCH = 1.0  # for misclassified samples, likewise


class DigitsPanel(Panel):
    """A sample, or what is drawn, goes through the network at once; which samples are misclassified
    is found in the background."""

    def __init__(
        self, selection: Selection, evaluator: Evaluator, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._selection = selection
        self._picked = PickedSample(selection)
        self._problem: Problem | None = None
        self._framing: Framing | None = None
        self._snapshot: Snapshot | None = None
        self._going: Going | None = None
        self._missed: Missed | None = None
        self._pointed: Pointed | None = None
        self._digits = FULL
        self._due, self._search_due = 0.0, 0.0
        self._stale = False
        self._answers = Answers(evaluator, self)
        self.controls = DigitsControls(self)
        self.pad = DigitPad(self)
        self.pad.setAccessibleName(self.tr("Pad to draw a digit on"))
        self.picture = DigitPicture(self)
        self.picture.setAccessibleName(self.tr("Picture that goes in"))
        self.outputs = DigitsOutputs(self)
        self.outputs.bars.setAccessibleName(self.tr("Outputs and targets"))
        self.weights = WeightsPart(selection, self)
        self.readout = Readout(3, self)
        self.message = QLabel(self)
        self._plots = digits_plots(
            self.picture, self.outputs.bars, self.weights, self.readout, self._told
        )
        self._lay_out()
        self._connect()
        self._show_message(self.tr("Open an experiment to see its pictures."))

    # --- building --------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setProperty("role", "muted")
        self.content = QWidget(self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.content)
        self.stack.addWidget(self.message)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        outer.addWidget(self.stack)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._pictures_row())
        self.splitter.addWidget(self.weights)
        self.splitter.setStretchFactor(0, 4)
        self.splitter.setStretchFactor(1, 3)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self.controls)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self.readout)
        self.setFocusProxy(self.picture)
        self._show_mode()

    def _pictures_row(self) -> QWidget:
        part = QWidget(self)
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        for widget, stretch in ((self.pad, 4), (self.picture, 3), (self.outputs, 5)):
            row.addWidget(widget, stretch)
        return part

    def _connect(self) -> None:
        controls, selection = self.controls, self._selection
        controls.mode_changed.connect(self._show_mode)
        controls.mode_changed.connect(self._show)
        controls.sample_chosen.connect(self._pick)
        controls.leapt.connect(self._leap)
        controls.radius_chosen.connect(self.pad.set_radius)
        self.pad.radius_changed.connect(controls.brush.setValue)
        controls.centering_changed.connect(self._show)
        controls.clear_asked.connect(self.pad.clear)
        self.pad.drawn.connect(self._show)
        self.picture.moved.connect(controls.move_sample)
        self.picture.leapt.connect(self._leap)
        self.picture.pointed.connect(lambda at: self._point(at and Pixel(*at)))
        self.outputs.row_changed.connect(self._point_at_row)
        self.weights.pointed.connect(lambda at: self._point(at and Weight(*at)))
        self.weights.changed.connect(self._tell)
        selection.sample_changed.connect(self._sample_selected)
        self._answers.answered.connect(self._receive)

    # --- what the main window calls --------------------------------------------------------------

    def set_problem(self, problem: Problem) -> None:
        self._snapshot = self._going = self._missed = None
        self._pointed = None
        self._picked.return_to_training()
        self._due = self._search_due = 0.0
        self._answers.forget()
        side = side_of(problem)
        if (
            self._problem is None
            or self._problem.train.data_inputs is not problem.train.data_inputs
        ):
            self._framing = None if side is None else framing_of(problem, side)
        self._problem = problem
        if side is None:
            self._show_message(
                self.tr(
                    "The samples of this experiment are no pictures.\nDigits shows data whose "
                    "number of inputs is a square: the built-in digits, or IDX files as those of "
                    "MNIST."
                )
            )
            return
        self._show_message("")
        self.controls.set_problem(problem)
        self.controls.show_sample(*self._picked.sample)
        self.weights.set_problem(problem)

    def render_snapshot(self, snapshot: Snapshot) -> None:
        first = self._snapshot is None
        self._snapshot = snapshot
        if self._framing is None:
            return
        if not np.isfinite(snapshot.parameters).all():
            self._answers.forget()
            self._show_message(
                self.tr(
                    "The parameters are no longer finite numbers, so there is no output to "
                    "show.\nReset, and try a smaller learning rate."
                )
            )
            return
        self._show_message("")
        now = time.monotonic()
        if first or self.resting or now >= self._due:
            self._due = now + SECONDS_PER_PICTURE
            self._show()
            self.weights.show_parameters(snapshot.parameters)
        if first or self.resting or now >= self._search_due:
            self._search_due = now + SECONDS_PER_SEARCH
            self._search()

    def set_theme(self, theme: Theme) -> None:
        parts = (self.pad, self.picture, self.outputs.bars, self.weights, self.readout)
        for part in parts:
            part.set_theme(theme)

    def plots(self) -> tuple[Plot, ...]:
        return self._plots

    def set_digits(self, digits: int) -> None:
        self._digits = digits
        self._tell()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._show()

    @property
    def resting(self) -> bool:
        return self._snapshot is not None and self._snapshot.state != RunState.RUNNING

    # --- the picture and what comes out ----------------------------------------------------------

    def _show(self) -> None:
        """Send the picture through the network; later, if it cannot be seen."""
        problem, snapshot, framing = self._problem, self._snapshot, self._framing
        self._stale = not self.isVisible()
        if problem is None or snapshot is None or framing is None or self._stale:
            return
        drawing = self.controls.drawing
        going = self._drawn(problem, snapshot, framing) if drawing else self._chosen(snapshot)
        self._going = going
        self.picture.set_depth(framing.depth(going.picture))
        self.outputs.bars.show_outputs(shown_outputs(problem, going.reading.outputs, going.targets))
        self._tell()

    def _drawn(self, problem: Problem, snapshot: Snapshot, framing: Framing) -> Going:
        picture = framed(self.pad.drawing, framing, self.controls.centered)
        inputs = picture.ravel().astype(problem.dtype)
        return Going(picture, read_place(problem, snapshot.parameters, inputs), None, None)

    def _chosen(self, snapshot: Snapshot) -> Going:
        problem, framing = self._problem, self._framing
        assert problem is not None
        assert framing is not None
        part, index = self._picked.sample
        samples = samples_of(problem, part)
        assert samples is not None
        index = min(index, len(samples) - 1)
        picture = samples.data_inputs[index].reshape(framing.side, framing.side)
        reading = read_sample(problem, snapshot.parameters, samples, index)
        return Going(picture, reading, (part, index), samples.targets[index])

    def _show_mode(self) -> None:
        drawing = self.controls.drawing
        self.pad.setVisible(drawing)
        self.setFocusProxy(self.pad if drawing else self.picture)

    def _show_message(self, text: str) -> None:
        """Show a text in place of all else; an empty one brings it back."""
        self.message.setText(text)
        self.stack.setCurrentWidget(self.message if text else self.content)

    # --- samples ---------------------------------------------------------------------------------

    def _pick(self, part: str, index: int) -> None:
        other = part != self._picked.part
        self._picked.pick(part, index)
        self._show_sample()
        if other:
            self._missed = None
            self._search()

    def _leap(self, by: int) -> None:
        sample = None if self._missed is None else self._missed.beside(self._picked.sample[1], by)
        if sample is not None:
            self._pick(self._picked.part, sample)

    def _sample_selected(self, _sample: int) -> None:
        if self._picked.part == "test":
            self._missed = None
            self._picked.return_to_training()
            self._search()
        self._show_sample()

    def _show_sample(self) -> None:
        self.controls.show_sample(*self._picked.sample)
        self._show_missed()
        self._show()

    def _search(self) -> None:
        problem, snapshot = self._problem, self._snapshot
        if problem is None or snapshot is None or self._framing is None:
            return
        if problem.classification and self.isVisible():
            part = self._picked.part
            question = JudgedQuestion(problem, snapshot.parameters, snapshot.iteration, part)
            self._answers.ask(partial(evaluate_missed, question))

    def _receive(self, outcome: Outcome) -> None:
        missed = outcome.value
        if missed is None:
            self.controls.say(str(outcome.error) or type(outcome.error).__name__)
        elif missed.question.problem is self._problem and missed.question.part == self._picked.part:
            self._missed = missed
            self._show_missed()

    def _show_missed(self) -> None:
        missed = self._missed
        if missed is None:
            self.controls.show_missed(None, 0, 0, 0.0)
            return
        place = missed.place(self._picked.sample[1])
        self.controls.show_missed(place, len(missed.indices), missed.total, missed.accuracy)

    def _told(self) -> tuple[Problem, Going] | None:
        """What goes in, and through what."""
        if self._problem is None or self._going is None:
            return None
        return self._problem, self._going

    # --- numbers ---------------------------------------------------------------------------------

    def _point(self, pointed: Pointed | None) -> None:
        if pointed != self._pointed:
            self._pointed = pointed
            self._tell()

    def _point_at_row(self) -> None:
        row = self.outputs.bars.row
        self._point(None if row is None else OutputRow(row))

    def _tell(self) -> None:
        problem, snapshot, going = self._problem, self._snapshot, self._going
        pictures = self.weights.pictures
        if problem is None or snapshot is None or going is None or pictures is None:
            self.readout.set_rows((), (), ())
            return
        told = DigitsReadout(problem, snapshot.iteration, self._digits)
        self.readout.set_rows(*told.rows(going, pictures, self._pointed))
        for widget in (self.picture, self.pad, self.outputs.bars, self.weights.grid.tiles):
            widget.setAccessibleDescription(self.readout.text)
