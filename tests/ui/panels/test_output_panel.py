"""The Output panel, with snapshots of real runs and a real thread that evaluates them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStyle, QStyleOptionFrame

from bpgui.engine.evaluation import evaluate, predict
from bpgui.engine.problem import Samples
from bpgui.experiment import models, sources
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import find
from bpgui.experiment.presets import load
from bpgui.training.snapshot import RunState
from bpgui.ui.panels.output_colors import SHAPES, class_color
from bpgui.ui.panels.output_controls import ALL
from bpgui.ui.panels.output_panel import OutputPanel
from bpgui.ui.theme import DARK, LIGHT, contrast
from bpgui.views.axes import points_between
from bpgui.views.output_points import MOST
from bpgui.views.output_space import WINNER, extent


@pytest.fixture
def panel(show, selection, evaluator):
    panel = OutputPanel(selection, evaluator)
    panel.set_theme(LIGHT)
    return show(panel, 560, 480)


@pytest.fixture
def answered(qtbot, panel):
    """Wait until the panel shows what it was asked for last."""

    def wait():
        frames = []
        qtbot.waitUntil(
            lambda: (
                not panel._answers.waiting
                and (frames.append(panel._frame) or panel._frame is not None)
            ),
        )
        return frames[-1]

    return wait


@pytest.fixture
def shown(panel, answered):
    def show(trainer, iteration=0):
        snapshot = trainer.show_on(panel, iteration)
        return answered(), snapshot

    return show


def message(panel):
    label = panel.plot._message
    return label.text() if not label.isHidden() else ""


def view_texts(panel):
    return [button.text() for button in panel.controls.view_buttons.buttons()]


def choose_view(panel, number):
    panel.controls.view_buttons.button(number).click()


def pixel(panel, x, y):
    """The color of the surface's cell at a place of the plot."""
    item = panel.plot.surface
    area, image = item.boundingRect(), item.image
    column = int((x - area.left()) / area.width() * image.width())
    row = int((y - area.top()) / area.height() * image.height())
    return image.pixelColor(column, row)


def point(panel, x, y):
    """Move the pointer to a place of the plot."""
    panel.plot.hovered.emit(QPointF(x, y))


def key(qtbot, panel, name):
    qtbot.keyClick(panel.plot, name)


# --- surfaces ------------------------------------------------------------------------------------


def test_it_says_what_to_do_until_there_is_something_to_see(panel, shown, mazur) -> None:
    assert "Open an experiment" in message(panel)
    assert panel.controls.isHidden()
    shown(mazur)
    assert message(panel) == ""
    assert panel.controls.isVisible()


def test_the_surface_belongs_to_the_snapshot_and_is_the_prediction(
    panel, shown, answered, trainer
) -> None:
    run = trainer("xor-quadrants")
    shown(run, 0)
    for iteration in (1, 30):
        snapshot = run.to(iteration)
        panel.render_snapshot(snapshot)
        frame = answered()
        question = frame.question
        assert question.iteration == iteration
        assert question.parameters is snapshot.parameters
        xs = points_between(question.x, question.columns)
        ys = points_between(question.y, question.rows)
        grid = np.stack([np.tile(xs, len(ys)), np.repeat(ys, len(xs))], axis=1)
        right = predict(run.problem, snapshot.parameters, grid)[:, 0]
        np.testing.assert_array_equal(frame.values.ravel(), right)
    assert "After 30 iterations" in panel.readout.text


def test_what_is_positive_is_orange_and_what_is_negative_blue(panel, shown, trainer) -> None:
    run = trainer("xor-quadrants")
    shown(run, 2000)
    assert evaluate(run.problem, run.to(2000).parameters).accuracy > 0.95
    for x, y in ((4.0, 4.0), (-4.0, -4.0)):
        color = pixel(panel, x, y)
        assert color.red() > color.blue() + 40
    for x, y in ((-4.0, 4.0), (4.0, -4.0)):
        color = pixel(panel, x, y)
        assert color.blue() > color.red() + 40
    assert len(panel.plot.boundary.getData()[0]) > 10
    panel.controls.steps.click()
    again = pixel(panel, 4.0, 4.0)
    assert {pixel(panel, x, x) == again for x in (2.0, 3.0, 4.5)} == {True}


def test_the_picture_is_finer_when_the_run_rests(panel, shown, answered, trainer) -> None:
    run = trainer("circle")
    resting, _ = shown(run, 5)
    panel.render_snapshot(run.running(10))
    panel.render_snapshot(run.running(12))
    running = answered()
    assert running.question.iteration == 12
    assert running.points < resting.points
    panel.render_snapshot(run.to(12))
    assert answered().points > running.points


def test_the_axes_stay_and_follow_the_zoom_of_the_user(qtbot, panel, shown, answered, trainer):
    run = trainer("moons")
    shown(run, 1)
    limits = panel.plot.shown
    for axis, area in enumerate(limits):
        wanted = extent(run.problem, axis)
        assert area.low <= wanted.low + 1e-9
        assert area.high >= wanted.high - 1e-9
    panel.render_snapshot(run.to(200))
    answered()
    assert panel.plot.shown == limits
    panel.plot.view.setRange(xRange=(0.0, 0.5), yRange=(0.0, 0.5), padding=0.0)
    qtbot.waitUntil(lambda: answered().question.x == panel.plot.shown[0])
    assert panel._frame.question.x.low >= -0.6


def test_points_differ_in_shape_and_test_points_are_hollow(panel, shown, trainer) -> None:
    run = trainer("moons")
    shown(run)
    looks = [
        (item.opts["symbol"], item.opts["brush"].color().name(), len(item.data))
        for item in panel.plot.points
        if len(item.data)
    ]
    assert [look[0] for look in looks] == [SHAPES[0], SHAPES[1]] * 2
    colors = [class_color(LIGHT, 0), class_color(LIGHT, 1)]
    assert [look[1] for look in looks] == [*colors, LIGHT.base, LIGHT.base]
    train, test = run.problem.train, run.problem.test
    assert sum(look[2] for look in looks) == len(train) + len(test)
    panel.controls.test.click()
    assert sum(len(item.data) for item in panel.plot.points) == len(train)


def test_class_colors_can_be_seen_on_both_grounds() -> None:
    for theme in (LIGHT, DARK):
        for kind in range(len(SHAPES)):
            assert contrast(class_color(theme, kind), theme.base) >= 3.0
    assert class_color(LIGHT, 1) == LIGHT.positive
    assert class_color(DARK, 0) == DARK.negative


def test_classes_with_outputs_of_their_own_show_the_winner(panel, shown, qtbot, answered) -> None:
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.normal(scale=0.3, size=(20, 2)) + c for c in ((0, 0), (2, 0), (0, 2))])
    problem = three_class_problem(x, np.repeat(np.arange(3), 20))
    panel.set_problem(problem)
    assert panel.controls.choice.output == WINNER
    panel.render_snapshot(snapshot_of(problem))
    frame = answered()
    assert set(np.unique(frame.winners)) <= {0, 1, 2}
    assert panel.controls.key.text == "0, 1, 2"
    panel.controls.output.setCurrentIndex(2)
    second = answered()
    assert second.question.output == 1
    assert second.winners is None
    assert panel.controls.key.text == "0, 0.5, 1"


def three_class_problem(x, kinds):
    experiment = load(find("moons"))
    layers = experiment.network.layers
    network = experiment.network.model_copy(
        update={"layers": (layers[0], models.Layer(units=3, activation="softmax"))}
    )
    data = sources.Inline(source="inline", inputs=x.tolist(), targets=np.eye(3)[kinds].tolist())
    loss = experiment.loss.model_copy(update={"name": "cross_entropy"})
    return build_problem(
        experiment.model_copy(update={"network": network, "data": data, "loss": loss})
    )


def snapshot_of(problem):
    from bpgui.training.progress import Progress

    return Progress(problem, run_id=1).snapshot()


# --- numbers -------------------------------------------------------------------------------------


def test_any_place_is_read_in_full_digits(panel, shown, mazur) -> None:
    _, snapshot = shown(mazur)
    point(panel, 0.4, -0.3)
    output = predict(mazur.problem, snapshot.parameters, np.array([[0.4, -0.3]]))[0, 0]
    assert panel.readout.text.splitlines()[0] == "x1 0.4\tx2 -0.3"
    assert panel.readout.text.splitlines()[1].startswith(f"y1 {output}\ttarget –\ty2 ")
    panel.set_digits(4)
    assert panel.readout.text.splitlines()[1].startswith(f"y1 {output:.4g}\ttarget –\ty2 ")


def test_a_point_tells_its_target_and_its_loss(panel, shown, mazur) -> None:
    shown(mazur)
    point(panel, 0.05, 0.1)
    text = panel.readout.text
    assert "x1 0.05\tx2 0.1" in text
    assert "y1 0.751365069552315" in text
    assert "target 0.01" in text
    assert "loss 0.29837110876000" in text
    assert "training sample 1" in text
    point(panel, 0.45, 0.4)
    assert "loss –" in panel.readout.text
    assert "sample 1" not in panel.readout.text
    panel.plot.hovered.emit(None)
    assert "training sample 1" in panel.readout.text


def test_copy_takes_the_numbers(qtbot, panel, shown, mazur) -> None:
    shown(mazur)
    qtbot.keyClick(panel.plot, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == panel.readout.text


# --- the selection -------------------------------------------------------------------------------


def test_a_click_on_a_point_selects_its_sample(panel, shown, selection, trainer) -> None:
    run = trainer("moons")
    shown(run)
    x, y = run.problem.train.inputs[17]
    panel.plot.clicked.emit(QPointF(x, y))
    assert selection.sample == 17
    assert "training sample 18" in panel.readout.text
    ring = panel.plot.picked.getData()
    assert (ring[0][0], ring[1][0]) == (x, y)
    selection.select_sample(3)
    panel.plot.hovered.emit(None)
    assert panel.plot.picked.getData()[0][0] == run.problem.train.inputs[3, 0]
    assert "training sample 4" in panel.readout.text


def test_a_test_sample_is_read_and_leaves_the_selection(panel, shown, selection, trainer) -> None:
    run = trainer("moons")
    shown(run)
    panel.plot.clicked.emit(QPointF(*run.problem.test.inputs[5]))
    panel.plot.hovered.emit(None)
    assert "test sample 6" in panel.readout.text
    assert selection.sample == 0


def test_keys_lead_from_sample_to_sample(qtbot, panel, shown, selection, trainer) -> None:
    run = trainer("moons")
    shown(run)
    key(qtbot, panel, Qt.Key.Key_N)
    assert selection.sample == 1
    key(qtbot, panel, Qt.Key.Key_P)
    assert selection.sample == 0
    key(qtbot, panel, Qt.Key.Key_P)
    last = len(run.problem.test)
    assert f"test sample {last}" in panel.readout.text
    key(qtbot, panel, Qt.Key.Key_N)
    assert "training sample 1" in panel.readout.text
    before = run.problem.train.inputs[0, 0]
    key(qtbot, panel, Qt.Key.Key_Right)
    assert panel.plot.picked.getData()[0][0] > before
    key(qtbot, panel, Qt.Key.Key_Left)
    key(qtbot, panel, Qt.Key.Key_Left)
    assert panel.plot.picked.getData()[0][0] < before + 1.0


# --- curves, fits, counts ------------------------------------------------------------------------


def test_one_input_shows_the_curve(panel, shown, trainer) -> None:
    run = trainer("sine")
    frame, snapshot = shown(run, 50)
    assert view_texts(panel) == ["Curve", "Predicted vs. true"]
    right = predict(run.problem, snapshot.parameters, frame.x[:, None])
    np.testing.assert_array_equal(frame.y, right)
    x, y = panel.plot.curves[0].getData()
    assert len(x) > panel.plot.pixels[0]
    assert (y.min(), y.max()) == (frame.y.min(), frame.y.max())
    point(panel, 1.0, 0.0)
    at = predict(run.problem, snapshot.parameters, np.array([[1.0]]))[0, 0]
    assert f"y1 {at}" in panel.readout.text


def test_one_input_with_two_classes_has_a_line_at_the_threshold(panel, answered, trainer) -> None:
    problem = trainer("moons").problem
    first = type(problem.network)(
        (replace(problem.network.layers[0], inputs=1), *problem.network.layers[1:])
    )
    train = Samples(problem.train.inputs[:, :1].copy(), problem.train.targets)
    initial = np.linspace(-1.0, 1.0, first.size)
    flat = replace(problem, network=first, train=train, test=None, initial=initial)
    panel.set_problem(flat)
    panel.render_snapshot(snapshot_of(flat))
    answered()
    assert view_texts(panel) == ["Curve", "Confusion"]
    assert panel.plot.guide.getData()[1].tolist() == [0.5, 0.5]
    looks = [item.opts["symbol"] for item in panel.plot.points if len(item.data)]
    assert looks == [SHAPES[0], SHAPES[1]]
    assert panel.controls.key.text == "upper, lower"


def test_several_outputs_are_several_curves(panel, trainer, answered) -> None:
    run = trainer("sine")
    problem = run.problem
    train = Samples(problem.train.inputs, np.hstack([problem.train.targets, problem.train.inputs]))
    wide = replace(
        problem,
        network=replace_outputs(problem.network, 2),
        train=train,
        test=None,
        initial=np.linspace(-1, 1, replace_outputs(problem.network, 2).size),
    )
    panel.set_problem(wide)
    assert panel.controls.choice.output == ALL
    panel.render_snapshot(snapshot_of(wide))
    answered()
    assert [len(curve.getData()[0]) > 0 for curve in panel.plot.curves] == [True, True]
    panel.controls.output.setCurrentIndex(2)
    answered()
    lines = [curve for curve in panel.plot.curves if curve.xData is not None]
    assert [line.opts["pen"].color().name() for line in lines] == [class_color(LIGHT, 1)]


def replace_outputs(network, count):
    last = replace(network.layers[-1], units=count)
    return type(network)((*network.layers[:-1], last))


def test_predicted_against_true(panel, shown, answered, trainer) -> None:
    run = trainer("plane")
    shown(run, 100)
    choose_view(panel, 1)
    fit = answered()
    outputs = predict(run.problem, run.to(100).parameters, run.problem.train.inputs)[:, 0]
    np.testing.assert_array_equal(fit.outputs, outputs)
    x, y = panel.plot.points[0].getData()
    np.testing.assert_array_equal(x, run.problem.train.targets[:, 0])
    np.testing.assert_array_equal(y, outputs)
    assert "R²" in panel.readout.text
    panel.controls.part.setCurrentIndex(1)
    assert len(answered().outputs) == len(run.problem.test)
    assert "beyond the axes" not in panel.readout.text
    far = np.array(run.problem.initial)
    far[run.problem.network.is_weight] = 50.0
    panel.render_snapshot(replace(run.to(100), parameters=far))
    answered()
    assert "some values lie beyond the axes" in panel.readout.text


def test_digits_begin_with_the_confusion_matrix(panel, shown, answered, trainer) -> None:
    run = trainer("digits-one-layer")
    confusion, snapshot = shown(run, 200)
    assert view_texts(panel) == ["Confusion", "Surface"]
    assert panel.stack.currentWidget() is panel.matrix
    found = evaluate(run.problem, snapshot.parameters)
    assert confusion.accuracy == found.accuracy
    assert f"{confusion.right:,} of {confusion.total:,} right" in panel.readout.text
    panel.controls.part.setCurrentIndex(1)
    assert answered().accuracy == found.test_accuracy


def test_cells_are_reached_by_keys_and_lead_to_samples(qtbot, panel, shown, selection, trainer):
    run = trainer("digits-one-layer")
    confusion, _ = shown(run, 200)
    for name in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(panel.matrix, name)
    assert panel.matrix.cell == (1, 1)
    count = int(confusion.counts[1, 1])
    assert f"true 1, taken for 1 {count:,}" in panel.readout.text
    assert f"{count:,}" in panel.matrix.toolTip()
    members = confusion.members(1, 1)
    qtbot.keyClick(panel.matrix, Qt.Key.Key_Return)
    assert selection.sample == members[0]
    area = panel.matrix._cell_area((1, 1), panel.matrix._area)
    qtbot.mouseClick(panel.matrix, Qt.MouseButton.LeftButton, pos=area.center().toPoint())
    assert selection.sample == members[1]


def test_of_more_inputs_two_are_chosen_and_the_rest_is_held(
    panel, shown, answered, selection, trainer
) -> None:
    run = trainer("random-classes")
    _, snapshot = shown(run)
    choose_view(panel, 1)
    frame = answered()
    np.testing.assert_allclose(frame.question.held, run.problem.train.inputs.mean(axis=0))
    assert "18 others held at their mean" in panel.readout.text
    panel.controls.across.setValue(5)
    panel.controls.up.setValue(5)
    assert panel.controls.choice.axes == (3, 4)
    assert (answered().question.across, panel._frame.question.up) == (3, 4)
    panel.controls.held.setCurrentIndex(1)
    selection.select_sample(7)
    frame = answered()
    np.testing.assert_array_equal(frame.question.held, run.problem.train.inputs[7])
    assert "those of sample 8" in panel.readout.text
    point(panel, -5.0, -7.0)
    inputs = run.problem.train.inputs[7].copy()
    inputs[[3, 4]] = -5.0, -7.0
    output = predict(run.problem, snapshot.parameters, inputs[None])[0]
    assert str(output.max()) in panel.readout.text


def test_a_held_input_has_the_value_that_is_typed(qtbot, panel, shown, answered, trainer) -> None:
    run = trainer("random-classes")
    shown(run)
    choose_view(panel, 1)
    frame = answered()
    field = panel.controls.held_value
    assert field.input.value() == 3
    assert field.value.text() == str(frame.question.held[2])
    field.value.selectAll()
    qtbot.keyClicks(field.value, "4o")
    qtbot.keyClick(field.value, Qt.Key.Key_Return)
    assert "not a number" in field.value.toolTip()
    assert field.chosen == ()
    field.value.selectAll()
    qtbot.keyClicks(field.value, "3/8")
    qtbot.keyClick(field.value, Qt.Key.Key_Return)
    frame = answered()
    right = run.problem.train.inputs.mean(axis=0)
    right[2] = 0.375
    np.testing.assert_array_equal(frame.question.held, right)
    assert "held at their mean, x3 at 0.375" in panel.readout.text
    panel.controls.held.setCurrentIndex(2)
    assert not answered().question.held.any()
    assert field.value.text() == "0"


def test_what_rounding_leaves_of_a_mean_is_shown_with_its_exponent(panel, shown, trainer) -> None:
    """Else the mean of standardized inputs reads as one below -1."""
    shown(trainer("random-classes"))
    choose_view(panel, 1)
    field = panel.controls.held_value
    field.show_held(np.array([0.0, 0.0, -1.3322676295501878e-15]))
    line = field.value
    assert line.text() == "-1.3322676295501878e-15"
    option = QStyleOptionFrame()
    line.initStyleOption(option)
    room = line.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, line)
    assert line.fontMetrics().horizontalAdvance(line.text()) < room.width()


# --- what can go wrong ---------------------------------------------------------------------------


def test_parameters_that_are_not_finite_are_told_and_not_painted(
    panel, shown, answered, trainer
) -> None:
    run = trainer("moons")
    _, snapshot = shown(run, 3)
    broken = replace(
        snapshot,
        state=RunState.DIVERGED,
        parameters=np.full_like(snapshot.parameters, np.nan),
        iteration=4,
    )
    panel.render_snapshot(broken)
    assert "no longer finite" in message(panel)
    assert panel.plot.surface.image is None
    panel.render_snapshot(run.to(4))
    assert answered().question.iteration == 4
    assert message(panel) == ""


def test_outputs_that_are_not_finite_are_told(panel, answered, trainer) -> None:
    run = trainer("plane")
    panel.set_problem(run.problem)
    snapshot = run.to(1)
    panel.render_snapshot(replace(snapshot, parameters=np.full_like(snapshot.parameters, 1e308)))
    assert not answered().finite
    assert "some outputs are not finite" in panel.readout.text


def test_thousands_of_points_are_thinned_and_it_is_said(panel, answered, trainer) -> None:
    problem = trainer("moons").problem
    many = np.random.default_rng(0).normal(size=(6000, 2))
    train = Samples(many, (many[:, :1] > 0.0) * 1.0)
    panel.set_problem(replace(problem, train=train, test=None))
    panel.render_snapshot(snapshot_of(replace(problem, train=train, test=None)))
    # The panel was told of another problem than the snapshot's, with the same network.
    answered()
    assert sum(len(item.data) for item in panel.plot.points) == MOST
    assert "2,000 of 6,000 points shown" in panel.readout.text


def test_what_was_asked_of_another_problem_is_dropped(panel, shown, answered, trainer) -> None:
    first = trainer("moons")
    first.show_on(panel, 1)
    second = trainer("sine")
    panel.set_problem(second.problem)
    assert panel._frame is None
    panel.render_snapshot(second.to(2))
    assert answered().question.problem is second.problem
    panel.render_snapshot(second.to(3))
    assert answered().question.iteration == 3


def test_after_a_reset_nothing_of_the_old_run_is_shown(qtbot, panel, shown, trainer) -> None:
    run = trainer("moons")
    shown(run, 5)
    iterations = []
    panel._answers.answered.connect(
        lambda outcome: iterations.append(outcome.value[1].question.iteration)
    )
    first = run.to(5)
    panel.render_snapshot(first)
    panel.set_problem(run.problem)
    panel.render_snapshot(replace(first, iteration=0, parameters=run.problem.initial))
    qtbot.waitUntil(lambda: bool(iterations) and not panel._answers.waiting)
    assert set(iterations) == {0}


def test_an_evaluation_that_fails_is_told(panel, answered, trainer, qtbot, caplog) -> None:
    run = trainer("moons")
    panel.set_problem(run.problem)
    snapshot = run.to(1)
    panel.render_snapshot(replace(snapshot, parameters=snapshot.parameters[:-1]))
    qtbot.waitUntil(lambda: "could not be computed" in message(panel))
    panel.render_snapshot(snapshot)
    answered()
    assert message(panel) == ""


def test_choices_stay_when_the_next_problem_has_them(panel, shown, answered, trainer) -> None:
    shown(trainer("moons"))
    choose_view(panel, 1)
    shown(trainer("circle"), 1)
    assert panel.controls.choice.view == "confusion"
    shown(trainer("sine"))
    assert panel.controls.choice.view == "curve"


def test_it_is_recolored_with_the_theme(panel, shown, trainer) -> None:
    run = trainer("xor-quadrants")
    shown(run, 2000)
    light = pixel(panel, 0.0, 4.0)
    panel.set_theme(DARK)
    assert pixel(panel, 0.0, 4.0) != light
    brushes = [item.opts["brush"].color().name() for item in panel.plot.points if len(item.data)]
    assert class_color(DARK, 0) in brushes


def test_it_is_narrow_enough_for_three_columns(panel, shown, trainer) -> None:
    for name in ("moons", "sine", "random-classes", "plane"):
        shown(trainer(name))
        for number in range(2):
            choose_view(panel, number)
            assert panel.minimumSizeHint().width() <= 288


def test_axes_go_by_the_names_of_the_data_and_have_them_in_their_middle(
    panel, trainer, run_of, shown
):
    names = ("a length", "color = as long a name as none of the shorter ones is")
    circle = trainer("circle").problem
    shown(run_of(circle))
    assert (panel.plot.bottom.labelText, panel.plot.left.labelText) == ("x1", "x2")
    shown(run_of(replace(circle, input_names=names)))
    assert panel.plot.bottom.labelText == "x1 a length"
    left = panel.plot.left
    assert left.labelText == "x2 color = as long a name as none of the s…"
    middle = left.label.mapRectToParent(left.label.boundingRect()).center().y()
    assert middle == pytest.approx(left.size().height() / 2, abs=2)
