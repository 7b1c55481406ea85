"""What all plots have in common."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from bpgui.ui.panels.curve import Curve
from bpgui.ui.panels.plot import CalmPlot
from bpgui.views.axes import Limits, linear_ticks, log_ticks

X, Y = np.arange(5.0), np.array([1.0, np.nan, 2.0, -3.0, 4.0])


class Paints(QObject):
    """How often a plot was painted."""

    def __init__(self, plot):
        super().__init__(plot)
        self.count = 0
        plot.viewport().installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture
def plot(show):
    return show(CalmPlot(), 300, 200)


def test_a_curve_is_drawn_only_where_its_points_change(plot, qtbot):
    curve = Curve(connect="finite")
    plot.add(curve)
    with qtbot.waitSignal(curve.sigPlotChanged):
        curve.set_points(X, Y)
    with qtbot.assertNotEmitted(curve.sigPlotChanged):
        curve.set_points(X.copy(), Y.copy())
    with qtbot.waitSignal(curve.sigPlotChanged):
        curve.set_points(X, -Y)
    np.testing.assert_array_equal(curve.yData, -Y)
    with qtbot.waitSignal(curve.sigPlotChanged):
        curve.clear_points()
    assert len(curve.xData) == 0


def test_a_curve_reaches_as_far_as_can_be_seen(plot):
    curve = Curve(connect="finite")
    plot.add(curve)
    curve.set_points(X, Y)
    for x, y in ((Limits(0.0, 4.0), Limits(-3.0, 4.0)), (Limits(2.0, 3.0), Limits(0.0, 100.0))):
        plot.set_limits(x, y)
        bounds = curve.boundingRect()
        assert (bounds.left(), bounds.right()) == pytest.approx(tuple(x))
        assert (bounds.top(), bounds.bottom()) == pytest.approx(tuple(y))


def test_an_axis_keeps_its_ticks_until_they_are_told_otherwise(plot):
    plot.grab()
    picture = plot.left.picture
    assert picture is not None
    plot.left.set_find(linear_ticks)
    plot.left.set_silent(False)
    assert plot.left.picture is picture
    plot.left.set_find(log_ticks)
    assert plot.left.picture is None


def test_other_limits_are_painted_once(plot, show):
    linked = CalmPlot()
    linked.view.setXLink(plot.view)
    show(linked, 300, 200)
    for one in (plot, linked):
        curve = Curve(connect="finite")
        one.add(curve)
        curve.set_points(X, Y)
        one.grab()
    settled()
    paints = [Paints(one) for one in (plot, linked)]
    plot.set_limits(Limits(0.0, 4.0), Limits(-3.0, 4.0))
    settled()
    assert [found.count for found in paints] == [1, 1]


def settled():
    """Nothing that was asked for is still to be done."""
    for _ in range(10):
        QApplication.processEvents()
