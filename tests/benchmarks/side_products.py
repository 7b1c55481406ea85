"""The side that tells the arithmetic limit: nothing but the matrix products of an iteration."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
from cases import Arrays, Case
from side import blas_threads, serve_side


class Products:
    """The matrix products of an iteration alone; no losses come of them."""

    def __init__(self, case: Case, data: Arrays) -> None:
        batch, dtype = case.batch, case.dtype
        values = [np.ones((size, batch), dtype) for size in case.sizes]
        deltas = [np.ones((size, batch), dtype) for size in case.sizes]
        gradients = [np.empty_like(weight) for weight in data.weights]
        self._products = []
        for i, weight in enumerate(data.weights):
            self._products += [
                (weight, values[i], np.empty_like(values[i + 1])),
                (deltas[i + 1], values[i].T, gradients[i]),
            ]
            if i:
                self._products.append((weight.T, deltas[i + 1], np.empty_like(deltas[i])))

    def run(self, n: int) -> int:
        for _ in range(n):
            for left, right, out in self._products:
                np.dot(left, right, out=out)
        return n

    def losses(self, n: int) -> list[float]:
        return []


if __name__ == "__main__":
    serve_side(Products, blas_threads if find_spec("threadpoolctl") else None)
