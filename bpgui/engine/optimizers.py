"""Update rules on the flat parameter vector, with the formulas and defaults of PyTorch 2.13.

A rule is called as `update(theta, gradient, slots, scratch, iteration, **hyperparameters)`. It
changes theta (size,) and its slots, each (size,), in place; slots begin as zeros. `scratch` is two
arrays (size,). `iteration` is the number of updates done before this one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import sqrt
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import numpy as np

from bpgui.engine.network import FloatArray

Slots: TypeAlias = Sequence[FloatArray]


class Optimizer(NamedTuple):
    """One row of the table: hyperparameters and their defaults, names of the slots, the rule."""

    defaults: Mapping[str, float]
    slots: tuple[str, ...]
    update: Callable[..., None]


def _sgd(
    theta: FloatArray,
    gradient: FloatArray,
    slots: Slots,
    scratch: Slots,
    iteration: int,
    *,
    learning_rate: float,
) -> None:
    """theta -= learning_rate * gradient"""
    step = scratch[0]
    np.multiply(gradient, learning_rate, step)
    np.subtract(theta, step, theta)


def _momentum(
    theta: FloatArray,
    gradient: FloatArray,
    slots: Slots,
    scratch: Slots,
    iteration: int,
    *,
    learning_rate: float,
    momentum: float,
) -> None:
    """velocity = momentum * velocity + gradient; theta -= learning_rate * velocity"""
    velocity = slots[0]
    step = scratch[0]
    np.multiply(velocity, momentum, velocity)
    np.add(velocity, gradient, velocity)
    np.multiply(velocity, learning_rate, step)
    np.subtract(theta, step, theta)


def _nesterov(
    theta: FloatArray,
    gradient: FloatArray,
    slots: Slots,
    scratch: Slots,
    iteration: int,
    *,
    learning_rate: float,
    momentum: float,
) -> None:
    """velocity = momentum * velocity + gradient;
    theta -= learning_rate * (gradient + momentum * velocity)"""
    velocity = slots[0]
    step = scratch[0]
    np.multiply(velocity, momentum, velocity)
    np.add(velocity, gradient, velocity)
    np.multiply(velocity, momentum, step)
    np.add(step, gradient, step)
    np.multiply(step, learning_rate, step)
    np.subtract(theta, step, theta)


def _adagrad(
    theta: FloatArray,
    gradient: FloatArray,
    slots: Slots,
    scratch: Slots,
    iteration: int,
    *,
    learning_rate: float,
    eps: float,
) -> None:
    """square_sum += gradient**2; theta -= learning_rate * gradient / (sqrt(square_sum) + eps)"""
    square_sum = slots[0]
    step, size = scratch
    np.multiply(gradient, gradient, step)
    np.add(square_sum, step, square_sum)
    np.sqrt(square_sum, size)
    _descend(theta, gradient, learning_rate, size, eps, step)


def _rmsprop(
    theta: FloatArray,
    gradient: FloatArray,
    slots: Slots,
    scratch: Slots,
    iteration: int,
    *,
    learning_rate: float,
    alpha: float,
    eps: float,
) -> None:
    """square_mean = alpha * square_mean + (1 - alpha) * gradient**2;
    theta -= learning_rate * gradient / (sqrt(square_mean) + eps)"""
    square_mean = slots[0]
    step, size = scratch
    np.multiply(square_mean, alpha, square_mean)
    np.multiply(gradient, 1.0 - alpha, step)
    np.multiply(step, gradient, step)
    np.add(square_mean, step, square_mean)
    np.sqrt(square_mean, size)
    _descend(theta, gradient, learning_rate, size, eps, step)


def _adam(
    theta: FloatArray,
    gradient: FloatArray,
    slots: Slots,
    scratch: Slots,
    iteration: int,
    *,
    learning_rate: float,
    beta1: float,
    beta2: float,
    eps: float,
) -> None:
    """Kingma and Ba 2015. With t = iteration + 1:

    mean += (1 - beta1) * (gradient - mean);
    square_mean = beta2 * square_mean + (1 - beta2) * gradient**2;
    theta -= learning_rate / (1 - beta1**t) * mean / (sqrt(square_mean) / sqrt(1 - beta2**t) + eps)
    """
    mean, square_mean = slots
    step, size = scratch
    t = iteration + 1
    np.subtract(gradient, mean, step)
    np.multiply(step, 1.0 - beta1, step)
    np.add(mean, step, mean)
    np.multiply(square_mean, beta2, square_mean)
    np.multiply(gradient, 1.0 - beta2, step)
    np.multiply(step, gradient, step)
    np.add(square_mean, step, square_mean)
    np.sqrt(square_mean, size)
    np.divide(size, sqrt(1.0 - beta2**t), size)
    _descend(theta, mean, learning_rate / (1.0 - beta1**t), size, eps, step)


def _descend(
    theta: FloatArray,
    direction: FloatArray,
    rate: float,
    size: FloatArray,
    eps: float,
    step: FloatArray,
) -> None:
    """theta -= rate * direction / (size + eps), with `size` and `step` as scratch"""
    np.add(size, eps, size)
    np.multiply(direction, rate, step)
    np.divide(step, size, step)
    np.subtract(theta, step, theta)


def _row(update: Callable[..., None], slots: tuple[str, ...] = (), **defaults: float) -> Optimizer:
    return Optimizer(MappingProxyType(defaults), slots, update)


OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": _row(_sgd, learning_rate=1e-3),
    "momentum": _row(_momentum, ("velocity",), learning_rate=1e-3, momentum=0.9),
    "nesterov": _row(_nesterov, ("velocity",), learning_rate=1e-3, momentum=0.9),
    "adagrad": _row(_adagrad, ("square_sum",), learning_rate=1e-2, eps=1e-10),
    "rmsprop": _row(_rmsprop, ("square_mean",), learning_rate=1e-2, alpha=0.99, eps=1e-8),
    "adam": _row(
        _adam, ("mean", "square_mean"), learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8
    ),
}
