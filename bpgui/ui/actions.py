"""Every command of the window: one table for texts, keys and tips, one for the menus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from bpgui.experiment.lessons import State
from bpgui.ui.document import Document
from bpgui.ui.icons import icon
from bpgui.ui.theme import Theme
from bpgui.ui.translation import QT_TRANSLATE_NOOP

Key = QKeySequence.StandardKey
translate = QCoreApplication.translate


class Command(NamedTuple):
    """`keys` is for platforms that do not name a standard key, and where there is none; `short`
    is the text beside the icon."""

    name: str
    text: str
    keys: str = ""
    tip: str = ""
    standard: QKeySequence.StandardKey | None = None
    icon: str = ""
    short: str = ""


COMMANDS = (
    Command("new", QT_TRANSLATE_NOOP("Actions", "&New"), "Ctrl+N", standard=Key.New),
    Command("open", QT_TRANSLATE_NOOP("Actions", "&Open…"), "Ctrl+O", standard=Key.Open),
    Command("presets", QT_TRANSLATE_NOOP("Actions", "&Built-in presets…"), "Ctrl+Shift+O"),
    Command("import", QT_TRANSLATE_NOOP("Actions", "&Import data…"), "Ctrl+I"),
    Command("save", QT_TRANSLATE_NOOP("Actions", "&Save"), "Ctrl+S", standard=Key.Save),
    Command(
        "save_as", QT_TRANSLATE_NOOP("Actions", "Save &as…"), "Ctrl+Shift+S", standard=Key.SaveAs
    ),
    Command("quit", QT_TRANSLATE_NOOP("Actions", "&Quit"), "Ctrl+Q", standard=Key.Quit),
    Command(
        "toggle",
        QT_TRANSLATE_NOOP("Actions", "Run"),
        tip=QT_TRANSLATE_NOOP("Actions", "Train until the stop rule says so"),
        icon="run",
    ),
    Command(
        "step_iteration",
        QT_TRANSLATE_NOOP("Actions", "Step one iteration"),
        "F8",
        QT_TRANSLATE_NOOP("Actions", "One iteration: one batch, one update of the parameters"),
        icon="step",
        short=QT_TRANSLATE_NOOP("Actions", "Iteration"),
    ),
    Command(
        "step_epoch",
        QT_TRANSLATE_NOOP("Actions", "Step one epoch"),
        "Shift+F8",
        QT_TRANSLATE_NOOP(
            "Actions", "On to the end of this epoch: one pass over the training data"
        ),
        icon="epoch",
        short=QT_TRANSLATE_NOOP("Actions", "Epoch"),
    ),
    Command(
        "reset",
        QT_TRANSLATE_NOOP("Actions", "Reset"),
        "Ctrl+R",
        QT_TRANSLATE_NOOP("Actions", "Back to iteration 0 with the same initial weights"),
        icon="reset",
    ),
    Command(
        "new_weights",
        QT_TRANSLATE_NOOP("Actions", "New weights"),
        "Ctrl+Shift+R",
        QT_TRANSLATE_NOOP("Actions", "Draw new random initial weights and begin again"),
        icon="new_weights",
    ),
    Command(
        "new_data",
        QT_TRANSLATE_NOOP("Actions", "Regenerate data"),
        "Ctrl+Shift+D",
        QT_TRANSLATE_NOOP("Actions", "Make or split the samples anew by another seed"),
    ),
    Command("undo", QT_TRANSLATE_NOOP("Actions", "Undo"), "Ctrl+Z", standard=Key.Undo),
    Command("redo", QT_TRANSLATE_NOOP("Actions", "Redo"), "Ctrl+Shift+Z", standard=Key.Redo),
    Command("lesson", QT_TRANSLATE_NOOP("Actions", "&Make a lesson…")),
    Command("unlock", QT_TRANSLATE_NOOP("Actions", "&Unlock lesson")),
    Command(
        "next_panel",
        QT_TRANSLATE_NOOP("Actions", "&Next panel"),
        "F6",
        QT_TRANSLATE_NOOP("Actions", "Go to the first control of the next panel in sight"),
    ),
    Command(
        "previous_panel",
        QT_TRANSLATE_NOOP("Actions", "&Previous panel"),
        "Shift+F6",
        QT_TRANSLATE_NOOP("Actions", "Go to the first control of the panel before"),
    ),
    Command("reset_layout", QT_TRANSLATE_NOOP("Actions", "&Reset layout")),
    Command(
        "full_screen",
        QT_TRANSLATE_NOOP("Actions", "&Full screen"),
        "F11",
        standard=Key.FullScreen,
    ),
    Command("verify", QT_TRANSLATE_NOOP("Actions", "&Published digits…")),
    Command("shortcuts", QT_TRANSLATE_NOOP("Actions", "&Keyboard shortcuts"), "F1"),
    Command("about", QT_TRANSLATE_NOOP("Actions", "&About bpgui")),
)

Inserted: TypeAlias = QMenu | list[QAction]

SEPARATOR = ""
MENUS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "file",
        QT_TRANSLATE_NOOP("Actions", "&File"),
        (
            "new",
            "open",
            "recent",
            "presets",
            SEPARATOR,
            "import",
            SEPARATOR,
            "save",
            "save_as",
            "export",
            SEPARATOR,
            "quit",
        ),
    ),
    ("edit", QT_TRANSLATE_NOOP("Actions", "&Edit"), ("undo", "redo")),
    ("experiment", QT_TRANSLATE_NOOP("Actions", "E&xperiment"), ("lesson",)),
    (
        "run",
        QT_TRANSLATE_NOOP("Actions", "&Run"),
        ("toggle", "step_iteration", "step_epoch", SEPARATOR, "reset", "new_weights", "new_data"),
    ),
    (
        "view",
        QT_TRANSLATE_NOOP("Actions", "&View"),
        (
            "panels",
            SEPARATOR,
            "next_panel",
            "previous_panel",
            "reset_layout",
            SEPARATOR,
            "digits",
            "theme",
            "full_screen",
            SEPARATOR,
            "unlock",
        ),
    ),
    ("help", QT_TRANSLATE_NOOP("Actions", "&Help"), ("verify", SEPARATOR, "shortcuts", "about")),
)


class Actions(QObject):
    """The QActions by name."""

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = {command.name: _action(command, self) for command in COMMANDS}
        self._states: Mapping[str, State] = {}
        self._off: set[str] = set()  # what makes no sense now
        self._tips: dict[str, str] = {}
        self._follow_history(document)
        self["quit"].setMenuRole(QAction.MenuRole.QuitRole)
        self["about"].setMenuRole(QAction.MenuRole.AboutRole)
        self["full_screen"].setCheckable(True)
        self["unlock"].setCheckable(True)
        self.show_running(False)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def _follow_history(self, document: Document) -> None:
        """The document is asked, not its stack: a lesson may stand against a step."""
        stack = document.undo_stack
        self["undo"].triggered.connect(document.undo)
        self["redo"].triggered.connect(document.redo)
        stack.canUndoChanged.connect(self["undo"].setEnabled)
        stack.canRedoChanged.connect(self["redo"].setEnabled)
        stack.undoTextChanged.connect(self._name_undo)
        stack.redoTextChanged.connect(self._name_redo)
        self["undo"].setEnabled(stack.canUndo())
        self["redo"].setEnabled(stack.canRedo())

    # Methods, as Qt lets go of these with the window, and the stack may outlive it.

    def _name_undo(self, step: str) -> None:
        self._name_step("undo", step)

    def _name_redo(self, step: str) -> None:
        self._name_step("redo", step)

    def _name_step(self, name: str, step: str) -> None:
        self[name].setText(f"{self[name].iconText()} {step}".strip())

    def set_enabled(self, name: str, enabled: bool) -> None:
        """Whether a command makes sense now; a lesson may keep it all the same."""
        self._off = self._off - {name} if enabled else self._off | {name}
        shown = self._states.get(name, "shown") == "shown"
        self[name].setEnabled(enabled and shown)

    def set_states(self, states: Mapping[str, State]) -> None:
        """Hide or lock commands."""
        self._states = states
        for name, state in states.items():
            self[name].setVisible(state != "hidden")
            self.set_enabled(name, name not in self._off)
            self.set_tip(name, self._tips.get(name, ""))

    def set_theme(self, theme: Theme) -> None:
        self._icons = {
            name: icon(name, theme, theme.accent if name in ("run", "pause") else "")
            for name in ("pause", *(command.icon for command in COMMANDS if command.icon))
        }
        for command in COMMANDS:
            if command.icon:
                self[command.name].setIcon(self._icons[command.icon])

    def show_running(self, running: bool) -> None:
        """Make the toggle say what it would do next. Space itself belongs to the window, which
        leaves it to a button or a text field that has the focus."""
        toggle = self["toggle"]
        text = translate("Actions", "Pause") if running else translate("Actions", "Run")
        toggle.setText(text + "\t" + QKeySequence("Space").toString(NATIVE))
        toggle.setIconText(text)
        if running:
            toggle.setIcon(self._icons["pause"])
        elif hasattr(self, "_icons"):
            toggle.setIcon(self._icons["run"])

    def set_tip(self, name: str, tip: str) -> None:
        """A tool tip that ends with the key; empty for the command's own. What is locked says so
        in its place."""
        self._tips[name] = tip
        if self._states.get(name) == "locked":
            self[name].setToolTip(translate("Actions", "Locked by this lesson"))
            return
        command = next(command for command in COMMANDS if command.name == name)
        keys = "Space" if name == "toggle" else self[name].shortcut().toString(NATIVE)
        text = tip or (translated(command.tip) if command.tip else "")
        self[name].setToolTip(f"{text} ({keys})" if keys and text else text)

    def build_menus(self, bar: QMenuBar, inserted: Mapping[str, Inserted]) -> None:
        """Fill the menu bar; `inserted` gives the submenus and runs of actions the table names."""
        for name, title, entries in MENUS:
            menu = bar.addMenu(translated(title))
            menu.setObjectName(name)
            for entry in entries:
                _add(menu, inserted.get(entry) or self._actions.get(entry))


NATIVE = QKeySequence.SequenceFormat.NativeText


def translated(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


def _add(menu: QMenu, entry: QMenu | QAction | list[QAction] | None) -> None:
    if entry is None:
        menu.addSeparator()
    elif isinstance(entry, QMenu):
        menu.addMenu(entry)
    elif isinstance(entry, QAction):
        menu.addAction(entry)
    else:
        menu.addActions(entry)


def _action(command: Command, parent: QObject) -> QAction:
    action = QAction(translated(command.text), parent)
    action.setObjectName(command.name)
    action.setIconText(translated(command.short or command.text))
    action.setShortcuts(_shortcuts(command.standard, command.keys))
    if command.tip:
        tip = translated(command.tip)
        keys = action.shortcut().toString(NATIVE)
        action.setToolTip(f"{tip} ({keys})" if keys else tip)
        action.setStatusTip("")
    return action


def _shortcuts(standard: QKeySequence.StandardKey | None, keys: str) -> list[QKeySequence]:
    """The platform's keys, or ours where it names none."""
    found = QKeySequence.keyBindings(standard) if standard is not None else []
    return found or ([QKeySequence(keys)] if keys else [])
