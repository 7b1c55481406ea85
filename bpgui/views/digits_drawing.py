"""A digit that is drawn by hand, made into a picture like those that a network was trained on.

MNIST's digits were scaled so that their longer side has 20 of 28 pixels, then shifted so that their
center of mass is that of the picture (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of
handwritten digits"). Other pictures have other sizes, so that size and center are taken from the
training data; of MNIST they come to just that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem

CANVAS = 140  # dots of a drawing's side
MOST = 500  # pictures that are looked at
INK = 0.1  # of the darkest ink: what is fainter does not count for a digit's size
MNIST_SIZE = 20.0 / 28.0

Place = tuple[float, float]  # row and column, from the upper left corner


@dataclass(frozen=True, slots=True)
class Framing:
    """How digits stand in pictures of side x side pixels: the `size` of their longer side in
    pixels, their center of mass, and the values of paper and ink."""

    side: int
    size: float
    center: Place
    paper: float
    ink: float

    def depth(self, picture: FloatArray) -> FloatArray:
        """Values as depths from 0, the paper, to 1, the ink."""
        depth: FloatArray = np.clip((picture - self.paper) / (self.ink - self.paper), 0.0, 1.0)
        return depth

    def values(self, depth: FloatArray) -> FloatArray:
        values: FloatArray = self.paper + (self.ink - self.paper) * depth
        return values


def framing_of(problem: Problem, side: int) -> Framing:
    """How the training samples stand in their pictures; as in MNIST where nothing is drawn."""
    pictures = problem.train.data_inputs[:MOST].reshape(-1, side, side).astype(np.float64)
    low, middle, high = (float(value) for value in np.quantile(pictures, (0.0, 0.5, 1.0)))
    paper, ink = (low, high) if middle - low <= high - middle else (high, low)
    if ink == paper:
        return Framing(side, MNIST_SIZE * side, (side / 2.0, side / 2.0), paper, paper + 1.0)
    plain = Framing(side, 0.0, (0.0, 0.0), paper, ink)
    depths = plain.depth(pictures)
    drawn = [depth for depth in depths if depth.max() > INK]
    sizes = [max(bottom - top, right - left) for top, bottom, left, right in map(ink_box, drawn)]
    centers = np.mean([center_of_mass(depth) for depth in drawn], axis=0)
    center = float(centers[0]), float(centers[1])
    return Framing(side, float(np.median(sizes)), center, paper, ink)


def blank() -> FloatArray:
    """A drawing (CANVAS, CANVAS) with nothing on it: 0 is paper, 1 is ink."""
    return np.zeros((CANVAS, CANVAS))


def stroke(
    drawing: FloatArray, start: Place, end: Place, radius: float, erase: bool = False
) -> FloatArray:
    """A drawing with one more line, with round ends; places and radius are in dots."""
    (top, left), (bottom, right) = np.minimum(start, end), np.maximum(start, end)
    reach = radius + 1.0
    rows = slice(max(int(top - reach), 0), max(int(bottom + reach) + 1, 0))
    columns = slice(max(int(left - reach), 0), max(int(right + reach) + 1, 0))
    drawn = drawing.copy()
    part = drawn[rows, columns]
    if part.size:
        y = np.arange(len(part))[:, None] + rows.start + 0.5
        x = np.arange(part.shape[1]) + columns.start + 0.5
        cover = np.clip(radius + 0.5 - _distance(y, x, start, end), 0.0, 1.0)
        part[...] = np.minimum(part, 1.0 - cover) if erase else np.maximum(part, cover)
    return drawn


def framed(drawing: FloatArray, framing: Framing, centered: bool = True) -> FloatArray:
    """The drawing as a picture (side, side) of values like those of the data. What is drawn is
    scaled and shifted as the data's digits are, but never so far that it leaves the picture; unless
    it is to be `centered`, the canvas is the picture."""
    side, top, left, dots = framing.side, 0.0, 0.0, len(drawing) / framing.side
    if centered and drawing.max() > INK:
        box, mass = ink_box(drawing), center_of_mass(drawing)
        dots = max(box[1] - box[0], box[3] - box[2]) / framing.size
        top, left = (
            _shifted(middle - center * dots, low, high, side * dots)
            for middle, center, (low, high) in zip(
                mass, framing.center, (box[:2], box[2:]), strict=True
            )
        )
    down = _averages(top, dots, side, len(drawing))
    across = _averages(left, dots, side, len(drawing))
    return framing.values(down @ drawing @ across.T)


def ink_box(depth: FloatArray) -> tuple[int, int, int, int]:
    """First and last row, first and last column with ink, each last one behind it."""
    ends = (np.flatnonzero((depth > INK).any(axis=axis)) for axis in (1, 0))
    rows, columns = ((int(found[0]), int(found[-1]) + 1) for found in ends)
    return *rows, *columns


def center_of_mass(depth: FloatArray) -> Place:
    total = depth.sum()
    row, column = (
        float(depth.sum(axis=axis) @ (np.arange(depth.shape[1 - axis]) + 0.5) / total)
        for axis in (1, 0)
    )
    return row, column


def _distance(y: FloatArray, x: FloatArray, start: Place, end: Place) -> FloatArray:
    """Of dots at (y, x) from the line between two places."""
    along_y, along_x = end[0] - start[0], end[1] - start[1]
    length = along_y**2 + along_x**2
    share = ((y - start[0]) * along_y + (x - start[1]) * along_x) / (length or 1.0)
    share = np.clip(share, 0.0, 1.0)
    distance: FloatArray = np.hypot(y - start[0] - share * along_y, x - start[1] - share * along_x)
    return distance


def _shifted(start: float, low: float, high: float, room: float) -> float:
    """The start of a window of so much `room`, moved as little as holds low .. high within it."""
    if high - low > room:
        return (low + high - room) / 2.0
    return min(max(start, high - room), low)


def _averages(start: float, step: float, count: int, dots: int) -> FloatArray:
    """Shape (count, dots): how much each dot counts in the mean over `step` dots from
    `start + i * step`."""
    low = start + step * np.arange(count)[:, None]
    dot = np.arange(dots)
    overlap: FloatArray = np.clip(np.minimum(low + step, dot + 1) - np.maximum(low, dot), 0.0, None)
    return overlap / step
