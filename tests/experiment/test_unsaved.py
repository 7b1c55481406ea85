"""Changes that were not saved, as a file."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from bpgui.experiment import presets
from bpgui.experiment.builtin import find
from bpgui.experiment.errors import PresetError
from bpgui.experiment.unsaved import Unsaved, dumps, loads


@pytest.fixture
def unsaved() -> Unsaved:
    experiment = presets.load(find("xor"))
    when = datetime(2026, 3, 29, 2, 30, 1, 5)
    return Unsaved(experiment, "mine «é».json", Path("/a b/mine.json"), Path("/a b"), when)


def test_what_is_kept_comes_back(unsaved) -> None:
    assert loads(dumps(unsaved)) == unsaved
    untitled = unsaved._replace(path=None, folder=None)
    assert loads(dumps(untitled)) == untitled


@pytest.mark.parametrize("part", [0, 1, 40, 0.5, -1])
def test_a_file_that_was_cut_off_is_refused(unsaved, part) -> None:
    data = dumps(unsaved)
    end = int(part * len(data)) if isinstance(part, float) else part
    with pytest.raises(PresetError, match="it is cut off, or no JSON"):
        loads(data[:end])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "bpgui/preset"}, "its format is not bpgui/unsaved, version 1"),
        ({"version": 2}, "its format is not bpgui/unsaved, version 1"),
        ({"name": None}, "name: it is missing"),
        ({"path": 3}, "path: it is missing"),
        ({"when": "yesterday"}, "when: it is no time"),
        ({"preset": "{}"}, "format"),
    ],
)
def test_another_content_is_refused(unsaved, change, message) -> None:
    content = json.loads(dumps(unsaved)) | change
    with pytest.raises(PresetError, match=message):
        loads(json.dumps(content).encode())


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(PresetError):
        loads(b"[" * 100_000)
