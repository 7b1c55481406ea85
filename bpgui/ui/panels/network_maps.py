"""Maps of what each unit computes, evaluated in the background and painted into the units of the
network picture."""

from __future__ import annotations

import time
from functools import partial
from math import ceil

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.training.evaluating import Evaluator, Outcome
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.ui.panels.network_painting import DEEPEST, NUMBER_RADIUS, RIM
from bpgui.ui.panels.output_answers import Answers
from bpgui.ui.panels.output_colors import diverging, image_of
from bpgui.ui.panels.vectors import is_vector, rounded
from bpgui.ui.theme import Theme
from bpgui.views.network_picture import Picture, Unit
from bpgui.views.unit_maps import MapsQuestion, UnitMaps, evaluate_maps, has_maps

SECONDS = 0.1  # between two evaluations while a run goes on
SMALLEST = 8.0  # pixels of a unit's radius, for a map that can be read
LEAST, LARGE = 44.0, 120.0  # pixels of the map of the unit under the pointer
APART = 10.0
DOTS = 6  # of a map on paper for each pixel of its radius
ALONE = 0.85  # strength of the colors where no number stands on them


class NetworkMaps(QObject):
    """Keeps the maps of a run up to date as long as they are wanted."""

    changed = Signal(object)  # UnitMaps, or None where there are none

    def __init__(self, evaluator: Evaluator, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answers = Answers(evaluator, self)
        self._answers.answered.connect(self._receive)
        self._problem: Problem | None = None
        self._snapshot: Snapshot | None = None
        self._wanted = True
        self._due = 0.0

    def set_problem(self, problem: Problem) -> None:
        self._problem, self._snapshot, self._due = problem, None, 0.0
        self._answers.forget()
        self.changed.emit(None)

    def set_wanted(self, wanted: bool) -> None:
        self._wanted, self._due = wanted, 0.0
        if not wanted:
            self._answers.forget()
            self.changed.emit(None)
        elif self._snapshot is not None:
            self.follow(self._snapshot)

    def follow(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        problem, now = self._problem, time.monotonic()
        if problem is None or not self._wanted or not has_maps(problem):
            return
        if snapshot.state != RunState.RUNNING or now >= self._due:
            self._due = now + SECONDS
            question = MapsQuestion(problem, snapshot.parameters, snapshot.iteration)
            self._answers.ask(partial(evaluate_maps, question))

    def _receive(self, outcome: Outcome) -> None:
        maps = outcome.value
        if maps is not None and maps.question.problem is self._problem:
            self.changed.emit(maps)


def map_images(maps: UnitMaps, theme: Theme, strength: float) -> dict[Unit, QImage]:
    """The maps as images, whose deepest colors have a `strength` up to 1; the high end of x2 is at
    the top. What is not finite has the color of an error."""
    return {
        (layer, unit): image
        for layer, places in enumerate(maps.places())
        for unit, image in enumerate(_images(places, theme, strength), start=1)
    }


def _images(places: FloatArray, theme: Theme, strength: float) -> list[QImage]:
    """Of maps (units, rows, columns)."""
    return [image_of(colors[::-1]) for colors in diverging(places, theme, strength)]


def paint_maps(painter: QPainter, picture: Picture, maps: UnitMaps, theme: Theme) -> None:
    """Fill the discs of units with their maps, paler where numbers stand on them."""
    radius = picture.radius
    images = map_images(maps, theme, DEEPEST if radius >= NUMBER_RADIUS else ALONE)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for row, (x, y) in enumerate(picture.centers.tolist()):
        image = images.get(picture.unit(row))
        if image is None:
            continue
        place = QRectF(x - radius, y - radius, 2.0 * radius, 2.0 * radius)
        if is_vector(painter):
            painter.drawImage(place, rounded(image, ceil(DOTS * radius)))
            continue
        # Clipped to one disc at a time: for all of them Qt would hand the work to other threads and
        # wait for these, which takes long where processors are busy.
        disc = QPainterPath()
        disc.addEllipse(QPointF(x, y), radius - RIM / 2.0, radius - RIM / 2.0)
        painter.save()
        painter.setClipPath(disc, Qt.ClipOperation.IntersectClip)
        painter.drawImage(place, image)
        painter.restore()


def large_map_area(picture: Picture) -> QRectF | None:
    """Where a map has room to be shown large: below the two inputs, where it hides no
    number of an edge. None where there is too little room."""
    inputs = picture.centers[picture.units[:, 0] == 0]
    if not len(inputs):
        return None
    top = float(inputs[:, 1].max()) + picture.radius + APART
    bottom = picture.area.bottom
    side = min(LARGE, bottom - top)
    return None if side < LEAST else QRectF(APART, bottom - side, side, side)


def paint_large_map(
    painter: QPainter, area: QRectF, unit: Unit, maps: UnitMaps, theme: Theme
) -> None:
    layer, number = unit
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    place = maps.places()[layer][number - 1 : number]
    painter.drawImage(area, _images(place, theme, ALONE)[0])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.border), 1.2))
    painter.drawRect(area)
    painter.restore()
