"""Burst sizes and speed limits, on a clock that the tests turn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpgui.training.history import Schedule
from bpgui.training.pacing import (
    BURST_SECONDS,
    Pace,
    Rate,
    adapted,
    burst_seconds,
    evaluation_is_long,
    evaluation_schedule,
)


def test_bursts_grow_fourfold_until_they_last_long_enough():
    size, sizes = 1, []
    for _ in range(8):
        size = adapted(size, size, size * 1e-4)
        sizes.append(size)
    assert sizes == [4, 16, 64, 200, 200, 200, 200, 200]


def test_a_burst_that_took_too_long_is_followed_by_a_shorter_one():
    assert adapted(1000, 1000, 10 * BURST_SECONDS) == 100
    assert adapted(1, 1, 3.0) == 1


def test_bursts_of_a_large_network_last_longer(make):
    assert burst_seconds(make()) == BURST_SECONDS
    longer = burst_seconds(make((600, 500, 2)))
    assert longer == 2 * BURST_SECONDS
    assert adapted(4, 4, 0.04, longer) == 4


def test_a_burst_cut_short_says_little_about_the_size():
    assert adapted(1000, 3, 1e-4) == 600
    assert adapted(1000, 3, 1e-5) == 1000
    assert adapted(1000, 0, 1e-5) == 1000


def simulated(pace, until, seconds_per_iteration=0.0):
    """Times and lots of a run that does what it may and sleeps in between, to the time `until`."""
    now, iteration, lots = pace.since, pace.start, []
    while True:
        pace = pace.without_arrears(now, iteration)
        lot = pace.released(now, iteration)
        if lot:
            lots.append((now, lot))
            iteration += lot
            now += lot * seconds_per_iteration
        else:
            now += max(pace.delay(now, iteration), 1e-6)
        if now > until:
            return lots


@pytest.mark.parametrize(("limit", "expected"), [(1.0, 11), (0.5, 6), (3.0, 31), (40.0, 401)])
def test_a_slow_limit_releases_single_iterations_the_first_at_once(limit, expected):
    lots = simulated(Pace(limit, since=100.0, start=7), until=110.001)
    assert lots[0] == (100.0, 1)
    assert {lot for _, lot in lots} == {1}
    assert len(lots) == expected


def test_a_fast_limit_releases_lots_of_a_burst_each():
    lots = simulated(Pace(10_000.0, since=0.0, start=0), until=1.0001)
    assert len(lots) == 51
    assert {lot for _, lot in lots} == {200}


@given(st.floats(0.1, 5000), st.floats(0, 1000))
def test_the_limit_is_kept(limit, since):
    pace = Pace(limit, since, 0)
    lots = simulated(pace, until=since + 5)
    done = sum(lot for _, lot in lots)
    assert done <= 5 * limit + pace.lot + 1
    assert done >= 5 * limit - pace.lot - 1


def test_what_could_not_be_computed_in_time_is_not_made_up_for():
    pace = Pace(100.0, since=0.0, start=0)
    assert pace.without_arrears(0.1, 0) == pace
    assert pace.without_arrears(60.0, 5) == Pace(100.0, since=60.0, start=5)
    slow = simulated(pace, until=10.0, seconds_per_iteration=0.05)
    assert max(lot for _, lot in slow) <= 30


def test_the_rate_is_that_of_the_last_second():
    rate = Rate()
    rate.restart(0.0, 0)
    assert rate.value == 0.0
    for tenth in range(1, 21):
        rate.add(tenth / 10, 5 * tenth)
    assert rate.value == pytest.approx(50.0)
    for tenth in range(21, 41):
        rate.add(tenth / 10, 100 + (tenth - 20))
    assert rate.value == pytest.approx(10.0, rel=0.1)


def test_a_cheap_evaluation_is_made_after_every_epoch(make):
    assert evaluation_schedule(make(samples=11, batch_size=4)) == Schedule(3)


@pytest.mark.parametrize(("tests", "epochs"), [(0, 8), (1000, 16)])
def test_a_costly_evaluation_is_made_after_every_few_epochs_and_the_first_ones(make, tests, epochs):
    problem = make((50, 20, 2), samples=2000, tests=tests, batch_size=64)
    schedule = evaluation_schedule(problem)
    assert schedule == Schedule(32 * epochs, early=32, early_end=32 * epochs)
    assert not evaluation_is_long(problem)


def test_a_long_evaluation_keeps_nobody_waiting(make):
    problem = make((500, 1000, 2), samples=2000, batch_size=100)
    assert evaluation_is_long(problem)
    assert evaluation_schedule(problem) == Schedule(20 * 8, early=20, early_end=20 * 3)
