"""How the cells of the ledger are drawn."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem

from bpgui.ui.panels.parameter_cells import NumberDelegate, paint_background, text_color
from bpgui.ui.panels.parameter_model import VERDICT_ROLE, Index
from bpgui.ui.theme import SPACING, Theme


class CheckedDelegate(NumberDelegate):
    """Numbers of a check, which are paler once the run has gone on; they cannot be edited."""

    stale = False

    def ink(self, option: QStyleOptionViewItem, selected: bool) -> QColor:
        return _faded(super().ink(option, selected), self._theme, self.stale and not selected)


class ErrorDelegate(CheckedDelegate):
    """A relative error, short and without a sign."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        text, selected = paint_background(painter, option, index)
        painter.save()
        painter.setPen(self.ink(option, selected))
        painter.setFont(option.font)
        area = option.rect.adjusted(SPACING, 0, 0, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


class VerdictDelegate(CheckedDelegate):
    """A word, and a sign of its own shape and color before it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        text, selected = paint_background(painter, option, index)
        verdict = index.data(VERDICT_ROLE)
        if verdict is None:
            return
        ink = {"wrong": self._theme.error, "doubtful": self._theme.warning}.get(
            verdict, self._theme.muted if verdict == "kink" else self._theme.accent
        )
        color = text_color(option, True) if selected else QColor(ink)
        area = QRectF(option.rect).adjusted(SPACING, 0, 0, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(
            QPen(
                _faded(color, self._theme, self.stale and not selected),
                1.7,
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.RoundCap,
                Qt.PenJoinStyle.RoundJoin,
            )
        )
        middle = QPointF(area.left() + 4.5, area.center().y() + 0.5)
        for line in SIGNS[verdict]:
            painter.drawPolyline([middle + QPointF(x, y) for x, y in line])
        plain = verdict in ("good", "kink") and not selected
        word = text_color(option, selected) if plain or selected else color
        painter.setPen(_faded(word, self._theme, self.stale and not selected))
        font = QFont(option.font)
        font.setBold(verdict == "wrong")
        painter.setFont(font)
        area.adjust(2 * SPACING, 0, 0, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


# Lines around the middle of a sign: a check mark, a corner, a wave and a cross.
SIGNS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "good": (((-4.0, 0.0), (-1.2, 3.0), (4.0, -3.5)),),
    "kink": (((-4.0, 3.0), (0.0, -3.0), (4.0, 3.0)),),
    "doubtful": (((-4.0, 0.8), (-2.0, -1.2), (0.0, 0.0), (2.0, 1.2), (4.0, -0.8)),),
    "wrong": (((-3.2, -3.2), (3.2, 3.2)), ((-3.2, 3.2), (3.2, -3.2))),
}


def _faded(color: QColor, theme: Theme, on: bool) -> QColor:
    return QColor(theme.muted) if on else color
