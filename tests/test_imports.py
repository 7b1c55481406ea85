"""Imports run one way, and nothing below the window loads Qt."""

from __future__ import annotations

import subprocess
import sys

import pytest

QT = ("PySide6", "shiboken6", "pyqtgraph")
BEYOND_NUMPY = (*QT, "pydantic", "rich", "typer")

# Imports a module, with all modules in it, and prints which of the others that loaded.
PROBE = """
import importlib, pkgutil, sys
module = importlib.import_module(sys.argv[1])
for info in pkgutil.walk_packages(getattr(module, "__path__", ()), module.__name__ + "."):
    importlib.import_module(info.name)
print(*sorted({name.split(".")[0] for name in sys.modules} & set(sys.argv[2:])))
"""


def loaded(module: str, others: tuple[str, ...]) -> str:
    command = [sys.executable, "-c", PROBE, module, *others]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("module", ["cli", "commands", "experiment", "training", "views"])
def test_what_needs_no_window_loads_no_qt(module: str) -> None:
    assert loaded(f"bpgui.{module}", QT) == ""


@pytest.mark.parametrize("module", ["engine", "datasets"])
def test_the_engine_and_the_data_load_numpy_alone(module: str) -> None:
    assert loaded(f"bpgui.{module}", BEYOND_NUMPY) == ""


def test_the_probe_sees_what_is_loaded() -> None:
    assert loaded("bpgui.ui.selection", QT) == "PySide6 shiboken6"
