"""What the engine is measured on, as plain values that every side makes the same arrays of.

All layers are sigmoid and have biases; the loss is half the squared error, summed over outputs and
averaged over the batch; batches come in the order of the data.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Case:
    """A network, its batches and its optimizer; `output` is the last layer's activation."""

    sizes: tuple[int, ...]
    batch: int
    batches: int
    dtype: str = "float64"
    optimizer: str = "sgd"
    output: str = "sigmoid"

    @property
    def name(self) -> str:
        sizes = "-".join(map(str, self.sizes))
        batch = "online" if self.batch == 1 else f"batch {self.batch}"
        return f"{sizes}, {batch}, {self.dtype}"

    @property
    def values(self) -> dict[str, Any]:
        """As JSON's types; Case(**values) brings it back."""
        return asdict(self)

    @property
    def rate(self) -> float:
        return 0.001 if self.optimizer in ("adam", "rmsprop", "adagrad") else 0.1


ONE_CASE = Case((784, 128, 10), 64, 100, "float32")
CASES = (
    Case((1, 1), 1, 4),
    Case((2, 2, 2), 1, 4),
    Case((2, 4, 1), 4, 1),
    Case((2, 8, 8, 1), 10, 10),
    Case((2, 8, 8, 8, 8, 1), 10, 10),
    Case((64, 32, 10), 32, 40),
    Case((784, 30, 10), 10, 100),
    Case((784, 128, 10), 64, 100),
    ONE_CASE,
    Case((784, 512, 512, 10), 128, 20, "float32"),
)
OPTIMIZERS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")


@dataclass(frozen=True, slots=True, eq=False)
class Arrays:
    """Rows of `inputs` and `targets`; weights (units, inputs) and biases (units,) per layer."""

    inputs: np.ndarray
    targets: np.ndarray
    weights: list[np.ndarray]
    biases: list[np.ndarray]


def arrays(case: Case) -> Arrays:
    rng = np.random.default_rng(0)
    samples = case.batch * case.batches
    inputs = rng.random((samples, case.sizes[0]))
    targets = rng.random((samples, case.sizes[-1]))
    shapes = [(units, sources) for sources, units in pairwise(case.sizes)]
    weights = [rng.uniform(-1, 1, shape) / np.sqrt(shape[1]) for shape in shapes]
    biases = [rng.uniform(-1, 1, units) for units, _ in shapes]
    return Arrays(
        inputs.astype(case.dtype),
        targets.astype(case.dtype),
        [weight.astype(case.dtype) for weight in weights],
        [bias.astype(case.dtype) for bias in biases],
    )


def slices(case: Case) -> list[slice]:
    """The samples of each batch of an epoch."""
    return [slice(i * case.batch, (i + 1) * case.batch) for i in range(case.batches)]
