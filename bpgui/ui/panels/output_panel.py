"""Output: what the network computes, over its inputs and for its samples."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from bpgui.engine.problem import Problem
from bpgui.training.evaluating import Evaluator, GoOn, Outcome
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.ui.panels.controls import tip
from bpgui.ui.panels.number_grid import NumberGrid
from bpgui.ui.panels.output_answers import Answers
from bpgui.ui.panels.output_controls import OutputControls
from bpgui.ui.panels.output_drawing import Frame
from bpgui.ui.panels.output_edit_bar import EditBar
from bpgui.ui.panels.output_editing import PointEditing
from bpgui.ui.panels.output_matrix import OutputMatrix
from bpgui.ui.panels.output_picture import OutputPicture
from bpgui.ui.panels.output_plot import OutputPlot
from bpgui.ui.panels.output_readout import FULL, SEPARATOR, Groups, Telling
from bpgui.ui.panels.output_words import output_words, phrases
from bpgui.ui.panels.panel import Panel, Plot, Table
from bpgui.ui.panels.picked_sample import PickedSample
from bpgui.ui.selection import Selection
from bpgui.ui.theme import SPACING, Theme
from bpgui.views.output_curve import PER_PIXEL, Curve, CurveQuestion, evaluate_curve
from bpgui.views.output_judged import (
    Confusion,
    JudgedQuestion,
    evaluate_confusion,
    evaluate_fit,
)
from bpgui.views.output_space import HeldInputs, class_names
from bpgui.views.output_surface import Surface, SurfaceQuestion, evaluate_surface, grid_shape

SECONDS_PER_NUMBERS = 0.2  # while a run goes on: they are to be read
NEWEST = 0.3  # how much the newest measurement counts in the time that a point takes


class OutputPanel(Panel):
    """Hands questions to an evaluator and shows its answers. While the run rests, the last answer
    belongs to the parameters that all panels show; while it goes on, to those of a moment ago."""

    def __init__(
        self, selection: Selection, evaluator: Evaluator, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._selection = selection
        self._picked = PickedSample(selection)
        self._problem: Problem | None = None
        self._snapshot: Snapshot | None = None
        self._frame: Frame | None = None
        self._seconds: float | None = None
        self._held: HeldInputs | None = None
        self._told_at = float("-inf")
        self._digits = FULL
        self._words = phrases()
        self._answers = Answers(evaluator, self)
        self.controls = OutputControls(output_words(), self)
        self.plot = OutputPlot(self)
        self.plot.setAccessibleName(self.tr("Output of the network"))
        self.picture = OutputPicture(self.plot)
        self.edit_bar = EditBar(self)
        self.editing = PointEditing(self.picture, self.edit_bar, selection)
        self.matrix = OutputMatrix(self)
        self.matrix.setAccessibleName(self.tr("Confusion matrix"))
        self.readout = NumberGrid(self)
        self._lay_out()
        self._connect()
        self._show_message(self._words.open)

    def _lay_out(self) -> None:
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.plot)
        self.stack.addWidget(self.matrix)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self.controls)
        layout.addWidget(self.edit_bar)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.readout)
        self.controls.hide()
        self.setFocusProxy(self.plot)

    def _connect(self) -> None:
        self.controls.changed.connect(self._choose)
        self.controls.edit.toggled.connect(self.editing.set_on)
        self.plot.view_changed.connect(self._ask)
        self.plot.copied_text = lambda: self.readout.text
        self.picture.pointed.connect(self._tell)
        self.picture.picked.connect(self._pick)
        self.matrix.cell_changed.connect(self._tell)
        self.matrix.asked.connect(self._pick_from)
        self._selection.sample_changed.connect(self._sample_selected)
        self._answers.answered.connect(self._receive)

    # --- what the main window calls --------------------------------------------------------------

    def set_problem(self, problem: Problem) -> None:
        self._problem, self._snapshot, self._frame = problem, None, None
        self._seconds = None
        self._picked.return_to_training()
        self._held = HeldInputs(problem)
        self._answers.forget()
        self.controls.set_problem(problem)
        self.controls.show()
        self.picture.set_problem(problem, steady=self.editing.active)
        self.editing.set_problem(problem)
        self.matrix.show_confusion(None, ())
        self._choose()

    def render_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        if np.isfinite(snapshot.parameters).all():
            self._show_message("")
            self._ask()
            added = self.editing.take_added()
            if added is not None:
                self._selection.select_sample(added)
        else:
            self._answers.forget()
            self._frame = None
            self.plot.clear()
            self._show_message(self._words.diverged)
            self._tell()

    def set_theme(self, theme: Theme) -> None:
        for part in (self.picture, self.matrix, self.controls, self.edit_bar, self.readout):
            part.set_theme(theme)

    def set_digits(self, digits: int) -> None:
        self._digits = digits
        self._name_numbers()
        self._tell()

    def plots(self) -> tuple[Plot, ...]:
        return (
            Plot(
                "output",
                self.tr("Output"),
                self.plot,
                self.plot.menu_wanted,
                self._data,
                lambda: (self.controls.key,),
                self._detail,
            ),
            Plot(
                "confusion",
                self.tr("Confusion matrix"),
                self.matrix,
                self.matrix.menu_wanted,
                self._data,
                detail=self._detail,
            ),
        )

    def _detail(self) -> str:
        """What is told of the whole picture, whatever is pointed at or picked."""
        return "" if self._frame is None else self._note(self._telling, self._frame)

    def _data(self) -> Callable[[], Table] | None:
        from bpgui.views.output_tables import table_of

        return None if self._frame is None else partial(table_of, self._frame)

    # --- asking ----------------------------------------------------------------------------------

    @property
    def resting(self) -> bool:
        return self._snapshot is not None and self._snapshot.state != RunState.RUNNING

    @property
    def _finite(self) -> bool:
        snapshot = self._snapshot
        return snapshot is not None and bool(np.isfinite(snapshot.parameters).all())

    def _choose(self) -> None:
        """Show what the controls say, as far as it is known yet."""
        if self._problem is None:
            return
        choice = self.controls.choice
        counted = choice.view == "confusion"
        shown = self.matrix if counted else self.plot
        self.stack.setCurrentWidget(shown)
        self.setFocusProxy(shown)
        if not counted:
            self.picture.set_choice(choice)
        self.editing.set_choice(choice)
        key = self.controls.key
        key.setVisible(choice.view in ("surface", "curve"))
        if choice.view == "surface":
            key.show_surface(self._problem, choice.output)
        elif choice.view == "curve":
            key.show_curves(self._problem, self.picture.outputs)
        self._name_numbers()
        self._sample_selected()
        self._ask()

    def _ask(self) -> None:
        problem, snapshot = self._problem, self._snapshot
        if problem is None or snapshot is None or not self._finite or not self.isVisible():
            return
        choice = self.controls.choice
        at = problem, snapshot.parameters, snapshot.iteration
        work: Any
        if choice.view == "surface":
            shape = grid_shape(self._seconds, self.resting, self.plot.pixels)
            sample = self._selection.sample
            assert self._held is not None
            held = self._held.values(choice.held, sample, choice.held_apart)
            self.controls.held_value.show_held(held)
            area = self.plot.shown
            question = SurfaceQuestion(*at, choice.output, *choice.axes, held, *area, *shape)
            work = partial(evaluate_surface, question)
        elif choice.view == "curve":
            count = PER_PIXEL * self.plot.pixels[0]
            work = partial(evaluate_curve, CurveQuestion(*at, self.plot.shown[0], count))
        else:
            judge = evaluate_confusion if choice.view == "confusion" else evaluate_fit
            work = partial(judge, JudgedQuestion(*at, choice.part, max(choice.output, 0)))
        self._answers.ask(partial(_with, choice.asked, work))

    def _receive(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            reason = str(outcome.error) or type(outcome.error).__name__
            self._show_message(self._words.failed.format(reason=reason))
            return
        assert outcome.value is not None
        asked, frame = outcome.value
        if frame.question.problem is not self._problem or asked != self.controls.choice.asked:
            return
        self._frame = frame
        if isinstance(frame, Confusion):
            self.matrix.show_confusion(frame, class_names(frame.question.problem))
        else:
            self.picture.show_frame(frame)
        if isinstance(frame, Surface):
            self._measure(frame, outcome.seconds)
        now = time.monotonic()
        if self.resting or now - self._told_at >= SECONDS_PER_NUMBERS:
            self._told_at = now
            self._tell()

    def _measure(self, surface: Surface, seconds: float) -> None:
        """Learn what a point costs, and ask once more where there is time for a finer picture."""
        newest = seconds / surface.points
        before = newest if self._seconds is None else self._seconds
        self._seconds = before + NEWEST * (newest - before)
        columns, rows = grid_shape(self._seconds, self.resting, self.plot.pixels)
        if self.resting and columns * rows > 1.5 * surface.points and not self._answers.waiting:
            self._ask()

    # --- samples ---------------------------------------------------------------------------------

    def _pick(self, part: str, index: int) -> None:
        self._picked.pick(part, index)
        self._show_sample()

    def _pick_from(self, row: int, column: int) -> None:
        """The next sample that a cell of the confusion matrix counts."""
        if not isinstance(self._frame, Confusion):
            return
        members = self._frame.members(row, column)
        part, index = self._picked.sample
        if len(members):
            after = members[members > index] if part == self._frame.question.part else members
            self._pick(self._frame.question.part, int(after[0] if len(after) else members[0]))

    def _sample_selected(self, _sample: int = 0) -> None:
        self._picked.return_to_training()
        self._show_sample()
        if self._problem is not None and self.controls.choice.held == "sample":
            self._ask()

    def _show_sample(self) -> None:
        self.picture.show_picked(self._picked.sample)
        self._tell()

    # --- words and numbers -----------------------------------------------------------------------

    def _show_message(self, text: str) -> None:
        self.plot.set_message(text)
        self.matrix.set_message(text)

    @property
    def _telling(self) -> Telling:
        assert self._problem is not None
        return Telling(self._words, self._problem, self.controls.choice, self._digits)

    def _name_numbers(self) -> None:
        if self._problem is not None:
            self.readout.set_form(self._telling.nothing(), self._digits)

    def _tell(self) -> None:
        """The numbers of what is pointed at, else of the sample that is picked."""
        frame = self._frame
        if frame is None:
            self.readout.show_groups((), "")
            return
        groups, told = self._told(self._telling, frame)
        self.readout.show_groups(groups, SEPARATOR.join(filter(None, told)))
        self.plot.setAccessibleDescription(self.readout.text)
        if self.matrix.cell is not None:
            self.matrix.setToolTip(tip(self.readout.text))
            self.matrix.setAccessibleDescription(self.readout.text)

    def _told(self, telling: Telling, frame: Frame) -> tuple[Groups, tuple[str, ...]]:
        """Numbers, and a note in parts: whose they are, what the picture is, and what to do."""
        picture = self.picture
        note = self._note(telling, frame), self._words.outside if picture.outside else ""
        if isinstance(frame, Confusion) and self.matrix.cell is not None:
            return telling.cell(frame, self.matrix.cell), note
        if isinstance(frame, (Surface, Curve)) and picture.sample is None and picture.place:
            return telling.place(frame, picture.place), (*note, self._words.keys)
        pointed = None if isinstance(frame, Confusion) else picture.sample
        sample = pointed or self._picked.sample
        return telling.sample(frame, *sample), (telling.whose(*sample), *note)

    def _note(self, telling: Telling, frame: Frame) -> str:
        return telling.note(frame, self.picture.thinned, self._selection.sample)


def _with(asked: tuple[object, ...], work: Any, go_on: GoOn) -> tuple[tuple[object, ...], Frame]:
    """A frame, with what it was asked for."""
    return asked, work(go_on)
