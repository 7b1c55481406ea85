"""Random experiments in which every two choices meet."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.descent import advance, initial_state
from bpgui.engine.losses import LOSSES
from bpgui.engine.network import Layer, Network
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.engine.problem import Problem, Samples, Settings, StopRule, optimizer_settings
from bpgui.experiment.rules import OUTPUTS_OF_LOSS
from bpgui.exporting.recipe import Recipe, recipe_after

FACTORS: dict[str, tuple[Any, ...]] = {
    "hidden": tuple(name for name in ACTIVATIONS if name != "softmax"),
    "output": tuple(ACTIVATIONS),
    "loss": tuple(LOSSES),
    "reduction": ("mean", "sum"),
    "optimizer": tuple(OPTIMIZERS),
    "bias": ("trained", "fixed", "none"),
    "last_bias": ("trained", "fixed", "none"),
    "batch": ((None, False), (3, False), (3, True), (1, True)),
    "penalties": ((0.0, 0.0), (0.01, 0.0), (0.0, 0.02), (0.01, 0.02)),
    "frozen": (0, 3),
    "precision": ("float64", "float32"),
    "stop": (StopRule(), StopRule(max_epochs=10**6, loss_below=1e-9)),
    "depth": (0, 1, 2),
}
ITERATIONS = 25


def _fits(case: dict[str, Any]) -> bool:
    return case["output"] in OUTPUTS_OF_LOSS.get(case["loss"], FACTORS["output"])


def _pairs(case: dict[str, Any]) -> set[tuple[Any, ...]]:
    return set(itertools.combinations(case.items(), 2))


def _cover(seed: int) -> list[dict[str, Any]]:
    """Cases in which every pair of choices occurs that can; of some drawn ones each time that which
    holds the most new pairs."""
    rng = np.random.default_rng(seed)

    def draw(fixed: dict[str, Any]) -> dict[str, Any]:
        while True:
            case = {name: values[rng.integers(len(values))] for name, values in FACTORS.items()}
            if _fits(case | fixed):
                return case | fixed

    missing = {
        pair
        for one, other in itertools.combinations(FACTORS, 2)
        for pair in itertools.product(
            ((one, value) for value in FACTORS[one]), ((other, value) for value in FACTORS[other])
        )
        if _fits({"output": "sigmoid", "loss": "huber"} | dict(pair))
        or {one, other} != {"output", "loss"}
    }
    cases = []
    while missing:
        fixed = dict(min(missing, key=repr))
        case = max((draw(fixed) for _ in range(20)), key=lambda case: len(missing & _pairs(case)))
        missing -= _pairs(case)
        cases.append(case)
    return cases


def _problem(case: dict[str, Any], seed: int) -> Problem:
    rng = np.random.default_rng(seed)
    sizes = (2, *(3, 4)[: case["depth"]], 3)
    network = Network(
        tuple(
            Layer(
                inputs,
                units,
                case["output"] if last else case["hidden"],
                case["last_bias" if last else "bias"],
            )
            for inputs, units, last in zip(
                sizes, sizes[1:], [*[False] * case["depth"], True], strict=False
            )
        )
    )
    targets = rng.integers(0, 2, (7, 3)) if rng.random() < 0.5 else rng.random((7, 3))
    frozen = np.zeros(network.size, dtype=np.bool_)
    frozen[rng.choice(network.size, case["frozen"], replace=False)] = True
    size, shuffle = case["batch"]
    l1, l2 = case["penalties"]
    rate = optimizer_settings(case["optimizer"], learning_rate=0.02)
    precision = case["precision"]
    return Problem(
        network,
        Samples(rng.normal(size=(7, 2)).astype(precision), targets.astype(precision)),
        None,
        case["loss"],
        case["reduction"],
        rng.normal(size=network.size).astype(precision),
        Settings(rate, l1, l2, case["stop"], frozen if frozen.any() else None),
        batch_size=size,
        shuffle=shuffle,
        seed=seed,
    )


def _trained(problem: Problem, iterations: int = ITERATIONS) -> Recipe:
    state, _ = advance(problem, initial_state(problem), iterations)
    return recipe_after("A random one", problem, state.iteration, state.parameters)


@pytest.fixture(scope="session")
def trained() -> Callable[..., Recipe]:
    """The recipe of a problem after some iterations."""
    return _trained


@pytest.fixture(scope="session")
def recipes() -> list[Recipe]:
    """Trained problems in which every two choices meet."""
    return [_trained(_problem(case, seed)) for seed, case in enumerate(_cover(1))]


@pytest.fixture(scope="session")
def problem_with() -> Callable[..., Problem]:
    """A small problem with some of the FACTORS."""

    def make(seed: int = 5, **factors: Any) -> Problem:
        plain = {name: values[0] for name, values in FACTORS.items()}
        return _problem(plain | {"depth": 1, "hidden": "tanh"} | factors, seed)

    return make


@pytest.fixture
def problem(problem_with: Callable[..., Problem]) -> Problem:
    return problem_with()
