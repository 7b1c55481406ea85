"""The compiled kernel as Python sees it: where it lies, and the structures of kernel.h."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from ctypes import POINTER, Structure, c_double, c_int64, c_uint64, c_void_p
from functools import cache
from pathlib import Path

import numpy as np

SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
PATH = Path(__file__).with_name(f"kernel{SUFFIX}")
INTERFACE = 9  # as in kernel.h; one more whenever a structure or a function changes
PRECISIONS = {np.dtype(np.float64): "double", np.dtype(np.float32): "float"}
VARIANTS = ("", "_avx2", "_avx512")  # of each function, the fastest last


class Layer(Structure):
    """Places count numbers, not bytes; see kernel.h."""

    _fields_ = (
        ("inputs", c_int64),
        ("units", c_int64),
        ("bias", c_int64),
        ("activation", c_int64),
        ("weights", c_int64),
        ("activations", c_int64),
        ("deltas", c_int64),
    )


class Team(Structure):
    """What two threads share; see team.h."""

    _fields_ = (
        ("ticket", c_uint64),
        ("finished", c_int64),
        ("ended", c_int64),
        ("task", c_void_p),
        ("work", c_void_p),
        ("yield_", c_void_p),
    )


class Plan(Structure):
    """A problem and its buffers."""

    _fields_ = (
        ("layers", POINTER(Layer)),
        ("depth", c_int64),
        ("size", c_int64),
        ("slots", c_int64),
        ("samples", c_int64),
        ("batch", c_int64),
        ("mean", c_int64),
        ("loss", c_int64),
        ("optimizer", c_int64),
        ("inputs", c_void_p),
        ("targets", c_void_p),
        ("memory", c_void_p),
        ("gradient", c_void_p),
        ("workspace", c_void_p),
        ("first_input", c_int64),
        ("first_target", c_int64),
        ("masked", c_int64),
        ("sums", c_int64),
        ("panel", c_int64),
        ("places", c_void_p),
        ("parameters", c_int64),
        ("team", POINTER(Team)),
    )


class Call(Structure):
    """The iterations first to last - 1, and what came of them."""

    _fields_ = (
        ("first", c_int64),
        ("last", c_int64),
        ("orders", c_void_p),
        ("orders_epoch", c_int64),
        ("hyperparameters", c_double * 4),
        ("threshold", c_double),
        ("l1", c_void_p),
        ("l2", c_void_p),
        ("free", c_void_p),
        ("before", c_void_p),
        ("record_every", c_int64),
        ("next_row", c_int64),
        ("losses", c_void_p),
        ("rows", c_void_p),
        ("done", c_int64),
        ("recorded", c_int64),
        ("ending", c_int64),
    )


@cache
def load() -> ctypes.CDLL | None:
    """The library, or None where there is none that fits this Python and this bpgui."""
    try:
        library = ctypes.CDLL(str(PATH))
        library.bpgui_interface.restype = library.bpgui_variants.restype = c_int64
        return library if library.bpgui_interface() == INTERFACE else None
    except (OSError, AttributeError):
        return None


def _loaded() -> ctypes.CDLL:
    library = load()
    if library is None:
        raise RuntimeError("the compiled loop is not installed")
    return library


# Of each there is a function for each precision and variant; see precisions.h.
SIGNATURES = {
    "train": (POINTER(Plan), POINTER(Call)),
    "fold": (c_void_p, c_int64, c_int64, c_void_p, c_int64, c_void_p),
    "squares": (c_void_p, c_int64, c_int64, c_int64, c_void_p),
}


def function(name: str, precision: str) -> Callable[..., None]:
    """One of SIGNATURES for "double" or "float", in the fastest of `variants`; each gives the same
    bits."""
    found = _loaded()[f"bpgui_{name}_{precision}{variants()[0]}"]
    found.argtypes, found.restype = SIGNATURES[name], None
    return found


def new_team() -> Team:
    """For one thread that trains, and one that calls `helper` on it."""
    if sys.platform == "win32":
        let_others_run = ctypes.WinDLL("kernel32").SwitchToThread
    else:
        let_others_run = ctypes.CDLL(None).sched_yield
    return Team(ended=1, yield_=ctypes.cast(let_others_run, c_void_p))


def helper() -> Callable[[Team], None]:
    """The function that takes part in what a team shares until that has ended."""
    found = _loaded().bpgui_help
    found.argtypes, found.restype = (POINTER(Team),), None
    return found


def orders() -> Callable[..., None]:
    """The function that draws the orders of epochs; see orders.h."""
    found = _loaded().bpgui_orders
    found.argtypes, found.restype = (c_int64, c_int64, c_int64, c_int64, c_void_p), None
    return found


@cache
def variants() -> tuple[str, ...]:
    """The variants that this processor can run, the fastest first; none without a library."""
    library = load()
    if library is None:
        return ()
    return VARIANTS[library.bpgui_variants() :: -1]


def available() -> bool:
    """Whether small networks train on the compiled loop."""
    return os.environ.get("BPGUI_ENGINE") != "numpy" and load() is not None
