"""The icon files that are made for desktops: read back by Qt, they are the drawing itself."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QImageReader

from bpgui.paths import resources
from bpgui.ui.icons import DETAILED, application_image

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


@pytest.fixture(scope="module")
def maker() -> dict[str, Any]:
    return runpy.run_path(str(PACKAGING / "make_icons.py"))


@pytest.fixture(scope="module")
def folder(maker: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("icons")
    assert maker["main"]([str(folder)]) == 0
    return folder


def pixels(image: QImage) -> NDArray[np.int16]:
    """Color and opacity (height, width, 4), which a file without premultiplied colors keeps to a
    step or two of 255."""
    image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    flat = np.frombuffer(image.constBits(), dtype=np.uint8)
    return flat.reshape(image.height(), image.width(), 4).astype(np.int16)


def assert_drawn(image: QImage, size: int, margin: float = 0.0) -> None:
    drawn = pixels(application_image(size, margin))
    assert pixels(image).shape == (size, size, 4)
    assert abs(pixels(image) - drawn).max() <= 2


def pictures(path: Path) -> list[QImage]:
    reader = QImageReader(str(path))
    found = []
    for index in range(reader.imageCount()):
        assert reader.jumpToImage(index)
        found.append(reader.read())
    return found


def test_a_theme_has_the_drawing_and_every_usual_size(folder: Path, maker: dict[str, Any]) -> None:
    theme = folder / "hicolor"
    sizes = maker["THEME_SIZES"]

    assert (sizes[0], sizes[-1]) == (16, 512)
    assert sorted(path.name for path in theme.iterdir()) == sorted(
        [*(f"{size}x{size}" for size in sizes), "scalable"]
    )
    for size in sizes:
        assert_drawn(QImage(str(theme / f"{size}x{size}" / "apps" / "bpgui.png")), size)
    source = resources() / "icons" / "bpgui.svg"
    assert (theme / "scalable" / "apps" / "bpgui.svg").read_bytes() == source.read_bytes()


def test_windows_icon_holds_every_size(folder: Path, maker: dict[str, Any]) -> None:
    found = pictures(folder / "bpgui.ico")

    assert [image.width() for image in found] == list(maker["ICO_SIZES"])
    for image in found:
        assert_drawn(image, image.width())


def test_macos_icon_holds_every_size_with_room_around(folder: Path, maker: dict[str, Any]) -> None:
    data = (folder / "bpgui.icns").read_bytes()
    found = pictures(folder / "bpgui.icns")

    assert data[:8] == b"icns" + len(data).to_bytes(4, "big")
    assert {image.width() for image in found} == set(maker["ICNS_TYPES"].values())
    for image in found:
        assert_drawn(image, image.width(), maker["ICNS_MARGIN"])
    assert pixels(found[-1])[:10].max() == 0  # the margin


def test_files_of_small_icons_are_drawn_on_whole_pixels() -> None:
    """Where the drawing of larger sizes is blurred, the one for small sizes has its full colors."""

    def teal(image: QImage) -> int:
        blue, green, red, opacity = np.moveaxis(pixels(image), -1, 0)
        return int(((green > 190) & (red < 70) & (blue > 170) & (opacity == 255)).sum())

    large = application_image(128).smoothScaled(16, 16)

    assert DETAILED > 16
    assert teal(application_image(16)) >= 10 > teal(large)


def test_without_a_folder_the_command_says_how_it_is_used(
    maker: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert maker["main"]([]) == 2
    assert "make_icons.py FOLDER" in capsys.readouterr().err
