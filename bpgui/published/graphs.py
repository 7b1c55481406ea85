"""B: expressions as computation graphs."""

from __future__ import annotations

from collections.abc import Mapping

from bpgui.engine.expression import parse
from bpgui.engine.graph import backpropagate
from bpgui.experiment.graphs import builtin_graphs
from bpgui.published.comparison import Example


def _graph(slug: str, values: Mapping[str, str], gradients: Mapping[str, str]) -> Example:
    """One of the built-in graphs; `values` and `gradients` are by the names of nodes."""
    graph = builtin_graphs()[slug]

    def compute() -> dict[str, float]:
        found = backpropagate(parse(graph.expression), graph.values)
        nodes = found.graph.names
        return {
            **{name: found.values[nodes[name]] for name in values},
            **{f"df/d{name}": found.gradients[nodes[name]] for name in gradients},
        }

    digits = {**values, **{f"df/d{name}": text for name, text in gradients.items()}}
    return Example("B", f"{graph.name} as a computation graph", compute, digits, {})


GRAPHS = (
    _graph(
        "sigmoid-neuron",
        {"f": "0.7310585786300049"},
        {
            "dot": "0.19661193324148185",
            "w0": "-0.19661193324148185",
            "w1": "-0.3932238664829637",
            "w2": "0.19661193324148185",
            "x0": "0.3932238664829637",
            "x1": "-0.5898357997244456",
        },
    ),
    _graph(
        "product-of-sum",
        {"f": "-12.00000000000"},
        {"x": "-4.00000000000", "y": "-4.00000000000", "z": "3.00000000000"},
    ),
    _graph("cube", {"f": "1.00000000000"}, {"x": "3.00000000000"}),
)
