"""Makes the window obey the lesson of the document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QPushButton, QToolBar, QWidget

from bpgui.experiment.controls import COMMANDS, PARAMETERS
from bpgui.experiment.lessons import state_of
from bpgui.experiment.models import Lesson
from bpgui.ui.actions import Actions
from bpgui.ui.dock import Dock
from bpgui.ui.docks import in_sight
from bpgui.ui.document import Document
from bpgui.ui.notice import Notice
from bpgui.ui.theme import SPACING
from bpgui.ui.transport import Transport

SPEED = "command.speed"
ACTION_OF = {
    name: name.removeprefix("command.").replace("run", "toggle")
    for name in COMMANDS
    if name != SPEED
}


class Lockable(Protocol):
    """A panel whose values can be changed."""

    def set_locked(self, locked: bool) -> None: ...


class LessonNote(QToolBar):
    """What a lesson tells the learner, in as many lines as it needs, and whether it is unlocked."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("lesson")
        self.setWindowTitle(self.tr("Lesson"))
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.toggleViewAction().setVisible(False)
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.state = QLabel(self.tr("The lesson is unlocked."), self)
        self.state.setProperty("role", "muted")
        self.lock = QPushButton(self.tr("Lock again"), self)
        self.lock.setProperty("role", "small")
        self._box = QWidget(self)
        self._row = QHBoxLayout(self._box)
        self._row.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        self._row.setSpacing(SPACING)
        self._row.addWidget(self.text, 1)
        self._row.addWidget(self.state)
        self._row.addWidget(self.lock)
        self.addWidget(self._box)
        self.hide()

    def show_lesson(self, lesson: Lesson | None, unlocked: bool) -> None:
        self.text.setText(lesson.note if lesson is not None else "")
        for widget in (self.state, self.lock):
            widget.setVisible(unlocked)
        self.setVisible(lesson is not None and (unlocked or bool(lesson.note)))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """A tool bar asks nobody how high a text becomes in its width."""
        room = self.contentsRect().width() - 2 * SPACING
        self._row.invalidate()
        self._box.setFixedHeight(
            max(self._row.heightForWidth(room), self._row.minimumSize().height())
        )


class LessonKeeper(QObject):
    """Hides and locks panels and commands; editors do so themselves."""

    def __init__(
        self,
        document: Document,
        commands: Actions,
        transport: Transport,
        docks: Mapping[str, Dock],
        panels: Iterable[Lockable],
        notice: Notice,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._document, self._commands, self._transport = document, commands, transport
        self._docks, self._panels, self._notice = docks, tuple(panels), notice
        self._window = window
        self._put_away: list[Dock] = []
        self._front: list[Dock] = []  # of tabs, before any was put away
        self.note = LessonNote(window)
        self.note.lock.clicked.connect(lambda: document.set_unlocked(False))
        commands["lesson"].triggered.connect(self.ask)
        commands["unlock"].triggered.connect(document.set_unlocked)
        document.lesson_changed.connect(self.show_lesson)

    def ask(self) -> None:
        """Let the teacher make a lesson, or change the one that is unlocked."""
        from bpgui.ui.lesson_dialog import LessonDialog  # seldom needed, so not at the start

        self._document.settle()
        dialog = LessonDialog(self._document.experiment.lesson, self._window)
        dialog.made.connect(self._make)
        dialog.open()

    def _make(self, lesson: Lesson | None) -> None:
        self._document.make_lesson(self.tr("make lesson"), lesson)
        if lesson is not None:
            told = self.tr(
                "The lesson is in force. View > Unlock lesson lets you change everything; save the "
                "preset to keep the lesson."
            )
            self._notice.say(told)

    def show_lesson(self) -> None:
        lesson, there = self._document.lesson, self._document.experiment.lesson is not None
        states = {action: state_of(lesson, name) for name, action in ACTION_OF.items()}
        self._commands.set_states(states)
        self._transport.set_speed_state(state_of(lesson, SPEED))
        self._transport.tidy()
        for panel in self._panels:
            panel.set_locked(state_of(lesson, PARAMETERS) != "shown")
        self.show_panels()
        unlocked = there and lesson is None
        self._commands["unlock"].setEnabled(there)
        self._commands["unlock"].setChecked(unlocked)
        self._commands["lesson"].setEnabled(lesson is None)
        self.note.show_lesson(self._document.experiment.lesson, unlocked)

    def show_panels(self) -> None:
        """Put away the panels that the lesson hides, and bring back those that another had."""
        lesson = self._document.lesson
        names = [name for name in self._docks if state_of(lesson, f"panel.{name}") == "hidden"]
        if names and not self._put_away:
            self._front = [dock for dock in self._docks.values() if in_sight(dock)]
        self._bring_back(names)
        for name, dock in self._docks.items():
            dock.toggleViewAction().setVisible(name not in names)
            if name in names and not dock.isHidden():
                self._put_away.append(dock)
                dock.hide()
        for dock in self._docks.values():
            QTimer.singleShot(0, dock, dock.fit_title)

    def release_panels(self) -> None:
        """Bring back all panels: the layout is to be remembered without the lesson."""
        self._bring_back(())

    def _bring_back(self, but: Iterable[str]) -> None:
        back = [dock for dock in self._put_away if dock.objectName() not in but]
        for dock in back:
            self._put_away.remove(dock)
            dock.show()
        for dock in self._front if back else ():
            dock.raise_()
