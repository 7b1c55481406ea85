"""bpgui graph: numbers of expressions, and what is said of wrong ones."""

from __future__ import annotations

import pytest

from bpgui.engine.expression import parse
from bpgui.engine.graph import backpropagate
from bpgui.experiment.graphs import builtin_graphs

NEURON = "1/(1+exp(-(w0*x0+w1*x1+w2)))"
VALUES = ("w0=2", "w1=-3", "w2=-3", "x0=-1", "x1=-2")


def test_the_sigmoid_neuron_as_json(process):
    told = process("graph", NEURON, *VALUES, "--json").told
    assert told["value"] == pytest.approx(0.7310585786300049, rel=1e-12)
    gradients = {name: entry["gradient"] for name, entry in told["names"].items()}
    assert gradients == pytest.approx(
        {
            "w0": -0.19661193324148185,
            "w1": -0.3932238664829637,
            "w2": 0.19661193324148185,
            "x0": 0.3932238664829637,
            "x1": -0.5898357997244456,
        },
        rel=1e-12,
    )
    nodes = {node["text"]: node for node in told["nodes"]}
    dot = nodes["w0*x0+w1*x1+w2"]
    assert (dot["operation"], dot["value"]) == ("+", 1.0)
    assert [told["nodes"][operand]["text"] for operand in dot["operands"]] == ["w0*x0+w1*x1", "w2"]
    assert dot["gradient"] == pytest.approx(0.19661193324148185, rel=1e-12)
    assert nodes["w0*x0"]["local_derivatives"] == [-1.0, 2.0]
    assert told["nodes"][told["output"]]["gradient"] == 1.0


def test_several_lines_fractions_and_leading_minus(bpgui):
    told = bpgui("graph", "q = x + y\n-q**2", "x=3/20", "y=0.85", "--json").told
    assert told["value"] == -1.0
    assert told["names"]["q"] == {"node": 2, "value": 1.0, "gradient": -2.0}
    assert bpgui("graph", "-x**2", "x=3", "--json").told["value"] == -9.0
    assert bpgui("graph", "-x", "x=-3", "--json").told["value"] == 3.0


def test_built_in_graphs_have_names_and_their_values_can_be_changed(bpgui):
    assert bpgui("graph", "product-of-sum", "--json").told["value"] == -12.0
    assert bpgui("graph", "product-of-sum", "z=1", "--json").told["value"] == 3.0
    told = bpgui("graph", "--list", "--json").told
    slugs = [graph["slug"] for graph in told["graphs"]]
    assert slugs[:3] == ["sigmoid-neuron", "product-of-sum", "cube"]
    listed = bpgui("graph", "--list").out
    assert all(slug in listed for slug in slugs)


def test_what_is_not_finite_is_null(bpgui):
    told = bpgui("graph", "sqrt(x)", "x=0", "--json").told
    assert told["names"]["x"] == {"node": 0, "value": 0.0, "gradient": None}
    assert told["nodes"][1]["note"] == "sqrt(x) has no finite derivative here"


def test_as_a_table(bpgui):
    lines = bpgui("graph", "f = relu(x)*y", "x=0", "y=2").out.splitlines()
    assert lines[0].split() == ["name", "expression", "value", "gradient"]
    assert lines[1].split() == ["x", "0.0", "0.0"]
    assert lines[2].split() == ["relu(x)", "0.0", "2.0"]
    assert lines[4].split() == ["f", "relu(x)*y", "0.0", "1.0"]
    assert lines[5] == "note: relu has a kink at 0: the derivative is taken as 0"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["f = sgmoid(x)", "x=1"], "line 1, column 5: there is no function sgmoid; did you mean"),
        (["x + y", "x=1"], "error: line 1, column 5: y has no value\n  x + y\n      ^\n"),
        (
            ["x + y", "x=1", "y=0", "z=1"],
            "error: there is no name z in the expression; it has x, y",
        ),
        (["q = x\n2/q", "x=0"], "line 2, column 2: division by zero, in 2/q\n  2/q\n   ^\n"),
        (["log(x)", "x=-1"], "log of -1, in log(x); log takes numbers above zero"),
        (["exp(x)", "x=1e6"], "column 1: overflow: exp(x) is beyond"),
        (["9**9**9"], "overflow: 9**9**9"),
        (["x", "x=one"], "error: x: “one” is not a number"),
        (["x", "x="], "error: x: A number is missing here"),
        (["x", "x"], "error: x: give a value as name=value, such as x=3"),
        (["x", "x=1", "x=2"], "error: x=2: x is given twice"),
        (["sigmoid-neurn"], "did you mean the built-in graph sigmoid-neuron?"),
        (["x", "--jsn"], "error: --jsn: there is no such option"),
        ([""], "error: line 1, column 1: there is no expression"),
        (["(" * 10_000 + ")" * 10_000], "at most 10,000 are read"),
        (["(" * 3000], "column 101: more than 100 brackets"),
        (["x+" * 50_000], "at most 10,000 are read"),
        (["__import__('os').system('id')"], "there is no function __import__"),
        (["x.__class__", "x=1"], "column 2: a name has no parts here"),
        (["x\x1b[31m", "x=1"], "column 2: U+001B means nothing here"),
    ],
)
def test_wrong_input_is_told_at_its_place(bpgui, arguments, message):
    ended = bpgui("graph", *arguments)
    ended.refused(message)
    assert "\x1b" not in ended.err
    assert max(map(len, ended.err.splitlines())) < 250


def test_a_megabyte_is_refused(bpgui):
    bpgui("graph", "x+" * 500_000 + "x").refused("the expression has 1,000,001 characters")


@pytest.mark.parametrize("slug", builtin_graphs())
def test_every_built_in_graph_teaches_and_has_a_value(slug):
    graph = builtin_graphs()[slug]
    found = backpropagate(parse(graph.expression), graph.values)
    assert not any(found.notes)
    sentences = [part for part in graph.description.split(". ") if part]
    assert 2 <= len(sentences) <= 4
    assert graph.description.endswith(".")
