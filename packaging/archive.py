"""What people download: the frozen program packed for their system, with a checksum beside it.

Linux: a .tar.gz with a script that installs it into the home folder, and a .deb where `dpkg-deb` is
there to make it. Windows: a .zip; the installer is made from windows/bpgui.iss. macOS: a .zip.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SHARE = {  # files for the desktop, and where they lie below `share`
    "bpgui.desktop": "applications",
    "bpgui.xml": "mime/packages",
    "io.github.bpgui.bpgui.metainfo.xml": "metainfo",
}
DEB_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


def make(program: Path, icons: Path, output: Path) -> list[Path]:
    """Pack `program` into `output`, with a checksum beside each file; returns the files."""
    packs: dict[str, Callable[[Path, Path, Path], Iterator[Path]]]
    packs = {"linux": _linux, "win32": _windows, "darwin": _macos}
    made = []
    for path in packs[sys.platform](program, icons, output):
        checksum(path)
        made.append(path)
    return made


def version() -> str:
    text = (ROOT / "bpgui" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    assert found is not None
    return found[1]


def name() -> str:
    """Such as bpgui-0.1.0-linux-x86_64."""
    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform)
    return f"bpgui-{version()}-{system}-{platform.machine().lower()}"


def checksum(path: Path) -> Path:
    """Write what `sha256sum --check` reads beside the file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    beside = path.with_name(path.name + ".sha256")
    beside.write_text(f"{digest}  {path.name}\n", encoding="ascii", newline="\n")
    return beside


# --- Linux ----------------------------------------------------------------------------------------


def _linux(program: Path, icons: Path, output: Path) -> Iterator[Path]:
    folder = _fresh(icons.parent / name())
    shutil.copytree(program, folder / "bpgui", symlinks=True)
    share(folder / "share", icons)
    for file in (*HERE.glob("linux/*install.sh"), ROOT / "LICENSE"):
        shutil.copy2(file, folder)
    yield tar(folder, output / f"{folder.name}.tar.gz")
    if shutil.which("dpkg-deb"):
        yield deb(program, icons, output)


def share(folder: Path, icons: Path) -> None:
    """Put the desktop's files and the icon theme into `folder`."""
    for file, place in SHARE.items():
        (folder / place).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HERE / "linux" / file, folder / place / file)
    shutil.copytree(icons / "hicolor", folder / "icons" / "hicolor", dirs_exist_ok=True)


def tar(folder: Path, path: Path) -> Path:
    """Pack a folder; its files belong to whoever unpacks it, and equal folders give equal bytes."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        member.mtime = _time()
        member.mode |= 0o755 if member.mode & 0o100 else 0o644
        return member

    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", 6, file, mtime=_time()) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        archive.add(folder, folder.name, recursive=False, filter=plain)
        for member in sorted(folder.rglob("*")):
            archive.add(member, member.relative_to(folder.parent), recursive=False, filter=plain)
    return path


def _time() -> int:
    """The time that packed files have: that of the sources where a builder gives it."""
    return int(os.environ.get("SOURCE_DATE_EPOCH", "315532800"))


def deb(program: Path, icons: Path, output: Path) -> Path:
    """A package for Debian and Ubuntu."""
    folder = _fresh(icons.parent / "deb")
    shutil.copytree(program, folder / "usr/lib/bpgui", symlinks=True)
    share(folder / "usr/share", icons)
    (folder / "usr/share/doc/bpgui").mkdir(parents=True)
    shutil.copyfile(ROOT / "LICENSE", folder / "usr/share/doc/bpgui/copyright")
    (folder / "usr/bin").mkdir()
    for start in ("bpgui", "bpgui-window"):
        (folder / "usr/bin" / start).symlink_to(f"../lib/bpgui/{start}")
    machine = DEB_MACHINES.get(platform.machine(), platform.machine())
    (folder / "DEBIAN").mkdir()
    control = (HERE / "linux" / "control").read_text(encoding="utf-8")
    values = {
        "version": version(),
        "machine": machine,
        "size": str(_kilobytes(folder)),
        "libc": platform.libc_ver()[1],
    }
    (folder / "DEBIAN/control").write_text(control.format(**values), encoding="utf-8")
    path = output / f"bpgui_{values['version']}_{machine}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", str(folder), str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return path


def _kilobytes(folder: Path) -> int:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) // 1024


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


# --- the others -----------------------------------------------------------------------------------


def _windows(program: Path, icons: Path, output: Path) -> Iterator[Path]:
    base = str(output / name())
    yield Path(shutil.make_archive(base, "zip", program.parent, program.name))


def _macos(program: Path, icons: Path, output: Path) -> Iterator[Path]:
    path = output / f"{name()}.zip"  # by ditto, as other tools follow the links in an application
    subprocess.run(["ditto", "-c", "-k", "--keepParent", str(program), str(path)], check=True)
    yield path
