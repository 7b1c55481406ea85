"""The lower part of the Digits panel: a layer to choose, and the weights into each of its units."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from bpgui.engine.network import FloatArray
from bpgui.engine.problem import Problem
from bpgui.ui.panels.controls import choice
from bpgui.ui.panels.digits_weights import DigitsWeights
from bpgui.ui.selection import Selection
from bpgui.ui.theme import SPACING, Theme
from bpgui.views.digits_weights import WeightPictures, weight_pictures
from bpgui.views.numbers import format_number


class WeightsPart(QWidget):
    """Shares units and weights that are chosen with the other panels."""

    pointed = Signal(object)  # a unit and one of its inputs, both from 1, or None
    changed = Signal()  # other weights are shown

    def __init__(self, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._problem: Problem | None = None
        self._parameters: FloatArray | None = None
        self.pictures: WeightPictures | None = None
        self.layer = choice(
            self,
            (),
            self.tr("Weights"),
            self.tr(
                "The weights into each unit of this layer, each where its input is in the picture: "
                "orange wants ink there, blue wants none, and the background is zero. Weights from "
                "hidden units stand in the order of the units."
            ),
        )
        self.scale = QLabel(self)
        self.scale.setProperty("role", "muted")
        self.grid = DigitsWeights(self)
        self.grid.tiles.setAccessibleName(self.tr("Weights into each unit"))
        self._lay_out()
        self.layer.currentIndexChanged.connect(lambda _: self._show())
        self.grid.pointed.connect(self.pointed)
        self.grid.chosen.connect(self._choose)
        selection.unit_changed.connect(self._unit_selected)
        selection.changed.connect(self._parameter_selected)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACING // 2, 0, 0)
        column.setSpacing(SPACING // 2)
        row = QHBoxLayout()
        row.addWidget(self.layer)
        row.addWidget(self.scale, 1)
        column.addLayout(row)
        column.addWidget(self.grid, 1)

    def set_problem(self, problem: Problem) -> None:
        """Keep the layer that is chosen as long as the new network has the same ones."""
        self._problem, self._parameters, self.pictures = problem, None, None
        layers = problem.network.layers
        texts = []
        for number, layer in enumerate(layers, start=1):
            name = self.tr("the outputs") if number == len(layers) else f"h{number}"
            words = self.tr("Weights into {name} ({units})")
            texts.append(words.format(name=name, units=f"{layer.units:,}"))
        if texts != [self.layer.itemText(at) for at in range(self.layer.count())]:
            with QSignalBlocker(self.layer):
                self.layer.clear()
                self.layer.addItems(texts)
        self.layer.setEnabled(len(layers) > 1)
        self.grid.show_pictures(None)

    def show_parameters(self, parameters: FloatArray) -> None:
        self._parameters = parameters
        self._show()

    def set_theme(self, theme: Theme) -> None:
        self.grid.tiles.set_theme(theme)

    def _show(self) -> None:
        problem, parameters = self._problem, self._parameters
        if problem is None or parameters is None:
            return
        layer = self.layer.currentIndex() + 1
        self.pictures = weight_pictures(problem.network, parameters, layer)
        self.grid.show_pictures(self.pictures)
        unit = self._selection.unit
        self.grid.tiles.mark(unit[1] if unit is not None and unit[0] == layer else None)
        words = self.tr("full color at ±{reach}")
        self.scale.setText(words.format(reach=format_number(self.pictures.reach, 4)))
        self.changed.emit()

    def _choose(self, unit: int, source: int | None) -> None:
        problem, layer = self._problem, self.layer.currentIndex() + 1
        if problem is not None:
            if source is not None:
                self._selection.select(problem.network.index(layer, unit, source))
            self._selection.select_unit((layer, unit))

    def _unit_selected(self, unit: tuple[int, int] | None) -> None:
        if unit is None or unit[0] == 0:
            self.grid.tiles.mark(None)
        elif unit[0] <= self.layer.count():
            self.layer.setCurrentIndex(unit[0] - 1)
            self.grid.choose(unit[1])

    def _parameter_selected(self, index: int | None) -> None:
        problem = self._problem
        if index is not None and problem is not None and index < problem.network.size:
            parameter = problem.network.parameter(index)
            self._unit_selected((parameter.layer, parameter.unit))
