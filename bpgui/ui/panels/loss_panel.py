"""Loss: train and test over time, with the exact digits under the crosshair."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

import pyqtgraph as pg  # isort: skip

from bpgui.engine.problem import Problem
from bpgui.training.snapshot import Snapshot
from bpgui.ui.panels.controls import choice
from bpgui.ui.panels.curve import NOTHING, Curve
from bpgui.ui.panels.flow import Flow
from bpgui.ui.panels.panel import Panel, Plot, Table
from bpgui.ui.panels.plot import CalmPlot
from bpgui.ui.panels.readout import Cell, Readout
from bpgui.ui.theme import LIGHT, SPACING, Theme, mix
from bpgui.views.axes import linear_ticks, log_ticks
from bpgui.views.loss_curve import (
    Line,
    LossView,
    TimeAxis,
    drawn,
    loss_view,
    nearest,
    smoothed,
)
from bpgui.views.numbers import format_number

AXES: tuple[TimeAxis, ...] = ("iterations", "epochs", "seconds")
REACHES = (0.0, 0.01, 0.03, 0.1)
TRAIN_PLACE = 0.4


class LossPanel(Panel):
    """The crosshair follows the mouse, or the left and right arrow keys, from one exact value to
    the next; without it the newest values are told."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._problem: Problem | None = None
        self._snapshot: Snapshot | None = None
        self._view: LossView | None = None
        self._inspected: int | None = None
        self._build_controls()
        self._build_plot()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        layout.setSpacing(SPACING // 2)
        choices = (self.loss_choice, self.axis_choice, self.smoothing_choice)
        layout.addLayout(Flow(choices, SPACING // 2))
        layout.addWidget(self.readout)
        layout.addWidget(self.plot, 1)
        self.set_theme(LIGHT)
        self._show_message()

    def _build_controls(self) -> None:
        self.loss_choice = choice(
            self,
            (self.tr("Log scale"), self.tr("Linear scale")),
            self.tr("Loss axis"),
            self.tr(
                "A logarithmic axis shows equal factors as equal heights, so that a late, slow "
                "improvement can still be seen."
            ),
        )
        self.axis_choice = choice(
            self,
            (self.tr("Iterations"), self.tr("Epochs"), self.tr("Seconds")),
            self.tr("Time axis"),
            self.tr(
                "An iteration is one update of the parameters, an epoch one pass over the training "
                "data. Seconds are those of computing."
            ),
        )
        self.smoothing_choice = choice(
            self,
            (
                self.tr("No smoothing"),
                self.tr("Smooth 1 %"),
                self.tr("Smooth 3 %"),
                self.tr("Smooth 10 %"),
            ),
            self.tr("Smoothing"),
            self.tr(
                "A running mean over the past, as wide as this part of the axis. It lags and "
                "lowers peaks; the true line stays behind it, and the digits are never smoothed."
            ),
        )
        self.loss_choice.currentIndexChanged.connect(self._change_axes)
        self.axis_choice.currentIndexChanged.connect(self._change_axes)
        self.smoothing_choice.currentIndexChanged.connect(self._render)

    def _build_plot(self) -> None:
        self.readout = Readout(2, self)
        self.plot = CalmPlot(self)
        self.plot.setAccessibleName(self.tr("Loss over time"))
        self.curves: dict[str, Curve] = {}
        for name in ("batches", "raw_train", "raw_test", "test", "train"):
            curve = Curve(connect="finite", antialias=name in ("train", "test"))
            curve.setSegmentedLineMode("off")
            self.plot.add(curve)
            self.curves[name] = curve
        self.crosshair = pg.InfiniteLine(angle=90, movable=False)
        self.crosshair.hide()
        self.marks = pg.ScatterPlotItem(size=8, pxMode=True, antialias=True)
        self.plot.add(self.crosshair, self.marks)
        self.plot.left.set_find(log_ticks)
        self.plot.keys |= {
            Qt.Key.Key_Left: lambda: self._move(-1),
            Qt.Key.Key_Right: lambda: self._move(1),
            Qt.Key.Key_Escape: lambda: self._inspect(None),
        }
        self.plot.hovered.connect(self._hover)
        self.plot.view_changed.connect(self._draw_lines)
        self.plot.copied_text = lambda: self.readout.text
        self.setFocusProxy(self.plot)

    # --- what the main window calls --------------------------------------------------------------

    def set_problem(self, problem: Problem) -> None:
        self._problem = problem
        self._snapshot = self._view = self._inspected = None
        self.plot.show_all()
        for curve in self.curves.values():
            curve.clear_points()
        self._inspect(None)
        self._show_message()

    def render_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._render()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.plot.set_theme(theme)
        self.readout.set_theme(theme)
        dash = Qt.PenStyle.DashLine
        pens = {
            "train": pg.mkPen(theme.train),
            "test": pg.mkPen(theme.test, style=dash),
            "raw_train": pg.mkPen(mix(theme.train, theme.base, 0.65)),
            "raw_test": pg.mkPen(mix(theme.test, theme.base, 0.65), style=dash),
            "batches": pg.mkPen(mix(theme.train, theme.base, 0.75)),
        }
        for name, pen in pens.items():
            self.curves[name].setPen(pen)
        self.crosshair.setPen(pg.mkPen(theme.muted))
        self._tell()

    def plots(self) -> tuple[Plot, ...]:
        return (
            Plot(
                "loss",
                self.tr("Loss"),
                self.plot,
                self.plot.menu_wanted,
                self._data,
                lambda: (self.readout,),
            ),
        )

    def _data(self) -> Callable[[], Table] | None:
        from bpgui.exporting.run_record import loss_table

        if self._problem is None or self._snapshot is None:
            return None
        return partial(loss_table, self._problem, self._snapshot)

    # --- drawing ---------------------------------------------------------------------------------

    @property
    def _log(self) -> bool:
        return self.loss_choice.currentIndex() == 0

    @property
    def _axis(self) -> TimeAxis:
        return AXES[self.axis_choice.currentIndex()]

    def _change_axes(self) -> None:
        self.plot.left.set_find(log_ticks if self._log else linear_ticks)
        self._view = None
        self.plot.show_all()
        self._render()

    def _render(self) -> None:
        if self._problem is None or self._snapshot is None:
            return
        self._view = loss_view(self._problem, self._snapshot, self._axis, self._log, self._view)
        self.plot.set_limits(self._view.x, self._view.y)
        self._show_message()
        self._draw_lines()
        self._tell()

    def _draw_lines(self) -> None:
        view = self._view
        if view is None:
            return
        reach = REACHES[self.smoothing_choice.currentIndex()] * view.x.high
        lines = view.lines
        wanted = {"train": lines.train, "test": lines.test, "batches": lines.batches}
        found = {name: view.scaled(line) for name, line in wanted.items() if line is not None}
        if reach > 0.0:
            found |= {"raw_" + name: found[name] for name in ("train", "test") if name in found}
            found |= {
                name: smoothed(found[name], reach) for name in ("train", "test") if name in found
            }
        seen, columns = self.plot.shown[0], self.plot.pixels[0]
        for name, curve in self.curves.items():
            line = drawn(found[name], seen, columns) if name in found else Line(NOTHING, NOTHING)
            curve.set_points(line.x, line.y)

    def _show_message(self) -> None:
        if self._problem is None:
            text = self.tr("Open an experiment to see its loss here.")
        elif self._snapshot is None or self._snapshot.iteration == 0:
            text = self.tr("Press Space to train.\nThe loss of each iteration appears here.")
        else:
            text = ""
        self.plot.set_message(text)

    # --- the crosshair ---------------------------------------------------------------------------

    def _hover(self, place: QPointF | None) -> None:
        view = self._view
        if view is None or place is None:
            self._inspect(None)
        else:
            self._inspect(int(view.exact.iteration[nearest(view.times, place.x())]))

    def _move(self, by: int) -> None:
        if self._view is None:
            return
        iterations = self._view.exact.iteration
        last = len(iterations) - 1
        at = last if self._inspected is None else nearest(iterations, self._inspected) + by
        self._inspect(int(iterations[min(max(at, 0), last)]))

    def _inspect(self, iteration: int | None) -> None:
        self._inspected = iteration
        self._tell()

    def _tell(self) -> None:
        """The values under the crosshair, or the newest."""
        view, inspected = self._view, self._inspected
        for item in (self.crosshair, self.marks):
            item.setVisible(view is not None and inspected is not None)
        if view is None:
            self.readout.set_rows((), ())
            return
        at = -1 if inspected is None else nearest(view.exact.iteration, inspected)
        train, test = view.exact.train[at], view.exact.test[at]
        epoch = f"{view.epochs[at]:,.2f}".rstrip("0").rstrip(".")
        last = Cell("", "", TRAIN_PLACE)
        if view.lines.test is not None:
            text = format_number(test) if np.isfinite(test) else "–"
            last = Cell(self.tr("test"), text, TRAIN_PLACE, self._theme.test, dashed=True)
        self.readout.set_rows(
            (
                Cell(self.tr("iteration"), f"{view.exact.iteration[at]:,}"),
                Cell(self.tr("train"), format_number(train), TRAIN_PLACE, self._theme.train),
            ),
            (Cell(self.tr("epoch"), epoch), last),
        )
        if inspected is not None:
            self._mark(view, at)

    def _mark(self, view: LossView, at: int) -> None:
        """The crosshair and a dot on each line."""
        self.crosshair.setValue(view.times[at])
        losses = np.array([view.exact.train[at], view.exact.test[at]], dtype=np.float64)
        dots = view.scaled(Line(np.full(2, view.times[at]), losses))
        good = np.flatnonzero(np.isfinite(dots.y))
        colors = (self._theme.train, self._theme.test)
        self.marks.setData(
            x=dots.x[good],
            y=dots.y[good],
            brush=[pg.mkBrush(colors[i]) for i in good],
            pen=pg.mkPen(self._theme.base),
        )
