"""The controls of the Digits panel: which picture goes in, and how one draws."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from bpgui.engine.problem import Problem
from bpgui.ui.panels.controls import ElidedLabel, WholeBox, arrow, choice, toggle
from bpgui.ui.panels.digits_picture import THICKEST, THINNEST, USUAL
from bpgui.ui.theme import SPACING
from bpgui.views.numbers import format_number
from bpgui.views.output_space import Part, samples_of


class DigitsControls(QWidget):
    """Says what the user wants; the panel does it."""

    mode_changed = Signal()
    sample_chosen = Signal(str, int)  # part, index
    leapt = Signal(int)
    radius_chosen = Signal(int)
    centering_changed = Signal()
    clear_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problem: Problem | None = None
        self._build_modes()
        self._build_samples()
        self._build_missed()
        self._build_drawing()
        self._lay_out()
        self._show_mode()

    # --- building --------------------------------------------------------------------------------

    def _build_modes(self) -> None:
        self.from_data = toggle(
            self, self.tr("Sample"), self.tr("A picture of the data goes in, and has a target.")
        )
        self.by_hand = toggle(
            self, self.tr("Draw"), self.tr("What you draw goes in, while you draw it.")
        )
        self.from_data.setChecked(True)
        self._modes = QButtonGroup(self)
        for button in (self.from_data, self.by_hand):
            self._modes.addButton(button)
        self._modes.buttonClicked.connect(lambda _: self._show_mode())
        self._modes.buttonClicked.connect(lambda _: self.mode_changed.emit())

    def _build_samples(self) -> None:
        self.part_box = choice(
            self,
            (self.tr("Training data"), self.tr("Test data")),
            self.tr("Data"),
            self.tr(
                "Test samples are kept from training: they tell how well the network does on what "
                "it has not seen."
            ),
        )
        self.part_box.currentIndexChanged.connect(lambda _: self._part_chosen())
        name, text = self.tr("Sample"), self.tr("Left and Right on the picture move to others.")
        self.number = WholeBox(self, name, f"<b>{name}</b><br>{text}")
        self.number.setKeyboardTracking(False)
        self.number.valueChanged.connect(lambda _: self._sample_chosen())

    def _build_missed(self) -> None:
        self.missed = ElidedLabel(self)
        self.back = arrow(
            self, Qt.ArrowType.LeftArrow, self.tr("Previous misclassified sample (P)")
        )
        self.back.clicked.connect(lambda: self.leapt.emit(-1))
        self.forward = arrow(
            self, Qt.ArrowType.RightArrow, self.tr("Next misclassified sample (N)")
        )
        self.forward.clicked.connect(lambda: self.leapt.emit(1))

    def _build_drawing(self) -> None:
        self.brush_label = QLabel(self.tr("Brush"), self)
        self.brush_label.setProperty("role", "muted")
        self.brush = QSlider(Qt.Orientation.Horizontal, self)
        self.brush.setRange(THINNEST, THICKEST)
        self.brush.setValue(USUAL)
        self.brush.setMaximumWidth(12 * SPACING)
        self.brush.setAccessibleName(self.tr("Width of the brush"))
        self.brush.setToolTip(self.tr("Width of the brush (plus and minus on the pad)"))
        self.brush.valueChanged.connect(self.radius_chosen)
        self.center = toggle(
            self,
            self.tr("Center"),
            self.tr(
                "The network knows digits only as the training data show them. So what you draw is "
                "scaled to their size, and shifted until its center of mass lies where theirs "
                "does. MNIST was made in this way: 20 of 28 pixels, then the center of mass. "
                "Switch it off to see how much depends on it."
            ),
        )
        self.center.setChecked(True)
        self.center.toggled.connect(lambda _: self.centering_changed.emit())
        self.clear = QPushButton(self.tr("Clear"), self)
        self.clear.setProperty("role", "small")
        self.clear.setToolTip(self.tr("Start anew (Backspace on the pad)"))
        self.clear.clicked.connect(lambda: self.clear_asked.emit())

    def _lay_out(self) -> None:
        rows = (
            (self.from_data, self.by_hand, self.part_box),
            (self.number, self.back, self.forward, self.missed),
            (self.brush_label, self.brush, self.center, self.clear),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        for widgets in rows:
            row = QHBoxLayout()
            row.setSpacing(SPACING // 2)
            for widget in widgets:
                row.addWidget(widget, 100 if widget is self.missed else 0)
            row.addStretch(1)
            column.addLayout(row)

    # --- what is chosen --------------------------------------------------------------------------

    @property
    def drawing(self) -> bool:
        """Whether what is drawn goes in, and no sample."""
        return self.by_hand.isChecked()

    @property
    def centered(self) -> bool:
        return self.center.isChecked()

    @property
    def part(self) -> Part:
        return "test" if self.part_box.currentIndex() == 1 else "train"

    def _part_chosen(self) -> None:
        self._fit_number(0)
        self._sample_chosen()

    def _sample_chosen(self) -> None:
        self.sample_chosen.emit(self.part, self.number.value() - 1)

    def move_sample(self, by: int) -> None:
        self.number.setValue(self.number.value() + by)

    # --- what the panel shows --------------------------------------------------------------------

    def set_problem(self, problem: Problem) -> None:
        self._problem = problem
        with QSignalBlocker(self.part_box):
            if problem.test is None:
                self.part_box.setCurrentIndex(0)
        self._fit_number(self.number.value() - 1)
        self.show_missed(None, 0, 0, 0.0)
        self._show_mode()

    def show_sample(self, part: Part, index: int) -> None:
        with QSignalBlocker(self.part_box):
            self.part_box.setCurrentIndex(1 if part == "test" else 0)
        self._fit_number(index)

    def _fit_number(self, index: int) -> None:
        samples = None if self._problem is None else samples_of(self._problem, self.part)
        count = 0 if samples is None else len(samples)
        with QSignalBlocker(self.number):
            self.number.setMaximum(max(count, 1))
            self.number.setSuffix(self.tr(" of {count}").format(count=f"{count:,}"))
            self.number.setValue(index + 1)

    def show_missed(self, place: int | None, count: int, total: int, accuracy: float) -> None:
        """`place` is that of the chosen sample among `count` misclassified ones, from 0; a `total`
        of 0 says that they are not known yet."""
        if not total:
            text = self.tr("looking for misclassified samples")
        elif not count:
            text = self.tr("all {total} are classified rightly").format(total=f"{total:,}")
        else:
            words = (
                self.tr("misclassified {place} of {count}, accuracy {accuracy} %")
                if place is not None
                else self.tr("{count} misclassified, accuracy {accuracy} %")
            )
            text = words.format(
                place=f"{(place or 0) + 1:,}",
                count=f"{count:,}",
                accuracy=format_number(100.0 * accuracy, 4),
            )
        self.missed.setText(text)
        told = self.tr(
            "Misclassified are samples that the network takes for another class, the one with the "
            "largest loss first. N and P on the picture leap to the next and the previous one."
        )
        self.missed.setToolTip(f"<b>{text}</b><br>{told}")
        for button in (self.back, self.forward):
            button.setEnabled(count > 0)

    def say(self, reason: str) -> None:
        """Why it is not known what is misclassified."""
        self.missed.setText(self.tr("could not be computed: {reason}").format(reason=reason))

    def _show_mode(self) -> None:
        problem, drawing = self._problem, self.drawing
        counted = problem is not None and problem.classification
        tested = problem is not None and problem.test is not None
        for widgets, shown in (
            ((self.number,), not drawing),
            ((self.part_box,), not drawing and tested),
            ((self.back, self.missed, self.forward), not drawing and counted),
            ((self.brush_label, self.brush, self.center, self.clear), drawing),
        ):
            for widget in widgets:
                widget.setVisible(shown)
