"""A line of exact numbers in a fixed place. It is painted, not laid out, so that changing digits
move nothing."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

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

    @property
    def cut(self) -> bool:
        """Whether there is no room for all of a label or a value."""
        return any(self._shown(cell, area) != cell[:2] for cell, area in self._placed())

    def event(self, event: QEvent) -> bool:
        """Where a value is cut, a tooltip tells all of them."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.cut:
            told = self.text.replace("\t", "\n").split("\n")
            QToolTip.showText(event.globalPos(), "<br>".join(map(escape, told)), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for cell, area in self._placed():
            self._paint(painter, cell, area)
        painter.end()

    def _placed(self) -> Iterator[tuple[Cell, QRectF]]:
        high = self._row_height()
        for number, row in enumerate(self._rows):
            places = [cell.place for cell in row] + [1.0]
            for cell, until in zip(row, places[1:], strict=True):
                left, right = cell.place * self.width(), until * self.width()
                yield cell, QRectF(left, number * high, right - left, high)

    def _paint(self, painter: QPainter, cell: Cell, area: QRectF) -> None:
        if cell.color:
            pen = QPen(QColor(cell.color), 2.0)
            pen.setDashPattern([2.0, 2.0] if cell.dashed else [1e6, 1.0])
            painter.setPen(pen)
            middle = area.center().y()
            painter.drawLine(QLineF(area.left(), middle, area.left() + 16.0, middle))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(self._theme.muted))
        label, value = self._shown(cell, area)
        painter.drawText(area.adjusted(self._before_label(cell), 0, 0, 0), flags, label)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(area.adjusted(self._before_value(cell), 0, 0, 0), flags, value)

    def _shown(self, cell: Cell, area: QRectF) -> tuple[str, str]:
        """As much of label and value as there is room for."""
        metrics, mode = QFontMetricsF(self.font()), Qt.TextElideMode.ElideRight
        room = area.width() - SPACING / 2
        label = metrics.elidedText(cell.label, mode, max(room - self._before_label(cell), 0.0))
        value = metrics.elidedText(cell.value, mode, max(room - self._before_value(cell), 0.0))
        return label, value

    def _before_label(self, cell: Cell) -> float:
        return 22.0 if cell.color else 0.0

    def _before_value(self, cell: Cell) -> float:
        width = QFontMetricsF(self.font()).horizontalAdvance(cell.label)
        return self._before_label(cell) + (width + SPACING * 0.75 if cell.label else 0.0)

    def _row_height(self) -> int:
        return int(QFontMetricsF(self.font()).height()) + 3
