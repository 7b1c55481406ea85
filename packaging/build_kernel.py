"""Compiles the loop in C when a wheel is built or bpgui is installed for editing.

hatchling calls this hook. The compiler comes from PyPI (ziglang) into the environment in which the
wheel is built, so that no system needs one. Where it cannot be had or fails, bpgui is built without
the library, says so, and trains on NumPy; BPGUI_ENGINE_BUILD=none does that on purpose.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPILER = "ziglang==0.17.1"
FOLDER = Path("bpgui", "engine", "compiled")
# Bits that are the same everywhere need a*b + c as two roundings; the library needs no other.
FLAGS = (
    *("-std=c11", "-O3", "-ffp-contract=off", "-fno-math-errno"),
    *("-shared", "-fPIC", "-fvisibility=hidden", "-nostdlib", "-s"),
    *("-Wall", "-Wextra", "-Werror", "-Wno-psabi"),
)


class Target(NamedTuple):
    """The compiler's name for a platform, its tag in a wheel's name, the library's file name."""

    compiler: str
    tag: str
    library: str


TARGETS = {
    ("linux", "x86_64"): Target("x86_64-linux-gnu.2.17", "manylinux_2_17_x86_64", "kernel.so"),
    ("linux", "aarch64"): Target("aarch64-linux-gnu.2.17", "manylinux_2_17_aarch64", "kernel.so"),
    ("win32", "amd64"): Target("x86_64-windows-gnu", "win_amd64", "kernel.dll"),
    ("darwin", "arm64"): Target("aarch64-macos.11.0", "macosx_11_0_arm64", "kernel.dylib"),
    ("darwin", "x86_64"): Target("x86_64-macos.11.0", "macosx_11_0_x86_64", "kernel.dylib"),
}


def wanted_target() -> Target | None:
    """What to build for; None on other platforms and where the user wants no library."""
    if os.environ.get("BPGUI_ENGINE_BUILD") == "none" or sys.maxsize < 2**32:
        return None
    return TARGETS.get((sys.platform, platform.machine().lower()))


def digest(folder: Path) -> str:
    """Of the C files in a folder and how they are compiled; the library holds that of its own."""
    found = hashlib.sha256(" ".join((COMPILER, *FLAGS)).encode())
    for path in sorted(folder.glob("*.[ch]")):
        found.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n"))
    return found.hexdigest()


def is_fresh(folder: Path, target: Target) -> bool:
    """Whether the library beside the C files was made of them."""
    library = folder / target.library
    return library.is_file() and digest(folder).encode() in library.read_bytes()


def compile_kernel(folder: Path, target: Target, output: Path) -> str:
    """Compile the C files in a folder; returns what went wrong, nothing if all went well.

    All that the compiler keeps lies beside the output.
    """
    caches = dict.fromkeys(
        ("ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR"), str(output.parent / "cache")
    )
    command = (
        *(sys.executable, "-m", "ziglang", "cc", *FLAGS, "-target", target.compiler),
        *(f'-DSOURCES="{digest(folder)}"', str(folder / "kernel.c"), "-o", str(output)),
    )
    try:
        done = subprocess.run(
            command,
            env=os.environ | caches,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        return str(error)
    return done.stdout.strip() or f"exit code {done.returncode}" if done.returncode else ""


def provide(folder: Path, target: Target) -> str:
    """Put the library beside the C files, if the one there was not made of them; returns what went
    wrong, nothing if all went well."""
    if is_fresh(folder, target):
        return ""
    with tempfile.TemporaryDirectory(prefix="bpgui-kernel-") as place:
        output = Path(place) / target.library
        problem = compile_kernel(folder, target, output)
        if not problem:
            put_in_place(output, folder / target.library)
        return problem


def put_in_place(output: Path, library: Path) -> None:
    """Replace the library as a whole: a bpgui that runs has the old one in its memory, and would
    end if that were written over."""
    fresh = library.with_name(f"new-{library.name}")
    shutil.copyfile(output, fresh)
    fresh.replace(library)


class KernelHook(BuildHookInterface[Any]):
    """Puts the library into the package's folder, from where it runs and goes into the wheel."""

    def dependencies(self) -> list[str]:
        target = wanted_target()
        return [COMPILER] if target and not is_fresh(Path(self.root) / FOLDER, target) else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        folder = Path(self.root) / FOLDER
        target = wanted_target()
        problem = "no compiler for this platform, or none wanted"
        if target is not None:
            problem = provide(folder, target)
        if target is None or problem:
            for old in ("kernel.so", "kernel.dll", "kernel.dylib"):
                (folder / old).unlink(missing_ok=True)
            self._warn(problem)
            return
        build_data["artifacts"].append(f"/{FOLDER.as_posix()}/{target.library}")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{target.tag}"

    def _warn(self, reason: str) -> None:
        self.app.display_warning(
            f"bpgui is built without its compiled loop and will train on NumPy: {reason}"
        )
