"""Preferences on disk, and what becomes of files that are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bpgui.ui.preferences import LARGEST, RECENT, Preferences, load, save

SOME = Preferences(("/a/one.json", "/b/two.json"), theme="dark", hint_seen=True, digits=6)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "preferences.json"
    save(file, SOME)
    assert load(file).preferences == SOME
    assert json.loads(file.read_text())["version"] == 1


def test_without_a_file_there_are_the_defaults(tmp_path: Path) -> None:
    loaded = load(tmp_path / "preferences.json")
    assert loaded.preferences == Preferences()
    assert loaded.reason == ""


BROKEN = {
    "empty": b"",
    "truncated": b'{"format": "bpgui/preferences", "version": 1, "rec',
    "binary": bytes(range(256)),
    "deep": b"[" * 100_000,
    "a list": b"[]",
    "another format": b'{"format": "else", "version": 1}',
    "newer": b'{"format": "bpgui/preferences", "version": 2, "theme": "sepia"}',
    "a wrong theme": b'{"format": "bpgui/preferences", "version": 1, "theme": "sepia"}',
    "too many digits": b'{"format": "bpgui/preferences", "version": 1, "digits": 18}',
    "digits that are no number": b'{"format": "bpgui/preferences", "version": 1, "digits": true}',
    "wrong paths": b'{"format": "bpgui/preferences", "version": 1, "recent": [1]}',
    "a wrong hint": b'{"format": "bpgui/preferences", "version": 1, "hint_seen": 1}',
    "too large": b" " * (LARGEST + 1),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_set_aside_unchanged(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "preferences.json"
    file.write_bytes(content)
    loaded = load(file)
    assert loaded.preferences == Preferences()
    assert loaded.reason
    assert loaded.aside is not None
    assert loaded.aside.read_bytes() == content
    assert not file.exists()


def test_each_set_aside_file_keeps_a_name_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "preferences.json"
    names = set()
    for content in (b"one", b"two"):
        file.write_bytes(content)
        names.add(load(file).aside)
    assert len(names) == 2


def test_a_folder_in_the_file_s_place_is_no_end(tmp_path: Path) -> None:
    (tmp_path / "preferences.json").mkdir()
    assert load(tmp_path / "preferences.json").preferences == Preferences()


def test_recent_files_are_few_and_the_latest_first() -> None:
    some = Preferences()
    for number in range(2 * RECENT):
        some = some.opened(Path(f"/{number}.json"))
    again = some.opened(Path("/15.json"))
    assert len(again.recent) == RECENT
    assert again.recent[:2] == ("/15.json", "/19.json")
    assert "/15.json" not in again.without("/15.json").recent


def test_a_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "preferences.json"
    file.mkdir()
    with pytest.raises(OSError, match=r"preferences\.json"):
        save(file, SOME)
    assert file.is_dir()
