"""What is chosen in the network picture: one place in it, kept in step with the selection that all
panels share."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from bpgui.engine.network import Network
from bpgui.ui.selection import Selection
from bpgui.views.network_picture import Unit
from bpgui.views.network_walk import (
    AtEdge,
    AtUnit,
    Direction,
    Place,
    bias_of,
    has_unit,
    move,
    place_of,
)
from bpgui.views.quantities import Quantity, gradient_of


class NetworkChoice(QObject):
    """The last of parameter, unit and explained number that was chosen counts. What another
    network's selection has left over is as if it were not chosen."""

    changed = Signal()

    def __init__(self, selection: Selection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._network: Network | None = None
        self._quantity: Quantity | None = None
        self.place: Place | None = None
        selection.changed.connect(self._parameter_chosen)
        selection.unit_changed.connect(self._unit_chosen)
        selection.quantity_changed.connect(self._quantity_chosen)

    def set_network(self, network: Network) -> None:
        self._network, self._quantity = network, None
        self.place = self._selected_place()

    @property
    def quantity(self) -> Quantity | None:
        """The number in question: the one explained, or the gradient of the parameter chosen."""
        if self._quantity is not None or self._network is None:
            return self._quantity
        if not isinstance(self.place, AtEdge):
            return None
        found = self._network.parameter(self.place.parameter)
        return gradient_of(found.layer, found.unit, found.source)

    @property
    def parameter(self) -> int | None:
        """The parameter that is chosen, or the bias of the unit that is."""
        if self._network is None or self.place is None:
            return None
        if isinstance(self.place, AtEdge):
            return self.place.parameter
        return bias_of(self._network, self.place.unit)

    def go(self, place: Place) -> None:
        """Choose a place here and for all panels."""
        self._settle(place)
        if isinstance(place, AtUnit):
            self._selection.select_unit(place.unit)
        else:
            self._selection.select(place.parameter)

    def move(self, direction: Direction) -> None:
        if self._network is not None:
            self.go(move(self._network, self.place, direction))

    def clear(self) -> None:
        self._selection.select(None)
        self._selection.select_unit(None)
        self._settle(None)

    def _settle(self, place: Place | None) -> None:
        self.place = place
        explained = self._quantity
        if explained is not None and self._network is not None:
            there = place_of(self._network, explained)
            if there is None or place is None or there[0] != place[0]:
                self._quantity = None
        self.changed.emit()

    # --- what is chosen elsewhere ----------------------------------------------------------------

    def _selected_place(self) -> Place | None:
        network, selection = self._network, self._selection
        if network is None:
            return None
        if selection.parameter is not None and selection.parameter < network.size:
            return AtEdge(selection.parameter)
        if selection.unit is not None and has_unit(network, selection.unit):
            return AtUnit(selection.unit)
        return None

    def _parameter_chosen(self, parameter: int | None) -> None:
        if isinstance(self.place, AtEdge) and self.place.parameter == parameter:
            return
        self._settle(self._selected_place())

    def _unit_chosen(self, unit: Unit | None) -> None:
        if isinstance(self.place, AtUnit) and self.place.unit == unit:
            return
        known = self._network is not None and unit is not None and has_unit(self._network, unit)
        self._settle(AtUnit(unit) if known and unit is not None else self._selected_place())

    def _quantity_chosen(self, quantity: Quantity | None) -> None:
        """Follow the number that is explained, wherever it stands."""
        network = self._network
        if network is None or (quantity is not None and not _in_network(network, quantity)):
            return
        self._quantity = quantity
        self.place = self._selected_place() if quantity is None else place_of(network, quantity)
        self.changed.emit()


def _in_network(network: Network, quantity: Quantity) -> bool:
    if not quantity.unit:
        return True
    known = has_unit(network, (quantity.layer, quantity.unit))
    sender = quantity.source
    return known and (sender is None or has_unit(network, (quantity.layer - 1, sender)))
