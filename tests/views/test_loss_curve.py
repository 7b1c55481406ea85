"""The lines, limits and readings of the loss."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine.evaluation import Evaluation
from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings
from bpgui.training.history import LossRecord
from bpgui.training.snapshot import (
    Clock,
    Evaluations,
    GradientRows,
    LossBuckets,
    RunState,
    Snapshot,
)
from bpgui.views.axes import Limits
from bpgui.views.loss_curve import (
    Line,
    bucket_line,
    drawn,
    logarithmic,
    loss_lines,
    loss_view,
    nearest,
    readings,
    smoothed,
)

SAMPLES = Samples(np.zeros((10, 1)), np.zeros((10, 1)))
FULL = Problem(
    network=Network((Layer(1, 1, "identity"),)),
    train=SAMPLES,
    test=None,
    loss="squared_error",
    reduction="mean",
    initial=np.zeros(2),
    settings=Settings(optimizer_settings("sgd")),
)
MINI = replace(FULL, batch_size=2, test=SAMPLES)


def buckets(losses, capacity=2048) -> LossBuckets:
    record = LossRecord(capacity)
    record.extend(np.asarray(losses, dtype=np.float64))
    return record.view()


def snapshot(losses, evaluated, train, test=None, at=None, capacity=2048) -> Snapshot:
    """After len(losses) iterations, with evaluations after `evaluated` iterations; one of them, or
    the last, is the newest."""
    test = np.full(len(train), np.nan) if test is None else np.array(test)
    newest = None if np.isnan(test[-1]) else float(test[-1])
    return Snapshot(
        run_id=1,
        state=RunState.PAUSED,
        iteration=len(losses),
        epoch=0,
        parameters=np.zeros(2),
        gradient=None,
        update=None,
        slots=np.empty((0, 2)),
        settings=FULL.settings,
        evaluation=Evaluation(float(train[-1]), float(train[-1]), None, newest, None),
        evaluated_at=evaluated[-1] if at is None else at,
        losses=buckets(losses, capacity),
        evaluations=Evaluations(np.array(evaluated), np.array(train), test),
        gradients=GradientRows(
            np.empty(0, dtype=np.int64), np.empty((0, 2)), np.empty((0, 1)), np.arange(3)
        ),
        clock=Clock(np.array([0, 4]), np.array([0.0, 2.0])),
        stretches=(),
        iterations_per_second=0.0,
    )


def test_the_full_batch_objective_is_the_train_line():
    lines = loss_lines(FULL, snapshot([4.0, 3.0, 2.0], [0, 1, 2, 3], [4, 3, 2, 1.5]), "iterations")
    assert lines.batches is None
    assert lines.test is None
    np.testing.assert_array_equal(lines.train.x, [0, 1, 2, 3])
    np.testing.assert_array_equal(lines.train.y, [4, 3, 2, 1.5])


def test_mini_batches_lie_behind_the_evaluated_lines():
    shown = snapshot(np.arange(10.0), [0, 5, 10], [9, 8, 7], [3, 2, 1])
    lines = loss_lines(MINI, shown, "epochs")
    np.testing.assert_array_equal(lines.train.x, [0, 1, 2])
    np.testing.assert_array_equal(lines.test.y, [3, 2, 1])
    np.testing.assert_array_equal(lines.batches.x, np.arange(10) / 5)


def test_seconds_come_from_the_clock():
    shown = snapshot([4.0, 3.0, 2.0], [0, 1, 2, 3], [4, 3, 2, 1.5])
    np.testing.assert_array_equal(loss_lines(FULL, shown, "seconds").train.x, [0, 0.5, 1, 1.5])


def test_the_newest_evaluation_is_a_reading_of_its_own():
    shown = snapshot(np.arange(7.0), [0, 5], [9, 8], [3, 2], at=7)
    exact = readings(shown)
    np.testing.assert_array_equal(exact.iteration, [0, 5, 7])
    np.testing.assert_array_equal(exact.train, [9, 8, 8])
    np.testing.assert_array_equal(exact.test, [3, 2, 2])


def test_no_peak_is_lost_in_buckets():
    losses = np.linspace(2.0, 1.0, 10_000)
    losses[4321] = 50.0
    losses[6789] = 0.01
    x, y = bucket_line(buckets(losses), len(losses))
    assert len(x) <= 4096
    assert np.all(np.diff(x) > 0)
    assert y.max() == 50.0
    assert abs(x[y.argmax()] - 4321) < 8
    assert y.min() == 0.01
    # Where nothing happens the line falls without teeth.
    assert np.all(np.diff(y[x < 4000]) <= 0)


def test_a_last_bucket_of_one_iteration_is_one_point():
    x, y = bucket_line(buckets([5.0, 4.0, 3.0], capacity=2), 3)
    np.testing.assert_array_equal(x, [0, 1, 2])
    np.testing.assert_array_equal(y, [5.0, 4.0, 3.0])


def test_what_has_no_logarithm_is_a_gap():
    line = logarithmic(Line(np.arange(6.0), np.array([10.0, 0.0, -1.0, np.inf, np.nan, 0.1])))
    np.testing.assert_array_equal(line.y, [1.0, np.nan, np.nan, np.nan, np.nan, -1.0])


def test_smoothing_is_a_mean_of_the_past():
    x = np.array([0.0, 1.0, 3.0])
    y = np.array([1.0, 0.0, 5.0])
    got = smoothed(Line(x, y), reach=2.0).y
    weights = [np.exp((x[: i + 1] - x[i]) / 2.0) for i in range(3)]
    expected = [np.average(y[: i + 1], weights=weights[i]) for i in range(3)]
    np.testing.assert_allclose(got, expected, rtol=1e-14)


def test_smoothing_neither_pulls_the_start_down_nor_fills_gaps_nor_moves_a_constant():
    y = np.full(1000, 7.3)
    y[500:510] = np.nan
    got = smoothed(Line(np.arange(1000.0), y), reach=1e-9).y
    np.testing.assert_array_equal(got, y)
    assert np.all(np.isnan(smoothed(Line(np.arange(2.0), np.full(2, np.nan)), 1.0).y))


def test_smoothing_of_a_long_run_stays_exact():
    x = np.arange(100_000.0)
    y = np.where(x < 50_000, 1e6, 1e-3)
    assert smoothed(Line(x, y), reach=1000.0).y[-1] == pytest.approx(1e-3, rel=1e-5)


def test_limits_grow_and_never_shrink():
    high = snapshot([9.0] * 30, [0, 30], [9.0, 2.0])
    low = snapshot([0.5] * 40, [0, 40], [0.5, 0.4])
    view = loss_view(FULL, high, "iterations", log=False)
    assert (view.x, view.y) == (Limits(0, 30), Limits(0, 10))
    later = loss_view(FULL, low, "iterations", log=False, before=view)
    assert (later.x, later.y) == (Limits(0, 40), Limits(0, 10))


def test_a_lucky_batch_does_not_stretch_the_logarithmic_axis():
    shown = snapshot([1.0, 1e-12, 0.0, 30.0], [0, 4], [1.0, 0.2], [1.0, 0.3])
    view = loss_view(MINI, shown, "iterations", log=True)
    assert view.y == (pytest.approx(math.log10(0.2)), pytest.approx(math.log10(50)))


def test_losses_without_a_finite_value_still_have_limits():
    shown = snapshot([np.nan, np.inf], [0, 2], [np.nan, np.inf])
    assert loss_view(FULL, shown, "iterations", log=True).y == (-1, 0)
    assert loss_view(FULL, shown, "iterations", log=False).y == (0, 1)


def test_drawing_a_zoomed_part():
    line = Line(np.arange(10_000.0), np.arange(10_000.0))
    part = drawn(line, Limits(100.5, 103.5), 500)
    np.testing.assert_array_equal(part.x, [100, 101, 102, 103, 104])
    assert len(drawn(line, Limits(0, 1e4), 100).x) <= 202


@pytest.mark.parametrize(("wanted", "found"), [(-5, 0), (0.4, 0), (1.4, 1), (2.6, 2), (99, 2)])
def test_nearest(wanted, found):
    assert nearest(np.array([0.0, 1.0, 3.0]), wanted) == found
    assert nearest(np.array([2.0]), wanted) == 0
