"""What goes into the frozen program, and why. Used by bpgui.spec, by the build and by the tests.

PyInstaller collects all that the modules and Qt's plugins could need. Of that remain the plugins
named here, and the libraries that these and the modules are linked with.
"""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, TypeAlias

import icu

HERE = Path(__file__).resolve().parent

# PyInstaller's: place in the bundle, file it comes from, kind.
Entry: TypeAlias = tuple[str, str, str]

# Modules that others import if they are there, or in functions that bpgui never calls.
UNUSED_MODULES = (
    # the network and OpenSSL, without which hashlib has hashes of its own
    *("PySide6.QtNetwork", "_hashlib", "_ssl", "ssl", "ftplib", "smtplib", "xmlrpc", "asyncio"),
    # tests and debugging
    *("PySide6.QtTest", "doctest", "pdb", "pydoc_data", "unittest"),
    *("numpy._core._multiarray_tests", "numpy.ctypeslib", "numpy.distutils", "numpy.f2py"),
    *("numpy.fft", "numpy.testing"),
    # colors of source code, and Markdown, in a terminal
    *("markdown_it", "mdurl", "pygments"),
    # Qt for Python needs D-Bus itself, but not the module for it
    "PySide6.QtDBus",
    # encodings of East Asia: bpgui reads UTF-8
    *("_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw"),
    "_multibytecodec",
    # passwords, limits and owners of files, which others look for and do without
    *("_statistics", "getpass", "grp", "resource", "termios"),
    # parts of pyqtgraph that it loads when asked
    *("pyqtgraph.console", "pyqtgraph.dockarea", "pyqtgraph.examples", "pyqtgraph.flowchart"),
    *("pyqtgraph.jupyter", "pyqtgraph.opengl"),
    # other ways to draw, to store and to build
    *("PIL", "curses", "matplotlib", "readline", "scipy", "setuptools", "sqlite3", "tkinter"),
    "pydantic.v1",
)

PACKAGES_WITH_DATA = ("bpgui", "latex2mathml", "ziafont", "ziamath")
# They ask their metadata for their own version.
PACKAGES_WITH_METADATA = ("fast_sugiyama", "latex2mathml")

# Qt's plugins that are used, as folder/name without "lib" and what follows the name.
QT_PLUGINS = {
    "platforms/qxcb": "windows on X11",
    "platforms/qwayland": "windows on Wayland",
    "platforms/qwindows": "windows on Windows",
    "platforms/qcocoa": "windows on macOS",
    "platforms/qoffscreen": "`bpgui screenshot`, and any command where there is no display",
    "wayland-shell-integration/xdg-shell": "how desktops on Wayland manage windows",
    "wayland-decoration-client/adwaita": "title bars in GNOME, which draws none on Wayland",
    "wayland-decoration-client/bradient": "title bars elsewhere, where the desktop draws none",
    "platforminputcontexts/composeplatforminputcontextplugin": "keys that compose a sign",
    "platforminputcontexts/ibusplatforminputcontextplugin": "writing Chinese",
    "platformthemes/qxdgdesktopportal": "the desktop's own file dialog, and whether it is dark",
    "styles/qmodernwindowsstyle": "what Qt asks for at its start on Windows",
    "styles/qmacstyle": "what Qt asks for at its start on macOS",
    "iconengines/qsvgicon": "icons that style sheets name",
    "imageformats/qsvg": "drawings that style sheets name",
}

QT_TRANSLATIONS = (r"qtbase_zh_CN\.qm",)

# Libraries that the system's graphics belong to, in the order in which they need each other.
SYSTEM_LIBRARIES = (
    *("libmd.so.0", "libbsd.so.0", "libXau.so.6", "libXdmcp.so.6", "libxcb.so.1"),
    *("libGLdispatch.so.0", "libGLX.so.0", "libGL.so.1", "libEGL.so.1"),
)

DROPPED_DATA = re.compile(
    rf"PySide6/(Qt/)?translations/(?!({'|'.join(QT_TRANSLATIONS)})$)"
    r"|pyqtgraph/(colors|icons)/|ziafont/fonts/|preset\.schema\.json$"
    r"|\.pyi$|/py\.typed$|\.c$|\.h$"
    rf"|^(?!({'|'.join(PACKAGES_WITH_METADATA)})-)[^/]+\.dist-info/|\.dist-info/(?!METADATA$)"
)


class Part(NamedTuple):
    """Files of a bundle, and why they are there."""

    files: str
    why: str


# All that may be in a bundle on Linux: what a file is there for is told by the first row that its
# place below the program's folder matches. The names on Windows and macOS differ a little.
PARTS = (
    Part(r"bpgui(-window|-cli)?(\.exe)?$", "the program: bpgui and all Python modules"),
    Part(r"bpgui/resources/", "presets, data, drawings, translations and licenses of bpgui"),
    Part(r"bpgui/", "the compiled engine"),
    Part(r"(numpy\.libs/)?lib(scipy_)?(openblas|gfortran|quadmath)", "NumPy's linear algebra"),
    Part(r"numpy/", "NumPy"),
    Part(r"PySide6/Qt/lib/libicu|libicu", "ICU: Qt sorts the names of files by it"),
    Part(r"PySide6/(Qt/)?plugins/", "Qt's plugins, one by one at the end"),
    Part(r"PySide6/Qt/translations/", "texts of Qt's own dialogs in Chinese"),
    Part(
        r"PySide6/(QtOpenGL|Qt/lib/libQt6OpenGL)|libQt6OpenGL",
        "Qt OpenGL: pyqtgraph loads it at its start, though bpgui draws without",
    ),
    Part(r"(PySide6/Qt/lib/)?libQt6W(ayland|l)", "Qt on Wayland desktops"),
    Part(r"PySide6/Qt/lib/|libQt6", "Qt: Core, Gui, Widgets, Svg, D-Bus and X11"),
    Part(r"(PySide6|shiboken6)/|lib(pyside|shiboken)6", "Qt for Python"),
    Part(r"(ziafont/|ziamath/|latex2mathml)", "fonts and signs of formulas"),
    Part(r"pydantic_core/", "checks of preset files"),
    Part(r"fast_sugiyama(/|-)", "layout of computation graphs"),
    Part(r"(lib)?python3[^/]*$", "Python"),
    Part(
        r"python3[^/]*/lib-dynload/unicodedata", "Python's errors with signs beyond ASCII in them"
    ),
    Part(r"base_library\.zip$|python3[^/]*/", "Python's standard library"),
    Part(r"fallback/", "OpenGL and XCB, opened only where the system has none"),
    Part(r"lib(X11|xcb|xkb|Xau|Xdmcp|bsd|md\.)", "X11, which Qt is linked with"),
    Part(r"lib(stdc\+\+|gcc_s)", "the C++ run-time library, which Qt is linked with"),
    Part(
        r"lib(bz2|expat|ffi|lzma|uuid|z)\.so",
        "libraries that Python's modules are linked with",
    ),
    Part(r"lib[^/]+\.so", "fonts, glib and D-Bus, which Qt is linked with, and what they need"),
)
UNKNOWN = Part("", "not explained")


def files(program: Path) -> dict[str, int]:
    """The files below a program's folder, by place, with their sizes in bytes; links are none."""
    return {
        path.relative_to(program).as_posix(): path.stat().st_size
        for path in sorted(program.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def part(place: str) -> Part:
    """What a file of the bundle is there for; UNKNOWN if no row of the table says."""
    inside = re.sub(r"^(Contents/\w+/)?(_internal/)?", "", place)
    return next((row for row in PARTS if re.match(row.files, inside)), UNKNOWN)


def report(program: Path) -> list[str]:
    """Lines that tell how large a program is and what its files are there for."""
    sizes: dict[Part, int] = {}
    found = files(program)
    for place, size in found.items():
        sizes[part(place)] = sizes.get(part(place), 0) + size
    rows = sorted(((size, row.why) for row, size in sizes.items()), reverse=True)
    total = sum(found.values())
    return [
        *(f"{size / 1e6:7.1f} MB  {why}" for size, why in rows),
        f"{total / 1e6:7.1f} MB  in {len(found)} files",
        *(f"  {name}: {why}" for name, why in QT_PLUGINS.items() if name in map(plugin, found)),
    ]


def plugin(place: str) -> str:
    """A plugin of Qt as it is named in QT_PLUGINS; empty for other files."""
    found = re.search(r"/plugins/(\w[\w-]*)/(?:lib)?([\w-]+)\.\w+$", _slashes(place))
    return f"{found[1]}/{found[2]}" if found else ""


# --- choosing -------------------------------------------------------------------------------------


def used_binaries(
    binaries: Iterable[Entry], imports: Callable[[str], Iterable[str]]
) -> list[Entry]:
    """Modules, the plugins of the table, and the libraries that they are linked with.

    `imports(file)` gives the names of the libraries that a file is linked with.
    """
    waiting: list[Entry] = []
    by_name: dict[str, Entry] = {}
    for entry in binaries:
        if is_root(entry):
            waiting.append(entry)
        elif "/plugins/" not in _slashes(entry[0]):
            by_name[posixpath.basename(_slashes(entry[0])).lower()] = entry
    used = []
    while waiting:
        entry = waiting.pop()
        used.append(entry)
        for name in imports(entry[1]):
            found = by_name.pop(posixpath.basename(_slashes(name)).lower(), None)
            if found:
                waiting.append(found)
    return sorted(used)


def is_root(entry: Entry) -> bool:
    """Whether a binary is there for its own sake, not because others are linked with it."""
    place, _, kind = entry
    if "/plugins/" in _slashes(place):
        return plugin(place) in QT_PLUGINS
    name = posixpath.basename(_slashes(place)).lower()
    is_python = re.match(r"(lib)?python[\d.]+(\.so|\.dylib|\.dll)|python$", name) is not None
    return kind == "EXTENSION" or is_python or _slashes(place).startswith("bpgui/")


def used_data(datas: Iterable[Entry], binaries: Iterable[Entry]) -> list[Entry]:
    """Data without what is dropped, and links without those that lead to a dropped library."""
    places = {_slashes(place) for place, _, _ in binaries}
    return [entry for entry in datas if _is_used_data(entry, places)]


def _is_used_data(entry: Entry, places: set[str]) -> bool:
    place, source, kind = _slashes(entry[0]), entry[1], entry[2]
    framework = re.match(r".+?\.framework/", place)
    if framework:  # on macOS: a folder around a library, all of it or nothing
        return any(other.startswith(framework[0]) for other in places)
    if kind == "SYMLINK":
        return posixpath.normpath(posixpath.join(posixpath.dirname(place), source)) in places
    return not DROPPED_DATA.search(place)


def _slashes(place: str) -> str:
    return place.replace("\\", "/")


def from_system(entries: Iterable[Entry]) -> list[str]:
    """The files that come from the system, and neither from Python nor from a package."""
    environment = Path(sys.prefix).resolve()
    sources = {Path(source).resolve() for _, source, kind in entries if kind != "SYMLINK"}
    return sorted(
        str(path)
        for path in sources
        if environment not in path.parents and not _is_pythons(str(path))
    )


def fallback(find: Callable[[str], str | None], folder: Path) -> list[Entry]:
    """Libraries of the system for a system that has none, and their order for the start."""
    found = {name: path for name in SYSTEM_LIBRARIES if (path := find(name))}
    folder.mkdir(parents=True, exist_ok=True)
    order = folder / "order.txt"
    order.write_text("\n".join(found) + "\n", encoding="ascii")
    return [
        ("fallback/order.txt", str(order), "DATA"),
        *((f"fallback/{name}", path, "DATA") for name, path in found.items()),
    ]


# --- what the systems ask for ---------------------------------------------------------------------


def icon(folder: Path) -> str | None:
    """The icon file for this system's executables; Linux has none in the executable."""
    suffix = {"win32": ".ico", "darwin": ".icns"}.get(sys.platform)
    return str(folder / f"bpgui{suffix}") if suffix else None


def version_resource(version: str, folder: Path) -> Path:
    """A file with what Windows shows as the details of an executable."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "version.txt"
    path.write_text(version_text(version), encoding="utf-8")
    return path


def version_text(version: str) -> str:
    """The template filled in; Windows wants four numbers."""
    numbers = [int(number) for number in re.findall(r"\d+", version)[:3]]
    four = (*numbers, *[0] * (4 - len(numbers)))
    template = (HERE / "windows" / "version.txt").read_text(encoding="utf-8")
    return template.replace("{numbers}", str(four)).replace("{version}", version)


# --- making smaller -------------------------------------------------------------------------------


def smaller(binaries: Iterable[Entry], folder: Path) -> list[Entry]:
    """On Linux: Python's own files stripped, and ICU with the data that bpgui's languages need."""
    if sys.platform != "linux":
        return list(binaries)
    return [(place, _smaller(source, folder), kind) for place, source, kind in binaries]


def _smaller(source: str, folder: Path) -> str:
    if Path(source).name.startswith("libicudata."):
        return str(icu.slim(Path(source), folder))
    return _strip(source, folder) if _is_pythons(source) else source


def _is_pythons(source: str) -> bool:
    """Python's own library or one of its modules. Libraries of packages have no tables of symbols
    to speak of, and those that `auditwheel` has edited are damaged by `strip`."""
    path = Path(source).resolve()
    inside = Path(sysconfig.get_path("stdlib")).resolve() in path.parents
    packages = {"site-packages", "dist-packages"} & set(path.parts)
    return (inside and not packages) or path.name.startswith("libpython")


def _strip(source: str, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / Path(source).name
    shutil.copyfile(source, copy)
    subprocess.run(["strip", "--strip-unneeded", str(copy)], check=True)
    return str(copy)
