"""The first rows of the file, as they are read; texts that are inputs as 1 and 0."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from bpgui.datasets.categories import Values, category_name
from bpgui.datasets.csv_format import number
from bpgui.datasets.csv_survey import Role, Survey
from bpgui.ui.theme import SPACING, Theme, tabular_font

Index = QModelIndex | QPersistentModelIndex
COLUMN_WIDTH = 10 * SPACING
WIDEST = 30 * SPACING
TEXTS = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
FITTED = 100  # columns whose width follows their content


class Shown(NamedTuple):
    """A column of the preview: that of the file, or one of its categories as 1 and 0."""

    place: int
    value: str | None


class PreviewModel(QAbstractTableModel):
    """Numbers stand at the right, targets in the accent, and what is left out is faint."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._survey: Survey | None = None
        self._roles: tuple[Role, ...] = ()
        self._shown: tuple[Shown, ...] = ()

    def show_survey(
        self, survey: Survey | None, roles: tuple[Role, ...], categories: Values
    ) -> bool:
        """Whether there are other columns now: each of the `categories` has one of its own."""
        columns = () if survey is None else survey.columns
        shown = tuple(
            Shown(place, value)
            for place, column in enumerate(columns)
            for value in categories.get(column.name, (None,))
        )
        if survey is self._survey and shown == self._shown:
            self._show_roles(roles)
            return False
        self.beginResetModel()
        self._survey, self._roles, self._shown = survey, roles, shown
        self.endResetModel()
        return True

    def _show_roles(self, roles: tuple[Role, ...]) -> None:
        if roles != self._roles and self.rowCount():
            self._roles = roles
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self._survey is None else len(self._survey.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role not in TEXTS or self._survey is None:
            return None
        if orientation == Qt.Orientation.Vertical:
            return f"{section + 1}"
        place, value = self._shown[section]
        name = self._survey.columns[place].name
        return name if value is None else category_name(name, value)

    def data(self, index: Index, role: int = 0) -> Any:
        if self._survey is None:
            return None
        place, value = self._shown[index.column()]
        cell = self._survey.rows[index.row()][place].strip()
        if role in TEXTS:
            gap = cell in self._survey.columns[place].markers
            return cell if value is None or gap else str(int(cell == value))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            at_right = value is not None or number(cell, self._survey.format.decimal) is not None
            side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            theme = self._theme
            colors = {"input": theme.text, "target": theme.accent, "ignore": theme.muted}
            return QColor(colors[self._roles[place]])
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

    def show_survey(
        self, survey: Survey | None, roles: tuple[Role, ...], categories: Values
    ) -> None:
        """`categories` are those of the inputs that hold text."""
        if not self.preview.show_survey(survey, roles, categories):
            return
        for place in range(min(self.preview.columnCount(), FITTED)):
            hint = max(
                self.sizeHintForColumn(place), self.horizontalHeader().sectionSizeHint(place)
            )
            self.setColumnWidth(place, min(max(hint + SPACING, COLUMN_WIDTH), WIDEST))
