"""The window: a workspace around one document and one session, with commands, bars and notices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit, QTabWidget

from bpgui.experiment.models import Experiment
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.ui import theme
from bpgui.ui.actions import Actions, Inserted
from bpgui.ui.docks import LOWER, WORKSPACE, KeptWidth, Roomy, arrange, proportion
from bpgui.ui.document import Document
from bpgui.ui.dropping import dropped_file
from bpgui.ui.exporting import Exporting
from bpgui.ui.fault_sign import FaultSign
from bpgui.ui.filing import Filing
from bpgui.ui.importing import Importing, holds_data
from bpgui.ui.lesson import LessonKeeper
from bpgui.ui.memory import Memory
from bpgui.ui.menus import digits_menu, panel_actions, recent_menu, theme_menu
from bpgui.ui.notice import Notice
from bpgui.ui.panel_focus import PanelFocus
from bpgui.ui.parameter_edits import ParameterEdits
from bpgui.ui.run_key import RunKey
from bpgui.ui.run_notices import RunNotices
from bpgui.ui.session import Session
from bpgui.ui.status import Status
from bpgui.ui.transport import Transport
from bpgui.ui.window_state import restore, store
from bpgui.ui.workspace import Workspace


class MainWindow(QMainWindow):
    """Wires document, session, editors and panels; what it shows belongs to them."""

    def __init__(self, document: Document, session: Session, memory: Memory) -> None:
        super().__init__()
        self.setObjectName("window")
        self._app = cast(QApplication, QApplication.instance())
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.document, self.session, self.memory = document, session, memory
        self._colors = memory.theme
        theme.prepare(self._app, self._colors)
        self.filing = Filing(document, self)
        self.importing = Importing(document, lambda: memory.theme, self)
        self.commands = Actions(document, self)
        self.transport = Transport(self.commands, session, self)
        self.status = Status(session, self)
        self.notice = Notice(self)
        self.exporting = Exporting(document, session, self.notice, lambda: memory.theme, self)
        self.workspace = Workspace(document, session, self.exporting.offering, self)
        self.docks, self.panel_docks = self.workspace.docks, self.workspace.panel_docks
        self.editor, self.selection = self.workspace.editor, self.workspace.selection
        self.network, self.parameters = self.workspace.network, self.workspace.parameters
        self.lesson = LessonKeeper(
            document,
            self.commands,
            self.transport,
            self.docks,
            (self.network, self.parameters),
            self.notice,
            self,
        )
        self.parameter_edits = ParameterEdits(document, session, self.notice, self)
        self._may_close = False
        self._build()
        self._connect()
        self._recolor()
        self._show_digits()
        self._show_title()
        self.commands.set_enabled("new_data", hasattr(document.experiment.data, "seed"))
        self._layout_is_default = not restore(self, self.editor, memory.settings)
        self.lesson.show_lesson()

    # --- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        self.addToolBar(self.transport)
        self.addToolBarBreak()
        self.addToolBar(self.lesson.note)
        self.setStatusBar(self.status)
        inserted: dict[str, Inserted] = {
            "recent": recent_menu(self.memory, self.filing, self),
            "export": self.exporting.menu,
            "panels": panel_actions(self.docks.values()),
            "digits": digits_menu(self.memory, self),
            "theme": theme_menu(self.memory, self),
        }
        self.commands.build_menus(self.menuBar(), inserted)
        self.notice.stay_above(self.docks.values())
        arrange(self, self.docks)
        for field in self.editor.findChildren(QPlainTextEdit):
            field.setAcceptDrops(False)  # a file dropped on it is opened, not pasted as its path
        KeptWidth(self.docks["experiment"], self.docks.values(), self)
        roomy, below = ([self.docks[name] for name in names] for names in (WORKSPACE[1:], LOWER))
        Roomy(roomy, below, self)
        sign = FaultSign(self)
        self.status.addPermanentWidget(sign)
        self.session.run_started.connect(sign.set_problem)
        self.run_notices = RunNotices(
            self.session, self.notice, self.editor, self.importing.adopt, self
        )
        self.panel_focus = PanelFocus(self.docks.values(), self)
        RunKey(self, self.commands["toggle"].trigger)
        self.transport.show_hint(not self.memory.preferences.hint_seen)

    def _connect(self) -> None:
        document, session, filing = self.document, self.session, self.filing
        slots = {
            "new": filing.new,
            "open": filing.choose,
            "presets": filing.choose_preset,
            "import": self.importing.choose,
            "save": lambda: filing.save(),
            "save_as": lambda: filing.save_as(),
            "quit": self.close,
            "toggle": self._settled(session.toggle),
            "step_iteration": self._settled(session.step_iteration),
            "step_epoch": self._settled(session.step_epoch),
            "reset": self._settled(session.reset),
            "new_weights": self.parameter_edits.draw_anew,
            "new_data": self.editor.data.new_seed.enter_seed,
            "next_panel": partial(self.panel_focus.go, 1),
            "previous_panel": partial(self.panel_focus.go, -1),
            "reset_layout": self.reset_layout,
            "verify": self._verify,
            "shortcuts": self._shortcuts,
            "about": self._about,
        }
        for name, slot in slots.items():
            self.commands[name].triggered.connect(lambda _checked=False, slot=slot: slot())
        self.editor.data.import_wanted.connect(self.importing.ask)
        self.importing.told.connect(self.notice.say)
        self.importing.read.connect(self.session.offer)
        self.commands["full_screen"].toggled.connect(self._set_full_screen)
        self.transport.speed_changed.connect(session.set_speed)
        for panel in (self.network, self.parameters):
            panel.value_edited.connect(self.parameter_edits.set_value)
            panel.frozen_toggled.connect(self.parameter_edits.set_frozen)
        document.settling.connect(self.network.settle)
        self.workspace.follow_session()
        session.snapshot_changed.connect(self._snapshot_changed)
        document.changed.connect(self._document_changed)
        document.path_changed.connect(self._show_title)
        document.modified_changed.connect(self.setWindowModified)
        document.refused.connect(self._edit_refused)
        filing.replaced.connect(self.start)
        filing.filed.connect(
            lambda path: self.memory.remember(self.memory.preferences.opened(path))
        )
        filing.gone.connect(
            lambda path: self.memory.remember(self.memory.preferences.without(path))
        )
        self.memory.changed.connect(self.apply_theme)
        self.memory.changed.connect(self._show_digits)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.apply_theme)

    def _settled(self, command: Callable[[], None]) -> Callable[[], None]:
        """Take in what is typed but not yet entered, then do the command."""

        def settle_and_do() -> None:
            self.document.settle()
            command()

        return settle_and_do

    # --- document and run -----------------------------------------------------------------------

    def start(self) -> None:
        """A run of what the document holds, paused before its first iteration. What had the focus
        may be hidden now, and its next neighbor should not take the key that runs. The editor
        begins with the name."""
        self.setFocus()
        self.editor.verticalScrollBar().setValue(0)
        self._show_title()
        self.session.start(self.document.experiment, self.document.folder)

    def _about(self) -> None:
        from bpgui.ui.about import show_about  # with all licenses

        show_about(self)

    def _shortcuts(self) -> None:
        from bpgui.ui.shortcuts import show_shortcuts

        show_shortcuts(self, self.commands, self.docks)

    def _verify(self) -> None:
        from bpgui.ui.verify_dialog import show_verify  # with all published examples

        show_verify(self.session.worker, self.memory.theme, self)

    def _document_changed(self, old: Experiment, new: Experiment) -> None:
        self._show_title()
        self.commands.set_enabled("new_data", hasattr(new.data, "seed"))
        if not self.filing.replacing:
            self.session.apply(old, new, self.document.folder)

    def _snapshot_changed(self, snapshot: Snapshot) -> None:
        if snapshot.state is RunState.RUNNING and not self.memory.preferences.hint_seen:
            self.transport.show_hint(False)
            self.memory.remember(replace(self.memory.preferences, hint_seen=True))

    def _edit_refused(self, _place: str, message: str) -> None:
        """The editors say it at the field, the foot of the window where they cannot be seen."""
        if not self.editor.isVisible():
            self.notice.say(message)

    # --- what the window looks like -------------------------------------------------------------

    def apply_theme(self) -> None:
        colors = self.memory.theme
        if colors is self._colors:
            return
        self._colors = colors
        theme.prepare(self._app, colors)
        self._recolor()

    def _recolor(self) -> None:
        theme.finish(self._app, self._colors)
        self.commands.set_theme(self._colors)
        self.notice.set_theme(self._colors)
        self.workspace.set_theme(self._colors)
        self.status.set_fonts()
        self.transport.set_fonts()

    def _show_digits(self) -> None:
        self.workspace.set_digits(self.memory.preferences.digits)

    def reset_layout(self) -> None:
        self._layout_is_default = True
        arrange(self, self.docks)
        self.lesson.show_panels()
        QTimer.singleShot(0, self, self._proportion)

    def _proportion(self) -> None:
        proportion(self, self.docks)

    def _set_full_screen(self, on: bool) -> None:
        if on:
            self.showFullScreen()
        else:
            self.showNormal()

    def _show_title(self) -> None:
        self.setWindowTitle(f"{self.filing.name}[*] - bpgui")
        self.setWindowModified(self.document.modified)

    # --- events ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.notice.set_foot(self.status.height())
        if self._layout_is_default:
            QTimer.singleShot(0, self, self._proportion)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            is_data = holds_data(path)
            if is_data and not self.commands["import"].isEnabled():
                self.notice.say(self.tr("This lesson keeps its data."))
                return
            take = self.importing.open if is_data else self.filing.open
            QTimer.singleShot(0, self, lambda: take(path))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.document.settle()
        if self.document.modified and not self._may_close:
            event.ignore()
            self.filing.guard(self._close_now)
            return
        self.lesson.release_panels()
        store(self, self.editor, self.memory.settings)
        self.hide()
        self.workspace.close()
        self.importing.close()
        self.exporting.close()
        self.session.close()
        event.accept()

    def _close_now(self) -> None:
        self._may_close = True
        self.close()
