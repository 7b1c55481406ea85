"""How many inputs and targets the samples of an experiment have, as far as it says itself."""

from __future__ import annotations

from bpgui.datasets.categories import spread_names
from bpgui.datasets.generators import GENERATORS
from bpgui.experiment import sources
from bpgui.experiment.features import highest_input
from bpgui.experiment.fields import Matrix

DIGITS_SHAPE = (64, 10)


def known_shape(data: sources.Data) -> tuple[int | None, int | None]:
    """Inputs of the network and targets per sample as far as they are known without reading a file;
    None where the network or a file decides."""
    inputs = len(data.features) if data.features else known_inputs(data)
    match data:
        case sources.Inline():
            return inputs, _width(data.target_rows or ())
        case sources.Generated() if data.name in GENERATORS:
            return inputs, GENERATORS[data.name].outputs
        case sources.Csv():
            classes = len(data.classes or ())
            return inputs, classes if classes > 2 else None
        case sources.Digits():
            return inputs, DIGITS_SHAPE[1]
    return inputs, None


def known_inputs(data: sources.Data) -> int | None:
    """Inputs of the data likewise, of which features are made. Generated data that leaves them open
    has as many as its features need."""
    match data:
        case sources.Inline():
            return _width(data.inputs)
        case sources.Generated() if data.name in GENERATORS:
            inputs = GENERATORS[data.name].inputs
            return highest_input(data) if inputs is None and data.features else inputs
        case sources.Csv():
            return len(input_names(data))
        case sources.Digits():
            return DIGITS_SHAPE[0]
    return None


def input_names(data: sources.Data) -> tuple[str, ...]:
    """What the data calls its inputs, empty where it does not: columns of a file, with the
    categories of those that hold text, or the names that were given to samples in the preset."""
    match data:
        case sources.Csv():
            return spread_names(data.inputs, {each.column: each.values for each in data.categories})
        case sources.Inline(names=names) if names is not None and len(names) == _width(data.inputs):
            return names
    return ()


def _width(rows: Matrix) -> int | None:
    lengths = set(map(len, rows))
    return (lengths.pop() or None) if len(lengths) == 1 else None
