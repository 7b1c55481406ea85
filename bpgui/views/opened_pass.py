"""The pass that a window looks at: of one sample, or of the next iteration's batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpgui.engine.derivation import Derivation, Indices, batch_indices, derive
from bpgui.engine.problem import Problem
from bpgui.training.snapshot import Snapshot

LARGEST = 1e9  # samples times parameters of a batch that is opened at once


@dataclass(frozen=True, slots=True, eq=False)
class OpenedPass:
    """A derivation at a snapshot's parameters.

    `samples` are those to choose from, `place` the chosen one among them, `column` its place in the
    derivation. `fits` is False where a batch was asked for that is too large; then it is one
    sample's pass.
    """

    derivation: Derivation
    samples: Indices
    place: int
    column: int
    fits: bool = True


def open_pass(
    problem: Problem, snapshot: Snapshot, sample: int, whole_batch: bool = False
) -> OpenedPass:
    """The pass of a training sample, or of the batch that follows the snapshot, seen at this
    sample; at the first one where the sample is not among those to choose from."""
    samples = np.arange(len(problem.train))
    if whole_batch:
        samples = batch_indices(problem, snapshot.iteration)
    found = np.flatnonzero(samples == sample)
    place = int(found[0]) if len(found) else 0
    fits = not whole_batch or len(samples) * problem.network.size <= LARGEST
    together = whole_batch and fits
    derivation = derive(
        problem,
        snapshot.parameters,
        samples if together else samples[place : place + 1],
        snapshot.slots,
        snapshot.iteration,
        snapshot.settings,
    )
    return OpenedPass(derivation, samples, place, place if together else 0, fits)
