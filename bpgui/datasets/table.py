"""A table of samples: what every source of data yields, and how it is split for training and
testing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bpgui.datasets.errors import DataError

Kind: TypeAlias = Literal["classification", "regression"]
Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.int64]

MOST_BYTES = 1 << 30


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Inputs (n, features) and targets (n, outputs), float64 and finite, one sample a row.

    With `classes` (the names), targets are one-hot with a column per class, or for two classes a
    single column of 0 (the first) and 1 (the second).
    """

    inputs: Floats
    targets: Floats
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    kind: Kind
    classes: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        shapes = (
            ("inputs", self.inputs, self.input_names),
            ("targets", self.targets, self.target_names),
        )
        for name, array, names in shapes:
            if array.ndim != 2 or array.shape[1] != len(names) or array.size == 0:
                raise DataError(
                    f"{name} of shape {array.shape} do not fit {len(names)} column names"
                )
            if not np.isfinite(array).all():
                raise DataError(f"{name} hold a value that is not a finite number")
        if len(self.inputs) != len(self.targets):
            raise DataError(f"there are {len(self.inputs)} inputs but {len(self.targets)} targets")

    def __len__(self) -> int:
        return len(self.inputs)


def table(
    inputs: ArrayLike,
    targets: ArrayLike,
    kind: Kind,
    classes: Sequence[str] | None = None,
    input_names: Sequence[str] | None = None,
    target_names: Sequence[str] | None = None,
) -> Table:
    """A Table with contiguous arrays; columns without names are called x1, x2, ... and y1, y2, ...

    A column per class takes the class's name.
    """
    x = np.ascontiguousarray(inputs, dtype=np.float64)
    y = np.ascontiguousarray(targets, dtype=np.float64)
    if target_names is None and classes is not None and y.ndim == 2 and y.shape[1] == len(classes):
        target_names = classes
    return Table(
        x,
        y,
        tuple(input_names) if input_names is not None else _numbered("x", x),
        tuple(target_names) if target_names is not None else _numbered("y", y),
        kind,
        tuple(classes) if classes is not None else None,
    )


def _numbered(letter: str, array: NDArray[Any]) -> tuple[str, ...]:
    return tuple(f"{letter}{i + 1}" for i in range(array.shape[-1]))


def one_hot(indices: ArrayLike, classes: int) -> Floats:
    """Shape (n, classes), 1 in the column of each sample's class and 0 elsewhere; classes count
    from 0.

    Raises DataError where an index is no whole number of 0 .. classes - 1, and for more than
    MOST_BYTES.
    """
    numbers = np.asarray(indices)
    wrong = (numbers != np.floor(numbers)) | (numbers < 0) | (numbers >= classes)
    if wrong.any():
        first = int(np.argmax(wrong))
        raise DataError(
            f"class {numbers[first]} of sample {first + 1} is not one of 0 to {classes - 1}"
        )
    if 8 * len(numbers) * classes > MOST_BYTES:
        raise DataError(
            f"{classes} classes for {len(numbers):,} samples take more than {MOST_BYTES:,} bytes"
        )
    rows = np.zeros((len(numbers), classes))
    rows[np.arange(len(numbers)), numbers.astype(np.int64)] = 1.0
    return rows


def are_classes(targets: Floats) -> bool:
    """Whether targets (n, outputs) read as classes: one column of 0 and 1, or rows that are
    one-hot.
    """
    binary = bool(np.isin(targets, (0.0, 1.0)).all())
    return binary and (targets.shape[1] == 1 or bool((targets.sum(axis=1) == 1.0).all()))


def split(n: int, test_fraction: float, seed: int | None) -> tuple[Indices, Indices]:
    """Sorted indices of the training and of the test samples, the same for the same arguments.

    round(n * test_fraction) samples are drawn for the test, but at least one is left for training;
    without a seed they are the last ones.
    """
    tests = max(min(round(n * test_fraction), n - 1), 0)
    if seed is None or not tests:
        return np.arange(n - tests), np.arange(n - tests, n)
    order = np.random.default_rng(seed).permutation(n)
    return np.sort(order[tests:]), np.sort(order[:tests])
