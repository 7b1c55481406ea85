"""What the README tells of commands and preset files is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from bpgui.cli import COMMANDS
from bpgui.datasets.generators import GENERATORS
from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.initializers import INITIALIZERS
from bpgui.engine.losses import LOSSES
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.experiment import models, presets, sources

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_is_a_preset() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)

    experiment = presets.loads(example)

    assert experiment.name == "Two inputs"
    assert experiment.training.optimizer.learning_rate == 0.5


NAMES = {
    *(name for table in (ACTIVATIONS, LOSSES, INITIALIZERS, OPTIMIZERS) for name in table),
    *GENERATORS,
    *(member.model_fields["source"].default for member in get_args(get_args(sources.Data)[0])),
}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_name_of_the_format_is_told(name: str) -> None:
    assert f"`{name}`" in README


FIELDS = {
    f"{prefix}{field}"
    for prefix, model in {
        "training.": models.Training,
        "training.stop.": models.Stop,
        "loss.": models.Loss,
        "": models.Experiment,
    }.items()
    for field in model.model_fields
} - {"network", "loss", "training", "training.stop"}


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_every_field_is_told(field: str) -> None:
    assert f"`{field}`" in README


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_told(command: str) -> None:
    assert re.search(rf"^    bpgui {command}\b", README, re.MULTILINE)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_what_it_links_to_is_there(target: str) -> None:
    assert (ROOT / target).is_file()
