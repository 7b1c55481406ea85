"""Network: units as nodes, weights as edges, their values, and what each number is made of."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QMenu,
    QVBoxLayout,
    QWidget,
)

from bpgui.engine.network import BoolArray, FloatArray
from bpgui.engine.problem import Problem
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.ui.panels.network_canvas import NetworkCanvas
from bpgui.ui.panels.network_controls import NetworkControls
from bpgui.ui.panels.network_readout import marks_of, rows_of
from bpgui.ui.panels.network_words import captions, readout_words
from bpgui.ui.panels.panel import Panel
from bpgui.ui.panels.readout import Readout
from bpgui.ui.panels.value_field import ValueField
from bpgui.ui.selection import Selection
from bpgui.ui.theme import SPACING, Theme
from bpgui.views.network_edges import Shown, edge_scale
from bpgui.views.network_picture import Unit
from bpgui.views.network_walk import AtEdge, AtUnit, Direction, Place, bias_of, move, place_of
from bpgui.views.numbers import format_number
from bpgui.views.quantities import Quantity, gradient_of
from bpgui.views.scale import Scale
from bpgui.views.unit_values import UnitValues, unit_values

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

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._problem: Problem | None = None
        self._digits = 17
        self._forget()
        self.canvas = NetworkCanvas(self)
        self.canvas.setAccessibleName(self.tr("Picture of the network"))
        self.canvas.set_captions(captions())
        self._words = readout_words()
        self.controls = NetworkControls(self)
        self.readout = Readout(2, self)
        self.field = ValueField(self.canvas)
        self._arrange()
        self._connect()
        self._show_message()
        self._tell()

    def _forget(self) -> None:
        self._snapshot: Snapshot | None = None
        self._scales: dict[Shown, Scale | None] = {"weights": None, "gradients": None}
        self._units: UnitValues | None = None
        self._numbers_at = float("-inf")
        self._place: Place | None = None
        self._quantity: Quantity | None = None
        self._edited: int | None = None

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
        self.controls.sample_chosen.connect(self._selection.select_sample)
        self.canvas.hovered_changed.connect(self._tell)
        self.canvas.clicked.connect(self._pick)
        self.canvas.double_clicked.connect(self._pick_and_edit)
        self.canvas.fold_clicked.connect(self._pick_unit)
        self.field.entered.connect(self._entered)
        self.field.left.connect(self.canvas.setFocus)
        selection = self._selection
        selection.changed.connect(self._parameter_chosen)
        selection.unit_changed.connect(self._unit_chosen)
        selection.quantity_changed.connect(self._quantity_chosen)
        selection.sample_changed.connect(self._sample_chosen)

    # --- what the main window calls --------------------------------------------------------------

    def set_problem(self, problem: Problem) -> None:
        self.field.close_field()
        self._forget()
        self._problem = problem
        self.controls.set_samples(len(problem.train))
        self.controls.set_sample(self._selection.sample)
        self.controls.color_bar.set_scale(None)
        self.canvas.set_network(problem.network)
        self._place = self._chosen_place()
        self._show_marks()
        self._show_message()

    def render_snapshot(self, snapshot: Snapshot) -> None:
        before, self._snapshot = self._snapshot, snapshot
        now = time.monotonic()
        running = snapshot.state == RunState.RUNNING
        if running:
            self.field.close_field()
        changed = before is None or before.state != snapshot.state
        self._show_strengths()
        if not running or changed or now - self._numbers_at >= SECONDS_PER_NUMBERS:
            self._numbers_at = now
            self._show_numbers()

    def set_theme(self, theme: Theme) -> None:
        for part in (self.canvas, self.controls, self.readout, self.field):
            part.set_theme(theme)

    def set_digits(self, digits: int) -> None:
        """How many significant digits the readout shows, 4 to 17."""
        self._digits = digits
        self._tell()

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

    @property
    def held(self) -> BoolArray:
        """Shape (size,): what training leaves as it is."""
        if self._problem is None:
            return np.empty(0, dtype=np.bool_)
        held = ~self._problem.network.is_trained
        frozen = None if self._snapshot is None else self._snapshot.settings.frozen
        return held if frozen is None else held | frozen

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
        self.canvas.set_values(values, scale, self.held)

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

    def _chosen_place(self) -> Place | None:
        problem, selection = self._problem, self._selection
        if problem is None:
            return None
        if selection.parameter is not None and selection.parameter < problem.network.size:
            return AtEdge(selection.parameter)
        return None if selection.unit is None else AtUnit(selection.unit)

    def _parameter_chosen(self, parameter: int | None) -> None:
        if not (isinstance(self._place, AtEdge) and self._place.parameter == parameter):
            self._place = self._chosen_place()
        self._forget_other_quantity()
        self._show_marks()

    def _unit_chosen(self, unit: Unit | None) -> None:
        self._place = self._chosen_place() if unit is None else AtUnit(unit)
        self._forget_other_quantity()
        self._show_marks()

    def _quantity_chosen(self, quantity: Quantity | None) -> None:
        """Follow the number that is explained, wherever it stands."""
        if self._problem is None:
            return
        self._quantity = quantity
        self._place = (
            self._chosen_place() if quantity is None else place_of(self._problem.network, quantity)
        )
        self._show_marks()

    def _forget_other_quantity(self) -> None:
        """What is chosen later than a number of another place counts."""
        if self._problem is None or self._quantity is None:
            return
        if place_of(self._problem.network, self._quantity) != self._place:
            self._quantity = None

    def _sample_chosen(self, sample: int) -> None:
        self.controls.set_sample(sample)
        self._show_numbers()

    def _show_marks(self) -> None:
        problem = self._problem
        if problem is None:
            return
        quantity = self._quantity
        if quantity is None and isinstance(self._place, AtEdge):
            found = problem.network.parameter(self._place.parameter)
            quantity = gradient_of(found.layer, found.unit, found.source)
        self.canvas.set_marks(marks_of(problem.network, self._place, quantity, self._units))
        self._tell()

    def _tell(self) -> None:
        place = self._hovered_place() or self._place
        if self._problem is None:
            self.readout.set_rows((), ())
            return
        self.readout.set_rows(
            *rows_of(
                self._words,
                self._problem.network,
                place,
                self._snapshot,
                self._units,
                self.held,
                self._digits,
            )
        )
        self.canvas.setAccessibleDescription(self.readout.text)

    def _hovered_place(self) -> Place | None:
        if self.canvas.hovered_unit is not None:
            return AtUnit(self.canvas.hovered_unit)
        parameter = self.canvas.hovered_parameter
        return None if parameter is None else AtEdge(parameter)

    def _go(self, place: Place) -> None:
        self._place = place
        if isinstance(place, AtUnit):
            self._selection.select_unit(place.unit)
            self._unit_chosen(place.unit)
        else:
            self._selection.select(place.parameter)
            self._parameter_chosen(place.parameter)

    def _pick(self, unit: Unit | None, parameter: int | None) -> None:
        self.field.refusal.hide()
        if unit is not None:
            self._go(AtUnit(unit))
        elif parameter is not None:
            self._go(AtEdge(parameter))

    def _pick_unit(self, unit: Unit) -> None:
        self._go(AtUnit(unit))

    # --- keys and editing ------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        self.field.refusal.hide()
        if self._problem is not None and key in ARROWS:
            self._go(move(self._problem.network, self._place, ARROWS[key]))
        elif key in ENTER:
            self.edit(self._meant)
        elif key == Qt.Key.Key_F and not event.modifiers():
            self.toggle_frozen(self._meant)
        elif key == Qt.Key.Key_Escape and self._place is not None:
            self._place = None
            self._selection.select(None)
            self._selection.select_unit(None)
            self._show_marks()
        elif event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.readout.text)
        else:
            super().keyPressEvent(event)

    @property
    def _meant(self) -> int | None:
        """The parameter that is chosen, or the bias of the unit that is."""
        if self._problem is None or self._place is None:
            return None
        if isinstance(self._place, AtEdge):
            return self._place.parameter
        return bias_of(self._problem.network, self._place.unit)

    def _pick_and_edit(self, unit: Unit | None, parameter: int | None) -> None:
        self._pick(unit, parameter)
        if unit is not None or parameter is not None:
            self.edit(self._meant)

    def edit(self, parameter: int | None) -> None:
        """Open a field for the value of a parameter at its edge."""
        if self._problem is None or self._snapshot is None or parameter is None:
            return
        around = self._place_of(parameter)
        if self.running:
            self.field.say(around, self.tr("Pause first: values can be set while the run rests."))
            return
        self._edited = parameter
        name = self._problem.network.parameter(parameter).name
        self.field.open(around, format_number(self._snapshot.parameters[parameter]), name)

    def _place_of(self, parameter: int) -> QPoint:
        place = self.canvas.place_of(parameter)
        return self.canvas.rect().center() if place is None else place.toPoint()

    def _entered(self, value: float) -> None:
        if self._edited is None or self._snapshot is None or self.running:
            return
        if value != float(self._snapshot.parameters[self._edited]):
            self.value_edited.emit(self._edited, value)

    def toggle_frozen(self, parameter: int | None) -> None:
        """Ask to hold a parameter in training, or to let it go."""
        if self._problem is None or parameter is None:
            return
        if not self._problem.network.is_trained[parameter]:
            message = self.tr("The biases of this layer are fixed: the layer's setting says so.")
            self.field.say(self._place_of(parameter), message)
            return
        self.frozen_toggled.emit(parameter, not bool(self.held[parameter]))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            self._pick(self.canvas.hovered_unit, self.canvas.hovered_parameter)
        parameter = self._meant
        if self._problem is None or parameter is None:
            return
        self.menu(parameter).popup(event.globalPos())

    def menu(self, parameter: int) -> QMenu:
        """What can be done with a parameter; the menu goes when it is closed."""
        assert self._problem is not None
        name = self._problem.network.parameter(parameter).name
        held = bool(self.held[parameter])
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        edit = menu.addAction(self.tr("Edit {name}…").format(name=name))
        edit.setEnabled(not self.running)
        edit.triggered.connect(lambda: self.edit(parameter))
        freeze = self.tr("Release {name}") if held else self.tr("Freeze {name}")
        action = menu.addAction(freeze.format(name=name))
        action.setEnabled(bool(self._problem.network.is_trained[parameter]))
        action.triggered.connect(lambda: self.toggle_frozen(parameter))
        copy = menu.addAction(self.tr("Copy its numbers"))
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(self.readout.text))
        return menu
