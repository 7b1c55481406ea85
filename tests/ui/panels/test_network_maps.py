"""Maps of units in the network picture, from a real thread."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint

from bpgui.ui.panels.network_maps import LARGE, LEAST, SMALLEST, large_map_area, map_images
from bpgui.ui.panels.network_panel import NetworkPanel
from bpgui.ui.theme import DARK, LIGHT
from bpgui.views.network_walk import AtUnit
from bpgui.views.unit_maps import SIDE


@pytest.fixture
def panel(show, selection, evaluator):
    panel = NetworkPanel(selection, evaluator)
    panel.set_theme(LIGHT)
    return show(panel, 760, 480)


def mapped(qtbot, panel, snapshot):
    """The maps once they belong to a snapshot."""
    panel.render_snapshot(snapshot)

    def there():
        maps = panel.canvas._maps
        return maps is not None and maps.question.iteration == snapshot.iteration

    qtbot.waitUntil(there)
    return panel.canvas._maps


def left_and_right(panel, unit):
    """The colors in a unit's disc left and right of its middle."""
    picture = panel.canvas.picture
    x, y = picture.centers[picture.row(unit)]
    image = panel.canvas.grab().toImage()
    apart = 0.6 * picture.radius
    return image.pixelColor(int(x - apart), int(y)), image.pixelColor(int(x + apart), int(y))


def test_units_show_what_they_compute_at_the_snapshot(qtbot, panel, trainer) -> None:
    run = trainer("circle")
    panel.set_problem(run.problem)
    for iteration in (0, 40):
        snapshot = run.to(iteration)
        maps = mapped(qtbot, panel, snapshot)
        assert maps.question.parameters is snapshot.parameters
    assert panel.canvas.picture.radius >= SMALLEST
    low, high = left_and_right(panel, (0, 1))
    assert low.blue() > low.red() + 20
    assert high.red() > high.blue() + 20


def test_the_map_under_the_pointer_is_shown_large(qtbot, panel, trainer) -> None:
    run = trainer("circle")
    panel.set_problem(run.problem)
    mapped(qtbot, panel, run.to(1))
    canvas, picture = panel.canvas, panel.canvas.picture
    area = large_map_area(picture)
    assert area.top() > picture.centers[:2, 1].max() + picture.radius
    assert LEAST <= area.width() == area.height() <= LARGE
    x, y = picture.centers[picture.row((0, 1))]
    qtbot.mouseMove(canvas, QPoint(int(x), int(y)))
    qtbot.waitUntil(lambda: canvas.hovered_unit == (0, 1))
    image = canvas.grab().toImage()
    low, high = (
        image.pixelColor(int(area.left() + share * area.width()), int(area.center().y()))
        for share in (0.1, 0.9)
    )
    assert low.blue() > low.red() + 60
    assert high.red() > high.blue() + 60
    panel.choice.go(AtUnit((0, 2)))
    canvas.leaveEvent(QEvent(QEvent.Type.Leave))
    top = QPoint(int(area.center().x()), int(area.top() + 0.1 * area.height()))
    bottom = QPoint(int(area.center().x()), int(area.bottom() - 0.1 * area.height()))
    image = canvas.grab().toImage()
    assert image.pixelColor(top).red() > image.pixelColor(top).blue() + 60
    assert image.pixelColor(bottom).blue() > image.pixelColor(bottom).red() + 60


def test_a_flat_picture_has_no_room_for_a_large_map(panel, trainer) -> None:
    panel.set_problem(trainer("circle").problem)
    panel.resize(760, 200)
    assert large_map_area(panel.canvas.picture) is None


def test_the_switch_takes_maps_away_and_brings_them_back(qtbot, panel, trainer) -> None:
    run = trainer("circle")
    panel.set_problem(run.problem)
    assert panel.controls.maps.isVisible()
    mapped(qtbot, panel, run.to(3))
    panel.controls.maps.click()
    assert panel.canvas._maps is None
    low, high = left_and_right(panel, (0, 1))
    assert low == high
    panel.controls.maps.click()
    qtbot.waitUntil(lambda: panel.canvas._maps is not None)


def test_maps_follow_a_run(qtbot, panel, trainer) -> None:
    run = trainer("circle")
    panel.set_problem(run.problem)
    mapped(qtbot, panel, run.running(5))
    mapped(qtbot, panel, run.to(6))


def test_a_narrow_panel_leaves_out_what_is_no_control(qtbot, panel, trainer) -> None:
    panel.set_problem(trainer("circle").problem)
    controls = panel.controls
    assert controls.color_bar.isVisible()
    panel.resize(380, 400)
    qtbot.waitUntil(lambda: not controls.color_bar.isVisible())
    assert controls.maps.isVisible()
    assert controls.sample.isVisible()
    panel.resize(760, 480)
    qtbot.waitUntil(lambda: controls.color_bar.isVisible())
    assert controls.sample_label.isVisible()


def test_another_number_of_inputs_has_no_maps(qtbot, panel, trainer) -> None:
    run = trainer("circle")
    panel.set_problem(run.problem)
    mapped(qtbot, panel, run.to(1))
    panel.set_problem(trainer("sine").problem)
    assert panel.canvas._maps is None
    assert not panel.controls.maps.isVisible()


def test_images_have_the_high_end_on_top_and_mark_what_is_not_finite(qtbot, panel, trainer) -> None:
    run = trainer("circle")
    panel.set_problem(run.problem)
    maps = mapped(qtbot, panel, run.to(1))
    for theme in (LIGHT, DARK):
        image = map_images(maps, theme, 1.0)[0, 2]
        assert (image.width(), image.height()) == (SIDE, SIDE)
        top, bottom = image.pixelColor(5, 0), image.pixelColor(5, SIDE - 1)
        assert top.red() > top.blue()
        assert bottom.blue() > bottom.red()
    broken = replace(maps, layers=(*maps.layers[:-1], np.full_like(maps.layers[-1], np.nan)))
    output = map_images(broken, LIGHT, 1.0)[len(maps.layers) - 1, 1]
    assert output.pixelColor(3, 3).name() == LIGHT.error
