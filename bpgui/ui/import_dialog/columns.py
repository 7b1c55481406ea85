"""The table of columns: one click says what each is for."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from bpgui.datasets.csv_survey import Column, Role, Survey
from bpgui.ui.import_dialog.words import hint, kind_text, values_text
from bpgui.ui.theme import SPACING, Theme

Index = QModelIndex | QPersistentModelIndex
CELLS = "QTableView::item { padding: 0 4px; }"  # under their headings
ROLES: tuple[Role, ...] = ("input", "target", "ignore")
NAME, FIRST_ROLE, KIND, VALUES, MISSING = 0, 1, 4, 5, 6
WIDTHS = {NAME: 20, 1: 9, 2: 9, 3: 9, KIND: 12, VALUES: 24, MISSING: 11}  # in units of SPACING


class ColumnModel(QAbstractTableModel):
    """A row for each column of the file; the three in the middle are like radio buttons."""

    roles_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._columns: tuple[Column, ...] = ()
        self.roles: tuple[Role, ...] = ()
        self._classes = False

    def show_survey(self, survey: Survey | None, roles: tuple[Role, ...], classes: bool) -> None:
        self.beginResetModel()
        self._columns = survey.columns if survey is not None else ()
        self.roles, self._classes = roles, classes
        self.endResetModel()

    def show_roles(self, roles: tuple[Role, ...], classes: bool) -> None:
        self.roles, self._classes = roles, classes
        if self._columns:
            last = self.index(len(self._columns) - 1, MISSING)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else MISSING + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        titles = (
            self.tr("Column"),
            self.tr("Input"),
            self.tr("Target"),
            self.tr("Ignore"),
            self.tr("Kind"),
            self.tr("Values"),
            self.tr("Missing"),
        )
        tips = (
            "",
            self.tr("The network sees this column."),
            self.tr("The network learns to answer with this column."),
            self.tr("This column is left out."),
            "",
            self.tr("The range of the numbers, or the classes with their counts."),
            self.tr("Cells without a value."),
        )
        if role == Qt.ItemDataRole.ToolTipRole:
            return tips[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            middle = NAME < section < KIND or section == MISSING
            side = Qt.AlignmentFlag.AlignHCenter if middle else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return titles[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = 0) -> Any:
        column, own = self._columns[index.row()], self.roles[index.row()]
        told = hint(column, own)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.column(), column, own)
        if role == Qt.ItemDataRole.ToolTipRole:
            return told or self._text(index.column(), column, own)
        if role == Qt.ItemDataRole.AccessibleTextRole and self.role_at(index) is not None:
            chosen = self.tr("chosen") if self.role_at(index) == own else self.tr("not chosen")
            return f"{self.headerData(index.column(), Qt.Orientation.Horizontal)}: {chosen}"
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(self._color(column, own, index.column(), told))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == MISSING:
            return Qt.AlignmentFlag.AlignCenter
        return None

    def role_at(self, index: Index) -> Role | None:
        place = index.column() - FIRST_ROLE
        return ROLES[place] if 0 <= place < len(ROLES) else None

    def choose(self, row: int, role: Role) -> None:
        if self.roles[row] == role:
            return
        self.roles = (*self.roles[:row], role, *self.roles[row + 1 :])
        self.dataChanged.emit(self.index(row, 0), self.index(row, MISSING))
        self.roles_changed.emit()

    def _text(self, place: int, column: Column, role: Role) -> str:
        as_classes = role == "target" and self._classes
        if place == VALUES:
            return hint(column, role) or values_text(column, as_classes)
        if place == MISSING:
            return f"{column.gaps:,}" if column.gaps else ""
        if place == KIND:
            return kind_text(column, role, as_classes)
        return column.name if place == NAME else ""

    def _color(self, column: Column, role: Role, place: int, told: str) -> str:
        if role == "ignore":
            return self._theme.muted
        if (told and place == VALUES) or (column.gaps and place == MISSING):
            return self._theme.warning
        return self._theme.text


class RadioDelegate(QStyledItemDelegate):
    """Draws the role of a column as a radio button."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        model = index.model()
        assert isinstance(model, ColumnModel)
        on = model.roles[index.row()] == model.role_at(index)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ink = self._theme.accent_text if selected else self._theme.accent
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = ink if on or selected else self._theme.border
        painter.setPen(QPen(QColor(ring), 1.5))
        middle = option.rect.toRectF().center()
        painter.drawEllipse(middle, 6, 6)
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ink))
            painter.drawEllipse(middle, 3.5, 3.5)
        painter.restore()

    def editorEvent(
        self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        pressed = isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease
        spaced = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if not (pressed or spaced) or not isinstance(model, ColumnModel):
            return False
        role = model.role_at(index)
        if role is not None:
            model.choose(index.row(), role)
        return True


class ColumnTable(QTableView):
    """Click, or Space, chooses; the arrow keys move."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns = ColumnModel(theme, self)
        self.setModel(self.columns)
        delegate = RadioDelegate(theme, self)
        for place in range(FIRST_ROLE, KIND):
            self.setItemDelegateForColumn(place, delegate)
        self.setAccessibleName(self.tr("Columns of the file"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setStyleSheet(CELLS)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(3 * SPACING + 2)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(VALUES, QHeaderView.ResizeMode.Stretch)
        for place, width in WIDTHS.items():
            if place != VALUES:
                self.setColumnWidth(place, width * SPACING)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        role = self.columns.role_at(self.currentIndex())
        if event.key() == Qt.Key.Key_Space and role is not None:
            self.columns.choose(self.currentIndex().row(), role)
            return
        super().keyPressEvent(event)
