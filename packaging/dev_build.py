"""`dev.py build`: the frozen program, from an environment that holds what it runs with alone."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import archive
import bundle
import dev_environment
import dev_system
from dev_environment import ROOT

ENVIRONMENT = ".venv-build"
SPEC = Path(__file__).resolve().parent / "bpgui.spec"

OFFSCREEN = os.environ | {"QT_QPA_PLATFORM": "offscreen"}

Say = Callable[[str], None]


def build(arguments: list[str], say: Say) -> int:
    parser = argparse.ArgumentParser(prog="dev.py build")
    parser.add_argument("--output", type=Path, default=ROOT / "dist", metavar="FOLDER")
    parser.add_argument("--archive", action="store_true")
    given = parser.parse_args(arguments)
    output = given.output.absolute()
    dev_system.provide(dev_system.needs_to_build(), say)
    python = environment(say)
    work = output / "work"
    say("Freezing bpgui with PyInstaller; this takes about a minute")
    dev_system.quietly((python, str(SPEC.parent / "make_icons.py"), str(work / "icons")), OFFSCREEN)
    freeze(python, work, output)
    program = frozen(output)
    say("\n".join(bundle.report(program)))
    if given.archive:
        for path in archive.make(program, work / "icons", output):
            say(f"{path.stat().st_size / 1e6:7.1f} MB  {path}")
    shutil.rmtree(work)
    say(f"The program is in {program}; try it: python packaging/smoke.py {program}")
    return 0


def environment(say: Say) -> str:
    """The build environment's Python, with bpgui as it is now installed into it as from a wheel."""
    install = dev_environment.install_dependencies
    python = dev_environment.ensure(ROOT, ("build",), say, ENVIRONMENT, install)
    dev_environment.pip(ROOT, ROOT / ENVIRONMENT, "--no-deps", "--force-reinstall", str(ROOT))
    return str(python)


def freeze(python: str, work: Path, output: Path) -> None:
    """Run PyInstaller, which keeps what it would put into the home folder in `work`."""
    command = (
        *(python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
        *("--workpath", str(work), "--distpath", str(output), str(SPEC)),
    )
    variables = {"PYINSTALLER_CONFIG_DIR": str(work / "cache"), "PYTHONHASHSEED": "0"}
    # not in the checkout, whose modules would be found before those that are installed
    dev_system.quietly(command, os.environ | variables, work)


def frozen(output: Path) -> Path:
    """What a build leaves in `output`: a folder, or an application on macOS."""
    return output / ("bpgui.app" if sys.platform == "darwin" else "bpgui")
