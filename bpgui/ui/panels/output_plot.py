"""The plot of the Output panel: a surface or curves, the samples, and what is pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

import pyqtgraph as pg  # isort: skip

from bpgui.engine.network import FloatArray
from bpgui.ui.panels.output_colors import class_color, image_of, palette, shape
from bpgui.ui.panels.plot import AXIS_WIDTH, CalmPlot, small_font
from bpgui.ui.theme import LIGHT, SPACING, Theme
from bpgui.views.axes import Limits
from bpgui.views.output_contours import Segments
from bpgui.views.output_surface import Colors

POINT = 8
RING = 15


class SurfaceItem(pg.GraphicsObject):
    """An image in the plot's coordinates, its first row at the low end of y."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._area = QRectF()
        self.setZValue(-2000)

    def set_image(self, colors: Colors, x: Limits, y: Limits) -> None:
        area = QRectF(x.low, y.low, x.high - x.low, y.high - y.low)
        if area != self._area:
            self.prepareGeometryChange()
            self._area = area
        self._image = image_of(colors)
        self.update()

    def clear(self) -> None:
        self._image = None
        self.update()

    @property
    def image(self) -> QImage | None:
        return self._image

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._area, self._image)


class Group(NamedTuple):
    """Points of one look: of a class, or of a regression in `shades` (n,) from -1 to 1. What is
    hollow belongs to the test set."""

    places: FloatArray
    kind: int | None
    shades: FloatArray | None
    hollow: bool


class OutputPlot(CalmPlot):
    """Draws what it is handed; what it means is for others to decide."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._groups: tuple[Group, ...] = ()
        self._names = ("", "")
        self.surface = SurfaceItem()
        self.boundary = pg.PlotCurveItem(connect="pairs", antialias=True)
        self.guide = pg.PlotCurveItem(antialias=True)
        self.picked, self.pointed = (
            pg.ScatterPlotItem(size=size, pxMode=True, antialias=True, brush=None)
            for size in (RING, RING + 5)
        )
        self.curves: list[pg.PlotCurveItem] = []
        self.points: list[pg.ScatterPlotItem] = []
        self.add(self.surface, self.boundary, self.guide, self.picked, self.pointed)
        for item, depth in ((self.boundary, 10), (self.picked, 40), (self.pointed, 41)):
            item.setZValue(depth)
        height = int(QFontMetricsF(small_font()).height())
        self.left.setWidth(AXIS_WIDTH + height)
        self.bottom.setHeight(2 * height + SPACING)

    def clear(self) -> None:
        self.surface.clear()
        self.set_boundary(np.empty((0, 2, 2)))
        self.set_guide(None)
        self.set_curves((), ())
        self.set_points(())
        self.mark(None)
        self.point_at(None)

    def set_names(self, across: str, up: str) -> None:
        self._names = (across, up)
        for axis, name in ((self.bottom, across), (self.left, up)):
            axis.setLabel(name, color=self._theme.muted)
            axis.resizeEvent()  # pyqtgraph puts a label of another length into the middle only then

    def set_surface(self, colors: Colors, x: Limits, y: Limits) -> None:
        self.surface.set_image(colors, x, y)

    def set_boundary(self, segments: Segments) -> None:
        points = segments.reshape(-1, 2)
        self.boundary.setData(points[:, 0], points[:, 1])

    def set_guide(self, ends: Segments | None) -> None:
        """A quiet line to compare with, from one end (2,) to the other."""
        ends = np.empty((0, 2)) if ends is None else ends
        self.guide.setData(ends[:, 0], ends[:, 1])

    def set_curves(
        self, lines: Sequence[tuple[FloatArray, FloatArray]], colors: Sequence[int]
    ) -> None:
        """Lines of x and y (n,), each in the color of a class."""
        while len(self.curves) < len(lines):
            curve = pg.PlotCurveItem(connect="finite", antialias=True)
            curve.setZValue(5)
            self.add(curve)
            self.curves.append(curve)
        for i, curve in enumerate(self.curves):
            if i < len(lines):
                curve.setPen(pg.mkPen(class_color(self._theme, colors[i]), width=2))
                curve.setData(*lines[i])
            else:
                curve.clear()

    def set_points(self, groups: Sequence[Group]) -> None:
        self._groups = tuple(groups)
        while len(self.points) < len(groups):
            item = pg.ScatterPlotItem(size=POINT, pxMode=True, antialias=True)
            item.setZValue(20)
            self.add(item)
            self.points.append(item)
        for i, item in enumerate(self.points):
            if i < len(groups):
                self._fill(item, groups[i])
            else:
                item.clear()

    def _fill(self, item: pg.ScatterPlotItem, group: Group) -> None:
        places = np.asarray(group.places, dtype=np.float64)
        x, y = places[:, 0], places[:, 1]
        look = self._class_look(group) if group.shades is None else self._shaded_look(group)
        item.setData(x=x, y=y, **look)

    def _class_look(self, group: Group) -> dict[str, Any]:
        kind, base = group.kind or 0, self._theme.base
        color = class_color(self._theme, kind)
        brush, pen = (base, pg.mkPen(color, width=2)) if group.hollow else (color, pg.mkPen(base))
        return {"symbol": shape(kind), "brush": pg.mkBrush(brush), "pen": pen}

    def _shaded_look(self, group: Group) -> dict[str, Any]:
        """Test points as squares: what is hollow has no room for a shade."""
        assert group.shades is not None
        colors = palette(self._theme).values
        at = np.rint((group.shades + 1.0) * ((len(colors) - 1) / 2.0)).astype(int)
        brushes = [pg.mkBrush(f"#{color & 0xFFFFFF:06x}") for color in colors[at].tolist()]
        pen = pg.mkPen(self._theme.muted)
        return {"symbol": "s" if group.hollow else "o", "brush": brushes, "pen": pen}

    def mark(self, place: FloatArray | None) -> None:
        """A ring around the selected sample."""
        _put(self.picked, place)

    def point_at(self, place: FloatArray | None) -> None:
        """A ring around the sample under the pointer."""
        _put(self.pointed, place)

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels of one unit of each axis."""
        (x, y), (width, height) = self.shown, self.pixels
        return width / (x.high - x.low), height / (y.high - y.low)

    def place_at(self, pixel: QPointF) -> QPointF:
        """The place of a pixel of the viewport, of one outside the nearest that is shown."""
        place = self.view.mapSceneToView(self.mapToScene(pixel.toPoint()))
        x, y = self.shown
        return QPointF(min(max(place.x(), x.low), x.high), min(max(place.y(), y.low), y.high))

    def pixel_of(self, place: QPointF) -> QPoint:
        """The pixel of the viewport at a place."""
        return self.mapFromScene(self.view.mapViewToScene(place))

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._theme = theme
        self.boundary.setPen(pg.mkPen(theme.text, width=1.5))
        self.guide.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DashLine))
        self.picked.setPen(pg.mkPen(theme.text, width=2))
        self.pointed.setPen(pg.mkPen(theme.text, width=1))
        self.set_names(*self._names)
        self.set_points(self._groups)


def _put(item: pg.ScatterPlotItem, place: FloatArray | None) -> None:
    if place is None or not np.isfinite(place).all():
        item.clear()
    else:
        item.setData(x=[place[0]], y=[place[1]], symbol="o")
