"""An X display of its own, and hands and eyes for the program that runs on it.

Xvfb is the display, openbox manages windows where it is installed, xdotool presses keys and xclip
reads what was copied. The picture is read from the file that Xvfb keeps it in.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")

PROGRAMS = ("Xvfb", "xdotool", "xclip")
SIZE = (1280, 800)
PATIENCE = 120.0  # seconds in which a loaded machine does what takes a second


class SmokeError(Exception):
    """The program does not do what it should; the text says what."""


def wait_for(what: str, look: Callable[[], T | None]) -> T:
    """What `look` finds as soon as it finds something. Raises SmokeError when it never does."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise SmokeError(f"waited in vain for {what}")


class Screen:
    """Use as a context; `name` is what the program finds in DISPLAY."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()

    def __enter__(self) -> Screen:
        missing = [name for name in PROGRAMS if shutil.which(name) is None]
        if missing:
            raise SmokeError(f"needs {', '.join(missing)}")
        reading, writing = os.pipe()
        size = f"{SIZE[0]}x{SIZE[1]}x24"
        self._start(
            *("Xvfb", "-displayfd", str(writing), "-screen", "0", size),
            *("-fbdir", str(self._folder), "-nolisten", "tcp"),
            keep=(writing,),
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            self.name = f":{pipe.readline().strip()}"
        if shutil.which("openbox"):
            self._start("openbox")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _start(self, *command: str, keep: tuple[int, ...] = ()) -> None:
        process = subprocess.Popen(
            command,
            env=self._environment(),
            pass_fds=keep,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._stack.callback(process.wait)
        self._stack.callback(process.terminate)

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "DISPLAY": getattr(self, "name", ""), "LC_ALL": "C.UTF-8"}

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
        )
        return done.stdout

    # --- hands ------------------------------------------------------------------------------------

    def window(self, title: str) -> str:
        """The id of a visible window whose title contains `title`, once there is one."""
        search = ("xdotool", "search", "--onlyvisible", "--name", title)
        return wait_for(f"a window {title!r}", lambda: self._run(*search).split()[:1])[0]

    def focus(self, window: str) -> None:
        """Have the keys go to a window. One that is seen does not get them at once, and one that
        opens before its manager never; keys still reach what is under the pointer, but Qt heeds no
        shortcut of such a window."""

        def has_focus() -> bool:
            self._run("xdotool", "windowfocus", window)
            return self._run("xdotool", "getwindowfocus", "-f").split() == [window]

        wait_for("the focus", has_focus)

    def place(self, window: str, width: int, height: int) -> None:
        """Move a window to the corner, and give it a size."""
        self._run("xdotool", "windowmove", window, "0", "0")
        self._run("xdotool", "windowsize", window, str(width), str(height))

        def is_placed() -> bool:
            told = self._run("xdotool", "getwindowgeometry", "--shell", window).split()
            return {f"WIDTH={width}", f"HEIGHT={height}"} <= set(told)

        wait_for(f"a window of {width} x {height}", is_placed)

    def click(self, window: str, x: int, y: int) -> None:
        """Come from the window's lower edge, so that the pointer is seen to move, and click."""
        self._run("xdotool", "mousemove", "--window", window, str(x), str(SIZE[1] - 60))
        self._run("xdotool", "mousemove", "--window", window, str(x), str(y), "click", "1")

    def press(self, *keys: str) -> None:
        self._run("xdotool", "key", "--delay", "100", *keys)

    def write(self, text: str) -> None:
        self._run("xdotool", "type", "--delay", "30", text)

    # --- eyes -------------------------------------------------------------------------------------

    def copied(self) -> str:
        """The text on the clipboard; empty where there is none."""
        return self._run("xclip", "-selection", "clipboard", "-out")

    def colors(self) -> dict[tuple[int, int, int], int]:
        """How many pixels of the screen have which color."""
        content = (self._folder / "Xvfb_screen0").read_bytes()
        # the head of an xwd file: its own size, then what of the picture; colors of 12 bytes follow
        head = struct.unpack_from(">25I", content)
        start, row, rows, table = head[0] + 12 * head[19], head[12], head[5], head[0]
        assert start > table
        pixels = memoryview(content)[start : start + row * rows].cast("I")
        counts: dict[int, int] = {}
        for pixel in pixels:
            counts[pixel] = counts.get(pixel, 0) + 1
        return {
            ((pixel >> 16) & 255, (pixel >> 8) & 255, pixel & 255): count
            for pixel, count in counts.items()
        }
