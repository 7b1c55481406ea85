"""Where the units and edges of a network are drawn, and which of them is at a place.

Layers are columns from left to right, layer 0 are the inputs. What has no room is folded: the first
and the last units of a layer are shown, with a note of how many are not, and likewise the layers
of a very deep network. A bias is a short edge from a dot below its unit. Coordinates are pixels
from the top left; units and layers count from 1 as in names.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np

from bpgui.engine.network import FloatArray, Network
from bpgui.views.names import Indices

Unit: TypeAlias = tuple[int, int]

SMALLEST_PITCH = 24.0  # pixels from one unit to the next below it
WIDEST_PITCH = 220.0
NARROWEST_COLUMN = 44.0
MOST_ROWS = 24
RADII = (5.0, 26.0)
SPREAD = 1.7  # how much farther apart the units of a small layer may be than those of the largest


class Area(NamedTuple):
    """The pixels in which units are drawn; the first and the last column have their middle at
    `left` and `right`."""

    left: float
    top: float
    right: float
    bottom: float


class Fold(NamedTuple):
    """The units `first` to `last` of a layer, which are not drawn, and where that is said."""

    layer: int
    first: int
    last: int
    x: float
    y: float

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class LayerFold(NamedTuple):
    """The layers `first` to `last`, which are not drawn."""

    first: int
    last: int
    x: float

    @property
    def size(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, eq=False)
class Picture:
    """`units` (n, 2) are the layer and number of each unit shown, `centers` (n, 2) their places.

    Edge i stands for theta[parameters[i]] and goes from `starts[i]` to `ends[i]` (e, 2), rim to
    rim; `sources` and `targets` (e,) are rows of `units`, -1 as the source of a bias, which starts
    at its dot. `columns` holds the x of each layer that is shown.
    """

    area: Area
    columns: dict[int, float]
    radius: float
    pitch: float
    units: Indices
    centers: FloatArray
    parameters: Indices
    starts: FloatArray
    ends: FloatArray
    sources: Indices
    targets: Indices
    folds: tuple[Fold, ...]
    layer_folds: tuple[LayerFold, ...]

    @property
    def column_pitch(self) -> float:
        """Pixels from one column to the next."""
        return _column_pitch(self.area, len(self.columns) + len(self.layer_folds))

    @cached_property
    def widest_edge(self) -> float:
        """How wide an edge may be, so that many of them can be told apart."""
        between = np.bincount(self.units[self.targets[self.sources >= 0], 0], minlength=1)
        return float(np.clip(24.0 / math.sqrt(max(between.max(), 1)), 2.0, 5.0))

    @property
    def dot(self) -> float:
        """The radius of the dot at which a bias begins."""
        return max(2.0, self.radius * 0.18)

    @cached_property
    def _rows(self) -> dict[Unit, int]:
        return {(int(layer), int(unit)): row for row, (layer, unit) in enumerate(self.units)}

    @cached_property
    def _edges(self) -> dict[int, int]:
        return {int(index): edge for edge, index in enumerate(self.parameters)}

    def row(self, unit: Unit | None) -> int | None:
        """The row of `units` in which a unit stands, None if it is not drawn."""
        return None if unit is None else self._rows.get(unit)

    def unit(self, row: int) -> Unit:
        layer, unit = self.units[row]
        return int(layer), int(unit)

    def edge(self, parameter: int | None) -> int | None:
        """The edge of theta[parameter], None if it is not drawn."""
        return None if parameter is None else self._edges.get(parameter)

    def edges_of(self, row: int) -> Indices:
        """The edges that end or begin at a unit."""
        return np.flatnonzero((self.targets == row) | (self.sources == row))

    def shows(self, unit: Unit) -> bool:
        return unit in self._rows

    # --- what is at a place -----------------------------------------------------------------------

    def unit_at(self, x: float, y: float, slack: float = 2.0) -> int | None:
        """The row of the unit whose disc holds the place, or comes within `slack` of it."""
        if not len(self.centers):
            return None
        distances = np.hypot(*(self.centers - (x, y)).T)
        nearest = int(distances.argmin())
        return nearest if distances[nearest] <= self.radius + slack else None

    def edge_at(self, x: float, y: float, within: float = 6.0) -> int | None:
        """The nearest edge, unless it is farther than `within` pixels."""
        if not len(self.starts):
            return None
        distances = segment_distances(self.starts, self.ends, x, y)
        distances[self.sources < 0] -= self.dot
        nearest = int(distances.argmin())
        return nearest if distances[nearest] <= within else None

    def edges_near(self, x: float, y: float, within: float, most: int) -> list[int]:
        """At most `most` edges within so many pixels, the nearest first."""
        distances = segment_distances(self.starts, self.ends, x, y)
        nearest = np.argsort(distances, kind="stable")[:most]
        return [int(edge) for edge in nearest if distances[edge] <= within]

    def share_along(self, parameter: int, x: float, y: float) -> float:
        """How far along its edge, 0 to 1, the place nearest to (x, y) is; half for an edge that is
        not drawn."""
        edge = self.edge(parameter)
        if edge is None:
            return 0.5
        shares = _shares(self.starts[[edge]], self.ends[[edge]], x, y)
        return float(shares[0])

    def fold_at(self, x: float, y: float, width: float, height: float) -> Fold | None:
        """The fold whose note, of this size, is at the place."""
        for fold in self.folds:
            if abs(fold.x - x) <= width / 2 and abs(fold.y - y) <= height / 2:
                return fold
        return None


def segment_distances(starts: FloatArray, ends: FloatArray, x: float, y: float) -> FloatArray:
    """Shape (n,): how far a place is from each of the straight lines `starts` to `ends` (n, 2)."""
    shares = _shares(starts, ends, x, y)
    nearest = starts + shares[:, None] * (ends - starts)
    distances: FloatArray = np.hypot(nearest[:, 0] - x, nearest[:, 1] - y)
    return distances


def _shares(starts: FloatArray, ends: FloatArray, x: float, y: float) -> FloatArray:
    """Shape (n,): how far along each line, 0 to 1, its place nearest to (x, y) is."""
    along = ends - starts
    lengths = np.einsum("ij,ij->i", along, along)
    towards = np.array((x, y)) - starts
    share = np.einsum("ij,ij->i", towards, along) / np.maximum(lengths, 1e-12)
    clipped: FloatArray = np.clip(share, 0.0, 1.0)
    return clipped


# --- layout --------------------------------------------------------------------------------------


def fold(count: int, most: int, keep: Iterable[int] = ()) -> list[int | range]:
    """The places 0 .. count - 1 as at most `most` entries (3 or more): the first ones, the last,
    those to `keep`, and a range in place of each gap. A gap of one is no gap."""
    if count <= most:
        return list(range(count))
    kept = sorted({place for place in keep if 0 <= place < count} | {count - 1})
    for first in range(most, 0, -1):
        entries = _with_gaps(sorted({*range(first), *kept}))
        if len(entries) <= most:
            return entries
    return entries


def _with_gaps(places: list[int]) -> list[int | range]:
    entries: list[int | range] = [places[0]]
    for before, place in pairwise(places):
        gap = range(before + 1, place)
        entries += [*gap, place] if len(gap) <= 1 else [gap, place]
    return entries


def lay_out(network: Network, area: Area, keep: Collection[Unit] = ()) -> Picture:
    """The picture of a network in `area`; the units in `keep` are shown whatever is folded."""
    counts = [network.inputs, *(layer.units for layer in network.layers)]
    width, height = area.right - area.left, area.bottom - area.top
    most_columns = max(3, int(width / NARROWEST_COLUMN))
    kept_layers = {layer for layer, _ in keep}
    shown = fold(len(counts), most_columns, kept_layers)
    most_rows = min(max(3, int(height / SMALLEST_PITCH)), MOST_ROWS)
    rows = {
        layer: fold(counts[layer], most_rows, [unit - 1 for at, unit in keep if at == layer])
        for layer in shown
        if isinstance(layer, int)
    }
    tallest = max(map(len, rows.values()))
    pitch = min(height / tallest, WIDEST_PITCH)
    across = _column_pitch(area, len(shown))
    radius = float(np.clip(min(pitch * 0.34, across * 0.21), *RADII))

    columns: dict[int, float] = {}
    folds: list[Fold] = []
    layer_folds: list[LayerFold] = []
    units: list[Unit] = []
    centers: list[tuple[float, float]] = []
    for place, entry in enumerate(shown):
        x = area.left + place * across
        if isinstance(entry, range):
            layer_folds.append(LayerFold(entry[0], entry[-1], x))
            continue
        columns[entry] = x
        for row, y in zip(rows[entry], _heights(len(rows[entry]), pitch, area), strict=True):
            if isinstance(row, range):
                folds.append(Fold(entry, row[0] + 1, row[-1] + 1, x, y))
            else:
                units.append((entry, row + 1))
                centers.append((x, y))
    placed = np.array(units, dtype=np.int64).reshape(-1, 2)
    places = np.array(centers, dtype=np.float64).reshape(-1, 2)
    stub = min(max(pitch - 2.0 * radius - 8.0, 3.0), 14.0)
    edges = _edges(network, placed, places, radius, stub)
    return Picture(
        area, columns, radius, pitch, placed, places, *edges, tuple(folds), tuple(layer_folds)
    )


def _column_pitch(area: Area, columns: int) -> float:
    return max((area.right - area.left) / max(columns - 1, 1), 1.0)


def _heights(count: int, pitch: float, area: Area) -> FloatArray:
    """The heights of the entries of a column, around the middle."""
    apart = min((area.bottom - area.top) / count, pitch * SPREAD, WIDEST_PITCH)
    middle = (area.top + area.bottom) / 2.0
    return middle + (np.arange(count) - (count - 1) / 2.0) * apart


def _edges(
    network: Network, units: Indices, centers: FloatArray, radius: float, stub: float
) -> tuple[Indices, FloatArray, FloatArray, Indices, Indices]:
    """Parameters, starts, ends, sources and targets of all edges between the units shown."""
    parameters, sources, targets = [], [], []
    for number, (layer, offset) in enumerate(
        zip(network.layers, network.offsets, strict=False), start=1
    ):
        here = np.flatnonzero(units[:, 0] == number)
        before = np.flatnonzero(units[:, 0] == number - 1)
        first = offset + (units[here, 1] - 1) * layer.columns
        parameters.append(np.add.outer(first, units[before, 1] - 1).ravel())
        targets.append(np.repeat(here, len(before)))
        sources.append(np.tile(before, len(here)))
        if layer.bias != "none":
            parameters.append(first + layer.inputs)
            targets.append(here)
            sources.append(np.full(len(here), -1))
    chosen = np.concatenate(parameters).astype(np.int64)
    source = np.concatenate(sources).astype(np.int64)
    target = np.concatenate(targets).astype(np.int64)
    ends = centers[target]
    starts = centers[source]
    bias = source < 0
    starts[bias] = ends[bias] + (0.0, 2.0 * radius + stub)
    along = ends - starts
    along *= radius / np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    return chosen, starts + along, ends - along, source, target
