"""The computation graphs that come with bpgui: an expression, values for its names, and what there
is to see in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bpgui.paths import resources


@dataclass(frozen=True, slots=True)
class BuiltinGraph:
    """A file under resources/graphs; `slug` is its name without .json."""

    slug: str
    name: str
    description: str
    expression: str
    values: Mapping[str, float]


@cache
def builtin_graphs() -> Mapping[str, BuiltinGraph]:
    """All built-in graphs by slug, in the order of resources/graphs/index.json."""
    folder = resources() / "graphs"
    slugs: list[str] = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    graphs = {}
    for slug in slugs:
        raw = json.loads((folder / f"{slug}.json").read_text(encoding="utf-8"))
        values = {name: float(value) for name, value in raw["values"].items()}
        expression = "\n".join(raw["expression"])
        graphs[slug] = BuiltinGraph(slug, raw["name"], raw["description"], expression, values)
    return graphs
