"""The two plots of the gradients panel: the heat strip, and the curves below it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

import pyqtgraph as pg  # isort: skip

from bpgui.engine.network import FloatArray, Network
from bpgui.ui.panels.curve import Curve
from bpgui.ui.panels.plot import CalmPlot
from bpgui.ui.theme import LIGHT, Theme, diverging_lut, mix
from bpgui.views.axes import Limits, Ticks
from bpgui.views.gradient_history import Columns, Layout, colored, separators, strip_labels
from bpgui.views.scale import Scale

ROW_AXIS_WIDTH = 64
MOST_SMOOTH = 12_000  # points above which antialiasing would take too long


class StripPlot(CalmPlot):
    """Rows of parameters over time, from the first at the top; color is sign and size."""

    def __init__(self, layer_text: str, parent=None) -> None:
        super().__init__(parent, label_rows=True, axis_width=ROW_AXIS_WIDTH)
        self.left.setGrid(False)
        self._layer_text = layer_text
        self._network: Network | None = None
        self._layout: Layout | None = None
        self._selected: int | None = None
        self._image = pg.ImageItem(axisOrder="row-major")
        self._borders = Curve(connect="pairs")
        self._frame = Curve(connect="all")
        self.add(self._image, self._borders, self._frame)
        self.view.invertY(True)
        self.view.setMouseEnabled(x=True, y=True)
        self.bottom.setStyle(showValues=False)
        self.bottom.setHeight(4)
        self.left.set_find(self._labels)
        self.view_changed.connect(self._place_lines)

    def clear_rows(self) -> None:
        self._network = self._layout = self._selected = None
        self._image.clear()
        self._place_lines()

    def set_layout(self, network: Network, layout: Layout) -> None:
        self._network, self._layout = network, layout
        self.left.set_find(self._labels)
        self._place_lines()

    def set_columns(self, columns: Columns, scale: Scale) -> None:
        pixels = colored(columns.rows.T, scale)
        self._image.setImage(pixels, levels=(0, 255), autoLevels=False)
        begin = float(columns.begin[0])
        self._image.setRect(QRectF(begin, 0.0, columns.end - begin, float(len(pixels))))

    def set_selected(self, row: int | None) -> None:
        if row != self._selected:
            self._selected = row
            self._place_lines()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.left.setTickPen(pg.mkPen(None))
        self._image.setLookupTable(diverging_lut(theme))
        self._borders.setPen(pg.mkPen(mix(theme.border, theme.base, 0.35)))
        self._frame.setPen(pg.mkPen(theme.accent, width=1))

    def _labels(self, limits: Limits, height: int) -> Ticks:
        if self._network is None or self._layout is None:
            return Ticks(np.empty(0), [])
        return strip_labels(self._network, self._layout, limits, height, self._layer_text)

    def _place_lines(self) -> None:
        left, right = self.shown[0]
        if self._layout is None:
            self._borders.clear_points()
            self._frame.clear_points()
            return
        at = np.repeat(separators(self._layout), 2)
        self._borders.set_points(np.tile([left, right], len(at) // 2), at)
        if self._selected is None:
            self._frame.clear_points()
            return
        pixel = 0.5 * (self.shown[1].high - self.shown[1].low) / self.pixels[1]
        top, bottom = self._selected - pixel, self._selected + 1 + pixel
        around = np.array([[left, right, right, left, left], [top, top, bottom, bottom, top]])
        self._frame.set_points(*around)


BAND_OPACITIES = (0.18, 0.4)  # of all of a layer's gradients, and of their middle half


class LayerCurves:
    """One curve item and two bands per layer, and one curve for what is selected, made once for the
    run and reused."""

    def __init__(self, plot: CalmPlot) -> None:
        self._plot = plot
        self._layers: list[Curve] = []
        self._bands: list[list[QGraphicsPathItem]] = []
        self._used = 0
        self._colors: list[str] = []
        self._base = LIGHT.base
        self._faintness = 0.0  # translucent pens would take ten times as long
        self.selected = Curve(connect="finite")
        self.selected.setSegmentedLineMode("on")  # wide lines joined at corners would be slow
        self.selected.setZValue(10)
        plot.add(self.selected)

    def prepare(self, number: int) -> None:
        while len(self._layers) < number:
            item = Curve(connect="finite")
            item.setSegmentedLineMode("off")
            self._plot.add(item)
            self._layers.append(item)
            self._bands.append([QGraphicsPathItem() for _ in BAND_OPACITIES])
            self._plot.add(*self._bands[-1])
        self._used = number
        self.clear()

    def clear(self) -> None:
        for item in (*self._layers, self.selected):
            item.clear_points()
        self.set_bands([])

    def set_bands(self, polygons: list[list[tuple[FloatArray, FloatArray]]]) -> None:
        """Two closed outlines, x and y, for each layer; none for []."""
        for layer, items in enumerate(self._bands):
            for place, item in enumerate(items):
                shown = polygons[layer][place] if layer < len(polygons) else None
                item.setPath(QPainterPath() if shown is None else pg.arrayToQPath(*shown))

    def set_curves(
        self, curves: list[tuple[FloatArray, FloatArray]], faintness: float = 0.0
    ) -> None:
        """One pair of x and y for each layer; at faintness 1 they would not be seen."""
        if faintness != self._faintness:
            self._faintness = faintness
            self._set_pens()
        few = sum(len(x) for x, _ in curves) <= MOST_SMOOTH
        for item in self._layers:
            item.opts["antialias"] = few
        for item, (x, y) in zip(self._layers, curves, strict=False):
            item.set_points(x, y)

    def set_theme(self, theme: Theme) -> None:
        self.selected.setPen(pg.mkPen(theme.accent, width=2))
        self._base = theme.base
        self._colors = layer_colors(theme, self._used)
        self._set_pens()

    def _set_pens(self) -> None:
        for item, color in zip(self._layers, self._colors, strict=False):
            item.setPen(pg.mkPen(mix(color, self._base, self._faintness)))
        for bands, color in zip(self._bands, self._colors, strict=False):
            for band, opacity in zip(bands, BAND_OPACITIES, strict=True):
                band.setPen(pg.mkPen(None))
                band.setBrush(pg.mkBrush(color))
                band.setOpacity(opacity)


def layer_colors(theme: Theme, number: int) -> list[str]:
    """One hue that is none of the others', from pale for the first layer to strong for the last."""
    pale, strong = ("#9a80cc", "#41217c") if theme.name == "light" else ("#8a74bd", "#e4daff")
    return [mix(pale, strong, i / max(number - 1, 1)) for i in range(number)]
