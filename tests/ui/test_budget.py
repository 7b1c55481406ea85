"""How often a running run is shown."""

from __future__ import annotations

from bpgui.ui.budget import LONGEST, SHARE, Budget


class Clocks:
    """Time that passes, and time that the thread spends of it."""

    def __init__(self) -> None:
        self.now = self.spent = 100.0

    def budget(self) -> Budget:
        return Budget(lambda: self.now, lambda: self.spent)


def test_a_picture_is_followed_by_so_much_rest_that_it_takes_its_share():
    clocks = Clocks()
    budget = clocks.budget()
    clocks.spent += 0.01
    clocks.now += 0.01
    assert not budget.allows
    clocks.now = 100.0 + 0.01 / SHARE - 1e-6
    assert not budget.allows
    clocks.now = 100.0 + 0.01 / SHARE + 1e-6
    assert budget.allows


def test_what_costs_nothing_is_shown_at_once():
    budget = Clocks().budget()
    assert budget.allows


def test_time_that_the_thread_waits_for_others_is_no_cost():
    clocks = Clocks()
    budget = clocks.budget()
    clocks.now += 0.016
    clocks.spent += 0.003
    assert budget.allows


def test_however_much_a_picture_costs_the_next_comes_soon():
    clocks = Clocks()
    budget = clocks.budget()
    clocks.now += 1.01 * LONGEST
    clocks.spent += 1.01 * LONGEST
    assert budget.allows
    budget.begin()
    assert budget.allows
    clocks.now += 0.9 * LONGEST
    clocks.spent += 0.9 * LONGEST
    assert not budget.allows
