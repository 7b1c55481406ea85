"""Runs first in the frozen program on Linux: libraries that belong to the system.

Those of OpenGL and XCB must be the ones of the graphics driver and of the X server's distribution.
They are loaded from there, and only where there are none from the folder `fallback`: Qt asks for
them by name, even where nothing is drawn by OpenGL.
"""

import ctypes
import os
import sys
from pathlib import Path

FALLBACK = Path(sys._MEIPASS) / "fallback"  # type: ignore[attr-defined]


def provide(name: str) -> None:
    try:
        ctypes.CDLL(name)
    except OSError:
        ctypes.CDLL(str(FALLBACK / name))


for line in (FALLBACK / "order.txt").read_text(encoding="ascii").split():
    provide(line)

# The dynamic linker has read it when this process began. Programs that bpgui starts, such as a
# browser, are to find their own libraries; one that is bpgui again, as its worker is, begins anew.
original = os.environ.pop("LD_LIBRARY_PATH_ORIG", "")
if original:
    os.environ["LD_LIBRARY_PATH"] = original
else:
    os.environ.pop("LD_LIBRARY_PATH", None)
os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
