"""Named exact numbers in as many columns as fit. They are painted, not laid out, and the height
follows from their names alone, so that changing digits move nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpgui.ui.panels.plot import small_font
from bpgui.ui.panels.readout import Cell
from bpgui.ui.theme import LIGHT, SPACING, Theme

GAP = SPACING * 0.75  # pixels between a name and its number
BESIDE_DIGITS = "-.e-05"  # what a number may have besides its significant digits
MOST_ROWS = 5  # of a group, unless its columns became too narrow
NARROWEST = 16 * SPACING  # pixels of a column in which long numbers are cut
EXPONENT = re.compile(r"(?<=\d)e-?\d+$")
NAMED = 0.45  # of a column's width, which a name may have where there is little room


@dataclass(frozen=True, slots=True)
class Group:
    """Cells that begin on a row of their own, in at least so many columns unless those became too
    narrow; `step` cells belong together and share a row where they fit."""

    cells: tuple[Cell, ...]
    step: int = 1
    least: int = 1


class NumberGrid(QWidget):
    """Groups of cells, names muted, values in the text color, and a note in the last row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form: tuple[Group, ...] = ()
        self._groups: tuple[Group, ...] = ()
        self._note = ""
        self._digits = 0
        self._theme = LIGHT
        self.setFont(small_font())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fit()

    @property
    def text(self) -> str:
        """What is shown, for the clipboard and for screen readers: a group a line, cells parted by
        tabs."""
        lines = [
            "\t".join(f"{cell.label} {cell.value}".strip() for cell in group.cells)
            for group in self._groups
        ]
        return "\n".join((*lines, self._note))

    def set_form(self, groups: tuple[Group, ...], digits: int) -> None:
        """Have room for groups with these names and for numbers of so many digits."""
        self._form, self._digits = groups, digits
        self._fit()
        self.update()

    def show_groups(self, groups: tuple[Group, ...], note: str) -> None:
        if (groups, note) != (self._groups, self._note):
            self._groups, self._note = groups, note
            told = self.text.replace("\t", "\n").split("\n")
            self.setToolTip("<br>".join(map(escape, told)) if groups else "")
            self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    # --- places ----------------------------------------------------------------------------------

    def _fit(self) -> None:
        rows = sum(self._rows(group) for group in self._form)
        self.setFixedHeight((rows + 1) * self._row_height())

    def _rows(self, group: Group) -> int:
        return ceil(len(group.cells) / self._columns(group))

    def _columns(self, group: Group) -> int:
        """As many as fit, or as few as need no more rows."""
        cells, number = len(group.cells), self._number_width()
        need = min(self._name_width(group.cells), number) + number + SPACING
        least = min(max(group.least, ceil(cells / MOST_ROWS)), int(self.width() / NARROWEST))
        fit = min(max(int(self.width() / need), least, 1), cells)
        step = group.step if fit > group.step else 1
        fit -= fit % step
        even = ceil(cells / ceil(cells / fit))
        return even + -even % step

    def _name_width(self, cells: Sequence[Cell]) -> float:
        """The width of the longest name and the gap after it."""
        metrics = QFontMetricsF(self.font())
        return max(metrics.horizontalAdvance(cell.label) for cell in cells) + GAP

    def _number_width(self) -> float:
        return QFontMetricsF(self.font()).horizontalAdvance("0" * self._digits + BESIDE_DIGITS)

    def _row_height(self) -> int:
        return int(QFontMetricsF(self.font()).height()) + 3

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # --- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, high, top = QPainter(self), self._row_height(), 0
        for group in self._groups:
            columns = self._columns(group)
            width = self.width() / columns
            most = max(width - self._number_width() - SPACING, NAMED * width)
            for column in range(columns):
                cells = group.cells[column::columns]
                name = min(self._name_width(cells), most)
                for row, cell in enumerate(cells):
                    area = QRectF(column * width, top + row * high, width - SPACING, high)
                    if cell is group.cells[-1]:
                        area.setRight(self.width())
                    self._paint(painter, cell, area, name)
            top += self._rows(group) * high
        note = QRectF(0.0, self.height() - high, self.width(), high)
        self._write(painter, self._note, note, self._theme.text)
        painter.end()

    def _paint(self, painter: QPainter, cell: Cell, area: QRectF, name: float) -> None:
        """The value begins where all values of its column do; the last one has the rest of its
        row."""
        if cell.label:
            left = QRectF(area.left(), area.top(), name - GAP / 2, area.height())
            self._write(painter, cell.label, left, self._theme.muted)
            area.setLeft(area.left() + name)
        self._write(painter, cell.value, area, self._theme.text)

    def _write(self, painter: QPainter, text: str, area: QRectF, color: str) -> None:
        painter.setPen(QColor(color))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, flags, elided(text, QFontMetricsF(self.font()), area.width()))


def elided(text: str, metrics: QFontMetricsF, width: float) -> str:
    """`text` in so many pixels; of a number that is too long the exponent stays."""
    found = EXPONENT.search(text)
    exponent = found.group() if found else ""
    room = width - metrics.horizontalAdvance(exponent)
    return (
        metrics.elidedText(text.removesuffix(exponent), Qt.TextElideMode.ElideRight, room)
        + exponent
    )
