"""Bringing columns to a common size, by numbers that were found on the training samples."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from bpgui.datasets.table import Floats, Indices

Fit: TypeAlias = Callable[[Floats], tuple[float, float]]


def _standardize(column: Floats) -> tuple[float, float]:
    return float(column.mean()), float(column.std())


def _range(column: Floats) -> tuple[float, float]:
    low = float(column.min())
    return low, float(column.max()) - low


METHODS: dict[str, Fit] = {"standardize": _standardize, "range": _range}


@dataclass(frozen=True, slots=True)
class Scaling:
    """Column j becomes (x - offset[j]) / scale[j]. Without numbers they are found on the training
    samples: mean and standard deviation (divisor n) for "standardize", minimum and extent for
    "range"."""

    method: str
    offset: tuple[float, ...] | None = None
    scale: tuple[float, ...] | None = None


def scaled_in_place(
    scaling: Scaling, values: Floats, train: Indices, left: Collection[int] = ()
) -> Scaling:
    """Scales `values` (n, columns), by numbers found on the rows `train` where there are none yet;
    returns the numbers. A column of one value has scale 1, and columns `left` stay as they are."""
    if scaling.offset is None or scaling.scale is None:
        with np.errstate(over="ignore", invalid="ignore"):
            fit, columns = METHODS[scaling.method], range(values.shape[1])
            found = [(0.0, 1.0) if j in left else fit(values[train, j]) for j in columns]
        scaling = replace(
            scaling,
            offset=tuple(offset for offset, _ in found),
            scale=tuple(scale if 0 < scale < math.inf else 1.0 for _, scale in found),
        )
    values -= np.array(scaling.offset)
    values /= np.array(scaling.scale)
    return scaling
