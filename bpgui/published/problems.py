"""What the examples that train networks have in common."""

from __future__ import annotations

from bpgui.engine.descent import advance, initial_state
from bpgui.engine.network import FloatArray, Network
from bpgui.engine.problem import Problem
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import find
from bpgui.experiment.presets import load


def preset(slug: str) -> Problem:
    """The problem of a built-in preset."""
    path = find(slug)
    return build_problem(load(path), path.parent)


def after(problem: Problem, iterations: int) -> FloatArray:
    """The parameters after so many iterations from the initial ones."""
    state, _ = advance(problem, initial_state(problem), iterations)
    return state.parameters


def named(network: Network, prefix: str, theta: FloatArray) -> dict[str, float]:
    """The numbers of `theta` by the names of the parameters, each with the prefix before it."""
    return {prefix + network.parameter(i).name: float(theta[i]) for i in range(network.size)}
