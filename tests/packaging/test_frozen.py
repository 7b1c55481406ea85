"""The program that runs without Python: built, measured, tried, and the trial itself put to the
test. One test, as building takes long and tests may run in several processes."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 160_000_000  # bytes unpacked
NEEDED = ("Xvfb", "xdotool", "xclip", "ld", "objcopy")


def has_python_library() -> bool:
    """Whether this Python is there as a library, which PyInstaller asks for."""
    try:
        ctypes.CDLL(f"libpython{sysconfig.get_python_version()}.so.1.0")
    except OSError:
        return False
    return True


pytestmark = [
    pytest.mark.frozen,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the build workflow does this"),
    pytest.mark.skipif(not all(map(shutil.which, NEEDED)), reason=f"needs {', '.join(NEEDED)}"),
    pytest.mark.skipif(not has_python_library(), reason="this Python has no shared library"),
]


@pytest.fixture(scope="module")
def beside(load_beside: Callable[..., dict[str, ModuleType]]) -> dict[str, ModuleType]:
    return load_beside(ROOT / "packaging", "bundle", "icu", "smoke", "smoke_screen")


def test_the_frozen_program(
    beside: dict[str, ModuleType], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bundle, smoke = beside["bundle"], beside["smoke"]
    program = built(tmp_path / "dist")

    sizes = bundle.files(program)
    assert [place for place in sizes if bundle.part(place) is bundle.UNKNOWN] == []
    assert sum(sizes.values()) <= LARGEST

    assert smoke.main([str(program)]) == 0, capfd.readouterr().err

    for missing, notices, says in [
        (
            "bpgui/resources/presets/two-inputs-fixed-biases.json",
            smoke.try_commands,
            "two-inputs-fixed-biases",
        ),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", smoke.try_picture, "offscreen"),
        ("ziamath/fonts/STIXTwoMath-Regular.ttf", smoke.try_window, "STIXTwoMath"),
    ]:
        check_that_it_is_missed(beside, program, missing, notices, says, tmp_path)


def built(output: Path) -> Path:
    """The program as `dev.py build` makes it. Its environment stays in the checkout, and pip may
    use what the user has downloaded before."""
    import pwd

    home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    done = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "dev.py"), "build", "--output", str(output)],
        env={"PIP_CACHE_DIR": str(home / ".cache" / "pip"), **os.environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "MB  NumPy's linear algebra" in done.stdout
    return output / "bpgui"


def check_that_it_is_missed(
    beside: dict[str, ModuleType],
    program: Path,
    missing: str,
    notices: Callable[[object], None],
    says: str,
    folder: Path,
) -> None:
    """A bundle without that file fails the check that needs it, which tells what is wrong."""
    trial = folder / notices.__name__
    trial.mkdir()
    place = beside["smoke"].Place.make(program, trial)
    inside = place.program / "_internal" / missing
    inside.parent.chmod(0o755)
    inside.unlink()

    with pytest.raises(beside["smoke_screen"].SmokeError, match=says):
        notices(place)

    for path in (place.program, *place.program.rglob("*")):  # so that the folder can be removed
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(trial)
