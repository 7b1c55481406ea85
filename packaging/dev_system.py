"""What the operating system must provide, what of it is missing here, and how to get it.

Nothing is asked of a package manager before something is found missing: libraries are missing when
the dynamic linker does not find them, fonts when fontconfig has none for the language, programs
when they are not on the path.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

# Libraries that PySide6's wheels expect, by file name, and the packages of Debian and Ubuntu.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
WINDOW_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
FONTS = {"en": "fonts-dejavu-core", "zh-cn": "fonts-wqy-microhei"}
SCREEN_PROGRAMS = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xclip": "xclip",
    "xdotool": "xdotool",
}

# What PyInstaller reads and edits files with, and the interpreter as a library, which Debian keeps
# in a package of its own; other Pythons are built with it or without.
BUILD_PROGRAMS = dict.fromkeys(("objdump", "objcopy", "strip", "as", "ld"), "binutils")
_PYTHON = f"libpython{sys.version_info.major}.{sys.version_info.minor}"
PYTHON_LIBRARY = {f"{_PYTHON}.so.1.0": _PYTHON} if sys.base_prefix == "/usr" else {}


class SetupError(Exception):
    """The set-up cannot go on; the text says why and what to do, `code` is the exit code."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


# --- looking --------------------------------------------------------------------------------------


def has_library(name: str) -> bool:
    """Whether the dynamic linker finds the library, for this interpreter's architecture."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_font(language: str) -> bool:
    """Whether fontconfig knows a font that covers the language; False without fontconfig."""
    try:
        fontconfig = ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return False
    for function in ("FcNameParse", "FcObjectSetCreate", "FcFontList"):
        getattr(fontconfig, function).restype = ctypes.c_void_p
    pattern = ctypes.c_void_p(fontconfig.FcNameParse(f":lang={language}".encode()))
    objects = ctypes.c_void_p(fontconfig.FcObjectSetCreate())
    # struct FcFontSet starts with the number of fonts
    found = fontconfig.FcFontList(None, pattern, objects)
    return bool(found) and ctypes.c_int.from_address(found).value > 0


def has_program(name: str) -> bool:
    return shutil.which(name) is not None


def has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def why_no_window(environment: Mapping[str, str] = os.environ) -> str:
    """Why no window can be opened, or an empty string: only Linux can be without a display."""
    if sys.platform != "linux" or environment.get("WAYLAND_DISPLAY"):
        return ""
    name = environment.get("DISPLAY")
    if not name:
        return "There is no display here (DISPLAY and WAYLAND_DISPLAY are not set)"
    return "" if display_answers(name) else f"The display {name} does not answer"


def display_answers(name: str) -> bool:
    """Whether an X server lets us in; True as long as there is no library to ask it with."""
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return True
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = x11.XOpenDisplay(name.encode())
    if display:
        x11.XCloseDisplay(ctypes.c_void_p(display))
    return bool(display)


# --- what each command needs ----------------------------------------------------------------------


@dataclass(frozen=True)
class Need:
    """One thing that may be missing: `look` tells whether it is there, `package` brings it."""

    name: str
    package: str
    look: Callable[[str], bool]
    kind: str


def _table(kind: str, look: Callable[[str], bool], packages: Mapping[str, str]) -> tuple[Need, ...]:
    return tuple(Need(name, package, look, kind) for name, package in packages.items())


# Debian keeps `ensurepip`, without which an environment has no pip, in a package of its own.
VENV_PACKAGE = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
PYTHON = _table("Python module", has_module, {"venv": VENV_PACKAGE, "ensurepip": VENV_PACKAGE})
QT = _table("library", has_library, QT_LIBRARIES)
WINDOW = _table("library", has_library, WINDOW_LIBRARIES)
FONT = _table("a font for the language", has_font, {"en": FONTS["en"]})
CHINESE = _table("a font for the language", has_font, {"zh-cn": FONTS["zh-cn"]})
BUILD = _table("program", has_program, BUILD_PROGRAMS)
LIBRARY = _table("library", has_library, PYTHON_LIBRARY)
SCREEN = _table("program", has_program, SCREEN_PROGRAMS)


@dataclass(frozen=True)
class Needs:
    """`must` stops the command where it is missing, `may` only takes something away."""

    must: tuple[Need, ...]
    may: tuple[Need, ...] = ()


def needs_to_run(display: bool) -> Needs:
    if display:
        return Needs(PYTHON + QT + FONT + WINDOW, CHINESE)
    return Needs(PYTHON + QT + FONT, CHINESE + WINDOW)


def needs_to_test() -> Needs:
    return Needs(PYTHON + QT + FONT, CHINESE + WINDOW + SCREEN + BUILD + LIBRARY)


def needs_to_build() -> Needs:
    return Needs(PYTHON + QT + WINDOW + BUILD + LIBRARY)


def missing(needs: Iterable[Need]) -> tuple[Need, ...]:
    return tuple(need for need in needs if not need.look(need.name))


def describe(needs: Iterable[Need]) -> str:
    """What is missing, by kind: "library libEGL.so.1, libGL.so.1; program Xvfb"."""
    kinds: dict[str, list[str]] = {}
    for need in needs:
        kinds.setdefault(need.kind, []).append(need.name)
    return "; ".join(f"{kind} {', '.join(names)}" for kind, names in kinds.items())


def packages_of(needs: Iterable[Need]) -> tuple[str, ...]:
    """The packages that bring what is needed, each once, in alphabetical order."""
    return tuple(sorted({need.package for need in needs}))


# --- getting it -----------------------------------------------------------------------------------

UPDATE = ("apt-get", "update")
INSTALL = ("apt-get", "install", "--yes", "--no-install-recommends")


def apt_command(packages: Iterable[str]) -> str:
    """The line that a person without root's rights pastes into a terminal."""
    return f"sudo {' '.join(UPDATE)} && sudo {' '.join((*INSTALL, *packages))}"


def is_debian_like() -> bool:
    """Debian, Ubuntu, or a system that says it is like one of them, with apt-get."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return False
    kinds = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    return bool(kinds & {"debian", "ubuntu"}) and has_program("apt-get")


def provide(needs: Needs, say: Callable[[str], None]) -> tuple[Need, ...]:
    """Install what is missing if that is allowed here; returns what may stay missing.

    Raises SetupError where a person has to act (exit code 2) and where apt-get fails.
    """
    if sys.platform != "linux":
        return ()
    must, may = missing(needs.must), missing(needs.may)
    if not must and not may:
        return ()
    debian_like = is_debian_like()
    if debian_like and os.geteuid() == 0:
        _install(packages_of(must + may), say)
        return ()
    if must:
        raise SetupError(what_to_do(must, may, debian_like), code=2)
    return may


def what_to_do(must: tuple[Need, ...], may: tuple[Need, ...], debian_like: bool) -> str:
    """What to tell the person who has to install things by hand."""
    lacks = f"This system lacks {describe(must)}."
    if not debian_like:
        return f"{lacks}\nInstall the packages that bring them, then start this command again."
    return (
        f"{lacks}\nInstall them as follows, then start this command again:\n"
        f"    {apt_command(packages_of(must + may))}"
    )


def _install(packages: tuple[str, ...], say: Callable[[str], None]) -> None:
    say(f"Installing {len(packages)} system packages with apt-get: {', '.join(packages)}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (UPDATE, (*INSTALL, *packages)):
        quietly(command, environment)


def quietly(
    command: tuple[str, ...],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> None:
    """Run a command whose output matters only when it fails; raises SetupError with the output."""
    done = subprocess.run(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise SetupError(f"{done.stdout.rstrip()}\n\nThis failed: {' '.join(command)}")
