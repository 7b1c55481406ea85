"""What can be asked of a run: small frozen values that its thread takes in between two bursts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from bpgui.engine.problem import Settings


@dataclass(frozen=True, slots=True)
class Go:
    """Train on until something ends it."""


@dataclass(frozen=True, slots=True)
class Pause:
    pass


@dataclass(frozen=True, slots=True)
class Step:
    """Do so many iterations, then pause."""

    iterations: int


@dataclass(frozen=True, slots=True)
class StepEpoch:
    """Train to the end of the epoch that is under way, then pause."""


@dataclass(frozen=True, slots=True, eq=False)
class ChangeSettings:
    settings: Settings


@dataclass(frozen=True, slots=True)
class SetParameter:
    index: int
    value: float


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """At most so many iterations per second; None for as many as possible."""

    limit: float | None


@dataclass(frozen=True, slots=True)
class Close:
    """End the run's thread."""


Command: TypeAlias = (
    Go | Pause | Step | StepEpoch | ChangeSettings | SetParameter | SetSpeed | Close
)


def changes_course(old: Settings, new: Settings) -> bool:
    """Whether the iterations done so far might have been others with the new settings. A stop rule
    that is met sooner would have ended them."""
    before, after = (
        (settings.optimizer, settings.l1, settings.l2, _held(settings)) for settings in (old, new)
    )
    return before != after or (new.stop.loss_below or 0.0) > (old.stop.loss_below or 0.0)


def _held(settings: Settings) -> list[int]:
    """The places in theta of what the user holds."""
    held: list[int] = np.flatnonzero(() if settings.frozen is None else settings.frozen).tolist()
    return held
