"""Where a teacher says what a lesson shows, locks and hides."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bpgui.experiment.controls import COMMANDS, PANELS, PARAMETERS, SECTIONS
from bpgui.experiment.lessons import State, lesson_of, lockable, state_of
from bpgui.experiment.models import Lesson
from bpgui.ui.editors.choice_box import Choice, ChoiceBox
from bpgui.ui.lesson_words import called
from bpgui.ui.theme import SPACING

SIZE = (520, 640)
STATE_WIDTH = 16 * SPACING
ROW_HEIGHT = 30
MOST_SIGNS = 1000  # of the note, as the format has it


class LessonDialog(QDialog):
    """A tree of controls. What follows from another row is shown and cannot be chosen."""

    made = Signal(object)  # Lesson, or None where it would do nothing

    def __init__(self, lesson: Lesson | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("make_lesson")
        self.setWindowTitle(self.tr("Make a lesson"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._states: dict[str, State] = {}
        self.choices: dict[str, ChoiceBox] = {}
        self.note = QPlainTextEdit(lesson.note if lesson is not None else "", self)
        self.tree = QTreeWidget(self)
        self._items: dict[str, QTreeWidgetItem] = {}
        self._build_tree()
        self._lay_out()
        if lesson is not None:
            self._states |= dict.fromkeys(lesson.locked, "locked")
            self._states |= dict.fromkeys(lesson.hidden, "hidden")
        self._show_states()
        self._unfold_chosen()
        self.note.textChanged.connect(self._limit_note)
        self.resize(*SIZE)

    # --- building -------------------------------------------------------------------------------

    def _build_tree(self) -> None:
        self.tree.setAccessibleName(self.tr("What the lesson shows"))
        self.tree.setColumnCount(2)
        self.tree.setHeaderLabels([self.tr("Control"), self.tr("In the lesson")])
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(1, STATE_WIDTH)
        self.tree.itemActivated.connect(self._open_choice)
        sections = self._group(self.tr("Experiment"), SECTIONS)
        for section, item in zip(SECTIONS, sections, strict=True):
            for field in SECTIONS[section]:
                self._add(field, item)
        self._group(self.tr("Panels"), PANELS)
        self._group(self.tr("Commands"), (*COMMANDS, PARAMETERS))

    def _group(self, title: str, names: Iterable[str]) -> list[QTreeWidgetItem]:
        group = QTreeWidgetItem(self.tree, [title])
        group.setSizeHint(0, QSize(0, ROW_HEIGHT))
        font = group.font(0)
        font.setBold(True)
        group.setFont(0, font)
        group.setExpanded(True)
        return [self._add(name, group) for name in names]

    def _add(self, name: str, under: QTreeWidgetItem) -> QTreeWidgetItem:
        item = QTreeWidgetItem(under, [called(name)])
        item.setToolTip(0, name)
        item.setSizeHint(0, QSize(0, ROW_HEIGHT))
        box = ChoiceBox(self._choices(name), self.tree)
        box.setAccessibleName(called(name))
        box.chosen.connect(lambda state: self._choose(name, state))
        self.tree.setItemWidget(item, 1, box)
        self.choices[name], self._items[name] = box, item
        return item

    def _choices(self, name: str) -> list[Choice]:
        shown = Choice("shown", self.tr("Shown"))
        locked = Choice("locked", self.tr("Locked"), self.tr("Seen, but not to be changed."))
        hidden = Choice("hidden", self.tr("Hidden"))
        return [shown, locked, hidden] if lockable(name) else [shown, hidden]

    def _lay_out(self) -> None:
        told = QLabel(
            self.tr(
                "Choose what learners see and what they can change. A section stands for all of "
                "its fields. The lesson is saved with the preset."
            ),
            self,
        )
        told.setWordWrap(True)
        told.setProperty("role", "muted")
        label = QLabel(self.tr("&Note to the learner"), self)
        label.setBuddy(self.note)
        self.note.setTabChangesFocus(True)
        self.note.setPlaceholderText(self.tr("What is there to do? It stands above the panels."))
        self.note.setFixedHeight(9 * SPACING)
        self.too_long = QLabel(self)
        self.too_long.setProperty("role", "error")
        self.too_long.hide()
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel | buttons.Reset, self)
        self.buttons.button(buttons.Reset).setText(self.tr("Show everything"))
        self.buttons.button(buttons.Reset).clicked.connect(self._show_everything)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        column.setSpacing(SPACING)
        for widget in (told, label, self.note, self.too_long, self.tree, self.buttons):
            column.addWidget(widget, 1 if widget is self.tree else 0)

    def _open_choice(self, item: QTreeWidgetItem) -> None:
        """Enter on a row opens its list."""
        box = self.tree.itemWidget(item, 1)
        if isinstance(box, ChoiceBox) and box.isEnabled():
            box.setFocus()
            box.showPopup()

    # --- states ---------------------------------------------------------------------------------

    def _choose(self, name: str, state: State) -> None:
        self._states[name] = state
        self._show_states()

    def _show_everything(self) -> None:
        self._states = {}
        self._show_states()

    def _show_states(self) -> None:
        lesson = lesson_of(self._states, "")
        for name, box in self.choices.items():
            state = state_of(lesson, name)
            box.set_value(state)
            box.setEnabled(state == self._states.get(name, "shown"))

    def _unfold_chosen(self) -> None:
        for name, state in self._states.items():
            parent = self._items[name].parent()
            if state != "shown" and parent is not None:
                parent.setExpanded(True)

    def _limit_note(self) -> None:
        length = len(self.note.toPlainText())
        text = self.tr("The note has {length} characters; at most {most} fit.")
        self.too_long.setText(text.format(length=f"{length:,}", most=f"{MOST_SIGNS:,}"))
        self.too_long.setVisible(length > MOST_SIGNS)
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(length <= MOST_SIGNS)

    def accept(self) -> None:
        self.made.emit(lesson_of(self._states, self.note.toPlainText().strip()))
        super().accept()
