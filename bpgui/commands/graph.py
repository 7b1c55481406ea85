"""bpgui graph: the value and the gradient of every node of an expression."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from bpgui.commands import output
from bpgui.commands.output import InputError
from bpgui.engine.expression import parse
from bpgui.engine.graph import ExpressionError, Fault, GraphPass, backpropagate
from bpgui.experiment.graphs import builtin_graphs
from bpgui.views.numbers import NumberError, parse_number

WINDOW = 72  # characters of a line in which a fault is shown


def run(expression: str, given: Sequence[str], as_json: bool) -> int:
    """The command; returns the exit code and raises InputError."""
    _check_options((expression, *given))
    builtin = builtin_graphs().get(expression.strip())
    source = builtin.expression if builtin else expression
    values = {**(builtin.values if builtin else {}), **_values(given)}
    try:
        found = backpropagate(parse(source), values)
    except ExpressionError as error:
        for fault in error.faults:
            output.say_error(_told(fault, expression))
            for line in _shown(source, fault):
                print(line, file=sys.stderr)
        return output.WRONG_INPUT
    if as_json:
        output.print_json(report(found))
    else:
        print_report(found)
    return output.DONE


def list_graphs(as_json: bool) -> int:
    """Prints the built-in graphs; returns the exit code."""
    graphs = builtin_graphs().values()
    if as_json:
        keys = ("slug", "name", "description", "expression", "values")
        told = [{key: getattr(graph, key) for key in keys} for graph in graphs]
        output.print_json({"graphs": told})
        return output.DONE
    for graph in graphs:
        values = " ".join(f"{name}={value:g}" for name, value in graph.values.items())
        print(f"{graph.slug}  {graph.name}\n    {'; '.join(graph.expression.splitlines())}")
        print(f"    {values}\n    {graph.description}\n")
    print("See one with `bpgui graph NAME`.")
    return output.DONE


def _check_options(arguments: Sequence[str]) -> None:
    """Two dashes and letters are a misspelled option, though they might be two minus signs."""
    for argument in arguments:
        if argument.startswith("--") and argument[2:].replace("-", "").isalpha():
            raise InputError(f"{argument}: there is no such option; see `bpgui graph --help`")


def _values(given: Sequence[str]) -> dict[str, float]:
    """The numbers of name=value arguments. Raises InputError with all that are wrong."""
    values: dict[str, float] = {}
    wrong = []
    for argument in given:
        name, equals, text = (part.strip() for part in argument.partition("="))
        if not equals or not name.isidentifier():
            wrong.append(f"{argument}: give a value as name=value, such as x=3")
        elif name in values:
            wrong.append(f"{argument}: {name} is given twice")
        else:
            try:
                values[name] = parse_number(text)
            except NumberError as error:
                wrong.append(f"{name}: {error}")
    if wrong:
        raise InputError(*wrong)
    return values


def _told(fault: Fault, expression: str) -> str:
    """The fault; one of a lone word may be a misspelled name of a built-in graph."""
    near = get_close_matches(expression.strip()[:100], builtin_graphs(), 1)
    return f"{fault}; did you mean the built-in graph {near[0]}?" if near else str(fault)


def _shown(source: str, fault: Fault) -> list[str]:
    """The line in which the fault is, or a part of it, and a mark below the place."""
    text = source.split("\n")[fault.line - 1] if fault.line else ""
    if not text.strip():
        return []
    start = max(0, fault.column - 1 - WINDOW // 2) if len(text) > WINDOW else 0
    part = output.printable(text[start : start + WINDOW].replace("\t", " "))
    before = fault.column - 1 - start
    mark = "^" * max(1, min(fault.length, len(part) - before))
    return [f"  {part}", f"  {' ' * before}{mark}"]


def report(found: GraphPass) -> dict[str, Any]:
    """The JSON object of `graph --json`. Gradients are those of the expression's value; one that
    does not exist or is not finite is null."""
    graph = found.graph
    return {
        "expression": graph.source,
        "value": found.value,
        "output": graph.output,
        "names": {
            name: {"node": node, "value": found.values[node], "gradient": found.gradients[node]}
            for name, node in graph.names.items()
        },
        "nodes": [
            {
                "id": node.id,
                "operation": node.operation,
                "operands": node.operands,
                "names": node.names,
                "text": node.text,
                "value": found.values[node.id],
                "gradient": found.gradients[node.id],
                "local_derivatives": found.local[node.id],
                "contributions": [
                    {"node": use.user, "operand": use.position, "gradient": use.gradient}
                    for use in found.contributions[node.id]
                ],
                "note": found.notes[node.id],
            }
            for node in graph.nodes
        ],
    }


def print_report(found: GraphPass) -> None:
    """The same for people: a row for each node in the order in which values are worked out."""
    rows = [
        (
            ", ".join(node.names),
            "" if node.text in node.names else node.text,
            output.number(found.values[node.id]),
            output.number(found.gradients[node.id]),
        )
        for node in found.graph.nodes
        if node.operation != "number" or node.names
    ]
    output.print_table(("name", "expression", "value", "gradient"), rows, "llrr")
    for note in dict.fromkeys(filter(None, found.notes)):
        print(f"note: {note}")
