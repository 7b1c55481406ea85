"""Initial weights by scheme. Fan-in is the number of a layer's inputs, fan-out that of its units.

Every scheme is called as `scheme(rng, layer, **options)` and gives float64 weights (units, inputs).
Biases are not drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np

from bpgui.engine.network import FloatArray, Layer


def _uniform(
    rng: np.random.Generator, layer: Layer, low: float = -1.0, high: float = 1.0
) -> FloatArray:
    """Uniform on [low, high)."""
    return rng.uniform(low, high, (layer.units, layer.inputs))


def _normal(
    rng: np.random.Generator, layer: Layer, mean: float = 0.0, std: float = 1.0
) -> FloatArray:
    return rng.normal(mean, std, (layer.units, layer.inputs))


def _xavier_uniform(rng: np.random.Generator, layer: Layer) -> FloatArray:
    """Glorot and Bengio 2010, gain 1: uniform up to sqrt(6 / (fan-in + fan-out)) on either side."""
    bound = sqrt(6.0 / (layer.inputs + layer.units))
    return _uniform(rng, layer, -bound, bound)


def _xavier_normal(rng: np.random.Generator, layer: Layer) -> FloatArray:
    """Glorot and Bengio 2010, gain 1: standard deviation sqrt(2 / (fan-in + fan-out))."""
    return _normal(rng, layer, 0.0, sqrt(2.0 / (layer.inputs + layer.units)))


def _he_uniform(rng: np.random.Generator, layer: Layer) -> FloatArray:
    """He et al. 2015, gain sqrt(2): uniform up to sqrt(6 / fan-in) on either side."""
    bound = sqrt(6.0 / layer.inputs)
    return _uniform(rng, layer, -bound, bound)


def _he_normal(rng: np.random.Generator, layer: Layer) -> FloatArray:
    """He et al. 2015, gain sqrt(2): standard deviation sqrt(2 / fan-in)."""
    return _normal(rng, layer, 0.0, sqrt(2.0 / layer.inputs))


def _zeros(rng: np.random.Generator, layer: Layer) -> FloatArray:
    return np.zeros((layer.units, layer.inputs))


def _constant(rng: np.random.Generator, layer: Layer, value: float = 0.5) -> FloatArray:
    return np.full((layer.units, layer.inputs), float(value))


INITIALIZERS: dict[str, Callable[..., FloatArray]] = {
    "uniform": _uniform,
    "normal": _normal,
    "xavier_uniform": _xavier_uniform,
    "xavier_normal": _xavier_normal,
    "he_uniform": _he_uniform,
    "he_normal": _he_normal,
    "zeros": _zeros,
    "constant": _constant,
}
