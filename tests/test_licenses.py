"""What bpgui says of the software it is made of, beside the packages that are installed."""

from __future__ import annotations

import json
import platform
import runpy
import shutil
import subprocess
import sys
from importlib.metadata import Distribution, distribution, version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bpgui import licenses
from bpgui.licenses import Component, components
from bpgui.paths import resources

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def found() -> dict[str, Component]:
    return {component.name: component for component in components()}


def needed(name: str, seen: set[str]) -> set[str]:
    """The packages that pip installs for a package, by their normalized names."""
    if name not in seen:
        seen.add(name)
        for line in distribution(name).requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                needed(canonicalize_name(requirement.name), seen)
    return seen


def test_all_that_pip_installs_with_bpgui_is_told_with_its_version() -> None:
    told = {canonicalize_name(package.name): package.version for package in licenses.packages()}

    assert told.keys() >= needed("bpgui", set())
    assert "numpy" in told
    assert "pytest" not in told
    assert told == {name: version(name) for name in told}


def test_bpgui_comes_first_and_each_component_has_a_license_and_its_text(
    found: dict[str, Component],
) -> None:
    assert next(iter(found)) == "bpgui"
    for component in found.values():
        assert component.license, component.name
        assert len(component.text) > 500, component.name
    assert found["bpgui"].text == (ROOT / "LICENSE").read_text(encoding="utf-8").strip()
    assert found["numpy"].homepage == "https://numpy.org"


@pytest.mark.parametrize(
    ("name", "parts"),
    {
        "numpy": ("OpenBLAS", "GCC runtime library", "libquadmath"),
        "typer": ("Pallets",),  # of the copy of click in it
        "mdurl": ("MIT",),  # which it declares nowhere
        "pyqtgraph": ("Creative Commons Attribution",),  # color maps
        "pydantic_core": ("It contains, in compiled form:", "Apache License"),
        "latex2mathml": ("Copyright (c) 2016 Ronie Martinez",),
        "Python": ("PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2", "Mersenne Twister", "libffi"),
        "STIX Two Math": ("SIL OPEN FONT LICENSE",),
        "DejaVu Sans": ("Bitstream Vera Fonts Copyright",),
        "Handwritten digits": ("CC BY 4.0",),
    }.items(),
)
def test_what_a_package_holds_of_others_is_told(
    found: dict[str, Component], name: str, parts: tuple[str, ...]
) -> None:
    for part in parts:
        assert part in found[name].text


def test_qt_comes_with_what_its_license_asks_for(found: dict[str, Component]) -> None:
    text = found["Qt"].text

    assert found["Qt"].version == version("PySide6_Essentials")
    assert "https://download.qt.io/official_releases/qt/" in text
    assert "you may replace" in text
    assert "GNU LESSER GENERAL PUBLIC LICENSE\n                       Version 3" in text
    assert "GNU GENERAL PUBLIC LICENSE\n                       Version 3" in text
    assert "The FreeType Project LICENSE" in text
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in found["PySide6_Essentials"].text
    assert found["Python"].version == platform.python_version()


def test_every_text_that_is_kept_is_shown(found: dict[str, Component]) -> None:
    texts = [component.text for component in found.values()]

    for file in (resources() / "licenses").glob("*.txt"):
        text = file.read_text(encoding="utf-8").strip()
        assert any(text in shown for shown in texts), file.name


def test_a_frozen_program_tells_the_same_without_any_metadata(
    tmp_path: Path, found: dict[str, Component]
) -> None:
    """In a process that finds no metadata, with the file that its build has written."""
    make = runpy.run_path(str(ROOT / "packaging" / "make_licenses.py"))
    package = tmp_path / "bpgui"
    for name in ("licenses", "datasets"):
        shutil.copytree(resources() / name, package / "resources" / name)
    for name in ("__init__.py", "licenses.py", "paths.py"):
        shutil.copyfile(ROOT / "bpgui" / name, package / name)

    assert make["main"]([str(package / "resources" / "licenses" / "packages.json")]) == 0
    code = (
        "import sys, json, dataclasses, importlib.metadata\n"
        "from bpgui import licenses\n"
        "sys.meta_path[:] = [f for f in sys.meta_path if not hasattr(f, 'find_distributions')]\n"
        "assert not list(importlib.metadata.distributions())\n"
        "print(json.dumps([dataclasses.asdict(one) for one in licenses.components()]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )

    assert [Component(**one) for one in json.loads(done.stdout)] == list(found.values())


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="needs Debian's packages")
def test_a_frozen_program_tells_of_the_libraries_of_the_system_that_it_holds(
    tmp_path: Path,
) -> None:
    make = runpy.run_path(str(ROOT / "packaging" / "make_licenses.py"))
    (libc,) = {
        line.split()[-1]
        for line in Path("/proc/self/maps").read_text().splitlines()
        if "/libc.so." in line
    }

    make["main"]([str(tmp_path / "packages.json"), libc, str(tmp_path / "libown.so")])

    told = json.loads((tmp_path / "packages.json").read_text(encoding="utf-8"))
    assert [Component(**one) for one in told[: len(licenses.packages())]] == [*licenses.packages()]
    library, common = told[len(licenses.packages()) :]
    assert library["name"] == "glibc"
    assert library["license"].startswith("system library, ")
    assert library["version"].startswith(platform.libc_ver()[1])
    assert "GNU Lesser General Public" in library["text"]
    assert common["name"] == "Licenses of system libraries"
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in common["text"]


def test_without_a_file_to_write_the_command_says_how_it_is_used(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert runpy.run_path(str(ROOT / "packaging" / "make_licenses.py"))["main"]([]) == 2
    assert "make_licenses.py FILE" in capsys.readouterr().err


# --- packages that say little ---------------------------------------------------------------------


def package(folder: Path, metadata: str, files: dict[str, str]) -> Distribution:
    """A package's metadata on disk; `files` are those it installed, by their paths."""
    information = folder / "thing-1.0.dist-info"
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    information.mkdir(exist_ok=True)
    header = "Metadata-Version: 2.4\nName: thing\nVersion: 1.0\n"
    (information / "METADATA").write_text(header + metadata, encoding="utf-8")
    (information / "RECORD").write_text("".join(f"{name},,\n" for name in files), encoding="utf-8")
    return Distribution.at(information)


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ("License-Expression: MIT OR 0BSD\nLicense: other\n", "MIT OR 0BSD"),
        ("License: Apache 2.0\n", "Apache 2.0"),
        ("License: A whole\n  text of it\nClassifier: License :: OSI Approved :: Zlib\n", "Zlib"),
        ("", ""),
    ],
)
def test_a_license_is_named_as_well_as_the_package_tells(
    tmp_path: Path, metadata: str, expected: str
) -> None:
    assert licenses._component(package(tmp_path, metadata, {})).license == expected


def test_license_files_are_found_declared_or_not_and_each_text_is_told_once(
    tmp_path: Path,
) -> None:
    files = {
        "thing-1.0.dist-info/licenses/LICENSE": "first\n",
        "thing-1.0.dist-info/licenses/copy/NOTICE": "first\n",
        "thing/vendored/COPYING.txt": "second\n",
        "thing/licenses.py": "no license\n",
        "thing/data.txt": "no license\n",
    }

    told = licenses._component(package(tmp_path, "License-File: LICENSE\n", files))

    assert told.text.split(licenses.RULE) == ["first", "second"]


def test_parts_of_a_bill_of_materials_are_told_but_for_those_of_the_build(tmp_path: Path) -> None:
    parts: list[dict[str, Any]] = [
        {"name": "a", "version": "1", "author": "Ada", "licenses": [{"expression": "MIT"}]},
        {"name": "b", "version": "2", "licenses": [{"license": {"id": "0BSD"}}]},
        {"name": "c", "licenses": [{"license": {"name": "Its own"}}]},
        {"name": "maker", "scope": "excluded"},
    ]
    files = {"thing-1.0.dist-info/sboms/thing.json": json.dumps({"components": parts})}

    told = licenses._component(package(tmp_path, "", files))

    assert told.text.splitlines()[2:] == ["a 1 by Ada: MIT", "b 2: 0BSD", "c : Its own"]


def test_a_package_that_is_not_installed_has_no_needs() -> None:
    assert licenses._closure("no-such-package") == []
