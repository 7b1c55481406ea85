"""The gradients panel, with snapshots of real runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from bpgui.engine.network import Layer, Network
from bpgui.training.history import bin_edges, fold, layer_norms
from bpgui.training.snapshot import GradientRows
from bpgui.ui.panels.gradients_panel import GradientsPanel
from bpgui.ui.theme import DARK, LIGHT, diverging_lut
from bpgui.views.scale import straight


@pytest.fixture
def panel(show, selection):
    return show(GradientsPanel(selection), 400, 420)


def click(qtbot, plot, x, y):
    place = plot.mapFromScene(plot.view.mapViewToScene(QPointF(x, y)))
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)


def labels(plot):
    return plot.left.find(plot.shown[1], plot.pixels[1]).texts


def test_it_says_what_to_do_until_there_is_something_to_see(panel, mazur):
    assert "Open an experiment" in panel.strip._message.text()
    mazur.show_on(panel, 0)
    assert "Press Space" in panel.strip._message.text()
    assert panel.readout.text == ""
    panel.render_snapshot(mazur.to(1))
    assert not panel.strip._message.isVisible()


def test_each_parameter_has_a_row_from_the_top(panel, mazur):
    snapshot = mazur.show_on(panel, 100)
    pixels = panel.strip._image.image
    assert pixels.shape == (12, 100)
    rows = snapshot.gradients.rows
    np.testing.assert_array_equal(pixels > 128, rows.T > 0)
    assert labels(panel.strip)[0] == "w(1)[1,1]"
    assert panel.strip.shown == ((0, 100), (0, 12))
    assert panel.strip.view.yInverted()
    np.testing.assert_array_equal(panel.strip._borders.yData, [6, 6])


def test_the_strip_and_the_curves_share_their_time(panel, mazur):
    mazur.show_on(panel, 1000)
    assert panel.curve_plot.shown[0] == panel.strip.shown[0] == (0, 1000)
    left = [plot.mapFromScene(plot.view.sceneBoundingRect().topLeft()).x() for plot in plots(panel)]
    right = [
        plot.mapFromScene(plot.view.sceneBoundingRect().topRight()).x() for plot in plots(panel)
    ]
    assert left[0] == left[1]
    assert right[0] == right[1]


def test_what_has_not_changed_is_not_drawn_anew(panel, mazur, selection, qtbot):
    """Later in a run a row comes with every hundredth iteration only."""
    snapshot = mazur.show_on(panel, 1000)
    selection.select(3)
    image = panel.strip._image.image
    curve = panel.curves.drawn._layers[0]
    later = replace(snapshot, iteration=1001, gradient=snapshot.gradient + 0.5)
    with qtbot.assertNotEmitted(curve.sigPlotChanged):
        panel.render_snapshot(later)
    assert panel.strip._image.image is image
    assert panel.curve_plot.shown[0] == panel.strip.shown[0] == (0, 1500)
    assert panel.readout.text.endswith(str(later.gradient[3]))
    logarithmic = curve.yData
    panel.scale_choice.setCurrentIndex(1)
    assert np.nanmax(np.abs(curve.yData)) < np.nanmax(np.abs(logarithmic)) <= 1.0
    assert panel.curve_plot.left.find.__self__ == straight(panel._picture.scale)


def plots(panel):
    return panel.strip, panel.curve_plot


def test_a_click_in_the_strip_picks_a_parameter_for_all(panel, mazur, selection, qtbot):
    snapshot = mazur.show_on(panel, 100)
    assert "Click a row" in panel.readout.text
    with qtbot.waitSignal(selection.changed):
        click(qtbot, panel.strip, 50.0, 7.5)
    assert selection.parameter == 7
    assert panel.readout.text == f"w(2)[1,2] {snapshot.gradient[7]}"
    np.testing.assert_array_equal(panel.curves.drawn.selected.xData, snapshot.gradients.iteration)
    frame = panel.strip._frame.yData
    assert (frame.min(), frame.max()) == (pytest.approx(7, abs=0.1), pytest.approx(8, abs=0.1))


def test_a_click_near_a_curve_picks_it_and_one_elsewhere_does_not(panel, mazur, selection, qtbot):
    snapshot = mazur.show_on(panel, 100)
    scale = panel._picture.scale
    height = float(scale.place(snapshot.gradients.rows[60:61, 8])[0])
    click(qtbot, panel.curve_plot, 60.0, height)
    assert selection.parameter == 8
    click(qtbot, panel.curve_plot, 60.0, 0.0)
    assert selection.parameter == 8


def test_the_arrow_keys_walk_through_the_parameters(panel, mazur, selection, qtbot):
    mazur.show_on(panel, 10)
    qtbot.keyClick(panel.strip, Qt.Key.Key_Down)
    assert selection.parameter == 0
    qtbot.keyClick(panel.strip, Qt.Key.Key_Up)
    assert selection.parameter == 0
    for _ in range(20):
        qtbot.keyClick(panel.curve_plot, Qt.Key.Key_Down)
    assert selection.parameter == 11
    qtbot.keyClick(panel.strip, Qt.Key.Key_Escape)
    assert selection.parameter is None
    assert len(panel.curves.drawn.selected.xData) == 0


def test_curves_are_one_per_layer_on_a_scale_that_can_be_linear(panel, mazur):
    snapshot = mazur.show_on(panel, 50)
    panel.scale_choice.setCurrentIndex(1)
    limit = panel._picture.scale.limit
    y = panel.curves.drawn._layers[1].yData.reshape(6, 51)
    np.testing.assert_allclose(y[:, :50] * limit, snapshot.gradients.rows[:, 6:].T, rtol=1e-13)
    assert np.isnan(y[:, 50]).all()
    assert panel.curve_plot.left.find(panel.curve_plot.shown[1], 3).texts == ["−0.2", "0.0", "0.2"]


def test_norms_per_layer(panel, mazur):
    snapshot = mazur.show_on(panel, 50)
    panel.view_choice.setCurrentIndex(1)
    norm = np.linalg.norm(snapshot.gradients.rows[:, :6], axis=1)
    np.testing.assert_allclose(panel.curves.drawn._layers[0].yData, np.log10(norm), rtol=1e-12)
    assert panel.readout.text.startswith(f"layer 1 {norm[-1]:.4g}\tlayer 2 ")
    panel.scale_choice.setCurrentIndex(1)
    np.testing.assert_allclose(panel.curves.drawn._layers[0].yData, norm, rtol=1e-12)
    assert panel.curve_plot.shown[1].low == 0.0


def test_large_networks_tell_how_many_parameters_a_row_stands_for(panel, trainer, selection, qtbot):
    run = trainer("digits-hidden")
    snapshot = run.show_on(panel, 6)
    found = panel._picture.layout
    assert len(found) < run.problem.network.size
    assert str(found.widest) in panel.note.text()
    assert labels(panel.strip) == ["layer 1", "layer 2"]
    click(qtbot, panel.strip, 3.0, 5.5)
    row = found.row_of(selection.parameter)
    assert abs(row - 5) <= 1  # a row is hardly a pixel high
    first, after = found.edges[row : row + 2]
    assert selection.parameter == first + np.abs(snapshot.gradient[first:after]).argmax()


def band(panel, layer, place):
    """The lowest and the highest point of a band."""
    bounds = panel.curves.drawn._bands[layer][place].path().boundingRect()
    return bounds.top(), bounds.bottom()


def test_large_networks_have_bands_in_place_of_curves(panel, trainer, mazur, selection):
    run = trainer("digits-hidden")
    snapshot = run.show_on(panel, 6)
    split = run.problem.network.offsets[1]
    panel.scale_choice.setCurrentIndex(1)
    limit = panel._picture.scale.limit
    for layer, part in enumerate(np.split(snapshot.gradients.rows, [split], axis=1)):
        ends = np.array([part.min(), part.max()]) / limit
        np.testing.assert_allclose(band(panel, layer, 0), ends, rtol=1e-12)
        assert ends[0] <= band(panel, layer, 1)[0] < band(panel, layer, 1)[1] <= ends[1]
        assert len(panel.curves.drawn._layers[layer].xData) == 0
    assert "Bands: all of a layer" in panel.note.text()
    assert "picked" not in panel.note.text()
    selection.select(split)
    assert "Line: the picked row." in panel.note.text()
    assert len(panel.curves.drawn.selected.xData) == 6
    panel.view_choice.setCurrentIndex(1)
    assert panel.curves.drawn._bands[0][0].path().isEmpty()
    assert "Bands" not in panel.note.text()
    np.testing.assert_allclose(
        panel.curves.drawn._layers[0].yData,
        np.linalg.norm(snapshot.gradients.rows[:, :split], axis=1),
        rtol=1e-12,
    )
    mazur.show_on(panel, 6)
    assert panel.curves.drawn._bands[0][0].path().isEmpty()
    assert panel.note.text() == ""


def test_rows_of_joined_parameters_are_told(panel, mazur):
    network = Network((Layer(200, 99, "tanh"), Layer(99, 2, "tanh")))
    size = network.size
    rows = np.random.default_rng(0).normal(size=(4, size))
    record = GradientRows(
        np.arange(4), fold(rows, bin_edges(size)), layer_norms(network, rows), bin_edges(size)
    )
    problem = replace(mazur.problem, network=network, initial=rows[0])
    panel.set_problem(problem)
    panel.render_snapshot(replace(mazur.to(4), parameters=rows[0], gradients=record))
    assert "Bands: the largest of each 3, and their middle half." in panel.note.text()
    points = sum(len(item.xData) for item in panel.curves.drawn._layers)
    assert points <= 2 * 12_000


def test_another_height_has_other_rows(panel, trainer):
    trainer("digits-hidden").show_on(panel, 6)
    few = len(panel._picture.layout)
    panel.resize(400, 900)
    panel.grab()
    assert len(panel._picture.layout) > few


def test_a_zoom_of_one_plot_holds_both_until_all_is_asked_for(panel, mazur, qtbot):
    mazur.show_on(panel, 100)
    panel.strip.view.scaleBy((0.5, 1.0))
    panel.strip.view.sigRangeChangedManually.emit([True, True])
    panel.render_snapshot(mazur.to(1000))
    assert panel.curve_plot.shown[0].high < 100
    qtbot.mouseClick(panel.curve_plot.all_button, Qt.MouseButton.LeftButton)
    assert panel.strip.shown[0] == panel.curve_plot.shown[0] == (0, 1000)
    assert not panel.strip.zoomed


def test_a_new_run_forgets_the_old_one(panel, mazur, trainer):
    mazur.show_on(panel, 100)
    panel.view_choice.setCurrentIndex(1)
    trainer("xor-numpy").show_on(panel, 0)
    assert panel.strip._image.image is None
    assert "Press Space" in panel.strip._message.text()
    panel.render_snapshot(trainer("xor-numpy").to(3))
    assert panel.strip._image.image.shape == (12, 3)


def test_both_themes_reach_image_and_axes(panel, mazur):
    mazur.show_on(panel, 10)
    for theme in (DARK, LIGHT):
        panel.set_theme(theme)
        np.testing.assert_array_equal(panel.strip._image.lut, diverging_lut(theme))
        assert panel.curve_plot.left.textPen().color().name() == theme.muted
        assert panel.curves.drawn.selected.opts["pen"].color().name() == theme.accent


@pytest.mark.parametrize("size", [1e-320, 1e-200, 1e39, 1e300, 1.7e308, np.inf, np.nan])
def test_gradients_of_any_size_can_be_drawn(panel, mazur, selection, size):
    panel.set_problem(mazur.problem)
    selection.select(3)
    snapshot = mazur.to(20)
    rows = snapshot.gradients.rows.copy()
    rows[12:] = size * np.sign(rows[12:])
    norms = layer_norms(mazur.problem.network, rows)
    record = replace(snapshot.gradients, rows=rows, norms=norms)
    panel.render_snapshot(replace(snapshot, gradients=record, gradient=rows[-1]))
    for by_layer in (0, 1):
        for linear in (0, 1):
            panel.view_choice.setCurrentIndex(by_layer)
            panel.scale_choice.setCurrentIndex(linear)
            panel.grab()
            assert np.all(np.isfinite(panel.curve_plot.shown))


def test_a_selection_from_a_larger_network_is_passed_over(panel, mazur, selection, qtbot):
    selection.select(500)
    mazur.show_on(panel, 10)
    assert "Click a row" in panel.readout.text
    assert len(panel.curves.drawn.selected.xData) == 0
    qtbot.keyClick(panel.strip, Qt.Key.Key_Down)
    assert selection.parameter == 0


@pytest.mark.parametrize(("width", "drawn"), [(760, True), (372, True), (288, False)])
def test_the_choices_keep_their_room_and_the_color_bar_gives_way(panel, mazur, qtbot, width, drawn):
    mazur.show_on(panel, 50)
    panel.setMinimumWidth(width)
    panel.resize(width, 420)
    choices = (panel.view_choice, panel.scale_choice)
    qtbot.waitUntil(lambda: panel.color_bar.geometry().right() < width)
    assert all(box.width() >= box.sizeHint().width() for box in choices)
    assert choices[1].geometry().right() < panel.color_bar.x()
    picture = panel.color_bar.grab().toImage()
    ground = picture.pixel(0, picture.height() - 1)
    seen = {picture.pixel(x, 3) for x in range(picture.width())} - {ground}
    assert bool(seen) is drawn
