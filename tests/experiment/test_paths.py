"""Where resources and the user's files are looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

import bpgui
from bpgui import paths


def test_resources_lie_beside_the_package_in_the_source_tree():
    assert (paths.resources() / "presets" / "index.json").is_file()
    assert (paths.resources() / "preset.schema.json").is_file()


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """The folder of a package that lies elsewhere, with `resources` beside it."""
    package = tmp_path / "lib" / "bpgui"
    (tmp_path / "lib" / "resources").mkdir(parents=True)
    monkeypatch.setattr(paths, "__file__", str(package / "paths.py"))
    paths.resources.cache_clear()
    yield package
    paths.resources.cache_clear()


def test_those_within_the_package_come_before_those_beside_it(elsewhere):
    assert paths.resources() == elsewhere.parent / "resources"
    paths.resources.cache_clear()
    (elsewhere / "resources").mkdir(parents=True)
    assert paths.resources() == elsewhere / "resources"


def test_the_users_folders_are_named_after_the_program():
    folders = (paths.user_config_dir(), paths.user_state_dir())
    assert all("bpgui" in folder.parts for folder in folders)
    assert not any(Path(bpgui.__file__).parent in folder.parents for folder in folders)
