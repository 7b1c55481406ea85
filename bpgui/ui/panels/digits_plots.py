"""What of the Digits panel can be saved: the picture that goes in, the outputs and the weights."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QWidget

from bpgui.engine.problem import Problem
from bpgui.ui.panels.digits_outputs import Bars
from bpgui.ui.panels.digits_picture import DigitPicture
from bpgui.ui.panels.digits_readout import Going
from bpgui.ui.panels.digits_weights_part import WeightsPart
from bpgui.ui.panels.panel import Plot, Table
from bpgui.ui.panels.readout import Readout

TALLEST = 2400  # pixels; of what is taller the picture has the part that is in sight

translate = QCoreApplication.translate


class Menus(QObject):
    """Asks for the context menu of a widget that has none of its own."""

    menu_wanted = Signal(object)  # QPoint on the screen

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        widget.customContextMenuRequested.connect(self._ask)

    def _ask(self, place: QPoint) -> None:
        self.menu_wanted.emit(self._widget.mapToGlobal(place))


def digits_plots(
    picture: DigitPicture,
    bars: Bars,
    weights: WeightsPart,
    readout: Readout,
    now: Callable[[], tuple[Problem, Going] | None],
) -> tuple[Plot, ...]:
    """The plots of these parts; `now` tells what they show, None while that is nothing."""
    tiles = weights.grid.tiles
    detail = partial(_judged, readout)
    return (
        Plot(
            "digits-input",
            translate("DigitsPanel", "Input picture"),
            picture,
            Menus(picture).menu_wanted,
            partial(_picture_data, now),
            detail=detail,
            source=lambda: picture.area.toAlignedRect().adjusted(-1, -1, 1, 1),
        ),
        Plot(
            "digits-outputs",
            translate("DigitsPanel", "Outputs"),
            bars,
            Menus(bars).menu_wanted,
            partial(_outputs_data, now),
            detail=detail,
            source=lambda: _shown(bars, bars.sizeHint().height()),
        ),
        Plot(
            "digits-weights",
            translate("DigitsPanel", "Weight pictures"),
            tiles,
            Menus(tiles).menu_wanted,
            partial(_weights_data, weights),
            detail=lambda: f"{weights.layer.currentText()}, {weights.scale.text()}",
            source=lambda: _shown(tiles, tiles.minimumHeight()),
        ),
    )


def _judged(readout: Readout) -> str:
    """What the picture is taken for and what it is, without what is pointed at."""
    rows = readout.text.split("\n")[1:]
    return "\n".join(" · ".join(row.split("\t")) for row in rows)


def _shown(widget: QWidget, height: int) -> QRect:
    """A widget that is filled down to a height, as far as that makes a picture."""
    if height > TALLEST:
        return widget.visibleRegion().boundingRect()
    return QRect(0, 0, widget.width(), height)


def _picture_data(now: Callable[[], tuple[Problem, Going] | None]) -> Callable[[], Table] | None:
    from bpgui.views.digits_tables import picture_table

    shown = now()
    return None if shown is None else partial(picture_table, shown[1].picture)


def _outputs_data(now: Callable[[], tuple[Problem, Going] | None]) -> Callable[[], Table] | None:
    from bpgui.views.digits_tables import outputs_table

    shown = now()
    if shown is None:
        return None
    problem, going = shown
    return partial(outputs_table, problem, going.reading.outputs, going.targets)


def _weights_data(weights: WeightsPart) -> Callable[[], Table] | None:
    from bpgui.views.digits_tables import weights_table

    return None if weights.pictures is None else partial(weights_table, weights.pictures)
