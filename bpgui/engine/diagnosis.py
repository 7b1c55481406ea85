"""Why an iteration failed: what stopped being finite first, in the order of backpropagation."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

import numpy as np

from bpgui.engine.backprop import reduction_factor
from bpgui.engine.loop import Memory, NumpyLoop
from bpgui.engine.network import BoolArray, FloatArray, Network
from bpgui.engine.penalties import penalty_of
from bpgui.engine.problem import Problem, Settings
from bpgui.engine.walk import Quantity, walk


class Divergence(NamedTuple):
    """What first stopped being finite, and in which iteration; layers count from 1.

    The loss belongs to no layer. "parameter" stands for the update: a new parameter, or what the
    optimizer keeps for it.
    """

    iteration: int
    layer: int | None
    quantity: Quantity


def diagnose(
    problem: Problem,
    settings: Settings,
    iteration: int,
    parameters: FloatArray,
    slots: FloatArray,
) -> Divergence:
    """Why this iteration fails that begins with these parameters (size,) and slots (slots, size).

    A sum that is finite in one order of its terms and not in another may be found finite here; what
    is not blamed on anything before is blamed on the update.
    """
    memory = Memory(problem)
    np.copyto(memory.theta, parameters)
    np.copyto(memory.slots, slots)
    with np.errstate(all="ignore"):
        layer, quantity = _first_not_finite(NumpyLoop(problem, memory), settings, iteration)
    return Divergence(iteration, layer, quantity)


def _first_not_finite(
    loop: NumpyLoop, settings: Settings, iteration: int
) -> tuple[int | None, Quantity]:
    problem, network, memory = loop.problem, loop.problem.network, loop.memory
    run, rows, targets = loop.batches.at(iteration)
    factor = reduction_factor(problem, run.size)
    for found in walk(network, problem.loss, factor, memory.theta, rows, targets):
        if not np.isfinite(found.values).all():
            return found.layer, found.quantity
    penalty = penalty_of(network, settings, memory.theta)
    loss = run.loss(rows, targets) + (penalty.value() if penalty else 0.0)
    if not isfinite(loss):
        return None, "loss"
    wrong = loop.wrong_pass(settings)
    if wrong is None:
        run.backward(rows)
    else:
        wrong(iteration, rows, targets)
    if penalty:
        penalty.add_gradient(memory.gradient)
    finite = np.isfinite(memory.gradient)
    if not finite.all():
        return _layer(network, finite), "gradient"
    loop.update(settings)(iteration)
    return _layer(network, np.logical_and.reduce(np.isfinite(memory.values))), "parameter"


def _layer(network: Network, finite: BoolArray) -> int:
    """The layer of the first parameter that is not finite."""
    return network.parameter(int(np.argmin(finite))).layer
