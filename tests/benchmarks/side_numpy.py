"""The side of plain NumPy."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
from cases import Arrays, Case, slices
from side import blas_threads, serve_side


class Plain:
    """What one writes at first: samples are rows, every step is a new array."""

    def __init__(self, case: Case, data: Arrays) -> None:
        self._weights = [weight.copy() for weight in data.weights]
        self._biases = [bias.copy() for bias in data.biases]
        self._batches = [(data.inputs[part], data.targets[part]) for part in slices(case)]
        self._size, self._rate, self._at = case.batch, case.rate, 0

    def run(self, n: int) -> int:
        return len(self.losses(n))

    def losses(self, n: int) -> list[float]:
        weights, biases, size, rate = self._weights, self._biases, self._size, self._rate
        batches, at = self._batches, self._at
        found = []
        for _ in range(n):
            x, t = batches[at]
            at = (at + 1) % len(batches)
            a = [x]
            for w, b in zip(weights, biases, strict=True):
                a.append(1 / (1 + np.exp(-(a[-1] @ w.T + b))))
            found.append(float(((a[-1] - t) ** 2).sum() / (2 * size)))
            delta = (a[-1] - t) / size * a[-1] * (1 - a[-1])
            for i in range(len(weights) - 1, -1, -1):
                by_weight, by_bias = delta.T @ a[i], delta.sum(axis=0)
                if i:
                    delta = (delta @ weights[i]) * a[i] * (1 - a[i])
                weights[i] -= rate * by_weight
                biases[i] -= rate * by_bias
        self._at = at
        return found


if __name__ == "__main__":
    # It comes with scikit-learn; without it BLAS is left as it starts.
    serve_side(Plain, blas_threads if find_spec("threadpoolctl") else None)
