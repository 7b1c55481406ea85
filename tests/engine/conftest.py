"""Problems for the tests of the engine."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from bpgui.engine import compiled
from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Problem, Samples, Settings, StopRule, optimizer_settings

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def make_problem() -> Callable[..., Problem]:
    """A problem with drawn data and parameters, described by the values that a test cares about."""
    return _make_problem


def _make_problem(
    sizes: tuple[int, ...] = (2, 3, 2),
    *,
    activations: tuple[str, ...] | None = None,
    bias: str = "trained",
    samples: int = 5,
    loss: str = "half_squared_error",
    reduction: str = "mean",
    optimizer: str = "sgd",
    values: dict[str, float] | None = None,
    stop: StopRule | None = None,
    l1: float = 0.0,
    l2: float = 0.0,
    frozen: np.ndarray | None = None,
    dtype: type = np.float64,
    spread: float = 1.5,
    seed: int = 0,
    **fields: Any,
) -> Problem:
    rng = np.random.default_rng(seed)
    names = activations or ("sigmoid",) * (len(sizes) - 1)
    network = Network(
        tuple(
            Layer(inputs, units, name, bias)
            for inputs, units, name in zip(sizes, sizes[1:], names, strict=False)
        )
    )
    inputs = rng.uniform(-1, 1, (samples, sizes[0])).astype(dtype)
    targets = np.eye(sizes[-1])[rng.integers(sizes[-1], size=samples)].astype(dtype)
    settings = Settings(
        optimizer_settings(optimizer, **({"learning_rate": 0.1} | (values or {}))),
        l1=l1,
        l2=l2,
        stop=stop or StopRule(),
        frozen=frozen,
    )
    return Problem(
        network,
        Samples(inputs, targets),
        fields.pop("test", None),
        loss,
        reduction,
        rng.uniform(-spread, spread, network.size).astype(dtype),
        settings,
        **fields,
    )


@pytest.fixture(scope="session")
def make_penalized() -> Callable[[str, str, str, str], Problem]:
    """Two layers of an activation, with both penalties; before softmax, which ends one, tanh."""

    def make(activation: str, loss: str, reduction: str, bias: str) -> Problem:
        hidden = "tanh" if activation == "softmax" else activation
        return _make_problem(
            (3, 4, 3),
            activations=(hidden, activation),
            loss=loss,
            reduction=reduction,
            bias=bias,
            l1=0.02,
            l2=0.3,
        )

    return make


@pytest.fixture(params=["compiled", "numpy"])
def either_loop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs a test on the compiled loop, where there is one, and on the NumPy loop."""
    if request.param == "numpy":
        monkeypatch.setenv("BPGUI_ENGINE", "numpy")
    elif not compiled.available():
        pytest.skip("the compiled loop is not installed")


@pytest.fixture(scope="session")
def goldens() -> dict[str, Any]:
    """The golden file: name -> case and result, as packaging/make_goldens.py wrote them."""
    return json.loads((HERE / "goldens.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def maker() -> ModuleType:
    """The script packaging/make_goldens.py."""
    path = HERE.parents[1] / "packaging" / "make_goldens.py"
    spec = importlib.util.spec_from_file_location("make_goldens", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
