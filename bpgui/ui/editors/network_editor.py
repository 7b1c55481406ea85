"""The layers of the network as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from bpgui.datasets.idx import pixel_names
from bpgui.experiment import edits
from bpgui.experiment.data_shape import input_names as names_of_data
from bpgui.experiment.data_shape import known_shape
from bpgui.experiment.features import feature_names, raw_names
from bpgui.experiment.models import Experiment, Layer
from bpgui.experiment.sources import Digits
from bpgui.ui.editors.choice_box import ChoiceBox
from bpgui.ui.editors.choices import ACTIVATIONS, BIASES, choices
from bpgui.ui.editors.editor import Editor, Field, Message, describe
from bpgui.ui.editors.glyphs import GlyphButton
from bpgui.ui.editors.value_box import ValueBox, whole
from bpgui.ui.editors.wording import tooltip
from bpgui.ui.theme import SPACING

UNITS_WIDTH = 9 * SPACING
NAMES_TOLD = 12  # names of inputs in a tooltip


class LayerRow(QWidget):
    """One layer; the editor connects it and tells it what to show."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = QLabel(self)
        self.units = ValueBox(whole(lowest=1), self)
        self.activation = ChoiceBox(choices(ACTIVATIONS), self)
        self.bias = ChoiceBox(choices(BIASES), self)
        self.up = GlyphButton("up", "", self)
        self.down = GlyphButton("down", "", self)
        self.remove = GlyphButton("remove", "", self)
        self.message = Message(self)
        self.units.setFixedWidth(UNITS_WIDTH)
        self.title.setBuddy(self.units)
        self._lay_out()

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """In the order of Tab."""
        return self.units, self.activation, self.bias, self.up, self.down, self.remove

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.title, 1)
        for button in (self.up, self.down, self.remove):
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
            head.addWidget(button)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACING // 2)
        grid.setVerticalSpacing(SPACING // 2)
        grid.addLayout(head, 0, 0, 1, 3)
        grid.addWidget(self.units, 1, 0)
        grid.addWidget(self.activation, 1, 1)
        grid.addWidget(self.bias, 1, 2)
        grid.addWidget(self.message, 2, 0, 1, 3)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 2)

    def fields(self, position: int) -> dict[str, Field]:
        place = f"network.layers[{position}]"
        return {
            place: Field(self.units, self.message),
            f"{place}.units": Field(self.units, self.message),
            f"{place}.activation": Field(self.activation, self.message),
            f"{place}.bias": Field(self.bias, self.message),
        }

    def show_layer(self, layer: Layer, position: int, last: int, told_by_data: bool) -> None:
        """Layer `position` of 0 .. `last`; the last one is the output."""
        output = position == last
        name = self.tr("Output") if output else self.tr("Hidden {n}").format(n=position + 1)
        self.title.setText(name)
        self.units.set_value(layer.units)
        self.units.setEnabled(not (output and told_by_data))
        self.activation.set_value(layer.activation)
        self.bias.set_value(layer.bias)
        self.up.setEnabled(0 < position < last)
        self.down.setEnabled(position < last - 1)
        self.remove.setEnabled(not output)
        for button in (self.up, self.down, self.remove):
            button.setVisible(not output)
        self._name_controls(name, output and told_by_data)

    def _name_controls(self, name: str, told_by_data: bool) -> None:
        if told_by_data:
            help = self.tr("The data tell how many outputs there are: one for each target.")
        else:
            help = self.tr(
                "How many units this layer has. More units can draw finer shapes, and cost time."
            )
        describe(self.units, self.tr("{layer}: units").format(layer=name), help)
        self.title.setToolTip(tooltip(help))
        describe(
            self.activation,
            self.tr("{layer}: activation").format(layer=name),
            self.tr(
                "What each unit does with its weighted sum z. Its slope is a factor of every "
                "gradient that passes."
            ),
        )
        describe(
            self.bias,
            self.tr("{layer}: bias").format(layer=name),
            self.tr(
                "A bias shifts a unit's sum z. It can be trained, kept at its initial value, or "
                "left out."
            ),
        )
        self.up.set_name(self.tr("Move {layer} up, towards the input").format(layer=name))
        self.down.set_name(self.tr("Move {layer} down, towards the output").format(layer=name))
        self.remove.set_name(self.tr("Remove {layer}").format(layer=name))


class NetworkEditor(Editor):
    """Rows are filled anew, not built anew, so that the focus stays where the user types."""

    lesson_names: ClassVar = {"network": ("network.layers",)}

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[LayerRow] = []
        self._count = 0
        self.inputs = ValueBox(whole(lowest=1), self)
        self.inputs_told = QLabel(self)
        self.inputs_told.setProperty("role", "muted")
        self.inputs_told.setWordWrap(True)
        self.inputs.setFixedWidth(UNITS_WIDTH)
        self.add_field(
            "network.inputs",
            self.tr("Inputs"),
            self.inputs,
            self.tr("How many numbers each sample gives to the network."),
            self.inputs_told,
        )
        self.inputs.entered.connect(self._set_inputs)
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACING // 2)
        self.form.addLayout(self._list, self.form.rowCount(), 0, 1, 2)
        self.add = QPushButton(self.tr("Add layer"), self)
        self.add.setProperty("role", "small")
        self.add_to_heading(
            "network",
            self.tr("Add layer"),
            self.add,
            self.tr("Adds a hidden layer before the output."),
        )
        self.add.clicked.connect(self._add_layer)

    def controls(self) -> Iterator[tuple[str, QWidget]]:
        """Those of all layers have one name."""
        yield from ((name, widget) for name, widget in super().controls() if "[" not in name)
        for row in self.rows:
            for button in (row.up, row.down, row.remove):
                yield "network.layers", button
            yield "network.layers.units", row.units
            yield "network.layers.activation", row.activation
            yield "network.layers.bias", row.bias

    def show_experiment(self, experiment: Experiment) -> None:
        network = experiment.network
        inputs, outputs = known_shape(experiment.data)
        self._show_inputs(experiment, told=inputs is not None)
        self._count = len(network.layers)
        self._fit_rows(self._count)
        for position, (row, layer) in enumerate(zip(self.rows, network.layers, strict=False)):
            row.show_layer(layer, position, self._count - 1, outputs is not None)

    def _show_inputs(self, experiment: Experiment, told: bool) -> None:
        count = experiment.network.inputs
        self.inputs.set_value(count)
        self.inputs.setEnabled(not told)
        names = input_names(experiment, NAMES_TOLD)
        listed = ", ".join(names) + (", …" if count > len(names) else "")
        derived = experiment.data.features is not None
        source = self.tr("from features") if derived else self.tr("from the data")
        self.inputs_told.setText(source if told else "")
        help = self.tr("Each sample gives the network these numbers: {names}").format(names=listed)
        self.inputs_told.setToolTip(tooltip(help))
        self.inputs.setToolTip(tooltip(help))

    def _fit_rows(self, count: int) -> None:
        while len(self.rows) < count:
            self._append_row()
        for row in self.rows[count:]:
            row.hide()
        for row in self.rows[:count]:
            row.show()

    def _append_row(self) -> None:
        """Connect a new row to its position, which stays: rows are shown or hidden, never moved."""
        row, position = LayerRow(self), len(self.rows)
        before = self.rows[-1].remove if self.rows else self.inputs
        self.rows.append(row)
        self.fields |= row.fields(position)
        self._list.addWidget(row)
        for first, second in pairwise((before, *row.controls)):
            QWidget.setTabOrder(first, second)
        row.units.rejected.connect(self.fields[f"network.layers[{position}].units"].say)
        row.units.reverted.connect(lambda: self.fields[f"network.layers[{position}].units"].say(""))
        row.units.entered.connect(lambda units: self._set_units(position, units))
        row.activation.chosen.connect(lambda name: self._set_activation(position, name))
        row.bias.chosen.connect(lambda mode: self._set_bias(position, mode))
        row.up.clicked.connect(lambda: self._move(position, -1))
        row.down.clicked.connect(lambda: self._move(position, 1))
        row.remove.clicked.connect(lambda: self._remove(position))

    # --- what the user means ---------------------------------------------------------------------

    def _set_inputs(self, count: int) -> None:
        self.emit_edit(
            self.tr("set inputs"), lambda e: edits.set_inputs(e, count), "network.inputs"
        )

    def _set_units(self, position: int, units: int) -> None:
        self.emit_edit(
            self.tr("set units"),
            lambda e: edits.set_units(e, position, units),
            f"network.layers[{position}].units",
        )

    def _set_activation(self, position: int, name: str) -> None:
        self.emit_edit(
            self.tr("set activation"),
            lambda e: edits.set_activation(e, position, name),
            f"network.layers[{position}].activation",
        )

    def _set_bias(self, position: int, mode: str) -> None:
        self.emit_edit(
            self.tr("set bias"),
            lambda e: edits.set_bias(e, position, mode),
            f"network.layers[{position}].bias",
        )

    def _add_layer(self) -> None:
        position = self._count - 1
        self.emit_edit(self.tr("add layer"), lambda e: edits.add_layer(e, position))
        if self._count - 1 > position:
            self.rows[position].units.setFocus(Qt.FocusReason.OtherFocusReason)
            self.rows[position].units.selectAll()

    def _remove(self, position: int) -> None:
        by_key = self.rows[position].remove.hasFocus()
        self.emit_edit(self.tr("remove layer"), lambda e: edits.remove_layer(e, position))
        if by_key:
            _focus_first(self.rows[position].remove, self.add)

    def _move(self, position: int, by: int) -> None:
        left, row = self.rows[position], self.rows[position + by]
        by_key = left.up.hasFocus() or left.down.hasFocus()
        self.emit_edit(self.tr("move layer"), lambda e: edits.move_layer(e, position, by))
        if by_key:
            _focus_first(*((row.up, row.down) if by < 0 else (row.down, row.up)))


def input_names(experiment: Experiment, most: int) -> list[str]:
    """What the first `most` inputs are called in the data, or as features of them."""
    count = min(experiment.network.inputs, most)
    if experiment.data.features is not None:
        return list(feature_names(experiment.data)[:count])
    if isinstance(experiment.data, Digits):
        return list(islice(pixel_names((8, 8)), count))
    return list((names_of_data(experiment.data) or raw_names(count))[:count])


def _focus_first(*candidates: QWidget) -> None:
    """Move the keyboard to the first of these that can take it."""
    usable: Sequence[QWidget] = [w for w in candidates if w.isEnabled() and w.isVisible()]
    if usable:
        usable[0].setFocus(Qt.FocusReason.OtherFocusReason)
