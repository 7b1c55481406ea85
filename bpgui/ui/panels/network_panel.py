"""Network: units as nodes, weights as edges, their values, and what each number is made of."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.training.evaluating import Evaluator
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.ui.panels.network_canvas import NetworkCanvas
from bpgui.ui.panels.network_choice import NetworkChoice
from bpgui.ui.panels.network_controls import NetworkControls
from bpgui.ui.panels.network_maps import NetworkMaps
from bpgui.ui.panels.network_readout import marks_of, rows_of
from bpgui.ui.panels.network_words import captions, readout_words
from bpgui.ui.panels.panel import Panel, Plot, Table
from bpgui.ui.panels.parameter_actions import ParameterActions
from bpgui.ui.panels.readout import Readout
from bpgui.ui.selection import Selection
from bpgui.ui.theme import SPACING, Theme
from bpgui.views.network_edges import Shown, edge_scale
from bpgui.views.network_picture import Unit
from bpgui.views.network_walk import AtEdge, AtUnit, Direction, Place
from bpgui.views.outer_names import outer_names
from bpgui.views.scale import Scale
from bpgui.views.unit_maps import has_maps
from bpgui.views.unit_values import UnitValues, unit_values

SECONDS_PER_EDGES = 0.03  # also where snapshots come at 60 a second
SECONDS_PER_NUMBERS = 0.2
AFFORDABLE = 300_000  # parameters up to which a sample is passed through while the run goes on
ARROWS: dict[int, Direction] = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)


class NetworkPanel(Panel):
    """A click chooses a unit or an edge, and so do the arrow keys; what is chosen elsewhere is
    marked here. Values are edited where they stand, while the run rests."""

    value_edited = Signal(int, float)
    frozen_toggled = Signal(int, bool)
    menu_wanted = Signal(object, object)  # QPoint on the screen, and a QMenu or None

    def __init__(
        self, selection: Selection, evaluator: Evaluator, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._selection = selection
        self._problem: Problem | None = None
        self._digits = 17
        self._forget()
        self.choice = NetworkChoice(selection, self)
        self.canvas = NetworkCanvas(self)
        self.canvas.setAccessibleName(self.tr("Picture of the network"))
        self.canvas.set_captions(captions())
        self._words = readout_words(locked=False)
        self.controls = NetworkControls(self)
        self.readout = Readout(2, self)
        self.maps = NetworkMaps(evaluator, self)
        self.act_on = ParameterActions(self.canvas, self._place_of)
        self.field = self.act_on.field
        self._arrange()
        self._connect()
        self._show_message()
        self._tell()

    def _forget(self) -> None:
        self._snapshot: Snapshot | None = None
        self._scales: dict[Shown, Scale | None] = {"weights": None, "gradients": None}
        self._units: UnitValues | None = None
        self._edges_at = self._numbers_at = float("-inf")

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self.controls)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.readout)
        self.setFocusProxy(self.canvas)

    def _connect(self) -> None:
        self.controls.shown_changed.connect(self._change_shown)
        self.controls.maps_toggled.connect(self.maps.set_wanted)
        self.maps.changed.connect(self.canvas.set_maps)
        self.controls.sample_chosen.connect(self._selection.select_sample)
        self.canvas.hovered_changed.connect(self._tell)
        self.canvas.clicked.connect(self._pick)
        self.canvas.double_clicked.connect(self._pick_and_edit)
        self.canvas.fold_clicked.connect(lambda unit: self._pick(unit, None))
        self.act_on.value_edited.connect(self.value_edited)
        self.act_on.frozen_toggled.connect(self.frozen_toggled)
        self.choice.changed.connect(self._show_marks)
        self._selection.sample_changed.connect(self._sample_chosen)

    # --- what the main window calls --------------------------------------------------------------

    def set_locked(self, locked: bool) -> None:
        """Whether a lesson keeps values from being overwritten and frozen."""
        self.act_on.locked = locked
        self._words = readout_words(locked)
        self._tell()

    def set_problem(self, problem: Problem) -> None:
        self.act_on.set_problem(problem)
        self._forget()
        self._problem = problem
        self.controls.set_samples(len(problem.train))
        self.controls.set_sample(self._selection.sample)
        self.controls.color_bar.set_scale(None)
        self.canvas.set_network(problem.network, outer_names(problem))
        self.controls.show_maps_switch(has_maps(problem))
        self.maps.set_problem(problem)
        self.choice.set_network(problem.network)
        self._show_marks()
        self._show_message()

    def render_snapshot(self, snapshot: Snapshot) -> None:
        before, self._snapshot = self._snapshot, snapshot
        self.maps.follow(snapshot)
        now = time.monotonic()
        running = snapshot.state == RunState.RUNNING
        self.act_on.set_snapshot(snapshot)
        changed = before is None or before.state != snapshot.state
        due = not running or changed
        if due or now - self._edges_at >= SECONDS_PER_EDGES:
            self._edges_at = now
            self._show_strengths()
        if due or now - self._numbers_at >= SECONDS_PER_NUMBERS:
            self._numbers_at = now
            self._show_numbers()

    def set_theme(self, theme: Theme) -> None:
        for part in (self.canvas, self.controls, self.readout, self.field):
            part.set_theme(theme)

    def set_digits(self, digits: int) -> None:
        """How many significant digits the readout shows, 4 to 17."""
        self._digits = digits
        self._tell()

    def plots(self) -> tuple[Plot, ...]:
        return (
            Plot(
                "network",
                self.tr("Network"),
                self.canvas,
                self.menu_wanted,
                self._data,
                lambda: (self.controls.color_bar,),
                self._detail,
            ),
        )

    def _detail(self) -> str:
        """What edges and units show, and the numbers of what is chosen."""
        texts = {
            "weights": self.tr("Edges: weights. Units: activations for training sample {number}."),
            "gradients": self.tr(
                "Edges: gradients. Units: activations for training sample {number}."
            ),
        }
        shown = texts[self.shown].format(number=f"{self._selection.sample + 1:,}")
        if self._hovered_place() is None and self.choice.place is None:
            return shown
        return f"{shown}\n{self.readout.text}".replace("\t", "   ")

    def _data(self) -> Callable[[], Table] | None:
        from bpgui.views.network_tables import network_table

        problem, snapshot, picture = self._problem, self._snapshot, self.canvas.picture
        if problem is None or snapshot is None or picture is None:
            return None
        return partial(network_table, problem, snapshot, self._selection.sample, picture)

    def settle(self) -> None:
        """Take in what is typed but not yet entered."""
        self.field.settle()

    # --- drawing ---------------------------------------------------------------------------------

    @property
    def shown(self) -> Shown:
        return self.controls.shown

    @property
    def _values(self) -> FloatArray | None:
        if self._snapshot is None:
            return None
        snapshot = self._snapshot
        return snapshot.parameters if self.shown == "weights" else snapshot.gradient

    @property
    def running(self) -> bool:
        return self._snapshot is not None and self._snapshot.state == RunState.RUNNING

    def _change_shown(self) -> None:
        self._show_strengths()
        self._show_numbers()

    def _show_strengths(self) -> None:
        if self._problem is None:
            return
        values, shown = self._values, self.shown
        found = np.zeros(1) if values is None else values
        scale = edge_scale(self._scales[shown], found, shown)
        if values is not None:
            self._scales[shown] = scale
        self.controls.color_bar.set_scale(None if values is None else scale)
        self.canvas.set_values(values, scale, self.act_on.held)

    def _show_numbers(self) -> None:
        self._find_units()
        self.canvas.set_numbers(self._values, self._units)
        self._show_marks()
        self._show_message()

    def _find_units(self) -> None:
        problem, snapshot = self._problem, self._snapshot
        self._units = None
        if problem is None or snapshot is None:
            return
        if not self.running or problem.network.size <= AFFORDABLE:
            sample = self._selection.sample
            backward = not self.running
            self._units = unit_values(problem, snapshot.parameters, sample, backward=backward)

    def _show_message(self) -> None:
        if self._problem is None:
            text = self.tr("Open an experiment to see its network here.")
        elif self._snapshot is not None and self._values is None:
            text = self.tr("No gradients yet. Press Space to train.")
        else:
            text = ""
        self.canvas.set_message(text)

    # --- what is chosen --------------------------------------------------------------------------

    def _sample_chosen(self, sample: int) -> None:
        self.controls.set_sample(sample)
        self._show_numbers()

    def _show_marks(self) -> None:
        if self._problem is not None:
            choice = self.choice
            marks = marks_of(self._problem.network, choice.place, choice.quantity, self._units)
            self.canvas.set_marks(marks)
            self._tell()

    def _tell(self) -> None:
        place = self._hovered_place() or self.choice.place
        if self._problem is None:
            self.readout.set_rows((), ())
            return
        self.readout.set_rows(
            *rows_of(
                self._words,
                self._problem.network,
                self.canvas.given_name,
                place,
                self._snapshot,
                self._units,
                self.act_on.held,
                self._digits,
            )
        )
        self.canvas.setAccessibleDescription(self.readout.text)

    def _hovered_place(self) -> Place | None:
        if self.canvas.hovered_unit is not None:
            return AtUnit(self.canvas.hovered_unit)
        parameter = self.canvas.hovered_parameter
        return None if parameter is None else AtEdge(parameter)

    def _pick(self, unit: Unit | None, parameter: int | None) -> None:
        self.field.refusal.hide()
        if unit is not None:
            self.choice.go(AtUnit(unit))
        elif parameter is not None:
            self.choice.go(AtEdge(parameter))

    # --- keys and editing ------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self._problem is None or self.field.is_open:
            super().keyPressEvent(event)
            return
        self.field.refusal.hide()
        if key in ARROWS:
            self.choice.move(ARROWS[key])
        elif key in ENTER:
            self._act(self.act_on.edit)
        elif key == Qt.Key.Key_F and not event.modifiers():
            self._act(self.act_on.toggle_frozen)
        elif key == Qt.Key.Key_Escape and self.choice.place is not None:
            self.choice.clear()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def _pick_and_edit(self, unit: Unit | None, parameter: int | None) -> None:
        self._pick(unit, parameter)
        if unit is not None or parameter is not None:
            self._act(self.act_on.edit)

    def _act(self, action: Callable[[int], None]) -> None:
        if self.choice.parameter is not None:
            action(self.choice.parameter)

    def _place_of(self, parameter: int) -> QPoint:
        place = self.canvas.place_of(parameter)
        return self.canvas.rect().center() if place is None else place.toPoint()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.readout.text)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            self._pick(self.canvas.hovered_unit, self.canvas.hovered_parameter)
        if self._problem is None:
            return
        parameter, menu = self.choice.parameter, None
        if parameter is not None:
            menu = self.act_on.menu(parameter)
            copy = menu.addAction(self.tr("Copy its numbers"))
            copy.triggered.connect(self._copy)
        self.menu_wanted.emit(event.globalPos(), menu)
        if menu is not None:
            menu.popup(event.globalPos())
