"""What is kept of many gradients, in one pass over each; as in engine.summaries."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.compiled import library
from bpgui.engine.compiled.library import PRECISIONS
from bpgui.engine.network import FloatArray


def largest(rows: FloatArray, edges: NDArray[np.int64]) -> FloatArray:
    """See engine.summaries.largest."""
    found = np.empty((len(rows), len(edges) - 1), rows.dtype)
    function = library.function("fold", PRECISIONS[rows.dtype])
    address, stride = _place(rows)
    edges = np.ascontiguousarray(edges, np.int64)
    if not (edges[0] >= 0 and edges[-1] <= rows.shape[1] and (np.diff(edges) > 0).all()):
        raise ValueError("edges rise within a row")
    function(address, stride, len(rows), edges.ctypes.data, found.shape[1], found.ctypes.data)
    return found


def squares(rows: FloatArray) -> NDArray[np.float64]:
    """See engine.summaries.squares."""
    found = np.empty(len(rows))
    address, stride = _place(rows)
    function = library.function("squares", PRECISIONS[rows.dtype])
    function(address, stride, len(rows), rows.shape[1], found.ctypes.data)
    return found


def _place(rows: FloatArray) -> tuple[int, int]:
    """The address of rows, and how many numbers lie from one to the next."""
    if rows.size and rows.shape[1] > 1 and rows.strides[1] != rows.itemsize:
        raise ValueError("the numbers of a row lie one after the other")
    return rows.ctypes.data, rows.strides[0] // rows.itemsize
