"""What the lower plot of the gradients panel shows of a record: curves, bands or norms."""

from __future__ import annotations

import numpy as np

from bpgui.engine.network import Network
from bpgui.training.snapshot import GradientRows
from bpgui.ui.panels.gradient_plots import LayerCurves
from bpgui.ui.panels.plot import CalmPlot
from bpgui.views import gradient_history as view
from bpgui.views.axes import Limits, linear_ticks, log_ticks
from bpgui.views.scale import Scale, straight


class GradientCurves:
    """A curve for each parameter, bands where they are many, or a norm for each layer; on a
    logarithmic axis, or a straight one. `norms` are those that are shown, `limits` hold all."""

    def __init__(self, plot: CalmPlot) -> None:
        self._plot = plot
        self.drawn = LayerCurves(plot)
        self.by_layer, self.log = False, True
        self.forget()

    def forget(self) -> None:
        self._bands: view.History | None = None
        self.norms: view.NormPicture | None = None
        self.limits = Limits(0.0, 1.0)

    def set_axes(self, by_layer: bool, log: bool) -> None:
        self.by_layer, self.log = by_layer, log
        self.norms = None
        self.drawn.clear()

    def draw(
        self, network: Network, picture: view.Picture, record: GradientRows, selected: int | None
    ) -> None:
        """What belongs to a picture that has changed; theta[selected] is marked."""
        if self.by_layer:
            self._draw_norms(record)
        elif picture.layout.widest > 1:
            self._draw_bands(network, picture, record)
        else:
            self._draw_curves(picture)
        self.draw_selected(picture, selected)

    def scale(self, picture: view.Picture) -> Scale:
        return picture.scale if self.log else straight(picture.scale)

    def draw_selected(self, picture: view.Picture | None, selected: int | None) -> None:
        if picture is None or selected is None or self.by_layer:
            self.drawn.selected.clear_points()
            return
        row = picture.rows.values[:, picture.layout.row_of(selected)].astype(np.float64)
        iteration = picture.rows.iteration.astype(np.float64)
        self.drawn.selected.set_points(iteration, self.scale(picture).place(row))

    def _draw_curves(self, picture: view.Picture) -> None:
        scale, layout = self.scale(picture), picture.layout
        self._plot.left.set_find(scale.ticks)
        self.limits = Limits(-1.02, 1.02)
        width = self._plot.pixels[0]
        columns = view.fewer(picture.columns, view.columns_for_curves(len(layout), width))
        curves = view.layer_curves(columns, layout.layers, scale)
        self.drawn.set_curves(curves, view.faintness(curves, len(layout), width))

    def _draw_bands(self, network: Network, picture: view.Picture, record: GradientRows) -> None:
        layers = view.layer_of_bins(network, record.edges)
        self._bands = view.carried_on(
            self._bands, record, lambda rows: view.band_heights(rows, layers)
        )
        scale = self.scale(picture)
        self._plot.left.set_find(scale.ticks)
        self.limits = Limits(-1.02, 1.02)
        self.drawn.set_bands(view.band_polygons(self._bands, scale))

    def _draw_norms(self, record: GradientRows) -> None:
        self.norms = view.norm_picture(record, self.log, self.norms)
        self._plot.left.set_find(log_ticks if self.log else linear_ticks)
        self.limits = self.norms.limits
        iteration = self.norms.norms.iteration.astype(np.float64)
        self.drawn.set_curves([(iteration, height) for height in self.norms.heights.T])
