"""What can be done with a parameter where it is drawn: edit its value, freeze it, copy it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from bpgui.engine.network import BoolArray
from bpgui.engine.problem import Problem
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.ui.panels.value_field import ValueField
from bpgui.views.numbers import format_number


class ParameterActions(QObject):
    """Asks for changes by signals and makes none. `place_of` says where on the surface a parameter
    is drawn."""

    value_edited = Signal(int, float)
    frozen_toggled = Signal(int, bool)

    def __init__(self, surface: QWidget, place_of: Callable[[int], QPoint]) -> None:
        super().__init__(surface)
        self._surface = surface
        self._place_of = place_of
        self._problem: Problem | None = None
        self._snapshot: Snapshot | None = None
        self._edited = 0
        self.locked = False  # by a lesson
        self.field = ValueField(surface)
        self.field.entered.connect(self._entered)
        self.field.left.connect(surface.setFocus)

    def set_problem(self, problem: Problem) -> None:
        self.field.close_field()
        self._problem, self._snapshot = problem, None

    def set_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        if self.running:
            self.field.close_field()

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

    def edit(self, parameter: int) -> None:
        """Open a field for the value of a parameter at its edge."""
        if self._problem is None or self._snapshot is None:
            return
        around = self._place_of(parameter)
        if self.locked:
            self.field.say(around, self.tr("Locked by this lesson"))
            return
        if self.running:
            self.field.say(around, self.tr("Pause first: values can be set while the run rests."))
            return
        self._edited = parameter
        name = self._problem.network.parameter(parameter).name
        self.field.open(around, format_number(self._snapshot.parameters[parameter]), name)

    def _entered(self, value: float) -> None:
        if self._snapshot is not None and value != float(self._snapshot.parameters[self._edited]):
            self.value_edited.emit(self._edited, value)

    def toggle_frozen(self, parameter: int) -> None:
        """Ask to hold a parameter in training, or to let it go."""
        if self._problem is None:
            return
        if self.locked:
            self.field.say(self._place_of(parameter), self.tr("Locked by this lesson"))
            return
        if not self._problem.network.is_trained[parameter]:
            message = self.tr("The biases of this layer are fixed: the layer's setting says so.")
            self.field.say(self._place_of(parameter), message)
            return
        self.frozen_toggled.emit(parameter, not bool(self.held[parameter]))

    def menu(self, parameter: int) -> QMenu:
        """What can be done with a parameter; the menu goes when it is closed."""
        assert self._problem is not None
        network = self._problem.network
        name = network.parameter(parameter).name
        menu = QMenu(self._surface)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        edit = menu.addAction(self.tr("Edit {name}…").format(name=name))
        edit.setEnabled(not self.running and not self.locked)
        edit.triggered.connect(lambda: self.edit(parameter))
        held = bool(self.held[parameter])
        text = self.tr("Release {name}") if held else self.tr("Freeze {name}")
        freeze = menu.addAction(text.format(name=name))
        freeze.setEnabled(bool(network.is_trained[parameter]) and not self.locked)
        freeze.triggered.connect(lambda: self.toggle_frozen(parameter))
        return menu
