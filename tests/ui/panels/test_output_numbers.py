"""The numbers of the Output panel by name: of flowers, of many inputs and of many classes."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFontMetricsF

from bpgui.engine.evaluation import predict
from bpgui.engine.problem import Problem
from bpgui.experiment.building import build_problem
from bpgui.experiment.presets import load
from bpgui.ui.panels.number_grid import Group, NumberGrid, elided
from bpgui.ui.panels.output_panel import OutputPanel
from bpgui.ui.panels.readout import Cell
from bpgui.ui.theme import LIGHT
from bpgui.views.numbers import format_number

FLOWERS = Path(__file__).parents[2] / "datasets" / "flowers.csv"
COLUMNS = ["sepal length", "sepal width", "petal length", "petal width"]
SPECIES = ["Iris-setosa", "Iris-versicolor", "Iris-virginica"]


def built(folder: Path, outputs: int, inputs: int, data: dict) -> Problem:
    content = {
        "format": "bpgui/preset",
        "version": 1,
        "network": {"inputs": inputs, "layers": [{"units": outputs, "activation": "softmax"}]},
        "initial_weights": {"scheme": "xavier_uniform"},
        "data": data,
        "loss": {"name": "cross_entropy"},
        "training": {"optimizer": {"name": "adam", "learning_rate": 0.01}},
    }
    path = folder / "preset.json"
    path.write_text(json.dumps(content))
    return build_problem(load(path), folder)


@pytest.fixture
def flowers(tmp_path: Path, run_of):
    shutil.copy(FLOWERS, tmp_path / "flowers.csv")
    table = {"source": "csv", "path": "flowers.csv", "inputs": COLUMNS, "targets": ["species"]}
    return run_of(built(tmp_path, 3, 4, {**table, "decimal": ",", "test_fraction": 0.2}))


@pytest.fixture
def opened(qtbot, show, selection, evaluator):
    """Shows the surface of a run, if there is one, in a panel of so many pixels."""

    def open_(run, width=546, height=420, iteration=30):
        panel = OutputPanel(selection, evaluator)
        panel.set_theme(LIGHT)
        show(panel, width, height)
        snapshot = run.show_on(panel, iteration)
        panel.controls.view_buttons.button(1).click()
        settle(qtbot, panel)
        return panel, snapshot

    return open_


def settle(qtbot, panel) -> None:
    qtbot.waitUntil(lambda: not panel._answers.waiting and panel._frame is not None)


def named(names, values) -> str:
    pairs = zip(names, values, strict=True)
    return "\t".join(f"{name} {format_number(value)}" for name, value in pairs)


def test_all_inputs_and_outputs_are_told_by_name(qtbot, opened, flowers, selection) -> None:
    panel, snapshot = opened(flowers)
    inputs = [f"x{number} {name}" for number, name in enumerate(COLUMNS, 1)]
    outputs = [f"y{number} {name}" for number, name in enumerate(SPECIES, 1)]
    problem, readout = flowers.problem, panel.readout
    high = readout.height()

    panel.plot.hovered.emit(QPointF(9.25, 3.5))
    place = np.array(panel._frame.question.held)
    place[:2] = 9.25, 3.5
    found = predict(problem, snapshot.parameters, place[None])[0]
    assert readout.text.split("\n")[:3] == [
        named(inputs, place),
        named(outputs, found),
        f"class {SPECIES[found.argmax()]}\ttarget –\tloss –",
    ]
    assert "other inputs held at their mean" in readout.text
    assert readout.height() == high

    at = int(np.flatnonzero(problem.train.targets[:, 1])[0])
    panel.plot.clicked.emit(QPointF(*problem.train.inputs[at, :2]))
    picked = selection.sample
    sample, target = problem.train.inputs[picked], problem.train.targets[picked]
    found = predict(problem, snapshot.parameters, sample[None])[0]
    lines = readout.text.split("\n")
    assert lines[:2] == [named(inputs, sample), named(outputs, found)]
    told = lines[2].split("\t")
    assert told[:2] == [
        f"class {SPECIES[found.argmax()]}",
        f"target {SPECIES[target.argmax()]}",
    ]
    assert float(told[2].removeprefix("loss ")) == pytest.approx(-np.log(found[target.argmax()]))
    assert lines[3].startswith(f"training sample {picked + 1} · After 30 iterations")
    assert "petal length" in readout.toolTip()
    assert readout.height() == high


def test_the_height_stays_whatever_is_pointed_at_and_trained(qtbot, opened, flowers) -> None:
    panel, _ = opened(flowers)
    high = panel.readout.height()
    panel.controls.view_buttons.button(0).click()
    settle(qtbot, panel)
    heights = {panel.readout.height()}
    qtbot.keyClick(panel.matrix, Qt.Key.Key_Right)
    assert "taken for Iris-setosa" in panel.readout.text
    heights.add(panel.readout.height())
    panel.set_problem(flowers.problem)
    assert panel.readout.text == ""
    heights.add(panel.readout.height())
    panel.render_snapshot(flowers.to(60))
    settle(qtbot, panel)
    heights.add(panel.readout.height())
    assert heights == {high}


def test_what_is_narrow_has_fewer_columns_and_more_rows(qtbot, opened, flowers) -> None:
    panel, _ = opened(flowers)
    row = panel.readout._row_height()
    assert panel.readout.height() == (2 + 2 + 1 + 1) * row
    panel.resize(316, 520)
    qtbot.waitUntil(lambda: panel.readout.width() < 310)
    assert panel.readout.height() == (4 + 3 + 2 + 1) * row
    panel.resize(1200, 520)
    qtbot.waitUntil(lambda: panel.readout.width() > 1100)
    assert panel.readout.height() == (1 + 1 + 1 + 1) * row
    assert panel.readout.geometry().bottom() < panel.height()


def test_of_many_inputs_those_of_the_axes_are_told(qtbot, opened, trainer) -> None:
    run = trainer("digits-one-layer")
    panel, snapshot = opened(run)
    panel.controls.across.setValue(20)
    panel.controls.up.setValue(5)
    settle(qtbot, panel)
    panel.plot.hovered.emit(QPointF(-0.5, -0.25))
    place = np.array(panel._frame.question.held)
    place[[19, 4]] = -0.5, -0.25
    found = predict(run.problem, snapshot.parameters, place[None])[0]
    told = panel.readout.text.split("\n")
    assert told[0] == "x20 pixel 3,4 -0.5\tx5 pixel 1,5 -0.25"
    assert told[1] == named([f"y{kind + 1} class {kind}" for kind in range(10)], found)
    assert "62 others held at their mean" in told[3]
    assert panel.readout.height() <= 8 * panel.readout._row_height()


def test_of_many_classes_ten_are_told_and_the_winner(qtbot, tmp_path, opened, run_of) -> None:
    classes = 12
    inputs = [[float(kind), 0.0] for kind in range(classes)]
    data = {"source": "inline", "inputs": inputs, "targets": np.eye(classes).tolist()}
    problem = built(tmp_path, classes, 2, data)
    panel, snapshot = opened(run_of(problem))
    panel.controls.view_buttons.button(0).click()
    settle(qtbot, panel)
    around = 40.0 * np.exp(2j * np.pi * np.arange(48) / 48)
    places = np.stack([around.real, around.imag], axis=1)
    found = predict(problem, snapshot.parameters, places)
    for first in (True, False):  # among the ten, and not
        at = int(np.flatnonzero((found.argmax(axis=1) < 10) == first)[0])
        won = int(found[at].argmax())
        panel.plot.hovered.emit(QPointF(*places[at]))
        told = panel.readout.text.split("\n")
        outputs = predict(problem, snapshot.parameters, places[at][None])[0]
        assert told[1] == named([f"y{kind + 1} class {kind}" for kind in range(10)], outputs[:10])
        more = "" if first else f" ({format_number(outputs[won])})"
        assert told[2].split("\t")[0] == f"class {won}{more}"
    panel.controls.output.setCurrentIndex(panel.controls.output.findData(11))
    panel.plot.hovered.emit(QPointF(*places[0]))
    names = [cell.split(" ")[0] for cell in panel.readout.text.split("\n")[1].split("\t")]
    assert names == [*(f"y{number}" for number in range(1, 10)), "y12"]


def test_a_class_of_one_output_is_told_beside_its_target(opened, trainer, run_of) -> None:
    problem = replace(trainer("moons").problem, classes=("ebb", "flow"))
    panel, _ = opened(run_of(problem))
    panel.controls.view_buttons.button(0).click()
    panel.plot.hovered.emit(QPointF(*problem.train.inputs[0]))
    target = problem.train.targets[0, 0]
    output, told = panel.readout.text.split("\n")[1].split("\t")
    assert output.startswith("y1 flow ")
    assert told == f"target {target:g} ({'flow' if target else 'ebb'})"


def test_the_last_number_has_the_rest_of_its_row(show) -> None:
    grid = NumberGrid()
    grid.set_theme(LIGHT)
    cells = (Cell("class", "a"), Cell("target", "b"), Cell("loss", "0." + 30 * "8"))
    grid.set_form((Group(cells, least=3),), 17)
    show(grid, 300, 100)
    grid.show_groups((Group(cells, least=3),), "")
    row = grid._row_height()
    assert grid.height() == 3 * row
    image = grid.grab(QRect(0, row, 300, row)).toImage()
    ground = image.pixel(0, 0)
    inked = [any(image.pixel(x, y) != ground for y in range(row)) for x in range(300)]
    assert sum(inked[100:150]) > 20
    assert sum(inked[150:200]) > 20


def test_a_number_that_is_cut_keeps_its_exponent(qtbot) -> None:
    grid = NumberGrid()
    qtbot.addWidget(grid)
    metrics = QFontMetricsF(grid.font())
    text = "-1.2345678901234567e-15"
    whole = metrics.horizontalAdvance(text)
    assert elided(text, metrics, whole + 1) == text
    cut = elided(text, metrics, whole / 2)
    assert cut.startswith("-1.23")
    assert cut.endswith("…e-15")
    assert metrics.horizontalAdvance(cut) <= whole / 2
    assert elided("Iris-versicolor", metrics, whole).endswith("color")
