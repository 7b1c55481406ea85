"""Commands without a window take no notice of lessons."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpgui.experiment import presets
from bpgui.experiment.builtin import find
from bpgui.experiment.controls import NAMES
from bpgui.experiment.models import Lesson


@pytest.mark.parametrize(
    "command",
    [("train", "--epochs", "3"), ("check",), ("explain", "--sample", "1", "--iterations", "2")],
    ids=lambda command: command[0],
)
def test_a_lesson_that_hides_everything_changes_no_digit(bpgui, tmp_path: Path, command):
    free = presets.load(find("xor-numpy"))
    taught = free.model_copy(update={"lesson": Lesson(hidden=NAMES, note="Nothing to see.")})
    for name, experiment in (("free.json", free), ("taught.json", taught)):
        presets.save(tmp_path / name, experiment)
    name, *options = command

    told = [
        bpgui(name, tmp_path / preset, *options, "--json").told
        for preset in ("free.json", "taught.json")
    ]
    assert told[0] == told[1]


def test_a_lesson_with_a_wrong_name_is_told(bpgui, tmp_path: Path):
    wrong = tmp_path / "wrong.json"
    text = presets.dumps(presets.load(find("xor-numpy"))).rstrip().removesuffix("}").rstrip()
    wrong.write_text(text + ', "lesson": {"hidden": ["learning rate"]}}')

    bpgui("train", wrong).refused(
        "lesson.hidden[0]", "did you mean training.optimizer.learning_rate?"
    )
