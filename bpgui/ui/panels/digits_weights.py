"""The weights into each unit of a layer as small pictures, made as far as they are in sight."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from bpgui.ui.panels.output_colors import diverging, image_of
from bpgui.ui.panels.plot import small_font
from bpgui.ui.panels.vectors import paint_pixels
from bpgui.ui.theme import LIGHT, SPACING, Theme
from bpgui.views.digits_weights import WeightPictures

SMALLEST, LARGEST = 36, 136  # pixels of a picture's side
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
LINES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}

Pointed = tuple[int, int | None]  # a unit and one of its inputs, both from 1


class DigitsWeights(QScrollArea):
    """The pointer tells of a weight, a click or the arrow keys choose a unit."""

    pointed = Signal(object)  # Pointed, or None
    chosen = Signal(int, object)  # unit, and the input that was clicked, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles = Tiles(self)
        self.setWidget(self.tiles)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusProxy(self.tiles)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.tiles.tile_height(SMALLEST))

    def sizeHint(self) -> QSize:
        return QSize(320, 3 * self.tiles.tile_height(SMALLEST))

    def show_pictures(self, pictures: WeightPictures | None) -> None:
        self.tiles.pictures = pictures
        self.fit()
        self.tiles.update()

    def choose(self, unit: int) -> None:
        """Mark a unit (from 1), and bring it in sight."""
        self.tiles.mark(unit)
        area = self.tiles.tile(unit)
        self.ensureVisible(area.center().x(), area.center().y(), 0, area.height() // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        self.tiles.fit(self.viewport().size())


class Tiles(QWidget):
    def __init__(self, area: DigitsWeights) -> None:
        super().__init__(area)
        self._area = area
        self._theme = LIGHT
        self.pictures: WeightPictures | None = None
        self.unit: int | None = None
        self._side, self._columns = SMALLEST, 1
        self.setFont(small_font())
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def mark(self, unit: int | None) -> None:
        if unit != self.unit:
            self.unit = unit
            self.update()

    # --- geometry --------------------------------------------------------------------------------

    def tile_height(self, side: int) -> int:
        return side + int(QFontMetricsF(self.font()).height()) + SPACING

    def fit(self, room: QSize) -> None:
        """The largest pictures that all fit into the room, with pixels of equal size; the smallest
        that can be read, with the need to scroll, where they do not."""
        pictures = self.pictures
        if pictures is None:
            return
        longer = max(pictures.rows, pictures.columns)
        multiples = range(max(LARGEST // longer, 1) * longer, 0, -longer)
        sides = [side for side in multiples if side >= SMALLEST] or [SMALLEST]
        for side in sides:
            columns = max(room.width() // (side + SPACING), 1)
            height = -(-pictures.units // columns) * self.tile_height(side)
            if height <= room.height():
                break
        self._side, self._columns = side, columns
        self.setMinimumHeight(height)

    def tile(self, unit: int) -> QRect:
        """The picture of a unit, its name below it aside."""
        line, column = divmod(unit - 1, self._columns)
        height, across = self.tile_height(self._side), self._side + SPACING
        return QRect(column * across + 1, line * height + 1, self._side, self._side)

    def at(self, place: QPoint) -> Pointed | None:
        pictures, side = self.pictures, self._side
        column, x = divmod(place.x() - 1, side + SPACING)
        line, y = divmod(place.y() - 1, self.tile_height(side))
        unit = line * self._columns + column + 1
        if pictures is None or not 0 <= column < self._columns or not 1 <= unit <= pictures.units:
            return None
        if x >= side or y >= side:
            return unit, None
        longer = max(pictures.rows, pictures.columns)
        row, across = y * longer // side, x * longer // side
        within = row < pictures.rows and across < pictures.columns
        return unit, pictures.source(row, across) if within else None

    # --- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        pictures = self.pictures
        painter = QPainter(self)
        if pictures is not None:
            height = self.tile_height(self._side)
            first = event.rect().top() // height * self._columns + 1
            last = (event.rect().bottom() // height + 1) * self._columns
            for unit in range(max(first, 1), min(last, pictures.units) + 1):
                self._paint_tile(painter, pictures, unit)
        painter.end()

    def _paint_tile(self, painter: QPainter, pictures: WeightPictures, unit: int) -> None:
        theme, tile = self._theme, self.tile(unit)
        longer = max(pictures.rows, pictures.columns)
        area = QRectF(tile)
        area.setWidth(tile.width() * pictures.columns / longer)
        area.setHeight(tile.height() * pictures.rows / longer)
        paint_pixels(painter, area, self._image(pictures, unit))
        chosen = unit == self.unit
        focused = chosen and self.hasFocus()
        painter.setPen(QColor(theme.accent if focused else theme.text if chosen else theme.grid))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.setPen(QColor(theme.text if chosen else theme.muted))
        line = QRectF(tile.left(), tile.bottom() + 1.0, tile.width(), SPACING * 2.0)
        painter.drawText(line, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, f"{unit}")

    def _image(self, pictures: WeightPictures, unit: int) -> QImage:
        return image_of(diverging(pictures.places(unit), self._theme))

    # --- choosing --------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._area.pointed.emit(self.at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        self._area.pointed.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self.at(event.position().toPoint())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self._area.chosen.emit(*found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, pictures = Qt.Key(event.key()), self.pictures
        by = STEPS.get(key, LINES.get(key, 0) * self._columns)
        if by and pictures is not None:
            unit = 1 if self.unit is None else self.unit + by
            if 1 <= unit <= pictures.units:
                self._area.chosen.emit(unit, None)
        else:
            super().keyPressEvent(event)
