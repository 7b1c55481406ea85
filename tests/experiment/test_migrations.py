"""The ladder between versions, climbed with rungs made for the test: 1 is still the newest."""

from __future__ import annotations

import pytest

from bpgui.experiment.errors import PresetError
from bpgui.experiment.migrations import RUNGS, migrate
from bpgui.experiment.models import VERSION

HEAD = {"format": "bpgui/preset"}


def test_there_is_a_rung_from_every_older_version():
    assert sorted(RUNGS) == list(range(1, VERSION))


def test_an_older_file_climbs_rung_by_rung():
    rungs = {
        1: lambda raw: {**raw, "steps": [*raw["steps"], "1 to 2"]},
        2: lambda raw: {**raw, "steps": [*raw["steps"], "2 to 3"]},
    }
    oldest = {**HEAD, "version": 1, "steps": []}
    assert migrate(oldest, rungs, 3) == {**HEAD, "version": 3, "steps": ["1 to 2", "2 to 3"]}
    assert oldest == {**HEAD, "version": 1, "steps": []}
    assert migrate({**HEAD, "version": 2, "steps": []}, rungs, 3)["steps"] == ["2 to 3"]
    assert migrate({**HEAD, "version": 3, "steps": []}, rungs, 3)["steps"] == []


def test_a_newer_file_is_refused_with_a_sentence():
    with pytest.raises(PresetError) as caught:
        migrate({**HEAD, "version": 4}, {}, 3)
    told = "version: this file is version 4, written by a newer bpgui; this one reads up to 3"
    assert str(caught.value) == told
