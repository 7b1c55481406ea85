"""How the cells of the parameter table are drawn and edited."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from bpgui.ui.panels.parameter_model import Index
from bpgui.ui.theme import LIGHT, SPACING, Theme, mix
from bpgui.views.numbers import NumberError, parse_number
from bpgui.views.parameter_cell import WIDEST, parts_of

_SIGN_WIDTH = 3
_BOX = 13
_LOCKED_OPACITY = 0.4


class TextDelegate(QStyledItemDelegate):
    """Plain text that begins below its heading."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        text, selected = paint_background(painter, option, index)
        painter.save()
        painter.setPen(text_color(option, selected))
        painter.setFont(option.font)
        area = option.rect.adjusted(SPACING, 0, 0, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


class NumberDelegate(QStyledItemDelegate):
    """Numbers with their decimal points below each other and a thin mark in the color of their
    sign. Where a column is too narrow the last digits give way to an ellipsis."""

    refused = Signal(object, str)
    accepted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editing: Index = QModelIndex()
        self.set_theme(LIGHT)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        signs = theme.positive, theme.negative
        self._positive, self._negative = (QColor(mix(sign, theme.base, 0.35)) for sign in signs)

    def width(self, metrics: QFontMetricsF) -> int:
        """What the longest number needs."""
        return int(sum(map(metrics.horizontalAdvance, WIDEST)) + 2 * _SIGN_WIDTH + SPACING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        text, selected = paint_background(painter, option, index)
        if not text:
            return
        area = QRectF(option.rect)
        painter.save()
        if not selected and text != "0":
            mark = QRectF(area.left() + 2, area.top() + 4, _SIGN_WIDTH, area.height() - 8)
            painter.fillRect(mark, self._negative if text.startswith("-") else self._positive)
        painter.setPen(self.ink(option, selected))
        painter.setFont(option.font)
        metrics = QFontMetricsF(option.font)
        whole, fraction, exponent = parts_of(text)
        before = metrics.horizontalAdvance(whole)
        point = area.left() + 2 * _SIGN_WIDTH + max(metrics.horizontalAdvance(WIDEST[0]), before)
        room = area.right() - point - SPACING / 2
        if metrics.horizontalAdvance(fraction + exponent) > room:
            room -= metrics.horizontalAdvance(exponent)
            shown = metrics.elidedText(fraction, Qt.TextElideMode.ElideRight, room)
            text = whole + (shown or "…" if fraction else "") + exponent
            painter.setClipRect(area)
        baseline = area.center().y() + (metrics.ascent() - metrics.descent()) / 2.0
        painter.drawText(QPointF(point - before, baseline), text)
        painter.restore()

    def ink(self, option: QStyleOptionViewItem, selected: bool) -> QColor:
        return text_color(option, selected)

    # --- editing ---------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setFrame(False)
        editor.setFont(option.font)
        editor.textEdited.connect(self.accepted)
        self._editing = QPersistentModelIndex(index)
        self.accepted.emit()
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(index.data(Qt.ItemDataRole.EditRole))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        value = self._parsed(editor, index)
        if value is not None:
            model.setData(index, value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter leaves the editor only with a number in it."""
        if isinstance(watched, QLineEdit) and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            leaving = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
            if leaving and self._parsed(watched, self._editing) is None:
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.accepted.emit()
        return super().eventFilter(watched, event)

    def _parsed(self, editor: QWidget, index: Index) -> float | None:
        if not isinstance(editor, QLineEdit):
            return None
        try:
            return parse_number(editor.text())
        except NumberError as error:
            self.refused.emit(index, str(error))
            return None


class FrozenDelegate(QStyledItemDelegate):
    """A check box that can be seen in every theme; a click anywhere in the cell changes it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        text, selected = paint_background(painter, option, index)
        area = QRectF(option.rect).adjusted(SPACING, 0, 0, 0)
        painter.save()
        painter.setFont(option.font)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None:
            painter.setPen(text_color(option, selected) if selected else QColor(self._theme.muted))
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        else:
            checked = Qt.CheckState(state) == Qt.CheckState.Checked
            if not index.flags() & Qt.ItemFlag.ItemIsUserCheckable:
                painter.setOpacity(_LOCKED_OPACITY)
            top = round(area.center().y() - _BOX / 2)
            self._paint_box(painter, QRectF(area.left() + 0.5, top + 0.5, _BOX, _BOX), checked)
        painter.restore()

    def _paint_box(self, painter: QPainter, box: QRectF, checked: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._theme.accent if checked else self._theme.border))
        painter.setBrush(QColor(self._theme.accent if checked else self._theme.base))
        painter.drawRoundedRect(box, 2.0, 2.0)
        if checked:
            painter.setPen(QPen(QColor(self._theme.accent_text), 1.8))
            x, y = box.left(), box.top()
            places = ((3.0, 6.8), (5.6, 9.4), (10.2, 3.8))
            painter.drawPolyline([QPointF(x + right, y + down) for right, down in places])

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        if not model.flags(index) & Qt.ItemFlag.ItemIsUserCheckable:
            return False
        clicked = (
            event.type() == QEvent.Type.MouseButtonRelease
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
        )
        if clicked:
            checked = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole))
            other = {Qt.CheckState.Checked: Qt.CheckState.Unchecked}.get(
                checked, Qt.CheckState.Checked
            )
            return model.setData(index, other, Qt.ItemDataRole.CheckStateRole)
        return False


def paint_background(
    painter: QPainter,
    option: QStyleOptionViewItem,
    index: Index,
) -> tuple[str, bool]:
    """Draw the background of a chosen cell, the others' is there already, and return what it says,
    and whether it is chosen. To ask the style for a whole item, as Qt does, takes three times as
    long."""
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    if selected:
        painter.fillRect(option.rect, option.palette.highlight())
    return str(index.data(Qt.ItemDataRole.DisplayRole)), selected


def text_color(option: QStyleOptionViewItem, selected: bool) -> QColor:
    role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
    return option.palette.color(role)
