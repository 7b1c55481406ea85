"""The docks around panels, and the layout they begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QStackedWidget,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpgui.engine.problem import Problem
from bpgui.training.snapshot import Snapshot
from bpgui.ui.icons import icon
from bpgui.ui.panels.panel import Panel
from bpgui.ui.theme import SPACING, Theme

EXPERIMENT_WIDTH = 336
PLOTS_SHARE = 0.6  # of the height beside the experiment; the table has the rest
LOSS_SHARE = 0.46  # of the width of the plots


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
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        bar = QWidget(self)
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACING, SPACING // 2, SPACING // 2, SPACING // 2)
        row.setSpacing(0)
        row.addWidget(heading, 1)
        row.addWidget(self._float_button)
        row.addWidget(self._close_button)
        self.setTitleBarWidget(bar)

    def set_theme(self, theme: Theme) -> None:
        self._float_button.setIcon(icon("float", theme, theme.muted))
        self._close_button.setIcon(icon("close", theme, theme.muted))


class PanelDock(Dock):
    """Hands its panel snapshots while it can be seen, and the latest when it becomes so."""

    def __init__(self, name: str, title: str, panel: Panel, parent: QMainWindow) -> None:
        self._empty = QLabel()
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("role", "muted")
        margin = QWidget()
        QVBoxLayout(margin).addWidget(self._empty)
        self._stack = QStackedWidget()
        self._stack.addWidget(panel)
        self._stack.addWidget(margin)
        super().__init__(name, title, self._stack, parent)
        self.panel = panel
        self._on_screen = False
        self._waiting: Snapshot | None = None
        self.visibilityChanged.connect(self._visibility_changed)

    def set_problem(self, problem: Problem) -> None:
        self._waiting = None
        self._stack.setCurrentIndex(0)
        self.panel.set_problem(problem)

    def show_empty(self, text: str) -> None:
        """Show a text in the panel's place; an empty one brings the panel back."""
        self._empty.setText(text)
        self._stack.setCurrentIndex(1 if text else 0)

    def render_snapshot(self, snapshot: Snapshot) -> None:
        self._waiting = snapshot
        self.render_waiting()

    def render_waiting(self) -> None:
        if self._waiting is None or not self._on_screen or self.window().isMinimized():
            return
        snapshot, self._waiting = self._waiting, None
        self.panel.render_snapshot(snapshot)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.panel.set_theme(theme)

    def _visibility_changed(self, visible: bool) -> None:
        self._on_screen = visible
        self.render_waiting()


class KeptWidth(QObject):
    """Keeps the width of a dock when the window's changes: the other docks take and give.

    Qt would give all to the left docks where a window has no central widget. What the user gives
    the dock by its separator is the width to keep.
    """

    def __init__(self, dock: Dock, others: Sequence[Dock], window: QMainWindow) -> None:
        super().__init__(window)
        self._dock = dock
        self._others = others
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
            self._width = self._dock.width() if _docked(self._dock) else self._width
        elif event.type() == QEvent.Type.Show and watched is self._dock:
            QTimer.singleShot(0, self, partial(self._keep, self._width))
        return False

    def _keep(self, width: int) -> None:
        area = self._window.dockWidgetArea
        others = [dock for dock in self._others if _docked(dock) and area(dock) != area(self._dock)]
        if not (others and _docked(self._dock) and width):
            return
        separator = QStyle.PixelMetric.PM_DockWidgetSeparatorExtent
        rest = self._window.width() - width - self._window.style().pixelMetric(separator)
        self._window.resizeDocks(
            [self._dock, others[-1]], [width, max(rest, 1)], Qt.Orientation.Horizontal
        )


def arrange(window: QMainWindow, docks: Mapping[str, Dock]) -> None:
    """The default layout: the experiment at the left, the plots beside it, the table below."""
    for dock in docks.values():
        dock.setFloating(False)
        window.removeDockWidget(dock)
    right = Qt.DockWidgetArea.RightDockWidgetArea
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["experiment"])
    window.addDockWidget(right, docks["loss"])
    window.splitDockWidget(docks["loss"], docks["parameters"], Qt.Orientation.Vertical)
    window.splitDockWidget(docks["loss"], docks["gradients"], Qt.Orientation.Horizontal)
    for dock in docks.values():
        dock.show()
    proportion(window, docks)


def proportion(window: QMainWindow, docks: Mapping[str, Dock]) -> None:
    """Share out the window's room among the docks where they are by default."""
    width = max(window.width() - EXPERIMENT_WIDTH, 1)
    height = max(window.height() - 120, 1)
    loss = round(width * LOSS_SHARE)
    plots = round(height * PLOTS_SHARE)
    horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    window.resizeDocks(
        [docks["experiment"], docks["parameters"]], [EXPERIMENT_WIDTH, width], horizontal
    )
    window.resizeDocks([docks["loss"], docks["gradients"]], [loss, width - loss], horizontal)
    window.resizeDocks([docks["loss"], docks["parameters"]], [plots, height - plots], vertical)


def _docked(dock: QDockWidget) -> bool:
    return dock.isVisible() and not dock.isFloating()


def _title_button(tip: str) -> QToolButton:
    button = QToolButton()
    button.setIconSize(QSize(16, 16))
    button.setAutoRaise(True)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setProperty("role", "title")
    return button
