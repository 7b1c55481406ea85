"""The layout that docks begin with, and how they share the window's room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QStyle,
    QTabBar,
)

from bpgui.ui.dock import Dock

WORKSPACE, LOWER, PLOTS = (
    ("network", "output", "digits", "graph", "why"),
    ("parameters", "explain"),
    ("loss", "gradients"),
)
EXPERIMENT_WIDTH = 336
PLOTS_SHARE = 0.4  # of the width beside the experiment; the workspace has the rest
WORKSPACE_SHARE = 0.56  # of the height; what lies below it has the rest
ROOMY_SHARE = 0.76  # of the height, for the computation graph
LOSS_SHARE = 0.42  # of the height; the gradients have the rest


class KeptWidth(QObject):
    """Keeps the width of a dock when the window's changes: the other docks take and give.

    Qt would give all to the left docks where a window has no central widget. What the user gives
    the dock by its separator is the width to keep.
    """

    def __init__(self, dock: Dock, others: Iterable[Dock], window: QMainWindow) -> None:
        super().__init__(window)
        self._dock = dock
        self._others = tuple(others)
        self._window = window
        self._width = 0
        self._window_width = 0
        dock.installEventFilter(self)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self._window_width = self._window.width()
            self._keep(self._width)
        elif event.type() == QEvent.Type.Resize and self._window.width() == self._window_width:
            self._learn()
        elif event.type() == QEvent.Type.Show and watched is self._dock:
            kept = partial(self._keep, self._width)
            QTimer.singleShot(0, self, kept if self._width else self._learn)
        return False

    def _learn(self) -> None:
        """The width that the user, or a remembered layout, has given the dock."""
        self._width = self._dock.width() if in_sight(self._dock) else self._width

    def _keep(self, width: int) -> None:
        columns = self._columns()
        if not (columns and in_sight(self._dock) and width):
            return
        separator = self._window.style().pixelMetric(
            QStyle.PixelMetric.PM_DockWidgetSeparatorExtent
        )
        room = self._window.width() - separator * len(columns)
        widths = shared_width(room, width, [(c.width, c.least) for c in columns])
        docks = [self._dock, *(column.dock for column in columns)]
        self._window.resizeDocks(docks, widths, Qt.Orientation.Horizontal)

    def _columns(self) -> list[Column]:
        """The other docks, by their places from left to right."""
        area = self._window.dockWidgetArea
        others = [
            dock for dock in self._others if in_sight(dock) and area(dock) != area(self._dock)
        ]
        at: dict[int, list[Dock]] = {}
        for dock in others:
            at.setdefault(dock.x(), []).append(dock)
        return [self._column(at[x]) for x in sorted(at)]

    def _column(self, docks: Sequence[Dock]) -> Column:
        narrowest = min(docks, key=Dock.width)
        hidden = (tab for dock in docks for tab in self._window.tabifiedDockWidgets(dock))
        least = max(dock.minimumSizeHint().width() for dock in (*docks, *hidden))
        return Column(narrowest, narrowest.width(), least)


class Column(NamedTuple):
    """Docks above each other: the narrowest, its width, and the least that all of them need."""

    dock: Dock
    width: int
    least: int


def shared_width(room: int, kept: int, columns: Sequence[tuple[int, int]]) -> list[int]:
    """First the kept width, then that of each column, which adds up to `room`.

    `columns` has for each its width before and the least it can have. They shrink and grow in
    proportion, those at their least aside; what is kept gives way only where that is not enough.
    """
    kept = max(min(kept, room - sum(least for _, least in columns)), 1)
    widths = [least for _, least in columns]
    free = set(range(len(columns)))
    while free:
        rest = room - kept - sum(width for i, width in enumerate(widths) if i not in free)
        before = sum(columns[i][0] for i in free)
        share = {i: rest * columns[i][0] // max(before, 1) for i in free}
        tight = {i for i in free if share[i] < columns[i][1]}
        if not tight:
            for i in free:
                widths[i] = share[i]
            widths[max(free)] += rest - sum(share.values())
            break
        free -= tight
    return [kept, *widths]


class Roomy(QObject):
    """Gives docks most of the height while one is in front of the tabs it shares a place with, and
    gives it back to the docks below when another tab comes to the front."""

    def __init__(self, docks: Sequence[Dock], below: Sequence[Dock], window: QMainWindow) -> None:
        super().__init__(window)
        self._docks, self._below, self._window = docks, below, window
        self._lent = 0
        for dock in docks:
            dock.visibilityChanged.connect(lambda _: QTimer.singleShot(0, self, self.adjust))

    def adjust(self) -> None:
        below = next((dock for dock in self._below if in_sight(dock)), None)
        group = (self._docks[0], *self._window.tabifiedDockWidgets(self._docks[0]))
        above = next((dock for dock in group if in_sight(dock)), None)
        if below is None or above is None or below in group:
            return
        room = self._height(above) + self._height(below)
        if above in self._docks and not self._lent:
            self._lent = self._height(below)
            self._share(above, below, round(room * ROOMY_SHARE))
        elif above not in self._docks and self._lent:
            self._share(above, below, room - self._lent)
            self._lent = 0

    def _share(self, above: QDockWidget, below: Dock, height: int) -> None:
        heights = [height, self._height(above) + self._height(below) - height]
        self._window.resizeDocks([above, below], heights, Qt.Orientation.Vertical)

    def _height(self, dock: QDockWidget) -> int:
        """With its tabs, which belong to the window and lie between the dock and its title."""
        tabs = self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        above = (bar.height() for bar in tabs if bar.isVisible())
        return dock.height() + (max(above, default=0) if self._tabbed(dock) else 0)

    def _tabbed(self, dock: QDockWidget) -> bool:
        return bool(self._window.tabifiedDockWidgets(dock))


def arrange(window: QMainWindow, docks: Mapping[str, Dock]) -> None:
    """The default layout: the experiment at the left, the workspace in the middle with the tables
    below it, the plots at the right."""
    for dock in docks.values():
        dock.setFloating(False)
        window.removeDockWidget(dock)
    right = Qt.DockWidgetArea.RightDockWidgetArea
    workspace, lower = docks[WORKSPACE[0]], docks[LOWER[0]]
    loss, gradients = (docks[name] for name in PLOTS)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["experiment"])
    window.addDockWidget(right, workspace)
    window.splitDockWidget(workspace, loss, Qt.Orientation.Horizontal)
    window.splitDockWidget(workspace, lower, Qt.Orientation.Vertical)
    window.splitDockWidget(loss, gradients, Qt.Orientation.Vertical)
    for first, *others in (WORKSPACE, LOWER):
        for name in others:
            window.tabifyDockWidget(docks[first], docks[name])
    for dock in docks.values():
        dock.show()
    workspace.raise_()
    lower.raise_()
    proportion(window, docks)


def proportion(window: QMainWindow, docks: Mapping[str, Dock]) -> None:
    """Share out the window's room among the docks where they are by default."""
    width = max(window.width() - EXPERIMENT_WIDTH, 1)
    height = max(window.height() - 120, 1)
    plots = round(width * PLOTS_SHARE)
    workspace, lower = docks[WORKSPACE[0]], docks[LOWER[0]]
    loss, gradients = (docks[name] for name in PLOTS)
    horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    window.resizeDocks(
        [docks["experiment"], workspace, loss],
        [EXPERIMENT_WIDTH, width - plots, plots],
        horizontal,
    )
    for above, below, share in ((workspace, lower, WORKSPACE_SHARE), (loss, gradients, LOSS_SHARE)):
        top = round(height * share)
        window.resizeDocks([above, below], [top, height - top], vertical)


def in_sight(dock: QDockWidget) -> bool:
    """Whether it takes room in the window: a dock behind another's tab lies outside of it."""
    return dock.isVisible() and not dock.isFloating() and dock.x() >= 0
