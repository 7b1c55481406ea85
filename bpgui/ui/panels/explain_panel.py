"""Explain: one pass of the current parameters, step by step, each number opened as a formula."""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bpgui.engine.problem import Problem
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.ui.panels.explain_bar import ExplainBar
from bpgui.ui.panels.explain_model import ExplainModel
from bpgui.ui.panels.explain_parts import Parts
from bpgui.ui.panels.explain_words import note_text, step_text
from bpgui.ui.panels.panel import Panel
from bpgui.ui.selection import Selection
from bpgui.ui.theme import SPACING, Theme
from bpgui.views.folding import folded
from bpgui.views.formulas import Explanation, explain, symbol_of
from bpgui.views.opened_pass import OpenedPass, open_pass
from bpgui.views.quantities import Quantity, ingredients
from bpgui.views.rendering import as_latex, as_markdown, as_text
from bpgui.views.walkthrough import Step, likened, of_parameter, of_unit, step_of, steps
from bpgui.views.writing import FULL_DIGITS, Style

SECONDS_PER_UPDATE = 0.33
SHARE = 0.15  # of the time, that following a run may take
SLOW = 0.25  # seconds for one pass; what takes longer waits until the run pauses
LIVE_LINES = 3  # of an explanation while a run goes on; setting them takes time
LINKS = 12  # numbers that an explained one is made of
WRITERS = {"text": as_text, "latex": as_latex, "markdown": as_markdown}


class ExplainPanel(Panel):
    """Walks one sample, or the next iteration's batch, through the network and back.

    The step is chosen in the list at the left, a number of it in the table, and its formulas stand
    at the right. While a run goes on the numbers follow it three times a second.
    """

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._problem: Problem | None = None
        self._snapshot: Snapshot | None = None
        self._opened: OpenedPass | None = None
        self._explanation: Explanation | None = None
        self._steps: tuple[Step, ...] = ()
        self._digits = FULL_DIGITS
        self._due, self._cost = 0.0, 0.0
        self._setting = self._stale = False
        self.bar = ExplainBar(self)
        self.model = ExplainModel(self)
        self.parts = Parts(self.model, self)
        self.list, self.table, self.page = self.parts.list, self.parts.table, self.parts.page
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.table)

    # --- building --------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self.bar)
        layout.addWidget(self.parts, 1)

    def _connect(self) -> None:
        bar, selection = self.bar, self._selection
        bar.stepped.connect(self.step_by)
        bar.place_changed.connect(self._choose_place)
        bar.scope_changed.connect(lambda _: self._recompute())
        bar.copy_asked.connect(self.copy)
        self.list.currentRowChanged.connect(self._go_to_row)
        self.table.selectionModel().currentRowChanged.connect(self._pick)
        self.page.link_followed.connect(self._follow)
        for widget in (self.list, self.table, self.page):
            widget.installEventFilter(self)
        for keys, by in (("Ctrl+Left", -1), ("Ctrl+Right", 1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda by=by: self.bar.move_sample(by))
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.table)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(lambda: self.copy("text"))
        selection.changed.connect(self._parameter_selected)
        selection.unit_changed.connect(self._unit_selected)
        selection.sample_changed.connect(self._sample_selected)
        selection.quantity_changed.connect(self._quantity_selected)

    # --- what the main window calls --------------------------------------------------------------

    def set_problem(self, problem: Problem) -> None:
        before = None if self._problem is None else self._problem.network
        self._problem, self._snapshot, self._opened = problem, None, None
        self._due, self._cost = 0.0, 0.0
        self._explanation = None
        self.bar.set_fault(problem.fault is not None)
        if before != problem.network:
            self._steps = steps(problem.network)
            self._setting = True
            self.list.clear()
            self.list.addItems([step_text(step) for step in self._steps])
            self.parts.fit_list()
            self._fit()
            self.list.setCurrentRow(0)
            self._setting = False
        self.model.show(None, None, 0)
        self._show_explanation()

    def render_snapshot(self, snapshot: Snapshot) -> None:
        now = time.monotonic()
        running = snapshot.state == RunState.RUNNING
        if running and self._opened is not None:
            if self._cost > SLOW:
                self.bar.say_waiting(self._opened.derivation.iteration)
                return
            if now < self._due:
                return
        self._snapshot = snapshot
        self._recompute()
        spent = time.monotonic() - now
        if running:
            self._due = now + max(SECONDS_PER_UPDATE, spent / SHARE)

    def set_theme(self, theme: Theme) -> None:
        self.table.set_theme(theme)
        self.page.set_theme(theme)

    def set_digits(self, digits: int) -> None:
        """Significant digits of all numbers, 4 to 17; 17 are as many as a number has."""
        self._digits = digits
        self.model.set_digits(digits)
        self._show_explanation()

    # --- steps and numbers ------------------------------------------------------------------------

    @property
    def step(self) -> Step | None:
        row = self.list.currentRow()
        return self._steps[row] if 0 <= row < len(self._steps) else None

    @property
    def quantity(self) -> Quantity | None:
        """The number that is explained."""
        return self.model.quantity_at(self.table.currentIndex().row())

    def step_by(self, by: int) -> None:
        """So many steps forward or back; what would lead beyond an end leads to it."""
        if self._steps:
            row = min(max(self.list.currentRow() + by, 0), len(self._steps) - 1)
            self.list.setCurrentRow(row)

    def go_to(self, quantity: Quantity) -> None:
        """Open a number, with its step."""
        step = step_of(quantity)
        if step not in self._steps:
            return
        self._setting = True
        self.list.setCurrentRow(self._steps.index(step))
        self._setting = False
        self._show_step(quantity)
        self._publish()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is no room for the list of steps, the bar names the step in its place."""
        self.parts.fit(self.width() - 2 * SPACING)
        self._tell_step()

    def _tell_step(self) -> None:
        item = self.list.currentItem()
        name = item.text() if item is not None and self.list.isHidden() else ""
        self.bar.show_step(self.list.currentRow(), len(self._steps), name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Left and Right, Page and Home keys step through the pass; Up and Down stay within."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            far = len(self._steps)
            by = {
                Qt.Key.Key_Left: -1,
                Qt.Key.Key_Right: 1,
                Qt.Key.Key_PageUp: -1,
                Qt.Key.Key_PageDown: 1,
                Qt.Key.Key_Home: -far,
                Qt.Key.Key_End: far,
            }.get(Qt.Key(event.key()))
            if by is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                self.step_by(by)
                return True
        return super().eventFilter(watched, event)

    def _go_to_row(self, row: int) -> None:
        if not self._setting and row >= 0:
            self._show_step(self.quantity)
            self._publish()

    def _show_step(self, wanted: Quantity | None) -> None:
        """Show the current step, at the wanted number or at one like the last."""
        self._tell_step()
        step, opened = self.step, self._opened
        if step is None or opened is None:
            return
        self._setting = True
        self.model.show(opened.derivation, step, opened.column)
        row = self.model.row_of(wanted)
        if row is None and wanted is not None:
            row = self.model.row_of(likened(wanted, step))
        self.table.fit()
        self.table.show_row(row or 0)
        self._setting = False
        self._show_explanation()

    def _pick(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid() and not self._setting:
            self._publish()
            self._show_explanation()

    def _follow(self, place: int) -> None:
        """Open one of the numbers that the explained one is made of."""
        quantity = self.quantity
        if quantity is not None and self._problem is not None:
            made_of = ingredients(self._problem.network, quantity).quantities
            self.go_to(made_of[place])

    # --- the selection ----------------------------------------------------------------------------

    def _publish(self) -> None:
        """Tell the other panels what is explained."""
        quantity, problem = self.quantity, self._problem
        if quantity is None or problem is None or not self.isVisible():
            return
        self._setting = True
        parameter = quantity.parameter(problem.network)
        if parameter is not None:
            self._selection.select(parameter)
        elif quantity.node is not None:
            self._selection.select_unit(quantity.node)
        self._selection.select_quantity(quantity)
        self._setting = False

    def _parameter_selected(self, parameter: int | None) -> None:
        problem = self._problem
        if self._setting or parameter is None or problem is None:
            return
        if parameter < problem.network.size:
            self._open(of_parameter(problem.network, parameter, self.step))

    def _unit_selected(self, unit: tuple[int, int] | None) -> None:
        if not self._setting and unit is not None:
            self._open(of_unit(unit, self.step))

    def _quantity_selected(self, quantity: Quantity | None) -> None:
        if not self._setting and quantity is not None:
            self._open(quantity)

    def _open(self, quantity: Quantity) -> None:
        if self._opened is not None:
            self.go_to(quantity)

    def _sample_selected(self, sample: int) -> None:
        if not self._setting:
            self._recompute()

    def _choose_place(self, place: int) -> None:
        if self._opened is not None and place < len(self._opened.samples):
            self._setting = True
            self._selection.select_sample(int(self._opened.samples[place]))
            self._setting = False
            self._recompute()

    # --- computing --------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._recompute()

    def _recompute(self) -> None:
        """Derive the pass of the last snapshot anew; later, if it cannot be seen."""
        problem, snapshot = self._problem, self._snapshot
        self._stale = not self.isVisible()
        if problem is None or snapshot is None or self._stale:
            return
        began = time.perf_counter()
        opened = open_pass(problem, snapshot, self._selection.sample, self.bar.whole_batch)
        self._cost = time.perf_counter() - began
        self._opened = opened
        self.bar.show_samples(opened.place, opened.samples)
        self.bar.show_iteration(snapshot, opened.fits)
        quantity = self.quantity or self._selection.quantity
        self._show_step(quantity)

    def _show_explanation(self) -> None:
        quantity, opened = self.quantity, self._opened
        self._explanation = None
        if quantity is None or opened is None:
            self.page.clear()
            return
        derivation, column = opened.derivation, opened.column
        explanation = explain(derivation, quantity, column)
        if self._snapshot is not None and self._snapshot.state == RunState.RUNNING:
            explanation = replace(explanation, lines=explanation.lines[:LIVE_LINES])
        self._explanation = explanation
        made_of = ingredients(derivation.problem.network, quantity).quantities
        names = [
            place
            if isinstance(place, range)
            else (place, symbol_of(derivation, made_of[place], column).text)
            for place in folded(len(made_of), LINKS)
        ]
        self.page.show_explanation(explanation, self._style(), names)

    def _style(self) -> Style:
        return Style(digits=self._digits, more=self.tr("{count} more"))

    def copy(self, form: str) -> None:
        """Put the formulas on the clipboard as "text", "latex" or "markdown"."""
        if self._explanation is not None:
            text = WRITERS[form](self._explanation, self._style(), note_text)
            QGuiApplication.clipboard().setText(text)
