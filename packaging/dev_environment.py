"""The virtual environment of this checkout: made once, brought up to date when its pins change.

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
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dev_system import SetupError, quietly

ROOT = Path(__file__).resolve().parent.parent
STAMP = "bpgui-stamp.json"
# What must be importable for an environment to be whole, by the extra that brings it.
PROBES = {
    "": "bpgui, numpy, pydantic, pyqtgraph, PySide6, typer",
    "bench": "sklearn, torch",
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


def wanted_stamp(root: Path, extras: tuple[str, ...]) -> Stamp:
    pins = hashlib.sha256((root / "pyproject.toml").read_bytes()).hexdigest()
    return Stamp(base=f"{sys.version} | {root}", pins=pins, extras=extras)


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


def ensure(root: Path, extras: tuple[str, ...], say: Callable[[str], None]) -> Path:
    """Make the checkout's environment ready and return its Python; raises SetupError."""
    environment = root / ".venv"
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
        say("The environment in .venv is incomplete or of another Python; making it anew")
        shutil.rmtree(environment)
    if action in ("create", "rebuild"):
        say("Making a virtual environment in .venv")
        quietly((sys.executable, "-m", "venv", str(environment)))
    (environment / STAMP).unlink(missing_ok=True)
    try:
        _install(root, environment, extras, say)
    except SetupError:
        if found is not None and action == "update" and found.pins == wanted.pins:
            found.save(environment)  # an extra that cannot be had takes nothing away
        raise
    wanted.save(environment)
    return python_of(environment)


def _install(
    root: Path, environment: Path, extras: tuple[str, ...], say: Callable[[str], None]
) -> None:
    target = f".[{','.join(extras)}]" if extras else "."
    say(f"Installing bpgui and what it needs into .venv ({target}); at first this takes minutes")
    command = (
        *(str(python_of(environment)), "-m", "pip", "install"),
        *("--quiet", "--disable-pip-version-check", "--no-input", "--editable", target),
    )
    # pip's own switch for installing into the home folder would refuse to work in an environment
    quietly(command, os.environ | {"PIP_USER": "0"}, root)
