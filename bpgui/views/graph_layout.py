"""Where the nodes and wires of a computation graph are drawn: columns from left to right.

fast-sugiyama places them (MIT, no dependencies, 0.3 MB a wheel for three systems): it puts nodes
into layers with short wires, orders each layer so that few wires cross, and aligns the rest. It was
chosen over grandalf (pure Python, no release since 2023, may put two nodes onto one place),
igraph (GPL), networkx (no ordering against crossings) and Graphviz (a program to be installed).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fast_sugiyama import from_edges

from bpgui.engine.graph import NUMBER, Graph

ROOM_OF_WIRE = 0.5  # of a row, for a wire that passes a column
MOST_DRAWN = 200  # nodes; 200 take up to 0.2 s to place, 1,000 may take 10 s


@dataclass(frozen=True, slots=True)
class Spot:
    """A column from 0 at the left, and a height in rows from 0 at the top."""

    column: int
    row: float


@dataclass(frozen=True, slots=True)
class Wire:
    """From one node into operand `position` of another; `way` are the places it passes in the
    columns between them."""

    source: int
    target: int
    position: int
    way: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """`spots` has a place for every node that is drawn."""

    spots: dict[int, Spot]
    wires: tuple[Wire, ...]

    @property
    def columns(self) -> int:
        return 1 + max(spot.column for spot in self.spots.values())


def is_drawn(graph: Graph, node: int) -> bool:
    """Numbers are written into the operation that takes them, unless they have a name."""
    found = graph.nodes[node]
    return found.operation != NUMBER or bool(found.names) or node == graph.output


def drawn(graph: Graph) -> list[int]:
    return [node.id for node in graph.nodes if is_drawn(graph, node.id)]


def lay_out(graph: Graph) -> Layout:
    """Equal graphs have equal layouts. For graphs of at most MOST_DRAWN nodes."""
    uses = [
        (operand, node.id, position)
        for node in graph.nodes
        for position, operand in enumerate(node.operands)
        if is_drawn(graph, operand)
    ]
    pairs = list(dict.fromkeys((source, target) for source, target, _ in uses))
    spots, ways = _placed(pairs)
    lonely = [node.id for node in graph.nodes if is_drawn(graph, node.id) and node.id not in spots]
    below = max((spot.row + 1 for spot in spots.values()), default=0.0)
    spots |= {node: Spot(0, below + place) for place, node in enumerate(lonely)}
    wires = tuple(Wire(*use, ways[use[:2]]) for use in uses)
    return Layout(dict(sorted(spots.items())), wires)


def _placed(
    pairs: Sequence[tuple[int, int]],
) -> tuple[dict[int, Spot], dict[tuple[int, int], tuple[Spot, ...]]]:
    """Places of the nodes and, for each pair, of the bends between; parts that hang together lie
    one below the other."""
    ids = sorted({node for pair in pairs for node in pair})
    number = {node: place for place, node in enumerate(ids)}  # what is beyond them is a bend
    edges = [(number[source], number[target]) for source, target in pairs]
    parts = from_edges(
        edges,
        vertex_spacing=1.0,
        dummy_vertices=True,
        dummy_size=ROOM_OF_WIRE,
        ranking_type="minimize",
        crossing_minimization="median",
    )
    spots: dict[int, Spot] = {}
    ways: dict[tuple[int, int], tuple[Spot, ...]] = {}
    top = 0.0
    for positions, _, _, found in sorted(parts, key=lambda part: min(int(n) for n, _ in part[0])):
        deepest = max(y for _, (_, y) in positions)
        first = min(x for _, (x, _) in positions)
        places = {
            int(node): Spot(round(deepest - y), top + x - first) for node, (x, y) in positions
        }
        spots |= {ids[node]: spot for node, spot in places.items() if node < len(ids)}
        for start, end, bends in _ways(list(found or ()), len(ids)):
            ways[ids[start], ids[end]] = tuple(places[bend] for bend in bends)
        top = 1.0 + max(spot.row for spot in spots.values())
    return spots, ways


def _ways(
    edges: Sequence[tuple[int | str, int | str]], count: int
) -> list[tuple[int, int, list[int]]]:
    """Each pair of real nodes with the bends between them, which are numbered from `count`."""
    after = {int(start): int(end) for start, end in edges if int(start) >= count}
    ways = []
    for edge in edges:
        start, end = map(int, edge)
        bends = []
        while end >= count:
            bends.append(end)
            end = after[end]
        if start < count:
            ways.append((start, end, bends))
    return ways
