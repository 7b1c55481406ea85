"""Gradients over time: an image of all of them, curves of each, and norms per layer.

The record has a bin for each parameter, or in large networks for several (see GradientRows). Where
there are more bins than pixels, a row of the picture joins some of one layer and shows the member
of largest size; in place of curves there are bands then, which tell how a layer's bins lie.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.network import FloatArray, Network
from bpgui.training.snapshot import GradientRows
from bpgui.views.axes import Limits, Ticks, linear_limits, log_limits
from bpgui.views.names import Indices
from bpgui.views.scale import Scale, calm_scale
from bpgui.views.thinning import strongest

LABEL_HEIGHT = 12.0
CURVE_POINTS = 12_000
FEWEST_COLUMNS = 48


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Which parameters each row of the picture shows: row i the parameters `edges[i]` to `edges[i +
    1] - 1`, all of layer `layers[i]` (from 0). `bins` says at which bin of the record each row
    begins."""

    bins: Indices
    edges: Indices
    layers: Indices

    def __len__(self) -> int:
        return len(self.bins)

    @property
    def widest(self) -> int:
        """How many parameters the widest row stands for."""
        return int(np.diff(self.edges).max())

    def row_of(self, index: int) -> int:
        """The row that shows theta[index]."""
        return int(np.searchsorted(self.edges, index, side="right")) - 1


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Values (r, n) that were found from the rows of a record, and the iterations (r,) of these."""

    iteration: NDArray[np.int64]
    values: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Gradients (c, rows) from the iterations `begin` (c,) on, each the one of largest size until
    the next column begins, at the next multiple of `width`; the last ends at `end`."""

    begin: FloatArray
    rows: FloatArray
    width: int
    end: float


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What is shown of a record in `width` pixels: its rows laid out, thinned to the columns there
    are, and the scale."""

    width: int
    layout: Layout
    rows: History
    columns: Columns
    scale: Scale


def picture(
    network: Network,
    record: GradientRows,
    width: int,
    height: int,
    before: Picture | None = None,
) -> Picture | None:
    """The picture of a record in `width` x `height` pixels, None as long as the record is empty. Of
    the same record in the same height `before`, what is known is used again, and the scale never
    shrinks; it is `before` itself as long as there is nothing new."""
    if len(record.iteration) == 0:
        return None
    rows_laid_out = layout(network, record.edges, height) if before is None else before.layout
    rows = carried_on(
        None if before is None else before.rows, record, lambda new: in_rows(new, rows_laid_out)
    )
    if before is not None and rows is before.rows and width == before.width:
        return before
    return Picture(
        width,
        rows_laid_out,
        rows,
        in_columns(rows, width),
        calm_scale(None if before is None else before.scale, rows.values),
    )


def layout(network: Network, edges: NDArray[np.int64], height: int) -> Layout:
    """Rows for a picture `height` pixels high: one per bin if they fit, else equally many bins in
    each row but the last of a layer."""
    bins = len(edges) - 1
    joined = -(-bins // max(height, 1))
    layers = layer_of_bins(network, edges)
    starts = [
        np.arange(first, after, joined)
        for first, after in zip(
            np.searchsorted(layers, np.arange(len(network.layers))),
            np.searchsorted(layers, np.arange(len(network.layers)), side="right"),
            strict=True,
        )
    ]
    begins = np.concatenate(starts)
    return Layout(begins, np.append(edges[begins], edges[-1]), layers[begins])


def layer_of_bins(network: Network, edges: NDArray[np.int64]) -> Indices:
    """The layer (from 0) in which each bin begins."""
    return np.searchsorted(np.array(network.offsets[1:]), edges[:-1], side="right")


def carried_on(
    known: History | None, record: GradientRows, find: Callable[[FloatArray], FloatArray]
) -> History:
    """`find(rows)`, which goes row by row, for a whole record; only for rows that are not known
    yet, and `known` itself if there are none. A record that has doubled its stride keeps every
    other row."""
    if known is None or len(known.iteration) == 0:
        return History(record.iteration, find(record.rows))
    if np.array_equal(known.iteration, record.iteration):
        return known
    kept = np.isin(known.iteration, record.iteration, assume_unique=True)
    count = np.count_nonzero(kept)
    if not np.array_equal(known.iteration[kept], record.iteration[:count]):
        return History(record.iteration, find(record.rows))
    values = known.values if kept.all() else known.values[kept]
    if count < len(record.iteration):
        values = np.concatenate([values, find(record.rows[count:])])
    return History(record.iteration, values)


def in_rows(rows: FloatArray, layout: Layout) -> FloatArray:
    """Rows (r, bins) of a record as (r, rows of the picture)."""
    return strongest(rows, layout.bins, axis=1)


def in_columns(history: History, columns: int) -> Columns:
    """At most `columns` columns, cut at fixed iterations, so that they stand still while others
    come."""
    iteration = history.iteration
    stride = int(iteration[1] - iteration[0]) if len(iteration) > 1 else 1
    end = float(iteration[-1] + stride) if len(iteration) else 0.0
    begin = iteration.astype(np.float64)
    return fewer(Columns(begin, history.values, stride, end), columns)


def fewer(columns: Columns, most: int) -> Columns:
    """The same as at most so many columns, each of 2, 4, 8 ... of those before."""
    width = columns.width
    while len(columns.begin) * columns.width > width * most:
        width *= 2
    starts = np.flatnonzero(np.diff(columns.begin // width, prepend=-1.0))
    rows = strongest(columns.rows, starts, axis=0)
    return Columns(columns.begin[starts], rows, width, columns.end)


def colored(values: FloatArray, scale: Scale) -> NDArray[np.uint8]:
    """Values as indices into 256 colors: 0 the most negative, 255 the most positive; NaN as
    zero."""
    precision = np.float32 if 1e-30 < scale.limit < 1e30 else np.float64
    place = scale.place(values.astype(precision))
    place *= 127.5
    place += 128.0
    np.nan_to_num(place, copy=False, nan=128.0)
    return np.clip(place, 0.0, 255.0, out=place).astype(np.uint8)


def separators(layout: Layout) -> FloatArray:
    """The rows at which a layer begins, but the first."""
    return np.flatnonzero(np.diff(layout.layers)) + 1.0


def strip_labels(
    network: Network, layout: Layout, limits: Limits, height: float, layer: str
) -> Ticks:
    """Labels of the rows within `limits`, which are `height` pixels high: each parameter's name
    where there is room, else the layers by `layer`, a text with {number}."""
    low, high = max(limits.low, 0.0), min(limits.high, float(len(layout)))
    pixel = (limits.high - limits.low) / max(height, 1.0)
    if layout.widest == 1 and pixel * LABEL_HEIGHT <= 1.0:
        rows = np.arange(int(low), int(np.ceil(high)))
        return Ticks(rows + 0.5, [network.parameter(int(i)).name for i in rows])
    borders = np.concatenate([[0.0], separators(layout), [float(len(layout))]])
    begin, end = np.clip(borders[:-1], low, high), np.clip(borders[1:], low, high)
    shown = np.flatnonzero(end - begin >= pixel * LABEL_HEIGHT)
    texts = [layer.format(number=int(layout.layers[int(borders[i])]) + 1) for i in shown]
    return Ticks((begin + end)[shown] / 2.0, texts)


def band_heights(rows: FloatArray, layers: Indices) -> FloatArray:
    """Of each layer's bins in rows (r, bins) the lowest, the quarter below, the quarter above and
    the highest, shape (r, layers, 4); `layers` (bins,) are the bins' layers."""
    number = int(layers[-1]) + 1
    heights = np.empty((len(rows), number, 4))
    for layer in range(number):
        ordered = np.sort(rows[:, layers == layer], axis=1)
        last = ordered.shape[1] - 1
        heights[:, layer] = ordered[:, [0, last // 4, last - last // 4, last]]
    return heights


def band_polygons(bands: History, scale: Scale) -> list[list[tuple[FloatArray, FloatArray]]]:
    """Per layer two closed outlines as x and y: from the lowest to the highest, and the middle
    half. What is not finite is drawn at the edge."""
    x = np.concatenate([bands.iteration, bands.iteration[::-1]]).astype(np.float64)
    places = np.clip(scale.place(np.nan_to_num(bands.values, nan=np.inf)), -1.0, 1.0)
    return [
        [(x, np.concatenate([layer[:, low], layer[::-1, high]])) for low, high in ((0, 3), (1, 2))]
        for layer in places.transpose(1, 0, 2)
    ]


def columns_for_curves(rows: int, width: int) -> int:
    """How many columns the curves of so many rows may have, to be painted in good time."""
    return min(width, max(FEWEST_COLUMNS, CURVE_POINTS // max(rows, 1)))


def layer_curves(
    columns: Columns, layers: Indices, scale: Scale
) -> list[tuple[FloatArray, FloatArray]]:
    """Per layer one curve through all its rows, each parted from the next by NaN."""
    places = scale.place(np.asarray(columns.rows, dtype=np.float64))
    count = len(columns.begin)
    curves = []
    for layer in range(int(layers[-1]) + 1):
        block = places[:, layers == layer].T
        y = np.full((len(block), count + 1), np.nan)
        y[:, :count] = block
        x = np.tile(np.append(columns.begin, np.nan), len(block))
        curves.append((x, y.ravel()))
    return curves


def faintness(curves: list[tuple[FloatArray, FloatArray]], number: int, width: int) -> float:
    """How far the color of so many curves is to fade into the background, from 0 to 0.75.

    Many curves fade, and more so those that go up and down so often that their lines, set side by
    side, would fill the `width` pixels of the picture many times over. It changes in steps, for a
    color that changes with each frame would flicker.
    """
    steps = (np.abs(np.diff(y[np.isfinite(y)])) for _, y in curves)
    filled = sum(float(step.sum()) for step in steps) / (2.0 * max(width, 1))  # y in -1 .. 1
    by_ink = min(0.15 * math.floor(math.log2(max(filled / 0.25, 1.0))), 0.75)
    by_number = min(1.0 - 4.0 / math.sqrt(max(number, 1)), 0.6)
    return max(by_ink, by_number, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class NormPicture:
    """The size of each layer's gradient over time: the norms, how high they are drawn, shape (r,
    number), and the limits that hold them."""

    norms: History
    heights: FloatArray
    limits: Limits


def norm_picture(record: GradientRows, log: bool, before: NormPicture | None = None) -> NormPicture:
    """The norms of a record; of the same record with the same `log`, the limits of `before` never
    shrink."""
    heights, limits = norm_curves(record.norms, log)
    norms = History(record.iteration, record.norms)
    return NormPicture(norms, heights, limits if before is None else before.limits.joined(limits))


def norm_curves(norms: FloatArray, log: bool) -> tuple[FloatArray, Limits]:
    """Norms (r, number) as they are drawn, log10 of them if `log` with NaN where there is none, and
    the limits that hold them."""
    finite = np.isfinite(norms)
    if not log:
        return norms, linear_limits(0.0, float(norms.max(initial=0.0, where=finite)))
    positive = finite & (norms > 0.0)
    low = norms.min(initial=np.inf, where=positive)
    high = norms.max(initial=0.0, where=positive)
    heights = np.log10(norms, where=positive, out=np.full(norms.shape, np.nan))
    return heights, log_limits(float(low), float(high))


def largest_in(gradient: FloatArray | None, first: int, after: int) -> int:
    """Of the parameters `first` to `after - 1` the one with the largest gradient now."""
    if gradient is None:
        return first
    return first + int(np.nan_to_num(np.abs(gradient[first:after])).argmax())


def nearest_row(columns: Columns, scale: Scale, x: float, y: float, tolerance: float) -> int | None:
    """The row whose curve passes nearest to the place (x, y), None if none is within
    `tolerance`."""
    if len(columns.begin) == 0:
        return None
    places = scale.place(np.asarray(columns.rows, dtype=np.float64))
    heights = np.array([np.interp(x, columns.begin, place) for place in places.T])
    distance = np.abs(heights - y)
    distance[np.isnan(distance)] = np.inf
    best = int(distance.argmin())
    return best if distance[best] <= tolerance else None
