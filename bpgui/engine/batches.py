"""Which samples make up an iteration's batch, as arrays that a pass can use at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.backprop import Pass, network_rows, reduction_factor
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem

Batch: TypeAlias = tuple[Pass, FloatArray, FloatArray]


class Batches:
    """The batches of one problem: iteration i is batch i % per_epoch of epoch i // per_epoch.

    A batch is its pass, its inputs (batch, features), with a last column of ones where the first
    layer has biases, and its targets (outputs, batch). It is valid until the next is asked for.
    """

    def __init__(self, problem: Problem, theta: FloatArray, gradient: FloatArray) -> None:
        self._problem = problem
        self._bound = theta, gradient
        self._count = len(problem.train)
        self._size = min(problem.batch_size or self._count, self._count)
        self.per_epoch = problem.batches_per_epoch
        self._shuffled = problem.shuffle and self.per_epoch > 1
        self._inputs = network_rows(problem.network, problem.train.inputs)
        self._targets = np.ascontiguousarray(problem.train.targets.T)
        self._regular = self._buffers(self._size)
        rest = self._count - self._size * (self.per_epoch - 1)
        self._last = self._regular if rest == self._size else self._buffers(rest)
        self._epoch = -1
        self._order: NDArray[np.int64] = np.empty(0, np.int64)

    @property
    def full(self) -> Batch:
        """All samples as one batch; only of use where that is what an epoch consists of."""
        return self._regular[0], self._inputs, self._targets

    def at(self, iteration: int) -> Batch:
        """The batch of an iteration, counted from 0."""
        if self.per_epoch == 1:
            return self.full
        epoch, number = divmod(iteration, self.per_epoch)
        start = number * self._size
        stop = start + self._size
        run, inputs, targets = self._regular if stop <= self._count else self._last
        if not self._shuffled:
            return run, self._inputs[start:stop], self._targets[:, start:stop]
        if epoch != self._epoch:
            self._order = epoch_order(self._problem, epoch)
            self._epoch = epoch
        chosen = self._order[start:stop]
        self._inputs.take(chosen, 0, inputs, "clip")
        self._targets.take(chosen, 1, targets, "clip")
        return run, inputs, targets

    def _buffers(self, size: int) -> Batch:
        problem = self._problem
        theta, gradient = self._bound
        factor = reduction_factor(problem, size)
        run = Pass(problem.network, problem.loss, size, factor, theta, gradient)
        if not self._shuffled:
            return run, self._inputs, self._targets
        inputs = np.empty((size, self._inputs.shape[1]), theta.dtype)
        targets = np.empty((problem.network.outputs, size), theta.dtype)
        return run, inputs, targets


def epoch_order(problem: Problem, epoch: int) -> NDArray[np.int64]:
    """The order (samples,) in which a problem that shuffles takes its samples in an epoch."""
    return np.random.default_rng([problem.seed, epoch]).permutation(len(problem.train))
