"""Saving writes a file whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bpgui.experiment import presets
from bpgui.experiment.errors import PresetError

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and limits")


def refused(path: Path, experiment) -> str:
    with pytest.raises(PresetError) as caught:
        presets.save(path, experiment)
    return str(caught.value)


def test_what_is_saved_is_loaded_equal(tmp_path, experiment):
    path = tmp_path / "übung 1.json"
    presets.save(path, experiment)
    presets.save(str(path), experiment)
    assert presets.load(path) == experiment
    assert path.read_bytes() == presets.dumps(experiment).encode()
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@posix
def test_mode_and_link_of_the_old_file_stay(tmp_path, experiment):
    path, link = tmp_path / "a.json", tmp_path / "link.json"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    presets.save(link, experiment)
    assert link.is_symlink()
    assert presets.load(path) == experiment
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_folder_is_no_target(tmp_path, experiment):
    folder = tmp_path / "folder.json"
    folder.mkdir()
    assert refused(folder, experiment) == f"{folder}: is a folder; give a file name"
    assert list(tmp_path.iterdir()) == [folder]
    assert not list(folder.iterdir())


def test_a_missing_folder_is_told(tmp_path, experiment):
    path = tmp_path / "gone" / "a.json"
    assert refused(path, experiment) == f"{path}: cannot be saved: no such file or directory"


def test_what_cannot_be_written_leaves_the_old_file(tmp_path, experiment):
    path = tmp_path / "a.json"
    path.write_text("old")
    wrong = experiment.model_copy(
        update={"network": experiment.network.model_copy(update={"inputs": 3})}
    )
    assert "initial_weights.weights[0][0]: expected 3" in refused(path, wrong)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


SAVE_UNDER_LIMIT = """
import resource, sys
from bpgui.experiment import presets
experiment = presets.load(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
try:
    presets.save(sys.argv[2], experiment)
except presets.PresetError as error:
    print(error)
"""


@posix
def test_a_write_that_breaks_off_leaves_the_old_file(tmp_path, experiment):
    source, path = tmp_path / "source.json", tmp_path / "a.json"
    presets.save(source, experiment)
    path.write_text("old")
    command = [sys.executable, "-c", SAVE_UNDER_LIMIT, str(source), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"{path}: cannot be saved: file too large\n"
    assert path.read_text() == "old"
    assert sorted(tmp_path.iterdir()) == [path, source]


@pytest.mark.parametrize("small_disk", [4], indirect=True)
def test_a_full_disk_leaves_the_old_file(small_disk, experiment):
    path = small_disk / "a.json"
    presets.save(path, experiment)
    old = path.read_bytes()
    longer = experiment.model_copy(update={"description": "x" * 9000})
    assert refused(path, longer) == f"{path}: cannot be saved: no space left on device"
    assert path.read_bytes() == old
    assert list(small_disk.iterdir()) == [path]


@pytest.mark.parametrize("small_disk", [4], indirect=True)
def test_a_read_only_disk_leaves_the_old_file(small_disk, experiment):
    path = small_disk / "a.json"
    path.write_text("old")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert refused(path, experiment) == f"{path}: cannot be saved: the file is read-only"
    other = small_disk / "b.json"
    assert refused(other, experiment) == f"{other}: cannot be saved: read-only file system"
    assert path.read_text() == "old"
    assert list(small_disk.iterdir()) == [path]


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_read_only_folder_and_file_leave_the_old_file(tmp_path, experiment):
    path = tmp_path / "a.json"
    path.write_text("old")
    tmp_path.chmod(0o500)
    assert refused(path, experiment) == f"{path}: cannot be saved: permission denied"
    tmp_path.chmod(0o700)
    path.chmod(0o400)
    assert refused(path, experiment) == f"{path}: cannot be saved: the file is read-only"
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
