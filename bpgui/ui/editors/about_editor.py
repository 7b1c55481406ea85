"""What the experiment is called and what it is about."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from bpgui.experiment import edits
from bpgui.experiment.models import Experiment
from bpgui.ui.editors.editor import Editor
from bpgui.ui.editors.text_box import TextBox
from bpgui.ui.theme import SPACING

MOST_LINES = 10


class Description(QPlainTextEdit):
    """As high as its text, up to a limit; emits the text when the focus leaves it."""

    entered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(SPACING // 2)
        self.textChanged.connect(self._refit)

    def set_value(self, text: str) -> None:
        if text == self.toPlainText():
            return
        self.setPlainText(text)
        self.document().setModified(False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.document().isModified():
            self.document().setModified(False)
            self.entered.emit(self.toPlainText())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter makes a line; with Ctrl it is done."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.focusNextChild()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Room for the text as it wraps now."""
        metrics, margin = QFontMetrics(self.font()), round(self.document().documentMargin())
        height = min(max(self._needed(), 2), MOST_LINES) * metrics.lineSpacing()
        return QSize(16 * SPACING, height + 2 * (self.frameWidth() + margin) + 2)

    def _needed(self) -> int:
        """Lines of the text as it wraps now; a plain text's layout is measured in lines."""
        return math.ceil(self.document().documentLayout().documentSize().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refit()

    def _refit(self) -> None:
        """A bar that is not needed would take the room without which it is needed."""
        policy = Qt.ScrollBarPolicy
        fits = self._needed() <= MOST_LINES
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAlwaysOn
        )
        self.updateGeometry()


class AboutEditor(Editor):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = TextBox(self)
        self.name.setPlaceholderText(self.tr("Untitled experiment"))
        self.name.setMaxLength(200)
        self.add_wide(
            "name", self.name, self.tr("Name"), self.tr("What this experiment is called.")
        )
        self.name.entered.connect(
            lambda text: self.emit_edit(
                self.tr("rename"), lambda e: edits.set_text(e, "name", text), "name"
            )
        )
        self.description = Description(self)
        self.description.setPlaceholderText(self.tr("What is there to see?"))
        self.add_wide(
            "description",
            self.description,
            self.tr("Description"),
            self.tr("A few sentences for whoever opens this preset."),
        )
        self.description.entered.connect(
            lambda text: self.emit_edit(
                self.tr("describe"), lambda e: edits.set_text(e, "description", text), "description"
            )
        )

    def show_experiment(self, experiment: Experiment) -> None:
        self.name.set_value(experiment.name)
        self.description.set_value(experiment.description)
