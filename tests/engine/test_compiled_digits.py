"""The compiled loop tells what the NumPy loop tells, to about 1e-12; see engine.compiled."""

import hashlib
import itertools
from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine import compiled
from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.compiled import library, loop
from bpgui.engine.descent import Divergence, advance, gradient, initial_state
from bpgui.engine.evaluation import evaluate
from bpgui.engine.losses import LOSSES
from bpgui.engine.network import Layer, Network
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings

pytestmark = pytest.mark.skipif(library.load() is None, reason="the kernel is not built here")

HIDDEN = sorted(set(ACTIVATIONS) - {"softmax"})
ITERATIONS = 50
# These divide a gradient by its own size, so one in which a million times larger terms cancel moves
# a parameter in its eleventh digit.
TOLERANCES = {"adagrad": 1e-10, "rmsprop": 1e-10, "adam": 1e-10}


@pytest.fixture
def on_numpy(monkeypatch):
    """Run something as it is where there is no kernel."""

    def call(function, *arguments, **options):
        with monkeypatch.context() as patch:
            patch.setenv("BPGUI_ENGINE", "numpy")
            return function(*arguments, **options)

    return call


def close(found, wanted, tolerance=1e-12):
    """Equal to `tolerance` of the largest member, row by row."""
    scale = np.abs(wanted).max(axis=-1, keepdims=True, initial=0.0)
    assert found.shape == wanted.shape
    assert found.dtype == wanted.dtype
    assert (np.abs(found - wanted) <= tolerance * scale).all(), np.abs(found - wanted).max()


def agree(found, wanted, tolerance=1e-12):
    """Two results of advance tell the same."""
    (state, trace), (state_there, trace_there) = found, wanted
    assert trace.ended == trace_there.ended
    assert state.iteration == state_there.iteration
    assert trace.row_iterations.tolist() == trace_there.row_iterations.tolist()
    close(trace.losses[:, None], trace_there.losses[:, None], tolerance)
    close(state.parameters, state_there.parameters, tolerance)
    close(state.slots, state_there.slots, tolerance)
    close(trace.rows, trace_there.rows, tolerance)
    if trace_there.gradient is None:
        assert trace.gradient is None
    else:
        close(trace.gradient, trace_there.gradient, tolerance)


def cases(make_problem, optimizer, loss):
    """Problems with every output activation; all else varies with them."""
    rng = np.random.default_rng([sorted(OPTIMIZERS).index(optimizer), sorted(LOSSES).index(loss)])
    for output in sorted(ACTIVATIONS):
        samples = 11
        sizes = (*rng.integers(1, 7, size=rng.integers(1, 4)).tolist(), int(rng.integers(1, 6)))
        hidden = rng.choice(HIDDEN, size=len(sizes) - 2).tolist()
        problem = make_problem(
            sizes,
            activations=(*hidden, output),
            loss=loss,
            optimizer=optimizer,
            values={"learning_rate": 0.01},
            bias=rng.choice(["trained", "fixed", "none"]),
            reduction=rng.choice(["mean", "sum"]),
            samples=samples,
            batch_size=rng.choice([None, 1, 3, 4, 10, 11]),
            shuffle=bool(rng.integers(2)),
            l1=rng.choice([0.0, 0.01]),
            l2=rng.choice([0.0, 0.1]),
            seed=int(rng.integers(1000)),
        )
        if rng.integers(2):
            frozen = rng.random(problem.network.size) < 0.3
            problem = replace(problem, settings=replace(problem.settings, frozen=frozen))
        yield problem


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loss", LOSSES)
def test_both_loops_agree(make_problem, on_numpy, optimizer, loss):
    for problem in cases(make_problem, optimizer, loss):
        assert compiled.supports(problem)
        start = initial_state(problem)
        found = advance(problem, start, ITERATIONS, record_every=7)
        wanted = on_numpy(advance, problem, start, ITERATIONS, record_every=7)
        drift = on_numpy(sensitivity, problem, start, wanted)
        agree(found, wanted, max(TOLERANCES.get(optimizer, 1e-12), 30 * drift))


def sensitivity(problem, start, wanted):
    """How far training drifts if every parameter starts a unit in the last place away.

    It is below 3e-14 but where training is unstable."""
    signs = np.random.default_rng(3).choice([-1, 1], problem.network.size)
    moved = start.parameters * (1 + signs * np.finfo(problem.dtype).eps)
    moved = replace(start, parameters=moved)
    state, trace = advance(problem, moved, ITERATIONS, record_every=7)
    if state.iteration == 0:
        return 0.0
    (state_there, trace_there) = wanted
    pairs = (
        (trace.rows, trace_there.rows),
        (trace.losses, trace_there.losses),
        (state.parameters, state_there.parameters),
    )
    return max(float(np.abs(a - b).max() / np.abs(b).max()) for a, b in pairs)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [None, 1, 3, 10])
def test_both_loops_agree_in_single_precision(make_problem, on_numpy, optimizer, batch_size):
    problem = make_problem(
        (3, 5, 4, 2),
        activations=("tanh", "softplus", "sigmoid"),
        samples=11,
        batch_size=batch_size,
        shuffle=True,
        optimizer=optimizer,
        values={"learning_rate": 0.01},
        l1=0.01,
        l2=0.1,
        dtype=np.float32,
    )
    start = initial_state(problem)
    found = advance(problem, start, ITERATIONS, record_every=7)
    agree(found, on_numpy(advance, problem, start, ITERATIONS, record_every=7), 1e-4)


def fingerprint(problem):
    """All that 20 iterations tell, to the bit."""
    state, trace = advance(problem, initial_state(problem), 20, record_every=3)
    arrays = state.parameters, state.slots, trace.losses, trace.rows
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()


def test_every_variant_gives_the_same_bits(make_problem, monkeypatch):
    variants = library.variants()
    for optimizer, loss in itertools.product(("sgd", "adam"), LOSSES):
        for problem in cases(make_problem, optimizer, loss):
            bits = set()
            for variant in variants:
                monkeypatch.setattr(library, "variants", lambda only=variant: (only,))
                bits.add(fingerprint(problem))
            assert len(bits) == 1


def test_a_batch_in_panels_gives_the_same_bits(make_problem, monkeypatch):
    for optimizer, loss in itertools.product(("sgd", "adam"), LOSSES):
        for problem in cases(make_problem, optimizer, loss):
            whole = fingerprint(problem)
            with monkeypatch.context() as patch:
                patch.setattr(loop, "PANEL", 4)
                assert fingerprint(problem) == whole


@pytest.mark.parametrize(
    ("dtype", "batch_size", "digest"),
    [
        (np.float64, 5, "06a9c75b69d3adf2"),
        (np.float32, 5, "f347848de4618d0a"),
        (np.float64, 1, "5cc5b443c160243c"),
        (np.float32, 1, "f0afd021293bb305"),
    ],
)
def test_the_bits_are_those_of_every_platform(make_problem, dtype, batch_size, digest):
    """Written down once: another processor, system or compiler must find the same."""
    found = hashlib.sha256()
    for optimizer, activation in itertools.product(OPTIMIZERS, ACTIVATIONS):
        problem = make_problem(
            (2, 5, 3),
            activations=("tanh" if activation == "softmax" else activation, activation),
            samples=7,
            batch_size=batch_size,
            optimizer=optimizer,
            dtype=dtype,
        )
        found.update(fingerprint(problem).encode())
    assert found.hexdigest()[:16] == digest


@pytest.mark.parametrize("loss", LOSSES)
def test_one_sample_alone_gives_the_digits_that_it_gives_as_the_rest_of_an_epoch(
    make_problem, loss
):
    """Alone it has its units side by side; as a rest, its copies, as batches have their samples."""
    for problem in cases(make_problem, "adam", loss):
        rest = replace(problem, batch_size=10, shuffle=False)
        inputs, targets = problem.train.inputs[10:], problem.train.targets[10:]
        alone = replace(problem, train=Samples(inputs, targets), batch_size=1)
        start = replace(initial_state(problem), iteration=1)
        (state, trace), (same, same_trace) = advance(rest, start, 1), advance(alone, start, 1)
        assert trace.ended == same_trace.ended
        assert trace.losses.tobytes() == same_trace.losses.tobytes()
        assert np.array_equal(state.parameters, same.parameters)
        assert np.array_equal(state.slots, same.slots)
        assert np.array_equal(trace.gradient, same_trace.gradient)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_gradient_is_the_one_that_central_differences_prove(make_problem, loss):
    """test_derivatives.py compares `gradient` with differences, for every activation and loss."""
    for problem in cases(make_problem, "sgd", loss):
        _, trace = advance(replace(problem, batch_size=None), initial_state(problem), 1)
        if trace.gradient is not None:
            close(trace.gradient, gradient(problem, problem.initial))


# --- where it is hard -----------------------------------------------------------------------------


@pytest.mark.parametrize("samples", range(1, 10))
def test_repeated_samples_that_fill_a_batch_add_nothing(make_problem, samples):
    problem = make_problem(samples=samples, activations=("relu", "softmax"))
    _, trace = advance(problem, initial_state(problem), 1)
    assert trace.losses[0] == pytest.approx(evaluate(problem, problem.initial).loss, rel=1e-14)
    close(trace.gradient, gradient(problem, problem.initial))


def test_a_batch_is_not_filled_with_zeros():
    """A sample of zeros would overflow in this network, whose only sample does not."""
    network = Network((Layer(1, 1, "identity"), Layer(1, 1, "identity")))
    problem = Problem(
        network,
        Samples(np.array([[1.0]]), np.array([[1e308]])),
        None,
        "absolute_error",
        "mean",
        np.array([-1e308, 1e308, 1.0, 1e308]),
        Settings(optimizer_settings("sgd", learning_rate=1e-3)),
    )
    assert advance(problem, initial_state(problem), 1)[1].ended is None
    zero = replace(problem, train=Samples(np.array([[0.0]]), np.array([[1e308]])))
    assert isinstance(advance(zero, initial_state(zero), 1)[1].ended, Divergence)


def test_what_fills_a_layer_up_never_ends_a_run(make_problem, on_numpy):
    """0 / (sqrt(0) + eps) is not a number where eps is 0 in single precision."""
    problem = make_problem(
        (2, 3, 1),
        optimizer="adagrad",
        values={"eps": 1e-60},
        batch_size=1,
        dtype=np.float32,
    )
    start = initial_state(problem)
    found = advance(problem, start, ITERATIONS)
    assert found[0].iteration == ITERATIONS
    agree(found, on_numpy(advance, problem, start, ITERATIONS), 1e-4)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_divergence_is_found_in_the_same_iteration(make_problem, on_numpy, optimizer):
    problem = make_problem(
        (2, 3, 1),
        activations=("identity", "identity"),
        loss="squared_error",
        optimizer=optimizer,
        values={"learning_rate": 1e4},
        batch_size=2,
        shuffle=True,
    )
    start = initial_state(problem)
    state, trace = advance(problem, start, 300)
    there, trace_there = on_numpy(advance, problem, start, 300)
    assert trace.ended == trace_there.ended
    assert state.iteration == there.iteration
    assert isinstance(trace.ended, Divergence) == (optimizer in {"sgd", "momentum", "nesterov"})


@pytest.mark.parametrize("iteration", [0, 1, 10, 1_000, 1_000_000])
def test_adam_corrects_as_numpy_does_however_long_it_runs(make_problem, on_numpy, iteration):
    problem = make_problem(optimizer="adam", values={"beta1": 0.99, "beta2": 0.9999})
    start = replace(initial_state(problem), iteration=iteration)
    start.slots[...] = 0.1
    # NumPy's 1 - 0.9999 ** t has lost 4 digits where t is small.
    agree(advance(problem, start, 3), on_numpy(advance, problem, start, 3), 4e-12)
