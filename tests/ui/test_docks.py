"""How docks share the width of a window."""

from __future__ import annotations

from bpgui.ui.docks import shared_width


def test_what_is_kept_stays_and_the_others_take_and_give_in_proportion() -> None:
    assert shared_width(1000, 300, [(400, 200), (300, 200)]) == [300, 400, 300]
    assert shared_width(1300, 300, [(400, 200), (300, 200)]) == [300, 571, 429]
    assert shared_width(800, 300, [(400, 200), (300, 200)]) == [300, 285, 215]


def test_what_is_kept_gives_way_before_the_others_are_cut_off() -> None:
    assert shared_width(650, 300, [(400, 200), (300, 200)]) == [250, 200, 200]
    assert shared_width(300, 300, [(400, 200), (300, 200)]) == [1, 200, 200]
    assert shared_width(760, 300, [(400, 200), (200, 200)]) == [300, 260, 200]
    assert shared_width(1000, 300, [(200, 200), (200, 200)]) == [300, 350, 350]
