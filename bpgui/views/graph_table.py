"""A pass through a computation graph as a table of exact numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpgui.engine.graph import GraphPass
from bpgui.views.graph_layout import drawn
from bpgui.views.graph_nodes import labels


def columns(found: GraphPass) -> dict[str, NDArray[Any]]:
    """A row for each node that is drawn, in the order of computation; columns (n,) by their names.
    `derivative_k` is that of the node by its operand k alone, NaN where it has no such one."""
    names, nodes = labels(found.graph), [found.graph.nodes[i] for i in drawn(found.graph)]
    ids = [node.id for node in nodes]
    table: dict[str, NDArray[Any]] = {
        "node": np.array([names[i] for i in ids]),
        "operation": np.array([node.operation for node in nodes]),
        "expression": np.array([node.text for node in nodes]),
        "value": np.array([found.values[i] for i in ids], dtype=float),
        "gradient": np.array([found.gradients[i] for i in ids], dtype=float),
    }
    for k in range(max(len(node.operands) for node in nodes)):
        taken = [node.operands[k : k + 1] for node in nodes]
        local = [found.local[i][k : k + 1] for i in ids]
        table[f"operand_{k + 1}"] = np.array([names[each[0]] if each else "" for each in taken])
        table[f"derivative_{k + 1}"] = np.array([each[0] if each else np.nan for each in local])
    return table
