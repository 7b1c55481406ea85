"""Where the kernel keeps the numbers that it has for each parameter; see one.h."""

from __future__ import annotations

from itertools import accumulate
from typing import Protocol

import numpy as np

from bpgui.engine.loop import Memory
from bpgui.engine.network import FloatArray, Network

LANES = 4
ALIGNMENT = 64  # bytes


class Places(Protocol):
    """The kernel's own memory: `values` (1 + slots, n) and `gradient` (n,), layers at `offsets`.

    `address` is that of the place of each parameter, None where they lie as in theta.
    """

    values: FloatArray
    gradient: FloatArray
    offsets: tuple[int, ...]
    address: int | None

    def load(self) -> None:
        """Take theta and the slots from the memory of the loop."""

    def save(self) -> None:
        """Put theta, the slots and the gradient there."""

    def arranged(self, numbers: FloatArray) -> FloatArray:
        """Numbers for each parameter (size,) as the kernel wants them."""


class InOrder:
    """As in theta, in the memory of the loop itself."""

    address: int | None = None

    def __init__(self, network: Network, memory: Memory) -> None:
        self.values, self.gradient = memory.values, memory.gradient
        self.offsets = network.offsets

    def load(self) -> None:
        pass

    def save(self) -> None:
        pass

    def arranged(self, numbers: FloatArray) -> FloatArray:
        return numbers


class Transposed:
    """Each layer transposed, its columns filled up with zeros: for one sample at a time."""

    def __init__(self, network: Network, memory: Memory) -> None:
        self._memory = memory
        layers = network.layers
        sizes = (layer.columns * filled(layer.units) for layer in layers)
        self.offsets = tuple(accumulate(sizes, initial=0))
        self._places = np.empty(network.size, np.int64)
        for i, layer in enumerate(layers):
            numbers = np.arange(layer.columns * filled(layer.units)).reshape(layer.columns, -1)
            block = self._places[network.offsets[i] : network.offsets[i + 1]]
            block[:] = self.offsets[i] + numbers[:, : layer.units].T.ravel()
        self.address: int | None = self._places.ctypes.data
        self.values = aligned((len(memory.values), self.offsets[-1]), memory.values.dtype)
        self.gradient = aligned((self.offsets[-1],), memory.values.dtype)

    def load(self) -> None:
        self.values[:, self._places] = self._memory.values

    def save(self) -> None:
        np.take(self.values, self._places, 1, self._memory.values, "clip")
        np.take(self.gradient, self._places, 0, self._memory.gradient, "clip")

    def arranged(self, numbers: FloatArray) -> FloatArray:
        found = np.zeros_like(self.gradient)
        found[self._places] = numbers
        return found


def filled(count: int) -> int:
    """Numbers in as many vectors as hold this many."""
    return -(-count // LANES) * LANES


def aligned(shape: tuple[int, ...], dtype: np.dtype[np.floating]) -> FloatArray:
    """Zeros whose address is a multiple of ALIGNMENT."""
    count = int(np.prod(shape))
    raw = np.zeros(count + ALIGNMENT // dtype.itemsize, dtype)
    start = -raw.ctypes.data % ALIGNMENT // dtype.itemsize
    return raw[start : start + count].reshape(shape)
