"""Initial weights: drawn by a scheme from a seed, or written by hand in a matrix per layer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

import numpy as np
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from bpgui.engine.network import FloatArray, Network
from bpgui.experiment import edits
from bpgui.experiment.building import initial_parameters
from bpgui.experiment.models import Experiment, Manual
from bpgui.experiment.rules import network_of
from bpgui.ui.editors.blocks import with_block
from bpgui.ui.editors.choice_box import Choice, ChoiceBox
from bpgui.ui.editors.choices import SCHEMES, choices
from bpgui.ui.editors.editor import Editor
from bpgui.ui.editors.number_model import Block, NumberModel
from bpgui.ui.editors.number_table import NumberTable
from bpgui.ui.editors.seed_box import seed_box
from bpgui.ui.editors.value_box import ValueBox, linear
from bpgui.ui.theme import SPACING, Theme
from bpgui.views.names import BIAS, unit_name

SMALLEST_COLUMN = 9 * SPACING  # pixels, for a number such as -0.001234
MOST_SHOWN = 1_000_000  # numbers; above, the matrices are not drawn for the editor


class Look(ChoiceBox):
    """Chooses what is looked at, which a lesson leaves free."""

    def set_locked(self, locked: bool) -> None:
        pass


class Advice(QLabel):
    """Tells what can be done, and nothing where a lesson locks that."""

    def set_locked(self, locked: bool) -> None:
        self.setVisible(not locked)


class WeightsEditor(Editor):
    lesson_names: ClassVar = {
        "initial_weights": ("initial_weights.weights", "initial_weights.biases"),
        "by_hand": ("initial_weights.scheme", "initial_weights.weights"),
        "layer": ("initial_weights.weights",),
    }

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._network: Network | None = None
        self._theta: FloatArray | None = None
        self.scheme = ChoiceBox(choices(SCHEMES), self)
        self.add_to_heading(
            "initial_weights.scheme",
            self.tr("Scheme"),
            self.scheme,
            self.tr(
                "How the numbers are found from which training starts. Units that start alike stay "
                "alike, so they are drawn at random."
            ),
        )
        self.scheme.chosen.connect(self._set_scheme)
        self.numbers: dict[str, ValueBox] = {}
        self._add_numbers()
        self.seed, self.new_seed = seed_box(self)
        self._seed_field = self.add_field(
            "initial_weights.seed",
            self.tr("Seed"),
            self.seed,
            self.tr("The same seed draws the same weights again, on every computer."),
            self.new_seed,
        )
        self.seed.entered.connect(self._set_seed)
        self._add_matrix()

    def _add_numbers(self) -> None:
        for name, label, help in (
            ("low", self.tr("Lowest"), self.tr("No weight is drawn below this.")),
            ("high", self.tr("Highest"), self.tr("Every weight is drawn below this.")),
            ("mean", self.tr("Mean"), self.tr("The middle of the bell curve.")),
            (
                "std",
                self.tr("Deviation"),
                self.tr("The standard deviation: two thirds of the weights lie within it."),
            ),
            ("value", self.tr("Weight"), self.tr("Every weight starts at this number.")),
            (
                "bias",
                self.tr("Bias"),
                self.tr("Every bias starts at this number, whatever the weights are."),
            ),
        ):
            box = ValueBox(linear("0.1", lowest=0.0 if name == "std" else float("-inf")), self)
            self.numbers[name] = box
            self.add_field(f"initial_weights.{name}", label, box, help)
            box.entered.connect(partial(self._set_number, name))

    def _add_matrix(self) -> None:
        self.layer = Look((), self)
        self.add_field(
            "layer", self.tr("Layer"), self.layer, self.tr("Whose weights the matrix shows.")
        )
        self.layer.chosen.connect(self._show_matrix)
        self.model = NumberModel(self)
        self.table = NumberTable(self.model, SMALLEST_COLUMN, self)
        field = self.add_wide(
            "initial_weights",
            self.table,
            self.tr("Initial weights"),
            self.tr(
                "A row for each unit that receives, a column for each that sends. Write 0.15, 0,15 "
                "or 3/20, or paste a block from a spreadsheet."
            ),
        )
        self.table.setToolTip("")
        self.model.rejected.connect(field.say)
        self.model.written.connect(self._write)
        self.hint = Advice(self)
        self.hint.setProperty("role", "muted")
        self.hint.setWordWrap(True)
        self.form.addWidget(self.hint, self.form.rowCount(), 0, 1, 2)
        self.by_hand = QPushButton(self.tr("Edit by hand"), self)
        self.add_wide(
            "by_hand",
            self.by_hand,
            self.tr("Edit by hand"),
            self.tr("Keeps the numbers that were drawn and lets you change each of them."),
        )
        self.by_hand.clicked.connect(self._to_manual)

    def controls(self) -> Iterator[tuple[str, QWidget]]:
        yield from super().controls()
        yield "initial_weights.weights", self.hint

    def set_theme(self, theme: Theme) -> None:
        self.model.set_theme(theme)

    def show_experiment(self, experiment: Experiment) -> None:
        initial, old = experiment.initial_weights, self._experiment
        self.scheme.set_value(initial.scheme)
        for name, box in self.numbers.items():
            self.fields[f"initial_weights.{name}"].set_visible(hasattr(initial, name))
            if hasattr(initial, name):
                box.set_value(getattr(initial, name))
        self._seed_field.set_visible(hasattr(initial, "seed"))
        self.seed.set_value(getattr(initial, "seed", 0))
        self.by_hand.setVisible(not isinstance(initial, Manual))
        self._experiment = experiment
        before, network = self._network, network_of(experiment)
        if old is None or old.initial_weights != initial or before != network:
            self._draw(experiment)

    # --- the matrix -------------------------------------------------------------------------------

    def _draw(self, experiment: Experiment) -> None:
        network = network_of(experiment)
        if self._network is None or len(network.layers) != len(self._network.layers):
            chosen = min(self.layer.currentIndex(), len(network.layers) - 1)
            self.layer.set_choices(self._layer_choices(len(network.layers)))
            self.layer.setCurrentIndex(max(0, chosen))
            self.fields["layer"].set_visible(len(network.layers) > 1)
        self._network = network
        few = network.size <= MOST_SHOWN
        self._theta = initial_parameters(experiment, network) if few else None
        self.table.setVisible(few)
        self.by_hand.setEnabled(few)
        self._show_matrix()

    def _layer_choices(self, count: int) -> list[Choice]:
        hidden = [self.tr("hidden {n}").format(n=i + 1) for i in range(count - 1)]
        names = [self.tr("inputs"), *hidden, self.tr("output")]
        return [Choice(str(i), f"{names[i]} → {names[i + 1]}") for i in range(count)]

    def _show_matrix(self) -> None:
        network, experiment = self._network, self._experiment
        if network is None or experiment is None:
            return
        drawn = not isinstance(experiment.initial_weights, Manual)
        self.hint.setText(self._hint() if drawn else "")
        self.hint.setVisible(drawn)
        if self._theta is None:
            return
        position = max(0, self.layer.currentIndex())
        layer = network.layers[position]
        columns = [unit_name(network, position, k + 1) for k in range(layer.inputs)]
        self.model.show_array(
            np.asarray(network.matrices(self._theta)[position], dtype=np.float64),
            [unit_name(network, position + 1, j + 1) for j in range(layer.units)],
            columns if layer.bias == "none" else [*columns, BIAS],
            muted=drawn,
        )

    def _hint(self) -> str:
        if self._theta is None:
            return self.tr("There are too many weights to show them here.")
        return self.tr("Change one of these numbers, and all are kept and edited by hand.")

    # --- what the user means ----------------------------------------------------------------------

    def _set_scheme(self, scheme: str) -> None:
        self.emit_edit(
            self.tr("set scheme"), lambda e: edits.set_scheme(e, scheme), "initial_weights.scheme"
        )

    def _set_number(self, name: str, value: float) -> None:
        self.emit_edit(
            self.tr("set initial weights"),
            lambda e: edits.set_initial(e, name, value),
            f"initial_weights.{name}",
        )

    def _set_seed(self, seed: int) -> None:
        self.emit_edit(
            self.tr("set seed"),
            lambda e: edits.set_initial(e, "seed", seed),
            "initial_weights.seed",
        )

    def _to_manual(self) -> None:
        self.emit_edit(self.tr("edit weights by hand"), edits.to_manual)
        self.table.setFocus()

    def _write(self, row: int, column: int, block: Block) -> None:
        position = max(0, self.layer.currentIndex())
        self.emit_edit(
            self.tr("edit initial weights"),
            lambda e: with_weights(e, position, row, column, block),
        )


def with_weights(
    experiment: Experiment, position: int, row: int, column: int, block: Block
) -> Experiment:
    """The experiment with a block of numbers written into one layer's matrix; drawn ones become
    manual. A last column of biases counts as part of the matrix."""
    network = network_of(experiment)
    layer = network.layers[position]
    old = np.asarray(network.matrices(initial_parameters(experiment, network))[position])
    matrix = with_block(old, row, column, block, "initial_weights")
    manual = edits.to_manual(experiment)
    if not np.array_equal(matrix[:, : layer.inputs], old[:, : layer.inputs]):
        manual = edits.set_weights(manual, position, matrix[:, : layer.inputs].tolist())
    if layer.bias != "none" and not np.array_equal(matrix[:, -1], old[:, -1]):
        manual = edits.set_biases(manual, position, matrix[:, -1].tolist())
    return manual
