"""A line of exact numbers in a fixed place. It is painted, not laid out, so that changing digits
move nothing."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpgui.ui.panels.plot import small_font
from bpgui.ui.theme import LIGHT, SPACING, Theme


class Cell(NamedTuple):
    """One labelled value at the fraction `place` of the width; `color` draws a piece of the line
    that it belongs to."""

    label: str
    value: str
    place: float = 0.0
    color: str = ""
    dashed: bool = False


class Readout(QWidget):
    """Rows of cells: labels muted, values in the text color."""

    def __init__(self, rows: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[Cell, ...], ...] = ((),) * rows
        self._theme = LIGHT
        self.setFont(small_font())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What is shown, for the clipboard and for screen readers: a row a line, cells parted by
        tabs."""
        return "\n".join(
            "\t".join(f"{cell.label} {cell.value}".strip() for cell in row) for row in self._rows
        )

    def set_rows(self, *rows: tuple[Cell, ...]) -> None:
        if rows != self._rows:
            self._rows = rows
            self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, len(self._rows) * self._row_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for number, row in enumerate(self._rows):
            places = [cell.place for cell in row] + [1.0]
            for cell, until in zip(row, places[1:], strict=True):
                left, right = cell.place * self.width(), until * self.width()
                top = number * self._row_height()
                self._paint(painter, cell, QRectF(left, top, right - left, self._row_height()))
        painter.end()

    def _paint(self, painter: QPainter, cell: Cell, area: QRectF) -> None:
        metrics = QFontMetricsF(self.font())
        if cell.color:
            pen = QPen(QColor(cell.color), 2.0)
            pen.setDashPattern([2.0, 2.0] if cell.dashed else [1e6, 1.0])
            painter.setPen(pen)
            middle = area.center().y()
            painter.drawLine(QLineF(area.left(), middle, area.left() + 16.0, middle))
            area.setLeft(area.left() + 22.0)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(area, flags, cell.label)
        if cell.label:
            area.setLeft(area.left() + metrics.horizontalAdvance(cell.label) + SPACING * 0.75)
        painter.setPen(QColor(self._theme.text))
        room = max(area.width() - SPACING / 2, 0.0)
        painter.drawText(
            area, flags, metrics.elidedText(cell.value, Qt.TextElideMode.ElideRight, room)
        )

    def _row_height(self) -> int:
        return int(QFontMetricsF(self.font()).height()) + 3
