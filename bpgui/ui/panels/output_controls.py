"""The controls of the Output panel: what is shown, of which output, over which inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from bpgui.engine.problem import Problem
from bpgui.ui.panels.controls import WholeBox, choice, tip, toggle
from bpgui.ui.panels.output_held import HeldValue
from bpgui.ui.panels.output_key import OutputKey
from bpgui.ui.panels.output_words import OutputWords
from bpgui.ui.theme import SPACING, Theme
from bpgui.views.output_editing import editable
from bpgui.views.output_space import WINNER, Held, OutputView, Part, first_output, views_of

ALL = -2  # in the place of an output's index: every output
HELDS: tuple[Held, ...] = ("mean", "sample", "zero")


@dataclass(frozen=True, slots=True)
class Choice:
    """A view of an `output` (an index, WINNER or ALL) over the inputs `across` and `up` (from 0),
    or of a `part` of the data; in `steps`, and with the `test` samples. Other inputs are `held`,
    those of `held_apart` at values of their own."""

    view: OutputView
    output: int
    across: int
    up: int
    held: Held
    held_apart: tuple[tuple[int, float], ...]
    part: Part
    steps: bool
    test: bool

    @property
    def axes(self) -> tuple[int, int]:
        return self.across, self.up

    @property
    def place(self) -> tuple[object, ...]:
        """What stays the same as long as axes and values keep their meaning."""
        return self.view, self.output, self.across, self.up

    @property
    def asked(self) -> tuple[object, ...]:
        """What an evaluation depends on."""
        return (*self.place, self.held, self.held_apart, self.part)


class OutputControls(QWidget):
    """Says what the user wants; the panel does it."""

    changed = Signal()

    def __init__(self, words: OutputWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._views: tuple[OutputView, ...] = ()
        self._chosen: OutputView | None = None
        self._problem: Problem | None = None
        self.key = OutputKey(self)
        self.key.setToolTip(words.key_tip)
        self._build_views()
        self._build_choices()
        self._build_inputs()
        self._lay_out()

    # --- building --------------------------------------------------------------------------------

    def _build_views(self) -> None:
        self.view_buttons = QButtonGroup(self)
        for number in range(2):
            button = toggle(self)
            self.view_buttons.addButton(button, number)
        self.view_buttons.idClicked.connect(self._choose_view)

    def _build_choices(self) -> None:
        words = self._words
        self.output = choice(self, (), words.output, words.output_tip)
        self.part = choice(self, (words.train_data, words.test_data), words.part, words.part_tip)
        self.steps = toggle(self, words.steps, words.steps_tip)
        self.test = toggle(self, words.test, words.test_tip)
        self.test.setChecked(True)
        self.edit = toggle(self, words.edit, words.edit_tip)
        self._edit_tip = self.edit.toolTip()
        self.output.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.part.currentIndexChanged.connect(lambda _: self.changed.emit())
        for button in (self.steps, self.test):
            button.toggled.connect(lambda _: self.changed.emit())

    def _build_inputs(self) -> None:
        words = self._words
        self.inputs = QWidget(self)
        self.across = _input_box(self.inputs, words.across, words.across_tip)
        self.up = _input_box(self.inputs, words.up, words.up_tip)
        self.held = choice(
            self.inputs, (words.held[name] for name in HELDS), words.others, words.others_tip
        )
        self.held.setMinimumContentsLength(4)
        self.held.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.held.setMaximumWidth(20 * SPACING)
        self.across.valueChanged.connect(lambda value: self._keep_apart(value, self.up))
        self.up.valueChanged.connect(lambda value: self._keep_apart(value, self.across))
        self.held.currentIndexChanged.connect(self._hold)
        self.held_value = HeldValue(words, self)
        self.held_value.changed.connect(self.changed)

    def _lay_out(self) -> None:
        first, second, third = (_row() for _ in range(3))
        for button in self.view_buttons.buttons():
            first.addWidget(button)
        first.addSpacing(SPACING)
        first.addWidget(self.key, 100)
        first.addStretch(1)
        for widget in (self.output, self.part, self.steps, self.test, self.edit):
            second.addWidget(widget)
        second.addStretch(1)
        self.inputs.setLayout(third)
        for arrow, box in (("→", self.across), ("↑", self.up)):
            third.addWidget(_label(arrow, box, self.inputs))
            third.addWidget(box)
        third.addWidget(self.held, 100)
        third.addStretch(1)
        self.held_row = _row()
        self.held_row.addWidget(self.held_value)
        self.held_row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self.inputs)
        column.addLayout(self.held_row)

    # --- what is chosen --------------------------------------------------------------------------

    @property
    def view(self) -> OutputView:
        return self._views[self.view_buttons.checkedId()]

    @property
    def choice(self) -> Choice:
        return Choice(
            self.view,
            int(self.output.currentData()),
            self.across.value() - 1,
            self.up.value() - 1,
            HELDS[self.held.currentIndex()],
            self.held_value.chosen,
            "test" if self.part.currentIndex() == 1 else "train",
            self.steps.isChecked(),
            self.test.isChecked(),
        )

    # --- what there is to choose from ------------------------------------------------------------

    def set_problem(self, problem: Problem) -> None:
        """Keep what is chosen as far as the new problem has it."""
        before, self._problem = self._problem, problem
        views = views_of(problem)
        if views != self._views:
            self._views = views
            for button, view in zip(self.view_buttons.buttons(), views, strict=True):
                text, tip = self._words.views[view]
                button.setText(text)
                button.setToolTip(f"<b>{text}</b><br>{tip}")
                button.setAccessibleName(text)
            self.view_buttons.button(0).setChecked(True)
        inputs = problem.data_inputs
        if before is None or before.data_inputs != inputs:
            for box, value in ((self.across, 1), (self.up, 2)):
                with QSignalBlocker(box):
                    box.setRange(1, inputs)
                    box.setValue(value)
            self.held_value.set_inputs(inputs)
        with QSignalBlocker(self.part):
            if problem.test is None:
                self.part.setCurrentIndex(0)
        self._fill_outputs()
        self._show_what_counts()

    def _choose_view(self, _number: int) -> None:
        self._fill_outputs()
        self._show_what_counts()
        self.changed.emit()

    def _fill_outputs(self) -> None:
        problem = self._problem
        assert problem is not None
        count = problem.network.outputs
        entries = [(f"y{number + 1}", number) for number in range(count)]
        first = 0
        if self.view == "surface" and first_output(problem) == WINNER:
            entries.insert(0, (self._words.winner, WINNER))
            first = WINNER
        if self.view == "curve" and count > 1:
            entries.insert(0, (self._words.all_outputs, ALL))
            first = ALL
        if [data for _, data in entries] == [
            self.output.itemData(i) for i in range(self.output.count())
        ]:
            return
        with QSignalBlocker(self.output):
            self.output.clear()
            for text, data in entries:
                self.output.addItem(text, data)
            self.output.setCurrentIndex(self.output.findData(first))

    def _show_what_counts(self) -> None:
        """Each view has its own controls."""
        problem, view = self._problem, self.view
        assert problem is not None
        drawn, tested = view in ("surface", "curve"), problem.test is not None
        shown: Sequence[tuple[QWidget, bool]] = (
            (self.output, view != "confusion" and self.output.count() > 1),
            (self.steps, view == "surface"),
            (self.test, drawn and tested),
            (self.part, not drawn and tested),
            (self.edit, editable(problem, view)),
            (self.inputs, view == "surface" and problem.data_inputs > 2),
            (self.held_value, view == "surface" and problem.data_inputs > 2),
        )
        for widget, visible in shown:
            widget.setVisible(visible)

    def _hold(self, _index: int) -> None:
        self.held_value.clear()
        self.changed.emit()

    def _keep_apart(self, value: int, other: WholeBox) -> None:
        """Two axes never show the same input: the other one gives way."""
        if other.value() == value:
            with QSignalBlocker(other):
                other.setValue(value - 1 if value > 1 else value + 1)
        self.changed.emit()

    def set_locked(self, locked: bool) -> None:
        """Whether a lesson keeps the samples as they are."""
        self.edit.setEnabled(not locked)
        self.edit.setToolTip(tip(self._words.locked) if locked else self._edit_tip)
        if locked:
            self.edit.setChecked(False)

    def set_theme(self, theme: Theme) -> None:
        self.key.set_theme(theme)


def _input_box(parent: QWidget, name: str, tip: str) -> WholeBox:
    box = WholeBox(parent, name, f"<b>{name}</b><br>{tip}")
    box.setPrefix("x")
    box.setKeyboardTracking(False)
    return box


def _label(text: str, buddy: QWidget, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("role", "muted")
    label.setBuddy(buddy)
    return label


def _row() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACING // 2)
    return row
