"""bpgui train on somebody's own table."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

FLOWERS = Path(__file__).parents[1] / "datasets" / "flowers.csv"
INPUTS = ["sepal length", "sepal width", "petal length", "petal width"]


@pytest.fixture
def preset(tmp_path: Path) -> Path:
    """A preset as a person would write it, with the table beside it."""
    shutil.copy(FLOWERS, tmp_path / "flowers.csv")
    content = {
        "format": "bpgui/preset",
        "version": 1,
        "network": {
            "inputs": 4,
            "layers": [{"units": 8, "activation": "tanh"}, {"units": 3, "activation": "softmax"}],
        },
        "initial_weights": {"scheme": "xavier_uniform"},
        "data": {
            "source": "csv",
            "path": "flowers.csv",
            "inputs": INPUTS,
            "targets": ["species"],
            "decimal": ",",
            "scaling": {"method": "standardize"},
            "test_fraction": 0.2,
        },
        "loss": {"name": "cross_entropy"},
        "training": {"optimizer": {"name": "adam", "learning_rate": 0.01}, "batch_size": 32},
    }
    path = tmp_path / "preset.json"
    path.write_text(json.dumps(content))
    return path


def test_iris_is_learnt_without_a_window(bpgui, preset: Path) -> None:
    told = bpgui("train", preset, "--epochs", "100", "--json").told
    assert told["accuracy"] > 0.95
    assert told["test_accuracy"] > 0.85


def test_a_table_that_changed_is_refused(bpgui, preset: Path) -> None:
    content = json.loads(preset.read_text())
    content["data"]["size"] = 17
    preset.write_text(json.dumps(content))
    bpgui("train", preset, "--epochs", "1").refused(
        "has changed since it was chosen: it had 17 bytes and has 4,608 now"
    )
