"""An experiment made concrete: all that training needs, as arrays and plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from bpgui.engine.network import BoolArray, FloatArray, Network

if TYPE_CHECKING:
    from bpgui.engine.features import Features

Reduction: TypeAlias = Literal["mean", "sum"]


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Inputs of the network (samples, inputs) and targets (samples, outputs), C-contiguous, of the
    run's precision. `raw` are the inputs of the data where the network sees features of them."""

    inputs: FloatArray
    targets: FloatArray
    raw: FloatArray | None = None

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def data_inputs(self) -> FloatArray:
        """What the data holds for each sample."""
        return self.inputs if self.raw is None else self.raw


@dataclass(frozen=True, slots=True)
class OptimizerSettings:
    """An optimizer's name and its hyperparameters by PyTorch's names, learning_rate among them."""

    name: str
    values: Mapping[str, float]

    @property
    def learning_rate(self) -> float:
        return self.values["learning_rate"]

    def __reduce__(self) -> tuple[object, ...]:
        return OptimizerSettings, (self.name, dict(self.values))


@dataclass(frozen=True, slots=True)
class StopRule:
    """Stop after `max_epochs`, or when the objective over all training samples, looked at before
    each epoch, is below `loss_below`. None switches a rule off."""

    max_epochs: int | None = None
    loss_below: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """What may change while a run goes on. `frozen` is (size,), True where the user holds a
    parameter."""

    optimizer: OptimizerSettings
    l1: float = 0.0
    l2: float = 0.0
    stop: StopRule = StopRule()
    frozen: BoolArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A network, its data, its loss, its initial parameters and how it is trained.

    `initial` is theta at iteration 0, of the run's precision. `batch_size` None is the full batch,
    in the order of the data. With `shuffle`, the order of epoch e (from 0) is
    `numpy.random.default_rng([seed, e]).permutation(len(train))`.
    `threshold` says how one output decides between two classes; it is None for regression
    and for several outputs, which decide by the largest when `classification` is set. `classes` are
    their names, if the data gives any. `fault` names an entry of faults.FAULTS, a wrong backward
    pass to train with; None is the right one. With `features`, the network sees these of the data's
    inputs; all of `train`, `test` and the engine's arithmetic is about what it sees. `input_names`
    are what the data calls its inputs, if it names them.
    """

    network: Network
    train: Samples
    test: Samples | None
    loss: str
    reduction: Reduction
    initial: FloatArray
    settings: Settings
    batch_size: int | None = None
    shuffle: bool = False
    seed: int = 0
    classification: bool = False
    threshold: float | None = None
    classes: tuple[str, ...] | None = None
    fault: str | None = None
    features: Features | None = None
    input_names: tuple[str, ...] = ()

    @property
    def data_inputs(self) -> int:
        """How many inputs a sample of the data has."""
        return self.network.inputs if self.features is None else self.features.inputs

    def network_inputs(self, data_inputs: FloatArray) -> FloatArray:
        """What the network sees (n, inputs) of samples (n, data inputs)."""
        return data_inputs if self.features is None else self.features(data_inputs)

    @property
    def batches_per_epoch(self) -> int:
        return 1 if self.batch_size is None else -(-len(self.train) // self.batch_size)

    @property
    def dtype(self) -> np.dtype[np.floating]:
        return self.initial.dtype


def optimizer_settings(name: str, **values: float) -> OptimizerSettings:
    """Settings of one optimizer; what is not given takes the default of its table entry."""
    from bpgui.engine.optimizers import OPTIMIZERS

    return OptimizerSettings(name, MappingProxyType({**OPTIMIZERS[name].defaults, **values}))
