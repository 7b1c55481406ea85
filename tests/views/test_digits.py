"""Pictures among samples: which are taken for another class, what is drawn, weights as pictures."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from bpgui.engine.evaluation import evaluate, predict
from bpgui.engine.network import Layer, Network
from bpgui.engine.problem import Samples
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import find
from bpgui.experiment.presets import load
from bpgui.training.evaluating import AbandonedError
from bpgui.views.digits import Missed, evaluate_missed, output_range, side_of
from bpgui.views.digits_drawing import (
    CANVAS,
    Framing,
    blank,
    center_of_mass,
    framed,
    framing_of,
    ink_box,
    stroke,
)
from bpgui.views.digits_weights import weight_pictures
from bpgui.views.output_judged import JudgedQuestion
from bpgui.views.output_points import read_sample

MNIST = Framing(28, 20.0, (14.0, 14.0), 0.0, 1.0)


@pytest.fixture(scope="module")
def problem():
    return build_problem(load(find("digits-hidden")))


def ask(problem, part="train", go_on=lambda: True) -> Missed:
    return evaluate_missed(JudgedQuestion(problem, problem.initial, 0, part), go_on)


def picture_like(problem, inputs):
    return replace(problem, train=Samples(inputs, problem.train.targets[: len(inputs)]))


# --- which data, which samples -------------------------------------------------------------------


def test_pictures_are_square(problem) -> None:
    assert side_of(problem) == 8
    two_inputs = build_problem(load(find("xor")))
    assert side_of(two_inputs) is None


@pytest.mark.parametrize("part", ["train", "test"])
def test_what_is_missed_is_what_accuracy_counts_with_the_largest_loss_first(problem, part) -> None:
    missed = ask(problem, part)
    samples = problem.train if part == "train" else problem.test
    outputs = predict(problem, problem.initial, samples.inputs)
    wrong = np.flatnonzero(outputs.argmax(axis=1) != samples.targets.argmax(axis=1))
    assert sorted(missed.indices.tolist()) == wrong.tolist()
    told = evaluate(problem, problem.initial)
    assert missed.accuracy == pytest.approx(
        told.accuracy if part == "train" else told.test_accuracy
    )
    assert (np.diff(missed.losses) <= 0.0).all()
    right = [
        read_sample(problem, problem.initial, samples, int(index)).loss
        for index in missed.indices[:20]
    ]
    np.testing.assert_array_equal(missed.losses[:20], right)


def test_one_walks_round_through_what_is_missed(problem) -> None:
    missed = ask(problem, "test")
    first, second, last = (int(missed.indices[at]) for at in (0, 1, -1))
    assert missed.beside(first, 1) == second
    assert missed.beside(first, -1) == last
    assert missed.beside(last, 1) == first
    right = next(index for index in range(missed.total) if index not in missed.indices)
    assert missed.place(right) is None
    assert missed.beside(right, 1) == missed.beside(right, -1) == first
    none = replace(missed, indices=missed.indices[:0], losses=missed.losses[:0])
    assert none.beside(right, 1) is None
    assert none.accuracy == 1.0


def test_the_search_is_given_up_when_asked_to(problem) -> None:
    with pytest.raises(AbandonedError):
        ask(problem, go_on=lambda: False)
    answers = iter([True, False])
    with pytest.raises(AbandonedError):
        ask(problem, go_on=lambda: next(answers))


def test_outputs_are_drawn_over_what_their_activation_gives(problem) -> None:
    assert output_range(problem) == (0.0, 1.0)
    network = Network((Layer(64, 10, "identity", "trained"),))
    free = replace(problem, network=network)
    assert output_range(free, np.array([0.3, 7.1])) == (0.0, 8.0)
    assert output_range(free, np.array([0.3, -7.1, np.nan])) == (-8.0, 8.0)
    assert output_range(free) == (0.0, 1.0)


# --- drawing -------------------------------------------------------------------------------------


def test_a_stroke_has_ink_as_far_as_its_radius() -> None:
    drawing = stroke(blank(), (70.0, 30.0), (70.0, 110.0), 7.0)
    assert drawing[70, 70] == 1.0
    assert drawing[78, 70] == 0.0
    assert ink_box(drawing) == (63, 77, 23, 117)
    assert drawing.sum() == pytest.approx(80 * 14 + np.pi * 49, rel=0.01)
    assert stroke(drawing, (70.0, 30.0), (70.0, 110.0), 9.0, erase=True).max() == 0.0


@pytest.mark.parametrize("place", [(0.0, 0.0), (139.0, -3.0), (-400.0, 70.0), (70.0, 900.0)])
def test_a_stroke_beyond_the_edge_is_cut(place) -> None:
    drawing = stroke(blank(), place, place, 10.0)
    assert drawing.shape == (CANVAS, CANVAS)
    assert 0.0 <= drawing.max() <= 1.0


@pytest.mark.parametrize("shift", [(0.0, 0.0), (25.0, -20.0)])
@pytest.mark.parametrize("scale", [0.4, 1.0])
def test_where_and_how_large_one_draws_makes_no_difference(shift, scale) -> None:
    """A seven, small or large, in the middle or aside, comes out as MNIST has it."""

    def seven(shift, scale):
        corners = [(-35.0, -25.0), (-35.0, 25.0), (40.0, -5.0)]
        places = [(70.0 + shift[0] + y * scale, 70.0 + shift[1] + x * scale) for y, x in corners]
        drawing = blank()
        for start, end in pairwise(places):
            drawing = stroke(drawing, start, end, 6.0 * scale)
        return drawing

    picture = framed(seven(shift, scale), MNIST)
    assert picture.shape == (28, 28)
    top, bottom, left, right = ink_box(picture)
    assert max(bottom - top, right - left) in (20, 21)
    np.testing.assert_allclose(center_of_mass(picture), (14.0, 14.0), atol=0.2)
    assert abs(picture - framed(seven((0.0, 0.0), 1.0), MNIST)).mean() < 0.02
    as_drawn = framed(seven(shift, scale), MNIST, centered=False)
    assert as_drawn.sum() == pytest.approx(seven(shift, scale).sum() / 25.0)


def test_nothing_drawn_is_paper() -> None:
    light = replace(MNIST, paper=1.0, ink=-1.0)
    assert (framed(blank(), light) == 1.0).all()
    dark = stroke(blank(), (40.0, 70.0), (100.0, 70.0), 8.0)
    assert framed(dark, light).min() == pytest.approx(-1.0)


def test_a_drawing_never_leaves_the_picture() -> None:
    """The bundled digits reach from edge to edge, so that there is no room to center them."""
    tight = Framing(8, 8.0, (4.0, 4.0), 0.0, 1.0)
    drawing = stroke(blank(), (20.0, 70.0), (20.0, 100.0), 10.0)
    drawing = stroke(drawing, (20.0, 85.0), (120.0, 85.0), 5.0)
    picture = framed(drawing, tight)
    assert picture[0].max() > 0.5
    assert picture[-1].max() > 0.2
    assert ink_box(picture)[:2] == (0, 8)


def test_the_framing_is_that_of_the_training_data(problem) -> None:
    bundled = framing_of(problem, 8)
    assert (bundled.side, bundled.size, bundled.paper, bundled.ink) == (8, 8.0, 0.0, 1.0)
    np.testing.assert_allclose(bundled.center, (4.0, 4.0), atol=0.5)

    pictures = np.zeros((3, 28, 28))
    for picture in pictures:
        picture[4:24, 10:18] = 1.0
    mnist = framing_of(picture_like(problem, pictures.reshape(3, -1)), 28)
    assert mnist == MNIST
    inverse = framing_of(picture_like(problem, 1.0 - pictures.reshape(3, -1)), 28)
    assert (inverse.paper, inverse.ink, inverse.size) == (1.0, 0.0, 20.0)
    np.testing.assert_array_equal(inverse.depth(1.0 - pictures[0]), pictures[0])
    empty = framing_of(picture_like(problem, np.zeros((3, 784))), 28)
    assert (empty.size, empty.center) == (20.0, (14.0, 14.0))


# --- weights -------------------------------------------------------------------------------------


def test_weights_are_pictures_in_the_order_of_the_inputs(problem) -> None:
    network = problem.network
    first = weight_pictures(network, problem.initial, 1)
    assert (first.units, first.rows, first.columns, first.reach) == (30, 8, 8, 1.0)
    np.testing.assert_array_equal(first.places(3).ravel(), network.weights(problem.initial)[0][2])
    assert first.source(1, 2) == 11
    assert network.index(1, 3, 11) == network.index_of("w(1)[3,11]")

    second = weight_pictures(network, problem.initial, 2)
    assert (second.units, second.rows, second.columns) == (10, 5, 6)
    one = weight_pictures(Network((Layer(5, 1, "sigmoid", "trained"),)), np.arange(6.0), 1)
    assert (one.rows, one.columns, one.reach) == (2, 3, 4.0)
    np.testing.assert_allclose(one.places(1), [[0.0, 0.25, 0.5], [0.75, 1.0, 0.0]])
    assert one.source(1, 1) == 5
    assert one.source(1, 2) is None


def test_weights_that_are_not_finite_stay_apart() -> None:
    network = Network((Layer(4, 1, "sigmoid", "trained"),))
    theta = np.array([1.0, np.nan, -np.inf, -2.0, 0.0])
    places = weight_pictures(network, theta, 1).places(1)
    np.testing.assert_array_equal(places, [[0.5, np.nan], [np.nan, -1.0]])
