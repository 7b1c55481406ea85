"""Parts of a picture that are painted once, and kept until they look different."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from bpgui.ui.panels.vectors import is_vector


class KeptParts:
    """Parts have names and cover a whole widget, over a ground or over what is there already."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._parts: dict[str, QPixmap] = {}

    def forget(self, *names: str) -> None:
        """Have these parts, or all of them, painted anew when they are put next."""
        for name in names or tuple(self._parts):
            self._parts.pop(name, None)

    def put(
        self, painter: QPainter, name: str, paint: Callable[[QPainter], None], ground: str = ""
    ) -> None:
        """A part as it was kept, else as `paint` paints it; on paper, in lines."""
        if is_vector(painter):
            paint(painter)
            return
        if name not in self._parts:
            self._parts[name] = self._painted(paint, ground)
        painter.drawPixmap(0, 0, self._parts[name])

    def _painted(self, paint: Callable[[QPainter], None], ground: str) -> QPixmap:
        ratio, size = self._widget.devicePixelRatioF(), self._widget.size()
        result = QPixmap(QSize(round(size.width() * ratio), round(size.height() * ratio)))
        result.setDevicePixelRatio(ratio)
        result.fill(QColor(ground) if ground else Qt.GlobalColor.transparent)
        painter = QPainter(result)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._widget.font())
        paint(painter)
        painter.end()
        return result
