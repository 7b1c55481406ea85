"""What goes into the frozen program, and the files by which systems know it."""

from __future__ import annotations

import ast
import plistlib
import re
import shutil
import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import PySide6
import pytest

import bpgui
from bpgui.ui.filing import SUFFIX

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
MIME = "application/x-bpgui-preset+json"
linux = pytest.mark.skipif(sys.platform != "linux", reason="Qt brings ICU on Linux alone")


@pytest.fixture(scope="module")
def beside(load_beside: Callable[..., dict[str, ModuleType]]) -> dict[str, ModuleType]:
    return load_beside(PACKAGING, "bundle", "icu", "archive")


@pytest.fixture
def bundle(beside: dict[str, ModuleType]) -> ModuleType:
    return beside["bundle"]


# --- choosing -------------------------------------------------------------------------------------


def test_a_library_stays_only_if_something_that_is_used_is_linked_with_it(
    bundle: ModuleType,
) -> None:
    plugins = "PySide6/Qt/plugins/"
    links = {
        "QtGui.abi3.so": ["libQt6Gui.so.6", "libc.so.6"],
        "libQt6Gui.so.6": ["libQt6Core.so.6"],
        "libqgtk3.so": ["libgtk-3.so.0"],
        "libqxcb.so": ["libxcb-cursor.so.0"],
    }
    binaries = [
        ("PySide6/QtGui.abi3.so", "QtGui.abi3.so", "EXTENSION"),
        ("libQt6Gui.so.6", "libQt6Gui.so.6", "BINARY"),
        ("libQt6Core.so.6", "libQt6Core.so.6", "BINARY"),
        (f"{plugins}platforms/libqxcb.so", "libqxcb.so", "BINARY"),
        (f"{plugins}platformthemes/libqgtk3.so", "libqgtk3.so", "BINARY"),
        ("libgtk-3.so.0", "libgtk-3.so.0", "BINARY"),
        ("libxcb-cursor.so.0", "libxcb-cursor.so.0", "BINARY"),
        ("libpython3.11.so.1.0", "libpython3.11.so.1.0", "BINARY"),
        ("bpgui/engine/compiled/kernel.so", "kernel.so", "BINARY"),
    ]

    used = bundle.used_binaries(binaries, lambda file: links.get(file, ()))

    dropped = {source for _, source, _ in binaries} - {source for _, source, _ in used}
    assert dropped == {"libqgtk3.so", "libgtk-3.so.0"}


@pytest.mark.parametrize(
    ("place", "used"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        (r"PySide6\plugins\platforms\qwindows.dll", True),
        ("PySide6/Qt/plugins/platforms/libqcocoa.dylib", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", False),
        (r"PySide6\opengl32sw.dll", False),
        ("python311.dll", True),
        ("Python", True),
        ("libpython3.13.dylib", True),
    ],
)
def test_what_is_used_for_its_own_sake_on_each_system(
    bundle: ModuleType, place: str, used: bool
) -> None:
    assert bundle.is_root((place, place, "BINARY")) is used


def test_data_that_nothing_opens_is_dropped(bundle: ModuleType) -> None:
    translations = "PySide6/Qt/translations/"
    places = [
        f"{translations}qtbase_zh_CN.qm",
        f"{translations}qtbase_de.qm",
        "bpgui/resources/presets/xor.json",
        "bpgui/engine/compiled/kernel.c",
        "latex2mathml-3.81.1.dist-info/METADATA",
        "latex2mathml-3.81.1.dist-info/RECORD",
        "numpy-2.4.6.dist-info/METADATA",
        "ziamath/fonts/STIXTwoMath-Regular.ttf",
    ]
    links = [
        ("libQt6Gui.so.6", "PySide6/Qt/lib/libQt6Gui.so.6", "SYMLINK"),
        ("libQt6Network.so.6", "PySide6/Qt/lib/libQt6Network.so.6", "SYMLINK"),
    ]
    binaries = [("PySide6/Qt/lib/libQt6Gui.so.6", "", "BINARY")]

    used = bundle.used_data([*((place, place, "DATA") for place in places), *links], binaries)

    assert [place for place, _, _ in used] == [
        f"{translations}qtbase_zh_CN.qm",
        "bpgui/resources/presets/xor.json",
        "latex2mathml-3.81.1.dist-info/METADATA",
        "ziamath/fonts/STIXTwoMath-Regular.ttf",
        "libQt6Gui.so.6",
    ]


def test_what_surrounds_a_library_of_macos_goes_with_it(bundle: ModuleType) -> None:
    folder = "PySide6/Qt/lib/QtGui.framework"
    around = [
        (f"{folder}/QtGui", "Versions/Current/QtGui", "SYMLINK"),
        (f"{folder}/Versions/Current", "A", "SYMLINK"),
        (f"{folder}/Versions/A/Resources/Info.plist", "Info.plist", "DATA"),
    ]

    used = bundle.used_data(around, [(f"{folder}/Versions/A/QtGui", "QtGui", "BINARY")])

    assert used == around
    assert bundle.used_data(around, []) == []


def test_libraries_of_the_system_are_told_from_those_of_python(bundle: ModuleType) -> None:
    modules = Path(sysconfig.get_path("stdlib")) / "lib-dynload"
    sources = [
        "/usr/lib/x86_64-linux-gnu/libX11.so.6",
        "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0",
        str(modules / "math.so"),
        str(Path(sys.prefix) / "lib" / "python3.11" / "site-packages" / "numpy" / "core.so"),
    ]

    found = bundle.from_system([("", source, "BINARY") for source in sources])

    assert found == [str(Path(sources[0]).resolve())]


# --- ICU ------------------------------------------------------------------------------------------

SORTING = """
from PySide6.QtCore import QCollator, QLocale
words = ["张", "李", "王", "文件10", "文件2", "Äpfel", "apfel", "Zebra", "éa", "ez", "_x"]
for name in ("zh_CN", "en_US", "de_DE"):
    collator = QCollator(QLocale(name))
    print(name, *sorted(words, key=collator.sortKey))
print({line.split()[-1] for line in open("/proc/self/maps") if "libicudata" in line})
"""


@linux
@pytest.mark.skipif(shutil.which("ld") is None, reason="needs binutils")
def test_qt_sorts_alike_with_the_small_icu(beside: dict[str, ModuleType], tmp_path: Path) -> None:
    library = next(Path(PySide6.__file__).parent.glob("Qt/lib/libicudata.so.*"))

    small = beside["icu"].slim(library, tmp_path)

    def sort(**variables: str) -> list[str]:
        command = [sys.executable, "-c", SORTING]
        return subprocess.run(
            command, env=variables, capture_output=True, text=True, encoding="utf-8", check=True
        ).stdout.splitlines()

    whole = sort(LC_ALL="C.UTF-8")
    found = sort(LC_ALL="C.UTF-8", LD_LIBRARY_PATH=str(tmp_path))
    assert found[:3] == whole[:3]
    assert (found[3], whole[3]) == (repr({str(small)}), repr({str(library)}))
    assert small.stat().st_size < library.stat().st_size / 7


@linux
def test_a_file_without_an_archive_of_icu_is_refused(
    beside: dict[str, ModuleType], tmp_path: Path
) -> None:
    (tmp_path / "libicudata.so.73").write_bytes(b"\x7fELF and nothing else")

    with pytest.raises(beside["icu"].ArchiveError, match="holds no archive of ICU"):
        beside["icu"].slim(tmp_path / "libicudata.so.73", tmp_path / "small")


# --- what systems read ----------------------------------------------------------------------------


def test_the_version_resource_of_windows_tells_the_version(bundle: ModuleType) -> None:
    call = ast.parse(bundle.version_text("1.2.3"), mode="eval").body

    assert isinstance(call, ast.Call)
    text = ast.unparse(call)
    assert "filevers=(1, 2, 3, 0), prodvers=(1, 2, 3, 0)" in text
    assert "StringStruct('ProductVersion', '1.2.3')" in text


def test_each_system_opens_presets_by_the_suffix_they_are_saved_under() -> None:
    information = plistlib.loads((PACKAGING / "macos" / "Info.plist").read_bytes())
    (declared,) = information["UTExportedTypeDeclarations"]
    tags = declared["UTTypeTagSpecification"]
    mime = ElementTree.parse(PACKAGING / "linux" / "bpgui.xml").getroot()
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    (kind,) = mime.findall(f"{space}mime-type")
    (glob,) = kind.findall(f"{space}glob")
    installer = (PACKAGING / "windows" / "bpgui.iss").read_text(encoding="utf-8")

    assert tags == {"public.filename-extension": [SUFFIX[1:]], "public.mime-type": [MIME]}
    assert information["CFBundleDocumentTypes"][0]["LSItemContentTypes"] == [
        declared["UTTypeIdentifier"]
    ]
    assert (kind.get("type"), glob.get("pattern")) == (MIME, f"*{SUFFIX}")
    assert f'Subkey: "Software\\Classes\\{SUFFIX}"' in installer
    desktop = (PACKAGING / "linux" / "bpgui.desktop").read_text(encoding="utf-8")
    assert f"MimeType={MIME};" in desktop.splitlines()


@pytest.mark.parametrize(
    "command",
    [
        ("desktop-file-validate", "bpgui.desktop"),
        ("appstreamcli", "validate", "--no-net", "io.github.bpgui.bpgui.metainfo.xml"),
        ("sh", "-n", "install.sh"),
        ("sh", "-n", "uninstall.sh"),
    ],
    ids=lambda command: command[-1],
)
def test_desktop_files_are_valid(command: tuple[str, ...]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")

    done = subprocess.run(
        command, cwd=PACKAGING / "linux", capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_every_file_in_a_bundle_is_explained(bundle: ModuleType) -> None:
    explained = {
        "bpgui-window": "the program: bpgui and all Python modules",
        "_internal/bpgui/engine/compiled/kernel.so": "the compiled engine",
        "_internal/libxcb-cursor.so.0": "X11, which Qt is linked with",
        "_internal/fallback/libEGL.so.1": "OpenGL and XCB, opened only where the system has none",
        "_internal/PySide6/QtCore.abi3.so": "Qt for Python",
    }
    assert {place: bundle.part(place).why for place in explained} == explained
    assert bundle.part("_internal/stray.txt") is bundle.UNKNOWN


# --- packing --------------------------------------------------------------------------------------


def test_equal_folders_are_packed_to_equal_bytes(
    beside: dict[str, ModuleType], tmp_path: Path
) -> None:
    archive = beside["archive"]
    packed = []
    for name in ("one", "two"):
        folder = tmp_path / name / "bpgui"
        folder.mkdir(parents=True)
        (folder / "b.txt").write_text("b", encoding="ascii")
        (folder / "link").symlink_to("b.txt")
        packed.append(archive.tar(folder, tmp_path / f"{name}.tar.gz"))

    assert packed[0].read_bytes() == packed[1].read_bytes()
    line = archive.checksum(packed[0]).read_bytes()
    assert re.fullmatch(rb"[0-9a-f]{64}  one\.tar\.gz\n", line)


def test_archives_are_named_by_the_version(beside: dict[str, ModuleType]) -> None:
    assert beside["archive"].name().startswith(f"bpgui-{bpgui.__version__}-")
