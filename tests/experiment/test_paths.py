"""Where resources and the user's files are looked for."""

from __future__ import annotations

import sys
from pathlib import Path

import bpgui
from bpgui import paths


def test_resources_lie_beside_the_package_in_the_source_tree():
    assert (paths.resources() / "presets" / "index.json").is_file()
    assert (paths.resources() / "preset.schema.json").is_file()


def test_a_frozen_program_and_a_wheel_bring_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "lib" / "bpgui" / "paths.py"))
    wheel, tree = tmp_path / "lib" / "bpgui" / "resources", tmp_path / "lib" / "resources"
    frozen = tmp_path / "frozen" / "resources"
    for folder in (tree, wheel, frozen):
        folder.mkdir(parents=True)
        paths.resources.cache_clear()
        if folder is frozen:
            monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "frozen"), raising=False)
        assert paths.resources() == folder
    monkeypatch.undo()
    paths.resources.cache_clear()
    assert paths.resources().is_dir()


def test_the_users_folders_are_named_after_the_program():
    folders = (paths.user_config_dir(), paths.user_state_dir())
    assert all("bpgui" in folder.parts for folder in folders)
    assert not any(Path(bpgui.__file__).parent in folder.parents for folder in folders)
