"""The bar above the Explain panel: step, sample, how much is explained, and what can be copied."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QWidget,
)

from bpgui.engine.derivation import Indices
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.ui.panels.controls import ElidedLabel, WholeBox, arrow, choice
from bpgui.ui.theme import SPACING


class ExplainBar(QWidget):
    """Says what the user wants; the panel does it."""

    stepped = Signal(int)
    place_changed = Signal(int)
    scope_changed = Signal(bool)
    copy_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = arrow(self, Qt.ArrowType.LeftArrow, self.tr("Step back (Left)"))
        self.back.clicked.connect(lambda: self.stepped.emit(-1))
        self.forward = arrow(self, Qt.ArrowType.RightArrow, self.tr("Step forward (Right)"))
        self.forward.clicked.connect(lambda: self.stepped.emit(1))
        self.place = QLabel(self)
        self.note = ElidedLabel(self)
        for label in (self.place, self.note):
            label.setProperty("role", "muted")
        self.scope = self._scope_box()
        self.sample = self._sample_box()
        self.copy = self._copy_button()
        self._fault = self._named = False
        steps, choices = QHBoxLayout(), QHBoxLayout()
        for widget in (self.back, self.forward, self.place):
            steps.addWidget(widget)
        steps.addSpacing(SPACING)
        steps.addWidget(self.note, 1)
        for control in (self.scope, self.sample, self.copy):
            choices.addWidget(control)
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.addLayout(steps, 1)
        self._rows.addLayout(choices)
        for row in (steps, choices, self._rows):
            row.setSpacing(SPACING // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is no room for all, leave out what is no control: the word before the sample,
        then the iteration. Where even that is too little, or a step is named, the choices go on
        below."""
        shown = (self.back, self.forward, self.place, self.scope, self.sample, self.copy)
        note, word = self._iteration_width(), self.tr("Sample") + " "
        direction = QBoxLayout.Direction.LeftToRight
        for prefix, told in ((word, note), ("", note), ("", 0)):
            self.sample.setPrefix(prefix)
            needed = sum(widget.sizeHint().width() + SPACING // 2 for widget in shown) + SPACING
            if needed + told <= self.width() and not self._named:
                break
        else:
            direction = QBoxLayout.Direction.TopToBottom
        self._rows.setDirection(direction)

    def _iteration_width(self) -> int:
        """The same for all numbers of iterations but very large ones, so that a run moves
        nothing."""
        text = self.tr("After {count} iterations").format(count="88,888")
        return self.note.fontMetrics().horizontalAdvance(text)

    @property
    def whole_batch(self) -> bool:
        """Whether gradients and update are those of the next iteration's batch."""
        return self.scope.currentIndex() == 1

    def _scope_box(self) -> QComboBox:
        box = choice(
            self,
            (self.tr("One sample"), self.tr("Next batch")),
            self.tr("What is explained"),
            self.tr(
                "One sample: its own loss and gradients, and the update it would cause alone. "
                "Next batch: the gradients and the update of the next iteration, with what each "
                "sample contributes."
            ),
        )
        box.currentIndexChanged.connect(lambda index: self.scope_changed.emit(index == 1))
        return box

    def _sample_box(self) -> WholeBox:
        told = self.tr("The sample that is walked through (Ctrl+Left, Ctrl+Right)")
        box = WholeBox(self, self.tr("Sample"), told)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda value: self.place_changed.emit(value - 1))
        return box

    def _copy_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setText(self.tr("Copy"))
        button.setToolTip(self.tr("Copy the formulas of the chosen number"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for form, text in (
            ("text", self.tr("As text")),
            ("latex", self.tr("As LaTeX")),
            ("markdown", self.tr("As Markdown")),
        ):
            menu.addAction(text).triggered.connect(
                lambda _=False, form=form: self.copy_asked.emit(form)
            )
        button.setMenu(menu)
        return button

    # --- what the panel shows ---------------------------------------------------------------------

    def show_step(self, row: int, count: int, name: str) -> None:
        """`name` where there is no list of the steps, else empty."""
        place = self.tr("{step} of {count}").format(step=row + 1, count=count)
        self.place.setText(f"{place}  {name}" if name else place)
        self._named = bool(name)
        self.back.setEnabled(row > 0)
        self.forward.setEnabled(row < count - 1)
        self._fit()

    def show_samples(self, place: int, samples: Indices) -> None:
        """The place of the chosen sample among those to choose from; says its number if it is
        another one."""
        self.sample.blockSignals(True)
        self.sample.setMaximum(max(len(samples), 1))
        self.sample.setValue(place + 1)
        suffix = self.tr(" of {count}").format(count=f"{len(samples):,}")
        number = int(samples[place]) + 1
        if number != place + 1:
            suffix += self.tr(" (number {number})").format(number=f"{number:,}")
        self.sample.setSuffix(suffix)
        self.sample.setEnabled(len(samples) > 1)
        self._fit()
        self.sample.blockSignals(False)

    def move_sample(self, by: int) -> None:
        self.sample.setValue(self.sample.value() + by)

    def set_fault(self, fault: bool) -> None:
        """Whether training uses a wrong backward pass on purpose."""
        self._fault = fault

    def show_iteration(self, snapshot: Snapshot, fits: bool) -> None:
        """When the parameters are those of, and what is other than asked for: `fits` tells whether
        the batch is small enough to be opened."""
        text = self.tr("After {count} iterations").format(count=f"{snapshot.iteration:,}")
        if snapshot.iteration == 1:
            text = self.tr("After 1 iteration")
        elif snapshot.iteration == 0:
            text = self.tr("Before training")
        if snapshot.state == RunState.RUNNING:
            text += self.tr(" · following the run")
        if not fits:
            text += self.tr(" · the batch is too large to open: one sample is shown")
        if self._fault:
            text += self.tr(" · the right pass; training uses a wrong one")
        self.note.setText(text)
        self.note.setToolTip(text)

    def say_waiting(self, iteration: int) -> None:
        text = self.tr("After {count} iterations · follows when the run pauses")
        self.note.setText(text.format(count=f"{iteration:,}"))
