"""Which sample a panel shows where it can show test samples, too."""

from __future__ import annotations

from bpgui.ui.panels.output_drawing import Sample
from bpgui.ui.selection import Selection
from bpgui.views.output_space import Part


class PickedSample:
    """A test sample that is picked in this panel, else the training sample of all panels: the
    selection knows of no test samples."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._test: int | None = None

    @property
    def sample(self) -> Sample:
        return self.part, self._selection.sample if self._test is None else self._test

    @property
    def part(self) -> Part:
        return "train" if self._test is None else "test"

    def pick(self, part: str, index: int) -> None:
        """A training sample is picked in all panels."""
        self._test = index if part == "test" else None
        if part == "train":
            self._selection.select_sample(index)

    def return_to_training(self) -> None:
        """Forget the test sample."""
        self._test = None
