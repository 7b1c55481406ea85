"""What the next sample is that is put on the Output panel with the mouse."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols  # isort: skip

from bpgui.engine.problem import Problem
from bpgui.experiment.sample_table import MOST_TAKEN_OVER
from bpgui.experiment.sources import Data, Generated, Inline
from bpgui.ui.panels.controls import choice, tip
from bpgui.ui.panels.output_colors import class_color, shape
from bpgui.ui.theme import LIGHT, SPACING, Theme, mark_wrong
from bpgui.views.numbers import NumberError, format_number, parse_number
from bpgui.views.output_space import class_names

SIGN = 12


class EditBar(QWidget):
    """A class to choose, or a value to write; for samples that are made by a rule the offer to take
    them over."""

    own_wanted = Signal()
    target_entered = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._what_to_do = ""
        self.label = QLabel(self.tr("New samples:"), self)
        self.classes = choice(
            self,
            (),
            self.tr("Class of new samples"),
            self.tr(
                "The number keys choose it, too. Enter, or a click with Shift on a sample, gives "
                "it this class."
            ),
        )
        self.value = QLineEdit(self)
        self.value.setFixedWidth(9 * SPACING)
        self.value.setAccessibleName(self.tr("Target of new samples"))
        self._value_tip = self.tr(
            "The target of new samples. Enter, or a click with Shift on a sample, gives it this "
            "target."
        )
        self.own = QPushButton(self.tr("Edit as own data"), self)
        self.own.setToolTip(
            tip(
                self.tr(
                    "Take over the samples that a rule has made, in full digits, as a table that "
                    "can be edited. Own data have no part for testing: the test samples become "
                    "training samples, too."
                )
            )
        )
        self.note = QLabel(self)
        self.note.setProperty("role", "muted")
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._lay_out()
        self.value.editingFinished.connect(self._take)
        self.own.clicked.connect(self.own_wanted)
        self._mark("")

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING // 2)
        for widget in (self.label, self.classes, self.value, self.own):
            row.addWidget(widget)
        row.addSpacing(SPACING // 2)
        row.addWidget(self.note, 1)
        self.label.setBuddy(self.classes)

    # --- what is chosen --------------------------------------------------------------------------

    @property
    def kind(self) -> int:
        """The class that is chosen, from 0."""
        return max(self.classes.currentIndex(), 0)

    def choose_class(self, kind: int) -> None:
        if kind < self.classes.count():
            self.classes.setCurrentIndex(kind)

    def set_target(self, value: float) -> None:
        self.value.setText(format_number(value))
        self._mark("")

    def _take(self) -> None:
        """Use what was typed; a text that is no number stays, marked."""
        try:
            value = parse_number(self.value.text())
        except NumberError as error:
            self._mark(str(error))
            return
        self._mark("")
        self.target_entered.emit(value)

    def _mark(self, fault: str) -> None:
        self.value.setToolTip(tip(fault or self._value_tip))
        mark_wrong(self.value, bool(fault))

    # --- what there is to choose from ------------------------------------------------------------

    def show_samples(self, data: Data, problem: Problem, *, surface: bool) -> None:
        """What there is to choose for samples over two inputs or else over one, where the height
        says what else there is to say."""
        self._show_classes(problem)
        inline = isinstance(data, Inline)
        by_height = not surface and (problem.threshold is not None or not problem.classification)
        classes = inline and problem.classification and not by_height
        value = inline and surface and not problem.classification
        for widget, shown in (
            (self.label, classes or value),
            (self.classes, classes),
            (self.value, value),
            (self.own, isinstance(data, Generated)),
        ):
            widget.setVisible(shown)
        self.own.setEnabled(isinstance(data, Generated) and data.samples <= MOST_TAKEN_OVER)
        self._what_to_do = self._told(data)
        self.say_what_to_do()

    def _show_classes(self, problem: Problem) -> None:
        """Keep the class that is chosen as long as there are the same."""
        names = class_names(problem)
        if names != [self.classes.itemText(i) for i in range(self.classes.count())]:
            self.classes.clear()
            self.classes.addItems(names)
            self.set_theme(self._theme)

    def _told(self, data: Data) -> str:
        if isinstance(data, Inline):
            return self.tr("Click adds, drag moves, right click removes.")
        if not isinstance(data, Generated):
            return self.tr("These samples come from a file: change them there.")
        if data.samples > MOST_TAKEN_OVER:
            told = self.tr("At most {most} samples become own data.")
            return told.format(most=f"{MOST_TAKEN_OVER:,}")
        if data.test_fraction:
            return self.tr("Then all are for training, test samples too.")
        return self.tr("These samples are made by a rule.")

    def say_what_to_do(self) -> None:
        self.say(self._what_to_do)

    def say(self, text: str) -> None:
        self.note.setText(text)
        self.note.setToolTip(tip(text))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for kind in range(self.classes.count()):
            self.classes.setItemIcon(kind, self._sign(kind))
        self.classes.setIconSize(QSize(SIGN, SIGN))

    def _sign(self, kind: int) -> QIcon:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(QSize(SIGN, SIGN) * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        path: QPainterPath = Symbols[shape(kind)]
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(QPointF(SIGN / 2, SIGN / 2))
        painter.scale(SIGN - 2, SIGN - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(class_color(self._theme, kind)))
        painter.drawPath(path)
        painter.end()
        return QIcon(picture)
