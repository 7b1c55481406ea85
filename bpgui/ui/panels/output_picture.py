"""What is drawn on the Output panel's plot for a frame, and what of it is pointed at or picked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt, Signal

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.ui.panels.output_colors import palette
from bpgui.ui.panels.output_controls import ALL, Choice
from bpgui.ui.panels.output_drawing import NOTHING, Sample, on_curve, on_fit, on_surface
from bpgui.ui.panels.output_plot import OutputPlot
from bpgui.ui.theme import LIGHT, Theme
from bpgui.views.axes import Limits
from bpgui.views.names import unit_name
from bpgui.views.outer_names import data_name
from bpgui.views.output_curve import Curve, curve_limits
from bpgui.views.output_judged import Fit
from bpgui.views.output_points import Direction, Points, moved, nearest, neighbor, points_of
from bpgui.views.output_space import (
    OutputView,
    Part,
    extent,
    samples_of,
    target_extent,
    value_scale,
)
from bpgui.views.output_surface import Surface, boundary, painted
from bpgui.views.thinning import thin

REACH = 9.0  # pixels around a point in which it is meant
ALIKE = 4.0  # spans of two inputs that differ less are drawn in one scale
ARROWS: dict[Qt.Key, Direction] = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}


class OutputPicture(QObject):
    """Fills a plot. The sample that is picked may be one that is not drawn."""

    pointed = Signal()  # at another place or sample
    picked = Signal(str, int)  # part, index

    def __init__(self, plot: OutputPlot) -> None:
        super().__init__(plot)
        self.plot = plot
        self._theme = LIGHT
        self._problem: Problem | None = None
        self._choice: Choice | None = None
        self._points: list[Points] = []
        self._shown: list[Points] = []
        self._frame: Surface | Curve | Fit | None = None
        self._drawn = NOTHING
        self._pointer: QPointF | None = None
        self._picked: Sample = ("train", 0)
        self._steady = False
        plot.hovered.connect(self._point)
        plot.clicked.connect(self._click)
        moves: dict[Qt.Key, Callable[[], None]] = {
            key: lambda direction=direction: self._move(direction)  # type: ignore[misc]
            for key, direction in ARROWS.items()
        }
        plot.keys |= moves | {
            Qt.Key.Key_N: lambda: self._leaf(1),
            Qt.Key.Key_P: lambda: self._leaf(-1),
        }

    # --- what is shown ---------------------------------------------------------------------------

    def set_problem(self, problem: Problem, steady: bool = False) -> None:
        """Where it is `steady`, as while samples are edited, axes and zoom stay as long as the
        samples lie within them, and the last surface until there is the next."""
        self._problem, self._frame = problem, None
        self._points = _points(problem)
        self._steady = steady and self._choice is not None
        if self._steady:
            return
        self._choice, self._shown = None, []
        self._drawn, self._pointer = NOTHING, None
        self.plot.clear()

    def set_choice(self, choice: Choice) -> None:
        """Lay out axes and points; the surface or the curve comes with the next frame."""
        assert self._problem is not None
        before, self._choice = self._choice, choice
        steady, self._steady = self._steady, False
        if before is None or before.place != choice.place:
            self._frame = None
            self.plot.clear()
            _FRAMES[choice.view](self)
            self.plot.show_all()
        else:
            self._draw()
        self._draw_points()
        if steady and self._beyond:
            _FRAMES[choice.view](self)

    def show_frame(self, frame: Surface | Curve | Fit) -> None:
        self._frame = frame
        self._draw()
        if isinstance(frame, Fit):
            self._draw_points()

    def preview(
        self, index: int, inputs: Sequence[float], targets: Sequence[float] | None, place: QPointF
    ) -> None:
        """Draw a training sample as if it had these inputs and targets (None for its own), which
        put it at a place."""
        self._points = [
            moved(points, index, inputs, targets) if points.part == "train" else points
            for points in self._points
        ]
        self._draw_points()
        at = np.array([place.x(), place.y()])
        self.plot.mark(at)
        self.plot.point_at(at)

    def restore(self) -> None:
        """Draw the samples as they are."""
        assert self._problem is not None
        self._points = _points(self._problem)
        self.plot.point_at(None)
        if self._choice is not None:
            self._draw_points()

    def show_picked(self, sample: Sample) -> None:
        self._picked = sample
        self.plot.mark(self._place_of(sample))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.plot.set_theme(theme)
        self._draw()

    @property
    def outputs(self) -> range:
        """The outputs that are drawn as curves."""
        assert self._problem is not None
        assert self._choice is not None
        output = self._choice.output
        return range(self._problem.network.outputs) if output == ALL else range(output, output + 1)

    @property
    def thinned(self) -> tuple[int, int] | None:
        """How many of how many points are drawn, None where all are."""
        shown, total = sum(len(p.indices) for p in self._shown), sum(p.total for p in self._shown)
        return (shown, total) if shown < total else None

    @property
    def outside(self) -> bool:
        """Whether values lie beyond the axes, which training does not move."""
        frame, y = self._frame, self.plot.limits[1]
        values: FloatArray = np.empty(0)
        if isinstance(frame, Fit):
            values = frame.outputs
        elif isinstance(frame, Curve):
            values = frame.y[:, self.outputs]
        return bool((values < y.low).any() or (values > y.high).any())

    # --- axes ------------------------------------------------------------------------------------

    def _frame_surface(self) -> None:
        problem, choice = self._problem, self._choice
        assert problem is not None
        assert choice is not None
        x, y = extent(problem, choice.across), extent(problem, choice.up)
        self._name(choice.across, data_name(problem, choice.up))
        spans = sorted((x.high - x.low, y.high - y.low))
        self._limit(x, y, alike=spans[1] < ALIKE * spans[0])

    def _frame_curve(self) -> None:
        problem = self._problem
        assert problem is not None
        names = [
            unit_name(problem.network, len(problem.network.layers), j + 1) for j in self.outputs
        ]
        self._name(0, names[0] if len(names) == 1 else "y")
        x, y = extent(problem, 0), curve_limits(problem, self.outputs)
        self._limit(x, y, alike=False)
        if problem.threshold is not None:
            self.plot.set_guide(np.array([[x.low, problem.threshold], [x.high, problem.threshold]]))

    def _frame_fit(self) -> None:
        problem, choice = self._problem, self._choice
        assert problem is not None
        assert choice is not None
        limits = target_extent(problem, choice.output)
        self.plot.set_names(self.tr("true"), self.tr("predicted"))
        self._limit(limits, limits, alike=True)
        self.plot.set_guide(np.array([limits, limits], dtype=np.float64).T)

    def _name(self, across: int, up: str) -> None:
        assert self._problem is not None
        self.plot.set_names(data_name(self._problem, across), up)

    def _limit(self, x: Limits, y: Limits, alike: bool) -> None:
        self.plot.view.setAspectLocked(alike)
        self.plot.set_limits(x, y)

    @property
    def _beyond(self) -> bool:
        """Whether samples are drawn beyond the axes."""
        x, y = self.plot.limits
        low, high = np.array([x, y]).T
        return bool(((self._drawn.places < low) | (self._drawn.places > high)).any())

    # --- drawing ---------------------------------------------------------------------------------

    def _draw(self) -> None:
        frame = self._frame
        if isinstance(frame, Surface):
            self._draw_surface(frame)
        elif isinstance(frame, Curve):
            self._draw_curves(frame)

    def _draw_surface(self, surface: Surface) -> None:
        assert self._choice is not None
        question = surface.question
        scale = value_scale(question.problem, question.output)
        colors = painted(surface, scale, palette(self._theme), self._choice.steps)
        self.plot.set_surface(colors, question.x, question.y)
        self.plot.set_boundary(boundary(surface, scale))

    def _draw_curves(self, curve: Curve) -> None:
        columns = self.plot.pixels[0]
        lines = [thin(curve.x, curve.y[:, output], columns) for output in self.outputs]
        self.plot.set_curves(lines, list(self.outputs))

    def _draw_points(self) -> None:
        problem, choice = self._problem, self._choice
        assert problem is not None
        assert choice is not None
        parts = [points for points in self._points if _shows(choice, points)]
        self._shown = parts
        if choice.view == "surface":
            scale = value_scale(problem, choice.output)
            self._drawn = on_surface(problem, parts, *choice.axes, scale, choice.output)
        elif choice.view == "curve":
            self._drawn = on_curve(problem, parts, self.outputs)
        else:
            fit = self._fit_of(choice.part)
            self._drawn = NOTHING if fit is None else on_fit(fit, parts[0])
        self.plot.set_points(self._drawn.groups)
        self.show_picked(self._picked)

    def _place_of(self, sample: Sample) -> FloatArray | None:
        """Where a sample stands or would stand, None where there is no place for it."""
        problem, choice, (part, index) = self._problem, self._choice, sample
        samples = None if problem is None else samples_of(problem, part)
        if samples is None or choice is None or index >= len(samples):
            return None
        if choice.view == "surface":
            return samples.data_inputs[index][list(choice.axes)]
        if choice.view == "curve":
            target = samples.targets[index, self.outputs[0]]
            return np.array([samples.data_inputs[index, 0], target])
        fit = self._fit_of(part)
        return None if fit is None else np.array([fit.targets[index], fit.outputs[index]])

    def _fit_of(self, part: Part) -> Fit | None:
        fit = self._frame
        return fit if isinstance(fit, Fit) and fit.question.part == part else None

    # --- pointing and picking --------------------------------------------------------------------

    @property
    def picked_sample(self) -> Sample:
        return self._picked

    @property
    def sample(self) -> Sample | None:
        """The sample under the pointer."""
        return None if self._pointer is None else self.sample_at(self._pointer)

    def sample_at(self, place: QPointF) -> Sample | None:
        found = nearest(self._drawn.places, (place.x(), place.y()), self.plot.scale, REACH)
        return None if found is None else self._drawn.samples[found]

    @property
    def place(self) -> tuple[float, float] | None:
        """The pointer's place in the plot."""
        return None if self._pointer is None else (self._pointer.x(), self._pointer.y())

    def _point(self, place: QPointF | None) -> None:
        self._pointer = place
        sample = self.sample
        self.plot.point_at(None if sample is None else self._place_of(sample))
        self.pointed.emit()

    def _click(self, place: QPointF) -> None:
        self._pointer = place
        sample = self.sample
        if sample is not None:
            self.picked.emit(*sample)

    def _move(self, direction: Direction) -> None:
        at = self._drawn.at(self._picked)
        if at is None:
            self._leaf(1)
            return
        found = neighbor(self._drawn.places, at, direction, self.plot.scale)
        self.picked.emit(*self._drawn.samples[found])

    def _leaf(self, by: int) -> None:
        """To the next sample that is drawn, or the one before."""
        samples = self._drawn.samples
        if samples:
            at = self._drawn.at(self._picked)
            next_one = 0 if at is None else (at + by) % len(samples)
            self.picked.emit(*samples[next_one])


def _points(problem: Problem) -> list[Points]:
    found = (points_of(problem, part) for part in ("train", "test"))
    return [points for points in found if points is not None]


def _shows(choice: Choice, points: Points) -> bool:
    if choice.view == "fit":
        return points.part == choice.part
    return points.part == "train" or choice.test


_FRAMES: dict[OutputView, Callable[[OutputPicture], None]] = {
    "surface": OutputPicture._frame_surface,
    "curve": OutputPicture._frame_curve,
    "fit": OutputPicture._frame_fit,
}
