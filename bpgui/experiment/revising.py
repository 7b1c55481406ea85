"""Small steps that edits are made of: each gives an experiment that was checked as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from bpgui.datasets.errors import DataError
from bpgui.datasets.generators import GENERATORS
from bpgui.datasets.idx import read_header, read_idx
from bpgui.experiment import models, sources
from bpgui.experiment.data_shape import known_shape
from bpgui.experiment.errors import PresetError
from bpgui.experiment.fields import Model
from bpgui.experiment.models import Experiment
from bpgui.experiment.resizing import renamed, resized
from bpgui.experiment.rules import check, shape_of
from bpgui.experiment.tables import load_table, resolved
from bpgui.experiment.validation import revised
from bpgui.experiment.wording import one_of, shown, suggestion

MOST_BYTES_TO_PEEK = 8 * 2**20  # of a CSV file that is read only to see how many classes it has

T = TypeVar("T")


def with_network(
    e: Experiment, network: models.Network, origins: Sequence[int | None] | None = None
) -> Experiment:
    """Another network, of which layer l was layer origins[l] before (None: it is new)."""
    shape = shape_of(network)
    origins = range(len(shape.layers)) if origins is None else origins
    initial = e.initial_weights
    if isinstance(initial, models.Manual):
        initial = resized(initial, shape.layers, origins, e.training.seed)
    frozen = renamed(e.training.frozen, shape, origins)
    training = e.training.model_copy(update={"frozen": frozen})
    changes = {"network": network, "initial_weights": initial, "training": training}
    return check(e.model_copy(update=changes))


def with_layers(
    e: Experiment, layers: Sequence[models.Layer], origins: Sequence[int | None]
) -> Experiment:
    return with_network(e, revised(e.network, ("network",), layers=tuple(layers)), origins)


def with_layer(e: Experiment, position: int, **changes: Any) -> Experiment:
    layers = e.network.layers
    check_position("network.layers", position, len(layers))
    layer = revised(layers[position], ("network", "layers", position), **changes)
    return with_layers(e, replaced(layers, position, layer), range(len(layers)))


def with_initial(e: Experiment, initial: models.InitialWeights) -> Experiment:
    return check(e.model_copy(update={"initial_weights": initial}))


def with_manual(e: Experiment, manual: models.Manual, **changes: Any) -> Experiment:
    return with_initial(e, revised(manual, ("initial_weights", "manual"), **changes))


def with_training(e: Experiment, **changes: Any) -> Experiment:
    training = revised(e.training, ("training",), **changes)
    return check(e.model_copy(update={"training": training}))


def replaced(items: Sequence[T], position: int, item: T) -> tuple[T, ...]:
    return (*items[:position], item, *items[position + 1 :])


def check_position(place: str, position: int, count: int) -> None:
    if not 0 <= position < count:
        told = f"expected a position from 0 to {count - 1}, got {position}"
        raise PresetError.at(place, told)


def known(name: str, names: Iterable[str], place: str) -> str:
    """The name if it is one of the names."""
    names = tuple(names)
    if name not in names:
        told = f"expected {one_of(names)}, got {shown(name)}{suggestion(name, names)}"
        raise PresetError.at(place, told)
    return name


def fields_of(model: Model) -> tuple[str, ...]:
    """The fields that may be set one by one: all but the name of the kind."""
    tags = ("scheme", "name", "weights", "biases")
    return tuple(field for field in type(model).model_fields if field not in tags)


def columns_of(
    e: Experiment, data: sources.Data, folder: Path | None
) -> tuple[int | None, int | None]:
    """Inputs and targets per sample; None where the network decides, or a file that cannot be
    read."""
    inputs, outputs = known_shape(data)
    match data:
        case sources.Inline() if outputs is None:
            return inputs, _classes(data.target_values or (), e.network.layers[-1].units)
        case sources.Csv():
            return inputs, outputs or _targets_in_csv(e, data, folder)
        case sources.Idx():
            found, outputs = _shape_of_images(data, folder)
            return inputs or found, outputs
    return inputs, outputs


def _classes(values: Sequence[float], units: int) -> int:
    """One output for plain values; one per class where there are several outputs and the values
    can be classes."""
    whole = all(value >= 0 and value.is_integer() for value in values)
    return max(2, int(max(values)) + 1) if whole and units > 1 else 1


def _targets_in_csv(e: Experiment, data: sources.Csv, folder: Path | None) -> int | None:
    if data.classes is not None:
        return min(2, e.network.layers[-1].units)
    path = resolved(data.path, folder)
    try:
        if len(data.targets) > 1 or path.stat().st_size > MOST_BYTES_TO_PEEK:
            return len(data.targets)
        return int(load_table(data, folder).targets.shape[1])
    except (OSError, ValueError):
        return None


def _shape_of_images(data: sources.Idx, folder: Path | None) -> tuple[int | None, int | None]:
    try:
        _, *pixels = read_header(resolved(data.images, folder)).shape
        labels = read_idx(resolved(data.labels, folder))
    except DataError:
        return None, None
    inputs = 1
    for size in pixels:
        inputs *= size
    return inputs, max(2, int(labels.max()) + 1)


def leaves_unit_range(data: sources.Data) -> bool:
    """Whether targets are known to lie outside 0 .. 1, where cross-entropies need them."""
    match data:
        case sources.Generated():
            return data.name in GENERATORS and GENERATORS[data.name].kind == "regression"
        case sources.Inline():
            rows = data.target_rows
            values = [v for row in rows for v in row] if rows is not None else ()
            return any(not 0 <= value <= 1 for value in values)
    return False
