"""Pictures and numbers of Network, of Digits and of the plots that show why backpropagation."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from bpgui.engine.evaluation import predict
from bpgui.ui.panels.graph_drawing import backward_color
from bpgui.ui.settling import picture_at_rest
from bpgui.ui.theme import LIGHT
from bpgui.views.unit_values import unit_values


@pytest.fixture
def panel_of():
    """The panel of a dock, brought to the front, once all that it waits for is there."""

    def panel_of(window, name):
        dock = window.docks[name]
        dock.show()
        dock.raise_()
        assert picture_at_rest(window)[1]
        return dock.panel

    return panel_of


def drawn(path) -> QImage:
    """The SVG in pixels, two for each of its own."""
    renderer = QSvgRenderer(str(path))
    assert renderer.isValid()
    size = renderer.viewBox().size() * 2
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def colors(image: QImage) -> set[int]:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    return set(np.unique(pixels & 0xFFFFFF).tolist())


def number(color: str) -> int:
    return int(color[1:], 16)


# --- why -----------------------------------------------------------------------------------------


def test_growth_is_a_picture_and_a_table_of_whole_numbers(
    window_of, panel_of, tmp_path, choose, rows
):
    window = window_of("two-inputs-fixed-biases")
    panel = panel_of(window, "why")
    assert choose(
        window, "Multiplications by layers: data…", tmp_path / "layers.csv"
    ) == f"“layers.csv” is saved in {tmp_path}."  # fmt: skip
    told = rows(tmp_path / "layers.csv")
    assert [float(row["layers"]) for row in told] == [1, 2, 3, 4, 5, 6, 2]
    assert [row["network"] for row in told] == ["compared"] * 6 + ["present"]
    assert told[-1] | {"network": ""} == told[1] | {"network": ""}
    ways = ("chain", "differences", "backpropagation")
    assert [told[1][f"{way}_multiplications"] for way in ways] == ["48", "136", "24"]

    choose(window, "Multiplications by units: picture…", tmp_path / "units.svg")
    text = (tmp_path / "units.svg").read_text("utf-8")
    assert "<image" not in text
    assert "Backpropagation" in text
    assert panel.plots()[1].detail() == panel.note.text()
    assert "vector-effect" not in text  # which office programs do not know
    assert number(LIGHT.accent) in colors(drawn(tmp_path / "units.svg"))
    choose(window, "Multiplications by units: picture…", tmp_path / "units.png")
    image = QImage(str(tmp_path / "units.png"))
    assert image.pixelColor(2, 2).name() == LIGHT.base
    assert number(LIGHT.accent) in colors(image)
    assert image.width() > 2 * panel.breadth_plot.plot.width()


# --- network -------------------------------------------------------------------------------------


def test_the_network_is_a_table_of_units_and_parameters(
    window, panel_of, tmp_path, train, choose, rows
):
    train(window, 30)
    window.selection.select_sample(4)
    panel = panel_of(window, "network")
    choose(window, "Network: data…", tmp_path / "network.csv")

    told, problem, snapshot = (
        rows(tmp_path / "network.csv"),
        window.session.problem,
        window.session.snapshot,
    )
    network = problem.network
    units = [row for row in told if row["kind"] == "unit"]
    exact = unit_values(problem, snapshot.parameters, 4, backward=True)
    found = [float(row["activation"]) for row in units]
    assert found == np.concatenate(exact.activations).tolist()
    deltas = [float(row["delta"]) for row in units if row["layer"] != "0"]
    assert deltas == np.concatenate(exact.deltas[1:]).tolist()
    assert {row["sample"] for row in units} == {"5"}
    assert float(units[-1]["target"]) == problem.train.targets[4, 0]
    places = [[float(row["x_pixels"]), float(row["y_pixels"])] for row in units]
    assert places == panel.canvas.picture.centers.tolist()

    parameters = told[len(units) :]
    assert [row["name"] for row in parameters] == [
        network.parameter(index).name for index in range(network.size)
    ]
    assert [float(row["value"]) for row in parameters] == snapshot.parameters.tolist()
    assert [float(row["gradient"]) for row in parameters] == snapshot.gradient.tolist()
    assert [float(row["update"]) for row in parameters] == snapshot.update.tolist()
    ends = {row["name"]: (row["kind"], row["from"], row["to"]) for row in parameters}
    assert ends["w(2)[1,3]"] == ("weight", "h1[3]", "y1")
    assert ends["b(1)[2]"] == ("bias", "", "h1[2]")


def test_the_network_is_drawn_in_lines(window, panel_of, tmp_path, train, choose):
    train(window, 30)
    panel = panel_of(window, "network")
    choose(window, "Network: picture…", tmp_path / "network.svg")
    text = (tmp_path / "network.svg").read_text("utf-8")
    edges = len(panel.canvas.picture.parameters)
    assert text.count("<polyline") + text.count("<path") >= edges
    assert text.count("<image") <= len(panel.canvas.picture.units) + 1  # maps, and the color bar
    assert "<clipPath" not in text  # it would lie elsewhere
    assert "Edges: weights. Units: activations for training sample 1." in text
    assert drawn(tmp_path / "network.svg").pixelColor(2, 2).name() == LIGHT.base
    choose(window, "Network: picture…", tmp_path / "network.png")
    image = QImage(str(tmp_path / "network.png"))
    assert image.width() > 2 * panel.canvas.width()
    assert image.pixelColor(2, 2).name() == LIGHT.base
    assert panel.canvas._theme.name == "dark"


def menu_of(widget, place=None) -> QMenu:
    place = place or widget.rect().center()
    there = widget.mapToGlobal(place)
    QApplication.sendEvent(
        widget, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, there)
    )
    (menu,) = (menu for menu in widget.findChildren(QMenu) if menu.isVisible())
    return menu


def texts_of(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def test_the_menu_of_the_network_saves_too(window, panel_of, tmp_path, choose, rows):
    panel = panel_of(window, "network")
    menu = menu_of(panel.canvas)
    assert texts_of(menu) == ["Save &picture…", "Save &data…"]
    menu.close()

    window.selection.select(3)
    menu = menu_of(panel.canvas)
    assert texts_of(menu)[-3:] == ["Copy its numbers", "Save &picture…", "Save &data…"]
    menu.actions()[-1].trigger()
    menu.close()
    choose(window, None, tmp_path / "network.csv")
    assert rows(tmp_path / "network.csv")[0]["name"] == "x1"

    panel.canvas.setFocus()
    choose(window, "Network: picture…", tmp_path / "focus.png")
    assert number(LIGHT.accent) not in edge_colors(tmp_path / "focus.png")
    text = panel.plots()[0].detail()
    assert text.splitlines()[1].startswith(window.session.problem.network.parameter(3).name)


def edge_colors(path) -> set[int]:
    """Of the rim of the plot, where the mark of the focus would be."""
    image = QImage(str(path))
    return colors(image.copy(image.width() - 24, 0, 24, image.height()))


# --- digits --------------------------------------------------------------------------------------


def test_the_digits_are_tables_of_what_is_shown(window_of, panel_of, tmp_path, train, choose, rows):
    window = window_of("digits-hidden")
    train(window, 50)
    panel = panel_of(window, "digits")
    window.selection.select_sample(7)
    problem, snapshot = window.session.problem, window.session.snapshot
    for title in ("Input picture", "Outputs", "Weight pictures"):
        choose(window, f"{title}: data…", tmp_path / f"{title}.csv")

    pixels = rows(tmp_path / "Input picture.csv")
    places = [(int(row["row"]), int(row["column"])) for row in pixels]
    assert places == [(row, column) for row in range(1, 9) for column in range(1, 9)]
    assert [float(row["value"]) for row in pixels] == problem.train.data_inputs[7].tolist()

    outputs = rows(tmp_path / "Outputs.csv")
    exact = predict(problem, snapshot.parameters, problem.train.inputs[7:8])[0]
    assert [float(row["output"]) for row in outputs] == exact.tolist()
    assert [float(row["target"]) for row in outputs] == problem.train.targets[7].tolist()
    assert [float(row["difference"]) for row in outputs] == (
        exact - problem.train.targets[7]
    ).tolist()
    assert [row["class"] for row in outputs] == [str(digit) for digit in range(10)]
    assert outputs[3]["unit"] == "y4"

    weights = rows(tmp_path / "Weight pictures.csv")
    first = problem.network.weights(snapshot.parameters)[0]
    assert [float(row["weight"]) for row in weights] == first.ravel().tolist()
    at = {name: int(weights[64 + 10][name]) for name in ("layer", "unit", "input", "row", "column")}
    assert at == {"layer": 1, "unit": 2, "input": 11, "row": 2, "column": 3}

    panel.controls.by_hand.click()
    choose(window, "Outputs: data…", tmp_path / "drawn.csv")
    assert {row["target"] for row in rows(tmp_path / "drawn.csv")} == {""}


def test_the_digits_are_drawn_in_areas(window_of, panel_of, tmp_path, train, choose):
    window = window_of("digits-hidden")
    train(window, 50)
    panel_of(window, "digits")
    for title in ("Input picture", "Outputs", "Weight pictures"):
        choose(window, f"{title}: picture…", tmp_path / "a.svg")
        text = (tmp_path / "a.svg").read_text("utf-8")
        assert "<image" not in text
        assert "<clipPath" not in text
        ground = drawn(tmp_path / "a.svg")
        assert ground.pixelColor(2, ground.height() // 2).name() == LIGHT.base
        choose(window, f"{title}: picture…", tmp_path / "a.png")
        image = QImage(str(tmp_path / "a.png"))
        assert image.size() == ground.size()
        corner = image.pixelColor(image.width() - 20, image.height() - 20)
        assert corner.name() == LIGHT.base


def test_all_weights_are_drawn_also_those_out_of_sight(window_of, panel_of, tmp_path, choose):
    window = window_of("digits-hidden")
    panel = panel_of(window, "digits")
    tiles = panel.weights.grid.tiles
    assert tiles.visibleRegion().boundingRect().height() < tiles.minimumHeight()
    choose(window, "Weight pictures: picture…", tmp_path / "weights.svg")
    told = re.findall(
        r"<text[^>]*>\s*(\d+)\s*</text>", (tmp_path / "weights.svg").read_text("utf-8")
    )
    assert told == [str(unit) for unit in range(1, 31)]


def test_each_part_of_digits_has_a_menu(window_of, panel_of):
    window = window_of("digits-hidden")
    panel = panel_of(window, "digits")
    for widget in (panel.picture, panel.outputs.bars, panel.weights.grid.tiles):
        menu = menu_of(widget, QPoint(4, 4))
        assert texts_of(menu) == ["Save &picture…", "Save &data…"]
        menu.close()


def test_what_cannot_be_seen_is_not_offered(window, panel_of):
    panel_of(window, "digits")  # of an experiment without pictures
    window.exporting.menu.aboutToShow.emit()
    texts = " ".join(action.text() for action in window.exporting.menu.actions())
    assert "Loss: data…" in texts
    assert "Input picture" not in texts


# --- what belongs to a plot ----------------------------------------------------------------------


def test_gradient_curves_are_drawn_without_a_word_about_picking(
    window, panel_of, tmp_path, train, choose
):
    train(window, 3)
    panel, path = panel_of(window, "gradients"), tmp_path / "curves.svg"

    choose(window, "Gradient curves: picture…", path)
    assert "Click a row" in panel.readout.text
    assert "Click a row" not in path.read_text("utf-8")
    window.selection.select(3)
    choose(window, "Gradient curves: picture…", path)
    assert f">{window.session.snapshot.gradient[3]}</text>" in path.read_text("utf-8")
    window.selection.select(None)
    panel.view_choice.setCurrentIndex(1)
    choose(window, "Gradient curves: picture…", path)
    assert "layer 1" in path.read_text("utf-8")


def test_outputs_are_drawn_without_the_numbers_of_one_sample(
    window, panel_of, tmp_path, train, choose
):
    train(window, 3)
    panel, path = panel_of(window, "output"), tmp_path / "output.svg"
    texts = {}
    for number, title in enumerate(("Output", "Confusion matrix")):
        panel.controls.view_buttons.button(number).click()
        assert picture_at_rest(window)[1]
        assert "training sample 1" in panel.readout.text
        choose(window, f"{title}: picture…", path)
        texts[title] = path.read_text("utf-8")

    for text in texts.values():
        assert "After 3 iterations" in text
        assert "training sample" not in text
        assert str(window.session.problem.train.inputs[0, 0]) not in text
    right = panel._frame.right
    assert f"{right:,} of {panel._frame.total:,} right" in texts["Confusion matrix"]


# --- graph ---------------------------------------------------------------------------------------


@pytest.fixture
def graph(window, panel_of):
    """The panel with an expression whose numbers are known, zoomed in so that not all is seen."""
    panel = panel_of(window, "graph")
    panel.inputs.editor.setPlainText("q = 0.1*x\nq*max(y, z)")
    for name, value in (("x", "3"), ("y", "-2"), ("z", "7")):
        field = panel.inputs.fields[name]
        field.setText(value)
        field.textEdited.emit(value)
    panel.view.zoom_by(3.0)
    return panel


def test_a_graph_is_a_table_with_local_derivatives(window, graph, tmp_path, choose, rows):
    path = tmp_path / "graph.csv"
    assert choose(window, "Computation graph: data…", path)
    told = {row["expression"]: row for row in rows(path)}
    assert list(told) == ["x", "0.1*x", "y", "z", "max(y, z)", "q*max(y, z)"]
    taken = [f"{part}_{k}" for k in (1, 2) for part in ("operand", "derivative")]
    product, largest = told["q*max(y, z)"], told["max(y, z)"]
    assert [product[name] for name in taken] == ["q", "7.0", largest["node"], repr(0.1 * 3)]
    assert [largest[name] for name in taken] == ["y", "0.0", "z", "1.0"]
    assert [told["x"][name] for name in taken] == ["", "", "", ""]
    assert [told["0.1*x"][name] for name in taken] == ["0.1", "3.0", "x", "0.1"]
    assert (product["operation"], product["value"]) == ("*", repr(0.1 * 3 * 7))
    assert (told["x"]["value"], told["x"]["gradient"]) == ("3.0", repr(7 * 0.1))


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_a_graph_is_a_picture_of_all_of_it_under_its_expression(
    window, graph, tmp_path, choose, suffix
):
    path, whole = tmp_path / f"graph.{suffix}", graph.view.whole()
    assert not graph.view.viewport().rect().contains(whole)
    assert choose(window, "Computation graph: picture…", path)
    picture = drawn(path) if suffix == "svg" else QImage(str(path))
    assert picture.width() >= 2 * whole.width()
    assert picture.height() >= 2 * whole.height()
    first = picture.copy(0, 0, 250, picture.height())
    last = picture.copy(picture.width() - 250, 0, 250, picture.height())
    assert number(LIGHT.text) in colors(first)  # of the inputs
    assert number(backward_color(LIGHT)) in colors(last)  # of the result's gradient
    assert graph.scene.theme.name == "dark"


def test_the_menu_of_a_graph_names_its_files_by_the_graph(window, graph):
    place, view = QPoint(5, 5), graph.view
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.mapToGlobal(place))
    QApplication.sendEvent(view.viewport(), event)
    (menu,) = view.findChildren(QMenu, "plot menu")
    assert texts_of(menu) == ["Save &picture…", "Save &data…"]
    menu.actions()[1].trigger()
    menu.close()
    (dialog,) = window.findChildren(QFileDialog, "export file")
    assert [path.rpartition("/")[2] for path in dialog.selectedFiles()] == ["graph.csv"]
    dialog.close()
