"""The kernel draws the orders of epochs as NumPy does."""

from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine.batches import epoch_order
from bpgui.engine.compiled import library, orders

pytestmark = pytest.mark.skipif(library.load() is None, reason="the kernel is not built here")


@pytest.mark.parametrize("seed", [0, 1, 77, 2**31, 2**32 - 1])
@pytest.mark.parametrize("first", [0, 5, 123_456, 2**32 - 3])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 33, 1000])
def test_orders_are_those_of_numpy(seed, first, count):
    rows = np.empty((3, count), np.int64)
    assert orders.draw(seed, first, rows)
    for epoch, row in enumerate(rows, first):
        assert row.tolist() == np.random.default_rng([seed, epoch]).permutation(count).tolist()


@pytest.mark.parametrize(("seed", "first"), [(2**32, 0), (1, 2**32 - 1), (-1, 0)])
def test_what_needs_more_bits_is_left_to_numpy(seed, first):
    rows = np.zeros((2, 5), np.int64)
    assert not orders.draw(seed, first, rows)
    assert not rows.any()


@pytest.mark.parametrize("seed", [9, 2**40])
@pytest.mark.parametrize("samples", [3, 5000])
def test_epochs_in_a_row_are_kept(make_problem, monkeypatch, seed, samples):
    monkeypatch.setattr(orders, "ORDERED_SAMPLES", 12)
    problem = replace(make_problem(samples=samples, batch_size=2, shuffle=True), seed=seed)
    kept = orders.Orders(problem)
    after = kept.provide(2, 50)
    assert after == (6 if samples == 3 else 3)
    for epoch in range(2, after):
        assert kept.provide(epoch, 50) == after
        row = kept._rows[epoch - kept.first]
        assert row.tolist() == epoch_order(problem, epoch).tolist()


def test_a_numpy_that_draws_in_another_way_is_noticed(monkeypatch):
    another = np.random.Generator(np.random.MT19937(1))
    monkeypatch.setattr(np.random, "default_rng", lambda seed: another)
    orders._draws_as_numpy.cache_clear()
    try:
        assert not orders.draw(1, 2, np.zeros((2, 5), np.int64))
    finally:
        orders._draws_as_numpy.cache_clear()
