"""A small preset as raw JSON values, for tests to spoil."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from bpgui.experiment import presets
from bpgui.experiment.errors import PresetError
from bpgui.experiment.models import Experiment

RAW: dict[str, Any] = {
    "format": "bpgui/preset",
    "version": 1,
    "name": "Two inputs",
    "description": "A worked example.",
    "network": {
        "inputs": 2,
        "layers": [
            {"units": 2, "activation": "sigmoid", "bias": "trained"},
            {"units": 2, "activation": "sigmoid", "bias": "fixed"},
        ],
    },
    "initial_weights": {
        "scheme": "manual",
        "weights": [[[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45], [0.5, 0.55]]],
        "biases": [[0.35, 0.35], [0.6, 0.6]],
    },
    "data": {"source": "inline", "inputs": [[0.05, 0.1]], "targets": [[0.01, 0.99]]},
    "loss": {"name": "half_squared_error", "reduction": "mean"},
    "training": {
        "optimizer": {"name": "sgd", "learning_rate": 0.5},
        "batch_size": None,
        "shuffle": False,
        "seed": 0,
        "l1": 0,
        "l2": 0,
        "precision": "float64",
        "stop": {"max_epochs": 10000, "loss_below": None},
    },
}


@pytest.fixture
def raw() -> dict[str, Any]:
    return copy.deepcopy(RAW)


@pytest.fixture
def experiment() -> Experiment:
    return presets.loads(json.dumps(RAW))


@pytest.fixture
def refusal() -> Callable[[Any], dict[str, str]]:
    """What `loads` says of a file's content: place -> message."""

    def told(content: Any) -> dict[str, str]:
        if not isinstance(content, bytes | str):
            content = json.dumps(content)
        with pytest.raises(PresetError) as caught:
            presets.loads(content)
        problems = caught.value.problems
        assert len({problem.place for problem in problems}) == len(problems)
        return {problem.place: problem.message for problem in problems}

    return told
