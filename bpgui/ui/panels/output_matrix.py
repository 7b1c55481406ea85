"""The confusion matrix: true classes down, predicted classes across, a count in each cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpgui.ui.panels.output_colors import image_of, packed, rgb
from bpgui.ui.panels.plot import small_font
from bpgui.ui.theme import LIGHT, SPACING, Theme
from bpgui.views.output_judged import Confusion

Cell = tuple[int, int]

LARGEST = 112.0  # pixels of a cell
LINED = 9.0  # pixels of a cell from which on lines part them
FAINTEST, DEEPEST = 0.1, 0.5  # of a cell's color, so that its count stays legible
STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class OutputMatrix(QWidget):
    """The arrow keys or the pointer choose a cell; Enter or a click asks for a sample of it."""

    cell_changed = Signal()
    asked = Signal(int, int)  # true class, predicted class
    menu_wanted = Signal(object)  # QPoint on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._confusion: Confusion | None = None
        self._image = QImage()
        self._names: tuple[str, ...] = ()
        self._message = ""
        self.cell: Cell | None = None
        self.across, self.down = self.tr("predicted"), self.tr("true")
        self.setFont(small_font())
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(400, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 60)

    def show_confusion(self, confusion: Confusion | None, names: Sequence[str]) -> None:
        self._confusion, self._names = confusion, tuple(names)
        self._color()
        if self.cell is not None and max(self.cell) >= len(self._names):
            self.cell = None
        self.update()

    def set_message(self, text: str) -> None:
        if text != self._message:
            self._message = text
            self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._color()
        self.update()

    # --- geometry --------------------------------------------------------------------------------

    @property
    def _area(self) -> QRectF:
        """Where the cells are: room for names at the left and above, cells not above LARGEST."""
        metrics = QFontMetricsF(self.font())
        line = metrics.height()
        left = line + max(map(metrics.horizontalAdvance, self._names), default=0.0) + 2.0 * SPACING
        top = 2.0 * line + SPACING
        count = max(len(self._names), 1)
        width = min(self.width() - left - SPACING, count * LARGEST * 1.4)
        height = min(self.height() - top - SPACING, count * LARGEST)
        spare = max(self.width() - left - SPACING - width, 0.0) / 2.0
        below = max(self.height() - top - SPACING - height, 0.0) / 2.0
        return QRectF(left + spare, top + below, max(width, 1.0), max(height, 1.0))

    def _cell_area(self, cell: Cell, area: QRectF) -> QRectF:
        """Of one cell within the area of all."""
        count = len(self._names)
        width, height = area.width() / count, area.height() / count
        return QRectF(area.left() + cell[1] * width, area.top() + cell[0] * height, width, height)

    def _cell_at(self, place: QPointF) -> Cell | None:
        area, count = self._area, len(self._names)
        if self._confusion is None or not area.contains(place):
            return None
        row = int((place.y() - area.top()) / area.height() * count)
        column = int((place.x() - area.left()) / area.width() * count)
        return min(row, count - 1), min(column, count - 1)

    # --- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.base))
        if self._message:
            painter.setPen(QColor(self._theme.muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(SPACING, 0, -SPACING, 0), flags, self._message)
        elif self._confusion is not None:
            area = self._area
            self._paint_cells(painter, self._confusion, area)
            self._paint_names(painter, area)
        if self.hasFocus():
            painter.setPen(QColor(self._theme.accent))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _paint_cells(self, painter: QPainter, confusion: Confusion, area: QRectF) -> None:
        metrics, first = QFontMetricsF(self.font()), self._cell_area((0, 0), area)
        painter.drawImage(area, self._image)
        widest = metrics.horizontalAdvance(f"{int(confusion.counts.max()):,}") + 4.0
        if first.width() >= widest and first.height() >= metrics.height():
            some, none = QColor(self._theme.text), QColor(self._theme.muted)
            for row, counts in enumerate(confusion.counts.tolist()):
                for column, count in enumerate(counts):
                    painter.setPen(some if count else none)
                    place = self._cell_area((row, column), area)
                    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, f"{count:,}")
        if first.width() >= LINED:
            painter.setPen(QPen(QColor(self._theme.base), 2.0))
            for step in range(len(self._names) + 1):
                x, y = area.left() + step * first.width(), area.top() + step * first.height()
                painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
                painter.drawLine(QLineF(area.left(), y, area.right(), y))
        if self.cell is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.text), 1.5))
            painter.drawRect(self._cell_area(self.cell, area))

    def _color(self) -> None:
        """The cells as pixels: a row's share as the depth of the color, which is the accent for
        what is right."""
        if self._confusion is None:
            return
        theme, shares = self._theme, self._confusion.shares()[..., None]
        ground = rgb(theme.alternate)
        right = np.eye(len(shares), dtype=bool)[..., None]
        full = np.where(right, rgb(theme.accent), rgb(theme.positive))
        depth = np.where(shares > 0.0, FAINTEST + (DEEPEST - FAINTEST) * shares, 0.0)
        self._image = image_of(packed(ground + (full - ground) * depth))

    def _paint_names(self, painter: QPainter, area: QRectF) -> None:
        theme, metrics = self._theme, QFontMetricsF(self.font())
        line = metrics.height()
        first = self._cell_area((0, 0), area)
        widest = max(map(metrics.horizontalAdvance, self._names)) + 2.0
        painter.setPen(QColor(theme.text))
        every = max(round(widest / first.width() + 0.5), round(line / first.height() + 0.5), 1)
        for kind, name in list(enumerate(self._names))[::every]:
            row, column = (self._cell_area(at, area) for at in ((kind, 0), (0, kind)))
            left = QRectF(0.0, row.top(), area.left() - SPACING / 2.0, row.height())
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(left, flags, name)
            above = QRectF(
                column.left() - 40.0, area.top() - line - 2.0, column.width() + 80.0, line
            )
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, name)
        painter.setPen(QColor(theme.muted))
        painter.setFont(QFont(self.font()))
        title = QRectF(area.left(), area.top() - 2.0 * line - 4.0, area.width(), line)
        painter.drawText(title, Qt.AlignmentFlag.AlignCenter, self.across)
        painter.save()
        painter.translate(area.left() - widest - SPACING - line, area.center().y())
        painter.rotate(-90.0)
        painter.drawText(QRectF(-100.0, 0.0, 200.0, line), Qt.AlignmentFlag.AlignCenter, self.down)
        painter.restore()

    # --- choosing a cell -------------------------------------------------------------------------

    def _choose(self, cell: Cell | None) -> None:
        if cell != self.cell:
            self.cell = cell
            self.update()
            self.cell_changed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose(self._cell_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit(*cell)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self._choose(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in STEPS and self._names:
            row, column = self.cell or (0, 0)
            by, last = STEPS[key] if self.cell is not None else (0, 0), len(self._names) - 1
            self._choose((min(max(row + by[0], 0), last), min(max(column + by[1], 0), last)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.cell is not None:
            self.asked.emit(*self.cell)
        else:
            super().keyPressEvent(event)
