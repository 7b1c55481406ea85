"""What is read as an expression, and what is refused: one clear message at its place."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpgui.engine.expression import DEEPEST, LONGEST, MOST_NODES, parse
from bpgui.engine.graph import ExpressionError, backpropagate

X, Y = 2.0, 3.0


def value(source: str) -> float:
    graph = parse(source)
    return backpropagate(graph, {name: {"x": X, "y": Y}[name] for name in graph.inputs}).value


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2*3", 7),
        ("7 - 2 - 1", 4),
        ("8/4/2", 1),
        ("2**3**2", 512),
        ("2^3**2", 512),
        ("-x^2 + 2^-1", -3.5),
        ("-x**2", -4),
        ("(-x)**2", 4),
        ("2**-x", 0.25),
        ("2**-x**2", 0.0625),
        ("-x*y", -6),
        ("--x", 2),
        ("+x - -y", 5),
        ("-3**2", -9),
        (".5 + 2. + 1e-1", 2.6),
        ("max(x, y, 1) + min(x, y, 1)", 4),
        ("exp(0) + log(1) + sqrt(4) + sin(0) + cos(0) + tanh(0)", 4),
        ("sigmoid(0) + relu(-1) + relu(x) + abs(-y)", 5.5),
        ("sigmoid(-800)", 0),
        ("(x\n + y)  # goes on within brackets\n", 5),
        ("a = x;b = a*a;\n;b + a", 6),
        ("x − y × 2 ÷ 3", 0),
        ("a = x\nb = a\na + b", 4),
        ("# only this\n\nx", 2),
    ],
)
def test_reads_as_mathematics_does(source, expected):
    assert value(source) == pytest.approx(expected, rel=1e-15)


@given(
    st.recursive(
        st.sampled_from(["1.5", "2", "x", "y"]),
        lambda parts: st.one_of(
            st.builds("{0}{1}{2}".format, parts, st.sampled_from(["+", "-", "*", " / "]), parts),
            st.builds("-{0}".format, parts),
            st.builds("({0})".format, parts),
            st.builds("{0}**2".format, parts),
        ),
        max_leaves=15,
    )
)
def test_binds_as_python_does(source):
    """The second reading is Python's own, in the test alone."""
    try:
        expected = eval(compile(source, "", "eval"), {"__builtins__": {}}, {"x": X, "y": Y})
    except (ZeroDivisionError, OverflowError):
        expected = math.inf
    try:
        found = value(source)
    except ExpressionError:
        found = math.inf
    assert found == pytest.approx(float(expected), rel=1e-12) or math.isinf(expected)


def test_a_name_is_one_node_and_keeps_its_text():
    graph = parse("q = (x +  y) * x # a product\nr = q\nr*q")
    assert [(node.operation, node.text, node.names) for node in graph.nodes] == [
        ("name", "x", ("x",)),
        ("name", "y", ("y",)),
        ("+", "x + y", ()),
        ("*", "(x + y) * x", ("q", "r")),
        ("*", "r*q", ()),
    ]
    assert graph.nodes[4].operands == (3, 3)
    assert (graph.nodes[3].line, graph.nodes[3].column) == (1, 14)


def test_a_sign_before_a_number_belongs_to_it():
    assert [(node.operation, node.number) for node in parse("-3").nodes] == [("number", -3.0)]
    assert [node.operation for node in parse("-(3)").nodes] == ["number", "negate"]


WRONG = [
    ("", 1, "there is no expression"),
    ("# nothing", 10, "there is no expression"),
    ("x +", 3, "after + a value is missing"),
    ("q =", 3, "after = a value is missing"),
    ("*x", 1, "a value is missing before *"),
    ("max(x,)", 7, "a value is missing before this bracket"),
    ("(x + 1", 1, "this bracket is not closed"),
    ("(x; y)", 1, "this bracket is not closed"),
    ("x)", 2, "this bracket closes none"),
    ("2x", 2, "an operator is missing between 2 and x; a product is written with *"),
    ("x y", 3, "an operator is missing between x and y"),
    ("2(x)", 2, "an operator is missing between 2 and ("),
    ("x^", 2, "after ^ a value is missing"),
    ("x^^2", 3, "a value is missing before ^"),
    ("x²", 2, "a power is written **"),
    ("x* *2", 4, "a value is missing before *"),
    ("1,5", 2, "a comma parts the arguments of a function; a decimal fraction is written 1.5"),
    ("x % 2", 3, "% is not known; the operators are + - * / and **"),
    ("x // 2", 3, "division is written with one /"),
    ("x == 1", 3, "a name is given with one ="),
    ("x < 1", 3, "comparisons are not known"),
    ("√x", 1, "a root is written sqrt(x)"),
    ("x $ 1", 3, "$ means nothing here"),
    ("x\0", 2, "U+0000 means nothing here"),
    ("1e999", 1, "1e999 is too large to be stored"),
    ("sgmoid(x)", 1, "there is no function sgmoid; did you mean sigmoid?"),
    ("ln(x)", 1, "there is no function ln; did you mean log?"),
    ("pow(x, 2)", 1, "there is no function pow; did you mean x**y?"),
    ("foo(x)", 1, "there is no function foo; there are exp, log,"),
    ("x + x(y)", 5, "x is a value and no function; a product is written x*(…)"),
    ("exp", 1, "exp is a function; it is used as exp(x)"),
    ("exp = 3", 1, "exp is a function"),
    ("exp()", 1, "exp takes one value, such as exp(x); there is none"),
    ("exp(x, y)", 1, "exp takes one value, such as exp(x); it has 2"),
    ("max(x)", 1, "max takes two or more values, such as max(x, y); it has 1"),
    ("3 = x", 1, "before = stands a name, such as q; 3 is none"),
    ("x + y = 3", 7, "an = stands only after the name that begins a line"),
    ("x + y; z", 1, "only the last line may lack a name"),
    ("q = q + 1", 1, "q is used in the line that works it out"),
    ("q = x; q = y", 8, "q stands for a value already; take another name"),
    # attempts at code
    ("__import__('os').system('x')", 1, "there is no function __import__"),
    ("x.__class__", 2, "a name has no parts here"),
    ("lambda x: x", 1, "lambda is no name here; an expression holds no code"),
    ("[x for x in y]", 1, "square brackets are not known"),
    ("{x}", 1, "curly brackets are not known"),
    ("(x := 3)", 4, "a name is given with =, at the beginning of a line"),
    ("'text'", 1, "text in quotes is not known"),
    ('x + "text"', 5, "text in quotes is not known"),
    ("f'{x}'", 2, "text in quotes is not known"),
    ("import os", 1, "import is no name here; an expression holds no code"),
    ("x if y else 1", 3, "an operator is missing between x and if"),
    ("x and y", 3, "an operator is missing between x and and"),
    ("open(x)", 1, "there is no function open"),
    ("@x", 1, "@ is not known"),
    # too much of it
    ("x+" * 500_000 + "x", LONGEST + 1, "the expression has 1,000,001 characters; at most 10,000"),
    ("(" * 10_000, DEEPEST + 1, "more than 100 brackets, powers or signs"),
    ("(" * 5000 + ")" * 5000, DEEPEST + 1, "more than 100 brackets, powers or signs"),
    ("-" * 9999 + "x", DEEPEST + 1, "more than 100 brackets, powers or signs"),
    ("x**" * 3000 + "x", 3 * (DEEPEST - 1) + 4, "more than 100 brackets, powers or signs"),
    ("exp(" * 2000, 4 * DEEPEST + 1, "more than 100 brackets, powers or signs"),
    ("x*2+" * 1000 + "x", 1334, f"a graph has at most {MOST_NODES:,} nodes"),
    ("²" * 9999, 1, "a power is written **"),
]


@pytest.mark.parametrize(
    ("source", "column", "message"), WRONG, ids=[f"{x[0][:20]}" for x in WRONG]
)
def test_refuses_with_one_message_at_the_place(source, column, message):
    with pytest.raises(ExpressionError) as caught:
        parse(source)
    (fault,) = caught.value.faults
    assert fault.message.startswith(message)
    assert (fault.line, fault.column) == (1, column)


def test_tells_the_line():
    with pytest.raises(ExpressionError, match=r"^line 3, column 9: there is no function foo"):
        parse("# f\nq = x\nf = q + foo(q)")
    with pytest.raises(ExpressionError, match="line 2, column 1: q is used in line 1, before"):
        parse("f = 2*q\nq = x + y")


def test_reads_what_is_just_within_the_limits():
    assert value("(" * (DEEPEST - 1) + "x" + ")" * (DEEPEST - 1)) == X
    assert value("+".join("x" * MOST_NODES)) == X * MOST_NODES
    assert value("x" + " " * (LONGEST - 1)) == X


@given(st.text(alphabet="xyq019.e+-*/()=,;\n #^'ab[²_π", max_size=40))
def test_any_text_is_read_or_refused(source):
    try:
        graph = parse(source)
    except ExpressionError as error:
        (fault,) = error.faults
        lines = source.split("\n")
        assert 1 <= fault.line <= len(lines)
        assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1
    else:
        assert all(operand < node.id for node in graph.nodes for operand in node.operands)
