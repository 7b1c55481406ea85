"""A calm bar over the foot of the window: what happened, and perhaps one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from bpgui.ui.icons import icon
from bpgui.ui.theme import SPACING, Theme

WIDEST = 760


class Notice(QFrame):
    """Lies over its parent, and over docks that come to the front, and moves nothing; the newest
    message replaces the one before."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._parent = parent
        self._foot = 0
        self._topic = ""
        self._action: Callable[[], None] | None = None
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setFixedSize(120, SPACING)
        self.button = QPushButton(self)
        self.button.clicked.connect(self._act)
        self.close_button = QToolButton(self)
        self.close_button.setToolTip(self.tr("Close this message"))
        self.close_button.setAccessibleName(self.tr("Close this message"))
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.clicked.connect(self.hide)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACING, SPACING, SPACING, SPACING)
        row.setSpacing(SPACING)
        for widget in (self.text, self.progress, self.button, self.close_button):
            row.addWidget(widget)
        self.hide()
        parent.installEventFilter(self)

    def set_theme(self, theme: Theme) -> None:
        self.close_button.setIcon(icon("close", theme))
        self.setStyleSheet(
            f"#notice {{ background: {theme.base}; border: 1px solid {theme.border};"
            " border-radius: 6px; }"
        )

    def set_foot(self, height: int) -> None:
        """Leave so many pixels free at the foot of the parent."""
        self._foot = height
        self._place()

    def say(
        self,
        text: str,
        button: str = "",
        action: Callable[[], None] | None = None,
        topic: str = "",
    ) -> None:
        """Show `text`; `button` does `action` and closes the bar."""
        self._topic = topic
        self._show(text, button, action, progress=False)

    def wait(self, text: str, button: str, action: Callable[[], None], topic: str) -> None:
        """Show that something is under way, which `button` cancels."""
        self._topic = topic
        self.progress.setRange(0, 0)
        self._show(text, button, action, progress=True)

    def show_share(self, share: float, topic: str) -> None:
        """How much of `topic` is done, where that is known."""
        if topic == self._topic and share > 0:
            self.progress.setRange(0, 1000)
            self.progress.setValue(round(1000 * share))

    def dismiss(self, topic: str) -> None:
        """Hide what is said about `topic`, which no longer holds."""
        if topic == self._topic:
            self.hide()

    def stay_above(self, docks: Iterable[QDockWidget]) -> None:
        """Whichever of them comes to the front."""
        for dock in docks:
            dock.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._parent and event.type() == QEvent.Type.ZOrderChange:
            QTimer.singleShot(0, self, self.raise_)  # a dock shows its tab where it is the topmost
        elif watched is self._parent and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _show(
        self, text: str, button: str, action: Callable[[], None] | None, *, progress: bool
    ) -> None:
        self.text.setText(text)
        self._action = action
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.progress.setVisible(progress)
        self.close_button.setVisible(not progress)
        self.show()
        self.raise_()
        self._place()

    def _act(self) -> None:
        action, self._action = self._action, None
        self.hide()
        if action is not None:
            action()

    def _place(self) -> None:
        if self.isHidden():
            return
        room = self._parent.size()
        width = min(WIDEST, room.width() - 4 * SPACING)
        self._row.activate()
        height = max(self._row.heightForWidth(width), self.minimumSizeHint().height())
        top = room.height() - self._foot - height - 2 * SPACING
        self.setGeometry(room.width() - width - 2 * SPACING, top, width, height)
