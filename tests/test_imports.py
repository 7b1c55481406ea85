"""Imports run one way, and nothing below the window loads Qt."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

QT = ("PySide6", "shiboken6", "pyqtgraph")
BEYOND_NUMPY = (*QT, "pydantic", "rich", "typer")

# Imports a module, with all modules in it, and prints which of the others that loaded.
PROBE = """
import importlib.util, pkgutil, sys
module = importlib.import_module(sys.argv[1])
for info in pkgutil.walk_packages(getattr(module, "__path__", ()), module.__name__ + "."):
    if importlib.util.find_spec(info.name).origin.endswith(".py"):
        importlib.import_module(info.name)
print(*sorted({name.split(".")[0] for name in sys.modules} & set(sys.argv[2:])))
"""

# Starts the program, and prints what it has loaded when its first picture is there.
START = """
import os, sys, bpgui.cli
from bpgui.commands import window
program = window._app()
def settle_in(shown, *_):
    assert shown.session.snapshot is not None
    print(*sorted(set(sys.modules) & set(sys.argv[1:])), flush=True)
    os._exit(0)
program.settle_in = settle_in
bpgui.cli.main([])
"""
NOT_FOR_THE_FIRST_PICTURE = (
    "bpgui.datasets.csv_file",
    "bpgui.datasets.csv_format",
    "bpgui.datasets.csv_survey",
    "bpgui.engine.derivation",
    "bpgui.engine.expression",
    "bpgui.engine.faults",
    "bpgui.engine.features",
    "bpgui.engine.gradcheck",
    "bpgui.engine.graph",
    "bpgui.engine.operations",
    "bpgui.engine.tokens",
    "bpgui.experiment.csv_import",
    "bpgui.experiment.idx_import",
    "bpgui.exporting",
    "bpgui.licenses",
    "bpgui.published",
    "bpgui.training.checking",
    "bpgui.ui.images_dialog",
    "bpgui.ui.import_dialog",
    "bpgui.ui.panels.digits_panel",
    "bpgui.ui.panels.explain_panel",
    "bpgui.ui.panels.graph_panel",
    "bpgui.ui.panels.output_panel",
    "bpgui.ui.panels.why_panel",
    "bpgui.ui.verify_dialog",
    "bpgui.views.ledger",
    "bpgui.views.output_contours",
    "bpgui.views.output_surface",
    "fast_sugiyama",
    "multiprocessing.shared_memory",
    "numpy.ma",
    "numpy.random",
    "rich",
    "typer",
    "ziamath",
)


def loaded(module: str, others: tuple[str, ...]) -> str:
    command = [sys.executable, "-c", PROBE, module, *others]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    "module", ["cli", "commands", "experiment", "exporting", "training", "views"]
)
def test_what_needs_no_window_loads_no_qt(module: str) -> None:
    assert loaded(f"bpgui.{module}", QT) == ""


@pytest.mark.parametrize("module", ["engine", "datasets"])
def test_the_engine_and_the_data_load_numpy_alone(module: str) -> None:
    assert loaded(f"bpgui.{module}", BEYOND_NUMPY) == ""


def test_the_probe_sees_what_is_loaded() -> None:
    assert loaded("bpgui.ui.selection", QT) == "PySide6 shiboken6"


def test_the_first_picture_needs_no_more_than_it_shows(tmp_path) -> None:
    homes = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "STATE")}
    done = subprocess.run(
        [sys.executable, "-c", START, *NOT_FOR_THE_FIRST_PICTURE, "numpy"],
        env=os.environ | homes | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["numpy"]
