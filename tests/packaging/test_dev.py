"""Setting up from a fresh clone: what is looked for, what is told, when .venv is made anew."""

from __future__ import annotations

import importlib.util
import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
linux = pytest.mark.skipif(sys.platform != "linux", reason="system packages are Linux's")


@pytest.fixture(scope="module")
def beside(load_beside: Callable[..., dict[str, ModuleType]]) -> dict[str, ModuleType]:
    """The modules of dev.py."""
    return load_beside(PACKAGING, "dev", "dev_system", "dev_environment", "dev_commands")


@pytest.fixture
def system(beside: dict[str, ModuleType]) -> ModuleType:
    return beside["dev_system"]


@pytest.fixture
def environment(beside: dict[str, ModuleType]) -> ModuleType:
    return beside["dev_environment"]


def dev(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PACKAGING / "dev.py"), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=os.environ | variables, check=False
    )


# --- the Python that it is started with -----------------------------------------------------------


def test_a_python_that_is_too_old_is_told_what_to_do(beside: dict[str, ModuleType]) -> None:
    complaint = beside["dev"].complaint((3, 10, 12), "/usr/bin/python3")

    assert complaint.splitlines() == [
        "bpgui needs Python 3.11 or newer; this is Python 3.10.12 (/usr/bin/python3).",
        "Install a newer one and start this file with it, for example:",
        "    python3.11 packaging/dev.py run",
    ]


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2), (4, 0, 0)])
def test_a_python_that_is_new_enough_is_no_reason_to_complain(
    beside: dict[str, ModuleType], version: tuple[int, int, int]
) -> None:
    assert beside["dev"].complaint(version, "python3") == ""


def test_an_old_python_ends_the_program_before_anything_newer_is_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))

    with pytest.raises(SystemExit) as stop:
        runpy.run_path(str(PACKAGING / "dev.py"), run_name="__main__")

    assert stop.value.code == 2
    assert "this is Python 3.9.2" in capsys.readouterr().err


def test_the_first_file_is_read_by_pythons_long_gone() -> None:
    text = (PACKAGING / "dev.py").read_text(encoding="utf-8")

    compile(text, "dev.py", "exec", dont_inherit=True)
    assert not any(sign in text for sign in ('f"', "->", ":=", "from __future__"))


# --- what is missing ------------------------------------------------------------------------------


@linux
def test_a_library_is_there_when_the_linker_finds_it(system: ModuleType) -> None:
    assert system.has_library("libc.so.6")
    assert not system.has_library("libno-such-library.so.3")


def test_a_module_and_a_program_are_there_when_python_and_the_path_have_them(
    system: ModuleType,
) -> None:
    assert system.has_module("json")
    assert not system.has_module("no_such_module")
    assert not system.has_program("no-such-program")


@linux
def test_a_font_is_there_when_it_covers_the_language(system: ModuleType) -> None:
    if not system.has_library("libfontconfig.so.1"):
        pytest.skip("fontconfig is not installed")
    assert system.has_font("en")
    assert not system.has_font("xx")


def test_only_what_is_not_found_is_missing_and_each_package_is_named_once(
    system: ModuleType,
) -> None:
    there = {"libEGL.so.1", "venv"}
    needs = tuple(
        system.Need(name, package, there.__contains__, "library")
        for name, package in {
            "libEGL.so.1": "libegl1",
            "venv": "python3.11-venv",
            "libb.so.2": "libb2",
            "ensurepip": "python3.11-venv",
            "liba.so.1": "liba1",
            "liba-more.so.1": "liba1",
        }.items()
    )

    missing = system.missing(needs)

    assert [need.name for need in missing] == [
        "libb.so.2",
        "ensurepip",
        "liba.so.1",
        "liba-more.so.1",
    ]
    assert system.packages_of(missing) == ("liba1", "libb2", "python3.11-venv")


def test_what_is_missing_is_told_by_kind(system: ModuleType) -> None:
    names = [("a.so.1", "library"), ("Xvfb", "program"), ("b.so.2", "library")]
    needs = [system.Need(name, "package", system.has_library, kind) for name, kind in names]

    assert system.describe(needs) == "library a.so.1, b.so.2; program Xvfb"


def test_the_names_that_a_bare_debian_needs(system: ModuleType) -> None:
    packages = set(system.packages_of(system.needs_to_run(display=True).must))

    assert packages >= {
        *("libegl1", "libgl1", "libxkbcommon0", "libdbus-1-3", "libfontconfig1", "libglib2.0-0"),
        *("libxcb-cursor0", "libxkbcommon-x11-0", "fonts-dejavu-core"),
        f"python3.{sys.version_info.minor}-venv",
    }


def test_a_window_needs_more_than_a_picture_of_it(system: ModuleType) -> None:
    window, picture = system.needs_to_run(display=True), system.needs_to_run(display=False)

    assert set(window.must) - set(picture.must) == set(system.WINDOW)
    assert set(window.must + window.may) == set(picture.must + picture.may)


@linux
@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({}, "There is no display here (DISPLAY and WAYLAND_DISPLAY are not set)"),
        ({"DISPLAY": ""}, "There is no display here (DISPLAY and WAYLAND_DISPLAY are not set)"),
        ({"DISPLAY": ":93"}, "The display :93 does not answer"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ""),
    ],
)
def test_why_no_window_can_be_opened(
    system: ModuleType, variables: dict[str, str], reason: str
) -> None:
    if not system.has_library("libX11.so.6"):
        pytest.skip("libX11 is not installed")
    assert system.why_no_window(variables) == reason


@pytest.mark.xvfb
def test_a_display_that_answers_takes_a_window(system: ModuleType, x_display: str) -> None:
    assert system.why_no_window({"DISPLAY": x_display}) == ""


# --- what is told ---------------------------------------------------------------------------------


def test_the_command_to_paste_is_told_in_full(system: ModuleType) -> None:
    library = system.Need("liba.so.1", "liba1", system.has_library, "library")
    font = system.Need("zh-cn", "fonts-b", system.has_font, "a font for")

    assert system.what_to_do((library,), (font,), debian_like=True).splitlines() == [
        "This system lacks library liba.so.1.",
        "Install them as follows, then start this command again:",
        "    sudo apt-get update && "
        "sudo apt-get install --yes --no-install-recommends fonts-b liba1",
    ]


def test_a_system_of_another_kind_is_told_the_names(system: ModuleType) -> None:
    library = system.Need("liba.so.1", "liba1", system.has_library, "library")

    told = system.what_to_do((library,), (), debian_like=False)

    assert "library liba.so.1" in told
    assert "apt-get" not in told


def test_a_command_that_fails_shows_its_output(system: ModuleType) -> None:
    command = (sys.executable, "-c", "print('no route'); raise SystemExit(3)")

    with pytest.raises(system.SetupError) as failure:
        system.quietly(command)

    assert str(failure.value).startswith("no route\n")
    assert failure.value.code == 1


def test_a_command_that_succeeds_is_quiet(
    system: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    system.quietly((sys.executable, "-c", "print('noise')"))

    assert capfd.readouterr() == ("", "")


# --- the environment ------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'a'\n", encoding="utf-8")
    (tmp_path / ".venv").mkdir()
    return tmp_path


def test_a_stamp_comes_back_as_it_was_saved(environment: ModuleType, project: Path) -> None:
    stamp = environment.wanted_stamp(project, ("dev",))
    stamp.save(project / ".venv")

    assert environment.load_stamp(project / ".venv") == stamp


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"base": "3.11"}'])
def test_a_stamp_that_cannot_be_read_is_none(
    environment: ModuleType, project: Path, text: str | None
) -> None:
    if text is not None:
        (project / ".venv" / environment.STAMP).write_text(text, encoding="utf-8")

    assert environment.load_stamp(project / ".venv") is None


def test_new_pins_make_another_stamp(environment: ModuleType, project: Path) -> None:
    before = environment.wanted_stamp(project, ())
    (project / "pyproject.toml").write_text("[project]\nname = 'b'\n", encoding="utf-8")
    after = environment.wanted_stamp(project, ())

    assert after.pins != before.pins
    assert after.base == before.base


def test_other_c_sources_make_another_stamp(environment: ModuleType, project: Path) -> None:
    folder = project / "bpgui" / "engine" / "compiled"
    folder.mkdir(parents=True)
    (folder / "kernel.c").write_text("int one;", encoding="utf-8")
    before = environment.wanted_stamp(project, ())
    (folder / "kernel.c").write_text("int two;", encoding="utf-8")

    assert environment.wanted_stamp(project, ()).pins != before.pins


def test_what_is_done_with_an_environment(environment: ModuleType) -> None:
    def stamp(base: str = "3.11", pins: str = "p", extras: tuple[str, ...] = ("dev",)) -> object:
        return environment.Stamp(base, pins, extras)

    plan = environment.plan
    assert plan(None, stamp(), exists=False, whole=False) == "create"
    assert plan(None, stamp(), exists=True, whole=False) == "rebuild"  # interrupted
    assert plan(stamp(), stamp(), exists=True, whole=False) == "rebuild"  # broken
    assert plan(stamp("3.12"), stamp(), exists=True, whole=True) == "rebuild"
    assert plan(stamp(pins="old"), stamp(), exists=True, whole=True) == "update"
    assert plan(stamp(extras=()), stamp(), exists=True, whole=True) == "update"
    assert plan(stamp(), stamp(), exists=True, whole=True) == "nothing"
    assert plan(stamp(), stamp(extras=()), exists=True, whole=True) == "nothing"


def test_an_environment_whose_python_does_not_start_is_not_whole(
    environment: ModuleType, project: Path
) -> None:
    assert not environment.is_whole(project / ".venv", ())

    python = environment.python_of(project / ".venv")
    python.parent.mkdir()
    python.write_bytes(b"no program")
    assert not environment.is_whole(project / ".venv", ())


def test_an_environment_without_the_packages_is_not_whole(
    environment: ModuleType, project: Path
) -> None:
    command = [sys.executable, "-m", "venv", "--without-pip", str(project / ".venv")]
    subprocess.run(command, check=True)

    assert not environment.is_whole(project / ".venv", ())


# --- the commands ---------------------------------------------------------------------------------


def test_help_names_every_command(beside: dict[str, ModuleType]) -> None:
    done = dev("--help")

    assert done.returncode == 0
    for name in beside["dev_commands"].COMMANDS:
        assert f"packaging/dev.py {name}" in done.stdout


def test_a_command_that_is_not_there_ends_with_2() -> None:
    done = dev("bulid")

    assert done.returncode == 2
    assert "There is no command 'bulid'." in done.stdout


def test_a_failed_check_shows_its_output_and_is_named(
    beside: dict[str, ModuleType], capsys: pytest.CaptureFixture[str]
) -> None:
    check = ("-c", "print('line 3: wrong'); raise SystemExit(1)")

    assert not beside["dev_commands"].passes(sys.executable, "ruff check", check)
    assert capsys.readouterr().out == "line 3: wrong\nruff check: failed\n"
    assert beside["dev_commands"].passes(sys.executable, "mypy", ("-c", "print('fine')"))
    assert capsys.readouterr().out == "mypy: passed\n"


def test_the_default_preset_is_a_built_in_one(beside: dict[str, ModuleType]) -> None:
    slug = beside["dev_commands"].DEFAULT_PRESET
    assert (PACKAGING.parent / "resources" / "presets" / f"{slug}.json").is_file()


def test_each_check_starts_a_tool_that_is_installed(beside: dict[str, ModuleType]) -> None:
    for arguments in beside["dev_commands"].CHECKS.values():
        module = arguments[1] if arguments[0] == "-m" else "importlinter"
        assert importlib.util.find_spec(module) is not None
