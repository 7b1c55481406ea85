"""Gradients: every parameter's gradient over time, as a heat strip and as curves."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bpgui.engine.network import Network
from bpgui.engine.problem import Problem
from bpgui.training.snapshot import GradientRows, Snapshot
from bpgui.ui.panels.color_bar import ColorBar
from bpgui.ui.panels.controls import choice
from bpgui.ui.panels.gradient_plots import ROW_AXIS_WIDTH, LayerCurves, StripPlot, layer_colors
from bpgui.ui.panels.panel import Panel, Plot, Table
from bpgui.ui.panels.plot import CalmPlot, small_font
from bpgui.ui.panels.readout import Cell, Readout
from bpgui.ui.selection import Selection
from bpgui.ui.theme import LIGHT, SPACING, Theme
from bpgui.views import gradient_history as view
from bpgui.views.axes import Limits, linear_limits, linear_ticks, log_ticks
from bpgui.views.numbers import format_number
from bpgui.views.scale import Scale, straight

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
        self._forget()
        self._build_controls()
        self._build_plots()
        self._arrange()
        selection.changed.connect(self._show_selection)
        self.set_theme(LIGHT)
        self._show_message()

    def _forget(self) -> None:
        self._snapshot: Snapshot | None = None
        self._picture: view.Picture | None = None
        self._norms: view.NormPicture | None = None
        self._bands: view.History | None = None
        self._heights = Limits(0.0, 1.0)

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
        self.curves = LayerCurves(self.curve_plot)
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
        self._problem = problem
        self._forget()
        self.strip.clear_rows()
        self.color_bar.set_scale(None)
        self.curves.prepare(len(problem.network.layers))
        self.curves.set_theme(self._theme)
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
        for part in (self.strip, self.curve_plot, self.curves, self.color_bar, self.readout):
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
                (self.color_bar,),
            ),
            Plot(
                "gradient-curves",
                curves,
                self.curve_plot,
                self.curve_plot.menu_wanted,
                self._data,
                (self.readout,),
            ),
        )

    def _data(self) -> Table:
        from bpgui.exporting.run_record import gradient_table

        if self._problem is None or self._snapshot is None:
            return {}
        return gradient_table(self._problem, self._snapshot)

    # --- drawing ---------------------------------------------------------------------------------

    @property
    def _log(self) -> bool:
        return self.scale_choice.currentIndex() == 0

    @property
    def _by_layer(self) -> bool:
        return self.view_choice.currentIndex() == 1

    @property
    def _selected(self) -> int | None:
        """The selected parameter, if it is one of this run's network."""
        selected, problem = self._selection.parameter, self._problem
        if selected is None or problem is None or selected >= problem.network.size:
            return None
        return selected

    def _change_axes(self) -> None:
        self._picture = self._norms = None
        self.curve_plot.show_all()
        self.strip.show_all()
        self.curves.clear()
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
                self._draw(picture, record)
            time = linear_limits(0.0, max(10.0, float(self._snapshot.iteration)))
            self.strip.set_limits(time, Limits(0.0, float(len(picture.layout))))
            self.curve_plot.set_limits(time, self._heights)
        self._tell()

    def _draw(self, picture: view.Picture, record: GradientRows) -> None:
        self.strip.set_columns(picture.columns, picture.scale)
        self.color_bar.set_scale(picture.scale)
        if self._by_layer:
            self._draw_norms(record)
        elif picture.layout.widest > 1:
            self._draw_bands(picture, record)
        else:
            self._draw_curves(picture)

    def _lay_out(self, network: Network, layout: view.Layout) -> None:
        self.strip.set_layout(network, layout)
        self._show_note()
        selected = self._selected
        self.strip.set_selected(None if selected is None else layout.row_of(selected))

    def _show_note(self) -> None:
        """What a row stands for, where that is several parameters, and what the bands hold."""
        self.note.clear()
        if self._picture is None or self._picture.layout.widest == 1 or self._snapshot is None:
            return
        joined = int(np.diff(self._snapshot.gradients.edges).max())
        texts = [self.tr("A row shows the largest of {count} parameters.")]
        if not self._by_layer and joined == 1:
            texts.append(self.tr("Bands: all of a layer, and their middle half."))
        elif not self._by_layer:
            texts.append(self.tr("Bands: the largest of each {joined}, and their middle half."))
        if not self._by_layer and self._selected is not None:
            texts.append(self.tr("Line: the picked row."))
        count = f"{self._picture.layout.widest:,}"
        self.note.setText(" ".join(texts).format(count=count, joined=f"{joined:,}"))

    def _curve_scale(self, picture: view.Picture) -> Scale:
        return picture.scale if self._log else straight(picture.scale)

    def _draw_curves(self, picture: view.Picture) -> None:
        scale, layout = self._curve_scale(picture), picture.layout
        self.curve_plot.left.set_find(scale.ticks)
        self._heights = Limits(-1.02, 1.02)
        fewer = view.columns_for_curves(len(layout), self.curve_plot.pixels[0])
        columns = view.in_columns(picture.rows, fewer)
        curves = view.layer_curves(columns, layout.layers, scale)
        width = self.curve_plot.pixels[0]
        self.curves.set_curves(curves, view.faintness(curves, len(layout), width))
        self._draw_selected()

    def _draw_bands(self, picture: view.Picture, record: GradientRows) -> None:
        assert self._problem is not None
        layers = view.layer_of_bins(self._problem.network, record.edges)
        self._bands = view.carried_on(
            self._bands, record, lambda rows: view.band_heights(rows, layers)
        )
        scale = self._curve_scale(picture)
        self.curve_plot.left.set_find(scale.ticks)
        self._heights = Limits(-1.02, 1.02)
        self.curves.set_bands(view.band_polygons(self._bands, scale))
        self._draw_selected()

    def _draw_selected(self) -> None:
        selected, picture = self._selected, self._picture
        if picture is None or selected is None or self._by_layer:
            self.curves.selected.clear_points()
            return
        row = picture.rows.values[:, picture.layout.row_of(selected)].astype(np.float64)
        iteration = picture.rows.iteration.astype(np.float64)
        self.curves.selected.set_points(iteration, self._curve_scale(picture).place(row))

    def _draw_norms(self, record: GradientRows) -> None:
        self._norms = view.norm_picture(record, self._log, self._norms)
        self.curve_plot.left.set_find(log_ticks if self._log else linear_ticks)
        self._heights = self._norms.limits
        iteration = self._norms.norms.iteration.astype(np.float64)
        heights = self._norms.heights.T
        self.curves.set_curves([(iteration, height) for height in heights])
        self.curves.selected.clear_points()

    def _show_message(self) -> None:
        if self._problem is None:
            text = self.tr("Open an experiment to see its gradients here.")
        elif self._snapshot is None or len(self._snapshot.gradients.iteration) == 0:
            text = self.tr("Press Space to train.\nEach weight's gradient appears here.")
        else:
            text = ""
        self.strip.set_message(text)
        for axis in (self.curve_plot.left, self.curve_plot.bottom):
            axis.set_silent(bool(text))

    def _tell(self) -> None:
        if self._problem is None:
            self.readout.set_rows(())
        elif self._by_layer:
            self.readout.set_rows(self._layer_cells(len(self._problem.network.layers)))
        else:
            self.readout.set_rows((self._parameter_cell(self._problem.network),))

    def _parameter_cell(self, network: Network) -> Cell:
        selected = self._selected
        if self._picture is None:
            return Cell("", "")
        if selected is None:
            if self._picture.layout.widest > 1:
                return Cell(self.tr("Click a row to pick a parameter."), "")
            return Cell(self.tr("Click a row or a curve to pick a parameter."), "")
        gradient = None if self._snapshot is None else self._snapshot.gradient
        value = "" if gradient is None else format_number(gradient[selected])
        return Cell(network.parameter(selected).name, value, 0.0, self._theme.accent)

    def _layer_cells(self, number: int) -> tuple[Cell, ...]:
        texts = [""] * number
        if self._norms is not None:
            texts = [format_number(norm, 4) for norm in self._norms.norms.values[-1]]
        colors = layer_colors(self._theme, number)
        return tuple(
            Cell(self.tr("layer {number}").format(number=layer + 1), text, layer / number, color)
            for layer, (text, color) in enumerate(zip(texts, colors, strict=True))
        )

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
        self._draw_selected()
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
        if picture is None or self._by_layer or picture.layout.widest > 1:
            return
        y = self.curve_plot.shown[1]
        near = PICK_DISTANCE * (y.high - y.low) / self.curve_plot.pixels[1]
        scale = self._curve_scale(picture)
        row = view.nearest_row(picture.columns, scale, place.x(), place.y(), near)
        if row is not None:
            self._select_in(picture, row)

    def _select_in(self, picture: view.Picture, row: int) -> None:
        first, after = (int(edge) for edge in picture.layout.edges[row : row + 2])
        gradient = None if self._snapshot is None else self._snapshot.gradient
        self._selection.select(view.largest_in(gradient, first, after))
