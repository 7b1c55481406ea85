"""Places, signs and explanations of a graph's nodes."""

from __future__ import annotations

import csv
import io
import math
import subprocess
import sys
from itertools import pairwise

import pytest

from bpgui.engine.expression import parse
from bpgui.engine.graph import backpropagate
from bpgui.engine.operations import OPERATIONS
from bpgui.experiment.graphs import builtin_graphs
from bpgui.views.graph_layout import MOST_DRAWN, drawn, is_drawn, lay_out
from bpgui.views.graph_nodes import (
    Explainer,
    Step,
    as_csv,
    as_text,
    labels,
    latex_name,
    sign,
    steps,
)
from bpgui.views.maths import evaluate
from bpgui.views.rendering import row
from bpgui.views.writing import Style

NEURON = "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))"


def passed(source, **values):
    return backpropagate(parse(source), values)


def builtin(slug):
    graph = builtin_graphs()[slug]
    return passed(graph.expression, **graph.values)


def lines(found, node, digits=17):
    """The explanation of a named or numbered node as text."""
    explainer = Explainer(found)
    rows = [row(told.line, Style(digits=digits)) for told in explainer.explain(node)]
    return [" = ".join((row.name, *("".join(side) for side in row.sides))) for row in rows]


# --- layout ---------------------------------------------------------------------------------------


def test_the_sigmoid_neuron_runs_from_left_to_right():
    graph = parse(NEURON)
    layout = lay_out(graph)
    assert list(layout.spots) == drawn(graph)
    assert layout.columns == 8
    assert layout.spots[graph.output].column == 7
    for wire in layout.wires:
        columns = [layout.spots[wire.source], *wire.way, layout.spots[wire.target]]
        places = [spot.column for spot in columns]
        assert places == list(range(places[0], places[-1] + 1))


@pytest.mark.parametrize("slug", builtin_graphs())
def test_no_two_nodes_lie_on_one_place(slug):
    layout = lay_out(parse(builtin_graphs()[slug].expression))
    spots = sorted((spot.column, spot.row) for spot in layout.spots.values())
    for (column, above), (other, below) in pairwise(spots):
        assert column != other or below - above >= 0.99


def test_long_wires_bend_in_the_columns_that_they_pass():
    graph = parse("q = x*x\nr = exp(q)\nx + r")
    (long,) = [wire for wire in lay_out(graph).wires if wire.way]
    assert (graph.nodes[long.source].text, long.target) == ("x", graph.output)
    assert [spot.column for spot in long.way] == [1, 2]


@pytest.mark.parametrize("source", ["x", "3", "x*x", "a = 2\nx", "u = exp(a)*b\nv = c*d\nw = 5\n2"])
def test_lays_out_single_and_loose_nodes(source):
    graph = parse(source)
    layout = lay_out(graph)
    assert list(layout.spots) == drawn(graph)
    assert len(set(layout.spots.values())) == len(layout.spots)
    assert len(layout.wires) == sum(
        is_drawn(graph, operand) for node in graph.nodes for operand in node.operands
    )


def test_the_largest_graph_is_laid_out():
    graph = parse("+".join(["x", "y"] * (MOST_DRAWN // 2)))
    assert len(lay_out(graph).spots) == len(graph.nodes) == MOST_DRAWN + 1


def test_a_layout_is_the_same_in_every_process():
    code = (
        "from bpgui.engine.expression import parse\nfrom bpgui.views.graph_layout import lay_out\n"
        f"print(lay_out(parse({NEURON!r} + ' + tanh(w0*x1) + max(x0, w1)')))"
    )
    runs = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
        for _ in range(2)
    }
    assert len(runs) == 1
    assert "Spot" in runs.pop()


# --- signs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x + 1", "+ 1"),
        ("1 - x", "1 −"),
        ("1/x", "1 ÷"),
        ("x**3", "** 3"),
        ("2*3", "2 × 3"),
        ("x*y", "×"),
        ("-x", "−"),
        ("max(x, 0, 1)", "max 0 1"),
        ("exp(x)", "exp"),
        ("x", ""),
        ("3", "3"),
    ],
)
def test_numbers_stand_on_the_operation_that_takes_them(source, expected):
    graph = parse(source)
    assert sign(graph, graph.output) == expected


def test_nodes_without_a_name_are_numbered():
    assert labels(parse("q = x*y + 2\nexp(q)*q")) == ("x", "y", "v1", "2", "q", "v2", "v3")
    assert labels(parse("v1*u + 1")) == ("v1", "u", "h1", "1", "h2")


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("x", "x"),
        ("w0", "w_{0}"),
        ("w_12", "w_{12}"),
        ("dot", r"\mathrm{dot}"),
        ("my_net3", r"\mathrm{my\_net}_{3}"),
        ("_", r"\mathrm{\_}"),
        ("_1", r"\mathrm{\_1}"),
    ],
)
def test_names_as_mathematics(name, latex):
    assert latex_name(name) == latex


def test_inputs_need_no_step_forward():
    graph = parse("x*y + 1")
    assert steps(graph) == (
        Step("forward", 2),
        Step("forward", 4),
        Step("back", 4),
        Step("back", 2),
        Step("back", 1),
        Step("back", 0),
    )


# --- explanations ---------------------------------------------------------------------------------


def test_a_gradient_is_the_users_gradient_times_the_local_derivative():
    found = builtin("product-of-sum")
    assert lines(found, found.graph.names["x"]) == [
        "df/dx = df/dq * d(x + y)/dx = -4 * 1 = -4",
        "d(x + y)/dx = 1",
        "x = -2",
    ]
    assert lines(found, found.graph.names["q"]) == [
        "df/dq = df/df * d(q * z)/dq = 1 * (-4) = -4",
        "d(q * z)/dq = z = -4",
        "q = x + y = -2 + 5 = 3",
    ]
    assert lines(found, found.graph.output) == ["df/df = 1", "f = q * z = 3 * (-4) = -12"]


def test_several_uses_are_added():
    found = builtin("several-uses")
    told = Explainer(found).explain(found.graph.names["x"])
    assert lines(found, found.graph.names["x"])[0].endswith("= 1 * (-2) + 1 * 6 + 1 * 1 = 5")
    assert told[0].note == "the sum over its 3 uses"
    assert [line.note for line in told[1:4]] == [
        "in p = x*y",
        "in s = x**2",
        "in f = p + s + x",
    ]


def test_many_uses_and_operands_are_folded():
    found = passed("+".join(["x"] * 100), x=2)
    told = lines(found, 0)
    assert told[0].startswith("dv99/dx = sum(k=1..100) dv99/du[k] * du[k]/dx = 1 * 1 + ")
    assert "… 93 more …" in told[0]
    assert told[0].endswith(" = 100")
    assert len(told) == 11
    assert Explainer(found).explain(0)[9].note == "… 92 more uses …"
    names = [f"a{i}" for i in range(50)]
    found = passed(f"max({', '.join(names)})", **dict.fromkeys(names, 1.0) | {"a49": 3.0})
    assert lines(found, found.graph.output)[1] == (
        "v1 = max(a0, a1, a2, a3, …, a49) = max(1, 1, 1, 1, …, 3) = 3"
    )
    assert lines(found, found.graph.names["a49"])[1] == "d(max(a0, a1, a2, a3, …, a49))/da49 = 1"


def test_notes_tell_of_kinks_and_operands():
    found = passed("relu(x)*relu(x) + y*y", x=0, y=3)
    assert "kink at 0" in Explainer(found).explain(0)[1].note
    assert Explainer(found).explain(found.graph.names["y"])[2].note == "operand 2 of v4 = y*y"


def test_digits_are_those_asked_for():
    found = builtin("sigmoid-neuron")
    dot = found.graph.names["dot"]
    assert lines(found, dot, 4)[0] == "df/ddot = df/dv4 * d(-dot)/ddot = -0.1966 * (-1) = 0.1966"


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_rule_leads_to_its_number(name):
    """What is written comes to the value and to the local derivatives of the engine."""
    count = OPERATIONS[name].least
    operands = ", ".join(("x", "y")[:count])
    source = {"negate": "-x"}.get(name, f"{name}({operands})")
    if name in "+-*/**":
        source = f"x {name} y"
    found = passed(source, **dict(zip("xy", (1.3, 0.7)[:count], strict=False)))
    explainer = Explainer(found)
    output = found.graph.output
    assert evaluate(explainer.rule(output)) == pytest.approx(found.value, rel=1e-14)
    for position, slope in enumerate(found.local[output]):
        line = explainer.slope(output, position)
        assert line.value == slope
        if line.rule is not None:
            assert evaluate(line.rule) == pytest.approx(slope, rel=1e-13)


def test_what_has_no_derivative_has_no_rule():
    found = passed("x**n", x=-2, n=3)
    line = Explainer(found).slope(found.graph.output, 1)
    assert math.isnan(line.value)
    assert line.rule is None


# --- all nodes ------------------------------------------------------------------------------------


def test_tables_of_all_nodes():
    found = passed("q = x + y\nmax(q, 1)", x=0.1, y=0.2)
    assert list(csv.reader(io.StringIO(as_csv(found)))) == [
        ["node", "expression", "value", "gradient"],
        ["x", "x", "0.1", "0"],
        ["y", "y", "0.2", "0"],
        ["q", "x + y", "0.30000000000000004", "0"],
        ["v1", "max(q, 1)", "1", "1"],
    ]
    assert as_text(found, 4).splitlines()[3] == "q     x + y       0.3    0"
