"""What the colors and shapes of the Output panel mean, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols  # isort: skip

from bpgui.engine.problem import Problem
from bpgui.ui.panels.output_colors import class_color, image_of, palette, shape
from bpgui.ui.panels.plot import small_font
from bpgui.ui.theme import LIGHT, SPACING, Theme
from bpgui.views.numbers import format_number
from bpgui.views.output_space import WINNER, class_names, value_scale

BAR = 8
SIGN = 9.0


class OutputKey(QWidget):
    """A bar of values, or a sign for each class; with one output for two classes, both: the signs
    stand at the ends of the bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._texts: tuple[str, ...] = ()
        self._kinds = range(0)
        self._names: tuple[str, ...] = ()
        self.setFont(small_font())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_surface(self, problem: Problem, output: int) -> None:
        """The scale of an output, or the classes of which one wins."""
        names = class_names(problem)
        if output == WINNER:
            self._show((), range(len(names)), names)
            return
        scale = value_scale(problem, output)
        low, high = scale.limits
        texts = [format_number(value, 4).replace("-", "−") for value in (low, scale.neutral, high)]
        signs = names if problem.threshold is not None else []
        self._show(texts, range(len(signs)), signs)

    def show_curves(self, problem: Problem, outputs: range) -> None:
        """The classes of the points where there are two, else the outputs."""
        names = [f"y{output + 1}" for output in outputs]
        if problem.threshold is not None:
            outputs, names = range(2), class_names(problem)
        self._show((), outputs, names)

    def _show(self, texts: Sequence[str], kinds: range, names: Sequence[str]) -> None:
        """`texts` are those of the low end, the middle and the high end of a bar."""
        self._texts, self._kinds, self._names = tuple(texts), kinds, tuple(names)
        self.setAccessibleDescription(self.text)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    @property
    def text(self) -> str:
        """What is shown, for screen readers."""
        return ", ".join((*self._texts, *self._names))

    def sizeHint(self) -> QSize:
        return QSize(200, int(QFontMetricsF(self.font()).height()) + BAR + 3)

    def minimumSizeHint(self) -> QSize:
        return QSize(36, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._texts:
            self._paint_bar(painter)
        else:
            self._paint_classes(painter)
        painter.end()

    def _paint_bar(self, painter: QPainter) -> None:
        metrics = QFontMetricsF(self.font())
        margin = max(metrics.horizontalAdvance(text) for text in self._texts) / 2.0 + 2.0
        signs = len(self._names) == 2
        margin = max(margin, SIGN + 4.0) if signs else margin
        bar = QRectF(margin, 1.0, max(self.width() - 2.0 * margin, 10.0), BAR)
        painter.drawImage(bar, image_of(palette(self._theme).values[None]))
        painter.setPen(QColor(self._theme.grid))
        painter.drawRect(bar)
        if signs:
            self._paint_sign(painter, QPointF(bar.left() - SIGN, bar.center().y()), 0)
            self._paint_sign(painter, QPointF(bar.right() + SIGN, bar.center().y()), 1)
        painter.setPen(QColor(self._theme.muted))
        for text, x in zip(self._texts, (bar.left(), bar.center().x(), bar.right()), strict=True):
            place = QRectF(x - 80.0, bar.bottom() + 2.0, 160.0, metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, text)

    def _paint_classes(self, painter: QPainter) -> None:
        """As many as there is room for."""
        metrics = QFontMetricsF(self.font())
        x, middle = 0.0, self.height() / 2.0
        for kind, name in zip(self._kinds, self._names, strict=True):
            width = SIGN + 5.0 + metrics.horizontalAdvance(name)
            if x + width > self.width():
                painter.setPen(QColor(self._theme.muted))
                painter.drawText(QPointF(x, middle + metrics.ascent() / 2.0), "…")
                return
            self._paint_sign(painter, QPointF(x + SIGN / 2.0, middle), kind)
            painter.setPen(QColor(self._theme.text))
            area = QRectF(x + SIGN + 4.0, 0.0, width, self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, name)
            x += width + SPACING

    def _paint_sign(self, painter: QPainter, middle: QPointF, kind: int) -> None:
        path: QPainterPath = Symbols[shape(kind)]
        painter.save()
        painter.translate(middle)
        painter.scale(SIGN, SIGN)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(class_color(self._theme, kind)))
        painter.drawPath(path)
        painter.restore()
