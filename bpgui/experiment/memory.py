"""How much memory an experiment takes, told before any of it is allocated."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from pathlib import Path
from typing import Any

FALLBACK = 4 * 2**30
UNITS = ("bytes", "KB", "MB", "GB", "TB", "PB", "EB")

CHUNK = 4096  # samples in one pass where all are looked at, as in engine.backprop


def bytes_needed(
    parameters: int,
    units: int,
    features: int,
    outputs: int,
    samples: int,
    batch: int,
    slots: int,
    itemsize: int,
) -> int:
    """Bytes that building and running a problem takes in all, in the window and in its worker
    process.

    `units` counts those of all layers. The number errs on the high side.
    """
    # Measured at a million parameters. Of theta: states, gradients, slots and snapshots in both
    # processes and between them, and what panels make of these; of indices: the parameter table.
    copies, indices = 64 + 6 * slots, 8
    columns = features + outputs + 2
    rows = max(min(samples, CHUNK), batch)
    data = samples * columns * (8 + 2 * itemsize)
    passes = 4 * rows * (units + columns) * itemsize
    return parameters * (8 * indices + copies * itemsize) + data + passes


def available_memory() -> int:
    """Bytes that can be had now, or a guess of 4 GiB where the system does not say."""
    read = _windows if sys.platform == "win32" else _unix
    try:
        return read()
    except (OSError, ValueError, AttributeError):
        return FALLBACK


def _unix() -> int:
    limits = [_linux() or os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2]
    group = Path("/sys/fs/cgroup/memory.max")
    if group.exists() and (limit := group.read_text().strip()).isdigit():
        limits.append(int(limit))
    return min(limits)


def _linux() -> int | None:
    info = Path("/proc/meminfo")
    found = re.search(r"MemAvailable:\s+(\d+) kB", info.read_text()) if info.exists() else None
    return int(found[1]) * 1024 if found else None


def _windows() -> int:
    fields: list[tuple[str, Any]] = [("length", ctypes.c_uint32), ("load", ctypes.c_uint32)]
    fields += [(name, ctypes.c_uint64) for name in ("all", "free", "c", "d", "e", "f", "g")]
    status = type("MemoryStatus", (ctypes.Structure,), {"_fields_": fields})()
    status.length = ctypes.sizeof(status)
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - there only on Windows
    if not kernel.GlobalMemoryStatusEx(ctypes.byref(status)):
        return FALLBACK
    return int(status.free)


def in_words(count: int) -> str:
    """12,345,678 as "12.3 MB"."""
    size, unit = float(count), 0
    while size >= 1000 and unit < len(UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.0f} bytes" if unit == 0 else f"{size:.3g} {UNITS[unit]}"
