"""Which problems train on the compiled loop, and what happens where there is no kernel."""

import ctypes
import importlib.util
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bpgui.engine import compiled
from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.compiled import library, loop, rule
from bpgui.engine.descent import Descent, advance, initial_state
from bpgui.engine.faults import FAULTS
from bpgui.engine.losses import FUSED, LOSSES
from bpgui.engine.network import Layer, Network
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.engine.problem import Samples, Settings, StopRule, optimizer_settings

needs_kernel = pytest.mark.skipif(library.load() is None, reason="the kernel is not built here")

# --- the library ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hook():
    """The module packaging/build_kernel.py, where bpgui is developed."""
    path = Path(__file__).parents[2] / "packaging" / "build_kernel.py"
    if importlib.util.find_spec("hatchling") is None or not path.exists():
        pytest.skip("this is no development environment")
    spec = importlib.util.spec_from_file_location("build_kernel", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_kernel_is_there_and_of_the_present_sources(hook):
    """Without it all goes on, slowly, which in a checkout's own environment is a mistake."""
    if hook.wanted_target() is None:
        pytest.skip("there is no kernel for this platform, or none is wanted")
    kernel = library.load()
    assert kernel is not None, "there is no kernel here; install bpgui once more"
    kernel.bpgui_sources.restype = ctypes.c_char_p
    assert kernel.bpgui_sources().decode() == hook.digest(library.PATH.parent)


def test_a_compiler_that_fails_is_told(hook, tmp_path):
    (tmp_path / "kernel.c").write_text("no C")
    target = next(iter(hook.TARGETS.values()))
    assert hook.compile_kernel(tmp_path, target, tmp_path / target.library)
    assert not (tmp_path / target.library).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is in use cannot be replaced")
def test_who_has_the_old_library_open_keeps_it(hook, tmp_path):
    output, place = tmp_path / "built.so", tmp_path / "kernel.so"
    output.write_bytes(b"new")
    place.write_bytes(b"old")
    with place.open("rb") as in_use:
        hook.put_in_place(output, place)
        assert in_use.read() == b"old"
    assert place.read_bytes() == b"new"
    assert {path.name for path in tmp_path.iterdir()} == {"built.so", "kernel.so"}


@pytest.mark.parametrize("there", ["nothing", "no library", "another library"])
def test_without_a_fitting_library_numpy_trains(make_problem, monkeypatch, tmp_path, there):
    place = tmp_path / library.PATH.name
    if there == "no library":
        place.write_bytes(b"not a library")
    elif there == "another library":
        place = Path(importlib.import_module("_ctypes").__file__)
    monkeypatch.setattr(library, "PATH", place)
    library.load.cache_clear()
    library.variants.cache_clear()
    try:
        problem = make_problem()
        assert not compiled.available()
        assert not compiled.supports(problem)
        assert library.variants() == ()
        assert advance(problem, initial_state(problem), 3)[0].iteration == 3
        with pytest.raises(RuntimeError, match="not installed"):
            library.function("train", "double")
    finally:
        library.load.cache_clear()
        library.variants.cache_clear()


@pytest.mark.parametrize("value", ["numpy", ""])
def test_a_variable_tells_a_process_to_use_numpy(value):
    done = subprocess.run(
        [sys.executable, "-c", "from bpgui.engine import compiled; print(compiled.available())"],
        env=os.environ | {"BPGUI_ENGINE": value},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(value == "" and library.load() is not None)


# --- which loop -----------------------------------------------------------------------------------


def test_the_tables_name_all_there_is():
    assert set(loop.ACTIVATIONS) == set(ACTIVATIONS)
    assert set(loop.LOSSES) == set(LOSSES)
    assert set(loop.FUSED) == set(FUSED)
    assert set(rule.OPTIMIZERS) == set(OPTIMIZERS)
    names = {name for row in OPTIMIZERS.values() for name in row.defaults}
    assert set(rule.HYPERPARAMETERS) == names


@needs_kernel
def test_small_problems_are_compiled(make_problem):
    assert compiled.supports(make_problem())
    assert compiled.supports(make_problem(dtype=np.float32))


@needs_kernel
@pytest.mark.parametrize("change", [{"fault": next(iter(FAULTS))}, {"loss": "another"}])
def test_what_the_kernel_does_not_know_is_left_to_numpy(make_problem, change):
    assert not compiled.supports(replace(make_problem(), **change))


def wrong_chain(problem):
    network = Network((Layer(2, 3, "sigmoid"), Layer(4, 2, "sigmoid")))
    return replace(problem, network=network, initial=np.zeros(network.size))


@needs_kernel
@pytest.mark.parametrize(
    "spoil",
    [
        wrong_chain,
        lambda problem: replace(problem, batch_size=0),
        lambda problem: replace(problem, train=Samples(np.ones((5, 3)), np.ones((5, 2)))),
        lambda problem: replace(problem, train=Samples(np.ones((5, 2)), np.ones((4, 2)))),
        lambda problem: replace(problem, train=Samples(np.ones((0, 2)), np.ones((0, 2)))),
    ],
)
def test_sizes_that_do_not_fit_never_reach_the_kernel(make_problem, spoil):
    assert not compiled.supports(spoil(make_problem()))


@needs_kernel
def test_nor_do_numbers_that_would_write_before_or_behind_a_buffer(make_problem):
    problem = make_problem()
    start = initial_state(problem)
    with pytest.raises(ValueError, match="not negative"):
        advance(problem, replace(start, iteration=-1), 1)
    with pytest.raises(ValueError, match="not negative"):
        advance(problem, start, 5, record_every=-1)
    with pytest.raises(ValueError, match="broadcast"):
        advance(problem, replace(start, parameters=start.parameters[1:]), 1)
    frozen = Settings(problem.settings.optimizer, frozen=np.zeros(3, bool))
    with pytest.raises(ValueError, match="broadcast"):
        Descent(problem).advance(start, 1, settings=frozen)


@needs_kernel
def test_settings_that_change_in_between_change_nothing_about_cutting(make_problem):
    problem = make_problem(optimizer="adam", samples=7, batch_size=3, shuffle=True)
    other = Settings(
        optimizer_settings("adam", learning_rate=0.02, beta1=0.5, beta2=0.9, eps=1e-6),
        l1=0.01,
        l2=0.02,
        stop=StopRule(40, 0.01),
        frozen=np.arange(problem.network.size) % 3 == 0,
    )
    results = set()
    for cut in (1, 6, 30):
        descent, state = Descent(problem), initial_state(problem)
        for settings in (problem.settings, other, problem.settings):
            for _ in range(30 // cut):
                state, _ = descent.advance(state, cut, settings=settings)
        results.add(state.parameters.tobytes() + state.slots.tobytes())
    assert len(results) == 1
