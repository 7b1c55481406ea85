"""Where the samples come from: the models of a preset's data. See models."""

from typing import Annotated, Literal, TypeAlias, cast

from pydantic import Field, StrictBool

from bpgui.datasets.categories import MOST_CATEGORIES
from bpgui.experiment.fields import (
    Count,
    Fraction,
    Matrix,
    Model,
    NotNegative,
    Positive,
    Row,
    Seed,
    Whole,
)

Split: TypeAlias = Literal["random", "last"]  # which samples are kept for testing

# What the network sees of the data: expressions over its inputs x1, x2, ...; None for just these.
Features: TypeAlias = (
    Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=1000)], ...],
        Field(min_length=1, max_length=1000),
    ]
    | None
)


class Inline(Model):
    """Samples in the file itself. Targets are rows of numbers, or a flat list of class indices
    (from 0) where the network has several outputs, or of plain values where it has one. `names`
    are those of the inputs and `classes` those of the classes, in order; they are left aside where
    there are others, or the targets are no classes."""

    source: Literal["inline"] = "inline"
    inputs: Annotated[Matrix, Field(min_length=1)]
    targets: Matrix | Row
    names: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    classes: Annotated[tuple[str, ...], Field(min_length=2, max_length=1000)] | None = None
    features: Features = None

    @property
    def target_rows(self) -> Matrix | None:
        """The targets if they are rows of numbers."""
        return self.targets if self.targets and isinstance(self.targets[0], tuple) else None

    @property
    def target_values(self) -> Row | None:
        """The targets if they are a flat list of class indices or values."""
        return None if self.target_rows is not None else cast(Row, self.targets)


class Generated(Model):
    source: Literal["generated"] = "generated"
    name: str
    samples: Annotated[int, Field(strict=True, ge=1, le=1_000_000), Whole] = 200
    noise: NotNegative = 0.0
    seed: Seed = 0
    test_fraction: Fraction = 0.0
    features: Features = None


class Missing(Model):
    """What becomes of a cell that is one of `markers` or empty: "refuse" the file, "drop" the row,
    or fill it with the "mean" or "median" of its column's training samples."""

    policy: Literal["refuse", "drop", "mean", "median"] = "refuse"
    markers: tuple[str, ...] = ("",)


class Scaling(Model):
    """Column j becomes (x - offset[j]) / scale[j]. Numbers that are left out are found on the
    training samples: mean and standard deviation, or for "range" minimum and extent."""

    method: Literal["standardize", "range"]
    offset: Row | None = None
    scale: Annotated[tuple[Positive, ...], Field(min_length=1)] | None = None


class Categories(Model):
    """What a column of text holds: an input for each of the `values`, 1 where a row has it, else
    0."""

    column: Annotated[str, Field(min_length=1)]
    values: Annotated[tuple[str, ...], Field(min_length=2, max_length=MOST_CATEGORIES)]


class Csv(Model):
    """A CSV file; `inputs` and `targets` name its columns, which without a header are x1, x2, ...

    A `delimiter` or `encoding` of None is found out. `classes` names the classes of a single target
    column in their order, `categories` those of inputs that hold text. `checksum` (SHA-256) and
    `size` in bytes tell whether the file is still the one that was chosen."""

    source: Literal["csv"] = "csv"
    path: Annotated[str, Field(min_length=1)]
    inputs: Annotated[tuple[str, ...], Field(min_length=1)]
    targets: Annotated[tuple[str, ...], Field(min_length=1)]
    delimiter: Literal[",", ";", "\t", "|", " "] | None = None
    decimal: Literal[".", ","] = "."
    encoding: Literal["utf-8", "utf-16", "latin-1", "cp1252", "gb18030"] | None = None
    header: StrictBool = True
    missing: Missing = Missing()
    classes: Annotated[tuple[str, ...], Field(min_length=2, max_length=1000)] | None = None
    categories: tuple[Categories, ...] = ()
    scaling: Scaling | None = None
    target_scaling: Scaling | None = None
    checksum: Annotated[str, Field(min_length=64, max_length=64)] | None = None
    size: Count | None = None
    test_fraction: Fraction = 0.0
    seed: Seed = 0
    features: Features = None


class Digits(Model):
    """The bundled 1,797 handwritten digits of 8x8 pixels, scaled to 0 .. 1, targets one-hot."""

    source: Literal["digits"] = "digits"
    test_fraction: Fraction = 0.2
    split: Split = "random"
    seed: Seed = 0
    features: Features = None


class Idx(Model):
    """Images and labels in IDX files (the MNIST format), plain or .gz, scaled to 0 .. 1, targets
    one-hot."""

    source: Literal["idx"] = "idx"
    images: Annotated[str, Field(min_length=1)]
    labels: Annotated[str, Field(min_length=1)]
    test_fraction: Fraction = 0.0
    split: Split = "random"
    seed: Seed = 0
    features: Features = None


Data: TypeAlias = Annotated[Inline | Generated | Csv | Digits | Idx, Field(discriminator="source")]
