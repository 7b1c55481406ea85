"""The first rows of the file, as they are read."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from bpgui.datasets.csv_format import number
from bpgui.datasets.csv_survey import Role, Survey
from bpgui.ui.theme import SPACING, Theme, tabular_font

Index = QModelIndex | QPersistentModelIndex
COLUMN_WIDTH = 10 * SPACING
WIDEST = 30 * SPACING
FITTED = 100  # columns whose width follows their content


class PreviewModel(QAbstractTableModel):
    """Numbers stand at the right, targets in the accent, and what is left out is faint."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._survey: Survey | None = None
        self._roles: tuple[Role, ...] = ()

    def show_survey(self, survey: Survey | None, roles: tuple[Role, ...]) -> None:
        self.beginResetModel()
        self._survey, self._roles = survey, roles
        self.endResetModel()

    def show_roles(self, roles: tuple[Role, ...]) -> None:
        self._roles = roles
        if self.rowCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self._survey is None else len(self._survey.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self._survey is None else len(self._survey.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or self._survey is None:
            return None
        if orientation == Qt.Orientation.Vertical:
            return f"{section + 1}"
        return self._survey.columns[section].name

    def data(self, index: Index, role: int = 0) -> Any:
        if self._survey is None:
            return None
        text = self._survey.rows[index.row()][index.column()].strip()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            is_number = number(text, self._survey.format.decimal) is not None
            side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            theme = self._theme
            colors = {"input": theme.text, "target": theme.accent, "ignore": theme.muted}
            return QColor(colors[self._roles[index.column()]])
        return None


class PreviewTable(QTableView):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.preview = PreviewModel(theme, self)
        self.setModel(self.preview)
        self.setFont(tabular_font())
        self.setAccessibleName(self.tr("First rows of the file"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setDefaultSectionSize(3 * SPACING)
        self.horizontalHeader().setDefaultSectionSize(COLUMN_WIDTH)
        self.horizontalHeader().setHighlightSections(False)

    def show_survey(self, survey: Survey | None, roles: tuple[Role, ...]) -> None:
        self.preview.show_survey(survey, roles)
        for place in range(min(self.preview.columnCount(), FITTED)):
            hint = max(
                self.sizeHintForColumn(place), self.horizontalHeader().sectionSizeHint(place)
            )
            self.setColumnWidth(place, min(max(hint + SPACING, COLUMN_WIDTH), WIDEST))
