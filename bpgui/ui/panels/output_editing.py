"""Samples that are put, moved and taken away with the mouse or the keys on the Output panel."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from bpgui.engine.problem import Problem
from bpgui.experiment import edits
from bpgui.experiment.models import Experiment
from bpgui.experiment.sample_table import (
    SampleTable,
    add_sample,
    move_sample,
    remove_samples,
    sample_table,
    set_targets,
    taken_over,
)
from bpgui.experiment.sources import Data, Inline
from bpgui.ui.document import Change
from bpgui.ui.panels.output_controls import Choice
from bpgui.ui.panels.output_edit_bar import EditBar
from bpgui.ui.panels.output_picture import ARROWS, OutputPicture
from bpgui.ui.panels.output_placing import Placing
from bpgui.ui.selection import Selection
from bpgui.views.output_editing import (
    class_targets,
    editable,
    meant,
)
from bpgui.views.output_points import AHEAD

TREMOR = 3.0  # pixels that a press may move and is still a click
STRIDE = 10  # smallest steps that Shift and an arrow key move a sample

Key = Qt.Key
Modifier = Qt.KeyboardModifier


class PointEditing(QObject):
    """Emits what the user meant; the samples change when the document does. A drag is one edit,
    made when the button is let go."""

    edited = Signal(str, object, str)  # label of the undo step, change, merge key

    def __init__(self, picture: OutputPicture, bar: EditBar, selection: Selection) -> None:
        super().__init__(bar)
        self._picture, self._plot, self._bar = picture, picture.plot, bar
        self._selection = selection
        self._problem: Problem | None = None
        self._choice: Choice | None = None
        self._data: Data | None = None
        self._table: SampleTable | None = None
        self._targets: list[float] = []  # of new samples, where there are no classes
        self._on = False
        self._grabbed: int | None = None
        self._pressed_at = QPointF()
        self._dragging = False
        self._meant = range(1)  # of the outputs over one input, the one whose target is moved
        self._added: int | None = None
        self._keys: dict[Key, Callable[[QKeyEvent], None]] = {
            Key.Key_Delete: lambda _: self._remove(self._selected),
            Key.Key_Backspace: lambda _: self._remove(self._selected),
            Key.Key_Return: lambda _: self._set_targets(self._selected),
            Key.Key_Enter: lambda _: self._set_targets(self._selected),
            Key.Key_Insert: lambda _: self._add(self._pointed),
            Key.Key_Escape: lambda _: self._let_go(),
        }
        self._mouse: dict[QEvent.Type, Callable[[QMouseEvent], bool]] = {
            QEvent.Type.MouseButtonPress: self._press,
            QEvent.Type.MouseButtonDblClick: self._press,
            QEvent.Type.MouseMove: self._drag,
            QEvent.Type.MouseButtonRelease: self._release,
        }
        self._plot.installEventFilter(self)
        self._plot.viewport().installEventFilter(self)
        self._plot.clicked.connect(self._click)
        bar.own_wanted.connect(self._take_over)
        bar.target_entered.connect(self._take_target)
        bar.hide()

    # --- what is edited --------------------------------------------------------------------------

    @property
    def possible(self) -> bool:
        """Whether what is shown can be edited, at least as own data."""
        problem, choice = self._problem, self._choice
        return problem is not None and choice is not None and editable(problem, choice.view)

    @property
    def active(self) -> bool:
        return self._on and self.possible

    @property
    def ready(self) -> bool:
        """Whether the samples that are shown are those of the experiment, row by row."""
        table, problem = self._table, self._problem
        return (
            self.active
            and table is not None
            and problem is not None
            and len(table.array) == len(problem.train)
            and table.inputs == problem.data_inputs
        )

    def show_experiment(self, experiment: Experiment) -> None:
        data = experiment.data
        if data is not self._data:
            self._data = data
            self._table = sample_table(data) if isinstance(data, Inline) else None
            self._show()

    def set_problem(self, problem: Problem) -> None:
        self._let_go()
        self._problem = problem
        if len(self._targets) != problem.network.outputs:
            self._targets = [float(str(value)) for value in problem.train.targets[0]]  # 0.3f is 0.3

    def set_choice(self, choice: Choice) -> None:
        self._let_go()
        self._choice = choice
        self._show()

    def set_on(self, on: bool) -> None:
        self._let_go()
        self._on = on
        self._show()

    def take_added(self) -> int | None:
        """The sample that was added, once it is shown."""
        added, problem = self._added, self._problem
        if added is None or problem is None or added >= len(problem.train):
            return None
        self._added = None
        return added

    # --- the bar ---------------------------------------------------------------------------------

    def _show(self) -> None:
        self._bar.setVisible(self.active)
        viewport = self._plot.viewport()
        if not self.active:
            viewport.unsetCursor()
            return
        problem, choice = self._problem, self._choice
        assert problem is not None
        assert choice is not None
        assert self._data is not None
        surface = choice.view == "surface"
        self._bar.show_samples(self._data, problem, surface=surface)
        if surface and not problem.classification:
            self._bar.set_target(self._targets[choice.output])
        own = self._table is not None
        viewport.setCursor(Qt.CursorShape.CrossCursor if own else Qt.CursorShape.ArrowCursor)

    def _take_target(self, value: float) -> None:
        assert self._choice is not None
        self._targets[self._choice.output] = value

    def _take_over(self) -> None:
        self.edited.emit(
            self.tr("edit as own data"), lambda e: edits.set_data(e, taken_over(e, None)), ""
        )

    # --- mouse -----------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.ready:
            return False
        if watched is self._plot:
            return isinstance(event, QKeyEvent) and self._key(event)
        handle = self._mouse.get(event.type())
        return handle is not None and isinstance(event, QMouseEvent) and handle(event)

    def _press(self, event: QMouseEvent) -> bool:
        """A sample is grabbed or removed; elsewhere the plot is dragged as ever."""
        index = self._at(event.position())
        if index is None:
            return event.type() == QEvent.Type.MouseButtonDblClick
        if event.button() == Qt.MouseButton.RightButton:
            self._remove(index)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._grab(index, event.position())
        return True

    def _grab(self, index: int, pixel: QPointF) -> None:
        self._grabbed, self._pressed_at = index, pixel
        self._meant = self._first_output
        if len(self._picture.outputs) > 1:
            targets = self._placing(self._meant).targets_of(index)
            self._meant = meant(self._picture.outputs, self._plot.place_at(pixel).y(), targets)

    @property
    def _first_output(self) -> range:
        return self._picture.outputs[:1]

    def _drag(self, event: QMouseEvent) -> bool:
        if self._grabbed is None:
            return False
        away = event.position() - self._pressed_at
        self._dragging = self._dragging or float(np.hypot(away.x(), away.y())) > TREMOR
        if self._dragging:
            placing, place = self._placing(self._meant), self._dragged(event)
            self._picture.preview(self._grabbed, *placing.moved(self._grabbed, place), place)
            self._bar.say(placing.told(place))
        return True

    def _dragged(self, event: QMouseEvent) -> QPointF:
        """Where the sample is that was grabbed, perhaps a little beside its middle."""
        assert self._grabbed is not None
        placing = self._placing(self._meant)
        moved = self._plot.place_at(event.position()) - self._plot.place_at(self._pressed_at)
        return placing.rounded(placing.place_of(self._grabbed) + moved)

    def _release(self, event: QMouseEvent) -> bool:
        index, dragging = self._grabbed, self._dragging
        if index is None or event.button() != Qt.MouseButton.LeftButton:
            return index is not None
        place = self._dragged(event)
        self._grabbed, self._dragging = None, False
        if dragging:
            self._move(index, place, "")
        elif event.modifiers() & Modifier.ShiftModifier:
            self._set_targets(index)
        else:
            self._picture.picked.emit("train", index)
        self._bar.say_what_to_do()
        return True

    def _click(self, place: QPointF) -> None:
        if self.ready and self._picture.sample is None:
            self._add(place)

    def _let_go(self) -> None:
        if self._grabbed is not None:
            self._grabbed, self._dragging = None, False
            self._picture.restore()
            self._bar.say_what_to_do()

    def _at(self, pixel: QPointF) -> int | None:
        found = self._picture.sample_at(self._plot.place_at(pixel))
        return None if found is None or found[0] != "train" else found[1]

    @property
    def _selected(self) -> int | None:
        part, index = self._picture.picked_sample
        assert self._table is not None
        return index if part == "train" and index < len(self._table.array) else None

    @property
    def _pointed(self) -> QPointF:
        """The pointer's place, else the middle of what is shown."""
        x, y = self._plot.shown
        place = self._picture.place or ((x.low + x.high) / 2, (y.low + y.high) / 2)
        return QPointF(*place)

    # --- keys ------------------------------------------------------------------------------------

    def _key(self, event: QKeyEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress:
            return False
        key, modifiers = Key(event.key()), event.modifiers()
        if key in ARROWS and modifiers & (Modifier.ShiftModifier | Modifier.AltModifier):
            self._nudge(key, STRIDE if modifiers & Modifier.ShiftModifier else 1)
        elif Key.Key_1 <= key <= Key.Key_9 and not modifiers & Modifier.ControlModifier:
            self._bar.choose_class(key - Key.Key_1)
        elif key in self._keys:
            self._keys[key](event)
        else:
            return False
        return True

    def _nudge(self, key: Key, steps: int) -> None:
        index = self._selected
        if index is None:
            return
        across, up = AHEAD[ARROWS[key]]
        self._meant = self._first_output
        place = self._placing(self._meant).nudged(index, across * steps, up * steps)
        self._move(index, place, f"data.inputs[{index}]")

    # --- edits -----------------------------------------------------------------------------------

    def _add(self, place: QPointF) -> None:
        placing = self._placing(self._picture.outputs)
        inputs, targets = placing.added(placing.rounded(place), self._chosen_targets())
        assert targets is not None
        self._added = len(placing.table.array)
        change = partial(add_sample, inputs=inputs, targets=targets)
        if not self._emit(self.tr("add sample"), change):
            self._added = None

    def _move(self, index: int, place: QPointF, merge: str) -> None:
        inputs, targets = self._placing(self._meant).moved(index, place)

        def change(e: Experiment) -> Experiment:
            moved = move_sample(e, index, inputs)
            return moved if targets is None else set_targets(moved, index, targets)

        if not self._emit(self.tr("move sample"), change, merge):
            self._picture.restore()

    def _set_targets(self, index: int | None) -> None:
        if index is not None:
            change = partial(set_targets, row=index, targets=self._chosen_targets())
            self._emit(self.tr("change target"), change)

    def _remove(self, index: int | None) -> None:
        if index is None or self._table is None:
            return
        last = len(self._table.array) - 2
        if self._selection.sample > last >= 0:
            self._selection.select_sample(last)
        self._emit(self.tr("remove sample"), partial(remove_samples, rows={index}))

    def _emit(self, label: str, change: Change, merge: str = "") -> bool:
        """Whether the samples have changed."""
        before = self._table
        self.edited.emit(label, change, merge)
        return self._table is not before

    def _chosen_targets(self) -> tuple[float, ...]:
        assert self._problem is not None
        if self._problem.classification:
            return class_targets(self._problem, self._bar.kind)
        return tuple(self._targets)

    def _placing(self, outputs: range) -> Placing:
        assert self._problem is not None
        assert self._choice is not None
        assert self._table is not None
        return Placing(self._problem, self._choice, self._table, self._plot.shown, outputs)
