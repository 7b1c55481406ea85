"""Values and gradients of computation graphs: published digits, central differences, and errors."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bpgui.engine.expression import parse
from bpgui.engine.graph import ExpressionError, GraphPass, backpropagate
from bpgui.engine.operations import FUNCTIONS, OPERATIONS

NEURON = "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))"
NEURON_VALUES = {"w0": 2.0, "w1": -3.0, "w2": -3.0, "x0": -1.0, "x1": -2.0}


def passed(source: str, **values: float) -> GraphPass:
    return backpropagate(parse(source), values)


def gradients(found: GraphPass) -> dict[str, float]:
    return {name: found.gradients[node] for name, node in found.graph.names.items()}


def close(actual, expected):
    assert actual == pytest.approx(expected, rel=1e-12, abs=0)


# --- published digits -----------------------------------------------------------------------------


def test_the_sigmoid_neuron_has_its_published_digits():
    found = passed(NEURON, **NEURON_VALUES)
    close(found.value, 0.7310585786300049)
    close(
        gradients(found),
        {
            "w0": -0.19661193324148185,
            "w1": -0.3932238664829637,
            "w2": 0.19661193324148185,
            "x0": 0.3932238664829637,
            "x1": -0.5898357997244456,
        },
    )
    (dot,) = [node for node in found.graph.nodes if node.text == "w0*x0 + w1*x1 + w2"]
    close(found.gradients[dot.id], 0.19661193324148185)
    assert found.values[dot.id] == 1.0


def test_named_lines_are_nodes_by_their_names():
    found = passed("q = x + y\nf = q*z", x=-2, y=5, z=-4)
    assert found.value == -12
    assert gradients(found) == {"x": -4, "y": -4, "z": 3, "q": -4, "f": 1}
    assert found.values[found.graph.names["q"]] == 3
    assert found.graph.inputs == ("x", "y", "z")


def test_a_cube():
    found = passed("x**3", x=1)
    assert (found.value, gradients(found)) == (1, {"x": 3})


def test_twenty_operations_with_shared_parts():
    source = """
    c1 = a + b          # sums that are used again
    d1 = a*b + b**3
    c2 = c1 + c1 + 1
    c = c2 + 1 + c2 + -a
    d2 = d1 + d1*2 + relu(b + a)
    d = d2 + 3*d2 + relu(b - a)
    e = c - d
    f = e**2
    g = f/2 + 10/f
    """
    found = passed(source, a=-4, b=2)
    close(found.value, 24.70408163265306)
    close(gradients(found)["a"], 138.83381924198252)
    close(gradients(found)["b"], 645.5772594752186)


def test_gradients_of_every_use_are_kept_and_summed():
    found = passed("q = x*y; q*q + x", x=3, y=2)
    uses = found.contributions[found.graph.names["x"]]
    assert [(use.gradient_of_user, use.local, use.gradient) for use in uses] == [
        (12, 2, 24),
        (1, 1, 1),
    ]
    assert gradients(found) == {"x": 25, "y": 36, "q": 12}
    assert [use.position for use in found.contributions[found.graph.names["q"]]] == [0, 1]


# --- central differences --------------------------------------------------------------------------

LEAVES = st.sampled_from(["x", "y", "z", "0.5", "2", "3"])


def _joined(parts):
    return st.one_of(
        st.builds("({0} {1} {2})".format, parts, st.sampled_from("+-*/"), parts),
        st.builds("({0})**{1}".format, parts, st.sampled_from(["2", "3", "-1", "0.5"])),
        st.builds("-({0})".format, parts),
        st.builds("{0}({1})".format, st.sampled_from(FUNCTIONS[:9]), parts),
        st.builds("{0}({1}, {2})".format, st.sampled_from(["max", "min"]), parts, parts),
    )


EXPRESSIONS = st.recursive(LEAVES, _joined, max_leaves=12)
VALUES = st.floats(-3, 3).map(lambda value: round(value, 3))


@given(EXPRESSIONS, VALUES, VALUES, VALUES)
@settings(max_examples=150)
def test_gradients_equal_central_differences(expression, x, y, z):
    source = f"q = {expression}\nq*1 + 0*(x + y + z) + (q + x)/(2 + y*y)"
    values = {"x": x, "y": y, "z": z}
    try:
        found = passed(source, **values)
    except ExpressionError:
        return  # no value here
    assume(not any(found.notes))
    assume(all(abs(number) < 1e4 for row in (found.values, *found.local) for number in row))
    for name in values:
        slopes = [_central_difference(source, values, name, step) for step in (1e-5, 3e-6)]
        assume(None not in slopes and math.isclose(*slopes, rel_tol=1e-5, abs_tol=1e-5))  # no kink
        assert gradients(found)[name] == pytest.approx(slopes[0], rel=1e-4, abs=1e-4)


def _central_difference(source, values, name, step):
    try:
        above, below = (
            passed(source, **(values | {name: values[name] + way * step})).value for way in (1, -1)
        )
    except ExpressionError:
        return None
    return (above - below) / (2 * step)


@pytest.mark.parametrize("name", OPERATIONS)
def test_local_derivatives_of_every_operation(name):
    operation = OPERATIONS[name]
    operands = [1.3, 0.7][: 2 if operation.most in (2, None) else 1]
    slopes = operation.slopes(operands, operation.value(operands))
    for place, slope in enumerate(slopes):
        moved = [list(operands), list(operands)]
        moved[0][place] += 1e-6
        moved[1][place] -= 1e-6
        difference = (operation.value(moved[0]) - operation.value(moved[1])) / 2e-6
        assert slope == pytest.approx(difference, rel=1e-8, abs=1e-9)


# --- places without a derivative ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "values", "expected", "note"),
    [
        ("relu(x)", {"x": 0}, {"x": 0}, "relu has a kink at 0: the derivative is taken as 0"),
        ("abs(x)", {"x": 0}, {"x": 0}, "abs has a kink at 0: the derivative is taken as 0"),
        ("max(x, y)", {"x": 2, "y": 2}, {"x": 0.5, "y": 0.5}, "max has a kink where operands tie"),
        ("min(x, y, z)", {"x": 1, "y": 1, "z": 3}, {"x": 0.5, "y": 0.5, "z": 0}, "min has a kink"),
        ("sqrt(x)", {"x": 0}, {"x": math.inf}, "sqrt(x) has no finite derivative here"),
        ("x**0.5", {"x": 0}, {"x": math.inf}, "x**0.5 has no finite derivative here"),
        ("max(x, y)", {"x": 2, "y": 1}, {"x": 1, "y": 0}, ""),
    ],
)
def test_kinks_say_what_is_used(source, values, expected, note):
    found = passed(source, **values)
    assert gradients(found) == expected
    told = found.notes[found.graph.output]
    assert told.startswith(note)
    assert bool(told) == bool(note)


def test_a_power_of_a_negative_base_has_a_derivative_for_the_base_alone():
    found = passed("x**n", x=-2, n=3)
    assert gradients(found)["x"] == 12
    assert math.isnan(gradients(found)["n"])
    assert "exponent" in found.notes[found.graph.output]
    assert passed("x**3", x=-2).notes == ("", "", "")


@pytest.mark.parametrize(("x", "y", "slopes"), [(0, 0, (0, 0)), (0, 1, (1, 0)), (0, 2, (0, 0))])
def test_powers_of_zero(x, y, slopes):
    assert tuple(gradients(passed("x**y", x=x, y=y)).values()) == slopes


def test_what_the_value_does_not_depend_on_hands_nothing_back():
    found = passed("u = sqrt(x)\nf = 2*x", x=0)
    assert gradients(found) == {"x": 2, "u": 0, "f": 1}


# --- no value -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "values", "column", "message"),
    [
        ("2 + 1/x", {"x": 0}, 6, "division by zero, in 1/x"),
        ("log(x)", {"x": -2}, 1, "log of -2, in log(x); log takes numbers above zero"),
        ("log(x)", {"x": 0}, 1, "log of 0, in log(x); log takes numbers above zero"),
        ("sqrt(x)", {"x": -1}, 1, "sqrt of -1, in sqrt(x); sqrt takes zero and numbers above"),
        ("x**-1", {"x": 0}, 2, "0 to the power -1 divides by zero, in x**-1"),
        ("x**(1/3)", {"x": -8}, 2, "-8 to the power 0.333333 is no real number, in x**(1/3)"),
        ("exp(x)", {"x": 1000}, 1, "overflow: exp(x) is beyond the largest number"),
        ("x*10", {"x": 1e308}, 2, "overflow: x*10 is beyond"),
        ("9**9**9", {}, 2, "overflow: 9**9**9 is beyond"),
        ("x + y*z", {"x": 1, "z": 2}, 5, "y has no value"),
    ],
)
def test_errors_of_evaluation_stand_at_their_node(source, values, column, message):
    with pytest.raises(ExpressionError) as caught:
        passed(source, **values)
    (fault,) = caught.value.faults
    assert (fault.line, fault.column) == (1, column)
    assert fault.message.startswith(message)


def test_all_wrong_values_are_told_at_once():
    with pytest.raises(ExpressionError) as caught:
        passed("q = x + y\nq*z", q=1, u=2, z=math.nan)
    assert str(caught.value).splitlines() == [
        "line 1, column 5: x has no value",
        "line 1, column 9: y has no value",
        "q is worked out by the expression and takes no value",
        "there is no name u in the expression; it has x, y, z",
        "z is nan; give a finite number",
    ]
