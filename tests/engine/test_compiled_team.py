"""Two threads share the iterations of a larger network; nothing but the time depends on it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine import compiled, pairs
from bpgui.engine.compiled import library
from bpgui.engine.descent import Descent, Divergence, advance, initial_state
from bpgui.engine.loop import Memory
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.engine.problem import Problem

pytestmark = pytest.mark.skipif(library.load() is None, reason="the kernel is not built here")

ITERATIONS = 12
LAYERS = (300, 60, 37, 10)
CASES = {
    "plain": {},
    "single precision": {"dtype": np.float32},
    "softmax within": {"activations": ("tanh", "softmax", "sigmoid")},
    "classes": {"activations": ("relu", "elu", "softmax"), "loss": "cross_entropy"},
    "two classes": {"activations": ("tanh", "tanh", "sigmoid"), "loss": "binary_cross_entropy"},
    "penalties": {"l1": 0.001, "l2": 0.01, "reduction": "sum"},
    "in panels": {"batch_size": None, "samples": 1100},
    "no biases": {"bias": "none"},
    "fixed biases": {"bias": "fixed"},
}


@pytest.fixture(params=CASES)
def problem(make_problem: Callable[..., Problem], request: pytest.FixtureRequest) -> Problem:
    return large(make_problem, **CASES[request.param])


def large(make_problem: Callable[..., Problem], **options: object) -> Problem:
    """Batches of 67, 67 and 46 samples of a network that is worth a second thread."""
    values = {"learning_rate": 0.01}
    made = make_problem(
        LAYERS, **{"samples": 180, "batch_size": 67, "shuffle": True, "values": values} | options
    )
    assert compiled.supports(made)
    assert compiled.CompiledLoop(made, Memory(made))._team is not None
    return made


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """`fingerprint`, as it is on a machine with one processor."""

    def call(problem: Problem, cut: int = ITERATIONS) -> str:
        with monkeypatch.context() as patch:
            patch.setattr(pairs, "_second", None)
            return fingerprint(problem, cut)

    return call


def fingerprint(problem: Problem, cut: int = ITERATIONS) -> str:
    """All that training tells, to the bit, in calls of `cut` iterations."""
    descent, state = Descent(problem), initial_state(problem)
    found = hashlib.sha256()
    for first in range(0, ITERATIONS, cut):
        state, trace = descent.advance(state, min(cut, ITERATIONS - first), record_every=1)
        for loss, row in zip(trace.losses, trace.rows, strict=True):
            found.update(loss.tobytes() + row.tobytes())
    for array in (state.parameters, state.slots):
        found.update(array.tobytes())
    return found.hexdigest()


def test_two_threads_find_the_same_bits_as_one(problem: Problem, alone: Callable[..., str]) -> None:
    wanted = alone(problem)
    assert {fingerprint(problem) for _ in range(5)} == {wanted}
    assert fingerprint(problem, cut=1) == fingerprint(problem, cut=5) == wanted


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_optimizer_does_so(
    make_problem: Callable[..., Problem], alone: Callable[..., str], optimizer: str
) -> None:
    problem = large(make_problem, optimizer=optimizer)
    frozen = np.random.default_rng(2).random(problem.network.size) < 0.3
    held = replace(problem, settings=replace(problem.settings, frozen=frozen))
    for each in (problem, held):
        assert fingerprint(each) == alone(each)


def test_every_variant_does_so(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    found = set()
    for variant in library.variants():
        with monkeypatch.context() as patch:
            patch.setattr(library, "variants", lambda only=variant: (only,))
            found.add(fingerprint(problem))
    assert len(found) == 1


def test_they_agree_with_numpy(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    state, trace = advance(problem, initial_state(problem), ITERATIONS, record_every=5)
    monkeypatch.setenv("BPGUI_ENGINE", "numpy")
    there, trace_there = advance(problem, initial_state(problem), ITERATIONS, record_every=5)
    tolerance = 1e-12 if problem.dtype == np.float64 else 1e-4
    for found, wanted in (
        (trace.losses, trace_there.losses),
        (trace.rows, trace_there.rows),
        (state.parameters, there.parameters),
    ):
        assert np.abs(found - wanted).max() <= tolerance * np.abs(wanted).max()
    assert (state.parameters != problem.initial).any()


def test_what_diverges_is_told_alike(
    make_problem: Callable[..., Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    activations = ("identity",) * 3
    problem = large(make_problem, activations=activations, values={"learning_rate": 1e30})
    state, trace = advance(problem, initial_state(problem), ITERATIONS)
    assert isinstance(trace.ended, Divergence)
    monkeypatch.setattr(pairs, "_second", None)
    assert advance(problem, initial_state(problem), ITERATIONS)[1].ended == trace.ended
    assert state.iteration == len(trace.losses) < ITERATIONS


def test_two_trainings_at_once_share_one_second_thread(
    make_problem: Callable[..., Problem], alone: Callable[..., str]
) -> None:
    problems = [large(make_problem, seed=seed) for seed in range(4)]
    wanted = [alone(problem) for problem in problems]
    found: dict[int, str] = {}

    def train(i: int) -> None:
        found[i] = fingerprint(problems[i], cut=1 + i)

    threads = [threading.Thread(target=train, args=(i,)) for i in range(len(problems))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert [found[i] for i in range(len(problems))] == wanted


def test_a_helper_that_comes_late_or_to_nothing_leaves_again(
    make_problem: Callable[..., Problem],
) -> None:
    team = library.new_team()
    library.helper()(team)  # ended before it began
    team.ended = 0
    thread = threading.Thread(target=library.helper(), args=(team,))
    thread.start()
    team.ended = 1
    thread.join(timeout=60)
    assert not thread.is_alive()
