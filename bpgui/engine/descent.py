"""Gradient descent as a pure function of a state: batches, penalties, update and stop rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem, Settings

Quantity: TypeAlias = Literal[
    "pre_activation", "activation", "loss", "delta", "gradient", "parameter"
]


@dataclass(frozen=True, slots=True, eq=False)
class TrainState:
    """Iterations done, theta (size,), and the optimizer's slots (number of slots, size). A value."""

    iteration: int
    parameters: FloatArray
    slots: FloatArray


@dataclass(frozen=True, slots=True)
class Divergence:
    """What first stopped being finite: the layer counted from 1 (None for the loss), and in which iteration."""

    iteration: int
    layer: int | None
    quantity: Quantity


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What happened in one call of advance, in which `len(losses)` iterations were done.

    `losses` (n,) is the objective of each iteration's batch, before its update. `gradient` (size,)
    is that of the last iteration, before its update; None if none ran. `rows` (r, size) are the gradients of the
    iterations `row_iterations` (r,), those whose number (from 0) is a multiple of `record_every`.
    `ended` is None while training can go on.
    """

    losses: FloatArray
    gradient: FloatArray | None
    row_iterations: FloatArray
    rows: FloatArray
    ended: Literal["max_epochs", "loss_below"] | Divergence | None = None


def initial_state(problem: Problem) -> TrainState: ...


def advance(
    problem: Problem, state: TrainState, n: int, *, record_every: int = 0
) -> tuple[TrainState, Trace]: ...
