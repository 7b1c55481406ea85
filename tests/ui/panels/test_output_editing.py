"""Samples edited on the Output panel, with real mouse events on a document of its own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from bpgui.experiment import edits
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import find
from bpgui.experiment.models import Lesson
from bpgui.experiment.sources import Inline
from bpgui.training.evaluating import Evaluator
from bpgui.ui.document import Document
from bpgui.ui.panels.output_panel import OutputPanel
from bpgui.ui.theme import LIGHT
from bpgui.views.output_points import points_of

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)

CLASSES = Inline(
    inputs=((0.0, 0.0), (4.0, 0.0), (0.0, 4.0), (4.0, 4.0)),
    targets=((0.0,), (1.0,), (1.0,), (0.0,)),
)
VALUES = Inline(inputs=((0.0, 0.0), (4.0, 4.0), (4.0, 0.0)), targets=((0.5,), (2.5,), (-1.0,)))
CURVE = Inline(inputs=((0.0,), (1.0,), (3.0,)), targets=((0.0,), (2.0,), (0.5,)))
STEPS = Inline(inputs=((0.0,), (1.0,), (3.0,)), targets=((0.0,), (1.0,), (0.0,)))


class Desk:
    """A panel on a document; each change of the experiment begins another run."""

    def __init__(self, qtbot, selection, run_of) -> None:
        self.qtbot, self.selection, self.run_of = qtbot, selection, run_of
        self.evaluator = Evaluator()
        self.document = Document()
        self.panel = OutputPanel(selection, self.evaluator)
        qtbot.addWidget(self.panel)
        self.plot, self.bar = self.panel.plot, self.panel.edit_bar
        self.editing = self.panel.editing
        self.refusals: list[tuple[str, str]] = []
        self.editing.edited.connect(self.document.edit)
        self.document.changed.connect(lambda _old, new: self._follow(new))
        self.document.refused.connect(lambda *told: self.refusals.append(told))
        self.panel.set_theme(LIGHT)
        self.panel.resize(620, 560)
        with qtbot.waitExposed(self.panel):
            self.panel.show()

    def _follow(self, experiment) -> None:
        self.editing.show_experiment(experiment)
        problem = build_problem(experiment, None)
        self.panel.set_problem(problem)
        self.panel.render_snapshot(self.run_of(problem).to(0))

    def open(self, data, *, edit: bool = True) -> Desk:
        experiment = self.document.experiment
        self.document.set_experiment(edits.set_data(experiment, data), None)
        self.panel.controls.edit.setChecked(edit)
        self.wait()
        return self

    def wait(self) -> None:
        panel = self.panel
        self.qtbot.waitUntil(lambda: not panel._answers.waiting and panel._frame is not None)

    @property
    def data(self) -> Inline:
        data = self.document.experiment.data
        assert isinstance(data, Inline)
        return data

    @property
    def steps(self) -> int:
        return self.document.undo_stack.count()

    def pixel(self, x: float, y: float) -> QPoint:
        return self.plot.pixel_of(QPointF(x, y))

    def click(self, x, y, button=LEFT, modifier=NONE) -> None:
        QTest.mouseMove(self.plot.viewport(), self.pixel(x, y))
        QTest.mouseClick(self.plot.viewport(), button, modifier, self.pixel(x, y))
        self.wait()

    def press(self, x, y) -> None:
        QTest.mousePress(self.plot.viewport(), LEFT, NONE, self.pixel(x, y))

    def move(self, x, y) -> None:
        QTest.mouseMove(self.plot.viewport(), self.pixel(x, y))

    def release(self, x, y) -> None:
        QTest.mouseRelease(self.plot.viewport(), LEFT, NONE, self.pixel(x, y))
        self.wait()

    def drag(self, *places) -> None:
        self.press(*places[0])
        for place in places[1:]:
            self.move(*place)
        self.release(*places[-1])

    def key(self, key, modifier=NONE) -> None:
        QTest.keyClick(self.plot, key, modifier)
        self.wait()

    def near(self, x, y):
        """What a place may become: a pixel is not a number."""
        across, up = self.plot.scale
        return pytest.approx((x, y), abs=1.5 * max(1 / across, 1 / up))


@pytest.fixture
def desk(qtbot, selection, run_of):
    desk = Desk(qtbot, selection, run_of)
    yield desk
    desk.evaluator.close()


def digits_after_point(value: float) -> int:
    return len(repr(value).partition(".")[2])


# --- the mouse ------------------------------------------------------------------------------------


def test_a_click_adds_a_sample_of_the_chosen_class(desk: Desk) -> None:
    desk.open(CLASSES)
    desk.click(2.0, 1.0)
    assert desk.data.inputs[:4] == CLASSES.inputs
    assert desk.data.inputs[4] == desk.near(2.0, 1.0)
    assert all(digits_after_point(value) <= 2 for value in desk.data.inputs[4])
    assert desk.data.targets[4] == (0.0,)
    assert desk.selection.sample == 4
    desk.key(Qt.Key.Key_2)
    desk.click(1.0, 2.0)
    assert desk.data.targets[5] == (1.0,)
    assert desk.steps == 2
    desk.document.undo_stack.undo()
    desk.document.undo_stack.undo()
    assert desk.data == CLASSES


def test_without_edit_samples_the_mouse_changes_nothing(desk: Desk) -> None:
    desk.open(CLASSES, edit=False)
    desk.click(2.0, 1.0)
    desk.drag((4.0, 4.0), (3.0, 3.0))
    desk.click(0.0, 0.0, RIGHT)
    desk.key(Qt.Key.Key_Delete)
    assert desk.data == CLASSES
    assert desk.bar.isHidden()


def test_a_drag_is_one_step_and_shows_the_sample_on_its_way(desk: Desk) -> None:
    desk.open(CLASSES)
    axes = desk.plot.shown
    desk.press(4.0, 4.0)
    desk.move(3.0, 3.0)
    desk.move(2.0, 1.0)
    drawn = desk.panel.picture._drawn
    assert tuple(drawn.places[drawn.at(("train", 3))]) == desk.near(2.0, 1.0)
    assert desk.bar.note.text().startswith("x1 = 2")
    assert desk.data == CLASSES
    desk.release(2.0, 1.0)
    assert desk.data.inputs[3] == desk.near(2.0, 1.0)
    assert desk.data.inputs[:3] == CLASSES.inputs[:3]
    assert desk.data.targets == CLASSES.targets
    assert desk.steps == 1
    assert desk.plot.shown == axes
    assert "drag moves" in desk.bar.note.text()


def test_a_double_click_adds_one_sample_and_leaves_the_axes(desk: Desk) -> None:
    desk.open(CLASSES)
    desk.plot.view.setRange(xRange=(0.5, 3.5), yRange=(0.5, 3.5), padding=0.0)
    desk.plot.set_zoomed(True)
    shown = desk.plot.shown
    desk.click(2.0, 1.0)
    QTest.mouseDClick(desk.plot.viewport(), LEFT, NONE, desk.pixel(2.0, 1.0))
    desk.wait()
    assert len(desk.data.inputs) == 5
    assert desk.plot.zoomed
    assert desk.plot.shown == shown


def test_escape_leaves_a_dragged_sample_where_it_was(desk: Desk) -> None:
    desk.open(CLASSES)
    desk.press(4.0, 4.0)
    desk.move(2.0, 1.0)
    desk.key(Qt.Key.Key_Escape)
    desk.release(2.0, 1.0)
    assert desk.data == CLASSES
    drawn = desk.panel.picture._drawn
    assert tuple(drawn.places[drawn.at(("train", 3))]) == (4.0, 4.0)


def test_a_click_on_a_sample_selects_it_and_the_right_button_removes_it(desk: Desk) -> None:
    desk.open(CLASSES)
    desk.click(0.0, 4.0)
    assert desk.selection.sample == 2
    assert desk.data == CLASSES
    desk.click(4.0, 0.0, RIGHT)
    assert desk.data.inputs == (CLASSES.inputs[0], *CLASSES.inputs[2:])


def test_shift_and_a_click_give_a_sample_the_chosen_class(desk: Desk) -> None:
    desk.open(CLASSES)
    desk.bar.classes.setCurrentIndex(1)
    desk.click(0.0, 0.0, LEFT, SHIFT)
    assert desk.data.targets == ((1.0,), *CLASSES.targets[1:])


def test_the_only_sample_stays(desk: Desk) -> None:
    desk.open(Inline(inputs=((1.0, 1.0),), targets=((1.0,),)))
    desk.click(1.0, 1.0, RIGHT)
    assert len(desk.data.inputs) == 1
    assert "1 sample or more" in desk.refusals[0][1]


def test_axes_grow_only_for_what_lies_beyond_them(desk: Desk) -> None:
    desk.open(CLASSES)
    desk.panel.plot.view.setRange(xRange=(-8.0, 12.0), yRange=(-8.0, 12.0), padding=0.0)
    desk.plot.set_zoomed(True)
    shown, limits = desk.plot.shown, desk.plot.limits
    desk.click(2.0, 2.0)
    assert (desk.plot.shown, desk.plot.limits) == (shown, limits)
    desk.click(10.0, 2.0)
    assert desk.plot.shown == shown
    assert desk.plot.limits[0].high > 10.0


def test_the_value_of_new_samples_is_written_beside(desk: Desk, qtbot) -> None:
    desk.open(VALUES)
    assert desk.bar.value.isVisible()
    assert not desk.bar.classes.isVisible()
    assert desk.bar.value.text() == "0.5"
    desk.bar.value.selectAll()
    qtbot.keyClicks(desk.bar.value, "-3/4\r")
    desk.click(2.0, 1.0)
    assert desk.data.targets[3] == (-0.75,)
    desk.bar.value.selectAll()
    qtbot.keyClicks(desk.bar.value, "much\r")
    assert desk.bar.value.property("wrong")
    assert "not a number" in desk.bar.value.toolTip()


# --- over one input -------------------------------------------------------------------------------


def test_over_one_input_the_height_is_the_target(desk: Desk) -> None:
    desk.open(CURVE)
    desk.click(2.0, 1.0)
    (x,), (y,) = desk.data.inputs[3], desk.data.targets[3]
    assert (x, y) == desk.near(2.0, 1.0)
    desk.drag((1.0, 2.0), (1.5, 1.5))
    (x,), (y,) = desk.data.inputs[1], desk.data.targets[1]
    assert (x, y) == desk.near(1.5, 1.5)
    assert desk.steps == 2


def test_over_one_input_the_side_of_the_threshold_is_the_class(desk: Desk) -> None:
    desk.open(STEPS)
    desk.click(2.0, 0.8)
    desk.click(2.5, 0.3)
    assert desk.data.targets[3:] == ((1.0,), (0.0,))
    desk.drag((1.0, 1.0), (1.0, 0.2))
    assert desk.data.targets[1] == (0.0,)


# --- keys -----------------------------------------------------------------------------------------


def test_keys_move_remove_add_and_change_the_chosen_sample(desk: Desk) -> None:
    desk.open(CLASSES)
    desk.key(Qt.Key.Key_N)
    assert desk.selection.sample == 1
    desk.key(Qt.Key.Key_Right, ALT)
    assert desk.data.inputs[1] == (4.01, 0.0)
    desk.key(Qt.Key.Key_Up, SHIFT)
    assert desk.data.inputs[1] == (4.01, 0.1)
    assert desk.steps == 1  # as one step of undo
    desk.key(Qt.Key.Key_1)
    desk.key(Qt.Key.Key_Return)
    assert desk.data.targets[1] == (0.0,)
    desk.key(Qt.Key.Key_Delete)
    assert desk.data.inputs == (CLASSES.inputs[0], *CLASSES.inputs[2:])
    desk.key(Qt.Key.Key_Insert)
    assert desk.data.inputs[3] == desk.near(2.0, 2.0)
    assert desk.selection.sample == 3


# --- what cannot be edited ------------------------------------------------------------------------


def test_generated_samples_are_offered_as_own_data(desk: Desk) -> None:
    desk.document.open_copy(find("circle"))
    desk.panel.controls.edit.setChecked(True)
    desk.wait()
    before = desk.document.experiment
    problem = desk.panel._problem
    assert problem is not None
    desk.click(0.0, 0.0)
    assert desk.document.experiment is before
    assert "test samples too" in desk.bar.note.text()
    desk.bar.own.click()
    desk.wait()
    assert len(desk.data.inputs) == before.data.samples
    made = {tuple(row) for row in desk.data.inputs}
    for part in ("train", "test"):
        points = points_of(problem, part)
        assert points is not None
        assert {tuple(row) for row in points.inputs.tolist()} <= made
    assert not desk.bar.own.isVisible()
    assert desk.bar.classes.isVisible()
    desk.document.undo_stack.undo()
    assert desk.document.experiment == before


def test_what_a_lesson_keeps_is_refused_and_drawn_where_it_was(desk: Desk) -> None:
    desk.open(CLASSES)
    kept = desk.document.experiment.model_copy(update={"lesson": Lesson(locked=("data",))})
    desk.document.set_experiment(kept, None)
    desk.wait()
    desk.drag((4.0, 4.0), (2.0, 1.0))
    desk.click(1.0, 2.0)
    assert desk.data == CLASSES
    assert {place for place, _ in desk.refusals} == {"data.inputs", "data.targets"}
    drawn = desk.panel.picture._drawn
    assert tuple(drawn.places[drawn.at(("train", 3))]) == (4.0, 4.0)
    desk.refusals.clear()
    desk.panel.controls.set_locked(True)
    assert not desk.bar.isVisible()
    desk.drag((4.0, 4.0), (2.0, 1.0))
    assert desk.refusals == []


def test_more_than_two_inputs_cannot_be_pointed_at(desk: Desk) -> None:
    desk.open(Inline(inputs=((0.0, 1.0, 2.0), (1.0, 0.0, 3.0)), targets=((0.0,), (1.0,))))
    assert not desk.panel.controls.edit.isVisible()
    assert desk.bar.isHidden()
