"""The menus whose entries change: recent files, panels, and what the preferences hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from bpgui.ui.dock import Dock
from bpgui.ui.filing import Filing
from bpgui.ui.memory import Memory
from bpgui.ui.preferences import DIGITS
from bpgui.ui.translation import QT_TRANSLATE_NOOP

THEMES = {
    "system": QT_TRANSLATE_NOOP("Menus", "As the &system"),
    "light": QT_TRANSLATE_NOOP("Menus", "&Light"),
    "dark": QT_TRANSLATE_NOOP("Menus", "&Dark"),
}


def recent_menu(memory: Memory, filing: Filing, parent: QWidget) -> QMenu:
    """The files opened or saved last, each a name and its folder."""
    menu = QMenu(QCoreApplication.translate("Menus", "Open &recent"), parent)
    menu.setObjectName("recent")

    def fill() -> None:
        menu.clear()
        for number, entry in enumerate(memory.preferences.recent, 1):
            path = Path(entry)
            action = menu.addAction(
                f"&{number % 10} {escaped(path.name)}    {escaped(short(path))}"
            )
            action.triggered.connect(lambda _checked=False, path=path: filing.open(path))
        if menu.isEmpty():
            nothing = menu.addAction(QCoreApplication.translate("Menus", "No files yet"))
            nothing.setEnabled(False)

    menu.aboutToShow.connect(fill)
    memory.changed.connect(fill)
    fill()
    return menu


def panel_actions(docks: Iterable[Dock]) -> list[QAction]:
    return [dock.toggleViewAction() for dock in docks]


def theme_menu(memory: Memory, parent: QWidget) -> QMenu:
    texts = {name: QCoreApplication.translate("Menus", text) for name, text in THEMES.items()}
    title = QCoreApplication.translate("Menus", "&Theme")
    return _choice_menu("theme", title, texts, memory, parent)


def digits_menu(memory: Memory, parent: QWidget) -> QMenu:
    texts = {digits: str(digits) for digits in DIGITS}
    texts[DIGITS[-1]] = QCoreApplication.translate("Menus", "{digits}: all there are").format(
        digits=DIGITS[-1]
    )
    title = QCoreApplication.translate("Menus", "&Digits shown")
    return _choice_menu("digits", title, texts, memory, parent)


def _choice_menu(
    field: str, title: str, texts: Mapping[Any, str], memory: Memory, parent: QWidget
) -> QMenu:
    """One entry for each value that a field of the preferences may have."""
    menu = QMenu(title, parent)
    menu.setObjectName(field)
    group = QActionGroup(menu)
    for value, text in texts.items():
        action = menu.addAction(text)
        action.setObjectName(f"{field}_{value}")
        action.setCheckable(True)
        action.setChecked(getattr(memory.preferences, field) == value)
        action.setActionGroup(group)
        action.triggered.connect(
            lambda _checked=False, value=value: memory.remember(
                replace(memory.preferences, **{field: value})
            )
        )
    return menu


def short(path: Path) -> str:
    """The folder of `path`, with ~ for the home."""
    try:
        return str(Path("~") / path.parent.relative_to(Path.home()))
    except ValueError:
        return str(path.parent)


def escaped(text: str) -> str:
    return text.replace("&", "&&")
