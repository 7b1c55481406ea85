"""File > Export and the menus of plots, in the real window, with real files."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from bpgui.engine.evaluation import predict
from bpgui.experiment import presets
from bpgui.experiment.building import build_problem
from bpgui.ui.theme import LIGHT
from bpgui.views.output_surface import COARSEST


def test_the_run_becomes_scripts_tables_and_a_preset(window, tmp_path, train, choose, rows):
    train(window, 40)
    snapshot = window.session.snapshot

    told = choose(window, "As a NumPy script…", tmp_path / "a.py")
    assert told == f"“a.py” is saved in {tmp_path}."
    assert f"EXPECTED_LOSS = {snapshot.evaluation.loss!r}\n" in (tmp_path / "a.py").read_text()
    choose(window, "As a PyTorch script…", tmp_path / "b.py")
    assert "import torch\n" in (tmp_path / "b.py").read_text()
    choose(window, "The run…", tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz", allow_pickle=False) as data:
        assert np.array_equal(data["parameter"], snapshot.parameters)
    choose(window, "The run…", tmp_path / "run.csv")
    choose(window, "The parameters…", tmp_path / "parameters")
    values = [float(row["value"]) for row in rows(tmp_path / "parameters.csv")]
    assert values == snapshot.parameters.tolist()
    choose(window, "As a preset with trained weights…", tmp_path / "t.bpgui")
    again = presets.load(tmp_path / "t.bpgui")
    assert np.array_equal(build_problem(again).initial, snapshot.parameters)
    assert not window.document.modified


def test_a_value_set_by_hand_is_no_part_of_a_script(window, tmp_path, train, choose):
    window.session.set_parameter(0, 0.5)
    train(window, 3)

    told = choose(window, "As a NumPy script…", tmp_path / "a.py")

    assert told.startswith("A value or a setting was changed by hand at iteration 0")
    assert not (tmp_path / "a.py").exists()


def test_what_is_not_trained_or_cannot_be_written_is_told(window, tmp_path, choose):
    told = choose(window, "As a NumPy script…", tmp_path / "a.py")
    assert told.startswith("Nothing is trained yet")
    told = choose(window, "The run…", tmp_path / "none" / "run.csv")
    assert told.endswith("run.csv: cannot be written: no such file or directory")


def test_all_that_is_asked_for_is_written_also_when_the_window_closes(window, tmp_path, rows):
    paths = [tmp_path / f"{number}.csv" for number in range(4)]
    for path in paths:
        window.exporting.menu.actions()[4].trigger()
        (dialog,) = window.findChildren(QFileDialog, "export file")
        dialog.fileSelected.emit(str(path))
        dialog.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    window.close()

    assert [len(rows(path)) for path in paths] == [33] * 4


def test_plots_are_pictures_on_white_and_the_window_stays_dark(window, tmp_path, train, choose):
    train(window, 40)
    plot = window.docks["loss"].panel.plot

    choose(window, "Loss: picture…", tmp_path / "loss.png")
    image = QImage(str(tmp_path / "loss.png"))
    assert image.width() > 2 * plot.width()
    assert image.pixelColor(2, 2).name() == LIGHT.base
    colors = {
        image.pixel(x, y) & 0xFFFFFF for x in range(image.width()) for y in range(image.height())
    }
    assert int(LIGHT.train[1:], 16) in colors
    assert window.docks["loss"].panel._theme.name == "dark"

    choose(window, "Gradients: picture…", tmp_path / "gradients.svg")
    picture = QSvgRenderer(str(tmp_path / "gradients.svg"))
    assert picture.isValid()
    assert picture.viewBoxF().width() > window.docks["gradients"].panel.strip.width()
    assert "Two moons, iteration 40" in (tmp_path / "gradients.svg").read_text("utf-8")


def test_a_picture_in_lines_is_clipped_and_its_points_are_shapes(qtbot, window, tmp_path, choose):
    window.docks["output"].raise_()
    panel = window.docks["output"].panel
    qtbot.waitUntil(lambda: panel._frame is not None)

    choose(window, "Output: picture…", tmp_path / "output.svg")
    text = (tmp_path / "output.svg").read_text("utf-8")
    assert "<clipPath" in text
    points = window.session.problem.train.inputs
    assert text.count("<path") > len(points)
    assert text.count("<image") <= 3  # the surface, and the bar of its colors


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_the_menu_of_a_plot_saves_its_data(qtbot, window, tmp_path, by, train, choose, rows):
    train(window, 10)
    panel = window.docks["loss"].panel
    plot = panel.plot
    if by == "mouse":
        middle = plot.viewport().rect().center()
        qtbot.mouseMove(plot.viewport(), middle)
        qtbot.mouseClick(plot.viewport(), Qt.MouseButton.RightButton, pos=middle)
    else:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(3, 3), QPoint(3, 3))
        QApplication.sendEvent(plot, event)
    (menu,) = plot.findChildren(QMenu, "plot menu")
    picture, data = menu.actions()
    assert (picture.text(), data.text()) == ("Save &picture…", "Save &data…")
    data.trigger()
    menu.close()

    assert "is saved" in choose(window, None, tmp_path / "loss.csv")
    told = rows(tmp_path / "loss.csv")
    assert [int(row["iteration"]) for row in told] == list(range(11))
    assert float(told[-1]["train_loss"]) == window.session.snapshot.evaluation.loss


def test_the_output_is_a_table_of_points(qtbot, window, tmp_path, choose, rows):
    window.docks["output"].raise_()
    panel = window.docks["output"].panel
    qtbot.waitUntil(lambda: panel._frame is not None)

    choose(window, "Output: data…", tmp_path / "output.csv")
    told = rows(tmp_path / "output.csv")
    assert list(told[0]) == ["x1", "x2", "y1"]
    found = np.array([[float(row[name]) for name in ("x1", "x2", "y1")] for row in told])
    assert len(found) >= COARSEST
    run = window.session
    exact = predict(run.problem, run.snapshot.parameters, found[:, :2])
    np.testing.assert_allclose(found[:, 2:], exact, rtol=1e-12)
    choose(window, "Output: picture…", tmp_path / "output.png")
    assert not QImage(str(tmp_path / "output.png")).isNull()
