"""The outputs for a picture as a table of bars: each beside its target, with their difference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from bpgui.engine.names import shortened
from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.ui.panels.plot import small_font
from bpgui.ui.theme import LIGHT, SPACING, Theme, mix
from bpgui.views.axes import Limits
from bpgui.views.digits import output_range
from bpgui.views.names import unit_name
from bpgui.views.numbers import format_number
from bpgui.views.output_space import class_names, classes_of

PADDING = 5  # pixels that a row is higher than its text
LEAST_BAR = 32.0
CHOSEN = 0.12  # of the accent behind the row that is pointed at
LONGEST_NAME = 12  # signs of a class's name
DIGITS = 4  # of the numbers in the table; the readout has all
WIDEST = "-8.888e-88"
STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


@dataclass(frozen=True, eq=False)
class Shown:
    """Outputs and targets (outputs,) of a picture, None where there is no target; `range` is what
    the bars span. `classes` and `names` say what each row stands for; `winner` and `right` are the
    class that the network takes it for and that of the target, None where there are no classes."""

    outputs: FloatArray
    targets: FloatArray | None
    range: Limits
    classes: tuple[str, ...]
    names: tuple[str, ...]
    winner: int | None
    right: int | None


def shown_outputs(problem: Problem, outputs: FloatArray, targets: FloatArray | None) -> Shown:
    """Outputs (outputs,) of one picture."""
    network, by_class = problem.network, problem.classification and problem.threshold is None
    names = [unit_name(network, len(network.layers), row + 1) for row in range(len(outputs))]
    classes = class_names(problem) if by_class else []
    both = (outputs,) if targets is None else (outputs, targets)
    winner, *right = (int(classes_of(problem, values[None])[0]) for values in both)
    return Shown(
        outputs,
        targets,
        output_range(problem, *both),
        tuple(shortened(name, LONGEST_NAME) for name in classes),
        tuple("" if names == classes else name for name in names),
        winner if by_class else None,
        right[0] if by_class and right else None,
    )


class DigitsOutputs(QScrollArea):
    """The pointer or the arrow keys choose a row."""

    row_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars = Bars(self)
        self.setWidget(self.bars)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusProxy(self.bars)
        self.bars.row_changed.connect(self._follow)

    def minimumSizeHint(self) -> QSize:
        return QSize(int(self.bars.least_width()), 4 * self.bars.row_height())

    def sizeHint(self) -> QSize:
        return QSize(300, self.bars.sizeHint().height())

    def _follow(self) -> None:
        if self.bars.row is not None and self.bars.hasFocus():
            middle = int((self.bars.row + 1.5) * self.bars.row_height())
            self.ensureVisible(0, middle, 0, self.bars.row_height())
        self.row_changed.emit()


class Bars(QWidget):
    """Only the rows that can be seen are painted."""

    row_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._shown: Shown | None = None
        self.row: int | None = None
        self.heads = (self.tr("output"), self.tr("target"), self.tr("difference"))
        self.setFont(small_font())
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_outputs(self, shown: Shown | None) -> None:
        rows = len(self._shown.outputs) if self._shown else 0
        self._shown = shown
        if shown is None or (self.row is not None and self.row >= len(shown.outputs)):
            self.row = None
        if rows != (len(shown.outputs) if shown else 0):
            self.setMinimumHeight(self.sizeHint().height())
            self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    # --- geometry --------------------------------------------------------------------------------

    def row_height(self) -> int:
        return int(QFontMetricsF(self.font()).height()) + PADDING

    def least_width(self) -> float:
        """Without its numbers, which give way where there is little room."""
        return self._label_width() + LEAST_BAR + SPACING

    def sizeHint(self) -> QSize:
        rows = len(self._shown.outputs) if self._shown else 10
        return QSize(300, (rows + 1) * self.row_height())

    def _number_width(self) -> float:
        metrics = QFontMetricsF(self.font())
        widest = max(map(metrics.horizontalAdvance, (WIDEST, *self.heads)))
        return widest + SPACING

    def _label_width(self) -> float:
        metrics, shown = QFontMetricsF(self.font()), self._shown
        if shown is None:
            return 40.0
        classes = max(map(metrics.horizontalAdvance, shown.classes), default=0.0)
        return classes + max(map(metrics.horizontalAdvance, shown.names)) + 2.0 * SPACING

    def _columns(self) -> tuple[float, float, list[float]]:
        """Where the bars begin and end, and the right edges of the numbers: as many of output,
        difference and target, in this order, as there is room for beside the bars; what is drawn
        has no target."""
        left, number = self._label_width(), self._number_width()
        right = self.width() - SPACING / 2.0
        room = int((right - left - LEAST_BAR) // number)
        aimed = self._shown is None or self._shown.targets is not None
        count = min(max(room, 0), 3 if aimed else 1)
        end = right - count * number
        return left, end - SPACING / 2.0, [end + number * (place + 1) for place in range(count)]

    # --- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, shown = QPainter(self), self._shown
        if shown is not None:
            height = self.row_height()
            self._paint_heads(painter)
            first = max(event.rect().top() // height - 1, 0)
            last = min(event.rect().bottom() // height, len(shown.outputs))
            for row in range(first, last):
                self._paint_row(painter, shown, row)
        painter.end()

    def _kept(self, count: int) -> tuple[int, ...]:
        """Which of output, target and difference are told in so many columns."""
        return {0: (), 1: (0,), 2: (0, 2), 3: (0, 1, 2)}[count]

    def _paint_heads(self, painter: QPainter) -> None:
        _, _, rights = self._columns()
        painter.setPen(QColor(self._theme.muted))
        for right, which in zip(rights, self._kept(len(rights)), strict=True):
            self._paint_number(painter, right, 0, self.heads[which])

    def _paint_number(self, painter: QPainter, right: float, line: int, text: str) -> None:
        height = self.row_height()
        area = QRectF(right - self._number_width(), line * height, self._number_width(), height)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, flags, text)

    def _paint_row(self, painter: QPainter, shown: Shown, row: int) -> None:
        theme, height = self._theme, self.row_height()
        top = (row + 1) * height
        if row == self.row:
            ground = mix(theme.base, theme.accent, CHOSEN)
            painter.fillRect(QRectF(0.0, top, self.width(), height), QColor(ground))
        self._paint_label(painter, shown, row, top)
        left, end, rights = self._columns()
        bar = QRectF(left, top + 3.0, end - left, height - 6.0)
        self._paint_bar(painter, shown, row, bar)
        output = float(shown.outputs[row])
        texts = [format_number(output, DIGITS), "", ""]
        if shown.targets is not None:
            target = float(shown.targets[row])
            texts[1:] = format_number(target, DIGITS), format_number(output - target, DIGITS)
        painter.setPen(QColor(theme.text))
        for right, which in zip(rights, self._kept(len(rights)), strict=True):
            self._paint_number(painter, right, row + 1, texts[which])

    def _paint_label(self, painter: QPainter, shown: Shown, row: int, top: float) -> None:
        metrics, font = QFontMetricsF(self.font()), self.font()
        wide = max(map(metrics.horizontalAdvance, shown.classes), default=0.0) + SPACING / 2.0
        area = QRectF(SPACING / 2.0, top, wide, self.row_height())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if shown.classes:
            font.setBold(row in (shown.winner, shown.right))
            painter.setFont(font)
            painter.setPen(QColor(self._class_color(shown, row)))
            painter.drawText(area, flags, shown.classes[row])
            painter.setFont(self.font())
            area.moveLeft(area.right() + SPACING / 2.0)
        area.setRight(self._label_width())
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(area, flags, shown.names[row])

    def _class_color(self, shown: Shown, row: int) -> str:
        theme = self._theme
        if row == shown.right:
            return theme.accent
        wrong = row == shown.winner and shown.right is not None
        return theme.error if wrong else theme.text

    def _paint_bar(self, painter: QPainter, shown: Shown, row: int, area: QRectF) -> None:
        theme, limits = self._theme, shown.range

        def place(value: float) -> float:
            share = (value - limits.low) / (limits.high - limits.low)
            return area.left() + min(max(share, 0.0), 1.0) * area.width()

        painter.fillRect(area, QColor(mix(theme.base, theme.grid, 0.55)))
        output, zero = float(shown.outputs[row]), place(0.0)
        if np.isfinite(output):
            x = place(output)
            color = theme.positive if output >= 0.0 else theme.negative
            filled = QRectF(min(x, zero), area.top(), abs(x - zero), area.height())
            painter.fillRect(filled, QColor(mix(theme.base, color, 0.75)))
        if limits.low < 0.0:
            painter.setPen(QPen(QColor(theme.border), 1.0))
            painter.drawLine(QLineF(zero, area.top(), zero, area.bottom()))
        if shown.targets is not None:
            x = min(max(place(float(shown.targets[row])), area.left() + 1.0), area.right() - 1.0)
            painter.setPen(QPen(QColor(theme.text), 2.0))
            painter.drawLine(QLineF(x, area.top() - 1.0, x, area.bottom() + 1.0))

    # --- choosing a row --------------------------------------------------------------------------

    def _choose(self, row: int | None) -> None:
        if row != self.row:
            self.row = row
            self.update()
            self.row_changed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = int(event.position().y() // self.row_height()) - 1
        rows = len(self._shown.outputs) if self._shown else 0
        self._choose(row if 0 <= row < rows else None)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self._choose(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in STEPS and self._shown is not None:
            row = -1 if self.row is None else self.row
            self._choose(min(max(row + STEPS[key], 0), len(self._shown.outputs) - 1))
        else:
            super().keyPressEvent(event)
