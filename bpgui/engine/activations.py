"""Activation functions, each with the one step that backpropagation takes through it.

Both functions of an entry work in place on buffers (units, batch), because training a small
network spends its time in allocations and calls, not in arithmetic:

- `apply(z, scratch)` turns pre-activations z into activations a, in the same buffer;
- `backward(a, delta, scratch)` turns delta = dL/da into dL/dz. Every derivative is written in a
  alone, so that z need not be kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from bpgui.engine.network import FloatArray

LEAKY_SLOPE = 0.01

Apply: TypeAlias = Callable[[FloatArray, FloatArray], None]
Backward: TypeAlias = Callable[[FloatArray, FloatArray, FloatArray], None]


class Activation(NamedTuple):
    """One row of the table. `kink` is the z at which the derivative jumps, None where none does."""

    apply: Apply
    backward: Backward
    kink: float | None = None


def _identity(z: FloatArray, scratch: FloatArray) -> None:
    """a = z"""


def _identity_backward(a: FloatArray, delta: FloatArray, scratch: FloatArray) -> None:
    """da/dz = 1"""


def _sigmoid(z: FloatArray, scratch: FloatArray) -> None:
    """a = 1 / (1 + exp(-z)); where exp overflows, a is rightly 0."""
    np.negative(z, z)
    np.exp(z, z)
    np.add(z, 1.0, z)
    np.reciprocal(z, z)


def _sigmoid_backward(a: FloatArray, delta: FloatArray, scratch: FloatArray) -> None:
    """da/dz = a (1 - a)"""
    np.subtract(1.0, a, scratch)
    np.multiply(scratch, a, scratch)
    np.multiply(delta, scratch, delta)


def _tanh(z: FloatArray, scratch: FloatArray) -> None:
    """a = tanh z"""
    np.tanh(z, z)


def _tanh_backward(a: FloatArray, delta: FloatArray, scratch: FloatArray) -> None:
    """da/dz = 1 - a**2"""
    np.multiply(a, a, scratch)
    np.subtract(1.0, scratch, scratch)
    np.multiply(delta, scratch, delta)


def _relu(z: FloatArray, scratch: FloatArray) -> None:
    """a = max(z, 0)"""
    np.maximum(z, 0.0, out=z)


def _relu_backward(a: FloatArray, delta: FloatArray, scratch: FloatArray) -> None:
    """da/dz = 1 for z > 0, else 0; at the kink itself 0. As a >= 0, that is the sign of a."""
    np.sign(a, scratch)
    np.multiply(delta, scratch, delta)


def _leaky_relu(z: FloatArray, scratch: FloatArray) -> None:
    """a = z for z > 0, else 0.01 z: the larger of the two."""
    np.multiply(z, LEAKY_SLOPE, scratch)
    np.maximum(z, scratch, out=z)


def _leaky_relu_backward(a: FloatArray, delta: FloatArray, scratch: FloatArray) -> None:
    """da/dz = 1 for z > 0, else 0.01; a has the sign of z."""
    np.sign(a, scratch)
    np.maximum(scratch, LEAKY_SLOPE, out=scratch)
    np.multiply(delta, scratch, delta)


def _elu(z: FloatArray, scratch: FloatArray) -> None:
    """a = z for z > 0, else exp(z) - 1 (alpha = 1): the larger of the two, as exp(z) - 1 >= z."""
    np.minimum(z, 0.0, out=scratch)
    np.expm1(scratch, scratch)
    np.maximum(z, scratch, out=z)


def _elu_backward(a: FloatArray, delta: FloatArray, scratch: FloatArray) -> None:
    """da/dz = 1 for z > 0, else exp(z) = a + 1"""
    np.minimum(a, 0.0, out=scratch)
    np.add(scratch, 1.0, scratch)
    np.multiply(delta, scratch, delta)


def _softplus(z: FloatArray, scratch: FloatArray) -> None:
    """a = log(1 + exp(z)), written as log(exp(0) + exp(z)) so that it never overflows."""
    np.logaddexp(z, 0.0, z)


def _softplus_backward(a: FloatArray, delta: FloatArray, scratch: FloatArray) -> None:
    """da/dz = sigmoid(z) = 1 - exp(-a)"""
    np.negative(a, scratch)
    np.expm1(scratch, scratch)
    np.negative(scratch, scratch)
    np.multiply(delta, scratch, delta)


def _softmax(z: FloatArray, scratch: FloatArray) -> None:
    """a[j] = exp(z[j]) / sum_k exp(z[k]) over the units; the largest z is taken off first."""
    np.subtract(z, np.maximum.reduce(z, axis=0), z)
    np.exp(z, z)
    np.divide(z, np.add.reduce(z, axis=0), z)


def _softmax_backward(a: FloatArray, delta: FloatArray, scratch: FloatArray) -> None:
    """The Jacobian is da[k]/dz[j] = a[k] ([j = k] - a[j]), hence
    dL/dz[j] = a[j] (delta[j] - sum_k a[k] delta[k])."""
    np.multiply(a, delta, scratch)
    np.subtract(delta, np.add.reduce(scratch, axis=0), delta)
    np.multiply(delta, a, delta)


ACTIVATIONS: dict[str, Activation] = {
    "identity": Activation(_identity, _identity_backward),
    "sigmoid": Activation(_sigmoid, _sigmoid_backward),
    "tanh": Activation(_tanh, _tanh_backward),
    "relu": Activation(_relu, _relu_backward, kink=0.0),
    "leaky_relu": Activation(_leaky_relu, _leaky_relu_backward, kink=0.0),
    "elu": Activation(_elu, _elu_backward),
    "softplus": Activation(_softplus, _softplus_backward),
    "softmax": Activation(_softmax, _softmax_backward),
}
