"""The one error of data: what is wrong, where, and what would be right."""

from __future__ import annotations


class DataError(ValueError):
    """`place` is a file, or a spot in one ("a.csv, line 3"); `missing` is True for a file that is
    gone, `changed` for one that is another than it was when it was chosen.
    """

    def __init__(
        self, message: str, place: str = "", missing: bool = False, changed: bool = False
    ) -> None:
        super().__init__(message, place, missing, changed)
        self.message = message
        self.place = place
        self.missing = missing
        self.changed = changed

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message
