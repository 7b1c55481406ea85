"""The wheel and the sdist: what is in them, and that an installed wheel is the same bpgui.

They are built from a copy of the checkout in which lies what a workplace leaves behind.
"""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import packaging.tags
import pytest

import bpgui
from bpgui.engine.compiled.library import PATH as LIBRARY

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = (
    *("bpgui", "packaging", "resources", "tests", "pyproject.toml"),
    *("CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", ".gitignore"),
)
LEFT_BEHIND = (
    *("bpgui/__pycache__/cli.cpython-311.pyc", "bpgui/cli.py~", "bpgui/.cli.py.swp"),
    *("resources/.DS_Store", "resources/presets/xor.json~", "tests/.hypothesis/constants"),
    *("build/lib/bpgui/cli.py", "dist/bpgui-0.0.0.tar.gz", "notes.txt"),
)
COMPILED = f"bpgui/engine/compiled/{LIBRARY.name}"
STEM = f"bpgui-{bpgui.__version__}"

pytestmark = pytest.mark.slow


def run(*command: str | Path, env: Mapping[str, str] | None = None, cwd: Path) -> str:
    """Standard output of a command, which must succeed."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files_of(folder: Path, *tops: str) -> set[str]:
    """The files in parts of a folder, by their paths in it."""
    found: set[str] = set()
    for top in tops:
        place = folder / top
        inside = (path for path in place.rglob("*") if path.is_file())
        found |= {
            path.relative_to(folder).as_posix() for path in ([place] if place.is_file() else inside)
        }
    return found


def build(kind: str, source: Path, target: Path, **environ: str) -> Path:
    """Build with what is installed here, so that nothing is downloaded."""
    command = ("-m", "build", "--no-isolation", f"--{kind}", "--outdir", target, source)
    run(sys.executable, *command, env=os.environ | environ, cwd=target.parent)
    (made,) = target.iterdir()
    return made


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("distributions")


@pytest.fixture(scope="module")
def source(work: Path) -> Path:
    """The checkout as a fresh clone has it."""
    source = work / "source"
    source.mkdir()
    left = shutil.ignore_patterns(
        *("__pycache__", ".*_cache", ".hypothesis", "*~", ".*.sw?"),
        LIBRARY.name,
    )
    for name in SHIPPED:
        place = ROOT / name
        if place.is_dir():
            shutil.copytree(place, source / name, ignore=left)
        else:
            shutil.copyfile(place, source / name)
    return source


@pytest.fixture(scope="module")
def sdist(work: Path, source: Path) -> Path:
    workplace = work / "workplace"
    shutil.copytree(source, workplace)
    for name in LEFT_BEHIND:
        (workplace / name).parent.mkdir(parents=True, exist_ok=True)
        (workplace / name).write_bytes(b"left behind")
    # compiled when the environment of the tests was made, and not anew as long as the C files are
    # the same; the compiler itself is too large to have it there
    shutil.copyfile(LIBRARY, workplace / COMPILED)
    return build("sdist", workplace, work / "sdist")


@pytest.fixture(scope="module")
def wheel(work: Path, sdist: Path) -> Path:
    return build("wheel", work / "workplace", work / "wheel")


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_the_sdist_holds_the_checkout_and_nothing_else(source: Path, sdist: Path) -> None:
    with tarfile.open(sdist) as file:
        members = {member.name.removeprefix(f"{STEM}/") for member in file.getmembers()}

    assert sdist.name == f"{STEM}.tar.gz"
    assert members == files_of(source, *SHIPPED) | {"PKG-INFO"}


def test_the_wheel_holds_the_package_with_its_resources_and_nothing_else(
    source: Path, wheel: Path
) -> None:
    information = f"{STEM}.dist-info"
    code = {name for name in files_of(source, "bpgui") if not name.endswith((".c", ".h"))}
    resources = files_of(source, "resources") - files_of(source, "resources/pictures")

    assert contents(wheel).keys() == {
        *code,
        COMPILED,
        *(f"bpgui/{name}" for name in resources),
        *(f"{information}/{name}" for name in ("METADATA", "RECORD", "WHEEL")),
        f"{information}/entry_points.txt",
        f"{information}/licenses/LICENSE",
    }


def test_the_wheel_is_for_any_python_on_this_platform(wheel: Path) -> None:
    name, version, python, abi, platform = wheel.stem.split("-")
    tags = {str(tag) for tag in packaging.tags.sys_tags()}

    assert (name, version) == ("bpgui", bpgui.__version__)
    assert (python, abi) == ("py3", "none")
    assert platform != "any"
    assert f"{python}-{abi}-{platform}" in tags
    told = contents(wheel)[f"{STEM}.dist-info/WHEEL"].decode()
    assert "Root-Is-Purelib: false" in told.splitlines()


def test_a_wheel_built_from_the_sdist_is_the_wheel_of_the_checkout(
    work: Path, sdist: Path, wheel: Path
) -> None:
    """But for the library, which is not compiled again here, and what tells of it."""
    with tarfile.open(sdist) as file:
        file.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.4
        file.extractall(work / "unpacked")

    unpacked = work / "unpacked" / STEM
    pure = build("wheel", unpacked, work / "wheel-of-sdist", BPGUI_ENGINE_BUILD="none")

    found, expected = contents(pure), contents(wheel)
    for name in ("WHEEL", "RECORD"):
        del found[f"{STEM}.dist-info/{name}"], expected[f"{STEM}.dist-info/{name}"]
    assert pure.name == f"{STEM}-py3-none-any.whl"
    assert expected.pop(COMPILED) == LIBRARY.read_bytes()
    assert found == expected


def test_a_library_is_compiled_anew_when_a_source_of_it_has_changed(tmp_path: Path) -> None:
    hook = runpy.run_path(str(ROOT / "packaging" / "build_kernel.py"))
    folder = tmp_path / "compiled"
    shutil.copytree(LIBRARY.parent, folder)
    target = hook["wanted_target"]()

    assert hook["is_fresh"](folder, target)
    (folder / "kernel.c").write_text("int other;\n", encoding="utf-8")
    assert not hook["is_fresh"](folder, target)
    (folder / target.library).unlink()
    assert not hook["is_fresh"](folder, target)


def test_an_index_would_take_both(work: Path, sdist: Path, wheel: Path) -> None:
    told = run(sys.executable, "-m", "twine", "check", "--strict", sdist, wheel, cwd=work)

    assert told.count("PASSED") == 2


# --- installed ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def installed(work: Path, wheel: Path) -> Path:
    """The folder of programs of an environment into which the wheel was installed.

    What bpgui needs is borrowed from the environment of the tests, which has the same from pip; to
    download it for each run of the tests would take a minute.
    """
    environment = work / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", environment, cwd=work)
    places = {"base": str(environment), "platbase": str(environment)}
    python = Path(sysconfig.get_path("scripts", "venv", places)) / Path(sys.executable).name
    options = ("--no-deps", "--no-index", "--disable-pip-version-check")
    run(sys.executable, "-m", "pip", "--python", python, "install", *options, wheel, cwd=work)
    packages = Path(sysconfig.get_path("purelib", "venv", places))
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return python.parent


@pytest.fixture
def environ(installed: Path, tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {"PATH": str(installed), "HOME": str(tmp_path), "PYTHONUTF8": "1"}


def test_the_installed_program_is_the_wheels(
    installed: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    told = run(installed / "bpgui", "--version", env=environ, cwd=tmp_path)
    asked = "import bpgui, bpgui.paths as p; print(bpgui.__file__, p.resources(), sep='\\n')"
    code, resources = run(installed / "python", "-c", asked, env=environ, cwd=tmp_path).split()

    assert told.split() == ["bpgui", bpgui.__version__]
    assert Path(code).is_relative_to(installed.parent)
    assert Path(resources) == Path(code).parent / "resources"


def test_the_installed_program_trains_on_the_compiled_loop(
    installed: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    asked = "from bpgui.engine.compiled import available; print(available())"

    assert run(installed / "python", "-c", asked, env=environ, cwd=tmp_path).strip() == "True"


def test_the_installed_program_gives_the_published_digits(
    installed: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    verified = json.loads(run(installed / "bpgui", "verify", "--json", env=environ, cwd=tmp_path))
    preset = ("train", "two-inputs-fixed-biases", "--json")
    trained = json.loads(run(installed / "bpgui", *preset, env=environ, cwd=tmp_path))

    assert verified["passed"]
    assert trained["loss"] == pytest.approx(3.510187782978859e-05, rel=1e-12)


def test_the_installed_program_has_presets_pictures_and_licenses(
    installed: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    presets = json.loads(run(installed / "bpgui", "presets", "--json", env=environ, cwd=tmp_path))
    picture = ("screenshot", "digits-one-layer", "window.png", "--theme", "dark")
    run(installed / "bpgui", *picture, env=environ, cwd=tmp_path)
    asked = "from bpgui.licenses import components; print(*(one.name for one in components()))"
    names = run(installed / "python", "-c", asked, env=environ, cwd=tmp_path).split()

    assert len(presets["presets"]) == len(list((ROOT / "resources" / "presets").glob("*.json"))) - 1
    assert (tmp_path / "window.png").stat().st_size > 20_000
    assert names[0] == "bpgui"
    assert {"Qt", "Python", "numpy"} <= set(names)
