"""A small bar that says which color means which number."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpgui.ui.panels.plot import small_font
from bpgui.ui.theme import LIGHT, Theme, diverging_lut
from bpgui.views.axes import Limits
from bpgui.views.scale import Scale

_BAR = 6
_GAPS = 8  # pixels between three numbers


class ColorBar(QWidget):
    """Negative at the left, zero in the middle, positive at the right, on the scale of the
    picture; nothing where three numbers have no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale: Scale | None = None
        self.setFont(small_font())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(120)
        self.setMaximumWidth(280)
        self.set_theme(LIGHT)

    def set_scale(self, scale: Scale | None) -> None:
        if scale != self._scale:
            self._scale = scale
            self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        lut = diverging_lut(theme)
        self._colors = QImage(
            lut.tobytes(), len(lut), 1, 4 * len(lut), QImage.Format.Format_RGBA8888
        ).copy()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(180, _BAR + 3 + int(QFontMetricsF(self.font()).height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._scale is None:
            return
        metrics = QFontMetricsF(self.font())
        ticks = self._scale.ticks(Limits(-1.0, 1.0), max(3, self.width() // 48))
        margin = max(metrics.horizontalAdvance(text) for text in ticks.texts) / 2
        if self.width() < 6 * margin + _GAPS:
            return
        bar = QRectF(margin, 1, self.width() - 2 * margin, _BAR)
        painter = QPainter(self)
        painter.drawImage(bar, self._colors)
        painter.setPen(QColor(self._theme.grid))
        painter.drawRect(bar)
        painter.setPen(QColor(self._theme.muted))
        for position, text in zip(ticks.positions, ticks.texts, strict=True):
            x = bar.center().x() + position * bar.width() / 2
            place = QRectF(x - 2 * margin, bar.bottom() + 2, 4 * margin, metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, text)
        painter.end()
