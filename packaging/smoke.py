"""Tries the frozen program as somebody would who has no Python.

    python packaging/smoke.py DIST

DIST is what `dev.py build` made: a folder, or an application on macOS. It is copied to a read-only
place whose path has spaces and Chinese characters, and started with an empty home and nothing on
the path. The commands must give the published digits. On Linux the window, on a display of its own,
is driven by keyboard and mouse through open, run, read, save and close; elsewhere it is opened and
closed, as there is no xdotool, and `bpgui screenshot` trains in the worker.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smoke_screen import PATIENCE, Screen, SmokeError, wait_for

PRESET = "two-inputs-fixed-biases"
LOSS = 3.510187782978859e-05  # after its 10,000 epochs, as published
WINDOW = (1216, 760)
ODD_NAME = "bpgui 试验 of a build"
# Windows does not start a program without these.
KEPT_VARIABLES = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "NUMBER_OF_PROCESSORS")


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="bpgui-smoke-", ignore_cleanup_errors=True) as folder:
        try:
            smoke(Path(arguments[0]), Path(folder))
        except SmokeError as error:
            print(f"smoke test failed: {error}", file=sys.stderr)
            return 1
    return 0


def smoke(dist: Path, folder: Path) -> None:
    """Raises SmokeError with the first thing that is wrong."""
    place = Place.make(dist, folder)
    before = place.listing()
    for check in (try_commands, try_picture, try_window):
        check(place)
        print(f"{check.__name__.replace('_', ' ')}: passed", flush=True)
    if place.listing() != before:
        raise SmokeError("the program wrote into its own folder")


# --- where it runs --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """The copy of the program, and the folders of whoever uses it."""

    program: Path
    home: Path
    work: Path

    @staticmethod
    def make(dist: Path, folder: Path) -> Place:
        place = Place(folder / ODD_NAME / dist.name, folder / "home", folder / "预设 presets")
        shutil.copytree(dist, place.program, symlinks=True)
        for path in (place.program, *place.program.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
        place.home.mkdir()
        place.work.mkdir()
        return place

    def listing(self) -> dict[str, tuple[int, int]]:
        return {
            str(path): (path.lstat().st_size, path.lstat().st_mtime_ns)
            for path in self.program.rglob("*")
        }

    def executable(self, name: str) -> str:
        """`name` is that on Linux; commands have an executable of their own on Windows."""
        if sys.platform == "win32":
            return str(self.program / ("bpgui.exe" if name == "bpgui-window" else "bpgui-cli.exe"))
        if sys.platform == "darwin":
            return str(self.program / "Contents" / "MacOS" / "bpgui")
        return str(self.program / name)

    def environment(self, display: str = "") -> dict[str, str]:
        home = str(self.home)
        kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        own = dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP"), home)
        shown = {"DISPLAY": display} if display else {}
        return {**kept, **own, **shown, "PATH": str(self.home / "nowhere"), "LANG": "C.UTF-8"}

    def run(self, *arguments: str) -> str:
        """Standard output of a command that must succeed and say nothing on standard error."""
        try:
            done = subprocess.run(
                [self.executable("bpgui"), *arguments],
                env=self.environment(),
                cwd=self.work,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise SmokeError(
                f"bpgui {' '.join(arguments)} did not end in {PATIENCE:g} s"
            ) from error
        if done.returncode or done.stderr:
            raise SmokeError(
                f"bpgui {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}"
            )
        return done.stdout


def expect(is_so: bool, what: str) -> None:
    if not is_so:
        raise SmokeError(what)


def expect_loss(found: float, where: str) -> None:
    expect(
        math.isclose(found, LOSS, rel_tol=1e-9), f"the loss in {where} is {found!r}, not {LOSS!r}"
    )


# --- commands -------------------------------------------------------------------------------------


def try_commands(place: Place) -> None:
    expect(place.run("--version").startswith("bpgui "), "bpgui --version says something else")
    expect_loss(json.loads(place.run("train", PRESET, "--json"))["loss"], "bpgui train")
    place.run("verify")
    place.run("check", "xor")
    place.run("explain", PRESET)
    place.run("graph", "x*y", "x=2", "y=3")
    for preset in ("digits-one-layer", "spiral"):
        place.run("train", preset, "--iterations", "20")


def try_picture(place: Place) -> None:
    for theme in ("light", "dark"):
        place.run("screenshot", PRESET, f"{theme}.png", "--iterations", "100", "--theme", theme)
        content = (place.work / f"{theme}.png").read_bytes()
        expect(content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) > 20_000, f"no {theme} picture")


# --- the window -----------------------------------------------------------------------------------


def try_window(place: Place) -> None:
    preset = place.work / "two inputs.bpgui"
    builtin = next(place.program.rglob(f"presets/{PRESET}.json"), None)
    if builtin is None:
        raise SmokeError(f"the preset {PRESET} is missing")
    shutil.copyfile(builtin, preset)
    if sys.platform == "linux":
        with tempfile.TemporaryDirectory() as pictures, Screen(Path(pictures)) as screen:
            drive(place, screen, preset)
    else:
        with started(place, preset) as process:
            CLOSE[sys.platform](process)


@contextmanager
def started(place: Place, preset: Path, display: str = "") -> Iterator[subprocess.Popen[str]]:
    """The window's process, which must have ended well at the end. What goes wrong meanwhile is
    told together with what the program says of it."""
    troubles: list[str] = []
    with subprocess.Popen(
        [place.executable("bpgui-window"), str(preset)],
        env=place.environment(display),
        cwd=place.home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield process
            said, _ = process.communicate(timeout=PATIENCE)
            if process.returncode:
                troubles.append(f"the window ended with {process.returncode}")
        except SmokeError as error:
            troubles.append(str(error))
        except subprocess.TimeoutExpired:
            troubles.append("the window was closed, but the program did not end")
        finally:
            process.kill()
        if troubles:
            said, _ = process.communicate(timeout=PATIENCE)
    logs = [path.read_text(encoding="utf-8") for path in place.home.rglob("*.log")]
    troubles += [f"the window said: {said}"] if said else []
    troubles += [f"the window logged: {log}" for log in logs if log]
    expect(not troubles, "\n".join(troubles))


def drive(place: Place, screen: Screen, preset: Path) -> None:
    """Open, run, read the loss, look at the picture, save, close."""
    with started(place, preset, screen.name) as process:
        window = screen.window(preset.name)
        screen.focus(window)
        screen.place(window, *WINDOW)
        worker = wait_for("the worker process", lambda: worker_of(process.pid))
        switched = switches(worker)
        screen.press("space")
        expect_loss(wait_for("the end of the run", lambda: last_loss(screen, window)), "the window")
        expect(switches(worker) > switched, "the worker process had nothing to do")
        strange = sorted(strangers(worker, place.program))
        expect(not strange, f"the worker process does not take {strange} from the program")
        screen.press("alt+v")  # hide the parameters: the formulas behind them come to light
        screen.write("para")
        screen.press("Return")
        wait_for("blue, orange and many shades", lambda: is_painted(screen))
        screen.press("ctrl+shift+s")
        screen.focus(screen.window("Save preset"))
        screen.write("saved.bpgui")
        screen.press("Return")
        saved = place.work / "saved.bpgui"
        wait_for("the saved preset", saved.exists)
        screen.focus(screen.window(saved.name))
        screen.press("ctrl+q")
    expect(not Path(f"/proc/{worker}").exists(), "the worker process outlived the window")
    expect_loss(json.loads(place.run("train", str(saved), "--json"))["loss"], "the saved preset")


def worker_of(pid: int) -> int | None:
    """The process that multiprocessing started for the one given."""
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            if b"--multiprocessing-fork" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
    return None


def switches(pid: int) -> int:
    """How often a process had something to wait for."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if "ctxt_switches" in line)


def strangers(pid: int, program: Path) -> set[str]:
    """Libraries that a process has loaded from elsewhere, though the program brings them."""
    inside = program.resolve() / "_internal"
    mapped = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines()
    places = {Path(line.split(maxsplit=5)[5]) for line in mapped if ".so" in line}
    brought = {path.name for path in inside.glob("*.so*")}
    return {path.name for path in places if inside not in path.parents} & brought


def last_loss(screen: Screen, window: str) -> float | None:
    """The loss after the last iteration, copied from the end of the curve; None while it is not
    there."""
    screen.click(window, WINDOW[0] - 20, 250)
    screen.press("ctrl+c")
    words = screen.copied().split()
    if words[:2] != ["iteration", "10,000"] or "train" not in words:
        return None
    return float(words[words.index("train") + 1])


def is_painted(screen: Screen) -> bool:
    """Negative is blue and positive orange, in many shades."""
    colors = screen.colors()
    blue = sum(count for (r, _, b), count in colors.items() if b - r > 90)
    orange = sum(count for (r, _, b), count in colors.items() if r - b > 90)
    return len(colors) > 200 and blue > 500 and orange > 500


# --- the window where there is no xdotool ---------------------------------------------------------


def close_on_macos(process: subprocess.Popen[str]) -> None:
    """As Ctrl+C in a terminal would, once the worker, which starts after the first picture, is
    there."""
    command = ("pgrep", "-P", str(process.pid))
    wait_for("the worker process", lambda: subprocess.run(command, capture_output=True).stdout)
    process.send_signal(signal.SIGINT)


def close_on_windows(process: subprocess.Popen[str]) -> None:
    """By the message that the window's close button sends."""
    script = (
        f"$p = Get-Process -Id {process.pid}; if ($p.MainWindowTitle -like '*two inputs*') "
        "{ [void]$p.CloseMainWindow(); 'closed' }"
    )
    command = ("powershell", "-NoProfile", "-Command", script)
    wait_for(
        "the window",
        lambda: b"closed" in subprocess.run(command, capture_output=True, check=False).stdout,
    )


CLOSE: dict[str, Callable[[subprocess.Popen[str]], None]] = {
    "darwin": close_on_macos,
    "win32": close_on_windows,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
