"""A curve that costs nothing as long as it stays the same."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF

import pyqtgraph as pg  # isort: skip  (after PySide6, which it looks for)

from bpgui.engine.network import FloatArray

NOTHING: FloatArray = np.empty(0)


class Curve(pg.PlotCurveItem):
    """A curve that is drawn anew only where its points change."""

    def set_points(self, x: FloatArray, y: FloatArray) -> None:
        if not (_same(x, self.xData) and _same(y, self.yData)):
            self.setData(x, y)
            self.setVisible(len(x) > 0)  # Qt asks what is visible for its bounds with each paint

    def clear_points(self) -> None:
        self.set_points(NOTHING, NOTHING)

    def boundingRect(self) -> QRectF:
        """All that can be seen: pyqtgraph would look through the points for their bounds."""
        view = self.getViewBox()
        return view.viewRect() if isinstance(view, pg.ViewBox) else QRectF()


def _same(new: FloatArray, old: FloatArray | None) -> bool:
    return old is not None and np.array_equal(new, old, equal_nan=True)
