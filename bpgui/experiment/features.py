"""The features that an experiment names: read, named, and worked out for a table of samples.

What reads and computes them is imported with the first one, as most experiments have none.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from bpgui.datasets.table import Floats
from bpgui.engine.names import column_of, input_name
from bpgui.engine.problem import Problem
from bpgui.experiment import sources
from bpgui.experiment.errors import PresetError
from bpgui.experiment.errors import Problem as Fault

if TYPE_CHECKING:
    from bpgui.engine.features import Features
    from bpgui.engine.graph import Graph

PLACE = "data.features"


def feature_names(data: sources.Data) -> tuple[str, ...]:
    """What to call the inputs of the network; empty where they are those of the data."""
    return tuple(" ".join(source.split()) for source in data.features or ())


def raw_names(inputs: int) -> tuple[str, ...]:
    """The features that leave the data as it is."""
    return tuple(map(input_name, range(inputs)))


def unreadable(data: sources.Data, inputs: int | None) -> Iterator[Fault]:
    """What is wrong with the features of data with so many inputs, None where that is unknown."""
    for i, source in enumerate(data.features or ()):
        found = _read(source, inputs)
        if isinstance(found, str):
            yield Fault(f"{PLACE}[{i}]", found)


def highest_input(data: sources.Data) -> int:
    """The number of inputs that the features need, at least 1."""
    graphs = [_read(source, None) for source in data.features or ()]
    names = [name for graph in graphs if not isinstance(graph, str) for name in graph.inputs]
    return max((column_of(name) + 1 for name in names), default=1)


def features_of(data: sources.Data, inputs: int) -> Features | None:
    """Raises PresetError where they do not fit data with so many inputs."""
    if data.features is None:
        return None
    from bpgui.engine.features import Features, read_feature

    problems = tuple(unreadable(data, inputs))
    if problems:
        raise PresetError(problems)
    graphs = tuple(read_feature(source, inputs) for source in data.features)
    return Features(graphs, inputs)


def worked_out(features: Features | None, inputs: Floats) -> Floats:
    """What the network sees of inputs (n, inputs). Raises PresetError with the first sample for
    which a feature has no finite value."""
    if features is None:
        return inputs
    values = features(inputs)
    for feature in np.flatnonzero(~np.isfinite(values).all(axis=0)).tolist():
        sample = int(np.argmin(np.isfinite(values[:, feature])))
        given = features.given(feature, inputs[sample]).items()
        where = " and ".join(f"{name} = {value:g}" for name, value in given)
        reason = features.why_not(feature, inputs[sample])
        raise PresetError.at(
            f"{PLACE}[{feature}]",
            f"the feature {features.names[feature]} has no value for sample {sample + 1:,} of the "
            f"data{where and ', where '}{where}: {reason}. Change the feature or the data.",
        )
    return values


def constant_features(problem: Problem) -> tuple[str, ...]:
    """The features that are the same for all training samples, of which there are several, so that
    they teach nothing."""
    if problem.features is None or len(problem.train) < 2:
        return ()
    same = np.ptp(problem.train.inputs, axis=0) == 0.0
    return tuple(compress(problem.features.names, same.tolist()))


def fitting(data: sources.Data, inputs: int | None) -> bool:
    """Whether data with so many inputs has all that its features name."""
    return next(unreadable(data, inputs), None) is None


@lru_cache(maxsize=2048)  # each edit looks at all of them again
def _read(source: str, inputs: int | None) -> Graph | str:
    """The graph of an expression, or what is wrong with it and where."""
    from bpgui.engine.features import read_feature
    from bpgui.engine.graph import ExpressionError

    try:
        return read_feature(source, inputs)
    except ExpressionError as error:
        fault = error.faults[0]
        return f"column {fault.column}: {fault.message}"
