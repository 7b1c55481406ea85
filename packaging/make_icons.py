"""Draw the program's icon in every size and format that a desktop asks for.

    python packaging/make_icons.py FOLDER

FOLDER gets `hicolor/` (an icon theme for Linux), `bpgui.ico` (Windows) and `bpgui.icns` (macOS),
all drawn from resources/icons/bpgui.svg and, for small sizes, bpgui_small.svg. Needs bpgui with its
dependencies, and no display.
"""

from __future__ import annotations

import shutil
import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageWriter

from bpgui.paths import resources
from bpgui.ui.icons import application_image

THEME_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
# Type and pixels of each picture; "ic11" to "ic14" are those of doubled screens.
ICNS_TYPES = {
    b"icp4": 16,
    b"icp5": 32,
    b"ic07": 128,
    b"ic08": 256,
    b"ic09": 512,
    b"ic10": 1024,
    b"ic11": 32,
    b"ic12": 64,
    b"ic13": 256,
    b"ic14": 512,
}
ICNS_MARGIN = 0.08  # macOS leaves room around an icon, where others fill its square


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    write_icons(Path(arguments[0]))
    return 0


def write_icons(folder: Path) -> None:
    for size in THEME_SIZES:
        _write(folder / "hicolor" / f"{size}x{size}" / "apps" / "bpgui.png", png(size))
    drawing = folder / "hicolor" / "scalable" / "apps" / "bpgui.svg"
    drawing.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(resources() / "icons" / "bpgui.svg", drawing)
    _write(folder / "bpgui.ico", ico())
    _write(folder / "bpgui.icns", icns())


def png(size: int, margin: float = 0.0) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(application_image(size, margin))
    return bytes(buffer.data().data())


def ico() -> bytes:
    """An ICO file: PNG for 256 pixels, bitmaps below, as Windows' own icons have it."""
    pictures = [png(size) if size == 256 else _bitmap(size) for size in ICO_SIZES]
    header = struct.pack("<HHH", 0, 1, len(pictures))
    place = len(header) + 16 * len(pictures)
    entries = b""
    for size, picture in zip(ICO_SIZES, pictures, strict=True):
        side = size % 256  # 0 stands for 256
        entries += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), place)
        place += len(picture)
    return header + entries + b"".join(pictures)


def _bitmap(size: int) -> bytes:
    """Rows of BGRA from the bottom up, then a mask of one bit per pixel, which alpha supersedes."""
    drawn = application_image(size).convertToFormat(QImage.Format.Format_ARGB32)
    image = drawn.flipped(Qt.Orientation.Vertical)  # owns the bits that are read next
    pixels = bytes(image.constBits())
    mask = bytes(size * (-(-size // 32) * 4))
    length = len(pixels) + len(mask)
    header = struct.pack("<IiiHHIIiiII", 40, size, 2 * size, 1, 32, 0, length, 0, 0, 0, 0)
    return header + pixels + mask


def icns() -> bytes:
    pictures = [(name, png(size, ICNS_MARGIN)) for name, size in ICNS_TYPES.items()]
    body = b"".join(name + struct.pack(">I", 8 + len(data)) + data for name, data in pictures)
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
