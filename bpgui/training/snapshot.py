"""What a run publishes for the window: frozen values that any thread may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.descent import Divergence
from bpgui.engine.evaluation import Evaluation
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Settings


class RunState(Enum):
    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    DIVERGED = "diverged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, eq=False)
class LossBuckets:
    """The objective of each iteration's batch, as buckets of equally many iterations.

    Bucket i covers the iterations `first[i]` to `first[i] + width - 1` (the last one perhaps
    fewer); its extremes are `low` and `high`, so that no peak is lost however long the run. All
    have shape (b,).
    """

    width: int
    first: NDArray[np.int64]
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Evaluations:
    """Objectives over all training and all test samples after `iteration` iterations, shape (e,).

    Taken at the start and after every `stride` epochs (where evaluations cost much, after each of
    the first ones too); the stride doubles as the record fills, so that the record of a run depends
    on its iterations alone. `test` is NaN where there is no test
    set.
    """

    iteration: NDArray[np.int64]
    train: FloatArray
    test: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class GradientRows:
    """Gradients (r, bins) of the iterations `iteration` (r,), whose numbers are multiples of a
    stride that doubles as the record fills.

    Bin i holds the parameters `edges[i]` to `edges[i + 1] - 1`: one each as long as the network is
    small, else the member of largest size, with its sign. `norms` (r, layers) are the Euclidean
    norms of each layer's part, of all its parameters.
    """

    iteration: NDArray[np.int64]
    rows: FloatArray
    norms: FloatArray
    edges: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """Seconds of computing (c,) after `iteration` (c,) iterations; straight lines between."""

    iteration: NDArray[np.int64]
    seconds: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """The iterations from `iteration` on, up to the next change by hand: done with `settings`,
    after the parameters with the indices of `values` were given these values."""

    iteration: int
    settings: Settings
    values: Mapping[int, float]


def changed(
    stretches: tuple[Stretch, ...],
    iteration: int,
    settings: Settings,
    values: Mapping[int, float] | None = None,
) -> tuple[Stretch, ...]:
    """With a change by hand after `iteration` iterations; of two changes there the later one
    holds."""
    *before, last = stretches
    kept = last.values if last.iteration == iteration else {}
    before += [] if last.iteration == iteration else [last]
    return (*before, Stretch(iteration, settings, {**kept, **(values or {})}))


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """All the window knows of a run.

    `iteration` counts the updates done, `epoch` the passes completed. `gradient` (size,) is that of
    the last iteration before its update and `update` (size,) what the update added; None where no
    iteration ran. `slots` (slots, size) is what the optimizer keeps, in the order of its table
    entry. `evaluation` belongs to the parameters after `evaluated_at` iterations. Of a run that
    neither runs nor failed that is `iteration`, or if an evaluation takes long, will be in the next
    snapshot (see `awaits_evaluation`). `message` says in words why a run diverged or failed;
    `divergence` is what the words were made from. The course of the training follows from the
    problem and `stretches`, the first of which begins at iteration 0.
    """

    run_id: int
    state: RunState
    iteration: int
    epoch: int
    parameters: FloatArray
    gradient: FloatArray | None
    update: FloatArray | None
    slots: FloatArray
    settings: Settings
    evaluation: Evaluation
    evaluated_at: int
    losses: LossBuckets
    evaluations: Evaluations
    gradients: GradientRows
    clock: Clock
    stretches: tuple[Stretch, ...]
    iterations_per_second: float
    message: str = ""
    divergence: Divergence | None = None

    @property
    def altered_at(self) -> int | None:
        """The first iteration at which a command changed the course of the training, which then no
        longer follows from the problem and `settings` alone; None if there was none."""
        if self.stretches[0].values:
            return 0
        return self.stretches[1].iteration if len(self.stretches) > 1 else None

    @property
    def awaits_evaluation(self) -> bool:
        """Whether the run rests and the evaluation of its parameters is still to come."""
        rests = self.state not in (RunState.RUNNING, RunState.FAILED)
        return rests and self.evaluated_at != self.iteration
