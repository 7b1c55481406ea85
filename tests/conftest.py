"""What every test runs under: a home of its own, no real screen, and nothing left behind."""

from __future__ import annotations

import contextlib
import gc
import importlib
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator
from multiprocessing import resource_tracker
from pathlib import Path
from types import ModuleType
from typing import Any

import hypothesis
import pytest

import bpgui  # noqa: F401  before anything imports NumPy, whose threads it limits

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")

HOME_VARIABLES = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")
XDG_VARIABLES = ("CONFIG", "DATA", "STATE", "CACHE")


def pytest_configure(config: pytest.Config) -> None:
    """Give the whole session an empty home: no test reads or writes the user's own files."""
    home = Path(tempfile.mkdtemp(prefix="bpgui-home-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    for name in HOME_VARIABLES:
        os.environ[name] = str(home)
    for name in XDG_VARIABLES:
        os.environ[f"XDG_{name}_HOME"] = str(home / name.lower())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """Keep what thousands of tests are made of out of every look for garbage, now and later: each
    widget that a test shows is followed by one, which would else take half a second."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest test begins first, so that no process is left alone with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("frozen") is None)


# --- what a test leaves behind ------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread, a child process or a top-level widget, and name it."""
    threads = set(threading.enumerate())
    children = _children()
    widgets = set(_widgets())
    yield
    left = [
        *_new_threads(threads),
        *filter(None, map(_process_name, _children() - children)),
        *_new_widgets(widgets),
    ]
    if left:
        pytest.fail("the test left behind: " + "; ".join(left), pytrace=False)


def _new_threads(before: set[threading.Thread]) -> list[str]:
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(timeout=1.0)  # one that is just ending is no leak
    return [f"thread {thread.name!r}" for thread in left if thread.is_alive()]


def _children() -> set[int]:
    """Ids of child processes; those that multiprocessing did not start are seen on Linux only."""
    found = {child.pid for child in multiprocessing.active_children() if child.pid is not None}
    for listing in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):  # the thread has ended meanwhile
            found.update(int(pid) for pid in listing.read_text().split())
    # This one serves the whole session and ends with it.
    return found - {getattr(resource_tracker._resource_tracker, "_pid", None)}


def _process_name(pid: int) -> str:
    """Empty for a process that has ended."""
    for child in multiprocessing.active_children():
        if child.pid == pid:
            return f"process {child.name!r}"
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""
    return "" if state == "Z" else f"process {command or pid!r}"


def _widgets() -> dict[int, Any]:
    """Top-level widgets by their address in memory; loads no Qt where the test did not."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return {}
    import shiboken6

    return {
        shiboken6.getCppPointer(widget)[0]: widget
        for widget in widgets.QApplication.topLevelWidgets()
    }


def _new_widgets(before: set[int]) -> list[str]:
    if not _widgets().keys() - before:
        return []
    gc.collect()
    core = sys.modules["PySide6.QtCore"]
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
    return [
        f"widget {type(widget).__name__} {widget.objectName()!r}"
        for address, widget in _widgets().items()
        if address not in before
    ]


# --- programs outside the package ---------------------------------------------------------------


@pytest.fixture(scope="module")
def load_beside() -> Iterator[Callable[..., dict[str, ModuleType]]]:
    """Loads modules from their folder, as a program that is started there does: name -> module."""
    with contextlib.ExitStack() as stack:

        def load(folder: Path, *names: str) -> dict[str, ModuleType]:
            sys.path.insert(0, str(folder))
            stack.callback(sys.path.remove, str(folder))
            for name in names:
                stack.callback(sys.modules.pop, name, None)
            return {name: importlib.import_module(name) for name in names}

        yield load


# --- a disk that is soon full -------------------------------------------------------------------


@pytest.fixture
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A file system of as many kilobytes as the parameter says, which only root can have."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={request.param}k", "tmpfs", str(disk)]
    if (
        sys.platform != "linux"
        or os.geteuid()
        or shutil.which("mount") is None
        or subprocess.run(mount, capture_output=True).returncode
    ):
        pytest.skip("no file system can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


# --- a real X display ---------------------------------------------------------------------------


@pytest.fixture(scope="session")
def x_display() -> Iterator[str]:
    """The name of an X display of its own (":1"), with a window manager where one is installed."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    reading, writing = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1920x1080x24",
        "-nolisten",
        "tcp",
    ]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        display = f":{pipe.readline().strip()}"
    manager = None
    if shutil.which("openbox") is not None:
        manager = subprocess.Popen(
            ["openbox"],
            env=os.environ | {"DISPLAY": display},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    yield display
    for process in filter(None, (manager, server)):
        process.terminate()
        process.wait()
