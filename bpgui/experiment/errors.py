"""Errors of experiments: each says where it is and what would be right, and all come at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Problem(NamedTuple):
    """`place` is where in the preset, such as "network.layers[1].units"; "" stands for the file as
    a whole."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class PresetError(ValueError):
    """One or more problems; as text, one line for each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    @classmethod
    def at(cls, place: str, message: str) -> PresetError:
        return cls((Problem(place, message),))

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class MissingData(PresetError):  # noqa: N818 - it tells of a state that can be mended
    """A data file that the experiment names is gone."""


class ChangedData(PresetError):  # noqa: N818 - it tells of a state that can be mended
    """A data file is another than it was when it was chosen."""
