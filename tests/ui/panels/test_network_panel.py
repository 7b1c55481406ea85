"""The network picture, with snapshots of real runs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu, QToolTip

from bpgui.engine.network import Layer, Network
from bpgui.training import commands
from bpgui.ui.panels.network_panel import NetworkPanel
from bpgui.ui.theme import DARK, LIGHT
from bpgui.views.quantities import Quantity

KEY = Qt.Key


@pytest.fixture
def panel(show, selection, evaluator):
    panel = NetworkPanel(selection, evaluator)
    panel.set_theme(LIGHT)
    return show(panel, 760, 480)


def unit_place(panel, unit) -> QPoint:
    picture = panel.canvas.picture
    return QPointF(*picture.centers[picture.row(unit)]).toPoint()


def edge_place(panel, index, share=0.15) -> QPoint:
    picture = panel.canvas.picture
    edge = picture.edge(index)
    start, end = picture.starts[edge], picture.ends[edge]
    return QPointF(*(start + share * (end - start))).toPoint()


def click(panel, qtbot, place):
    qtbot.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, pos=place)


def move_to(panel, place):
    """What Qt sends when the pointer gets there; the offscreen platform has none."""
    there = QPointF(place)
    none = Qt.MouseButton.NoButton
    QApplication.sendEvent(
        panel.canvas,
        QMouseEvent(
            QEvent.Type.MouseMove,
            there,
            panel.canvas.mapToGlobal(there),
            none,
            none,
            Qt.KeyboardModifier.NoModifier,
        ),
    )


def press(panel, qtbot, *keys):
    for key in keys:
        qtbot.keyClick(panel.canvas, key)


def frozen(trainer, *indices):
    held = np.zeros(trainer.problem.network.size, dtype=bool)
    held[list(indices)] = True
    settings = replace(trainer.problem.settings, frozen=held)
    return trainer.obey(commands.ChangeSettings(settings))


# --- choosing ------------------------------------------------------------------------------------


def test_a_click_chooses_a_unit_or_an_edge(panel, mazur, qtbot, selection):
    mazur.show_on(panel)
    click(panel, qtbot, unit_place(panel, (1, 2)))
    assert selection.unit == (1, 2)
    assert selection.parameter is None
    for index in range(mazur.problem.network.size):
        click(panel, qtbot, edge_place(panel, index))
        assert selection.parameter == index
    assert selection.unit == (1, 2)


def test_a_click_beside_everything_changes_nothing(panel, mazur, qtbot, selection):
    mazur.show_on(panel)
    selection.select(3)
    click(panel, qtbot, QPoint(5, 60))
    assert selection.parameter == 3


def test_a_click_on_a_value_chooses_its_edge(panel, mazur, qtbot, selection):
    mazur.show_on(panel)
    index = mazur.problem.network.index_of("b(2)[1]")
    place = panel.canvas.place_of(index)
    assert abs(place.x() - edge_place(panel, index).x()) > 10
    click(panel, qtbot, place.toPoint())
    assert selection.parameter == index


def test_arrow_keys_walk_through_the_network(panel, mazur, qtbot, selection):
    mazur.show_on(panel)
    names = mazur.problem.network
    press(panel, qtbot, KEY.Key_Down)
    assert selection.unit == (0, 1)
    press(panel, qtbot, KEY.Key_Right, KEY.Key_Down)
    assert names.parameter(selection.parameter).name == "w(1)[2,1]"
    press(panel, qtbot, KEY.Key_Right, KEY.Key_Right)
    assert names.parameter(selection.parameter).name == "w(2)[2,2]"
    press(panel, qtbot, KEY.Key_Escape)
    assert selection.parameter is None
    assert selection.unit is None


def test_what_is_chosen_elsewhere_is_marked_with_what_it_is_made_of(panel, mazur, selection):
    mazur.show_on(panel)
    before = panel.canvas.grab().toImage()
    selection.select(mazur.problem.network.index_of("w(2)[1,1]"))
    marks = panel.canvas._marks
    assert marks.units == {(1, 1), (2, 1)}
    assert marks.notes == {(1, 1): "a 0.5933", (2, 1): "δ 0.1385"}
    assert panel.canvas.grab().toImage() != before
    selection.select_quantity(Quantity("delta", 1, 1))
    marks = panel.canvas._marks
    assert (marks.unit, marks.parameter) == ((1, 1), None)
    assert marks.notes == {(1, 1): "a 0.5933", (2, 1): "δ 0.1385", (2, 2): "δ -0.0381"}
    names = [mazur.problem.network.parameter(index).name for index in marks.parameters]
    assert names == ["w(2)[1,1]", "w(2)[2,1]"]
    selection.select_quantity(Quantity("update", 2, 1, 2))
    assert panel.canvas._marks.parameter == mazur.problem.network.index_of("w(2)[1,2]")
    selection.select_quantity(Quantity("loss", 2))
    assert panel.canvas._marks.units == {(2, 1), (2, 2)}
    selection.select_quantity(None)
    assert panel.canvas._marks.notes == {(1, 1): "a 0.5933", (2, 1): "δ 0.1385"}


def test_a_selection_of_another_network_is_passed_over(panel, mazur, trainer, selection):
    selection.select(500)
    selection.select_unit((7, 3))
    mazur.show_on(panel)
    selection.select_quantity(Quantity("delta", 5, 1))
    selection.select_sample(99)
    assert panel.canvas._marks.parameter is None
    assert panel.canvas._marks.unit is None
    panel.canvas.grab()
    selection.clear()
    trainer("digits-one-layer").show_on(panel, 1)
    selection.select(600)
    mazur.show_on(panel)
    assert panel.choice.place is None


# --- reading -------------------------------------------------------------------------------------


def test_the_readout_tells_an_edge_in_full_digits(panel, mazur, selection):
    mazur.show_on(panel)
    selection.select(mazur.problem.network.index_of("w(2)[1,1]"))
    assert panel.readout.text.split("\n") == [
        "w(2)[1,1] 0.4",
        "sample 1, now dL/dw(2)[1,1] = delta(2)[1] × a(1)[1] = "
        "0.13849856 × 0.59326999 = 0.082167041",
    ]
    panel.render_snapshot(mazur.to(1))
    first = panel.readout.text.split("\n")[0].split("\t")
    gradient = f"gradient, last iteration {mazur.to(1).gradient[6]}"
    assert first == ["w(2)[1,1] 0.35891647971788465", gradient]
    panel.set_digits(4)
    assert panel.readout.text.split("\n")[0].split("\t")[0] == "w(2)[1,1] 0.3589"


def test_the_readout_tells_a_unit_under_the_pointer(panel, mazur, qtbot):
    mazur.show_on(panel)
    hint = panel.readout.text
    move_to(panel, unit_place(panel, (2, 1)))
    assert panel.readout.text.split("\n")[0].split("\t") == [
        "y1 a = sigmoid(z) = 0.7513650695523157",
        "z 1.10590596705977",
    ]
    assert "delta(2)[1] 0.1384985" in panel.readout.text
    assert "b(2)[1] 0.6" in panel.readout.text
    assert panel.canvas.accessibleDescription() == panel.readout.text
    move_to(panel, unit_place(panel, (0, 2)))
    assert panel.readout.text.startswith("x2 0.1")
    move_to(panel, edge_place(panel, 2))
    assert panel.readout.text.startswith("b(1)[1] 0.35  fixed")
    move_to(panel, QPoint(5, 60))
    assert panel.readout.text == hint


def test_the_switch_shows_gradients_of_the_last_iteration(panel, mazur, qtbot):
    mazur.show_on(panel)
    button = panel.controls.shown_buttons.button(1)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert panel.canvas._message == "No gradients yet. Press Space to train."
    assert not panel.canvas._levels.any()
    snapshot = mazur.to(1)
    panel.render_snapshot(snapshot)
    assert panel.canvas._message == ""
    picture = panel.canvas.picture
    signs = np.sign(snapshot.gradient[picture.parameters])
    assert np.array_equal(np.sign(panel.canvas._levels), signs)
    assert panel.controls.color_bar._scale.limit == 0.2


def test_the_sample_is_shared(panel, trainer, selection):
    xor = trainer("xor-numpy")
    xor.show_on(panel)
    assert panel.controls.sample.suffix() == " of 4"
    panel.controls.sample.setValue(4)
    assert selection.sample == 3
    assert panel._units.activations[0].tolist() == [1.0, 1.0]
    selection.select_sample(1)
    assert panel.controls.sample.value() == 2
    assert panel._units.sample == 1


def test_no_control_above_the_picture_is_cut(panel, trainer, qtbot):
    trainer("moons").show_on(panel)
    controls = panel.controls
    switches = (*controls.shown_buttons.buttons(), controls.maps)

    def whole() -> bool:
        return all(each.width() >= each.sizeHint().width() for each in (*switches, controls.sample))

    panel.setMinimumWidth(288)  # as its dock does, which is narrower than the rest asks for
    for width, below in ((600, False), (288, True), (600, False)):
        panel.resize(width, 400)
        qtbot.waitUntil(whole)
        assert (controls.sample.y() > controls.maps.geometry().bottom()) == below


def test_values_stand_on_the_edges_of_small_networks_and_of_the_unit_meant(panel, mazur, trainer):
    mazur.show_on(panel)
    assert len(panel.canvas._labels) == 12
    trainer("digits-one-layer").show_on(panel, 1)
    canvas = panel.canvas
    assert canvas._labels == []
    assert canvas._labels_for(canvas.picture, canvas._meant(canvas.picture)) == []
    move_to(panel, unit_place(panel, (1, 4)))
    meant = canvas._meant(canvas.picture)
    assert len(canvas._labels_for(canvas.picture, meant)) >= len(meant) - 1
    net = canvas.network
    move_to(panel, edge_place(panel, net.index_of("w(1)[4,4]"), 0.5))
    assert canvas.hovered_parameter is not None
    assert len(canvas._labels_for(canvas.picture, canvas._meant(canvas.picture))) >= 1


def test_large_layers_are_folded_and_a_click_opens_them(panel, trainer, qtbot, selection):
    digits = trainer("digits-one-layer")
    digits.show_on(panel, 1)
    picture = panel.canvas.picture
    (gap,) = picture.folds
    assert gap.size == 64 - int((picture.units[:, 0] == 0).sum())
    click(panel, qtbot, QPointF(gap.x, gap.y).toPoint())
    assert selection.unit == (0, gap.first)
    assert panel.canvas.picture.shows((0, gap.first))
    selection.select(digits.problem.network.index_of("w(1)[3,40]"))
    assert panel.canvas.picture.shows((0, 40))
    assert panel.canvas.picture.edge(selection.parameter) is not None


# --- editing -------------------------------------------------------------------------------------


def typed(panel, qtbot, text, key=KEY.Key_Return):
    panel.field.selectAll()
    qtbot.keyClicks(panel.field, text) if text else panel.field.clear()
    qtbot.keyClick(panel.field, key)


def test_enter_and_double_click_edit_a_value_where_it_stands(panel, mazur, qtbot, selection):
    mazur.show_on(panel)
    selection.select(7)
    press(panel, qtbot, KEY.Key_Return)
    assert panel.field.isVisible()
    assert panel.field.text() == "0.45"
    assert panel.field.geometry().contains(panel.canvas.place_of(7).toPoint())
    with qtbot.waitSignal(panel.value_edited) as edited:
        typed(panel, qtbot, "0,5")
    assert edited.args == [7, 0.5]
    assert not panel.field.isVisible()
    assert panel.canvas.hasFocus()
    bias = edge_place(panel, 11, 0.0)
    click(panel, qtbot, bias)
    qtbot.mouseDClick(panel.canvas, Qt.MouseButton.LeftButton, pos=bias)
    with qtbot.waitSignal(panel.value_edited) as edited:
        typed(panel, qtbot, "3/20")
    assert edited.args == [11, 0.15]


def test_enter_on_a_unit_edits_its_bias(panel, mazur, qtbot, selection):
    mazur.show_on(panel)
    selection.select_unit((1, 2))
    press(panel, qtbot, KEY.Key_Return)
    assert panel.field.accessibleName() == "b(1)[2]"
    typed(panel, qtbot, "", KEY.Key_Escape)
    selection.select_unit((0, 1))
    press(panel, qtbot, KEY.Key_Return)
    assert not panel.field.isVisible()


@pytest.mark.parametrize("text", ["", "abc", "1/0", "1e999", "nan"])
def test_what_is_no_number_is_refused_at_the_edge(panel, mazur, qtbot, selection, text):
    mazur.show_on(panel)
    selection.select(7)
    press(panel, qtbot, KEY.Key_Return)
    with qtbot.assertNotEmitted(panel.value_edited):
        typed(panel, qtbot, text)
    refusal = panel.field.refusal
    assert refusal.isVisible()
    assert text in refusal.text()
    assert refusal.geometry().top() >= panel.field.geometry().bottom()
    qtbot.keyClicks(panel.field, "1")
    assert not refusal.isVisible()
    with qtbot.assertNotEmitted(panel.value_edited):
        qtbot.keyClick(panel.field, KEY.Key_Escape)
    assert not panel.field.isVisible()


def test_leaving_the_field_takes_a_number_and_drops_what_is_none(panel, mazur, qtbot, selection):
    mazur.show_on(panel)
    selection.select(7)
    press(panel, qtbot, KEY.Key_Return)
    qtbot.keyClicks(panel.field, "no")
    with qtbot.assertNotEmitted(panel.value_edited):
        panel.settle()
    press(panel, qtbot, KEY.Key_Return)
    panel.field.selectAll()
    qtbot.keyClicks(panel.field, ".25")
    with qtbot.waitSignal(panel.value_edited) as edited:
        panel.controls.sample.setFocus()
    assert edited.args == [7, 0.25]
    assert not panel.field.isVisible()


def test_arrows_in_the_field_do_not_walk(panel, mazur, qtbot, selection):
    mazur.show_on(panel)
    selection.select(7)
    press(panel, qtbot, KEY.Key_Return)
    for key in (KEY.Key_Up, KEY.Key_Down, KEY.Key_Left):
        qtbot.keyClick(panel.field, key)
    assert selection.parameter == 7
    assert panel.field.isVisible()
    panel.set_problem(mazur.problem)
    assert not panel.field.isVisible()


def test_while_the_run_goes_on_editing_asks_to_pause(panel, mazur, qtbot, selection):
    mazur.show_on(panel)
    selection.select(7)
    press(panel, qtbot, KEY.Key_Return)
    panel.render_snapshot(mazur.running(1))
    assert not panel.field.isVisible()
    press(panel, qtbot, KEY.Key_Return)
    assert not panel.field.isVisible()
    assert panel.field.refusal.isVisible()
    assert panel.field.refusal.text().startswith("Pause first")
    press(panel, qtbot, KEY.Key_Down)
    assert not panel.field.refusal.isVisible()


def test_f_freezes_and_releases(panel, mazur, qtbot, selection):
    mazur.show_on(panel)
    toggles = []
    panel.frozen_toggled.connect(lambda *toggle: toggles.append(toggle))
    press(panel, qtbot, KEY.Key_F)
    assert toggles == []
    selection.select(7)
    free = panel.canvas.grab().toImage()
    press(panel, qtbot, KEY.Key_F)
    assert toggles == [(7, True)]
    panel.render_snapshot(frozen(mazur, 7))
    assert panel.canvas.grab().toImage() != free
    assert panel.readout.text.startswith("w(2)[1,2] 0.45  frozen")
    press(panel, qtbot, KEY.Key_F)
    assert toggles == [(7, True), (7, False)]
    selection.select(2)
    press(panel, qtbot, KEY.Key_F)
    assert len(toggles) == 2
    assert "fixed" in panel.field.refusal.text()


def test_the_context_menu_does_the_same(panel, mazur, qtbot, selection):
    mazur.show_on(panel)
    panel.render_snapshot(frozen(mazur, 7))
    toggles = []
    panel.frozen_toggled.connect(lambda *toggle: toggles.append(toggle))
    menu = panel.act_on.menu(7)
    edit, release = menu.actions()
    assert [edit.text(), release.text()] == ["Edit w(2)[1,2]…", "Release w(2)[1,2]"]
    release.trigger()
    assert toggles == [(7, False)]
    edit.trigger()
    assert panel.field.isVisible()
    menu.close()
    panel.field.close_field()
    fixed = panel.act_on.menu(2)
    assert [action.isEnabled() for action in fixed.actions()] == [True, False]
    fixed.close()
    fixed.deleteLater()
    selection.select(7)
    qtbot.keyClick(panel.canvas, KEY.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == panel.readout.text
    menu.deleteLater()
    assert all(not menu.isVisible() for menu in panel.findChildren(QMenu))


def test_the_menu_opens_where_it_is_asked_for(panel, mazur, qtbot, selection):
    mazur.show_on(panel)
    place = edge_place(panel, 4)
    move_to(panel, place)
    reason = QContextMenuEvent.Reason.Mouse
    where = panel.canvas.mapToGlobal(place)
    QApplication.sendEvent(panel.canvas, QContextMenuEvent(reason, place, where))
    assert selection.parameter == 4
    (menu,) = panel.canvas.findChildren(QMenu)
    assert menu.isVisible()
    texts = [action.text() for action in menu.actions()]
    assert texts == ["Edit w(1)[2,2]…", "Freeze w(1)[2,2]", "Copy its numbers"]
    menu.actions()[2].trigger()
    assert QGuiApplication.clipboard().text() == panel.readout.text
    menu.close()


# --- painting ------------------------------------------------------------------------------------


def test_positive_is_orange_and_negative_blue_in_both_themes(panel, mazur, qtbot):
    mazur.show_on(panel)
    size = mazur.problem.network.size
    for theme in (LIGHT, DARK):
        panel.set_theme(theme)
        for value, color in ((1.0, theme.positive), (-1.0, theme.negative)):
            snapshot = replace(mazur.to(0), parameters=np.full(size, value))
            panel.render_snapshot(snapshot)
            image = panel.canvas.grab().toImage()
            assert image.pixelColor(edge_place(panel, 0, 0.8)) == QColor(color)


def test_parts_are_painted_anew_only_where_they_look_different(panel, mazur):
    def painted(parameters):
        panel.render_snapshot(replace(snapshot, parameters=parameters))
        panel.canvas.grab()
        return dict(panel.canvas._kept._parts)

    snapshot = mazur.show_on(panel)
    first = painted(snapshot.parameters)
    near = painted(snapshot.parameters * (1.0 + 1e-9))
    other = painted(-snapshot.parameters)
    assert near["edges"] is first["edges"]
    assert other["edges"] is not first["edges"]
    assert other["units"] is not first["units"]
    assert other["captions"] is first["captions"]


def test_captions_tell_the_targets_of_another_sample(panel, trainer, selection):
    trainer("xor").show_on(panel)
    selection.select_sample(0)
    panel.canvas.grab()
    first = panel.canvas._kept._parts["captions"].toImage()
    selection.select_sample(1)
    panel.canvas.grab()
    assert panel.canvas._kept._parts["captions"].toImage() != first


def test_numbers_change_at_a_readable_pace_while_the_run_goes_on(panel, mazur):
    panel.set_problem(mazur.problem)
    first = mazur.running(1)
    panel.render_snapshot(first)
    later = mazur.running(500)
    panel._edges_at = float("-inf")
    panel.render_snapshot(later)
    assert panel.canvas._numbers is first.parameters
    assert panel.canvas._values is later.parameters
    panel.render_snapshot(mazur.to(500))
    assert panel.canvas._numbers is not first.parameters
    assert panel._units.deltas


def test_what_is_no_number_is_drawn_in_the_color_of_errors(panel, mazur):
    snapshot = mazur.show_on(panel)
    values = np.full_like(snapshot.parameters, np.nan)
    panel.render_snapshot(replace(snapshot, parameters=values))
    panel.canvas.grab()
    assert set(panel.canvas._levels.tolist()) == {17}


@pytest.mark.parametrize("size", [(200, 200), (560, 400), (1100, 600)])
@pytest.mark.parametrize(
    "units", [(1, 1), (64, 10), (2, *[8] * 6, 1), (3,) * 40, (5000, 300, 2)], ids=str
)
def test_any_network_in_any_size_is_drawn(panel, mazur, size, units):
    layers = tuple(Layer(n, m, "tanh") for n, m in pairwise(units))
    net = Network(layers)
    rng = np.random.default_rng(0)
    values = rng.normal(size=net.size).astype(np.float32)
    train = replace(
        mazur.problem.train,
        inputs=np.ones((3, units[0]), np.float32),
        targets=np.zeros((3, units[-1]), np.float32),
    )
    problem = replace(mazur.problem, network=net, initial=values, train=train)
    panel.resize(*size)
    panel.set_problem(problem)
    snapshot = replace(mazur.to(0), parameters=values, gradient=values, update=values)
    panel.render_snapshot(snapshot)
    panel.choice.go(panel.choice.place or _last_unit(net))
    image = panel.canvas.grab().toImage()
    assert image.width() > 0
    assert panel.canvas.picture.shows((len(net.layers), net.outputs))


def _last_unit(net):
    from bpgui.views.network_walk import AtUnit

    return AtUnit((len(net.layers), net.outputs))


def test_an_empty_panel_can_be_used(panel, qtbot, selection):
    assert panel.canvas._message == "Open an experiment to see its network here."
    press(panel, qtbot, KEY.Key_Down, KEY.Key_Return, KEY.Key_F, KEY.Key_Escape)
    selection.select(3)
    selection.select_unit((1, 1))
    selection.select_quantity(Quantity("delta", 1, 1))
    selection.select_sample(4)
    click(panel, qtbot, QPoint(50, 50))
    move_to(panel, QPoint(60, 60))
    panel.set_digits(6)
    panel.settle()
    panel.canvas.grab()
    assert panel.choice.place is None


NAMED = ("a kind with a name as long as a whole sentence", "short")


@pytest.fixture
def named(trainer, run_of):
    """Outputs and inputs that the data names."""
    problem = trainer("circle").problem
    return run_of(replace(problem, classes=NAMED[::-1], input_names=("length", "color = red")))


def rightmost_of(image, y):
    ground = QColor(LIGHT.base).rgb()
    within = range(image.width() - 1)  # the mark of the focus
    return max(x for x in within if image.pixel(x, y) != ground)


def test_inputs_and_outputs_are_called_as_the_data_calls_them(panel, named, qtbot):
    named.show_on(panel)
    canvas = panel.canvas
    output, first = unit_place(panel, (2, 1)), unit_place(panel, (0, 2))
    assert canvas.name_at(QPointF(output)) == f"y1: {NAMED[0]}"
    assert canvas.name_at(QPointF(first.x() - 40, first.y())) == "x2: color = red"
    assert canvas.name_at(QPointF(unit_place(panel, (1, 1)))) == ""
    move_to(panel, output)
    assert panel.readout.text.startswith("y1 (a kind with a name as l…)")
    move_to(panel, first)
    assert panel.readout.text.startswith("x2 (color = red)")
    image = canvas.grab().toImage()
    line = int(output.y() - 6)  # through the name, which stands above the target
    assert output.x() + 60 < rightmost_of(image, line) < canvas.width() - 2


def test_a_name_is_told_in_full_by_a_tooltip(panel, named, qtbot):
    named.show_on(panel)
    canvas, place = panel.canvas, unit_place(panel, (2, 1)) + QPoint(40, 0)
    QApplication.sendEvent(
        canvas, QHelpEvent(QEvent.Type.ToolTip, place, canvas.mapToGlobal(place))
    )
    qtbot.waitUntil(lambda: QToolTip.text() == f"y1: {NAMED[0]}")
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_a_class_without_a_word_is_told_as_one(panel, trainer):
    trainer("digits-one-layer").show_on(panel)
    assert panel.canvas.name_at(QPointF(unit_place(panel, (1, 1)))) == "y1: class 0"
