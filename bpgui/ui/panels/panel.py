"""What every panel has in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from numpy.typing import NDArray
from PySide6.QtCore import QRect, SignalInstance
from PySide6.QtWidgets import QWidget

from bpgui.engine.problem import Problem
from bpgui.training.snapshot import Snapshot
from bpgui.ui.theme import Theme

Table: TypeAlias = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """What of a panel can be saved: a picture of `widget` with the parts `above` that explain it
    now, under `title`; and its `data`, columns (n,) by their names, which may be gathered in
    another thread; None where there is nothing yet. `name` is what a file is called. `menu_wanted`
    tells where on the screen (QPoint), and which menu these entries are to join, if there is one.
    `detail` stands below the title; `source` is the part of the widget that is drawn, None for all
    of it. What is not `of_run` goes by its own name, without that of the experiment."""

    name: str
    title: str
    widget: QWidget
    menu_wanted: SignalInstance
    data: Callable[[], Callable[[], Table] | None]
    above: Callable[[], tuple[QWidget, ...]] = tuple
    detail: Callable[[], str] = str
    source: Callable[[], QRect] | None = None
    of_run: bool = True


class View(QWidget):
    """The content of a dock, which needs no run."""

    def plots(self) -> tuple[Plot, ...]:
        """What can be saved of it."""
        return ()

    def set_theme(self, theme: Theme) -> None:
        """Recolour what the palette does not reach."""

    def set_digits(self, digits: int) -> None:
        """Show numbers in so many significant digits, 4 to 17; 17 are all there are."""


class Panel(View):
    """A view of a run. It holds no network of its own: the main window hands it the problem of each
    new run and, while it can be seen, the latest snapshot."""

    def set_problem(self, problem: Problem) -> None:
        """A new run begins: forget the old one and prepare for this one's shape."""
        raise NotImplementedError

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """Show this snapshot; called only while the panel is visible, and once when it becomes
        so."""
        raise NotImplementedError
