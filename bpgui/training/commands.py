"""What can be asked of a run: small frozen values that its thread takes in between two bursts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

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
