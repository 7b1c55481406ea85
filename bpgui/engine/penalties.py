"""L1 and L2 penalties on weights; biases are not penalized.

penalty(theta) = l2 / 2 * sum(w**2) + l1 * sum|w|
dpenalty/dw    = l2 * w + l1 * sign(w)                     sign(0) = 0
"""

from __future__ import annotations

import numpy as np

from bpgui.engine.network import FloatArray, Network
from bpgui.engine.problem import Settings


class Penalty:
    """The penalties of one network for one vector theta, which is read at every call."""

    def __init__(self, network: Network, settings: Settings, theta: FloatArray) -> None:
        weights = network.is_weight.astype(theta.dtype)
        self._theta = theta
        self._l1 = weights * settings.l1 if settings.l1 else None
        self._l2 = weights * settings.l2 if settings.l2 else None
        self._scratch = np.empty_like(theta)

    def value(self) -> float:
        """l2 / 2 * sum(w**2) + l1 * sum|w|"""
        value = 0.0
        if self._l2 is not None:
            np.multiply(self._theta, self._l2, self._scratch)
            value += 0.5 * self._scratch.dot(self._theta)
        if self._l1 is not None:
            np.abs(self._theta, self._scratch)
            value += self._scratch.dot(self._l1)
        return value

    def add_gradient(self, gradient: FloatArray) -> None:
        """Add the derivative to the gradient of the loss."""
        if self._l2 is not None:
            np.multiply(self._theta, self._l2, self._scratch)
            np.add(gradient, self._scratch, gradient)
        if self._l1 is not None:
            np.sign(self._theta, self._scratch)
            np.multiply(self._scratch, self._l1, self._scratch)
            np.add(gradient, self._scratch, gradient)


def penalty_of(network: Network, settings: Settings, theta: FloatArray) -> Penalty | None:
    """The penalty, or None where both are switched off."""
    return Penalty(network, settings, theta) if settings.l1 or settings.l2 else None
