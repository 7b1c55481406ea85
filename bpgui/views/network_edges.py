"""How strongly each edge of a network picture is drawn, and where its value stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.network import FloatArray
from bpgui.views.axes import LOG_STEPS, step_above
from bpgui.views.network_picture import Picture
from bpgui.views.numbers import format_number
from bpgui.views.scale import SMALLEST, Scale
from bpgui.views.sizes import largest_size

Levels: TypeAlias = NDArray[np.int8]
Shown: TypeAlias = Literal["weights", "gradients"]

LEVELS = 16
NOT_FINITE = LEVELS + 1
DECADES: dict[Shown, float] = {"weights": 0.5, "gradients": 3.0}
ROOM_BELOW = 30.0  # a scale shrinks when all values are so many times smaller than its limit
LABEL_CHARACTERS = 8
ALONG = (0.3, 0.34, 0.26, 0.38, 0.7, 0.5, 0.22, 0.62)
FAR_END = (0.2, 0.28, 0.36, 0.44, 0.5)
MARGIN = 2.0
DIGIT = 6.0  # about the width of a digit in a unit
LEADING = 5.0  # between values one below the other that are always there


def edge_scale(current: Scale | None, values: FloatArray, shown: Shown) -> Scale:
    """A symmetric logarithmic scale whose limit is the next of 1, 2, 5, 10 ... above the values'
    size. It stays until a value is larger, or all are far smaller."""
    largest = largest_size(values)
    if current is not None and (
        largest == 0.0 or current.limit / ROOM_BELOW <= largest <= current.limit
    ):
        return current
    limit = step_above(max(largest, SMALLEST), LOG_STEPS) if largest > 0.0 else 1.0
    return Scale(limit, limit * 10.0 ** -DECADES[shown])


def levels(values: FloatArray, scale: Scale) -> Levels:
    """Shape (n,): -LEVELS .. LEVELS by sign and size, NOT_FINITE for what is no number. Only what
    is exactly 0 has level 0."""
    finite = np.isfinite(values)
    places = scale.place(np.where(finite, values, 0.0).astype(np.float64))
    sizes = np.clip(np.ceil(np.abs(places) * LEVELS), 0, LEVELS)
    return np.where(finite, np.copysign(sizes, places), NOT_FINITE).astype(np.int8)


def fitting(value: float, characters: int = LABEL_CHARACTERS, digits: int = 4) -> str:
    """`value` in at most `digits` significant digits and in so many characters, where that can be;
    the zero before the point is left out only if two digits would not fit with it."""
    for count in range(digits, 1, -1):
        for text in (format_number(value, count), _exponential(value, count)):
            if len(text) <= characters:
                return text
    for count in range(digits, 0, -1):
        text = _without_zero(format_number(value, count))
        if len(text) <= characters:
            return text
    return _exponential(value, 1)


def in_unit(value: float, characters: int) -> str:
    """As `fitting`, for the little room in a unit: what is too small for it is about 0."""
    text = fitting(value, characters, 4 if characters > 5 else 3)
    return "≈0" if len(text) > characters and abs(value) < 1.0 else text


def unit_texts(
    picture: Picture, activations: Sequence[FloatArray], scale: Scale
) -> tuple[list[str], list[int]]:
    """What stands in each unit shown, and its level of color."""
    found = [activations[layer][unit - 1] for layer, unit in picture.units.tolist()]
    values = np.array(found, dtype=np.float64)
    across = min(2.0 * picture.radius - 4.0, 1.75 * picture.radius)  # below a name it is less
    room = max(3, int(across / DIGIT))
    return [in_unit(value, room) for value in values.tolist()], levels(values, scale).tolist()


def _exponential(value: float, digits: int) -> str:
    mantissa, e, exponent = f"{value:.{digits - 1}e}".partition("e")
    if not e:
        return mantissa
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(exponent)}"


def _without_zero(text: str) -> str:
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


# --- values on edges ------------------------------------------------------------------------------


class Label(NamedTuple):
    """Where the middle of an edge's value stands."""

    edge: int
    x: float
    y: float


def place_labels(
    picture: Picture,
    edges: Iterable[int],
    width: float,
    height: float,
    around: int | None = None,
    taken: Collection[Label] = (),
    along: tuple[float, ...] = ALONG,
) -> list[Label]:
    """Places for values of this size on edges, where they cover no unit and no other value, nor one
    of `taken`; edges without such a place are left out.

    The values of a unit's edges (row `around`) stand near the far ends, where edges part.
    """
    middles = [(label.x, label.y) for label in taken]
    found = []
    for edge in edges:
        for x, y in _candidates(picture, int(edge), width, around, along):
            if _covers_unit(picture, x, y, width, height):
                continue
            near = (abs(x - u) < width + MARGIN and abs(y - v) < height for u, v in middles)
            if not any(near):
                middles.append((x, y))
                found.append(Label(int(edge), x, y))
                break
    return found


def around_share(share: float) -> tuple[float, ...]:
    """Where values may stand near a place that is `share` of the way along an edge."""
    steps = (0.0, -0.08, 0.08, -0.16, 0.16, -0.24, 0.24)
    return tuple(min(max(share + step, 0.12), 0.88) for step in steps)


def all_labels(picture: Picture, width: float, height: float, most: int) -> list[Label]:
    """Places for the values of all edges, if they are at most `most` and have room; else none.
    Where it can be, all stand equally far along their edges."""
    height += LEADING
    edges = range(len(picture.parameters))
    if len(edges) > most:
        return []
    for share in ALONG:
        found = place_labels(picture, edges, width, height, along=(share,))
        if len(found) == len(edges):
            return found
    found = place_labels(picture, edges, width, height)
    return found if len(found) == len(edges) else []


def _candidates(
    picture: Picture, edge: int, width: float, around: int | None, along: tuple[float, ...]
) -> list[tuple[float, float]]:
    start, end = picture.starts[edge], picture.ends[edge]
    if picture.sources[edge] < 0:
        x, y = start.tolist()
        return [(x + picture.dot + width / 2.0, y), (x, y + picture.dot + 9.0)]
    shares = along
    if around is not None:
        shares = FAR_END if picture.targets[edge] == around else tuple(1 - at for at in FAR_END)
    return [(float(x), float(y)) for x, y in (start + at * (end - start) for at in shares)]


def _covers_unit(picture: Picture, x: float, y: float, width: float, height: float) -> bool:
    beside = np.maximum(np.abs(picture.centers[:, 0] - x) - width / 2.0, 0.0)
    above = np.maximum(np.abs(picture.centers[:, 1] - y) - height / 2.0, 0.0)
    return bool((np.hypot(beside, above) < picture.radius + 1.0).any())
