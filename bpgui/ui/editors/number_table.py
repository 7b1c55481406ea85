"""A table of numbers to type in, to copy from and to paste a spreadsheet's block into."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from bpgui.ui.editors.number_model import Index, NumberModel
from bpgui.ui.theme import SPACING

ROW_HEIGHT = 3 * SPACING
MOST_ROWS_SHOWN = 8
EDIT_TRIGGERS = (
    QAbstractItemView.EditTrigger.DoubleClicked
    | QAbstractItemView.EditTrigger.EditKeyPressed
    | QAbstractItemView.EditTrigger.AnyKeyPressed
)


class ClassDelegate(QStyledItemDelegate):
    """Where a cell is one of several classes, a list of them to choose from."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        names = _numbers_of(index).names_of(index.column())
        if not names:
            return super().createEditor(parent, option, index)
        box = QComboBox(parent)
        box.addItems(list(names))
        box.activated.connect(lambda: self._choose(box))
        return box

    def _choose(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if not isinstance(editor, QComboBox):
            super().setEditorData(editor, index)
            return
        editor.setCurrentText(_numbers_of(index).text(index))
        editor.showPopup()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText())
        else:
            super().setModelData(editor, model, index)


def _numbers_of(index: Index) -> NumberModel:
    model = index.model()
    assert isinstance(model, NumberModel)
    return model


class NumberTable(QTableView):
    """As high as its rows, up to a limit, or `large`: as high as there is room. Tab leaves it,
    arrow keys move within."""

    def __init__(
        self,
        model: NumberModel,
        narrowest: int,
        parent: QWidget | None = None,
        *,
        large: bool = False,
    ) -> None:
        super().__init__(parent)
        self.numbers = model
        self._large = large
        self._narrowest = narrowest  # column
        self.setModel(model)
        self.setItemDelegate(ClassDelegate(self))
        self.setTabKeyNavigation(False)
        self.setEditTriggers(EDIT_TRIGGERS)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        upright = QSizePolicy.Policy.Expanding if large else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Expanding, upright)
        self.setCornerButtonEnabled(False)
        self._set_headers()
        self._add_actions()
        model.modelReset.connect(self._refit)

    def _set_headers(self) -> None:
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setMinimumSectionSize(5 * SPACING)
        across.setHighlightSections(False)
        across.setTextElideMode(Qt.TextElideMode.ElideRight)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(ROW_HEIGHT)
        down.setHighlightSections(False)

    def set_locked(self, locked: bool) -> None:
        """Whether numbers can only be read and copied."""
        triggers = QAbstractItemView.EditTrigger.NoEditTriggers if locked else EDIT_TRIGGERS
        self.setEditTriggers(triggers)
        self._paste.setEnabled(not locked)

    def _add_actions(self) -> None:
        for text, keys, slot in (
            (self.tr("Copy"), QKeySequence.StandardKey.Copy, self.copy),
            (self.tr("Paste"), QKeySequence.StandardKey.Paste, self.paste),
        ):
            action = QAction(text, self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(slot)
            self.addAction(action)
        self._paste = action
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def copy(self) -> None:
        """The selected rectangle, in full digits, as a spreadsheet takes it."""
        chosen = self.selectionModel().selection().toList()
        if not chosen:
            return
        rows = range(min(part.top() for part in chosen), max(part.bottom() for part in chosen) + 1)
        columns = range(
            min(part.left() for part in chosen), max(part.right() for part in chosen) + 1
        )
        numbers = self.numbers
        lines = ("\t".join(numbers.text(numbers.index(r, c)) for c in columns) for r in rows)
        QGuiApplication.clipboard().setText("\n".join(lines))

    def paste(self) -> None:
        """Begins at the first cell of the selection."""
        chosen = self.selectionModel().selection().toList()
        row = min((part.top() for part in chosen), default=0)
        column = min((part.left() for part in chosen), default=0)
        self.numbers.write(row, column, QGuiApplication.clipboard().text())

    def sizeHint(self) -> QSize:
        """Room for all rows up to the limit, and for the scroll bar where columns do not fit."""
        rows = min(self.model().rowCount(), MOST_ROWS_SHOWN)
        height = self.horizontalHeader().sizeHint().height() + rows * ROW_HEIGHT
        needed = self.verticalHeader().sizeHint().width() + self.horizontalHeader().length()
        if needed > self.width() - 2 * self.frameWidth():
            height += self.horizontalScrollBar().sizeHint().height()
        return QSize(16 * SPACING, height + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        return QTableView.minimumSizeHint(self) if self._large else self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Without the focus the wheel scrolls the dock."""
        if self._large or self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def set_narrowest(self, width: int) -> None:
        """How narrow columns may become."""
        self._narrowest = width
        self._refit()

    def _refit(self) -> None:
        """Few columns fill the width, many scroll."""
        count = max(1, self.model().columnCount())
        width = max(self._narrowest, self.viewport().width() // count)
        self.horizontalHeader().setDefaultSectionSize(width)
        self.updateGeometry()
