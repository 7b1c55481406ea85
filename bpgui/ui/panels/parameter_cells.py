"""How the cells of the parameter table are drawn and edited."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
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


class NumberDelegate(QStyledItemDelegate):
    """Numbers with their decimal points below each other and a thin mark in the color of their
    sign."""

    refused = Signal(object, str)
    accepted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._editing: Index = QModelIndex()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def width(self, metrics: QFontMetricsF) -> int:
        """What the longest number needs."""
        return int(sum(map(metrics.horizontalAdvance, WIDEST)) + 2 * SPACING + _SIGN_WIDTH + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        text, option.text = option.text, ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        if not text:
            return
        area = QRectF(option.rect)
        whole, rest = parts_of(text)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        painter.save()
        if not selected and text != "0":
            color = self._theme.negative if text.startswith("-") else self._theme.positive
            mark = QRectF(area.left() + 2, area.top() + 4, _SIGN_WIDTH, area.height() - 8)
            painter.fillRect(mark, QColor(mix(color, self._theme.base, 0.35)))
        painter.setPen(option.palette.color(role))
        painter.setFont(option.font)
        metrics = QFontMetricsF(option.font)
        point = area.right() - SPACING - metrics.horizontalAdvance(WIDEST[1])
        vertical = Qt.AlignmentFlag.AlignVCenter
        left = QRectF(area.left(), area.top(), point - area.left(), area.height())
        right = QRectF(point, area.top(), area.right() - point, area.height())
        painter.drawText(left, Qt.AlignmentFlag.AlignRight | vertical, whole)
        painter.drawText(right, Qt.AlignmentFlag.AlignLeft | vertical, rest)
        painter.restore()

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
