"""Names of units and parameters, and the table of all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpgui.engine.network import Layer, Network
from bpgui.views.names import ParameterTable, source_name, target_name, unit_name

NETWORK = Network(
    (Layer(2, 3, "tanh"), Layer(3, 2, "tanh", "none"), Layer(2, 1, "sigmoid", "fixed"))
)


def test_units_are_named_by_what_they_are():
    assert [unit_name(NETWORK, layer, 1) for layer in range(4)] == ["x1", "h1[1]", "h2[1]", "y1"]


def test_features_go_by_their_expressions():
    long = "sin(x1)*cos(x2) + x1*x2*x1*x2"
    network = replace(NETWORK, input_names=("x1^2", long))
    assert [unit_name(network, 0, 1), unit_name(network, 1, 1)] == ["x1^2", "h1[1]"]
    assert unit_name(network, 0, 2) == "sin(x1)*cos(x2) + x1*x2…"
    assert source_name(network, network.index(1, 3, 1)) == "x1^2"
    table = ParameterTable(network)
    (found,) = np.flatnonzero(table.matching("x1^2 h1[2]"))
    assert network.parameter(int(found)).name == "w(1)[2,1]"


def test_each_parameter_leads_from_a_unit_to_a_unit():
    lead = {
        NETWORK.parameter(i).name: (source_name(NETWORK, i), target_name(NETWORK, i))
        for i in range(NETWORK.size)
    }
    assert lead["w(1)[3,2]"] == ("x2", "h1[3]")
    assert lead["b(1)[2]"] == ("bias", "h1[2]")
    assert lead["w(2)[1,3]"] == ("h1[3]", "h2[1]")
    assert lead["w(3)[1,2]"] == ("h2[2]", "y1")


def test_columns_agree_with_the_network():
    table = ParameterTable(NETWORK)
    for i in range(NETWORK.size):
        parameter = NETWORK.parameter(i)
        assert (table.layer[i], table.target[i]) == (parameter.layer, parameter.unit)
        assert table.source[i] == (parameter.source or 0)


def chosen(text):
    mask = ParameterTable(NETWORK).matching(text)
    return [NETWORK.parameter(int(i)).name for i in np.flatnonzero(mask)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "w(2)",
        "w(2)[1",
        "b(1)",
        "[1,2]",
        "2]",
        "x1",
        "h1",
        "h1[3]",
        "y1",
        "BIAS",
        "w",
        "]",
        "zzz",
    ],
)
def test_the_filter_finds_every_cell_that_holds_the_text(text):
    expected = [
        NETWORK.parameter(i).name
        for i in range(NETWORK.size)
        if any(
            text.lower() in cell
            for cell in (
                NETWORK.parameter(i).name,
                source_name(NETWORK, i),
                target_name(NETWORK, i),
            )
        )
    ]
    assert chosen(text) == expected


def test_words_are_joined_by_and():
    assert chosen("layer 2") == [f"w(2)[{j},{k}]" for j in (1, 2) for k in (1, 2, 3)]
    assert chosen("Layer 3 bias") == ["b(3)[1]"]
    assert chosen("h1[1] w(2)") == ["w(2)[1,1]", "w(2)[2,1]"]
    assert chosen("layer 99999999999999999999") == []


def test_sorting():
    table = ParameterTable(NETWORK)
    values = np.arange(NETWORK.size) % 4.0
    order = table.order("value", False, values)
    assert np.all(np.diff(values[order]) >= 0)
    assert list(order[:3]) == [0, 4, 8]
    descending = table.order("value", True, values)
    assert list(descending[:3]) == [3, 7, 11]
    assert list(table.order("name", True, None)) == list(range(NETWORK.size))[::-1]
    assert list(table.order("gradient", True, None)) == list(range(NETWORK.size))
    by_source = table.order("source", False, None)
    assert all(table.source[i] == 0 for i in by_source[:4])
    by_target = [target_name(NETWORK, int(i)) for i in table.order("target", False, None)]
    assert by_target == sorted(by_target, key=by_target.index)


def test_a_hundred_thousand_parameters_cost_no_strings_until_they_are_asked_for():
    network = Network((Layer(784, 128, "relu"), Layer(128, 10, "softmax")))
    table = ParameterTable(network)
    order = table.order("value", True, np.zeros(network.size))
    assert len(order) == network.size == 101_770
    assert table.matching("w(2)").sum() == 1280
    assert table.matching("x784").sum() == 128
