"""Loss functions, each giving its value and the error signal that backpropagation starts from.

An entry of LOSSES is called as `loss(a, t, delta, scratch, factor)` with the outputs a and the
targets t of a batch, both (outputs, batch). It returns factor * (sum of the per-sample losses) and
writes factor * dL/da into `delta`. The factor is the reduction: 1 for a sum over the batch,
1 / batch for its mean.

An entry of FUSED belongs to a pair of output activation and loss whose derivatives cancel. It is
called in the same way, but finds pre-activations z where the others find a, leaves a in their
place, and writes factor * dL/dz into `delta`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from bpgui.engine.network import FloatArray

Loss: TypeAlias = Callable[[FloatArray, FloatArray, FloatArray, FloatArray, float], float]


def _squared_error(
    a: FloatArray, t: FloatArray, delta: FloatArray, scratch: FloatArray, factor: float
) -> float:
    """L = sum_j (a[j] - t[j])**2, dL/da = 2 (a - t)"""
    np.subtract(a, t, delta)
    value = float(factor * np.vdot(delta, delta))
    np.multiply(delta, 2.0 * factor, delta)
    return value


def _half_squared_error(
    a: FloatArray, t: FloatArray, delta: FloatArray, scratch: FloatArray, factor: float
) -> float:
    """L = sum_j (a[j] - t[j])**2 / 2, dL/da = a - t"""
    np.subtract(a, t, delta)
    value = float(0.5 * factor * np.vdot(delta, delta))
    if factor != 1.0:
        np.multiply(delta, factor, delta)
    return value


def _mean_squared_error(
    a: FloatArray, t: FloatArray, delta: FloatArray, scratch: FloatArray, factor: float
) -> float:
    """The squared error divided by the number of outputs."""
    return _squared_error(a, t, delta, scratch, factor / len(a))


def _absolute_error(
    a: FloatArray, t: FloatArray, delta: FloatArray, scratch: FloatArray, factor: float
) -> float:
    """L = sum_j |a[j] - t[j]|, dL/da = sign(a - t), which is 0 at the kink"""
    np.subtract(a, t, delta)
    np.abs(delta, scratch)
    value = float(factor * np.add.reduce(scratch, axis=None))
    np.sign(delta, delta)
    np.multiply(delta, factor, delta)
    return value


def _huber(
    a: FloatArray, t: FloatArray, delta: FloatArray, scratch: FloatArray, factor: float
) -> float:
    """With e = a - t and c = e clipped to [-1, 1]: L = sum_j c (e - c / 2), dL/da = c.

    That is e**2 / 2 where |e| <= 1 and |e| - 1/2 beyond (Huber 1964, with its delta 1).
    """
    np.subtract(a, t, scratch)
    np.maximum(scratch, -1.0, out=delta)
    np.minimum(delta, 1.0, out=delta)
    value = float(factor * (np.vdot(delta, scratch) - 0.5 * np.vdot(delta, delta)))
    np.multiply(delta, factor, delta)
    return value


def _binary_cross_entropy(
    a: FloatArray, t: FloatArray, delta: FloatArray, scratch: FloatArray, factor: float
) -> float:
    """L = -sum_j (t[j] log a[j] + (1 - t[j]) log(1 - a[j])), dL/da = (1 - t) / (1 - a) - t / a

    A term whose coefficient is 0 is 0, also where its logarithm is infinite.
    """
    no, not_a = 1.0 - t, 1.0 - a
    np.subtract(_ratio(no, not_a), _ratio(t, a), delta)
    np.multiply(delta, factor, delta)
    return -factor * (_times_log(t, a) + _times_log(no, not_a))


def _cross_entropy(
    a: FloatArray, t: FloatArray, delta: FloatArray, scratch: FloatArray, factor: float
) -> float:
    """L = -sum_j t[j] log a[j], dL/da = -t / a; terms with t = 0 are 0."""
    np.multiply(_ratio(t, a), -factor, delta)
    return -factor * _times_log(t, a)


def _ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """numerator / denominator, 0 where the numerator is."""
    zeros = np.zeros_like(denominator)
    return np.divide(numerator, denominator, out=zeros, where=numerator != 0)


def _times_log(coefficient: FloatArray, x: FloatArray) -> float:
    """sum(coefficient * log(x)), where 0 * log(0) is 0"""
    zeros = np.zeros_like(x)
    logs = np.log(x, out=zeros, where=coefficient != 0)
    return float(np.add.reduce(coefficient * logs, axis=None))


def _sigmoid_binary_cross_entropy(
    z: FloatArray, t: FloatArray, delta: FloatArray, scratch: FloatArray, factor: float
) -> float:
    """L = sum_j (max(z, 0) - t z + log(1 + exp(-|z|))), dL/dz = a - t

    Both follow from log a = -log(1 + exp(-z)) and log(1 - a) = log a - z; nothing overflows and
    nothing cancels.
    """
    np.abs(z, delta)
    np.negative(delta, delta)
    np.exp(delta, delta)
    np.log1p(delta, delta)
    np.maximum(z, 0.0, out=scratch)
    np.subtract(scratch, t * z, scratch)
    np.add(scratch, delta, scratch)
    value = float(factor * np.add.reduce(scratch, axis=None))
    np.negative(z, z)
    np.exp(z, z)
    np.add(z, 1.0, z)
    np.reciprocal(z, z)
    np.subtract(z, t, delta)
    np.multiply(delta, factor, delta)
    return value


def _softmax_cross_entropy(
    z: FloatArray, t: FloatArray, delta: FloatArray, scratch: FloatArray, factor: float
) -> float:
    """L = sum_j t[j] (log(sum_k exp z[k]) - z[j]), dL/dz = a sum_j t[j] - t

    With targets that sum to 1 the error signal is a - t. The largest z is taken off first.
    """
    np.subtract(z, np.maximum.reduce(z, axis=0), z)
    np.exp(z, scratch)
    total = np.add.reduce(scratch, axis=0)
    np.subtract(np.log(total), z, z)
    value = float(factor * np.add.reduce(t * z, axis=None))
    np.divide(scratch, total, z)
    np.multiply(z, np.add.reduce(t, axis=0), delta)
    np.subtract(delta, t, delta)
    np.multiply(delta, factor, delta)
    return value


LOSSES: dict[str, Loss] = {
    "squared_error": _squared_error,
    "half_squared_error": _half_squared_error,
    "mean_squared_error": _mean_squared_error,
    "absolute_error": _absolute_error,
    "huber": _huber,
    "binary_cross_entropy": _binary_cross_entropy,
    "cross_entropy": _cross_entropy,
}

# Losses whose derivative jumps where an output meets its target.
KINKED = frozenset({"absolute_error"})

FUSED: dict[tuple[str, str], Loss] = {
    ("sigmoid", "binary_cross_entropy"): _sigmoid_binary_cross_entropy,
    ("softmax", "cross_entropy"): _softmax_cross_entropy,
}
