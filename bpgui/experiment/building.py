"""From an experiment to a problem: the one place where arrays are made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from bpgui.datasets.table import Floats, Table, split
from bpgui.datasets.watching import Watch, unwatched
from bpgui.engine.initializers import INITIALIZERS
from bpgui.engine.network import FloatArray, Network
from bpgui.engine.optimizers import OPTIMIZERS
from bpgui.engine.problem import OptimizerSettings, Problem, Samples, Settings, StopRule
from bpgui.experiment import models, sources
from bpgui.experiment.data_shape import known_inputs
from bpgui.experiment.errors import PresetError
from bpgui.experiment.features import features_of, highest_input, raw_names, worked_out
from bpgui.experiment.memory import available_memory, bytes_needed, in_words
from bpgui.experiment.rules import OUTPUTS_OF_LOSS, check, network_of, shape_of
from bpgui.experiment.tables import is_unchanged, load_table, sample_count
from bpgui.experiment.wording import counted

if TYPE_CHECKING:
    from bpgui.engine.features import Features

__all__ = [
    "Builder",
    "build_problem",
    "estimate",
    "initial_parameters",
    "load_table",
    "settings_of",
]

Asked: TypeAlias = tuple[sources.Data, Path | None, int, int, str, str]


class Builder:
    """Builds one problem after the other. The samples of a CSV file, which take long to read, stay
    while neither the file nor what is asked of it changes."""

    def __init__(self) -> None:
        self._last: tuple[Asked, Prepared] | None = None
        self._read: tuple[sources.Csv, Table] | None = None

    def offer(self, data: sources.Csv, table: Table) -> None:
        """What was just read of a file, for the next build, if that asks for it."""
        self._read = data, table

    def build(
        self, experiment: models.Experiment, folder: Path | None, watch: Watch = unwatched
    ) -> Problem:
        """As `build_problem`."""
        read, self._read = self._read, None
        check(experiment)
        _refuse_too_large(experiment, folder)
        asked, last, data = _asked(experiment, folder), self._last, experiment.data
        unchanged = is_unchanged(data, folder)
        if last is None or asked != last[0] or not unchanged:
            self._last = None
            if read is None or not (unchanged and _serves(*read, experiment)):
                table = load_table(data, folder, experiment.network, watch)
            else:
                table = read[1]
            last = self._last = asked, _prepare(experiment, table)
        return _problem_of(experiment, last[1])


def build_problem(
    experiment: models.Experiment, folder: Path | None = None, watch: Watch = unwatched
) -> Problem:
    """The problem an experiment stands for. `folder` is that of the preset file, where relative
    paths start; `watch` is told how far reading a CSV file has come.

    Raises PresetError with places as in the file; MissingData where a data file is gone.
    """
    return Builder().build(experiment, folder, watch)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """The samples of a problem, and what they say of it."""

    train: Samples
    test: Samples | None
    features: Features | None
    classes: tuple[str, ...] | None
    input_names: tuple[str, ...]
    classification: bool
    threshold: float | None


def _asked(experiment: models.Experiment, folder: Path | None) -> Asked:
    """All of an experiment that decides what its samples are and whether they fit."""
    network, precision = experiment.network, experiment.training.precision
    outputs = network.layers[-1].units
    return experiment.data, folder, network.inputs, outputs, precision, experiment.loss.name


def _serves(data: sources.Data, table: Table, experiment: models.Experiment) -> bool:
    """Whether reading the data for this experiment would give this table."""
    return data == experiment.data and table.targets.shape[1] == experiment.network.layers[-1].units


def _prepare(experiment: models.Experiment, table: Table) -> Prepared:
    features = features_of(experiment.data, table.inputs.shape[1])
    seen = worked_out(features, table.inputs)
    _check_table(experiment, table, seen.shape[1])
    train, test = _split(table, seen, experiment)
    threshold = _threshold(table.targets)
    return Prepared(
        train=train,
        test=test,
        features=features,
        classes=table.classes,
        input_names=_given_names(table),
        classification=threshold is not None or _is_one_hot(table.targets),
        threshold=threshold,
    )


def _problem_of(experiment: models.Experiment, prepared: Prepared) -> Problem:
    network, training = network_of(experiment), experiment.training
    return Problem(
        network=network,
        train=prepared.train,
        test=prepared.test,
        loss=experiment.loss.name,
        reduction=experiment.loss.reduction,
        initial=_cast(
            initial_parameters(experiment, network), training.precision, "initial_weights"
        ),
        settings=settings_of(experiment, network),
        batch_size=training.batch_size,
        shuffle=training.shuffle,
        seed=training.seed,
        classification=prepared.classification,
        threshold=prepared.threshold,
        classes=prepared.classes,
        fault=training.fault,
        features=prepared.features,
        input_names=prepared.input_names,
    )


def _given_names(table: Table) -> tuple[str, ...]:
    """What the data calls its inputs, empty where that is x1, x2, ...."""
    names = table.input_names
    return () if names == raw_names(len(names)) else names


def settings_of(experiment: models.Experiment, network: Network | None = None) -> Settings:
    """What may change while a run goes on."""
    training = experiment.training
    network = network or shape_of(experiment.network)
    values = training.optimizer.model_dump(exclude={"name"})
    frozen = None
    if training.frozen:
        frozen = np.zeros(network.size, dtype=np.bool_)
        frozen[[network.index_of(name) for name in training.frozen]] = True
    return Settings(
        OptimizerSettings(training.optimizer.name, MappingProxyType(values)),
        training.l1,
        training.l2,
        StopRule(training.stop.max_epochs, training.stop.loss_below),
        frozen,
    )


def initial_parameters(experiment: models.Experiment, network: Network | None = None) -> FloatArray:
    """Theta (size,) at iteration 0 in float64, drawn layer by layer from
    `numpy.random.default_rng(seed)`."""
    network = network or shape_of(experiment.network)
    initial = experiment.initial_weights
    if isinstance(initial, models.Manual):
        return network.pack(initial.weights, initial.biases)
    options = initial.model_dump(exclude={"scheme", "seed", "bias"})
    rng = np.random.default_rng(getattr(initial, "seed", 0))
    draw = INITIALIZERS[initial.scheme]
    theta: FloatArray = np.full(network.size, initial.bias)
    for view, layer in zip(network.weights(theta), network.layers, strict=True):
        view[...] = draw(rng, layer, **options)
    return theta


def estimate(experiment: models.Experiment, folder: Path | None = None) -> int:
    """Bytes that building and running the experiment takes, on the high side; nothing is allocated
    for it."""
    network, training = shape_of(experiment.network), experiment.training
    samples = sample_count(experiment.data, folder)
    return bytes_needed(
        parameters=network.size,
        units=sum(layer.units for layer in network.layers),
        features=network.inputs + _more_inputs(experiment.data),
        outputs=network.outputs,
        samples=samples,
        batch=min(samples, training.batch_size or samples),
        slots=len(OPTIMIZERS[training.optimizer.name].slots),
        itemsize=np.dtype(training.precision).itemsize,
    )


def _more_inputs(data: sources.Data) -> int:
    """Inputs of the data that are kept beside features of them; of pictures in files, as many as
    the features name."""
    return (known_inputs(data) or highest_input(data)) if data.features else 0


def _refuse_too_large(experiment: models.Experiment, folder: Path | None) -> None:
    needed, at_hand = estimate(experiment, folder), available_memory()
    if needed > at_hand:
        parameters = shape_of(experiment.network).size
        samples = sample_count(experiment.data, folder)
        raise PresetError.at(
            "network",
            f"{parameters:,} weights and biases with {counted(samples, 'sample')} need about "
            f"{in_words(needed)} of memory, and {in_words(at_hand)} can be had; "
            "use fewer units, fewer samples, a smaller batch or float32",
        )


def _check_table(experiment: models.Experiment, table: Table, inputs: int) -> None:
    network, last = experiment.network, len(experiment.network.layers) - 1
    shapes = (
        ("network.inputs", "inputs", inputs, network.inputs),
        (_units(last), "targets", table.targets.shape[1], network.layers[last].units),
    )
    for place, noun, right, got in shapes:
        if got != right:
            told = f"expected {right}, the number of {noun} of the data, got {got}"
            raise PresetError.at(place, told)
    low, high = table.targets.min(), table.targets.max()
    if experiment.loss.name in OUTPUTS_OF_LOSS and (low < 0 or high > 1):
        raise PresetError.at(
            "loss.name",
            f"{experiment.loss.name} needs targets from 0 to 1, but those of the data reach from "
            f"{low:g} to {high:g}; expected another loss, such as half_squared_error",
        )


def _units(layer: int) -> str:
    return f"network.layers[{layer}].units"


def _split(
    table: Table, seen: Floats, experiment: models.Experiment
) -> tuple[Samples, Samples | None]:
    """`seen` are the inputs of the network (n, inputs)."""
    data, precision = experiment.data, experiment.training.precision
    raw = _cast(table.inputs, precision, "data.inputs")
    inputs = raw if seen is table.inputs else _cast(seen, precision, "data.features")
    targets = _cast(table.targets, precision, "data.targets")
    seed = None if getattr(data, "split", "") == "last" else getattr(data, "seed", 0)
    train, test = split(len(table), getattr(data, "test_fraction", 0.0), seed)
    derived = inputs is not raw
    if not len(test):
        return Samples(inputs, targets, raw if derived else None), None
    parts = (
        Samples(inputs[part], targets[part], raw[part] if derived else None)
        for part in (train, test)
    )
    return next(parts), next(parts)


def _cast(values: FloatArray, precision: str, place: str) -> FloatArray:
    """C-contiguous, in the run's precision; refuses numbers that it cannot hold."""
    with np.errstate(over="ignore"):
        array: FloatArray = np.ascontiguousarray(values, dtype=precision)
    if not np.isfinite(array).all():
        told = f"holds numbers too large for {precision}; expected smaller ones"
        raise PresetError.at(place, told)
    return array


def _threshold(targets: Floats) -> float | None:
    """Where one output decides between two classes; None where the targets are not two classes in
    one column."""
    if targets.shape[1] > 1:
        return None
    return {(0.0, 1.0): 0.5, (-1.0, 1.0): 0.0}.get(tuple(np.unique(targets)[:3].tolist()))


def _is_one_hot(targets: Floats) -> bool:
    binary = bool(np.isin(targets, (0.0, 1.0)).all())
    return targets.shape[1] > 1 and binary and bool((targets.sum(axis=1) == 1.0).all())
