"""Explanations: what is displayed comes to the result, over all tables; texts for known numbers."""

import math
from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine.activations import ACTIVATIONS
from bpgui.engine.derivation import derive
from bpgui.engine.losses import LOSSES
from bpgui.engine.network import Layer, Network
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.engine.problem import Problem, Samples, Settings, optimizer_settings
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import find
from bpgui.experiment.presets import load
from bpgui.views.formulas import explain, symbol_of
from bpgui.views.maths import evaluate
from bpgui.views.quantities import Quantity
from bpgui.views.rendering import as_latex, as_markdown, as_text, rows
from bpgui.views.rules import ACTIVATION_RULES, ERROR_RULES, SLOPE_RULES, TERM_RULES
from bpgui.views.updates import UPDATE_RULES
from bpgui.views.walkthrough import numbers_of, steps
from bpgui.views.writing import Style

BOUNDED = {"sigmoid", "softmax"}
PAIRS = [
    (activation, loss)
    for activation in ACTIVATIONS
    for loss in LOSSES
    if not loss.endswith("cross_entropy") or activation in BOUNDED
]


def make(
    sizes=(3, 4, 3),
    activation="sigmoid",
    loss="half_squared_error",
    reduction="mean",
    optimizer="sgd",
    bias="trained",
    spread=1.5,
    **settings,
):
    rng = np.random.default_rng(3)
    hidden = "tanh" if activation == "softmax" else activation
    names = [hidden] * (len(sizes) - 2) + [activation]
    network = Network(
        tuple(
            Layer(*pair, name, bias) for *pair, name in zip(sizes, sizes[1:], names, strict=False)
        )
    )
    samples = Samples(
        rng.uniform(-1, 1, (12, sizes[0])), np.eye(sizes[-1])[rng.integers(sizes[-1], size=12)]
    )
    theta = rng.uniform(-spread, spread, network.size)
    chosen = Settings(optimizer_settings(optimizer, learning_rate=0.1), **settings)
    return Problem(network, samples, None, loss, reduction, theta, chosen)


def everything(derivation):
    for step in steps(derivation.problem.network):
        for quantity in numbers_of(derivation, step):
            yield explain(derivation, quantity, len(derivation.samples) - 1)


def check(derivation):
    """Every line's rule, evaluated with the numbers it displays, comes to the engine's result."""
    for explanation in everything(derivation):
        quantity = explanation.quantity
        symbol = symbol_of(derivation, quantity, len(derivation.samples) - 1)
        assert explanation.symbol == symbol
        for line in explanation.lines:
            if line.rule is not None:
                assert math.isfinite(line.value)
                near = pytest.approx(line.value, rel=1e-11, abs=1e-14)
                assert evaluate(line.rule) == near, as_text(explanation)


@pytest.fixture(scope="module")
def two_inputs():
    path = find("two-inputs-fixed-biases")
    problem = build_problem(load(path), path.parent)
    return derive(problem, problem.initial, [0])


def text(derivation, quantity, column=0, **style):
    return as_text(explain(derivation, quantity, column), Style(**style)).splitlines()


def test_the_rules_cover_the_tables():
    assert set(ACTIVATION_RULES) == set(SLOPE_RULES) == set(ACTIVATIONS) - {"softmax"}
    assert set(TERM_RULES) == set(ERROR_RULES) == set(LOSSES)
    assert set(UPDATE_RULES) == set(OPTIMIZERS) - {"sgd"}


@pytest.mark.parametrize("samples", [[5], [1, 2, 7, 4]])
@pytest.mark.parametrize(("activation", "loss"), PAIRS)
def test_what_is_displayed_comes_to_the_result(activation, loss, samples):
    problem = make(activation=activation, loss=loss)
    check(derive(problem, problem.initial, samples))


@pytest.mark.parametrize("bias", ["trained", "fixed", "none"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_reductions_and_biases(bias, reduction):
    problem = make(bias=bias, reduction=reduction, l1=0.01, l2=0.3)
    check(derive(problem, problem.initial, range(12)))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_updates_of_every_optimizer_after_some_iterations(optimizer):
    problem = make(optimizer=optimizer, l2=0.2, frozen=np.arange(31) == 4)
    theta, slots = problem.initial, None
    for iteration in range(4):
        found = derive(problem, theta, range(12), slots, iteration)
        theta, slots = found.update.parameters, found.update.new_slots
    check(found)


def test_a_saturated_pair_is_explained_from_z():
    problem = make((3, 3), "softmax", "cross_entropy", spread=900)
    found = derive(problem, problem.initial, [0])
    lines = text(found, Quantity("loss", 1))
    assert "computed from z" in lines[0]
    assert "inf" not in lines[0]
    assert math.isfinite(found.loss)


def test_the_number_a_student_looks_for(two_inputs):
    assert text(two_inputs, Quantity("w_gradient", 2, 1, 1), digits=9) == [
        "dL/dw(2)[1,1] = delta(2)[1] * a(1)[1] = 0.138498562 * 0.593269992 = 0.0821670406"
    ]
    [line] = text(two_inputs, Quantity("w_gradient", 2, 1, 1), digits=8)
    assert line.endswith("= 0.082167041")
    [line] = text(two_inputs, Quantity("w_gradient", 2, 1, 1))
    assert "0.5932699921071872" in line


def test_latex_and_markdown(two_inputs):
    explanation = explain(two_inputs, Quantity("w_gradient", 2, 1, 1))
    latex = as_latex(explanation, Style(digits=5))
    assert latex.splitlines() == [
        r"\begin{aligned}",
        r"\frac{\partial L}{\partial w^{(2)}_{1,1}} &= \delta^{(2)}_{1}\, a^{(1)}_{1} \\",
        r"&= 0.1385 \cdot 0.59327 \\",
        r"&= 0.082167",
        r"\end{aligned}",
    ]
    markdown = as_markdown(explanation, Style(digits=5))
    assert markdown.startswith("**dL/dw(2)[1,1]**\n\n`dL/dw(2)[1,1] = delta(2)[1] * a(1)[1] = ")
    assert f"$$\n{latex}\n$$" in markdown


def test_deltas_tell_what_they_are_made_of(two_inputs):
    first, error, slope = text(two_inputs, Quantity("delta", 1, 2), digits=6)
    assert (
        first == "delta(1)[2] = dL/da(1)[2] * da(1)[2]/dz(1)[2] = 0.0413703 * 0.240613 = 0.00995425"
    )
    assert "w(2)[1,2] * delta(2)[1] + w(2)[2,2] * delta(2)[2]" in error
    assert "0.55 * (-0.0380982)" in error
    assert "a(1)[2] * (1 - a(1)[2])" in slope


def test_a_fixed_bias_and_a_frozen_weight_keep_their_values(two_inputs):
    assert text(two_inputs, Quantity("update", 1, 1)) == [
        "b(1)[1]' = b(1)[1] = 0.35   (a fixed bias keeps its value)"
    ]
    frozen = replace(two_inputs.settings, frozen=np.arange(12) == 0)
    found = derive(two_inputs.problem, two_inputs.parameters, [0], settings=frozen)
    assert "frozen" in text(found, Quantity("update", 1, 1, 1))[0]


def test_adam_shows_both_means_and_their_corrections():
    problem = make(optimizer="adam")
    lines = text(derive(problem, problem.initial, [0]), Quantity("update", 1, 1, 1), digits=4)
    assert lines[0].startswith("w(1)[1,1]' = w(1)[1,1] - eta * m_hat / (sqrt(v_hat) + eps)")
    assert "m' = beta1 * m + (1 - beta1) * g = 0.9 * 0 + (1 - 0.9) * " in "\n".join(lines)
    assert "v_hat = v' / (1 - beta2^t) = " in "\n".join(lines)
    assert lines[-1].startswith("g = dL/dw(1)[1,1] = ")


def test_a_batch_shows_what_each_sample_contributes():
    problem = make()
    lines = text(derive(problem, problem.initial, [7, 2, 9]), Quantity("w_gradient", 2, 1, 3))
    assert lines[0].startswith(
        "dL/dw(2)[1,3] = 1 / 3 * sum(s=1..3) delta(2)[1;s] * a(1)[3;s] = 1 / 3 * ("
    )
    assert [line.split(" = ")[0] for line in lines[1:]] == [
        "dL[8]/dw(2)[1,3]",
        "dL[3]/dw(2)[1,3]",
        "dL[10]/dw(2)[1,3]",
    ]


def test_many_samples_and_many_terms_are_folded_honestly():
    problem = make((66, 2))
    found = derive(problem, problem.initial, range(12))
    lines = text(found, Quantity("w_gradient", 1, 1, 1))
    assert "  … 5 more samples …" in lines
    assert len(lines) == 1 + 8
    [line] = text(found, Quantity("z", 1, 1))
    assert "… 59 more …" in line
    assert "sum(k=1..66) w(1)[1,k] * x[k;1] + b(1)[1]" in line


def test_digits_round_what_is_written_and_nothing_else(two_inputs):
    for digits in range(4, 18):
        for row in rows(explain(two_inputs, Quantity("z", 2, 2)), Style(digits=digits)):
            assert float(row.sides[-1][0]) == pytest.approx(
                1.2249214040964653, rel=10 ** (1 - digits)
            )


def test_single_precision_has_nine_digits():
    problem = make()
    theta = problem.initial.astype(np.float32)
    samples = Samples(
        *(part.astype(np.float32) for part in (problem.train.inputs, problem.train.targets))
    )
    single = replace(problem, train=samples, initial=theta)
    [row, *_] = rows(explain(derive(single, theta, [0]), Quantity("z", 1, 1)))
    assert len(row.sides[-1][0].lstrip("-0.").replace(".", "")) <= 9


def test_notes_can_be_said_in_another_language(two_inputs):
    explanation = explain(two_inputs, Quantity("update", 1, 1))
    assert "(IMMER)" in as_text(explanation, translate=lambda _: "IMMER")
