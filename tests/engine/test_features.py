"""Features are what the computation graph makes of each sample, worked out for all at once."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpgui.engine.features import ARRAY_OPERATIONS, CHUNK, Features, read_feature
from bpgui.engine.graph import ExpressionError, backpropagate
from bpgui.engine.operations import OPERATIONS

DATA = np.array([[2.0, -3.0], [0.5, 4.0], [-1.0, 0.25]])


def features(*sources: str, inputs: int = 2) -> Features:
    return Features(tuple(read_feature(source, inputs) for source in sources), inputs)


def test_those_of_tensorflow_playground():
    found = features("x1", "x2", "x1^2", "x2**2", "x1*x2", "sin(x1)", "sin(x2)")(DATA)

    x1, x2 = DATA.T
    expected = [x1, x2, x1 * x1, x2 * x2, x1 * x2, np.sin(x1), np.sin(x2)]
    np.testing.assert_allclose(found, np.stack(expected, axis=1), rtol=1e-15)
    assert found.dtype == np.float64


def test_a_number_is_the_same_for_all_samples():
    np.testing.assert_array_equal(features("3", "-x1 + 2*x1 - x1")(DATA), [[3, 0]] * 3)


def test_many_samples_are_those_one_by_one():
    data = np.random.default_rng(0).normal(size=(2 * CHUNK + 7, 2))
    both = features("x1*x2", "exp(x1) - x2")

    found = both(data)

    for at in (0, CHUNK - 1, CHUNK, 2 * CHUNK + 6):
        np.testing.assert_array_equal(found[at], both(data[at : at + 1])[0])


def test_every_operation_of_graphs_works_on_arrays():
    assert ARRAY_OPERATIONS.keys() == OPERATIONS.keys()


@pytest.mark.parametrize(
    "source",
    [
        *("x1 + x2", "x1 - x2", "x1*x2", "x1/x2", "x1**x2", "x1**2", "-x1", "exp(x1)", "log(x1)"),
        *("sqrt(x1)", "sin(x1)", "cos(x1)", "tanh(x1)", "sigmoid(x1)", "relu(x1)", "abs(x1)"),
        *("max(x1, x2, 0)", "min(x1, x2, 0)", "log(x1)**0", "relu(1/x1)", "1/exp(x1)"),
    ],
)
@settings(max_examples=15)
@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=2))
def test_has_a_value_where_the_graph_has_one(source, sample):
    graph = read_feature(source, 2)
    (found,) = Features((graph,), 2)(np.array([sample]))[0]
    try:
        inputs = {name: sample[int(name[1:]) - 1] for name in graph.inputs}
        expected = backpropagate(graph, inputs).value
    except ExpressionError:
        expected = np.nan
    assert found == pytest.approx(expected, rel=1e-12, nan_ok=True)


def test_tells_why_a_sample_has_no_value():
    found = features("x1", "log(x1 + x2)")

    np.testing.assert_array_equal(np.isnan(found(DATA)), [[0, 1], [0, 0], [0, 1]])
    assert found.why_not(1, DATA[0]) == ("log of -1, in log(x1 + x2); log takes numbers above zero")


@pytest.mark.parametrize(
    ("source", "inputs", "column", "message"),
    [
        ("x1 + x3", 2, 6, "the data has no input x3; it has x1 to x2"),
        ("2*x2", 1, 3, "the data has no input x2; it has x1 only"),
        ("y", None, 1, "the data has no input y; its inputs are x1, x2 and so on"),
        ("x0", None, 1, "the data has no input x0"),
        ("x" + "9" * 200, None, 1, "the data has no input x999"),
        ("x1\n + 2", 2, 3, "a feature stands on one line"),
        ("sn(x1)", 2, 1, "there is no function sn; did you mean sin?"),
        ("x1²", 2, 3, "a power is written **"),
        ("x1.__class__", 2, 3, "a name has no parts here"),
    ],
)
def test_refuses_what_is_no_function_of_the_inputs(source, inputs, column, message):
    with pytest.raises(ExpressionError) as caught:
        read_feature(source, inputs)
    (fault,) = caught.value.faults
    assert fault.message.startswith(message)
    assert fault.column == column


def test_they_travel_to_another_process():
    found = features("x1^2", "q = x1*x2; sin(q)")

    same = pickle.loads(pickle.dumps(found))

    assert same == found
    assert same.names == ("x1^2", "q = x1*x2; sin(q)")
    np.testing.assert_array_equal(same(DATA), found(DATA))
