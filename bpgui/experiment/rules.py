"""What must hold between the parts of an experiment: shapes, pairings and names.

Each rule reads the parts it concerns and yields a problem for each breach; a rule whose part could
not be read is left out, so that the others still speak.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from math import isfinite
from typing import NamedTuple, TypeVar

from bpgui.datasets.generators import GENERATORS
from bpgui.engine import network as shapes
from bpgui.experiment import csv_rules, lessons, models, sources
from bpgui.experiment.data_shape import known_inputs, known_shape
from bpgui.experiment.errors import PresetError, Problem
from bpgui.experiment.features import feature_names, unreadable
from bpgui.experiment.fields import Matrix, Row
from bpgui.experiment.wording import counted, one_of, suggestion, wrong_length

OUTPUTS_OF_LOSS: dict[str, tuple[str, ...]] = {
    "cross_entropy": ("softmax", "sigmoid"),
    "binary_cross_entropy": ("sigmoid", "softmax"),
}
MOST = 20  # messages of one rule

P = TypeVar("P")


class Parts(NamedTuple):
    """The parts of an experiment, None where one could not be read."""

    network: models.Network | None
    initial: models.InitialWeights | None
    data: sources.Data | None
    loss: models.Loss | None
    training: models.Training | None
    lesson: models.Lesson | None


def parts_of(experiment: models.Experiment, without: Collection[str] = ()) -> Parts:
    def part(name: str, value: P) -> P | None:
        return None if name in without else value

    return Parts(
        part("network", experiment.network),
        part("initial_weights", experiment.initial_weights),
        part("data", experiment.data),
        part("loss", experiment.loss),
        part("training", experiment.training),
        part("lesson", experiment.lesson),
    )


def check(experiment: models.Experiment) -> models.Experiment:
    """The experiment itself; raises PresetError with all that does not fit together."""
    problems = check_parts(parts_of(experiment))
    if problems:
        raise PresetError(problems)
    return experiment


def check_parts(parts: Parts) -> list[Problem]:
    return [problem for rule in RULES for problem in islice(rule(parts), MOST)]


def network_of(experiment: models.Experiment) -> shapes.Network:
    """The engine's description of the network, whose inputs go by the names of features."""
    return replace(shape_of(experiment.network), input_names=feature_names(experiment.data))


def shape_of(network: models.Network) -> shapes.Network:
    """The engine's description of a network alone."""
    inputs = (network.inputs, *(layer.units for layer in network.layers))
    return shapes.Network(
        tuple(
            shapes.Layer(fan_in, layer.units, layer.activation, layer.bias)
            for fan_in, layer in zip(inputs, network.layers, strict=False)
        )
    )


def _softmax_is_last(parts: Parts) -> Iterator[Problem]:
    if parts.network is None:
        return
    for i, layer in enumerate(parts.network.layers[:-1]):
        if layer.activation == "softmax":
            yield Problem(
                f"network.layers[{i}].activation",
                "softmax is for the last layer only; expected another activation here",
            )


def _loss_fits_output(parts: Parts) -> Iterator[Problem]:
    if parts.network is None or parts.loss is None:
        return
    fitting = OUTPUTS_OF_LOSS.get(parts.loss.name)
    last = len(parts.network.layers) - 1
    activation = parts.network.layers[last].activation
    if fitting and activation not in fitting:
        yield Problem(
            f"network.layers[{last}].activation",
            f"{parts.loss.name} needs an output between 0 and 1; "
            f"expected {' or '.join(fitting)}, got {activation}",
        )


def _manual_weights_fit(parts: Parts) -> Iterator[Problem]:
    if parts.network is None or not isinstance(parts.initial, models.Manual):
        return
    layers = shape_of(parts.network).layers
    weights, biases = parts.initial.weights, parts.initial.biases
    yield from _length(
        "initial_weights.weights",
        len(weights),
        len(layers),
        "matrix",
        "one for each layer",
        "matrices",
    )
    yield from _length(
        "initial_weights.biases", len(biases), len(layers), "row", "one for each layer"
    )
    for i, (layer, matrix) in enumerate(zip(layers, weights, strict=False)):
        yield from _matrix_fits(f"initial_weights.weights[{i}]", layer, matrix)
    for i, (layer, row) in enumerate(zip(layers, biases, strict=False)):
        yield from _biases_fit(f"initial_weights.biases[{i}]", i, layer, row)


def _matrix_fits(place: str, layer: shapes.Layer, matrix: Matrix) -> Iterator[Problem]:
    yield from _length(place, len(matrix), layer.units, "row", "one for each unit of the layer")
    for j, row in enumerate(matrix[: layer.units]):
        yield from _length(
            f"{place}[{j}]",
            len(row),
            layer.inputs,
            "number",
            "one for each unit of the layer before",
        )


def _biases_fit(place: str, i: int, layer: shapes.Layer, row: Row | None) -> Iterator[Problem]:
    if layer.bias == "none":
        if row is not None:
            yield Problem(
                place,
                f'expected null, since network.layers[{i}].bias is "none", got '
                f"{counted(len(row), 'number')}",
            )
    elif row is None:
        yield Problem(
            place,
            f"expected {counted(layer.units, 'number')}, one for each unit of the layer, got null",
        )
    else:
        yield from _length(place, len(row), layer.units, "number", "one for each unit of the layer")


def _length(
    place: str, got: int, expected: int, noun: str, why: str, plural: str = ""
) -> Iterator[Problem]:
    if got != expected:
        yield Problem(place, wrong_length(got, expected, noun, why, plural))


def _range_is_ordered(parts: Parts) -> Iterator[Problem]:
    if not isinstance(parts.initial, models.Uniform):
        return
    low, high = parts.initial.low, parts.initial.high
    if low > high:
        yield Problem(
            "initial_weights.low", f"expected at most high, which is {high!r}, got {low!r}"
        )
    elif not isfinite(high - low):
        yield Problem(
            "initial_weights.high", "low and high are too far apart; expected smaller numbers"
        )


def _inline_fits(parts: Parts) -> Iterator[Problem]:
    data, network = parts.data, parts.network
    if not isinstance(data, sources.Inline):
        return
    rows, values = data.target_rows, data.target_values
    count = len(data.inputs)
    yield from _length("data.targets", len(data.targets), count, "target", "one for each input")
    inputs = None if network is None or data.features else network.inputs
    yield from _rows_fit("data.inputs", data.inputs, inputs, "input")
    outputs = None if network is None else network.layers[-1].units
    if rows is not None:
        yield from _rows_fit("data.targets", rows, outputs, "output")
    elif values is not None and outputs is not None and outputs > 1:
        yield from _classes_fit(values, outputs)


def _rows_fit(place: str, rows: Matrix, wanted: int | None, noun: str) -> Iterator[Problem]:
    """Rows of one length, `wanted` if known; one that all rows share is left to `_shape_fits`."""
    lengths = set(map(len, rows))
    if len(lengths) == 1 and lengths != {0}:
        return
    if wanted not in lengths:
        wanted = wanted if len(lengths) == 1 else len(rows[0])
    for i, row in enumerate(rows):
        if len(row) != wanted:
            right = wanted or 1
            yield from _length(f"{place}[{i}]", len(row), right, "number", f"one for each {noun}")


def _classes_fit(classes: Iterable[float], outputs: int) -> Iterator[Problem]:
    for i, value in enumerate(classes):
        if not (value.is_integer() and 0 <= value < outputs):
            yield Problem(
                f"data.targets[{i}]",
                f"expected a class from 0 to {outputs - 1}, or a row of {outputs} numbers, got "
                f"{value:g}",
            )


def _data_fits(parts: Parts) -> Iterator[Problem]:
    if isinstance(parts.data, sources.Generated) and parts.data.name not in GENERATORS:
        yield Problem(
            "data.name",
            f"expected {one_of(GENERATORS)}, got "
            f'"{parts.data.name}"{suggestion(parts.data.name, GENERATORS)}',
        )
    elif isinstance(parts.data, sources.Csv):
        yield from csv_rules.problems(parts.data)


def _shape_fits(parts: Parts) -> Iterator[Problem]:
    if parts.network is None or parts.data is None:
        return
    inputs, outputs = known_shape(parts.data)
    last = len(parts.network.layers) - 1
    if inputs is not None and inputs != parts.network.inputs:
        noun = "inputs" if parts.data.features is None else "features"
        yield Problem(
            "network.inputs",
            f"expected {inputs}, the number of {noun} of the data, got {parts.network.inputs}",
        )
    if outputs is not None and outputs != parts.network.layers[last].units:
        yield Problem(
            f"network.layers[{last}].units",
            f"expected {outputs}, the number of targets of the data, got "
            f"{parts.network.layers[last].units}",
        )


def _features_are_read(parts: Parts) -> Iterator[Problem]:
    if parts.data is not None:
        yield from unreadable(parts.data, known_inputs(parts.data))


def _frozen_exist(parts: Parts) -> Iterator[Problem]:
    if parts.network is None or parts.training is None or not parts.training.frozen:
        return
    network = shape_of(parts.network)
    for i, name in enumerate(parts.training.frozen):
        try:
            network.index_of(name)
        except KeyError as error:
            yield Problem(f"training.frozen[{i}]", str(error.args[0]))


def _lesson_makes_sense(parts: Parts) -> Iterator[Problem]:
    if parts.lesson is not None:
        yield from lessons.problems(parts.lesson)


RULES: tuple[Callable[[Parts], Iterator[Problem]], ...] = (
    _softmax_is_last,
    _loss_fits_output,
    _manual_weights_fit,
    _range_is_ordered,
    _inline_fits,
    _data_fits,
    _features_are_read,
    _shape_fits,
    _frozen_exist,
    _lesson_makes_sense,
)
