"""Data sets made by rule, drawn from a given random generator: name -> Generator.

The sets of points in a plane and the two regression surfaces follow TensorFlow Playground
(playground.tensorflow.org): the same shapes, sizes and meaning of noise, with targets 0 and 1 for
two classes. Samples of drawn sets come in random order, so that any batch holds a mixture.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from bpgui.datasets.errors import DataError
from bpgui.datasets.table import Floats, Kind, Table, one_hot, table

if TYPE_CHECKING:  # numpy.random takes a while to load, and a start may do without
    from numpy.random import Generator as Random

Points: TypeAlias = tuple[Floats, Floats]  # inputs (n, features), targets (n,) or (n, outputs)
Draw: TypeAlias = "Callable[[Random, int, float, int, int], Points]"

RADIUS = 5.0  # of circle, xor_quadrants and spiral
SURFACE = 6.0  # plane and multi_gauss lie over the square -6 .. 6

_C: Kind = "classification"
_R: Kind = "regression"


class Generator(NamedTuple):
    """`inputs` and `outputs` are the set's columns, None where the network decides.

    `noise` says in words what the number means, and `most_noise` where a control may end: beyond it
    little is left of the set. `classes` names the classes, from 0; None for regression and where
    the network decides.
    """

    label: str
    group: str
    kind: Kind
    inputs: int | None
    outputs: int | None
    noise: str
    most_noise: float
    draw: Draw
    classes: tuple[str, ...] | None = None

    def make(
        self, rng: Random, samples: int, noise: float = 0.0, inputs: int = 2, outputs: int = 1
    ) -> Table:
        """`samples` samples; `inputs` and `outputs` count only where the set leaves them open.

        Raises DataError where the noise is so large that numbers overflow.
        """
        with np.errstate(all="ignore"):
            x, y = self.draw(rng, samples, noise, self.inputs or inputs, self.outputs or outputs)
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            raise DataError(
                f"noise {noise:g} is too large: its samples are no finite numbers", "noise"
            )
        targets = y if y.ndim == 2 else y[:, None]
        columns = targets.shape[1]
        classes = self.classes
        if self.kind == "classification" and classes is None:
            classes = tuple(str(i) for i in range(max(columns, 2)))
        return table(x, targets, self.kind, classes)


def _gate(outputs: tuple[int, int, int, int]) -> Draw:
    points = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    values = np.array(outputs, dtype=np.float64)

    def draw(rng: Random, samples: int, noise: float, inputs: int, outputs: int) -> Points:
        corner = np.arange(samples) % 4
        return points[corner] + noise * rng.standard_normal((samples, 2)), values[corner]

    return draw


def _halves(samples: int) -> Floats:
    """Targets of two classes: the larger half 1, then 0."""
    return np.repeat([1.0, 0.0], [samples - samples // 2, samples // 2])


def _shuffled(rng: Random, inputs: Floats, targets: Floats) -> Points:
    order = rng.permutation(len(inputs))
    return inputs[order], targets[order]


def _jitter(rng: Random, points: Floats, noise: float, reach: float) -> Floats:
    """The points as seen by whoever tells the target: each moved by up to noise * reach."""
    return points + noise * rng.uniform(-reach, reach, points.shape)


def _circle(rng: Random, samples: int, noise: float, inputs: int, outputs: int) -> Points:
    inside = _halves(samples) == 1.0
    radius = rng.uniform(
        np.where(inside, 0.0, 0.7 * RADIUS), np.where(inside, 0.5 * RADIUS, RADIUS)
    )
    angle = rng.uniform(0.0, 2.0 * np.pi, samples)
    points = radius[:, None] * np.column_stack((np.sin(angle), np.cos(angle)))
    seen = _jitter(rng, points, noise, RADIUS)
    return _shuffled(rng, points, (np.hypot(*seen.T) < 0.5 * RADIUS).astype(np.float64))


def _gauss(rng: Random, samples: int, noise: float, inputs: int, outputs: int) -> Points:
    targets = _halves(samples)
    centers = np.where(targets == 1.0, 2.0, -2.0)[:, None]
    deviation = np.sqrt(0.5 + 7.0 * noise)
    return _shuffled(rng, centers + deviation * rng.standard_normal((samples, 2)), targets)


def _xor_quadrants(rng: Random, samples: int, noise: float, inputs: int, outputs: int) -> Points:
    points = rng.uniform(-RADIUS, RADIUS, (samples, 2))
    points += np.where(points > 0.0, 0.3, -0.3)
    seen = _jitter(rng, points, noise, RADIUS)
    return points, (np.sign(seen).prod(axis=1) >= 0.0).astype(np.float64)


def _spiral(rng: Random, samples: int, noise: float, inputs: int, outputs: int) -> Points:
    targets = _halves(samples)
    first = samples - samples // 2
    along = np.concatenate((np.arange(first) / first, np.arange(samples // 2) / first))
    turn = 3.5 * np.pi * along + np.where(targets == 1.0, 0.0, np.pi)
    points = RADIUS * along[:, None] * np.column_stack((np.sin(turn), np.cos(turn)))
    return _shuffled(rng, _jitter(rng, points, noise, 1.0), targets)


def _moons(rng: Random, samples: int, noise: float, inputs: int, outputs: int) -> Points:
    targets = _halves(samples)
    angle = rng.uniform(0.0, np.pi, samples)
    upper = np.column_stack((np.cos(angle), np.sin(angle)))
    lower = np.array([1.0, 0.5]) - upper
    points = np.where(targets[:, None] == 1.0, lower, upper)
    return _shuffled(rng, points + noise * rng.standard_normal((samples, 2)), targets)


def _sine(rng: Random, samples: int, noise: float, inputs: int, outputs: int) -> Points:
    x = rng.uniform(-np.pi, np.pi, (samples, 1))
    return x, np.sin(x) + noise * rng.standard_normal((samples, 1))


def _plane(rng: Random, samples: int, noise: float, inputs: int, outputs: int) -> Points:
    points = rng.uniform(-SURFACE, SURFACE, (samples, 2))
    return points, _jitter(rng, points, noise, SURFACE).sum(axis=1) / 10.0


def _multi_gauss(rng: Random, samples: int, noise: float, inputs: int, outputs: int) -> Points:
    centers = np.array([[x, y] for y in (2.5, -2.5) for x in (-4.0, 0.0, 4.0)])
    signs = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
    points = rng.uniform(-SURFACE, SURFACE, (samples, 2))
    seen = _jitter(rng, points, noise, SURFACE)
    distance = np.hypot(*(seen[:, None, :] - centers).T).T
    heights = signs * np.clip(1.0 - distance / 2.0, 0.0, 1.0)
    highest = np.abs(heights).argmax(axis=1)
    return points, heights[np.arange(samples), highest]


def _random_classes(rng: Random, samples: int, noise: float, inputs: int, outputs: int) -> Points:
    points = rng.uniform(0.0, 100.0, (samples, inputs))
    classes = rng.integers(max(outputs, 2), size=samples)
    moved = points + noise * rng.standard_normal(points.shape)
    return moved, classes.astype(np.float64) if outputs == 1 else one_hot(classes, outputs)


_ADDED = "standard deviation of what is added to each input"
_MOVED = "how far a point may seem moved, as a share of the radius, when its target is told"
_BITS = ("0", "1")

GENERATORS: dict[str, Generator] = {
    "and": Generator("AND", "Logic", _C, 2, 1, _ADDED, 0.5, _gate((0, 0, 0, 1)), _BITS),
    "or": Generator("OR", "Logic", _C, 2, 1, _ADDED, 0.5, _gate((0, 1, 1, 1)), _BITS),
    "xor": Generator("XOR", "Logic", _C, 2, 1, _ADDED, 0.5, _gate((0, 1, 1, 0)), _BITS),
    "circle": Generator(
        "Circle", "Two classes", _C, 2, 1, _MOVED, 0.5, _circle, ("outside", "inside")
    ),
    "gauss": Generator(
        "Gaussian blobs",
        "Two classes",
        _C,
        2,
        1,
        "the variance of each blob is 0.5 + 7 times the noise",
        0.5,
        _gauss,
        ("lower left", "upper right"),
    ),
    "xor_quadrants": Generator(
        "XOR quadrants",
        "Two classes",
        _C,
        2,
        1,
        _MOVED,
        0.5,
        _xor_quadrants,
        ("signs differ", "signs agree"),
    ),
    "spiral": Generator(
        "Spiral",
        "Two classes",
        _C,
        2,
        1,
        "how far a point may be moved along each axis",
        0.5,
        _spiral,
        ("second arm", "first arm"),
    ),
    "moons": Generator("Moons", "Two classes", _C, 2, 1, _ADDED, 0.5, _moons, ("upper", "lower")),
    "random_classes": Generator(
        "Random classes", "Several classes", _C, None, None, _ADDED, 50.0, _random_classes
    ),
    "sine": Generator(
        "Sine",
        "Regression",
        _R,
        1,
        1,
        "standard deviation of what is added to the target",
        0.5,
        _sine,
    ),
    "plane": Generator("Plane", "Regression", _R, 2, 1, _MOVED, 0.5, _plane),
    "multi_gauss": Generator("Six hills", "Regression", _R, 2, 1, _MOVED, 0.5, _multi_gauss),
}
