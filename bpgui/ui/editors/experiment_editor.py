"""The left dock: all editors in sections, wired to the document."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import TypeVar, cast

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from bpgui.experiment.controls import SECTIONS
from bpgui.experiment.errors import PresetError
from bpgui.experiment.lessons import state_of
from bpgui.ui.document import Change, Document
from bpgui.ui.editors.about_editor import AboutEditor
from bpgui.ui.editors.data_editor import DataEditor
from bpgui.ui.editors.editor import Editor, Message
from bpgui.ui.editors.fault_editor import FaultEditor
from bpgui.ui.editors.locks import Locks
from bpgui.ui.editors.loss_editor import LossEditor
from bpgui.ui.editors.network_editor import NetworkEditor
from bpgui.ui.editors.optimizer_editor import OptimizerEditor, RegularizationEditor
from bpgui.ui.editors.section import Section
from bpgui.ui.editors.training_editor import BatchEditor, StopEditor
from bpgui.ui.editors.value_box import ValueBox
from bpgui.ui.editors.weights_editor import WeightsEditor
from bpgui.ui.editors.wording import sentence
from bpgui.ui.theme import DARK, LIGHT, SPACING, Theme

E = TypeVar("E", bound=Editor)

STATE_VERSION = b"1"


class ExperimentEditor(QScrollArea):
    """Shows the document's experiment, hands on what the user means, and puts refusals at their
    fields."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.sections: list[Section] = []
        self._locks = Locks()
        self.about = AboutEditor(self)
        self.message = Message(self)
        self.network = self._section("network", self.tr("Network"), NetworkEditor)
        self.weights = self._section("initial_weights", self.tr("Initial weights"), WeightsEditor)
        self.data = self._section("data", self.tr("Data"), DataEditor)
        self.loss = self._section("loss", self.tr("Loss"), LossEditor)
        self.optimizer = self._section("optimizer", self.tr("Optimizer"), OptimizerEditor)
        self.regularization = self._section(
            "regularization", self.tr("Regularization"), RegularizationEditor
        )
        self.batch = self._section("batch", self.tr("Batch"), BatchEditor)
        self.stop = self._section("stop", self.tr("Stop"), StopEditor)
        self.fault = self._section("backward", self.tr("Backward pass"), FaultEditor)
        self.editors: tuple[Editor, ...] = (
            self.about,
            self.network,
            self.weights,
            self.data,
            self.loss,
            self.optimizer,
            self.regularization,
            self.batch,
            self.stop,
            self.fault,
        )
        self._lay_out()
        self._connect()
        dark = self.palette().window().color().lightness() < 128
        self.set_theme(DARK if dark else LIGHT)
        self._show_place()
        self._show()

    def _section(self, name: str, title: str, make: Callable[[QWidget], E]) -> E:
        section = Section(name, title, self)
        editor = make(section)
        section.set_body(editor)
        for control in editor.beside_heading:
            section.add_beside(control)
        self.sections.append(section)
        return editor

    def _lay_out(self) -> None:
        content = QWidget(self)
        self._lines: dict[str, QFrame] = {}
        column = QVBoxLayout(content)
        column.setContentsMargins(SPACING, SPACING, SPACING, 2 * SPACING)
        column.setSpacing(SPACING // 2)
        column.addWidget(self.about)
        column.addWidget(self.message)
        for section in self.sections:
            self._lines[section.name] = _line(content)
            column.addWidget(self._lines[section.name])
            column.addWidget(section)
        column.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    def _connect(self) -> None:
        for editor in self.editors:
            editor.edited.connect(self._edit)
        self._document.changed.connect(self._refresh)
        self._document.refused.connect(self._refuse)
        self._document.lesson_changed.connect(self._refresh)
        self._document.path_changed.connect(self._show_place)
        self._document.settling.connect(self.settle)
        cast(QApplication, QApplication.instance()).focusChanged.connect(self._follow)

    def minimumSizeHint(self) -> QSize:
        """Never narrower than the fields: there is no scroll bar for what would be cut off."""
        content, bar = self.widget(), self.verticalScrollBar()
        fields = content.minimumSizeHint().width() if content is not None else 0
        return QSize(fields + bar.sizeHint().width(), super().minimumSizeHint().height())

    def set_theme(self, theme: Theme) -> None:
        """Recolor what the palette does not reach."""
        self.weights.set_theme(theme)
        self.data.set_theme(theme)

    def settle(self) -> None:
        """Enter what has been typed but not yet entered; the focus stays where it is."""
        focus = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            return
        focus.clearFocus()
        if isValid(focus) and focus.isVisible():
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow(self, old: QWidget | None, now: QWidget | None) -> None:
        """Bring a number that a key has given the focus into sight: Alt+L does the learning rate.
        Tab needs no help, and a table is left alone while a cell of it is written."""
        if old is None or not isinstance(now, ValueBox) or QGuiApplication.mouseButtons():
            return
        if self.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, 3 * SPACING)

    def show_problems(self, error: PresetError) -> None:
        """Show what an attempt to build or run the experiment has found, at the fields."""
        self._refresh()
        for problem in error.problems:
            self._refuse(problem.place, problem.message)

    def saveState(self) -> QByteArray:
        """Which sections are folded away."""
        folded = ",".join(section.name for section in self.sections if not section.unfolded)
        return QByteArray(STATE_VERSION + b":" + folded.encode())

    def restoreState(self, state: QByteArray | bytes) -> bool:
        """False, and nothing changes, where `state` is not from `saveState`."""
        version, found, names = bytes(QByteArray(state).data()).partition(b":")
        if version != STATE_VERSION or not found:
            return False
        folded = names.decode("ascii", "replace").split(",")
        for section in self.sections:
            section.set_unfolded(section.name not in folded)
        return True

    def _edit(self, label: str, change: Change, merge: str) -> None:
        self._clear()
        if self._document.edit(label, change, merge):
            self._show()

    def _refresh(self) -> None:
        self._clear()
        self._show()

    def _clear(self) -> None:
        self.message.say("")
        for editor in self.editors:
            editor.clear_refusal()

    def _show(self) -> None:
        self._locks.release()
        for editor in self.editors:
            editor.show_experiment(self._document.experiment)
        self._show_lesson()
        self.updateGeometry()

    def _show_lesson(self) -> None:
        lesson = self._document.lesson
        for section in self.sections:
            kept_out = all(state_of(lesson, name) == "hidden" for name in SECTIONS[section.name])
            section.setVisible(not kept_out)
            self._lines[section.name].setVisible(not kept_out)
        controls = chain.from_iterable(editor.controls() for editor in self.editors)
        self._locks.apply(lesson, controls)

    def _show_place(self) -> None:
        self.data.folder = self._document.folder

    def _refuse(self, place: str, message: str) -> None:
        hidden = state_of(self._document.lesson, place) == "hidden"
        for editor in () if hidden else self.editors:
            if editor.show_refusal(place, message):
                self._reveal(editor, place)
                return
        self.message.say(f"{place}: {message}" if place else sentence(message))
        self.ensureWidgetVisible(self.message)

    def _reveal(self, editor: Editor, place: str) -> None:
        for section in self.sections:
            if section.body is editor:
                section.set_unfolded(True)
        field = editor.field_at(place)
        if field is not None:
            self.ensureWidgetVisible(field.message)


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Plain)
    line.setForegroundRole(line.palette().ColorRole.Mid)
    return line
