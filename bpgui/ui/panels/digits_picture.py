"""A picture of few pixels, each drawn large, and the pad on which one draws another."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpgui.engine.network import FloatArray
from bpgui.ui.panels.output_colors import image_of, packed, rgb
from bpgui.ui.panels.plot import small_font
from bpgui.ui.panels.vectors import paint_pixels
from bpgui.ui.theme import LIGHT, SPACING, Theme
from bpgui.views.digits_drawing import CANVAS, Place, blank, stroke

SMALLEST_SIDE, USUAL_SIDE = 72, 220
STEP = CANVAS / 28.0  # dots that an arrow key moves the brush
THINNEST, USUAL, THICKEST = 3, 7, 18  # dots of the brush's radius
ARROWS = {
    Qt.Key.Key_Left: (0.0, -STEP),
    Qt.Key.Key_Right: (0.0, STEP),
    Qt.Key.Key_Up: (-STEP, 0.0),
    Qt.Key.Key_Down: (STEP, 0.0),
}
LEAPS = {Qt.Key.Key_N: 1, Qt.Key.Key_P: -1}
MOVES = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageUp: -10,
    Qt.Key.Key_PageDown: 10,
}


class Square(QWidget):
    """Shows depths (rows, columns) from 0, the background, to 1, the color of text."""

    smooth = False  # or pixel by pixel

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._depth: FloatArray = np.zeros((1, 1))
        self._image = QImage()
        self.setFont(small_font())
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(USUAL_SIDE, USUAL_SIDE)

    def minimumSizeHint(self) -> QSize:
        return QSize(SMALLEST_SIDE, SMALLEST_SIDE)

    def set_depth(self, depth: FloatArray) -> None:
        self._depth = depth
        self._color()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._color()

    @property
    def area(self) -> QRectF:
        """Where the picture is: at the top, as large as there is room for."""
        side = self.fitting(max(min(self.width(), self.height()) - 2, 1))
        return QRectF((self.width() - side) // 2, 1.0, side, side)

    def fitting(self, side: int) -> int:
        """The side for pixels of equal size, where there is room for that."""
        count = self._depth.shape[0]
        return side // count * count or side

    def _color(self) -> None:
        ground, ink = rgb(self._theme.base), rgb(self._theme.text)
        depth = np.nan_to_num(self._depth)[..., None]
        self._image = image_of(packed(ground + (ink - ground) * depth))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.smooth)
        if self.smooth:
            painter.drawImage(self.area, self._image)
        else:
            paint_pixels(painter, self.area, self._image)
        self.paint_over(painter)
        painter.setPen(QColor(self._theme.accent if self.hasFocus() else self._theme.border))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.area.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.end()

    def paint_over(self, painter: QPainter) -> None:
        """What stands on the picture."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


class DigitPicture(Square):
    """The picture that goes in. The pointer tells of a pixel; keys ask for other samples."""

    pointed = Signal(object)  # row and column from 0, or None
    moved = Signal(int)  # so many samples on
    leapt = Signal(int)  # so many misclassified samples on

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        area, count = self.area, len(self._depth)
        place = None
        if area.contains(event.position()):
            at = (event.position() - area.topLeft()) * (count / area.width())
            place = min(int(at.y()), count - 1), min(int(at.x()), count - 1)
        self.pointed.emit(place)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in MOVES:
            self.moved.emit(MOVES[key])
        elif key in LEAPS:
            self.leapt.emit(LEAPS[key])
        else:
            super().keyPressEvent(event)


class DigitPad(Square):
    """Ink with the left button, paper with the right one. By keys: arrows move the brush, Space
    lowers and lifts it, plus and minus change its width, Backspace clears."""

    smooth = True

    drawn = Signal()
    radius_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawing = blank()
        self.radius = USUAL
        self.lowered = False  # by keys
        self._brush: Place = (CANVAS / 2.0, CANVAS / 2.0)
        self._pressed = False
        self.hint = self.tr("Draw a digit here")
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.set_depth(self.drawing)

    def fitting(self, side: int) -> int:
        return side

    def clear(self) -> None:
        self.lowered = False
        self._show(blank())

    def set_radius(self, radius: int) -> None:
        radius = min(max(radius, THINNEST), THICKEST)
        if radius != self.radius:
            self.radius = radius
            self.radius_changed.emit(radius)
            self.update()

    def _show(self, drawing: FloatArray) -> None:
        self.drawing = drawing
        self.set_depth(drawing)
        self.drawn.emit()

    def _draw_to(self, place: Place, start: Place, erase: bool = False) -> None:
        self._brush = place
        self._show(stroke(self.drawing, start, place, self.radius, erase))

    def paint_over(self, painter: QPainter) -> None:
        theme, area = self._theme, self.area
        if not self.drawing.any():
            painter.setPen(QColor(theme.muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            room = area.adjusted(SPACING, SPACING, -SPACING, -SPACING)
            room.setBottom(area.center().y() - area.height() / 8.0)
            painter.drawText(room, flags, self.hint)
        if self.hasFocus() or self.underMouse():
            dot = area.width() / CANVAS
            center = area.topLeft() + QPointF(self._brush[1] * dot, self._brush[0] * dot)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.accent), 2.5 if self.lowered else 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setClipRect(area)
            painter.drawEllipse(center, self.radius * dot, self.radius * dot)
            painter.setClipping(False)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _dots(self, place: QPointF) -> Place:
        at = (place - self.area.topLeft()) * (CANVAS / self.area.width())
        return at.y(), at.x()

    # --- events ----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._dots(event.position())
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._pressed = True
            self._draw_to(place, place, event.button() == Qt.MouseButton.RightButton)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place, buttons = self._dots(event.position()), event.buttons()
        if self._pressed and buttons & (Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton):
            self._draw_to(place, self._brush, not buttons & Qt.MouseButton.LeftButton)
        else:
            self._brush = place
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = False

    def enterEvent(self, event: QEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ARROWS:
            self._move(ARROWS[key])
        elif key == Qt.Key.Key_Space:
            self.lowered = not self.lowered
            if self.lowered:
                self._draw_to(self._brush, self._brush)
            self.update()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.clear()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self.set_radius(self.radius + (1 if key == Qt.Key.Key_Plus else -1))
        else:
            super().keyPressEvent(event)

    def _move(self, by: Place) -> None:
        start = self._brush
        row, column = (
            min(max(at + step, 0.0), float(CANVAS)) for at, step in zip(start, by, strict=True)
        )
        if self.lowered:
            self._draw_to((row, column), start)
        else:
            self._brush = row, column
            self.update()
