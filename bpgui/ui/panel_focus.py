"""The way from panel to panel by keys, and the mark of the one that has the focus."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QScrollArea, QTabBar, QWidget
from shiboken6 import isValid

from bpgui.ui.dock import Dock
from bpgui.ui.docks import in_sight
from bpgui.ui.theme import mark


class PanelFocus(QObject):
    """Knows which of the docks has the focus, lets its title say so, and goes on to the others."""

    def __init__(self, docks: Iterable[Dock], window: QMainWindow) -> None:
        super().__init__(window)
        self._docks, self._window = tuple(docks), window
        self._marked: Dock | None = None
        app = cast(QApplication, QApplication.instance())
        app.focusChanged.connect(self._focus_changed)
        for dock in self._docks:
            for moved in (dock.visibilityChanged, dock.topLevelChanged, dock.dockLocationChanged):
                moved.connect(lambda _: QTimer.singleShot(0, self, self._mark_tabs))

    def go(self, by: int) -> None:
        """So many panels on in the order of reading; after the last comes the first."""
        order = reading_order(self._docks)
        if not order:
            return
        here = self._dock_of(QApplication.focusWidget())
        first = 0 if by > 0 else -1
        enter(order[(order.index(here) + by) % len(order) if here in order else first])

    def _dock_of(self, widget: QWidget | None) -> Dock | None:
        """The dock around a widget, or around what has opened its list."""
        while widget is not None and not isinstance(widget, Dock):
            widget = widget.parentWidget()
        return widget

    def _focus_changed(self, _: QWidget | None, now: QWidget | None) -> None:
        if not isValid(self._window):  # which is being taken down, and the focus goes with it
            return
        dock = self._dock_of(now)
        if dock is self._marked:
            return
        for each, active in ((self._marked, False), (dock, True)):
            if each is not None:
                each.set_active(active)
        self._marked = dock
        self._mark_tabs()

    def _mark_tabs(self) -> None:
        """A tab is the title of a dock that shares its place."""
        marked = self._marked
        tabbed = marked is not None and bool(self._window.tabifiedDockWidgets(marked))
        title = marked.windowTitle() if marked is not None and tabbed else None
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        for tabs in self._window.findChildren(QTabBar, options=direct):
            mark(tabs, "active", tabs.tabText(tabs.currentIndex()) == title)


def reading_order(docks: Iterable[Dock]) -> list[Dock]:
    """Those that can be seen, column by column and each from the top; then those that float."""
    seen = (dock for dock in docks if in_sight(dock) or (dock.isFloating() and dock.isVisible()))
    return sorted(seen, key=lambda dock: (dock.isFloating(), dock.x(), dock.y()))


def enter(dock: Dock) -> None:
    """Give the focus to what Tab comes to first in a panel, and let it be seen."""
    stop = first_stop(dock)
    dock.window().activateWindow()
    stop.setFocus(Qt.FocusReason.TabFocusReason)
    around = stop.parentWidget()
    while around is not None and around is not dock:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(stop)
        around = around.parentWidget()


def first_stop(dock: Dock) -> QWidget:
    """The dock itself where its panel has nothing that takes keys."""
    content, window = dock.widget(), dock.window()
    stop = window.nextInFocusChain()
    while stop is not None and stop is not window:
        if content.isAncestorOf(stop) and _takes_tab(stop):
            return stop
        stop = stop.nextInFocusChain()
    return dock


def _takes_tab(widget: QWidget) -> bool:
    by_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(by_tab) and widget.isVisible() and widget.isEnabled()
