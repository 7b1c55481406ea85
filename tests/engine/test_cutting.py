"""n iterations give the same bits however they are cut into calls, and wherever these run."""

import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.descent import Descent, advance, initial_state
from bpgui.engine.losses import LOSSES
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.engine.problem import StopRule

pytestmark = pytest.mark.usefixtures("either_loop")


def bits(state, traces):
    """Everything that a sequence of calls has told, as bytes."""
    gradients = [trace.gradient for trace in traces if trace.gradient is not None]
    return {
        "iteration": state.iteration,
        "parameters": state.parameters.tobytes(),
        "slots": state.slots.tobytes(),
        "losses": b"".join(trace.losses.tobytes() for trace in traces),
        "gradient": gradients[-1].tobytes() if gradients else None,
        "row_iterations": [int(i) for trace in traces for i in trace.row_iterations],
        "rows": b"".join(trace.rows.tobytes() for trace in traces),
        "ended": traces[-1].ended,
    }


def run_cut(problem, cuts, record_every, call):
    """Advance by each of the cuts, or until training has ended."""
    state, traces = initial_state(problem), []
    for n in cuts:
        state, trace = call(problem, state, n, record_every=record_every)
        traces.append(trace)
        if trace.ended is not None:
            break
    return bits(state, traces)


def fresh_each_time(problem, state, n, *, record_every):
    return advance(problem, state, n, record_every=record_every)


def through_pickle(problem, state, n, *, record_every):
    problem, state = pickle.loads(pickle.dumps((problem, state)))
    return pickle.loads(pickle.dumps(advance(problem, state, n, record_every=record_every)))


def in_another_thread(problem, state, n, *, record_every):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(advance, problem, state, n, record_every=record_every).result()


@st.composite
def experiments(draw, make_problem):
    names = sorted(set(ACTIVATIONS) - {"softmax"})
    sizes = draw(st.lists(st.integers(1, 6), min_size=2, max_size=5))
    hidden = [draw(st.sampled_from(names)) for _ in sizes[2:]]
    loss = draw(st.sampled_from(sorted(LOSSES)))
    outputs = ["sigmoid", "softmax"] if "cross_entropy" in loss else sorted(ACTIVATIONS)
    samples = draw(st.integers(1, 9))
    problem = make_problem(
        tuple(sizes),
        activations=(*hidden, draw(st.sampled_from(outputs))),
        loss=loss,
        bias=draw(st.sampled_from(["trained", "fixed", "none"])),
        reduction=draw(st.sampled_from(["mean", "sum"])),
        samples=samples,
        optimizer=draw(st.sampled_from(sorted(OPTIMIZERS))),
        values={"learning_rate": draw(st.sampled_from([0.01, 0.3, 100.0]))},
        l1=draw(st.sampled_from([0.0, 0.01])),
        l2=draw(st.sampled_from([0.0, 0.1])),
        dtype=draw(st.sampled_from([np.float64, np.float32])),
        stop=StopRule(
            draw(st.none() | st.integers(1, 12)), draw(st.none() | st.sampled_from([0.05, 0.5]))
        ),
        batch_size=draw(st.none() | st.integers(1, samples + 1)),
        shuffle=draw(st.booleans()),
        seed=draw(st.integers(0, 5)),
    )
    frozen = np.random.default_rng(draw(st.integers(0, 9))).random(problem.network.size) < 0.3
    if draw(st.booleans()):
        problem = replace(problem, settings=replace(problem.settings, frozen=frozen))
    return problem


def test_cut_into_bursts_anyhow(make_problem):
    @settings(max_examples=300)
    @given(
        problem=experiments(make_problem),
        cuts=st.lists(st.integers(0, 12), min_size=1, max_size=8),
        record_every=st.integers(0, 5),
        call=st.sampled_from([fresh_each_time, through_pickle, in_another_thread]),
    )
    def check(problem, cuts, record_every, call):
        state, trace = advance(
            problem, initial_state(problem), sum(cuts), record_every=record_every
        )
        whole = bits(state, [trace])
        kept = Descent(problem)
        for way in (call, lambda _, *args, **options: kept.advance(*args, **options)):
            assert run_cut(problem, [*cuts, 0], record_every, way) == whole

    check()


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_larger_matrices_and_odd_cuts(make_problem, dtype, shuffle):
    problem = make_problem(
        (37, 65, 33, 10), samples=150, batch_size=64, shuffle=shuffle, optimizer="adam", dtype=dtype
    )
    whole = run_cut(problem, [23], 4, fresh_each_time)
    assert run_cut(problem, [1, 2, 3, 5, 7, 5], 4, through_pickle) == whole


def test_another_process(make_problem):
    problem = make_problem(samples=7, batch_size=3, shuffle=True, optimizer="nesterov")
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        state, trace = pool.submit(advance, problem, initial_state(problem), 50).result()
    assert bits(state, [trace]) == run_cut(problem, [20, 30], 0, fresh_each_time)


def test_a_state_is_a_value(make_problem):
    problem = make_problem(optimizer="adam")
    start = initial_state(problem)
    before = start.parameters.tobytes(), start.slots.tobytes()
    descent = Descent(problem)
    first, trace = descent.advance(start, 5)
    kept = bits(first, [trace])
    descent.advance(first, 5)
    assert (start.parameters.tobytes(), start.slots.tobytes()) == before
    assert bits(first, [trace]) == kept
