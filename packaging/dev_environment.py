"""The virtual environments of this checkout: made once, brought up to date when its pins change.

A stamp is written into the environment when all is installed and taken away before anything is
changed, so one that was interrupted is known by having none and is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dev_system import quietly

ROOT = Path(__file__).resolve().parent.parent
STAMP = "bpgui-stamp.json"
# What must be importable for an environment to be whole, by the extra that brings it.
PROBES = {
    "": "bpgui, numpy, pydantic, pyqtgraph, PySide6, typer",
    "bench": "sklearn, torch",
    "build": "PyInstaller",
    "dev": "hypothesis, importlinter, mypy, pytest, pytestqt, ruff",
}


@dataclass(frozen=True)
class Stamp:
    """What an environment was made from: the interpreter and place, the pins, and the extras."""

    base: str
    pins: str
    extras: tuple[str, ...]

    def save(self, environment: Path) -> None:
        values = {"base": self.base, "pins": self.pins, "extras": self.extras}
        (environment / STAMP).write_text(json.dumps(values), encoding="utf-8")


# What pip is asked for, and what it compiles while it installs bpgui.
INSTALLED_FROM = ("pyproject.toml", "packaging/build_kernel.py", "bpgui/engine/compiled/*.[ch]")


def wanted_stamp(root: Path, extras: tuple[str, ...]) -> Stamp:
    pins = hashlib.sha256()
    for pattern in INSTALLED_FROM:
        for path in sorted(root.glob(pattern)):
            pins.update(path.read_bytes())
    return Stamp(base=f"{sys.version} | {root}", pins=pins.hexdigest(), extras=extras)


def load_stamp(environment: Path) -> Stamp | None:
    """The stamp of an environment, or None where it has none that can be read."""
    try:
        values = json.loads((environment / STAMP).read_text(encoding="utf-8"))
        return Stamp(values["base"], values["pins"], tuple(values["extras"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def python_of(environment: Path) -> Path:
    if os.name == "nt":
        return environment / "Scripts" / "python.exe"
    return environment / "bin" / "python"


def is_whole(environment: Path, extras: tuple[str, ...]) -> bool:
    """Whether the environment's Python starts and finds the packages of these extras."""
    modules = ", ".join(PROBES[extra] for extra in ("", *extras))
    command = [
        str(python_of(environment)),
        "-c",
        f"from importlib.util import find_spec\n"
        f"missing = [m for m in {modules!r}.split(', ') if find_spec(m) is None]\n"
        f"raise SystemExit(bool(missing))",
    ]
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    except OSError:
        return False
    return done.returncode == 0


def plan(found: Stamp | None, wanted: Stamp, *, exists: bool, whole: bool) -> str:
    """What is to be done, as one of "create", "rebuild", "update" and "nothing"."""
    if not exists:
        return "create"
    if found is None or found.base != wanted.base or not whole:
        return "rebuild"
    if found.pins != wanted.pins or not set(wanted.extras) <= set(found.extras):
        return "update"
    return "nothing"


def ensure(
    root: Path,
    extras: tuple[str, ...],
    say: Callable[[str], None],
    name: str = ".venv",
    install: Callable[[Path, Path, tuple[str, ...]], None] | None = None,
) -> Path:
    """Make the environment `name` of the checkout ready and return its Python; raises SetupError.

    `install(root, environment, extras)` puts in what it is for: bpgui, so that edits count at once,
    if none is given.
    """
    environment = root / name
    found = load_stamp(environment)
    if found is not None:  # what is there stays there
        extras = tuple(sorted({*extras, *found.extras}))
    wanted = wanted_stamp(root, extras)
    exists = environment.exists()
    whole = exists and found is not None and is_whole(environment, found.extras)
    action = plan(found, wanted, exists=exists, whole=whole)
    if action == "nothing":
        return python_of(environment)
    if action == "rebuild":
        say(f"The environment in {name} is incomplete or of another Python; making it anew")
        shutil.rmtree(environment)
    if action in ("create", "rebuild"):
        say(f"Making a virtual environment in {name}")
        quietly((sys.executable, "-m", "venv", str(environment)))
    (environment / STAMP).unlink(missing_ok=True)
    say(
        f"Installing what bpgui needs into {name} ({_described(extras)}); at first it takes minutes"
    )
    (install or install_editable)(root, environment, extras)
    wanted.save(environment)
    return python_of(environment)


def _described(extras: tuple[str, ...]) -> str:
    return f".[{','.join(extras)}]" if extras else "."


def install_editable(root: Path, environment: Path, extras: tuple[str, ...]) -> None:
    pip(root, environment, "--editable", _described(extras))


def install_dependencies(root: Path, environment: Path, extras: tuple[str, ...]) -> None:
    """What bpgui needs, without bpgui."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    pip(root, environment, *project["dependencies"], *(n for e in extras for n in optional[e]))


def pip(root: Path, environment: Path, *what: str) -> None:
    """`pip install` in an environment, from the checkout's folder; raises SetupError."""
    command = (
        *(str(python_of(environment)), "-m", "pip", "install"),
        *("--quiet", "--disable-pip-version-check", "--no-input", *what),
    )
    # pip's own switch for installing into the home folder would refuse to work in an environment
    quietly(command, os.environ | {"PIP_USER": "0"}, root)
