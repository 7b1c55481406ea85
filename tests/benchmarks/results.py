"""What a run of the benchmarks leaves: tables on the screen and a JSON file."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import rich.box
import rich.console
import rich.table
from measuring import Measured, Plan, Table

FORMAT = "bpgui/benchmarks"
VERSION = 1
PACKAGES = {
    "numpy": "numpy",
    "torch": "torch",
    "scikit-learn": "scikit-learn",
    "qt": "PySide6-Essentials",
    "pyqtgraph": "pyqtgraph",
}
# The variables that change what linear algebra does.
VARIABLES = ("OPENBLAS_", "MKL_", "OMP_", "VECLIB_")


def document(tables: Mapping[str, Sequence[Table]], plan: Plan) -> dict[str, Any]:
    """All that was measured and what it was measured on, as JSON's types."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "machine": machine(),
        "plan": {"pairs": plan.pairs, "seconds": plan.seconds, "quick": plan.quick},
        "benchmarks": {name: [_table(table) for table in some] for name, some in tables.items()},
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "label": table.label,
        "columns": list(table.columns),
        "rows": [
            {"label": label, "cells": [_cell(cell) for cell in cells]}
            for label, cells in table.rows
        ],
        "notes": list(table.notes),
    }


def _cell(cell: Measured | str) -> dict[str, Any]:
    if isinstance(cell, str):
        return {"text": cell}
    return {
        "unit": cell.unit,
        "median": cell.median,
        "quartiles": list(cell.quartiles),
        "samples": list(cell.samples),
    }


def save(path: Path, values: dict[str, Any]) -> None:
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


# --- the machine ----------------------------------------------------------------------------------


def machine() -> dict[str, Any]:
    """What the figures depend on; a package that is not installed is null."""
    import numpy as np

    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "blas": f"{blas['name']} {blas['version']}",
        "variables": {k: v for k, v in os.environ.items() if k.startswith(VARIABLES)},
        **{name: _version(package) for name, package in PACKAGES.items()},
    }


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _cpu() -> str:
    """The processor's name, by which its maker sells it where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


# --- the screen -----------------------------------------------------------------------------------


def show(tables: Sequence[Table]) -> None:
    """Print tables; where output is no terminal they are as wide as they need."""
    width = None if sys.stdout.isatty() else 200
    console = rich.console.Console(width=width, highlight=False)
    for table in tables:
        grid = rich.table.Table(
            title=table.title, title_justify="left", box=rich.box.SIMPLE_HEAD, pad_edge=False
        )
        grid.add_column(table.label)
        for column in table.columns:
            grid.add_column(column, justify="right")
        for label, cells in table.rows:
            grid.add_row(label, *map(text_of, cells))
        console.print(grid)
        for note in table.notes:
            console.print(note, markup=False)
        console.print()


def text_of(cell: Measured | str) -> str:
    """The median, with the quartiles behind it; no more digits than the spread leaves."""
    if isinstance(cell, str):
        return cell
    low, high = cell.quartiles
    unit = "" if cell.unit == "x" else f" {cell.unit}"
    return f"{_number(cell.median)}{unit} ({_number(low)}\N{EN DASH}{_number(high)})"


def _number(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
