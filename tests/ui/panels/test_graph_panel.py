"""The graph workspace: typing, stepping, choosing, and what is said of wrong input."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QTextCursor

from bpgui.experiment.graphs import builtin_graphs
from bpgui.ui.panels.graph_drawing import backward_color, forward_color
from bpgui.ui.panels.graph_panel import DIMMED, GraphPanel
from bpgui.ui.theme import DARK, THEMES, contrast


@pytest.fixture
def panel(show):
    panel = GraphPanel()
    panel.set_theme(DARK)
    panel.set_patience(0)
    return show(panel, 900, 480)


def write(panel, source):
    panel.inputs.editor.setPlainText(source)


def node(panel, name) -> int:
    return panel.scene.found.graph.names[name]


def numbers(panel) -> dict[str, tuple[str, str]]:
    """Value and gradient of every name as they are drawn; those not yet worked out are empty."""
    scene, shown = panel.scene, panel.scene.shown
    return {
        name: (
            scene.value(place) if place in shown.values else "",
            scene.gradient(place) if place in shown.gradients else "",
        )
        for name, place in scene.found.graph.names.items()
    }


def told(panel) -> str:
    return panel.inputs.message.text() if panel.inputs.message.isVisible() else ""


# --- what is drawn --------------------------------------------------------------------------------


def test_begins_with_the_sigmoid_neuron(panel):
    assert numbers(panel) == {
        "w0": ("2", "−0.1966"),
        "x0": ("−1", "0.3932"),
        "w1": ("−3", "−0.3932"),
        "x1": ("−2", "−0.5898"),
        "w2": ("−3", "0.1966"),
        "dot": ("1", "0.1966"),
        "f": ("0.7311", "1"),
    }
    assert panel.inputs.chooser.currentText() == "Sigmoid neuron"
    assert len(panel.scene.nodes) == 13


@pytest.mark.parametrize("slug", builtin_graphs())
def test_every_example_is_drawn_without_numbers_over_each_other(panel, slug):
    panel.inputs.chooser.activated.emit(panel.inputs.chooser.findData(slug))
    items = list(panel.scene.nodes.values())
    assert panel.inputs.description.text() == builtin_graphs()[slug].description
    assert not any(
        one.sceneBoundingRect().intersects(other.sceneBoundingRect())
        for place, one in enumerate(items)
        for other in items[:place]
    )


def test_typing_an_expression_draws_it_and_asks_for_its_values(panel):
    write(panel, "q = x + y\nf = q*z")
    assert list(panel.inputs.fields) == ["x", "y", "z"]
    assert numbers(panel)["f"] == ("2", "1")
    for name, value in {"x": "-2", "y": "5", "z": "−4"}.items():
        field = panel.inputs.fields[name]
        field.setText(value)
        field.textEdited.emit(value)
    assert numbers(panel) == {
        "x": ("−2", "−4"),
        "y": ("5", "−4"),
        "q": ("3", "−4"),
        "z": ("−4", "3"),
        "f": ("−12", "1"),
    }


def test_large_graphs_are_explained_without_delay(panel):
    name = "x" * 50
    write(panel, "+".join([name] * 190))
    panel.choose(node(panel, name))
    assert len(panel.formulas._rows) == 11
    assert panel.scene.sceneRect().width() < 60_000


def test_values_outlive_the_names_that_had_them(panel, qtbot):
    write(panel, "x*y")
    panel.inputs.fields["y"].clear()
    qtbot.keyClicks(panel.inputs.fields["y"], "3/20")
    write(panel, "x")
    write(panel, "x + y")
    assert panel.inputs.values["y"] == 0.15
    assert panel.inputs.fields["y"].text() == "0.15"


def test_names_from_anywhere_are_drawn(panel):
    write(panel, "größe = α*名\nexp(größe)*_1 + my_long_name")
    panel.go("first")
    for _ in range(12):
        panel.go("on")
    assert not panel.grab().isNull()


def test_colors_can_be_read_and_told_apart():
    for theme in THEMES.values():
        forward, backward = forward_color(theme), backward_color(theme)
        for color in (forward, backward):
            assert contrast(color, theme.base) >= 4.5
            assert color not in (theme.positive, theme.negative)
        assert min(_distances(forward, backward)) > 80


# What color blind people see of linear red, green and blue (Machado, Oliveira and Fernandes 2009,
# severity 1): nothing missing, protanopia, deuteranopia, tritanopia.
VIEWS = np.array(
    [
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
        [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
        [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]],
    ]
)


def _distances(first, second):
    """Between two colors as each view has them, in steps of 0 to 255."""
    rgb = [[int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)] for color in (first, second)]
    seen = np.clip(VIEWS @ (np.array(rgb) ** 2.2).T, 0, 1) ** (1 / 2.2) * 255
    return np.linalg.norm(seen[..., 0] - seen[..., 1], axis=-1)


# --- steps ----------------------------------------------------------------------------------------


def test_steps_go_forward_node_by_node_and_then_back(panel, qtbot):
    panel.inputs.show_builtin("product-of-sum")
    view = panel.view
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert numbers(panel) == {
        "x": ("−2", ""),
        "y": ("5", ""),
        "q": ("", ""),
        "z": ("−4", ""),
        "f": ("", ""),
    }
    assert panel.bar.place.text() == "The inputs are given; Right takes the first step"
    assert not panel.bar.buttons["back"].isEnabled()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert panel.bar.place.text() == "Step 1 of 7: the value of q"
    assert numbers(panel)["q"] == ("3", "")
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert panel.bar.place.text() == "Step 3 of 7: the gradient of f"
    assert numbers(panel)["f"] == ("−12", "1")
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert numbers(panel)["z"] == ("−4", "")
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert panel.bar.place.text() == "Step 7 of 7: the gradient of x"
    assert not panel.bar.buttons["on"].isEnabled()
    assert numbers(panel)["x"] == ("−2", "−4")


def test_a_step_opens_the_node_it_works_out(panel):
    panel.inputs.show_builtin("product-of-sum")
    panel.go("first")
    panel.go("on")
    assert panel.scene.shown.chosen == node(panel, "q")
    value, waiting = panel.formulas._rows
    assert value.sides == (("x", " + y"), ("-2", " + 5"), ("3",))
    assert waiting.note == "Its gradient is worked out on the way back."


def test_a_changed_value_keeps_the_step(panel):
    panel.go("first")
    panel.go("on")
    panel.inputs.fields["w0"].textEdited.emit("4")
    assert panel.bar.place.text() == "Step 1 of 21: the value of v1"
    assert numbers(panel)["dot"] == ("", "")


# --- choosing -------------------------------------------------------------------------------------


def test_a_click_on_a_node_opens_its_local_derivatives(panel, qtbot):
    panel.inputs.show_builtin("product-of-sum")
    item = panel.scene.nodes[node(panel, "q")]
    place = panel.view.mapFromScene(item.mapToScene(QPointF(item.width / 2, 0)))
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    gradient, local, value = panel.formulas._rows
    assert gradient.sides[1:] == (("1 \\cdot \\left(-4\\right)",), ("-4",))
    assert local.sides == (("z",), ("-4",))
    assert local.note == "in f = q*z"
    assert value.sides[-1] == ("3",)


def test_up_and_down_choose_nodes_in_order(panel, qtbot):
    panel.inputs.show_builtin("product-of-sum")
    qtbot.keyClick(panel.view, Qt.Key.Key_Up)
    assert panel.scene.shown.chosen == node(panel, "z")
    for _ in range(9):
        qtbot.keyClick(panel.view, Qt.Key.Key_Up)
    assert panel.scene.shown.chosen == node(panel, "x")
    qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    assert panel.scene.shown.chosen == node(panel, "y")


def test_digits_and_tooltips(panel):
    panel.set_digits(5)
    panel.choose(node(panel, "dot"))
    assert panel.formulas._rows[0].sides[-1] == ("0.19661",)
    assert "0.19661193324148188" in panel.scene.nodes[node(panel, "dot")].toolTip()
    panel.go("first")
    assert "gradient" not in panel.scene.nodes[node(panel, "dot")].toolTip()


def test_kinks_are_told(panel):
    write(panel, "relu(x)*3")
    field = panel.inputs.fields["x"]
    field.setText("0")
    field.textEdited.emit("0")
    panel.choose(node(panel, "x"))
    assert "kink at 0: the derivative is taken as 0" in panel.formulas._rows[1].note
    assert any("kink" in item.toolTip() for item in panel.scene.nodes.values())


# --- wrong input ----------------------------------------------------------------------------------


def test_a_wrong_expression_is_told_at_its_place_and_the_last_graph_stays(panel, qtbot):
    before = numbers(panel)
    write(panel, "dot = w0*x0\nf = epx(dot)")
    qtbot.waitUntil(lambda: told(panel) != "")
    assert told(panel) == "Line 2, column 5: there is no function epx; did you mean exp?"
    (mark,) = panel.inputs.editor.extraSelections()
    assert mark.cursor.selectedText() == "epx"
    assert numbers(panel) == before
    assert panel.scene.nodes[0 if 0 in panel.scene.nodes else 1].opacity() == DIMMED
    write(panel, "dot = w0*x0\nf = exp(dot)")
    assert told(panel) == ""
    assert panel.inputs.editor.extraSelections() == []
    assert all(item.opacity() == 1.0 for item in panel.scene.nodes.values())


def test_half_typed_expressions_are_not_blamed_at_once(panel, qtbot):
    panel.set_patience(60_000)
    panel.inputs.editor.clear()
    qtbot.keyClicks(panel.inputs.editor, "x +")
    assert told(panel) == ""
    qtbot.keyClicks(panel.inputs.editor, " 1")
    assert numbers(panel) == {"x": ("1", "1")}
    assert told(panel) == ""


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1/(x - 1)", "Column 2: division by zero, in 1/(x - 1)"),
        ("log(-x)", "Column 1: log of -1, in log(-x); log takes numbers above zero"),
        ("(x +", "Column 1: this bracket is not closed"),
        ("__import__('os')", "Column 1: there is no function __import__"),
        ("x+" * 5_001, "the expression has 10,002 characters; at most 10,000 are read"),
        ("(" * 9_999, "more than 100 brackets"),
    ],
)
def test_other_faults_are_told_the_same_way(panel, qtbot, source, message):
    write(panel, source)
    qtbot.waitUntil(lambda: message in told(panel))
    assert len(panel.scene.nodes) == 13


def test_a_megabyte_is_not_pasted(panel):
    before = panel.inputs.source
    QGuiApplication.clipboard().setText("x+" * 500_000 + "x")
    panel.inputs.editor.paste()
    assert panel.inputs.source == before
    assert told(panel) == "The text has 1,000,001 characters; at most 10,000 are read."
    QGuiApplication.clipboard().setText("+ 1")
    panel.inputs.editor.moveCursor(QTextCursor.MoveOperation.End)
    panel.inputs.editor.paste()
    assert panel.inputs.source == before + "+ 1"
    assert told(panel) == ""


def test_a_wrong_value_is_told_below_and_the_last_good_one_stays(panel, qtbot):
    field = panel.inputs.fields["w0"]
    field.selectAll()
    qtbot.keyClicks(field, "2,x")
    assert panel.inputs.refusal.text().startswith("w0: “2,x” is not a number.")
    assert panel.scene.found.values[node(panel, "w0")] == 2.0
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "2"
    assert not panel.inputs.refusal.isVisible()


def test_an_empty_field_says_what_to_do(panel):
    panel.inputs.editor.clear()
    assert panel.empty.isVisible()
    assert "Type an expression" in panel.empty.text()
    assert panel.formulas._rows == ()
    assert not panel.inputs.fields
    assert not panel.inputs.heading.isVisible()
    assert not panel.bar.copy.isEnabled()
    assert not any(button.isEnabled() for button in panel.bar.buttons.values())
    write(panel, "x")
    assert panel.view.isVisible()


def test_a_graph_too_large_to_draw_says_so_and_can_be_copied(panel):
    write(panel, "+".join(["x"] * 300))
    assert panel.empty.isVisible()
    assert "more than 200 nodes" in panel.empty.text()
    panel.copy("text")
    assert len(QGuiApplication.clipboard().text().splitlines()) == 301
    write(panel, "+".join(f"a{i}" for i in range(80)))
    assert len(panel.inputs.fields) == 60
    assert panel.inputs.heading.text() == "Values of the first 60 names"
    assert numbers(panel)["a79"] == ("1", "1")


# --- view and copying -----------------------------------------------------------------------------


def test_the_wheel_zooms_and_fit_brings_all_back(panel, qtbot, turn_wheel):
    panel.view.fit()
    before = panel.view.zoom
    turn_wheel(panel.view.viewport(), 240)
    assert panel.view.zoom > before * 1.3
    panel.go("first")
    zoomed = panel.view.zoom
    panel.resize(1000, 500)
    assert panel.view.zoom == zoomed
    qtbot.mouseClick(panel.bar.fit, Qt.MouseButton.LeftButton)

    def all_is_seen() -> bool:
        area = panel.view.mapFromScene(panel.scene.sceneRect()).boundingRect()
        return panel.view.viewport().rect().adjusted(-2, -2, 2, 2).contains(area)

    qtbot.waitUntil(all_is_seen)


def test_all_nodes_are_copied(panel, qtbot):
    panel.inputs.show_builtin("cube")
    panel.copy("csv")
    assert (
        QGuiApplication.clipboard().text()
        == "node,expression,value,gradient\nx,x,1,3\nf,x**3,1,1\n"
    )
    panel.activateWindow()
    panel.view.setFocus()
    qtbot.waitUntil(panel.view.hasFocus)
    qtbot.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines()[1].split() == ["x", "x", "1", "3"]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_both_themes_are_drawn_in_their_colors(panel, theme):
    panel.set_theme(theme)
    panel.go("first")
    panel.go("on")
    picture = panel.view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    colors = {
        picture.pixelColor(x, y).name()
        for x in range(picture.width())
        for y in range(0, picture.height(), 2)
    }
    assert {theme.base, forward_color(theme)} <= colors
