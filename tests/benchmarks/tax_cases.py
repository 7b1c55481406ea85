"""Experiments for the benchmark of the window, and a display to open it on."""

from __future__ import annotations

# Before NumPy, as in the program: it says with how many threads NumPy computes.
import bpgui  # noqa: F401  # isort: skip

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from bpgui.datasets.idx import read_idx
from bpgui.experiment.builtin import find
from bpgui.paths import resources

ENDLESS = {"max_epochs": None, "loss_below": None}
SIDE = 28  # pixels of a digit drawn larger


def moons(folder: Path) -> Path:
    """2-8-8-1, batch 10, two classes."""
    return _preset(folder, "moons", [2, 8, 8, 1])


def digits(folder: Path) -> Path:
    """64-30-10, batch 10."""
    return _preset(folder, "digits-hidden", [64, 30, 10])


def million(folder: Path) -> Path:
    """784-1000-200-10 in float32, batch 64, on the digits drawn larger."""
    datasets = resources() / "datasets"
    pixels = read_idx(datasets / "digits-images.idx3.gz")
    nearest = np.arange(SIDE) * pixels.shape[1] // SIDE
    _write_idx(folder / "images.idx", pixels[:, nearest][:, :, nearest] * 15)
    _write_idx(folder / "labels.idx", read_idx(datasets / "digits-labels.idx1.gz"))
    data = {"source": "idx", "images": "images.idx", "labels": "labels.idx", "test_fraction": 0.2}
    return _preset(
        folder,
        "digits-hidden",
        [784, 1000, 200, 10],
        data=data,
        training={"batch_size": 64, "precision": "float32"},
    )


CASES: dict[str, Callable[[Path], Path]] = {
    "2-8-8-1": moons,
    "64-30-10": digits,
    "784-1000-200-10": million,
}


def _preset(
    folder: Path,
    like: str,
    sizes: list[int],
    data: dict[str, object] | None = None,
    training: dict[str, object] | None = None,
) -> Path:
    """A file like a built-in preset with other layers, whose run nothing but Pause ends."""
    preset = json.loads(find(like).read_text(encoding="utf-8"))
    hidden, *_, output = preset["network"]["layers"]
    layers = [hidden | {"units": units} for units in sizes[1:-1]]
    preset["network"] = {"inputs": sizes[0], "layers": [*layers, output | {"units": sizes[-1]}]}
    preset["initial_weights"] = {"scheme": "xavier_uniform", "bias": 0.0, "seed": 0}
    preset["data"] = data or preset["data"]
    preset["training"] |= (training or {}) | {"stop": ENDLESS}
    path = folder / f"{'-'.join(map(str, sizes))}.json"
    path.write_text(json.dumps(preset), encoding="utf-8")
    return path


def _write_idx(path: Path, array: np.ndarray) -> None:
    head = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    path.write_bytes(head + array.astype(np.uint8).tobytes())


@contextmanager
def display() -> Iterator[str]:
    """What windows open on: the display there is, else an Xvfb of our own, else none."""
    if os.environ.get("DISPLAY") or not sys.platform.startswith("linux"):
        yield "the display that is there"
        return
    if shutil.which("Xvfb") is None:
        yield "no display (offscreen)"
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            os.environ["DISPLAY"] = f":{pipe.readline().strip()}"
        yield "an Xvfb of their own"
    finally:
        del os.environ["DISPLAY"]
        server.terminate()
        server.wait()
