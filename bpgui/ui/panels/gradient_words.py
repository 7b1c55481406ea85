"""What the gradients panel says in words and numbers: its message, its note and its readout."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication

from bpgui.engine.network import Network
from bpgui.training.snapshot import GradientRows, Snapshot
from bpgui.ui.panels.gradient_plots import layer_colors
from bpgui.ui.panels.readout import Cell
from bpgui.ui.theme import Theme
from bpgui.views.gradient_history import Layout, NormPicture
from bpgui.views.numbers import format_number

translate = QCoreApplication.translate


def message(open_: bool, snapshot: Snapshot | None) -> str:
    """What to do until there is something to see; nothing once there is."""
    if not open_:
        return translate("GradientsPanel", "Open an experiment to see its gradients here.")
    if snapshot is None or len(snapshot.gradients.iteration) == 0:
        return translate(
            "GradientsPanel", "Press Space to train.\nEach weight's gradient appears here."
        )
    return ""


def note(layout: Layout, record: GradientRows, by_layer: bool, picked: bool) -> str:
    """What a row stands for, where that is several parameters, and what the bands hold."""
    if layout.widest == 1:
        return ""
    joined = int(np.diff(record.edges).max())
    texts = [translate("GradientsPanel", "A row shows the largest of {count} parameters.")]
    if not by_layer and joined == 1:
        texts.append(translate("GradientsPanel", "Bands: all of a layer, and their middle half."))
    elif not by_layer:
        texts.append(
            translate(
                "GradientsPanel", "Bands: the largest of each {joined}, and their middle half."
            )
        )
    if not by_layer and picked:
        texts.append(translate("GradientsPanel", "Line: the picked row."))
    return " ".join(texts).format(count=f"{layout.widest:,}", joined=f"{joined:,}")


def parameter_cell(
    network: Network,
    selected: int | None,
    layout: Layout | None,
    snapshot: Snapshot | None,
    theme: Theme,
) -> Cell:
    """The selected parameter's gradient, or how one is selected."""
    if layout is None:
        return Cell("", "")
    if selected is None and layout.widest > 1:
        return Cell(translate("GradientsPanel", "Click a row to pick a parameter."), "")
    if selected is None:
        return Cell(translate("GradientsPanel", "Click a row or a curve to pick a parameter."), "")
    gradient = None if snapshot is None else snapshot.gradient
    value = "" if gradient is None else format_number(gradient[selected])
    return Cell(network.parameter(selected).name, value, 0.0, theme.accent)


def layer_cells(number: int, norms: NormPicture | None, theme: Theme) -> tuple[Cell, ...]:
    """The newest norm of each of so many layers, beside a piece of its curve."""
    texts = [""] * number
    if norms is not None:
        texts = [format_number(norm, 4) for norm in norms.norms.values[-1]]
    name = translate("GradientsPanel", "layer {number}")
    return tuple(
        Cell(name.format(number=layer + 1), text, layer / number, color)
        for layer, (text, color) in enumerate(zip(texts, layer_colors(theme, number), strict=True))
    )
