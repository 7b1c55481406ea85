"""The kernel's update, which large batches that train on NumPy have, does what NumPy's does."""

from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine import compiled
from bpgui.engine.compiled import library
from bpgui.engine.descent import advance, initial_state
from bpgui.engine.loop import Memory, NumpyLoop
from bpgui.engine.optimizers import OPTIMIZERS

pytestmark = pytest.mark.skipif(library.load() is None, reason="the kernel is not built here")


def stepped(problem, gradients, *, by_kernel):
    """The memory after one step for each row of gradients, and whether all were finite."""
    memory = Memory(problem)
    memory.theta[:] = problem.initial
    loop = NumpyLoop(problem, memory)
    step = (compiled.CompiledUpdate(problem, memory) if by_kernel else loop).step(problem.settings)
    with np.errstate(all="ignore"):
        finite = []
        for iteration, gradient in enumerate(gradients):
            memory.gradient[:] = gradient
            finite.append(step(iteration))
    return memory.values, finite


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("held", ["nothing", "some", "biases"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_both_updates_agree_to_the_bit_but_for_adams_corrections(
    make_problem, optimizer, held, dtype
):
    bias = "fixed" if held == "biases" else "trained"
    problem = make_problem((3, 7, 2), optimizer=optimizer, bias=bias, dtype=dtype)
    if held == "some":
        frozen = np.arange(problem.network.size) % 3 == 0
        problem = replace(problem, settings=replace(problem.settings, frozen=frozen))
    gradients = np.random.default_rng(4).normal(size=(9, problem.network.size))
    found, finite = stepped(problem, gradients, by_kernel=True)
    wanted, finite_there = stepped(problem, gradients, by_kernel=False)
    assert finite == finite_there == [True] * 9
    if optimizer == "adam":
        assert found == pytest.approx(wanted, rel=20 * float(np.finfo(dtype).eps), abs=1e-12)
    else:
        assert found.tobytes() == wanted.tobytes()


@pytest.mark.parametrize("by_kernel", [True, False])
@pytest.mark.parametrize(("value", "finite"), [(1e200, True), (np.inf, False), (np.nan, False)])
def test_what_is_not_finite_is_noticed_and_what_is_large_is_not(
    make_problem, value, finite, by_kernel
):
    problem = make_problem()
    gradients = np.zeros((1, problem.network.size))
    gradients[0, 3] = value
    assert stepped(problem, gradients, by_kernel=by_kernel)[1] == [finite]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_it_can_be_done_in_parts(make_problem, optimizer):
    problem = make_problem((3, 7, 2), optimizer=optimizer, bias="fixed")
    size = problem.network.size
    memories = Memory(problem), Memory(problem)
    rng = np.random.default_rng(8)
    steps = [compiled.CompiledUpdate(problem, each).step(problem.settings) for each in memories]
    for iteration in range(5):
        gradient = rng.normal(size=size)
        for memory in memories:
            memory.gradient[:] = gradient
        assert steps[0](iteration)
        for first, count in ((5, size - 5), (0, 5)):
            steps[1].part(iteration, first, count)
        assert steps[1].finite
        assert memories[0].values.tobytes() == memories[1].values.tobytes()


@pytest.mark.parametrize("inputs", [30, 1000])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_large_batch_trains_with_it(make_problem, monkeypatch, optimizer, inputs):
    """The larger of the two networks is updated by two threads."""
    problem = make_problem((inputs, 60, 10), samples=1100, optimizer=optimizer)
    assert not compiled.supports(problem)
    assert compiled.updates(problem)
    state, trace = advance(problem, initial_state(problem), 6)
    monkeypatch.setenv("BPGUI_ENGINE", "numpy")
    there, trace_there = advance(problem, initial_state(problem), 6)
    assert trace.ended is trace_there.ended is None
    assert state.parameters == pytest.approx(there.parameters, rel=1e-12, abs=1e-12)
    assert (state.parameters != problem.initial).any()
