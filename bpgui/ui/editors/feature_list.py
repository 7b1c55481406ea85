"""The features that the network sees of the data: buttons for the common ones, and a list of
expressions for all others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpgui.engine.names import TYPOGRAPHY, input_name
from bpgui.engine.problem import Problem
from bpgui.experiment.data_shape import input_names, known_inputs
from bpgui.experiment.features import constant_features, raw_names
from bpgui.experiment.models import Experiment
from bpgui.experiment.sources import Data
from bpgui.ui.editors.editor import Message
from bpgui.ui.editors.glyphs import GlyphButton
from bpgui.ui.editors.text_box import TextBox
from bpgui.ui.editors.wording import sentence, tooltip
from bpgui.ui.theme import SPACING, mark_wrong

MOST_BUTTONS = 8  # for inputs; where there are more, none has a button
NAMES_TOLD = 8  # of columns
COLUMNS = 4
DERIVED = {
    1: ("x1^2", "sin(x1)"),
    2: ("x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"),
}  # by how many inputs the data has, as TensorFlow Playground offers them for two
PRETTY = {
    "x1^2": "x1²",
    "x2^2": "x2²",
    "x1*x2": "x1·x2",
    "sin(x1)": "sin x1",
    "sin(x2)": "sin x2",
}


_PLACE = re.compile(r"data\.features\[(\d+)\]")


class FeatureRow(QWidget):
    """An expression with what is wrong with it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = TextBox(self)
        self.remove = GlyphButton("remove", "", self)
        self.message = Message(self)
        line = QHBoxLayout()
        line.setSpacing(SPACING // 2)
        line.addWidget(self.text, 1)
        line.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 4)
        column.addLayout(line)
        column.addWidget(self.message)

    def say(self, text: str) -> None:
        self.message.say(sentence(text))
        mark_wrong(self.text, bool(text))


class FeatureList(QWidget):
    """Emits which features are wanted, None for the inputs as they are."""

    chosen = Signal(object)  # tuple of expressions, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, QToolButton] = {}
        self.rows: list[FeatureRow] = []
        self._features: tuple[str, ...] = ()
        self._listed: list[int] = []  # the places of the features in the list
        self._adding = False
        self.add = QPushButton(self.tr("Add feature"), self)
        self.add.setProperty("role", "small")
        self.add.setToolTip(
            tooltip(
                self.tr(
                    "Adds an expression of the data's inputs x1, x2 and so on, such as "
                    "x1*x2 or exp(-x1^2). It is one more input of the network."
                )
            )
        )
        self.add.clicked.connect(self._begin_row)
        self.told = QLabel(self)
        self.told.setProperty("role", "muted")
        self.told.setWordWrap(True)
        self.hint = QLabel(self)
        self.hint.setProperty("role", "muted")
        self.hint.setWordWrap(True)
        self.hint.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        title = QLabel(self.tr("Features"), self)
        title.setToolTip(
            tooltip(
                self.tr(
                    "What the network sees of each sample: the inputs of the data, or numbers that "
                    "are worked out from them."
                )
            )
        )
        head.addWidget(title, 1)
        head.addWidget(self.add)
        self._grid = QGridLayout()
        self._grid.setSpacing(SPACING // 2)
        for place in range(COLUMNS):
            self._grid.setColumnStretch(place, 1)
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACING // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addLayout(head)
        column.addWidget(self.told)
        column.addLayout(self._grid)
        column.addLayout(self._list)
        column.addWidget(self.hint)

    # --- showing ---------------------------------------------------------------------------------

    def show_experiment(self, experiment: Experiment) -> None:
        data = experiment.data
        inputs = known_inputs(data)
        if inputs is None and data.features is None:
            inputs = experiment.network.inputs
        offered = offers(inputs)
        if offered != tuple(self.buttons):
            self._offer(offered, data)
        features = data.features or (raw_names(inputs or 0) if offered else ())
        if features != self._features:
            self.hint.hide()
        self._features = features
        self._adding = False
        self._tell(data)
        self._fill()

    def show_problem(self, problem: Problem) -> None:
        """Tell of features that turn out to teach nothing."""
        names = constant_features(problem)
        told = self.tr("The same for all training samples, which teaches nothing: {names}")
        self.hint.setText(told.format(names=", ".join(names)))
        self.hint.setVisible(bool(names))

    def _offer(self, offered: Sequence[str], data: Data) -> None:
        for button in self.buttons.values():
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = {}
        for number, source in enumerate(offered):
            button = QToolButton(self)
            button.setText(PRETTY.get(source, source))
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(self.tr("Feature {name}").format(name=source))
            help = self.tr("Whether the network sees {name}.").format(name=button.text())
            button.setToolTip(tooltip(help))
            button.setProperty("role", "tile")
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(partial(self._toggle, source))
            self.buttons[source] = button
            self._grid.addWidget(button, number // COLUMNS, number % COLUMNS)
        for first, second in pairwise((self.add, *self.buttons.values())):
            QWidget.setTabOrder(first, second)

    def _tell(self, data: Data) -> None:
        """What the inputs are called in a file, or that there are too many for buttons."""
        text, names = "", input_names(data)
        if names:
            parts = [f"{input_name(i)} {name}" for i, name in enumerate(names[:NAMES_TOLD])]
            text = ", ".join(parts) + (", …" if len(names) > NAMES_TOLD else "")
        elif not self.buttons and data.features is None:
            text = self.tr("The network sees all inputs of the data as they are.")
        self.told.setText(text)
        self.told.setVisible(bool(text))

    def _fill(self) -> None:
        there = {plain(source): at for at, source in enumerate(self._features)}
        for source, button in self.buttons.items():
            button.setChecked(source in there)
        with_button = {there[source] for source in self.buttons if source in there}
        self._listed = [at for at in range(len(self._features)) if at not in with_button]
        texts = [self._features[at] for at in self._listed] + [""] * self._adding
        while len(self.rows) < len(texts):
            self._append_row()
        for row, text in zip(self.rows, texts, strict=False):
            row.text.set_value(text)
            row.say("")
        for number, row in enumerate(self.rows):
            row.setVisible(number < len(texts))
        self.add.setEnabled(not self._adding)

    def _append_row(self) -> None:
        number, row = len(self.rows), FeatureRow(self)
        before = self.rows[-1].remove if self.rows else [self.add, *self.buttons.values()][-1]
        for first, second in pairwise((before, row.text, row.remove)):
            QWidget.setTabOrder(first, second)
        self.rows.append(row)
        self._list.addWidget(row)
        row.text.setAccessibleName(self.tr("Expression"))
        row.text.setPlaceholderText(self.tr("such as x1*x2 or exp(-x1^2)"))
        row.remove.set_name(self.tr("Remove this feature"))
        row.text.entered.connect(partial(self._enter, number))
        row.remove.clicked.connect(lambda: self._enter(number, ""))

    def show_refusal(self, place: str, message: str) -> bool:
        """Whether the place, such as data.features[1], has a field here; a new feature is the
        last."""
        found = _PLACE.fullmatch(place)
        places = [*self._listed, len(self._features)][: len(self._listed) + self._adding]
        if found is None or int(found[1]) not in places:
            return False
        self.rows[places.index(int(found[1]))].say(message)
        return True

    def clear_refusal(self) -> None:
        for row in self.rows:
            row.say("")

    # --- what the user means ---------------------------------------------------------------------

    def _toggle(self, source: str) -> None:
        if self.buttons[source].isChecked():
            self._choose(with_feature(self._features, source, tuple(self.buttons)))
        else:
            self._choose(tuple(other for other in self._features if plain(other) != source))

    def _begin_row(self) -> None:
        self._adding = True
        self._fill()
        self.rows[len(self._listed)].text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter(self, number: int, text: str) -> None:
        """An empty text takes the feature away."""
        is_new = number >= len(self._listed)
        features = list(self._features)
        if is_new and not text.strip():
            self._adding = False
            self._fill()
            return
        if is_new:
            features.append(text)
        elif text.strip():
            features[self._listed[number]] = text
        else:
            del features[self._listed[number]]
        self._choose(tuple(features))

    def _choose(self, features: tuple[str, ...]) -> None:
        self.chosen.emit(features if features or self.buttons else None)
        if not any(row.message.text() for row in self.rows):
            self._fill()


def offers(inputs: int | None) -> tuple[str, ...]:
    """The features that have buttons for data with so many inputs, None where that is unknown."""
    if inputs is None or inputs > MOST_BUTTONS:
        return ()
    return (*raw_names(inputs), *DERIVED.get(inputs, ()))


def plain(source: str) -> str:
    """An expression without what makes no difference."""
    return "".join(source.translate(TYPOGRAPHY).split()).replace("**", "^")


def with_feature(features: tuple[str, ...], source: str, order: tuple[str, ...]) -> tuple[str, ...]:
    """One more of those with buttons, before those that come after it and before all others."""
    before = set(order[: order.index(source)])
    at = next((i for i, other in enumerate(features) if plain(other) not in before), len(features))
    return (*features[:at], source, *features[at:])
