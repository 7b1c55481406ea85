"""What panels are told about what is picked."""

from __future__ import annotations

from bpgui.ui.selection import Selection
from bpgui.views.quantities import Quantity


def test_each_kind_is_told_once_and_keeps_the_others(qapp):
    selection, told = Selection(), []
    selection.changed.connect(lambda value: told.append(("parameter", value)))
    selection.unit_changed.connect(lambda value: told.append(("unit", value)))
    selection.sample_changed.connect(lambda value: told.append(("sample", value)))
    selection.quantity_changed.connect(lambda value: told.append(("quantity", value)))
    number = Quantity("z", 1, 2)
    selection.select(3)
    selection.select(3)
    selection.select_unit((1, 2))
    selection.select_sample(4)
    selection.select_quantity(number)
    selection.select_quantity(number)
    assert told == [
        ("parameter", 3),
        ("unit", (1, 2)),
        ("sample", 4),
        ("quantity", number),
    ]
    assert (selection.parameter, selection.unit, selection.sample) == (3, (1, 2), 4)


def test_what_is_picked_again_after_something_else_is_told_again(qapp):
    selection, told = Selection(), []
    selection.changed.connect(told.append)
    selection.select(3)
    selection.select_unit((1, 1))
    selection.select(3)
    selection.select(None)
    selection.select_unit((1, 1))
    selection.select(None)
    assert told == [3, 3, None]


def test_clearing_forgets_all(qapp):
    selection = Selection()
    selection.select(3)
    selection.select_unit((1, 2))
    selection.select_sample(4)
    selection.select_quantity(Quantity("z", 1, 2))
    selection.clear()
    found = selection.parameter, selection.unit, selection.sample, selection.quantity
    assert found == (None, None, 0, None)
