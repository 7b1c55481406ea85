"""Icons drawn from resources/icons in the theme's colors."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from bpgui.paths import resources
from bpgui.ui.theme import Theme, disabled_text

SIZES = (16, 20, 24, 32, 40, 48)
APPLICATION_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
DETAILED = 32  # pixels; below that the drawing on whole pixels is clearer


def icon(name: str, theme: Theme, color: str = "") -> QIcon:
    """The drawing `name` with currentColor replaced by `color`, or by that of text."""
    result = QIcon()
    for mode, ink in (
        (QIcon.Mode.Normal, color or theme.text),
        (QIcon.Mode.Disabled, disabled_text(theme)),
    ):
        for pixmap in _pixmaps(name, ink):
            result.addPixmap(pixmap, mode)
    return result


def _pixmaps(name: str, ink: str) -> list[QPixmap]:
    """One of each size; Qt keeps them, as every dock has the same buttons."""
    keys = [f"bpgui {name} {ink} {size}" for size in SIZES]
    pixmaps = [QPixmap() for _ in SIZES]
    if not all(map(QPixmapCache.find, keys, pixmaps)):
        source = _path(name).read_text(encoding="utf-8")
        drawing = QSvgRenderer(QByteArray(source.replace("currentColor", ink).encode()))
        pixmaps = [_pixmap(drawing, size) for size in SIZES]
        for key, pixmap in zip(keys, pixmaps, strict=True):
            QPixmapCache.insert(key, pixmap)
    return pixmaps


def application_icon() -> QIcon:
    result = QIcon()
    for size in APPLICATION_SIZES:
        result.addPixmap(QPixmap.fromImage(application_image(size)))
    return result


def application_image(size: int, margin: float = 0.0) -> QImage:
    """The program's icon, `size` pixels wide and high; `margin` is the share of them that stays
    free on each side."""
    drawing = QSvgRenderer(str(_path("bpgui" if size >= DETAILED else "bpgui_small")))
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    free = margin * size
    drawing.render(painter, QRectF(free, free, size - 2 * free, size - 2 * free))
    painter.end()
    return image


def _path(name: str) -> Path:
    return resources() / "icons" / f"{name}.svg"


def _pixmap(drawing: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    drawing.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
