"""The benchmarks' arithmetic and their file; no test looks at a time.

Benchmarks are started as programs, so their modules are loaded from their own folder.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
NAMES = ("measuring", "results", "cases", "engine")


@pytest.fixture(scope="module")
def modules(load_beside: Callable[..., dict[str, ModuleType]]) -> dict[str, ModuleType]:
    return load_beside(HERE, *NAMES)


@pytest.fixture
def measuring(modules: dict[str, ModuleType]) -> ModuleType:
    return modules["measuring"]


@pytest.fixture
def engine(modules: dict[str, ModuleType]) -> ModuleType:
    return modules["engine"]


# --- the arithmetic -------------------------------------------------------------------------------


def test_sides_take_turns_and_who_begins_changes(measuring: ModuleType) -> None:
    order: list[str] = []

    def side(name: str, values: list[float]) -> object:
        return lambda: (order.append(name), values.pop(0))[1]

    pairs = measuring.take_turns(side("a", [6.0, 8.0, 9.0]), side("b", [3.0, 2.0, 9.0]), 3)

    assert "".join(order) == "abbaab"
    assert pairs.ours == (6.0, 8.0, 9.0)
    assert pairs.ratio == measuring.Measured((2.0, 4.0, 1.0), "x")


@pytest.mark.parametrize(
    ("samples", "median", "quartiles"),
    [
        ((3.0,), 3.0, (3.0, 3.0)),
        ((2.0, 1.0), 1.5, (1.25, 1.75)),
        ((5.0, 1.0, 4.0, 2.0, 3.0), 3.0, (2.0, 4.0)),
    ],
)
def test_median_and_quartiles(
    measuring: ModuleType,
    samples: tuple[float, ...],
    median: float,
    quartiles: tuple[float, float],
) -> None:
    measured = measuring.Measured(samples, "x")

    assert measured.median == median
    assert measured.quartiles == quartiles


def test_work_is_counted_by_what_was_done(measuring: ModuleType) -> None:
    asked: list[int] = []

    def run(n: int) -> int:
        asked.append(n)
        return 3 * n  # whole epochs, for one

    rate = measuring.count_in(0.001, run, 5)

    assert set(asked) == {5}
    assert 0 < rate <= 15 * len(asked) / 0.001


# --- sides in processes of their own --------------------------------------------------------------

ECHO = """
import sys
sys.path.insert(0, sys.argv[1])
from measuring import MissingError, serve

def twice(number):
    print("a library says something")
    return {"twice": 2 * number}

def absent():
    raise MissingError("not installed")

serve({"twice": twice, "absent": absent, "end": lambda: sys.exit(3)})
"""


def test_a_side_answers_and_what_it_prints_is_no_answer(measuring: ModuleType) -> None:
    with measuring.Child([sys.executable, "-c", ECHO, str(HERE)]) as child:
        assert child.ask("twice", number=21) == {"twice": 42}
        with pytest.raises(measuring.MissingError, match="not installed"):
            child.ask("absent")
        with pytest.raises(RuntimeError, match="TypeError"):
            child.ask("twice", number={})
        assert child.ask("twice", number=1) == {"twice": 2}
        with pytest.raises(RuntimeError, match="exit code 3"):
            child.ask("end")


def test_a_side_sets_its_own_number_of_threads(
    measuring: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("MKL_NUM_THREADS", "1")
    script = "import json, os; print(json.dumps(dict(os.environ)))"

    with measuring.Child([sys.executable, "-c", script], MKL_NUM_THREADS="2") as child:
        variables = child.ask("anything")

    assert "OMP_NUM_THREADS" not in variables
    assert variables["MKL_NUM_THREADS"] == "2"


# --- peers compute the same -----------------------------------------------------------------------

SIZES = ((2, 3, 2), 4, 3)


def _peers() -> list[str]:
    sys.path.insert(0, str(HERE))
    try:
        names = list(importlib.import_module("engine").PEERS)
    finally:
        sys.path.remove(str(HERE))
        for name in NAMES:
            sys.modules.pop(name, None)
    return names


@pytest.mark.parametrize("name", _peers())
def test_a_peer_computes_what_we_compute(
    modules: dict[str, ModuleType], engine: ModuleType, name: str
) -> None:
    if name == "torch.compile":
        pytest.skip("it takes many seconds to build its code")
    plan = modules["measuring"].Plan(pairs=1, seconds=0.001)
    case = modules["cases"].Case(*SIZES)

    with engine.Sides() as sides:
        compared = engine.compare(sides, case, engine.PEERS[name], plan)

    if compared.cell == "not installed":
        pytest.skip(f"{name} is not installed")
    assert isinstance(compared.cell, modules["measuring"].Measured), compared.cell


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
def test_each_optimizer_is_pytorchs(modules: dict[str, ModuleType], engine: ModuleType) -> None:
    plan = modules["measuring"].Plan(pairs=1, seconds=0.001)

    with engine.Sides() as sides:
        for optimizer in modules["cases"].OPTIMIZERS:
            case = modules["cases"].Case(*SIZES, optimizer=optimizer)
            compared = engine.compare(sides, case, engine.PEERS["PyTorch"], plan)
            assert isinstance(compared.cell, modules["measuring"].Measured), compared.cell


def test_a_peer_that_computes_something_else_is_not_timed(
    modules: dict[str, ModuleType], engine: ModuleType
) -> None:
    plan = modules["measuring"].Plan(pairs=1, seconds=0.001)
    case = modules["cases"].Case(*SIZES, optimizer="momentum")  # it knows sgd alone

    with engine.Sides() as sides:
        compared = engine.compare(sides, case, engine.PEERS["plain NumPy"], plan)

    assert compared.cell.startswith("computes something else (")


def test_the_distance_of_two_rows_of_losses(engine: ModuleType) -> None:
    assert engine.distance([2.0, 4.0], [2.0, 5.0]) == 0.25
    assert engine.distance([2.0], [2.0, 5.0]) == float("inf")
    assert engine.distance([], []) == float("inf")
    assert engine.distance([1.0], [float("nan")]) == float("inf")


# --- what is left behind --------------------------------------------------------------------------


def test_the_document_holds_all_samples(modules: dict[str, ModuleType]) -> None:
    measuring, results = modules["measuring"], modules["results"]
    measured = measuring.Measured((2.0, 4.0, 3.0), "x")
    table = measuring.Table("Engine", "network", ("a", "b"), (("1-1", (measured, "none")),), ("n",))

    values = json.loads(json.dumps(results.document({"engine": [table]}, measuring.Plan())))

    assert (values["format"], values["version"]) == ("bpgui/benchmarks", 1)
    assert values["plan"] == {"pairs": 10, "seconds": 0.2, "quick": False}
    assert values["machine"].keys() >= {
        *("cpu", "cores", "system", "python", "blas", "variables"),
        *("numpy", "torch", "scikit-learn", "qt", "pyqtgraph"),
    }
    (found,) = values["benchmarks"]["engine"]
    assert found["columns"] == ["a", "b"]
    assert found["notes"] == ["n"]
    assert found["rows"] == [
        {
            "label": "1-1",
            "cells": [
                {
                    "unit": "x",
                    "median": 3.0,
                    "quartiles": [2.5, 3.5],
                    "samples": [2.0, 4.0, 3.0],
                },
                {"text": "none"},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("samples", "unit", "text"),
    [
        ((1.234,), "x", "1.23 (1.23–1.23)"),
        ((12345.6,), "1/s", "12,346 1/s (12,346–12,346)"),
        ((41.26,), "ms", "41.3 ms (41.3–41.3)"),
    ],
)
def test_a_figure_is_told_with_its_spread(
    modules: dict[str, ModuleType], samples: tuple[float, ...], unit: str, text: str
) -> None:
    assert modules["results"].text_of(modules["measuring"].Measured(samples, unit)) == text


def test_a_name_that_is_no_benchmark_is_refused_with_those_that_are() -> None:
    done = subprocess.run(
        [sys.executable, str(HERE), "engin"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "'engin' is none of engine" in done.stderr
