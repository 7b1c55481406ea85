"""The records stay bounded, lose no peak, and do not depend on how they were filled."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpgui.engine.network import Layer, Network
from bpgui.training.history import (
    GRADIENT_ENTRIES,
    GRADIENT_ROWS,
    ClockRecord,
    LossRecord,
    Schedule,
    StridedRecord,
    bin_edges,
    fold,
    layer_norms,
)

counts = st.lists(st.integers(0, 40), max_size=12)


def cut(values, sizes):
    """The values in pieces of the given sizes, then the rest."""
    ends = np.minimum(np.cumsum([0, *sizes]), len(values))
    return [values[a:b] for a, b in pairwise([*ends, len(values)])]


@given(st.integers(0, 200), st.integers(0, 2**32), counts)
def test_loss_buckets_are_bounded_and_lose_no_peak(count, seed, sizes):
    losses = np.random.default_rng(seed).normal(size=count)
    record = LossRecord(capacity=8)
    for piece in cut(losses, sizes):
        record.extend(piece)
    buckets = record.view()
    assert len(buckets.first) <= 8
    assert record.count == len(losses)
    assert buckets.first.tolist() == list(range(0, len(losses), buckets.width))
    for first, low, high in zip(buckets.first, buckets.low, buckets.high, strict=True):
        inside = losses[first : first + buckets.width]
        assert (low, high) == (inside.min(), inside.max())


@pytest.mark.parametrize(("count", "width"), [(0, 1), (8, 1), (9, 2), (16, 2), (17, 4), (65, 16)])
def test_the_bucket_width_is_the_smallest_that_fits(count, width):
    record = LossRecord(capacity=8)
    record.extend(np.arange(float(count)))
    assert record.view().width == width


def test_a_loss_view_does_not_change_later():
    record = LossRecord(capacity=4)
    record.extend(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    view = record.view()
    before = view.high.copy()
    record.extend(np.array([99.0, 98.0, 97.0, 96.0]))
    assert view.high.tolist() == before.tolist() == [2.0, 4.0, 5.0]


@given(st.integers(0, 150), counts, st.integers(1, 5))
def test_a_strided_record_holds_every_multiple_of_its_stride(count, sizes, unit):
    record = StridedRecord(capacity=8, row_size=2, schedule=Schedule(unit))
    iterations = np.arange(count, dtype=np.int64)
    rows = np.stack([iterations * 0.5, -iterations], axis=1)
    for at, values in zip(cut(iterations, sizes), cut(rows, sizes), strict=True):
        record.extend(at, values)
    held, taken = record.view()
    assert len(held) == len(record) <= 8
    assert held.tolist() == list(range(0, count, record.schedule.stride))
    assert taken.tolist() == rows[held].tolist()
    smaller = record.schedule.stride // 2
    assert record.schedule.stride == unit or len(range(0, count, smaller)) > 8


def test_a_view_of_rows_is_frozen_and_outlives_compaction():
    record = StridedRecord(capacity=4, row_size=1, schedule=Schedule(1))
    record.extend(np.arange(3), np.arange(3.0)[:, None])
    iterations, rows = record.view()
    with pytest.raises(ValueError, match="read-only"):
        rows[0] = 7.0
    record.extend(np.arange(3, 40), np.arange(3.0, 40.0)[:, None])
    assert record.schedule.stride == 16
    assert iterations.tolist() == [0, 1, 2]
    assert rows.ravel().tolist() == [0.0, 1.0, 2.0]


def test_growing_copies_nothing():
    record = StridedRecord(capacity=4, row_size=1, schedule=Schedule(1))
    record.extend(np.arange(2), np.arange(2.0)[:, None])
    _, before = record.view()
    record.extend(np.arange(2, 4), np.arange(2.0, 4.0)[:, None])
    _, after = record.view()
    assert np.shares_memory(before, after)


@given(st.integers(2, 100))
def test_the_clock_is_bounded_and_keeps_its_origin(bursts):
    record = ClockRecord(capacity=8)
    for i in range(1, bursts):
        record.add(10 * i, 0.5 * i)
    clock = record.view()
    assert len(clock.iteration) <= 8
    assert clock.iteration[0] == clock.seconds[0] == 0
    assert clock.iteration[-1] == 10 * (bursts - 1)
    assert (np.diff(clock.iteration) > 0).all()
    assert clock.seconds.tolist() == (clock.iteration * 0.05).tolist()


@pytest.mark.parametrize("size", [1, 5, 8192, 8193, 100_000, 3_000_001])
def test_bins_cover_all_parameters_and_bound_the_record(size):
    edges = bin_edges(size)
    assert edges[0] == 0
    assert edges[-1] == size
    assert (np.diff(edges) >= 1).all()
    assert (len(edges) - 1) * GRADIENT_ROWS <= GRADIENT_ENTRIES
    assert len(edges) - 1 == min(size, 8192)


def test_a_bin_shows_its_largest_member_with_its_sign():
    rows = np.array([[1.0, -3.0, 2.0, 0.0, -0.5], [4.0, -4.0, 0.0, 0.0, 0.0]])
    folded = fold(rows, np.array([0, 2, 4, 5]))
    assert folded.tolist() == [[-3.0, 2.0, -0.5], [4.0, 0.0, 0.0]]


def test_folding_many_bins_takes_the_largest_of_each():
    edges = bin_edges(40_000)
    rows = np.random.default_rng(0).normal(size=(2, 40_000)).astype(np.float32)
    folded = fold(rows, edges)
    assert folded.dtype == np.float32
    assert np.array_equal(np.abs(folded), np.maximum.reduceat(np.abs(rows), edges[:-1], axis=1))


@given(st.integers(1, 50), st.integers(1, 50))
def test_folding_loses_no_peak(size, bins):
    bins = min(size, bins)
    edges = np.arange(bins + 1) * size // bins
    rows = np.random.default_rng(size * 64 + bins).normal(size=(3, size))
    folded = fold(rows, edges)
    for (a, b), column in zip(pairwise(edges), folded.T, strict=True):
        members = rows[:, a:b]
        assert np.array_equal(np.abs(column), np.abs(members).max(axis=1))
        assert all(value in row for value, row in zip(column, members, strict=True))


NETWORK = Network((Layer(2, 2, "sigmoid"), Layer(2, 3, "sigmoid", bias="none")))


@pytest.mark.parametrize("size", [1e-300, 1.0, 1e300])
def test_norms_per_layer_are_those_of_all_parameters_whatever_their_size(size):
    rows = np.random.default_rng(0).normal(size=(3, NETWORK.size))
    got = layer_norms(NETWORK, rows * size)
    np.testing.assert_allclose(got[:, 0] / size, np.linalg.norm(rows[:, :6], axis=1), rtol=1e-14)
    np.testing.assert_allclose(got[:, 1] / size, np.linalg.norm(rows[:, 6:], axis=1), rtol=1e-14)


@pytest.mark.parametrize("size", [1e-30, 1.0, 1e30])
def test_norms_of_large_layers_in_single_precision_are_summed_in_double(size):
    network = Network((Layer(199, 200, "sigmoid"),))
    rows = (np.random.default_rng(0).normal(size=(2, network.size)) * size).astype(np.float32)
    wanted = [[math.sqrt(math.fsum(float(g) ** 2 for g in row))] for row in rows]
    np.testing.assert_allclose(layer_norms(network, rows), wanted, rtol=1e-13)


def test_the_norms_of_a_row_do_not_depend_on_the_rows_beside_it():
    rows = np.random.default_rng(1).normal(size=(200, NETWORK.size))
    rows[::7] = 0.0
    rows[3::7] *= 1e-120
    alone = np.concatenate([layer_norms(NETWORK, row[None]) for row in rows])
    np.testing.assert_array_equal(layer_norms(NETWORK, rows), alone)


def test_norms_tell_what_is_not_finite():
    rows = np.ones((3, NETWORK.size))
    rows[0, 0], rows[1, 0] = np.inf, np.nan
    assert np.isinf(layer_norms(NETWORK, rows)[0, 0])
    assert np.isnan(layer_norms(NETWORK, rows)[1, 0])
    assert layer_norms(NETWORK, rows)[2].tolist() == [np.sqrt(6.0), np.sqrt(6.0)]


def test_norms_of_no_gradient_and_of_zeros():
    assert layer_norms(NETWORK, np.empty((0, NETWORK.size))).shape == (0, 2)
    assert layer_norms(NETWORK, np.zeros((1, NETWORK.size))).tolist() == [[0.0, 0.0]]


def test_a_schedule_is_dense_at_first_where_it_is_told_to():
    schedule = Schedule(12, early=3, early_end=9)
    due, at = [0], 0
    while at < 40:
        at = schedule.next(at)
        due.append(at)
    assert due == [0, 3, 6, 12, 24, 36, 48]
    assert np.flatnonzero(schedule.holds(np.arange(49))).tolist() == due
    record = StridedRecord(capacity=6, row_size=1, schedule=schedule)
    for iterations in (due[:2], due[2:]):
        at = np.array(iterations)
        record.extend(at, at[:, None] * 0.5)
    assert record.view()[0].tolist() == [0, 24, 48]
    assert record.schedule == Schedule(24)
