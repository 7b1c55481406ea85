"""Help > Keyboard shortcuts: the keys of the window and of every panel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bpgui.ui.actions import COMMANDS, NATIVE, Actions
from bpgui.ui.dialogs import fill, open_dialog, plain_dialog
from bpgui.ui.dock import Dock
from bpgui.ui.panels.panel_keys import PANEL_KEYS, TITLES, native
from bpgui.ui.theme import SPACING

COLUMN_WIDTH = 52 * SPACING  # about what keys and texts need
MOST_COLUMNS = 3
SHARE = 0.9  # of the window that the list may cover
translate = QCoreApplication.translate


class Group(NamedTuple):
    title: str
    rows: tuple[tuple[str, str], ...]  # keys and what they do


def groups(actions: Actions, docks: Mapping[str, Dock]) -> list[Group]:
    """The window's keys, then those of the panels."""
    own = Group(translate("Shortcuts", "Everywhere"), tuple(_commands(actions)))
    found = [
        Group(
            docks[name].windowTitle() if name in docks else translate("PanelKeys", TITLES[name]),
            tuple((native(keys), translate("PanelKeys", text)) for keys, text in rows),
        )
        for name, rows in PANEL_KEYS
    ]
    return [own, *found]


def show_shortcuts(parent: QWidget, actions: Actions, docks: Mapping[str, Dock]) -> None:
    dialog = plain_dialog(parent, "shortcuts", translate("Shortcuts", "Keyboard shortcuts"))
    room = parent.size() * SHARE
    count = min(max(room.width() // COLUMN_WIDTH, 1), MOST_COLUMNS)
    area = _Area(_page(groups(actions, docks), count), room)
    area.setAccessibleName(dialog.windowTitle())
    fill(dialog, area)
    dialog.resize(dialog.sizeHint())
    open_dialog(dialog)


class _Area(QScrollArea):
    """As large as what it shows, within the room there is."""

    def __init__(self, page: QWidget, room: QSize) -> None:
        super().__init__()
        self._page, self._room = (
            page,
            room - QSize(4 * SPACING, 12 * SPACING),
        )  # margins, and the button below
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(page)

    def sizeHint(self) -> QSize:
        bar = QSize(self.verticalScrollBar().sizeHint().width(), 0)
        return (self._page.sizeHint() + bar).boundedTo(self._room)


def _commands(actions: Actions) -> Iterable[tuple[str, str]]:
    yield QKeySequence("Space").toString(NATIVE), translate("Shortcuts", "Run or pause")
    for command in COMMANDS:
        action = actions[command.name]
        if not action.shortcut().isEmpty():
            text = action.text().replace("&", "").removesuffix("…")
            yield action.shortcut().toString(NATIVE), text


def _page(found: Iterable[Group], count: int) -> QWidget:
    """The groups in order, in so many columns of about the same length."""
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, SPACING, 0)
    row.setSpacing(4 * SPACING)
    for part in _parted(list(found), count):
        column = QVBoxLayout()
        column.setSpacing(2 * SPACING)
        for group in part:
            column.addLayout(_block(group))
        column.addStretch(1)
        row.addLayout(column, 1)
    return page


def _parted(found: list[Group], count: int) -> list[list[Group]]:
    lengths = [len(group.rows) + 2 for group in found]
    share = sum(lengths) / count
    parts: list[list[Group]] = [[] for _ in range(count)]
    before = 0.0
    for group, length in zip(found, lengths, strict=True):
        parts[min(int((before + length / 2) / share), count - 1)].append(group)
        before += length
    return parts


def _block(group: Group) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(2 * SPACING)
    grid.setVerticalSpacing(SPACING // 2)
    grid.setColumnMinimumWidth(0, 17 * SPACING)
    grid.setColumnMinimumWidth(1, 28 * SPACING)
    grid.setColumnStretch(1, 1)
    heading = QLabel(group.title)
    heading.setProperty("role", "heading")
    grid.addWidget(heading, 0, 0, 1, 2)
    for number, (keys, text) in enumerate(group.rows, 1):
        told = QLabel(text)
        told.setWordWrap(True)
        grid.addWidget(QLabel(keys), number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(told, number, 1, Qt.AlignmentFlag.AlignTop)
    return grid
