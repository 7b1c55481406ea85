"""Choose a built-in preset: groups at the left, its description at the right."""

from __future__ import annotations

from itertools import groupby
from typing import cast

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bpgui.experiment.builtin import Builtin, builtin
from bpgui.ui.theme import SPACING

PRESET = Qt.ItemDataRole.UserRole
UPWARDS = (QTreeWidget.CursorAction.MoveUp, QTreeWidget.CursorAction.MovePageUp)
MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class PresetTree(QTreeWidget):
    """Keys and clicks choose presets and pass by the names of their groups."""

    def moveCursor(
        self, action: QTreeWidget.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        index = super().moveCursor(action, modifiers)
        if not index.isValid() or index.data(PRESET) is not None:
            return index
        above = self.indexAbove(index)
        return above if action in UPWARDS and above.isValid() else self.indexBelow(index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or index.data(PRESET) is not None:
            super().mousePressEvent(event)


class PresetChooser(QDialog):
    """Emits the preset that was chosen; typing narrows the list, the arrow keys move in it."""

    chosen = Signal(object)  # Builtin

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("presets")
        self.setWindowTitle(self.tr("Built-in presets"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 480)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search names and descriptions"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.tree = PresetTree(self)
        self.tree.setAccessibleName(self.windowTitle())
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(2 * SPACING)
        self.tree.setMinimumWidth(280)
        self.tree.currentItemChanged.connect(self._show_current)
        self.tree.itemActivated.connect(self._choose_item)
        self.heading = QLabel(self)
        self.heading.setWordWrap(True)
        self.heading.setProperty("role", "title")
        self.description = QLabel(self)
        self.description.setWordWrap(True)
        self.description.setTextFormat(Qt.TextFormat.PlainText)
        self.description.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.command = QLabel(self)
        self.command.setProperty("role", "muted")
        self.command.setWordWrap(True)
        self.command.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel, self
        )
        self.open_button = buttons.button(QDialogButtonBox.StandardButton.Open)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        self._lay_out(buttons)
        self._fill()

    @property
    def current(self) -> Builtin | None:
        item = self.tree.currentItem()
        return item.data(0, PRESET) if item is not None and not item.isHidden() else None

    def select(self, slug: str) -> None:
        for item in self._items():
            if item.data(0, PRESET).slug == slug:
                self.tree.setCurrentItem(item)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and cast(QKeyEvent, event).key() in MOVES:
            self.tree.event(event)
            return True
        return super().eventFilter(watched, event)

    def _lay_out(self, buttons: QDialogButtonBox) -> None:
        right = QVBoxLayout()
        right.setSpacing(SPACING)
        right.addWidget(self.heading)
        right.addWidget(self.description, 1)
        right.addWidget(self.command)
        middle = QHBoxLayout()
        middle.setSpacing(3 * SPACING)
        middle.addWidget(self.tree, 2)
        middle.addLayout(right, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        column.setSpacing(2 * SPACING)
        column.addWidget(self.search)
        column.addLayout(middle, 1)
        column.addWidget(buttons)

    def _fill(self) -> None:
        for group, presets in groupby(builtin(), key=lambda preset: preset.group):
            top = QTreeWidgetItem(self.tree, [group])
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = top.font(0)
            font.setBold(True)
            top.setFont(0, font)
            for preset in presets:
                item = QTreeWidgetItem(top, [preset.name])
                item.setData(0, PRESET, preset)
        self.tree.expandAll()
        self._select_first()

    def _groups(self) -> list[QTreeWidgetItem]:
        return _children(self.tree.invisibleRootItem())

    def _items(self) -> list[QTreeWidgetItem]:
        return [item for group in self._groups() for item in _children(group)]

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for item in self._items():
            preset = item.data(0, PRESET)
            text = f"{preset.slug} {preset.group} {preset.name} {preset.description}".casefold()
            item.setHidden(not all(word in text for word in words))
        for group in self._groups():
            group.setHidden(all(item.isHidden() for item in _children(group)))
        if self.current is None:
            self._select_first()
        self._show_current()

    def _select_first(self) -> None:
        shown = [item for item in self._items() if not item.isHidden()]
        if shown:
            self.tree.setCurrentItem(shown[0])

    def _show_current(self) -> None:
        preset = self.current
        self.open_button.setEnabled(preset is not None)
        if preset is None:
            self.heading.setText("")
            self.description.setText(self.tr("No preset has all of these words."))
            self.command.setText("")
            return
        self.heading.setText(preset.name)
        self.description.setText(preset.description)
        self.command.setText(
            self.tr("On the command line: {command}").format(command=f"bpgui train {preset.slug}")
        )

    def _choose_item(self, item: QTreeWidgetItem) -> None:
        if item.data(0, PRESET) is not None:
            self._choose()

    def _choose(self) -> None:
        preset = self.current
        if preset is not None:
            self.accept()
            self.chosen.emit(preset)


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    children = (item.child(i) for i in range(item.childCount()))
    return [child for child in children if child is not None]
