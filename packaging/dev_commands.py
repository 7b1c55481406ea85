"""The commands of dev.py: set up what is missing, then run, test or measure bpgui."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import dev_build
import dev_environment
import dev_system
from dev_environment import ROOT

DEFAULT_PRESET = "two-inputs-fixed-biases"
PICTURE = "bpgui-window.png"

# Each a line that the tests are preceded by, as arguments of the environment's Python.
CHECKS = {
    "ruff check": ("-m", "ruff", "check", "--quiet"),
    "ruff format": ("-m", "ruff", "format", "--check", "--quiet"),
    "mypy": ("-m", "mypy", "--no-error-summary"),
    "lint-imports": (
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-logo'])",
    ),
}

# One process for each processor, up to as many as the tests, which start more, still gain from.
PARALLEL = ("--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal")


def say(text: str) -> None:
    print(text, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say and return the exit code."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        say(usage())
        return 0
    command = COMMANDS.get(arguments[0])
    if command is None:
        say(f"There is no command {arguments[0]!r}.\n\n{usage()}")
        return 2
    try:
        return command.action(list(arguments[1:]))
    except dev_system.SetupError as error:
        print(error, file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        return 130


def usage() -> str:
    lines = ["Sets bpgui up in this folder, and runs, tests or measures it.", ""]
    for name, command in COMMANDS.items():
        lines += [f"  python3 packaging/dev.py {name} {command.arguments}".rstrip()]
        lines += [f"      {line}" for line in command.help]
    return "\n".join(lines)


# --- run ------------------------------------------------------------------------------------------


def run(arguments: list[str]) -> int:
    display = not dev_system.why_no_window()
    dev_system.provide(dev_system.needs_to_run(display), say)
    python = str(dev_environment.ensure(ROOT, (), say))
    reason = dev_system.why_no_window()  # once more: now there is a library to ask the display with
    if not reason:
        return subprocess.run([python, "-m", "bpgui", *arguments], check=False).returncode
    return run_without_display(python, arguments[0] if arguments else DEFAULT_PRESET, reason)


def run_without_display(python: str, preset: str, reason: str) -> int:
    """Train the preset in the terminal and save a picture of the window in the current folder."""
    say(f"{reason}, so the window cannot open.\nTraining the preset {preset!r} without it.")
    trained = subprocess.run([python, "-m", "bpgui", "train", preset], check=False).returncode
    if trained == 2:  # the preset could not be read, and that has been said
        return trained
    picture = Path.cwd() / PICTURE
    command = (python, "-m", "bpgui", "screenshot", preset, str(picture), "--iterations", "1000")
    dev_system.quietly(command, os.environ | {"QT_QPA_PLATFORM": "offscreen"})
    say(f"A picture of the window after 1,000 iterations is in {picture}")
    return trained


# --- test -----------------------------------------------------------------------------------------


def test(arguments: list[str]) -> int:
    """Run the checks, then the tests; pytest's closing line is the last that is printed."""
    lacking = dev_system.provide(dev_system.needs_to_test(), say)
    if lacking:
        say(f"Tests that need these are skipped: {dev_system.describe(lacking)}")
    python = str(dev_environment.ensure(ROOT, ("dev",), say))
    failed = [name for name, check in CHECKS.items() if not passes(python, name, check)]
    if failed:
        say(f"The tests were not run, because these checks failed: {', '.join(failed)}")
        return 1
    command = [python, "-m", "pytest", *PARALLEL, *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def passes(python: str, name: str, check: tuple[str, ...]) -> bool:
    """Run one check; its output is shown only if it fails."""
    done = subprocess.run(
        [python, *check],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=os.environ | {"PYTHONUTF8": "1"},
        check=False,
    )
    if done.returncode:
        say(done.stdout.rstrip())
    say(f"{name}: {'failed' if done.returncode else 'passed'}")
    return done.returncode == 0


# --- bench ----------------------------------------------------------------------------------------


def bench(arguments: list[str]) -> int:
    """Measure; a peer that cannot be installed is told as missing, here and in the tables."""
    dev_system.provide(dev_system.needs_to_run(display=False), say)
    try:
        python = dev_environment.ensure(ROOT, ("bench",), say)
    except dev_system.SetupError as error:
        say(f"{error}\nThe peers could not be installed. Measuring without those that are missing.")
        python = dev_environment.ensure(ROOT, (), say)
    command = [str(python), str(ROOT / "tests" / "benchmarks"), *arguments]
    return subprocess.run(command, check=False).returncode


# --- system ---------------------------------------------------------------------------------------


def system(arguments: list[str]) -> int:
    needs = dev_system.needs_to_test()
    dev_system.provide(dev_system.Needs(needs.must + needs.may), say)
    say("All that bpgui needs of the system is there.")
    return 0


@dataclass(frozen=True)
class Command:
    arguments: str
    help: tuple[str, ...]
    action: Callable[[list[str]], int]


COMMANDS = {
    "run": Command(
        "[PRESET]",
        (
            "Opens the window, with a preset file or a built-in preset if one is named.",
            f"Without a display: trains in the terminal and saves a picture, {PICTURE}.",
        ),
        run,
    ),
    "test": Command(
        "[PYTEST ARGUMENTS]",
        ("Checks style, types and imports, then runs the tests.",),
        test,
    ),
    "bench": Command(
        "[NAMES...] [--json FILE] [--pairs N] [--quick]",
        (
            "Measures bpgui beside its peers and writes bpgui-bench.json; --help lists the names.",
            "At first this also installs PyTorch and scikit-learn.",
        ),
        bench,
    ),
    "build": Command(
        "[--archive] [--output FOLDER]",
        (
            "Makes the program that runs without Python, in dist or FOLDER; tells what is in it.",
            "--archive: also packs it as what people download, with a checksum.",
        ),
        lambda arguments: dev_build.build(arguments, say),
    ),
    "system": Command(
        "",
        ("Installs only what the system must provide (Debian and Ubuntu, as root).",),
        system,
    ),
}
