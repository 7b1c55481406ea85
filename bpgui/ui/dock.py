"""The docks around panels, which are made when they are first seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpgui.engine.problem import Problem
from bpgui.training.snapshot import Snapshot
from bpgui.ui.icons import icon
from bpgui.ui.panels.panel import Panel, View
from bpgui.ui.theme import SPACING, Theme, mark
from bpgui.ui.turns import Turns

V = TypeVar("V", bound=View)

LEAST_WIDTH = 288  # of a panel, so that three columns fit into a small window


class Dock(QDockWidget):
    """A dock whose title is a quiet heading and whose buttons are drawn in the theme's colors."""

    def __init__(self, name: str, title: str, content: QWidget, parent: QMainWindow) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self.setWidget(content)
        self._float_button = _title_button(self.tr("Float or dock this panel"))
        self._float_button.clicked.connect(lambda: self.setFloating(not self.isFloating()))
        self._close_button = _title_button(
            self.tr("Close this panel; the View menu brings it back")
        )
        self._close_button.clicked.connect(self.close)
        self._heading = QLabel(title)
        self._heading.setProperty("role", "heading")
        self._bar, self._no_bar = QWidget(self), QWidget(self)
        self._no_bar.hide()
        self._bar.setProperty("role", "bar")
        self._bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(SPACING, SPACING // 2, SPACING // 2, SPACING // 2)
        row.setSpacing(0)
        row.addWidget(self._heading, 1)
        row.addWidget(self._float_button)
        row.addWidget(self._close_button)
        self.setTitleBarWidget(self._bar)
        for moved in (self.visibilityChanged, self.topLevelChanged, self.dockLocationChanged):
            moved.connect(self.fit_title)
        self.topLevelChanged.connect(lambda: self.setFocus())  # and not to its first button

    def fit_title(self) -> None:
        """A tab says the title already, and can be dragged to float the panel."""
        window = self.parentWidget()
        tabbed = isinstance(window, QMainWindow) and bool(window.tabifiedDockWidgets(self))
        if isinstance(window, QMainWindow):
            _keep_names(window)
        bar = self._no_bar if tabbed and not self.isFloating() else self._bar
        if bar is not self.titleBarWidget():
            self.titleBarWidget().hide()
            self.setTitleBarWidget(bar)
            bar.show()

    def set_active(self, active: bool) -> None:
        """Whether the focus is in this panel, as its title tells."""
        for part in (self._bar, self._heading):
            mark(part, "active", active)

    def set_theme(self, theme: Theme) -> None:
        self._float_button.setIcon(icon("float", theme, theme.muted))
        self._close_button.setIcon(icon("close", theme, theme.muted))


class LateDock(Dock, Generic[V]):
    """Makes its panel when it is first seen or asked for; most start behind another's tab."""

    def __init__(
        self,
        name: str,
        title: str,
        make: Callable[[], V],
        parent: QMainWindow,
        least: int = LEAST_WIDTH,
    ) -> None:
        self._make = make
        self._panel: V | None = None
        self._theme: Theme | None = None
        self._digits: int | None = None
        self._stack = QStackedWidget()
        self._stack.setMinimumWidth(least)
        super().__init__(name, title, self._stack, parent)
        self.visibilityChanged.connect(self._visibility_changed)

    @property
    def panel(self) -> V:
        if self._panel is None:
            self._panel = self._make()
            self._stack.insertWidget(0, self._panel)
            self._prepare(self._panel)
        return self._panel

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._theme = theme
        if self._panel is not None:
            self._panel.set_theme(theme)

    def set_digits(self, digits: int) -> None:
        self._digits = digits
        if self._panel is not None:
            self._panel.set_digits(digits)

    def _prepare(self, panel: V) -> None:
        """Tell a new panel all that the others have been told."""
        if self._theme is not None:
            panel.set_theme(self._theme)
        if self._digits is not None:
            panel.set_digits(self._digits)

    def _visibility_changed(self, visible: bool) -> None:
        if visible:
            _ = self.panel


class PanelDock(LateDock[Panel]):
    """Hands its panel snapshots while it can be seen, each when it is its turn, and the latest when
    it becomes so."""

    def __init__(
        self,
        name: str,
        title: str,
        make: Callable[[], Panel],
        turns: Turns,
        parent: QMainWindow,
    ) -> None:
        super().__init__(name, title, make, parent)
        self._turns = turns
        self._empty = QLabel()
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("role", "muted")
        self._margin = QWidget()
        QVBoxLayout(self._margin).addWidget(self._empty)
        self._stack.addWidget(self._margin)
        self._on_screen = False
        self._problem: Problem | None = None
        self._waiting: Snapshot | None = None

    def set_problem(self, problem: Problem) -> None:
        self._problem = problem
        self._waiting = None
        self.show_empty("")
        if self._panel is not None:
            self._panel.set_problem(problem)

    def show_empty(self, text: str) -> None:
        """Show a text in the panel's place; an empty one brings the panel back."""
        self._empty.setText(text)
        self._stack.setCurrentWidget(self._margin if text else self._panel or self._margin)

    def render_snapshot(self, snapshot: Snapshot) -> None:
        self._waiting = snapshot
        if self._on_screen:
            self._turns.ask(self.render_waiting)

    def render_waiting(self) -> None:
        if self._waiting is None or not self._on_screen or self.window().isMinimized():
            return
        snapshot, self._waiting = self._waiting, None
        self.panel.render_snapshot(snapshot)

    def _prepare(self, panel: Panel) -> None:
        super()._prepare(panel)
        if self._problem is not None:
            panel.set_problem(self._problem)
        self.show_empty(self._empty.text())

    def _visibility_changed(self, visible: bool) -> None:
        super()._visibility_changed(visible)
        self._on_screen = visible
        self.render_waiting()


def _keep_names(window: QMainWindow) -> None:
    """Tabs for which there is no room are scrolled to; Qt would cut the names of all."""
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    for tabs in window.findChildren(QTabBar, options=direct):
        tabs.setElideMode(Qt.TextElideMode.ElideNone)


def _title_button(tip: str) -> QToolButton:
    button = QToolButton()
    button.setIconSize(QSize(16, 16))
    button.setAutoRaise(True)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setProperty("role", "title")
    return button
