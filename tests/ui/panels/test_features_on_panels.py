"""Panels over data of which the network sees features, with snapshots of real runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor, QGuiApplication

from bpgui.engine.evaluation import predict
from bpgui.ui.panels.explain_panel import ExplainPanel
from bpgui.ui.panels.network_panel import NetworkPanel
from bpgui.ui.panels.output_panel import OutputPanel
from bpgui.ui.theme import LIGHT
from bpgui.views.numbers import format_number
from bpgui.views.outer_names import OuterNames


@pytest.fixture
def opened(show, trainer):
    """Shows a panel with a built-in preset after some iterations."""

    def open_(panel, preset: str, iteration: int = 0):
        panel.set_theme(LIGHT)
        show(panel, 760, 480)
        run = trainer(preset)
        return run.problem, run.show_on(panel, iteration)

    return open_


def test_the_output_lies_over_the_inputs_of_the_data(qtbot, selection, evaluator, opened) -> None:
    panel = OutputPanel(selection, evaluator)
    problem, snapshot = opened(panel, "xor-product", 100)
    qtbot.waitUntil(lambda: panel._frame is not None)

    assert panel.controls.view_buttons.button(0).text() == "Surface"
    assert (panel.plot.bottom.labelText, panel.plot.left.labelText) == ("x1", "x2")
    x1, x2 = problem.train.data_inputs[0]
    assert f"x1 {format_number(x1)}" in panel.readout.text
    assert f"x2 {format_number(x2)}" in panel.readout.text

    panel.plot.hovered.emit(QPointF(5.9, -5.5))
    output = predict(problem, snapshot.parameters, np.array([[5.9 * -5.5]]))[0, 0]
    assert f"y1 signs agree {format_number(output)}" in panel.readout.text


def test_features_are_written_beside_their_units(selection, evaluator, opened) -> None:
    panel = NetworkPanel(selection, evaluator)
    problem, _ = opened(panel, "spiral-sines")
    canvas = panel.canvas
    image = canvas.grab().toImage()
    picture = canvas.picture
    for row in range(problem.network.inputs):
        x, y = picture.centers[row].tolist()
        beside = range(2, int(x - picture.radius - 6))
        ground = QColor(LIGHT.base).rgb()
        written = [c for c in beside if image.pixel(QPoint(c, int(y))) != ground]
        assert written, f"nothing stands beside unit {row + 1}"
        assert min(beside) < min(written)

    centers = picture.centers
    canvas.set_network(replace(problem.network, input_names=()), OuterNames())
    assert canvas.picture.centers[0, 0] < centers[0, 0]  # short names leave more room


def test_a_feature_is_explained_by_the_inputs_it_is_made_of(qtbot, selection, opened) -> None:
    panel = ExplainPanel(selection)
    qtbot.addWidget(panel)
    problem, _ = opened(panel, "xor-product")
    panel.copy("text")
    x1, x2 = problem.train.data_inputs[0]
    told = f"x1*x2, with x1 = {format_number(x1)}, x2 = {format_number(x2)}"
    assert told in QGuiApplication.clipboard().text()
    assert panel.list.currentItem().text() == "Input"
