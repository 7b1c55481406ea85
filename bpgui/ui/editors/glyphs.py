"""Small tool buttons whose sign is drawn in the color of text, in any theme and size."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from bpgui.ui.editors.wording import tooltip

# Strokes within the square -4 .. 4.
GLYPHS: Mapping[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "up": (((-3.5, 1.5), (0, -2), (3.5, 1.5)),),
    "down": (((-3.5, -1.5), (0, 2), (3.5, -1.5)),),
    "remove": (((-3, -3), (3, 3)), ((-3, 3), (3, -3))),
    "window": (((-4, -1), (-4, 4), (1, 4)), ((0, -4), (4, -4), (4, 0)), ((4, -4), (-1, 1))),
    "add": (((-4, 0), (4, 0)), ((0, -4), (0, 4))),
}


class GlyphButton(QToolButton):
    """`name` is what it does, in its tooltip and for screen readers."""

    def __init__(self, glyph: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes = GLYPHS[glyph]
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_name(name)

    def set_name(self, name: str) -> None:
        self.setAccessibleName(name)
        self.setToolTip(tooltip(name))

    def sizeHint(self) -> QSize:
        return QSize(24, 24)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(QPointF(self.width() / 2, self.height() / 2))
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        ink = self.palette().color(group, QPalette.ColorRole.WindowText)
        painter.setPen(QPen(ink, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPath(_path(self._strokes))


def _path(strokes: tuple[tuple[tuple[float, float], ...], ...]) -> QPainterPath:
    path = QPainterPath()
    for first, *others in strokes:
        path.moveTo(*first)
        for point in others:
            path.lineTo(*point)
    return path
