"""What every editor has in common: fields in two columns, each with a line for its message."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from bpgui.experiment.models import Experiment
from bpgui.ui.document import Change
from bpgui.ui.editors.choice_box import ChoiceBox
from bpgui.ui.editors.value_box import ValueBox
from bpgui.ui.editors.wording import sentence, tooltip
from bpgui.ui.theme import SPACING

LABEL_WIDTH = 15 * SPACING


class Message(QLabel):
    """A line in the color of errors that takes no room while it is empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "error")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.hide()

    def say(self, text: str) -> None:
        self.setText(text)
        self.setVisible(bool(text))


class Field:
    """A control, its message, and what else comes and goes with it: its label, the buttons beside
    it. A message that is to be made is made with the first thing to say."""

    def __init__(
        self,
        control: QWidget,
        message: Message | Callable[[], Message],
        company: tuple[QWidget, ...] = (),
    ) -> None:
        self.control, self.company = control, company
        if isinstance(message, Message):
            self.message = message
        else:
            self._make_message = message

    @cached_property
    def message(self) -> Message:
        return self._make_message()

    @property
    def said(self) -> str:
        return self.message.text() if "message" in vars(self) else ""

    def set_visible(self, visible: bool) -> None:
        for widget in (self.control, *self.company):
            widget.setVisible(visible)
        if not visible:
            self.say("")

    def say(self, text: str) -> None:
        if text or self.said:
            self.message.say(sentence(text))
        if isinstance(self.control, ValueBox):
            self.control.set_wrong(bool(text))
        self.control.setAccessibleDescription(text or self.control.property("help") or "")


class Editor(QWidget):
    """Shows a part of the experiment and emits what the user means to change.

    `fields` maps places of the preset, such as training.optimizer.learning_rate, to their fields. A
    refusal of a place is shown at the field of the longest place that contains it. What is
    `beside_heading` belongs on the line of the heading that an editor stands under. Places whose
    controls a lesson knows by other names stand in `lesson_names`.
    """

    edited = Signal(str, object, str)  # label of the undo step, change, merge key
    lesson_names: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, Field] = {}
        self.beside_heading: list[QWidget] = []
        self.form = QGridLayout(self)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setHorizontalSpacing(SPACING)
        self.form.setVerticalSpacing(SPACING * 3 // 4)
        self.form.setColumnMinimumWidth(0, LABEL_WIDTH)
        self.form.setColumnStretch(1, 1)

    def show_experiment(self, experiment: Experiment) -> None:
        raise NotImplementedError

    def controls(self) -> Iterator[tuple[str, QWidget]]:
        """The names that lessons have for controls, each with its widgets."""
        for place, field in self.fields.items():
            for name in self.lesson_names.get(place, (place,)):
                for widget in (field.control, *field.company):
                    yield name, widget

    def emit_edit(self, label: str, change: Change, merge: str = "") -> None:
        self.edited.emit(label, change, merge)

    def add_field(
        self, place: str, label: str, control: QWidget, help: str, *beside: QWidget
    ) -> Field:
        """A row of a label, its control, and small buttons beside it."""
        name = QLabel(label, self)
        name.setBuddy(control)
        describe(control, label.replace("&", ""), help)
        name.setToolTip(control.toolTip())
        row = self.form.rowCount()
        self.form.addWidget(name, row, 0)
        together = _in_line(control, *beside) if beside else control
        self.form.addWidget(together, row, 1)
        return self._register(place, control, row + 1, name, together, *beside)

    def add_to_heading(self, place: str, label: str, control: QWidget, help: str) -> Field:
        """A control on the line of the section's heading, which stands for its label."""
        describe(control, label, help)
        self.beside_heading.append(control)
        return self._register(place, control, self.form.rowCount())

    def add_checked_field(self, place: str, check: QCheckBox, control: QWidget, help: str) -> Field:
        """A row whose label is a check box that switches its control on and off."""
        describe(control, check.text().replace("&", ""), help)
        describe(check, check.text().replace("&", ""), help)
        row = self.form.rowCount()
        self.form.addWidget(check, row, 0)
        self.form.addWidget(control, row, 1)
        return self._register(place, control, row + 1, check)

    def add_wide(self, place: str, control: QWidget, label: str, help: str) -> Field:
        """A control over both columns with no label beside it; `label` is its accessible name."""
        describe(control, label, help)
        row = self.form.rowCount()
        self.form.addWidget(control, row, 0, 1, 2)
        return self._register(place, control, row + 1)

    def _register(self, place: str, control: QWidget, row: int, *company: QWidget) -> Field:
        def make_message() -> Message:
            message = Message(self)
            self.form.addWidget(message, row, 0, 1, 2)
            return message

        self.form.setRowMinimumHeight(row, 0)  # it is the message's, and counts from now on
        field = Field(control, make_message, company)
        if isinstance(control, ValueBox):
            control.rejected.connect(field.say)
            control.reverted.connect(lambda: field.say(""))
        self.fields[place] = field
        return field

    def show_refusal(self, place: str, message: str) -> bool:
        """Show `message` at the field for `place`; False where this editor has none."""
        field = self.field_at(place)
        if field is None:
            return False
        field.say(f"{field.said}\n{sentence(message)}" if field.said else message)
        return True

    def clear_refusal(self) -> None:
        for field in self.fields.values():
            if field.said:
                field.say("")

    def field_at(self, place: str) -> Field | None:
        """The field whose place is `place` or the nearest that contains it."""
        while place:
            field = self.fields.get(place)
            if field is not None and field.control.isVisibleTo(self):
                return field
            place = re.sub(r"(\.[^.\[\]]*|\[[^\]]*\]|^[^.\[]*)$", "", place)
        return None


def _in_line(control: QWidget, *beside: QWidget) -> QWidget:
    """One widget of them all: a layout whose widgets are hidden would narrow its column."""
    line = QWidget(control.parentWidget())
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACING // 2)
    row.addWidget(control, 1)
    for widget in beside:
        row.addWidget(widget)
    return line


def describe(control: QWidget, name: str, help: str) -> None:
    """Give `control` its accessible name and a tooltip that teaches."""
    control.setAccessibleName(name)
    control.setAccessibleDescription(help)
    control.setProperty("help", help)
    if not isinstance(control, ChoiceBox) or help:
        control.setToolTip(tooltip(help))
