"""Gradients: every parameter's gradient over time, as a heat strip and as curves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bpgui.engine.network import Network
from bpgui.engine.problem import Problem
from bpgui.training.snapshot import Snapshot
from bpgui.ui.panels import gradient_words as words
from bpgui.ui.panels.color_bar import ColorBar
from bpgui.ui.panels.controls import choice
from bpgui.ui.panels.gradient_curves import GradientCurves
from bpgui.ui.panels.gradient_plots import ROW_AXIS_WIDTH, StripPlot
from bpgui.ui.panels.panel import Panel, Plot, Table
from bpgui.ui.panels.plot import CalmPlot, small_font
from bpgui.ui.panels.readout import Readout
from bpgui.ui.selection import Selection
from bpgui.ui.theme import LIGHT, SPACING, Theme
from bpgui.views import gradient_history as view
from bpgui.views.axes import Limits, linear_limits

PICK_DISTANCE = 10
FEWEST_ROWS = 100  # networks up to this size always have a row for each parameter


class GradientsPanel(Panel):
    """A parameter is picked by a click on its row or near its curve, or by the up and down arrow
    keys."""

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._theme = LIGHT
        self._problem: Problem | None = None
        self._snapshot: Snapshot | None = None
        self._picture: view.Picture | None = None
        self._build_controls()
        self._build_plots()
        self._arrange()
        selection.changed.connect(self._show_selection)
        self.set_theme(LIGHT)
        self._show_message()

    def _build_controls(self) -> None:
        self.view_choice = choice(
            self,
            (self.tr("Each parameter"), self.tr("Per layer")),
            self.tr("Curves"),
            self.tr(
                "One curve for each weight and bias, or bands where they are many; or one curve "
                "for each layer: the Euclidean norm of its gradient. Where early layers lie far "
                "below late ones, the gradient vanishes."
            ),
        )
        self.scale_choice = choice(
            self,
            (self.tr("Log scale"), self.tr("Linear scale")),
            self.tr("Gradient axis"),
            self.tr(
                "The symmetric logarithmic axis shows gradients of both signs and of all sizes; "
                "around zero it is straight."
            ),
        )
        self.color_bar = ColorBar(self)
        self.color_bar.setToolTip(
            self.tr("Orange gradients are positive, blue ones negative; the scale grows in steps.")
        )
        self.color_bar.setMinimumWidth(0)  # it gives way to the choices
        for box in (self.view_choice, self.scale_choice):
            box.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.view_choice.currentIndexChanged.connect(self._change_axes)
        self.scale_choice.currentIndexChanged.connect(self._change_axes)

    def _build_plots(self) -> None:
        self.strip = StripPlot(self.tr("layer {number}"), self)
        self.strip.setAccessibleName(self.tr("Gradients as colors"))
        self.curve_plot = CalmPlot(self, axis_width=ROW_AXIS_WIDTH)
        self.curve_plot.setAccessibleName(self.tr("Gradients as curves"))
        self.curve_plot.view.setXLink(self.strip.view)
        self.curves = GradientCurves(self.curve_plot)
        self.readout = Readout(1, self)
        self.note = QLabel(self)
        self.note.setProperty("role", "muted")
        self.note.setFont(small_font())
        self.note.setWordWrap(True)
        self.note.hide()
        for plot in (self.strip, self.curve_plot):
            plot.keys |= {
                Qt.Key.Key_Up: lambda: self._move(-1),
                Qt.Key.Key_Down: lambda: self._move(1),
                Qt.Key.Key_Escape: lambda: self._selection.select(None),
            }
            plot.zoomed_changed.connect(self._zoom_together)
            plot.copied_text = lambda: self.readout.text
        self.strip.clicked.connect(self._pick_row)
        self.curve_plot.clicked.connect(self._pick_curve)
        self.strip.view.sigResized.connect(lambda *_: self._resized())
        self.setFocusProxy(self.strip)

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        layout.setSpacing(SPACING // 2)
        row = QHBoxLayout()
        row.setSpacing(SPACING // 2)
        row.addWidget(self.view_choice)
        row.addWidget(self.scale_choice)
        row.addStretch(1)
        row.addWidget(self.color_bar, 100)
        layout.addLayout(row)
        layout.addWidget(self.strip, 1)
        layout.addWidget(self.note)
        layout.addWidget(self.readout)
        layout.addWidget(self.curve_plot, 1)

    # --- what the main window calls --------------------------------------------------------------

    def set_problem(self, problem: Problem) -> None:
        self._problem, self._snapshot, self._picture = problem, None, None
        self.strip.clear_rows()
        self.color_bar.set_scale(None)
        self.curves.forget()
        self.curves.drawn.prepare(len(problem.network.layers))
        self.curves.drawn.set_theme(self._theme)
        self.note.clear()
        self.note.setVisible(problem.network.size > FEWEST_ROWS)
        for plot in (self.strip, self.curve_plot):
            plot.set_limits(Limits(0.0, 10.0), Limits(0.0, 1.0))
        self.strip.show_all()
        self.curve_plot.show_all()
        self._show_message()
        self._tell()

    def render_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._render()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        parts = (self.strip, self.curve_plot, self.curves.drawn, self.color_bar, self.readout)
        for part in parts:
            part.set_theme(theme)
        self._tell()

    def plots(self) -> tuple[Plot, ...]:
        strip, curves = self.tr("Gradients"), self.tr("Gradient curves")
        return (
            Plot(
                "gradients",
                strip,
                self.strip,
                self.strip.menu_wanted,
                self._data,
                lambda: (self.color_bar,),
            ),
            Plot(
                "gradient-curves",
                curves,
                self.curve_plot,
                self.curve_plot.menu_wanted,
                self._data,
                self._key,
            ),
        )

    def _key(self) -> tuple[QWidget, ...]:
        """What names the curves: nothing while the readout tells how to pick one."""
        told = self.curves.by_layer or self._selected is not None
        return (self.readout,) if told else ()

    def _data(self) -> Callable[[], Table] | None:
        from bpgui.exporting.run_record import gradient_table

        if self._problem is None or self._snapshot is None:
            return None
        return partial(gradient_table, self._problem, self._snapshot)

    # --- drawing ---------------------------------------------------------------------------------

    @property
    def _selected(self) -> int | None:
        """The selected parameter, if it is one of this run's network."""
        selected, problem = self._selection.parameter, self._problem
        if selected is None or problem is None or selected >= problem.network.size:
            return None
        return selected

    def _change_axes(self) -> None:
        self._picture = None
        self.curve_plot.show_all()
        self.strip.show_all()
        by_layer, log = self.view_choice.currentIndex() == 1, self.scale_choice.currentIndex() == 0
        self.curves.set_axes(by_layer, log)
        self._render()

    def _resized(self) -> None:
        """Another height has room for other rows."""
        self._picture = None
        self._render()

    def _render(self) -> None:
        self._show_message()
        if self._problem is None or self._snapshot is None:
            return
        network, record = self._problem.network, self._snapshot.gradients
        before, (width, height) = self._picture, self.strip.pixels
        picture = view.picture(network, record, width, max(height, FEWEST_ROWS), before)
        self._picture = picture
        if picture is not None:
            if before is None:
                self._lay_out(network, picture.layout)
            if picture is not before:
                self.strip.set_columns(picture.columns, picture.scale)
                self.color_bar.set_scale(picture.scale)
                self.curves.draw(network, picture, record, self._selected)
            time = linear_limits(0.0, max(10.0, float(self._snapshot.iteration)))
            self.strip.set_limits(time, Limits(0.0, float(len(picture.layout))))
            self.curve_plot.set_limits(time, self.curves.limits)
        self._tell()

    def _lay_out(self, network: Network, layout: view.Layout) -> None:
        self.strip.set_layout(network, layout)
        self._show_note()
        selected = self._selected
        self.strip.set_selected(None if selected is None else layout.row_of(selected))

    def _show_note(self) -> None:
        self.note.clear()
        if self._picture is not None and self._snapshot is not None:
            picked, record = self._selected is not None, self._snapshot.gradients
            by_layer = self.curves.by_layer
            self.note.setText(words.note(self._picture.layout, record, by_layer, picked))

    def _show_message(self) -> None:
        text = words.message(self._problem is not None, self._snapshot)
        self.strip.set_message(text)
        for axis in (self.curve_plot.left, self.curve_plot.bottom):
            axis.set_silent(bool(text))

    def _tell(self) -> None:
        if self._problem is None:
            self.readout.set_rows(())
            return
        network, theme = self._problem.network, self._theme
        if self.curves.by_layer:
            cells = words.layer_cells(len(network.layers), self.curves.norms, theme)
            self.readout.set_rows(cells)
            return
        layout = None if self._picture is None else self._picture.layout
        told = network, self._selected, layout, self._snapshot, theme
        self.readout.set_rows((words.parameter_cell(*told),))

    # --- zoom and selection ----------------------------------------------------------------------

    def _zoom_together(self, zoomed: bool) -> None:
        """The plots share their time axis, so that they are zoomed, and shown whole, together."""
        for plot in (self.strip, self.curve_plot):
            if zoomed:
                plot.set_zoomed(True)
            else:
                plot.show_all()

    def _show_selection(self) -> None:
        selected = self._selected
        if self._picture is not None:
            row = None if selected is None else self._picture.layout.row_of(selected)
            self.strip.set_selected(row)
            self._show_note()
        self.curves.draw_selected(self._picture, selected)
        self._tell()

    def _move(self, by: int) -> None:
        if self._problem is None:
            return
        size = self._problem.network.size
        selected = self._selected
        start = selected if selected is not None else (-1 if by > 0 else size)
        self._selection.select(min(max(start + by, 0), size - 1))

    def _pick_row(self, place: QPointF) -> None:
        if self._picture is not None and 0 <= place.y() < len(self._picture.layout):
            self._select_in(self._picture, int(place.y()))

    def _pick_curve(self, place: QPointF) -> None:
        picture = self._picture
        if picture is None or self.curves.by_layer or picture.layout.widest > 1:
            return
        y = self.curve_plot.shown[1]
        near = PICK_DISTANCE * (y.high - y.low) / self.curve_plot.pixels[1]
        scale = self.curves.scale(picture)
        row = view.nearest_row(picture.columns, scale, place.x(), place.y(), near)
        if row is not None:
            self._select_in(picture, row)

    def _select_in(self, picture: view.Picture, row: int) -> None:
        first, after = (int(edge) for edge in picture.layout.edges[row : row + 2])
        gradient = None if self._snapshot is None else self._snapshot.gradient
        self._selection.select(view.largest_in(gradient, first, after))
