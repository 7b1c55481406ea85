"""What people download for Linux: packed, installed into a home folder, and taken away again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

import bpgui

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
MINE = '<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info"/>'
MIME = "application/x-bpgui-preset+json"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="how it is packed on Linux")


@pytest.fixture(scope="module")
def archive(load_beside: Callable[..., dict[str, ModuleType]]) -> ModuleType:
    return load_beside(PACKAGING, "archive")["archive"]


@pytest.fixture
def packed(archive: ModuleType, tmp_path: Path) -> list[Path]:
    """Files made of a program that only says its name and arguments."""
    program, icons = tmp_path / "bpgui", tmp_path / "work" / "icons"
    program.mkdir()
    (program / "bpgui").write_text('#!/bin/sh\necho "${0##*/}" "$@"\n', encoding="ascii")
    (program / "bpgui").chmod(0o755)
    (program / "bpgui-window").symlink_to("bpgui")
    picture = icons / "hicolor" / "48x48" / "apps" / "bpgui.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"png")
    (tmp_path / "dist").mkdir()
    made: list[Path] = archive.make(program, icons, tmp_path / "dist")
    return made


def run(*command: str | Path, home: Path) -> str:
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [str(word) for word in command],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files(folder: Path) -> set[str]:
    """The files below a folder, without what the desktop's tools collect from them."""
    collected = ("/mime/", "mimeinfo.cache", "icon-theme.cache")
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    kept = {path for path in found if "/mime/packages/" in path and "bpgui" in path}
    return kept | {path for path in found if not any(word in path for word in collected)}


def test_it_is_installed_into_a_home_folder_and_taken_away(
    packed: list[Path], tmp_path: Path
) -> None:
    home = tmp_path / "a home & 100% $more"
    home.mkdir()
    (home / "mine.txt").write_text("mine", encoding="ascii")
    with tarfile.open(packed[0]) as tar:
        tar.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.4
        tar.extractall(tmp_path / "unpacked")
    (folder,) = (tmp_path / "unpacked").iterdir()

    for _ in range(2):  # installing again is how it is brought up to date
        said = run(folder / "install.sh", home=home)

    assert f"bpgui is installed in {home}/.local/lib/bpgui" in said
    assert run(home / ".local/bin/bpgui", "train", "xor", home=home) == "bpgui train xor\n"
    assert files(home) == {
        "mine.txt",
        ".local/bin/bpgui",
        ".local/bin/bpgui-window",
        ".local/lib/bpgui/bpgui",
        ".local/lib/bpgui/bpgui-window",
        ".local/lib/bpgui/uninstall.sh",
        ".local/share/applications/bpgui.desktop",
        ".local/share/icons/hicolor/48x48/apps/bpgui.png",
        ".local/share/metainfo/io.github.bpgui.bpgui.metainfo.xml",
        ".local/share/mime/packages/bpgui.xml",
    }
    check_desktop_file(home / ".local/share/applications/bpgui.desktop", home)
    if shutil.which("update-mime-database"):
        globs = (home / ".local/share/mime/globs2").read_text(encoding="utf-8")
        assert f"50:{MIME}:*.bpgui" in globs.splitlines()

    run(home / ".local/lib/bpgui/uninstall.sh", home=home)
    assert [path.name for path in home.iterdir()] == ["mine.txt"]


def test_folders_that_hold_anything_else_are_left(packed: list[Path], tmp_path: Path) -> None:
    data = tmp_path / "home" / ".local" / "share"
    mine = ("applications/my.desktop", "icons/hicolor/48x48/apps/my.png", "mime/packages/my.xml")
    for name in mine:
        (data / name).parent.mkdir(parents=True)
        (data / name).write_text(MINE, encoding="ascii")
    with tarfile.open(packed[0]) as tar:
        tar.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.4
        tar.extractall(tmp_path / "unpacked")
    (folder,) = (tmp_path / "unpacked").iterdir()

    run(folder / "install.sh", home=tmp_path / "home")
    run(folder / "uninstall.sh", home=tmp_path / "home")

    left = {f".local/share/{name}" for name in mine if "/packages/" not in name}
    assert files(tmp_path / "home") == left
    assert all((data / name).read_text(encoding="ascii") == MINE for name in mine)
    assert {path.name for path in data.iterdir()} == {"applications", "icons", "mime"}
    if shutil.which("update-mime-database"):
        assert (data / "mime" / "mime.cache").exists()


def check_desktop_file(path: Path, home: Path) -> None:
    """It starts the installed program, whatever signs the path has."""
    lines = path.read_text(encoding="utf-8").splitlines()
    program = f"{home}/.local/lib/bpgui/bpgui-window"
    # The rules of Exec= and then those of strings in such files double what escapes.
    quoted = program.replace("$", r"\\$").replace("%", "%%")
    assert f'Exec="{quoted}" %f' in lines
    assert not any(line.startswith("TryExec=") for line in lines)
    if shutil.which("desktop-file-validate"):
        assert run("desktop-file-validate", path, home=home) == ""


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg-deb is Debian's")
def test_the_package_for_debian_has_all_in_its_place(packed: list[Path], tmp_path: Path) -> None:
    (deb,) = (path for path in packed if path.suffix == ".deb")

    told = run("dpkg-deb", "--field", deb, "Package", "Version", home=tmp_path).splitlines()
    listed = run("dpkg-deb", "--contents", deb, home=tmp_path)

    assert told == ["Package: bpgui", f"Version: {bpgui.__version__}"]
    assert "./usr/bin/bpgui -> ../lib/bpgui/bpgui\n" in listed
    for place in (
        "./usr/lib/bpgui/bpgui\n",
        "./usr/share/applications/bpgui.desktop\n",
        "./usr/share/mime/packages/bpgui.xml\n",
        "./usr/share/icons/hicolor/48x48/apps/bpgui.png\n",
    ):
        assert place in listed
    assert all(" root/root " in line for line in listed.splitlines())


def test_checksums_are_those_that_sha256sum_checks(packed: list[Path]) -> None:
    for path in packed:
        command = ["sha256sum", "--check", "--quiet", f"{path}.sha256"]
        subprocess.run(command, cwd=path.parent, check=True)
