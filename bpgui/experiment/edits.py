"""All that an editor can mean, as pure functions from one experiment to the next.

Layers and positions count from 0, as in places such as network.layers[1].units. An edit gives an
experiment whose parts fit together: it adapts what depends on the change, as its docstring says, or
raises PresetError with the place that stands against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bpgui.experiment import models, sources
from bpgui.experiment.building import initial_parameters
from bpgui.experiment.data_shape import known_inputs
from bpgui.experiment.errors import PresetError
from bpgui.experiment.features import feature_names, fitting, raw_names
from bpgui.experiment.fields import Model
from bpgui.experiment.models import Experiment
from bpgui.experiment.resizing import as_rows, drawn, rearranged, refrozen
from bpgui.experiment.revising import (
    check_position,
    columns_of,
    fields_of,
    known,
    leaves_unit_range,
    replaced,
    with_initial,
    with_layer,
    with_layers,
    with_manual,
    with_network,
    with_training,
)
from bpgui.experiment.rules import OUTPUTS_OF_LOSS, check, shape_of
from bpgui.experiment.validation import revised

# What needs several outputs, and what stands for it where there is one.
SINGLE_OUTPUT = {"cross_entropy": "binary_cross_entropy", "softmax": "sigmoid"}
MOST_BY_HAND = 100_000  # weights and biases that a preset file holds with ease

SCHEMES: dict[str, type[models.Drawn]] = {
    "uniform": models.Uniform,
    "normal": models.Normal,
    "xavier_uniform": models.XavierUniform,
    "xavier_normal": models.XavierNormal,
    "he_uniform": models.HeUniform,
    "he_normal": models.HeNormal,
    "zeros": models.Zeros,
    "constant": models.Constant,
}
OPTIMIZERS: dict[str, type[Model]] = {
    "sgd": models.Sgd,
    "momentum": models.Momentum,
    "nesterov": models.Nesterov,
    "adagrad": models.Adagrad,
    "rmsprop": models.RmsProp,
    "adam": models.Adam,
}

# --- texts ------------------------------------------------------------------------------------


def set_text(e: Experiment, field: str, value: str) -> Experiment:
    """`field` is name or description."""
    return revised(e, (), **{known(field, ("name", "description"), ""): value})


# --- network ----------------------------------------------------------------------------------


def set_inputs(e: Experiment, inputs: int) -> Experiment:
    """Manual weights are resized. Refused where the data has another number of inputs."""
    return with_network(e, revised(e.network, ("network",), inputs=inputs))


def set_units(e: Experiment, layer: int, units: int) -> Experiment:
    """Manual weights are resized, frozen parameters that are gone are forgotten."""
    return with_layer(e, layer, units=units)


def set_activation(e: Experiment, layer: int, name: str) -> Experiment:
    return with_layer(e, layer, activation=name)


def set_bias(e: Experiment, layer: int, mode: str) -> Experiment:
    """Manual biases go with the mode none, and come back as zeros."""
    return with_layer(e, layer, bias=mode)


def add_layer(e: Experiment, position: int) -> Experiment:
    """A new layer before the one at `position`, like the hidden layer before it, else four sigmoid
    units.

    At the end the new layer takes over the output: it is like the last one, which becomes hidden.
    """
    layers = e.network.layers
    check_position("network.layers", position, len(layers) + 1)
    hidden = models.Layer(units=4, activation="sigmoid")
    if position == len(layers):
        last = layers[-1]
        if last.activation == "softmax":
            last = last.model_copy(update={"activation": "sigmoid"})
        new = (*layers[:-1], last, layers[-1])
    else:
        near = layers[position - 1] if position else layers[0] if len(layers) > 1 else hidden
        new = (*layers[:position], near, *layers[position:])
    origins = [*range(position), None, *range(position, len(layers))]
    return with_layers(e, new, origins)


def remove_layer(e: Experiment, position: int) -> Experiment:
    """Where the output layer goes, the one before takes over its units, activation and bias."""
    layers = e.network.layers
    check_position("network.layers", position, len(layers))
    if len(layers) == 1:
        raise PresetError.at("network.layers", "the only layer stays; expected 1 layer or more")
    kept = [*layers[:position], *layers[position + 1 :]]
    kept[-1] = layers[-1]
    origins = [i for i in range(len(layers)) if i != position]
    return with_layers(e, tuple(kept), origins)


def move_layer(e: Experiment, position: int, by: int) -> Experiment:
    """Moves a hidden layer by so many places, with its manual weights as far as they fit."""
    layers = e.network.layers
    check_position("network.layers", position, len(layers))
    place, target, last = f"network.layers[{position}]", position + by, len(layers) - 1
    if by and (position == last or target == last):
        raise PresetError.at(place, "the last layer is the output and stays last")
    if not 0 <= target < len(layers):
        raise PresetError.at(place, f"expected a place from 1 to {last}, got {target + 1}")
    origins = list(range(len(layers)))
    origins.insert(target, origins.pop(position))
    return with_layers(e, tuple(layers[i] for i in origins), origins)


# --- initial weights --------------------------------------------------------------------------


def set_scheme(e: Experiment, scheme: str) -> Experiment:
    """Another scheme with its defaults; the seed and the initial bias stay. "manual" is
    `to_manual`."""
    old = e.initial_weights
    if scheme == old.scheme:
        return e
    if scheme == "manual":
        return to_manual(e)
    model = SCHEMES[known(scheme, (*SCHEMES, "manual"), "initial_weights.scheme")]
    kept = {
        field: getattr(old, field)
        for field in ("seed", "bias")
        if hasattr(old, field) and field in model.model_fields
    }
    return with_initial(e, model.model_validate(kept))


def set_initial(e: Experiment, field: str, value: Any) -> Experiment:
    """A field of the scheme, such as low, std, value, seed or bias."""
    initial = e.initial_weights
    known(field, fields_of(initial), "initial_weights")
    at = ("initial_weights", initial.scheme)
    return with_initial(e, revised(initial, at, **{field: value}))


def set_weights(e: Experiment, layer: int, rows: Iterable[Iterable[float]]) -> Experiment:
    """The weights of one layer by hand, a row for each of its units; a drawn network becomes
    manual first."""
    e = to_manual(e)
    assert isinstance(e.initial_weights, models.Manual)
    check_position("network.layers", layer, len(e.initial_weights.weights))
    matrix = tuple(tuple(row) for row in rows)
    return with_manual(
        e, e.initial_weights, weights=replaced(e.initial_weights.weights, layer, matrix)
    )


def set_biases(e: Experiment, layer: int, row: Iterable[float]) -> Experiment:
    """The biases of one layer by hand; a drawn network becomes manual first."""
    e = to_manual(e)
    assert isinstance(e.initial_weights, models.Manual)
    check_position("network.layers", layer, len(e.initial_weights.biases))
    return with_manual(
        e, e.initial_weights, biases=replaced(e.initial_weights.biases, layer, tuple(row))
    )


def to_manual(e: Experiment) -> Experiment:
    """The numbers that the scheme draws, in full digits, become manual ones."""
    if isinstance(e.initial_weights, models.Manual):
        return e
    network = shape_of(e.network)
    if network.size > MOST_BY_HAND:
        raise PresetError.at(
            "initial_weights.scheme",
            f"{network.size:,} weights and biases are too many to be kept by hand; "
            f"expected at most {MOST_BY_HAND:,}",
        )
    theta = initial_parameters(e, network)
    weights = tuple(map(as_rows, network.weights(theta)))
    biases = tuple(None if b is None else tuple(b.tolist()) for b in network.biases(theta))
    return with_initial(e, models.Manual(weights=weights, biases=biases))


def new_seed(e: Experiment, seed: int) -> Experiment:
    """New random weights. Manual ones are drawn anew by xavier_uniform to two decimals and keep
    their biases;
    zeros and constant become xavier_uniform."""
    if isinstance(e.initial_weights, models.Manual):
        seed = revised(models.Uniform(), ("initial_weights", "uniform"), seed=seed).seed
        layers = shape_of(e.network).layers
        matrices = tuple(as_rows(drawn(layer, i, seed)) for i, layer in enumerate(layers))
        return with_manual(e, e.initial_weights, weights=matrices)
    if not hasattr(e.initial_weights, "seed"):
        e = set_scheme(e, "xavier_uniform")
    return set_initial(e, "seed", seed)


# --- data, loss, training ----------------------------------------------------------------------


def set_data(e: Experiment, data: sources.Data, folder: Path | None = None) -> Experiment:
    """The network's inputs and its last layer's units follow the data, manual weights follow them.

    For a single output, softmax becomes sigmoid and cross_entropy binary_cross_entropy. Where
    targets leave 0 .. 1, a cross-entropy becomes half_squared_error on an identity output. `folder`
    is that of the preset file, where relative paths start. A file that cannot be read leaves the
    network as it is; building will name it. Features of the former data that need inputs which
    there are no more are given up.
    """
    if data.features == e.data.features and not fitting(data, known_inputs(data)):
        data = data.model_copy(update={"features": None})
    inputs, outputs = columns_of(e, data, folder)
    last = e.network.layers[-1]
    changes: dict[str, Any] = {"units": outputs or last.units}
    loss = e.loss
    if leaves_unit_range(data) and loss.name in OUTPUTS_OF_LOSS:
        loss = loss.model_copy(update={"name": "half_squared_error"})
        changes["activation"] = "identity"
    elif changes["units"] == 1:
        loss = loss.model_copy(update={"name": SINGLE_OUTPUT.get(loss.name, loss.name)})
        changes["activation"] = SINGLE_OUTPUT.get(last.activation, last.activation)
    layers = (*e.network.layers[:-1], last.model_copy(update=changes))
    wanted = {"inputs": inputs or e.network.inputs, "layers": layers}
    changed = e.model_copy(update={"data": data, "loss": loss})
    return with_network(changed, revised(e.network, ("network",), **wanted))


def set_features(
    e: Experiment, features: Iterable[str] | None, folder: Path | None = None
) -> Experiment:
    """What the network sees of the data, None for its inputs as they are; the network follows.
    Features that stay keep their manual weights, and those of them that are frozen."""
    data, expressions = e.data, None if features is None else tuple(features)
    inputs = known_inputs(data)
    if inputs is not None and expressions == raw_names(inputs):
        expressions = None
    if expressions == ():
        raise PresetError.at("data.features", "the only feature stays; expected 1 or more")
    changed = set_data(e, revised(data, ("data", data.source), features=expressions), folder)
    before, after = _input_names(e), _input_names(changed)
    changed = with_training(changed, frozen=refrozen(e.training.frozen, before, after))
    if not isinstance(e.initial_weights, models.Manual):
        return changed
    first = shape_of(changed.network).layers[0]
    manual = rearranged(e.initial_weights, before, after, first, e.training.seed)
    return with_initial(changed, manual)


def _input_names(e: Experiment) -> tuple[str, ...]:
    return feature_names(e.data) or raw_names(e.network.inputs)


def set_loss(e: Experiment, name: str) -> Experiment:
    """Where the loss needs another output, its activation follows: softmax for several classes,
    else sigmoid."""
    e = e.model_copy(update={"loss": revised(e.loss, ("loss",), name=name)})
    last = len(e.network.layers) - 1
    output = e.network.layers[last]
    fitting = OUTPUTS_OF_LOSS.get(name)
    if fitting is None or output.activation in fitting:
        return check(e)
    return set_activation(e, last, fitting[0] if output.units > 1 else "sigmoid")


def set_reduction(e: Experiment, reduction: str) -> Experiment:
    loss = revised(e.loss, ("loss",), reduction=reduction)
    return check(e.model_copy(update={"loss": loss}))


def set_optimizer(e: Experiment, name: str) -> Experiment:
    """Another optimizer with its defaults; the learning rate stays."""
    old = e.training.optimizer
    if name == old.name:
        return e
    model = OPTIMIZERS[known(name, OPTIMIZERS, "training.optimizer.name")]
    return with_training(e, optimizer=model.model_validate({"learning_rate": old.learning_rate}))


def set_hyperparameter(e: Experiment, field: str, value: float) -> Experiment:
    """A field of the optimizer, such as learning_rate or momentum."""
    optimizer = e.training.optimizer
    known(field, fields_of(optimizer), "training.optimizer")
    at = ("training", "optimizer", optimizer.name)
    return with_training(e, optimizer=revised(optimizer, at, **{field: value}))


def set_training(e: Experiment, field: str, value: Any) -> Experiment:
    """`field` is batch_size, shuffle, seed, l1, l2, precision or fault."""
    fields = ("batch_size", "shuffle", "seed", "l1", "l2", "precision", "fault")
    return with_training(e, **{known(field, fields, "training"): value})


def set_stop(e: Experiment, field: str, value: float | None) -> Experiment:
    """`field` is max_epochs or loss_below; None switches the rule off."""
    stop = e.training.stop
    known(field, fields_of(stop), "training.stop")
    return with_training(e, stop=revised(stop, ("training", "stop"), **{field: value}))


def set_frozen(e: Experiment, name: str, on: bool) -> Experiment:
    """Holds a parameter such as w(2)[1,3], or lets it go."""
    try:
        network = shape_of(e.network)
        index = network.index_of(name)
    except KeyError as error:
        raise PresetError.at("training.frozen", str(error.args[0])) from None
    held = {network.index_of(held) for held in e.training.frozen}
    held = held | {index} if on else held - {index}
    return with_training(e, frozen=tuple(network.parameter(i).name for i in sorted(held)))
