"""Samples written by the user, in the column of the editors and large in a window of their own."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from bpgui.experiment.sources import Inline
from bpgui.ui.editors.editor import Message
from bpgui.ui.editors.glyphs import GlyphButton
from bpgui.ui.editors.inline_samples import SampleEditor
from bpgui.ui.theme import LIGHT, SPACING, Theme

SIZE = (760, 560)


class SampleWindow(QDialog):
    """The same samples with more room, beside the window that they belong to, whose keys, such as
    that of Undo, work in a tool window, too."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setObjectName("samples")
        self.setWindowTitle(self.tr("Samples"))
        self.samples = SampleEditor(self, large=True)
        self.message = Message(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[SPACING] * 4)
        column.addWidget(self.samples, 1)
        column.addWidget(self.message)
        self.samples.rejected.connect(self.message.say)
        self.resize(*SIZE)


class InlineEditor(SampleEditor):
    """Whatever is done in the window is emitted as if it had been done here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.large: SampleWindow | None = None
        self._data: Inline | None = None
        self._theme, self._locked = LIGHT, False
        self.window_button = GlyphButton("window", self.tr("Show the samples in a window"), self)
        self.window_button.clicked.connect(self._open_window)
        self.buttons.addWidget(self.window_button)

    def _open_window(self) -> None:
        if self.large is None:
            self.large = SampleWindow(self.window())
            self.large.samples.sample_chosen.connect(self.select_sample)
            self.large.samples.sample_chosen.connect(self.sample_chosen)
            self.large.samples.edited.connect(self._edit)
        if self._data is not None:
            self.large.samples.show_data(self._data)
        self.large.samples.model.set_theme(self._theme)
        self.large.samples.set_locked(self._locked)
        self.large.samples.select_sample(self.table.currentIndex().row())
        self.large.message.say("")
        self.large.show()
        self.large.raise_()
        self.large.activateWindow()

    def _edit(self, label: str, change: object, merge: str) -> None:
        assert self.large is not None
        self.large.message.say("")
        self.edited.emit(label, change, merge)

    def close_window(self) -> None:
        """There are no samples to show any more."""
        if self.large is not None:
            self.large.hide()

    def say(self, text: str) -> None:
        """Tell in the window, too, why an edit was refused."""
        if self.large is not None:
            self.large.message.say(text)

    def show_data(self, data: Inline) -> None:
        super().show_data(data)
        self._data = data
        if self.large is not None and self.large.isVisible():
            self.large.samples.show_data(data)

    def select_sample(self, row: int) -> None:
        super().select_sample(row)
        if self.large is not None:
            self.large.samples.select_sample(row)

    def set_locked(self, locked: bool) -> None:
        super().set_locked(locked)
        self._locked = locked
        if self.large is not None:
            self.large.samples.set_locked(locked)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.model.set_theme(theme)
        if self.large is not None:
            self.large.samples.model.set_theme(theme)
