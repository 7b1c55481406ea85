"""What a lesson does to the controls of editors, and how it is taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QWidget

from bpgui.experiment.lessons import state_of
from bpgui.experiment.models import Lesson
from bpgui.ui.editors.wording import tooltip


@runtime_checkable
class Lockable(Protocol):
    """A widget in which one can still look around while it is locked."""

    def set_locked(self, locked: bool) -> None: ...


class Locks:
    """Remembers what was hidden and locked, so that editors find their controls as they left them:
    release before they show an experiment, apply after it."""

    def __init__(self) -> None:
        self._hidden: list[QWidget] = []
        self._locked: dict[QWidget, str] = {}  # with their own tooltips
        self._styled: set[QWidget] = set()

    def apply(self, lesson: Lesson | None, controls: Iterable[tuple[str, QWidget]]) -> None:
        """Hide and lock controls, given with their names; of several names the strictest counts."""
        told = tooltip(QCoreApplication.translate("Lesson", "Locked by this lesson"))
        for name, widget in controls if lesson is not None else ():
            state = state_of(lesson, name)
            if state == "hidden" and not widget.isHidden():
                self._hidden.append(widget)
                widget.hide()
            elif state == "locked" and widget not in self._locked:
                self._locked[widget] = widget.toolTip()
                _lock(widget, True)
                widget.setToolTip(told)
        self._restyle()

    def release(self) -> None:
        for widget in self._hidden:
            widget.show()
        for widget, own in self._locked.items():
            _lock(widget, False)
            widget.setToolTip(own)
        self._hidden, self._locked = [], {}

    def _restyle(self) -> None:
        """What is locked can be read better than what makes no sense now."""
        for widget in self._styled ^ set(self._locked):
            widget.setProperty("locked", widget in self._locked)
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self._styled = set(self._locked)


def _lock(widget: QWidget, locked: bool) -> None:
    """Text can still be read to its end, and a table looked through."""
    if isinstance(widget, Lockable):
        widget.set_locked(locked)
    elif isinstance(widget, QLineEdit | QPlainTextEdit):
        widget.setReadOnly(locked)
    elif not isinstance(widget, QLabel):
        widget.setEnabled(not locked)
