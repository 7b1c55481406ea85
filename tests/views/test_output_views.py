"""What the Output panel shows, computed without a window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine.backprop import CHUNK
from bpgui.engine.evaluation import evaluate, predict
from bpgui.engine.features import Features, read_feature
from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings
from bpgui.training.evaluating import AbandonedError
from bpgui.views.axes import Limits, points_between
from bpgui.views.output_contours import contour
from bpgui.views.output_curve import CurveQuestion, curve_limits, evaluate_curve
from bpgui.views.output_judged import JudgedQuestion, evaluate_confusion, evaluate_fit
from bpgui.views.output_points import (
    nearest,
    neighbor,
    points_of,
    read_place,
    read_sample,
)
from bpgui.views.output_space import (
    WINNER,
    HeldInputs,
    ValueScale,
    class_names,
    classes_of,
    extent,
    value_scale,
    views_of,
)
from bpgui.views.output_surface import (
    COARSEST,
    DECIDED,
    FINEST_RESTING,
    FINEST_RUNNING,
    Palette,
    Surface,
    SurfaceQuestion,
    boundary,
    evaluate_surface,
    grid_shape,
    painted,
)


def always() -> bool:
    return True


def problem_with(
    inputs: np.ndarray,
    targets: np.ndarray,
    *,
    activation: str = "identity",
    hidden: int = 3,
    classification: bool = False,
    threshold: float | None = None,
    loss: str = "half_squared_error",
    test: Samples | None = None,
    dtype: type = np.float64,
) -> Problem:
    network = Network(
        (
            Layer(inputs.shape[1], hidden, "tanh"),
            Layer(hidden, targets.shape[1], activation),
        )
    )
    initial = np.random.default_rng(3).normal(size=network.size).astype(dtype)
    return Problem(
        network=network,
        train=Samples(inputs.astype(dtype), targets.astype(dtype)),
        test=test,
        loss=loss,
        reduction="mean",
        initial=initial,
        settings=Settings(optimizer_settings("sgd", learning_rate=0.1)),
        classification=classification,
        threshold=threshold,
    )


def spread(count: int, inputs: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, inputs))


@pytest.fixture
def regression() -> Problem:
    x = spread(50, 2)
    return problem_with(x, x[:, :1] * 2.0)


@pytest.fixture
def binary() -> Problem:
    x = spread(60, 2)
    targets = (x[:, :1] > 0.0) * 1.0
    loss = "binary_cross_entropy"
    return problem_with(
        x, targets, activation="sigmoid", classification=True, threshold=0.5, loss=loss
    )


@pytest.fixture
def three() -> Problem:
    x = spread(90, 2)
    targets = np.eye(3)[np.arange(90) % 3]
    return problem_with(x, targets, activation="softmax", classification=True, loss="cross_entropy")


def surface_question(problem: Problem, output: int = 0, columns: int = 7, rows: int = 5, **more):
    chosen = {"across": 0, "up": 1, "held": HeldInputs(problem).values("mean", 0)} | more
    return SurfaceQuestion(
        problem,
        problem.initial,
        0,
        output,
        x=Limits(-1.0, 1.0),
        y=Limits(0.0, 2.0),
        columns=columns,
        rows=rows,
        **chosen,
    )


# --- what there is to show -----------------------------------------------------------------------


def test_the_views_that_make_sense_begin_with_the_one_that_tells_most(regression, binary) -> None:
    assert views_of(regression) == ("surface", "fit")
    assert views_of(binary) == ("surface", "confusion")
    assert views_of(problem_with(spread(5, 1), spread(5, 1))) == ("curve", "fit")
    wide = problem_with(spread(6, 4), np.eye(3)[[0, 1, 2, 0, 1, 2]], classification=True)
    assert views_of(wide) == ("confusion", "surface")


def test_the_extent_holds_all_samples_with_a_margin(regression) -> None:
    test = Samples(np.array([[10.0, -7.0]]), np.array([[1.0]]))
    both = replace(regression, test=test)
    low = regression.train.inputs[:, 0].min()
    assert extent(both, 0) == pytest.approx((low - 0.1 * (10.0 - low), 10.0 + 0.1 * (10.0 - low)))


@pytest.mark.parametrize(("value", "limits"), [(0.0, (-0.5, 0.5)), (40.0, (20.0, 60.0))])
def test_a_single_value_has_room_around_it(value, limits) -> None:
    problem = problem_with(np.full((3, 2), value), np.zeros((3, 1)))
    assert extent(problem, 1) == limits


def test_the_scale_of_values_goes_by_what_they_mean(regression, binary, three) -> None:
    assert value_scale(binary, 0) == ValueScale(0.5, 0.5)
    assert value_scale(three, 1) == ValueScale(0.5, 0.5)
    signs = problem_with(
        spread(4, 2), np.array([[1.0], [-1], [1], [-1]]), classification=True, threshold=0.0
    )
    assert value_scale(signs, 0) == ValueScale(0.0, 1.0)
    largest = np.abs(regression.train.targets).max()
    scale = value_scale(regression, 0)
    assert scale.neutral == 0.0
    assert largest <= scale.reach <= 2.5 * largest
    far = problem_with(spread(3, 2), np.array([[100.0], [104.0], [110.0]]))
    assert value_scale(far, 0) == ValueScale(105.0, 5.0)
    assert value_scale(problem_with(spread(3, 2), np.zeros((3, 1))), 0) == ValueScale(0.0, 1.0)
    assert scale.place(np.array([0.0, scale.reach / 2, 9.9 * scale.reach])).tolist() == [0, 0.5, 1]


def test_classes_are_those_that_accuracy_counts(binary, three) -> None:
    assert class_names(binary) == ["0", "1"]
    assert class_names(replace(binary, threshold=0.0)) == ["−1", "1"]
    assert class_names(three) == ["y1", "y2", "y3"]
    assert class_names(replace(three, classes=("a", "b", "c"))) == ["a", "b", "c"]
    assert classes_of(binary, np.array([[0.5], [0.50001]])).tolist() == [0, 1]
    assert classes_of(three, np.array([[0.1, 0.7, 0.2], [0.4, 0.3, 0.3]])).tolist() == [1, 0]


def test_other_inputs_are_held_at_a_mean_a_sample_or_zero() -> None:
    problem = problem_with(np.array([[1.0, 2.0, 3.0], [3.0, 6.0, 9.0]]), np.zeros((2, 1)))
    held = HeldInputs(problem)
    assert held.values("mean", 0).tolist() == [2.0, 4.0, 6.0]
    assert held.values("sample", 1).tolist() == [3.0, 6.0, 9.0]
    assert held.values("sample", 7).tolist() == [3.0, 6.0, 9.0]
    assert held.values("zero", 1).tolist() == [0.0, 0.0, 0.0]
    assert held.values("mean", 0, [(1, 0.25)]).tolist() == [2.0, 0.25, 6.0]


# --- surfaces ------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_surface_is_the_prediction_to_the_bit(dtype) -> None:
    x = spread(40, 3)
    problem = problem_with(x, x[:, :2], dtype=dtype)
    question = surface_question(problem, 1, columns=90, rows=70, across=2, up=0)
    surface = evaluate_surface(question, always)
    xs, ys = points_between(question.x, 90), points_between(question.y, 70)
    inputs = np.empty((70 * 90, 3))
    inputs[:, 1] = question.held[1]
    inputs[:, 2], inputs[:, 0] = np.tile(xs, 70), np.repeat(ys, 90)
    assert len(inputs) > CHUNK
    right = predict(problem, problem.initial, inputs)[:, 1].reshape(70, 90)
    assert surface.values.dtype == dtype
    np.testing.assert_array_equal(surface.values, right)
    assert surface.winners is None
    assert surface.finite


def test_points_stand_in_the_middles_of_cells() -> None:
    assert points_between(Limits(0.0, 4.0), 4).tolist() == [0.5, 1.5, 2.5, 3.5]


def test_the_winner_is_the_largest_output_and_how_far_it_is_ahead(three) -> None:
    surface = evaluate_surface(surface_question(three, WINNER), always)
    xs, ys = points_between(Limits(-1, 1), 7), points_between(Limits(0, 2), 5)
    inputs = np.array([[x, y] for y in ys for x in xs])
    outputs = predict(three, three.initial, inputs)
    np.testing.assert_array_equal(surface.winners.ravel(), outputs.argmax(axis=1))
    ordered = np.sort(outputs, axis=1)
    np.testing.assert_array_equal(surface.values.ravel(), ordered[:, 2] - ordered[:, 1])


def test_a_surface_is_abandoned_when_nobody_wants_it(regression) -> None:
    with pytest.raises(AbandonedError):
        evaluate_surface(surface_question(regression), lambda: False)


def test_the_grid_is_as_fine_as_time_allows() -> None:
    assert grid_shape(None, False, (400, 400)) == (48, 48)
    assert grid_shape(1e-9, False, (400, 400)) == (96, 96)
    assert grid_shape(1.0, False, (400, 400)) == (24, 24)
    for pixels in ((400, 400), (900, 300), (160, 500)):
        for seconds in (1e-9, 1e-7, 3e-6, 1e-5, 1.0):
            columns, rows = grid_shape(seconds, False, pixels)
            fine = grid_shape(seconds, True, pixels)
            assert columns / rows == pytest.approx(pixels[0] / pixels[1], rel=0.15)
            assert COARSEST * 0.8 <= columns * rows <= FINEST_RUNNING * 1.1
            assert columns * rows <= fine[0] * fine[1] <= FINEST_RESTING * 1.1


PALETTE = Palette(
    values=np.arange(101, dtype=np.uint32),
    classes=np.arange(30, dtype=np.uint32).reshape(3, 10) + 1000,
    nothing=7777,
)


def surface_of(problem, values, winners=None) -> Surface:
    values = np.array(values, dtype=np.float64)
    question = surface_question(problem, columns=values.shape[1], rows=values.shape[0])
    return Surface(question, values, None if winners is None else np.array(winners))


def test_values_are_colored_around_the_neutral_one(binary, regression) -> None:
    scale = ValueScale(0.5, 0.5)
    surface = surface_of(binary, [[0.0, 0.5, 1.0], [0.25, np.nan, 9.0]])
    assert not surface.finite
    assert painted(surface, scale, PALETTE, False).tolist() == [[0, 50, 100], [25, 7777, 100]]
    decided = painted(surface, scale, PALETTE, True)
    assert decided.tolist() == [
        [round(50 - 50 * DECIDED), round(50 - 50 * DECIDED), round(50 + 50 * DECIDED)],
        [round(50 - 50 * DECIDED), 7777, round(50 + 50 * DECIDED)],
    ]
    stepped = painted(surface_of(regression, [[0.0, 0.54, 0.66, 1.0]]), scale, PALETTE, True)
    assert stepped.tolist() == [[0, 50, 70, 100]]


def test_a_winner_has_the_color_of_its_class_by_how_far_it_is_ahead(three) -> None:
    surface = surface_of(three, [[1.0, 0.0, 1.0]], [[0, 1, 2]])
    scale = value_scale(three, WINNER)
    assert painted(surface, scale, PALETTE, False).tolist() == [[1009, 1011, 1029]]
    assert painted(surface, scale, PALETTE, True).tolist() == [[1006, 1016, 1026]]


# --- the boundary --------------------------------------------------------------------------------


def test_a_contour_lies_where_a_plane_is_zero() -> None:
    xs, ys = np.linspace(-1, 1, 9), np.linspace(-2, 2, 12)
    plane = xs[None, :] + 0.5 * ys[:, None] - 0.1
    lines = contour(plane, xs, ys)
    points = lines.reshape(-1, 2)
    np.testing.assert_allclose(points[:, 0] + 0.5 * points[:, 1], 0.1, atol=1e-12)
    length = np.hypot(*(lines[:, 1] - lines[:, 0]).T).sum()
    assert length == pytest.approx(np.hypot(2.0, 4.0), rel=0.06)


def test_a_contour_of_a_circle_is_closed_and_as_long_as_it() -> None:
    xs = ys = np.linspace(-2, 2, 80)
    lines = contour(np.hypot(*np.meshgrid(xs, ys)) - 1.0, xs, ys)
    assert np.hypot(*(lines[:, 1] - lines[:, 0]).T).sum() == pytest.approx(2 * np.pi, rel=1e-3)
    _, counts = np.unique(lines.reshape(-1, 2).round(9), axis=0, return_counts=True)
    assert set(counts) == {2}


@pytest.mark.parametrize(("middle", "corner"), [(0.5, (0.0, 1.0)), (-0.5, (0.0, 0.0))])
def test_a_saddle_is_cut_by_the_sign_of_its_middle(middle, corner) -> None:
    values = np.array([[1.0, -1.0], [-1.0, 1.0]]) + middle
    ends = contour(values, np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    assert len(ends) == 2
    nearest_end = np.abs(ends - np.array(corner)).sum(axis=-1).min()
    assert nearest_end == pytest.approx(0.25)


def test_a_surface_of_one_sign_has_no_contour() -> None:
    assert contour(np.ones((4, 4)), np.arange(4.0), np.arange(4.0)).shape == (0, 2, 2)


def test_the_boundary_is_where_the_decision_changes(binary, three, regression) -> None:
    scale = value_scale(binary, 0)
    surface = surface_of(binary, [[0.0, 1.0], [0.0, 1.0]])
    assert boundary(surface, scale).reshape(-1, 2)[:, 0].tolist() == [0.0, 0.0]
    assert not len(boundary(surface_of(regression, [[-1.0, 1.0], [-1.0, 1.0]]), scale))
    assert not len(boundary(surface_of(binary, [[0.0, np.nan], [0.0, 1.0]]), scale))
    lead = np.full((2, 4), 0.5)
    winners = [[0, 1, 2, 2], [0, 1, 2, 2]]
    lines = boundary(surface_of(three, lead, winners), value_scale(three, WINNER))
    assert sorted(set(lines.reshape(-1, 2)[:, 0].round(9).tolist())) == [-0.5, 0.0]
    assert not len(boundary(surface_of(three, lead, np.zeros((2, 4), dtype=int)), scale))


# --- curves --------------------------------------------------------------------------------------


def test_a_curve_is_the_prediction_to_the_bit() -> None:
    x = spread(20, 1)
    problem = problem_with(x, np.hstack([x, x**2]))
    question = CurveQuestion(problem, problem.initial, 0, Limits(-2.0, 3.0), CHUNK + 10)
    curve = evaluate_curve(question, always)
    assert (curve.x[0], curve.x[-1]) == (-2.0, 3.0)
    right = predict(problem, problem.initial, curve.x[:, None])
    np.testing.assert_array_equal(curve.y, right)
    with pytest.raises(AbandonedError):
        evaluate_curve(question, lambda: False)


def test_the_limits_of_a_curve_hold_the_targets_of_the_outputs_shown() -> None:
    targets = np.array([[0.0, -10.0], [1.0, 10.0]])
    problem = problem_with(spread(2, 1), targets)
    assert curve_limits(problem, range(1)) == pytest.approx((-0.1, 1.1))
    assert curve_limits(problem, range(2)) == pytest.approx((-12.0, 12.0))


# --- all samples ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["binary", "three"])
def test_a_confusion_matrix_counts_what_accuracy_counts(name, request) -> None:
    problem = request.getfixturevalue(name)
    question = JudgedQuestion(problem, problem.initial, 0, "train")
    found = evaluate_confusion(question, always)
    outputs = predict(problem, problem.initial, problem.train.inputs)
    right = np.zeros_like(found.counts)
    for i, j in zip(
        classes_of(problem, problem.train.targets), classes_of(problem, outputs), strict=True
    ):
        right[i, j] += 1
    np.testing.assert_array_equal(found.counts, right)
    assert found.accuracy == evaluate(problem, problem.initial).accuracy
    assert found.total == found.counts.sum() == len(problem.train)
    rows = found.counts.sum(axis=1)
    np.testing.assert_allclose(found.shares().sum(axis=1), rows > 0)
    assert sum(len(found.members(i, j)) for i, j in np.ndindex(right.shape)) == found.total
    assert found.finite


def test_the_test_samples_are_counted_by_themselves(binary) -> None:
    test = Samples(np.array([[5.0, 5.0]]), np.array([[1.0]]))
    problem = replace(binary, test=test)
    found = evaluate_confusion(JudgedQuestion(problem, problem.initial, 0, "test"), always)
    assert found.total == 1
    assert found.accuracy == evaluate(problem, problem.initial).test_accuracy


def test_a_fit_tells_the_error_and_what_is_explained(regression) -> None:
    found = evaluate_fit(JudgedQuestion(regression, regression.initial, 0, "train"), always)
    outputs = predict(regression, regression.initial, regression.train.inputs)[:, 0]
    targets = regression.train.targets[:, 0]
    np.testing.assert_array_equal(found.outputs, outputs)
    assert found.error == pytest.approx(np.sqrt(np.mean((outputs - targets) ** 2)))
    right = 1.0 - np.var(targets - outputs) / np.var(targets)
    mean_error = np.mean(targets - outputs) ** 2 / np.var(targets)
    assert found.explained == pytest.approx(right - mean_error)


def test_what_is_explained_is_left_out_where_all_targets_are_the_same() -> None:
    problem = problem_with(spread(5, 2), np.ones((5, 1)))
    found = evaluate_fit(JudgedQuestion(problem, problem.initial, 0, "train"), always)
    assert found.explained is None
    with pytest.raises(AbandonedError):
        evaluate_fit(JudgedQuestion(problem, problem.initial, 0, "train"), lambda: False)


# --- samples -------------------------------------------------------------------------------------


def test_many_samples_are_thinned_evenly(regression) -> None:
    assert points_of(regression, "test") is None
    all_of_them = points_of(regression, "train")
    assert all_of_them.indices.tolist() == list(range(50))
    some = points_of(regression, "train", most=4)
    assert (some.indices.tolist(), some.total) == ([0, 12, 25, 37], 50)
    np.testing.assert_array_equal(some.inputs, regression.train.inputs[some.indices])


def test_a_sample_is_read_with_its_own_loss(binary) -> None:
    theta = binary.initial
    reading = read_sample(binary, theta, binary.train, 7)
    one = binary.train.inputs[7:8]
    np.testing.assert_array_equal(reading.outputs, predict(binary, theta, one)[0])
    alone = replace(binary, train=Samples(one, binary.train.targets[7:8]))
    assert reading.loss == pytest.approx(evaluate(alone, theta).data_loss, rel=1e-15)
    place = read_place(binary, theta, one[0])
    np.testing.assert_array_equal(place.outputs, reading.outputs)
    assert place.loss is None


def test_the_nearest_point_is_found_in_pixels() -> None:
    places = np.array([[0.0, 0.0], [1.0, 0.0], [np.nan, 0.0]])
    assert nearest(places, (0.9, 0.0), (100.0, 1.0), 12.0) == 1
    assert nearest(places, (0.8, 0.0), (100.0, 1.0), 12.0) is None
    assert nearest(places, (0.0, 9.0), (100.0, 1.0), 12.0) == 0
    assert nearest(np.empty((0, 2)), (0.0, 0.0), (1.0, 1.0), 5.0) is None


def test_arrows_lead_to_the_neighbor_on_their_side() -> None:
    places = np.array([[0.0, 0.0], [1.0, 0.1], [0.1, 1.0], [-3.0, 0.0], [0.0, -1.0]])
    found = {
        direction: neighbor(places, 0, direction, (10.0, 10.0))
        for direction in ("right", "up", "left", "down")
    }
    assert found == {"right": 1, "up": 2, "left": 3, "down": 4}
    assert neighbor(places, 1, "right", (10.0, 10.0)) == 1


# --- features ------------------------------------------------------------------------------------


@pytest.fixture
def squares(regression) -> Problem:
    """A network that sees x1², x2² and their product instead of the two inputs of the data."""
    features = Features(tuple(read_feature(text, 2) for text in ("x1^2", "x2^2", "x1*x2")), 2)
    raw, targets = regression.train.inputs, regression.train.targets
    problem = problem_with(features(raw), targets)
    network = replace(problem.network, input_names=features.names)
    samples = Samples(problem.train.inputs, targets, raw)
    return replace(problem, network=network, train=samples, features=features)


def test_of_features_the_surface_lies_over_the_inputs_of_the_data(squares, regression) -> None:
    assert views_of(squares) == ("surface", "fit")
    assert extent(squares, 1) == extent(regression, 1)

    surface = evaluate_surface(surface_question(squares), always)

    x, y = points_between(Limits(-1.0, 1.0), 7)[2], points_between(Limits(0.0, 2.0), 5)[3]
    seen = np.array([[x * x, y * y, x * y]])
    assert surface.values[3, 2] == predict(squares, squares.initial, seen)[0, 0]


def test_of_features_points_and_readings_are_of_the_data(squares) -> None:
    points = points_of(squares, "train")
    assert points is not None
    np.testing.assert_array_equal(points.inputs, squares.train.raw)

    sample = read_sample(squares, squares.initial, squares.train, 4)
    place = read_place(squares, squares.initial, points.inputs[4])
    np.testing.assert_array_equal(place.outputs, sample.outputs)


def test_where_a_feature_has_no_value_the_output_has_none(squares) -> None:
    features = Features((*squares.features.graphs[:2], read_feature("log(x1)", 2)), 2)
    surface = evaluate_surface(surface_question(replace(squares, features=features)), always)
    assert np.isnan(surface.values[:, :3]).all()
    assert np.isfinite(surface.values[:, 4:]).all()


def test_a_curve_of_features_lies_over_the_one_input() -> None:
    features = Features((read_feature("x1", 1), read_feature("sin(x1)", 1)), 1)
    raw = spread(20, 1)
    problem = problem_with(features(raw), raw)
    problem = replace(problem, features=features, train=replace(problem.train, raw=raw))
    assert views_of(problem) == ("curve", "fit")

    question = CurveQuestion(problem, problem.initial, 0, Limits(-2.0, 2.0), 9)
    curve = evaluate_curve(question, always)

    expected = predict(problem, problem.initial, np.stack([curve.x, np.sin(curve.x)], axis=1))
    np.testing.assert_array_equal(curve.y, expected)
