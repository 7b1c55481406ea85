"""The button that checks gradients: all of them or, of a large network, some at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from bpgui.engine.problem import Problem
from bpgui.engine.spread import SAMPLE, expected_seconds, spread_order, takes_long
from bpgui.ui.panels.controls import tip
from bpgui.ui.panels.ledger import Ledger
from bpgui.views.names import Indices


class CheckButton(QToolButton):
    """Says what a click will do; while a check is under way, that is to cancel it. Where checking
    all would take long, a click checks some that are not known yet, and a menu offers all of them
    or the selected one."""

    wanted = Signal(object, object)  # indices (m,), and at most how many of them, None for all

    def __init__(self, ledger: Ledger, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "action")
        self._ledger = ledger
        self._problem: Problem | None = None
        self.large = False
        self._order: Indices | None = None
        self._selected: int | None = None
        self.clicked.connect(self._act)
        self.choices = QMenu(self)
        self.choices.aboutToShow.connect(self.tell_choices)
        self.some = self._choice(self.ask)
        self.all = self._choice(lambda: self.wanted.emit(self._in_order(), None))
        self.one = self._choice(lambda: self.wanted.emit(np.array([self._selected]), None))

    def _choice(self, ask: Callable[[], None]) -> QAction:
        action = self.choices.addAction("")
        action.triggered.connect(lambda: ask())
        return action

    def set_problem(self, problem: Problem) -> None:
        self._problem, self.large = problem, takes_long(problem)
        modes = QToolButton.ToolButtonPopupMode
        self.setPopupMode(modes.MenuButtonPopup if self.large else modes.DelayedPopup)
        self.setMenu(self.choices if self.large else None)  # type: ignore[arg-type]
        self.style().unpolish(self)
        self.style().polish(self)
        self._order = None

    def select(self, parameter: int | None) -> None:
        """Which parameter the menu offers to check alone."""
        self._selected = parameter

    def ask(self) -> None:
        """Ask for what a click checks, whatever is under way."""
        self.wanted.emit(self._in_order(), SAMPLE if self.large else None)

    def _act(self) -> None:
        if self._ledger.busy:
            self._ledger.cancel()
        else:
            self.ask()

    def _in_order(self) -> Indices:
        assert self._problem is not None
        network = self._problem.network
        if self._order is None:
            self._order = spread_order(network) if self.large else np.arange(network.size)
        return self._order

    # --- what it says ----------------------------------------------------------------------------

    def show_ledger(self) -> None:
        """Say what a click does now."""
        busy = self._ledger.busy
        self.setText(self.tr("Cancel") if busy else self._offer())
        if busy:
            told = self.tr("Ends the check; what it has found stays.")
        else:
            told = self.tr(
                "Compares every gradient of the state that is shown with a centered "
                "difference of the loss."
            )
            if self.large:
                told = self.tr(
                    "Compares gradients of the state that is shown with centered differences of "
                    "the loss. All of them would take long: {count} at a time, spread over the "
                    "weights and biases of all layers."
                ).format(count=SAMPLE)
        self.setToolTip(tip(told))

    def _offer(self) -> str:
        if not self.large:
            return self.tr("Check now")
        more = self._ledger.found is not None and not self._ledger.stale
        text = self.tr("Check {count} more") if more else self.tr("Check {count}")
        return text.format(count=SAMPLE)

    def tell_choices(self) -> None:
        """Name the entries of the menu as things stand."""
        assert self._problem is not None
        network = self._problem.network
        idle = not self._ledger.busy
        self.some.setText(self._offer())
        self.all.setText(
            self.tr("Check all {count}, about {time}").format(
                count=f"{network.size:,}", time=self._duration(expected_seconds(self._problem))
            )
        )
        for action in (self.some, self.all):
            action.setEnabled(idle)
        self.one.setVisible(self._selected is not None)
        if self._selected is not None:
            name = network.parameter(self._selected).name
            self.one.setText(self.tr("Check {name}").format(name=name))
            self.one.setEnabled(idle and not self._ledger.knows(self._selected))

    def _duration(self, seconds: float) -> str:
        hours = seconds / 3600
        if hours < 1:
            return self.tr("{count} min").format(count=max(1, round(seconds / 60)))
        return self.tr("{count} h").format(count=round(hours))
