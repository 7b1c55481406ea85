"""The keys of panels, for the list of shortcuts. A test finds every key that panels and editors
handle in here, and no other."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from bpgui.ui.translation import QT_TRANSLATE_NOOP

NATIVE = QKeySequence.SequenceFormat.NativeText
ALIASES: dict[str, tuple[str, ...]] = {
    "Arrows": ("Left", "Right", "Up", "Down"),
    "Enters": ("Return", "Enter"),
    "Digits": tuple("123456789"),
}
SHOWN = {
    "Arrows": QT_TRANSLATE_NOOP("PanelKeys", "Arrow keys"),
    "Enters": QT_TRANSLATE_NOOP("PanelKeys", "Enter"),
    "Digits": QT_TRANSLATE_NOOP("PanelKeys", "1 … 9"),
}


class PanelKey(NamedTuple):
    """`keys` are parted by blanks, each as QKeySequence reads it or with an alias for several."""

    keys: str
    text: str


class PanelKeys(NamedTuple):
    """`panel` is the name of a dock, empty for what all panels with plots have in common."""

    panel: str
    keys: tuple[PanelKey, ...]


PANEL_KEYS = (
    PanelKeys(
        "experiment",
        (
            PanelKey("Esc", QT_TRANSLATE_NOOP("PanelKeys", "Take back what is typed in a field")),
            PanelKey("Ctrl+Enters", QT_TRANSLATE_NOOP("PanelKeys", "Leave the description")),
            PanelKey(
                "Ctrl+C Ctrl+V", QT_TRANSLATE_NOOP("PanelKeys", "Copy or paste numbers of a table")
            ),
            PanelKey(
                "Ins Del", QT_TRANSLATE_NOOP("PanelKeys", "Add or remove samples in their table")
            ),
        ),
    ),
    PanelKeys(
        "network",
        (
            PanelKey("Arrows", QT_TRANSLATE_NOOP("PanelKeys", "Choose a unit or a weight")),
            PanelKey("Enters F2", QT_TRANSLATE_NOOP("PanelKeys", "Edit the chosen value")),
            PanelKey("F", QT_TRANSLATE_NOOP("PanelKeys", "Freeze or thaw it")),
            PanelKey("Esc", QT_TRANSLATE_NOOP("PanelKeys", "Choose nothing, or leave the value")),
            PanelKey("Ctrl+C", QT_TRANSLATE_NOOP("PanelKeys", "Copy the numbers below")),
        ),
    ),
    PanelKeys(
        "output",
        (
            PanelKey(
                "Arrows",
                QT_TRANSLATE_NOOP("PanelKeys", "Choose the sample, or the cell, that lies there"),
            ),
            PanelKey("N P", QT_TRANSLATE_NOOP("PanelKeys", "Next or previous sample")),
            PanelKey("Enters", QT_TRANSLATE_NOOP("PanelKeys", "Choose a sample of the cell")),
        ),
    ),
    PanelKeys(
        "output_edit",
        (
            PanelKey("Ins", QT_TRANSLATE_NOOP("PanelKeys", "Add a sample at the pointer")),
            PanelKey("Del Backspace", QT_TRANSLATE_NOOP("PanelKeys", "Remove the chosen sample")),
            PanelKey("Shift+Arrows", QT_TRANSLATE_NOOP("PanelKeys", "Move it in large steps")),
            PanelKey("Alt+Arrows", QT_TRANSLATE_NOOP("PanelKeys", "Move it in small steps")),
            PanelKey("Digits", QT_TRANSLATE_NOOP("PanelKeys", "Class of new samples")),
            PanelKey("Enters", QT_TRANSLATE_NOOP("PanelKeys", "Give it to the chosen sample")),
            PanelKey("Esc", QT_TRANSLATE_NOOP("PanelKeys", "Let go of what is dragged")),
        ),
    ),
    PanelKeys(
        "digits",
        (
            PanelKey("Left Right", QT_TRANSLATE_NOOP("PanelKeys", "Previous or next sample")),
            PanelKey("PgUp PgDown", QT_TRANSLATE_NOOP("PanelKeys", "Ten samples back or on")),
            PanelKey(
                "P N", QT_TRANSLATE_NOOP("PanelKeys", "Previous or next misclassified sample")
            ),
            PanelKey("Up Down", QT_TRANSLATE_NOOP("PanelKeys", "Choose an output")),
            PanelKey("Arrows", QT_TRANSLATE_NOOP("PanelKeys", "Choose a unit among the weights")),
        ),
    ),
    PanelKeys(
        "digits_draw",
        (
            PanelKey("Arrows", QT_TRANSLATE_NOOP("PanelKeys", "Move the brush")),
            PanelKey("Space", QT_TRANSLATE_NOOP("PanelKeys", "Lower or lift it")),
            PanelKey("+ -", QT_TRANSLATE_NOOP("PanelKeys", "Wider or narrower")),
            PanelKey("Backspace Del", QT_TRANSLATE_NOOP("PanelKeys", "Clear the pad")),
        ),
    ),
    PanelKeys(
        "parameters",
        (
            PanelKey("F2", QT_TRANSLATE_NOOP("PanelKeys", "Edit the value")),
            PanelKey("Enters Tab", QT_TRANSLATE_NOOP("PanelKeys", "Take what is typed")),
            PanelKey("Esc", QT_TRANSLATE_NOOP("PanelKeys", "Take it back")),
            PanelKey("Ctrl+C", QT_TRANSLATE_NOOP("PanelKeys", "Copy the selected rows")),
        ),
    ),
    PanelKeys(
        "explain",
        (
            PanelKey("Left Right", QT_TRANSLATE_NOOP("PanelKeys", "Previous or next step")),
            PanelKey("PgUp PgDown", QT_TRANSLATE_NOOP("PanelKeys", "Previous or next step")),
            PanelKey("Home End", QT_TRANSLATE_NOOP("PanelKeys", "First or last step")),
            PanelKey("Up Down", QT_TRANSLATE_NOOP("PanelKeys", "Choose a number of the step")),
            PanelKey(
                "Ctrl+Left Ctrl+Right", QT_TRANSLATE_NOOP("PanelKeys", "Previous or next sample")
            ),
            PanelKey("Ctrl+C", QT_TRANSLATE_NOOP("PanelKeys", "Copy the formulas, in the table")),
        ),
    ),
    PanelKeys(
        "loss",
        (
            PanelKey("Left Right", QT_TRANSLATE_NOOP("PanelKeys", "Read the curve point by point")),
            PanelKey("Esc", QT_TRANSLATE_NOOP("PanelKeys", "Back to the newest numbers")),
        ),
    ),
    PanelKeys(
        "gradients",
        (
            PanelKey("Up Down", QT_TRANSLATE_NOOP("PanelKeys", "Choose a row or a curve")),
            PanelKey("Esc", QT_TRANSLATE_NOOP("PanelKeys", "Choose nothing")),
        ),
    ),
    PanelKeys(
        "graph",
        (
            PanelKey("Left Right", QT_TRANSLATE_NOOP("PanelKeys", "One step back or on")),
            PanelKey("Home End", QT_TRANSLATE_NOOP("PanelKeys", "First or last step")),
            PanelKey("Up Down", QT_TRANSLATE_NOOP("PanelKeys", "Choose the node before or after")),
            PanelKey("+ = -", QT_TRANSLATE_NOOP("PanelKeys", "Zoom in or out")),
            PanelKey("0", QT_TRANSLATE_NOOP("PanelKeys", "Show the whole graph")),
            PanelKey("Ctrl+C", QT_TRANSLATE_NOOP("PanelKeys", "Copy the numbers of the node")),
            PanelKey("Esc", QT_TRANSLATE_NOOP("PanelKeys", "Take back what is typed in a value")),
        ),
    ),
    PanelKeys(
        "plots",
        (
            PanelKey("Home", QT_TRANSLATE_NOOP("PanelKeys", "Show all again after zooming")),
            PanelKey("Ctrl+C", QT_TRANSLATE_NOOP("PanelKeys", "Copy the numbers that are shown")),
        ),
    ),
)
TITLES = {
    "output_edit": QT_TRANSLATE_NOOP("PanelKeys", "Output, while samples are edited"),
    "digits_draw": QT_TRANSLATE_NOOP("PanelKeys", "Digits, on the drawing pad"),
    "plots": QT_TRANSLATE_NOOP("PanelKeys", "Plots of every panel"),
}
"""Groups that are no docks."""


def sequences(keys: str) -> list[QKeySequence]:
    """All that is meant, aliases written out."""
    return [QKeySequence(name) for one in keys.split() for name in _written_out(one)]


def native(keys: str) -> str:
    """As the platform writes them."""
    return ", ".join(map(_native, keys.split()))


def _written_out(one: str) -> list[str]:
    alias = _alias(one)
    return [one.replace(alias, name) for name in ALIASES[alias]] if alias else [one]


def _native(one: str) -> str:
    alias = _alias(one)
    if not alias:
        return QKeySequence(one).toString(NATIVE)
    first = ALIASES[alias][0]
    held = QKeySequence(one.replace(alias, first)).toString(NATIVE)
    modifier = held.removesuffix(QKeySequence(first).toString(NATIVE))
    return modifier + QCoreApplication.translate("PanelKeys", SHOWN[alias])


def _alias(one: str) -> str:
    return next((alias for alias in ALIASES if one.endswith(alias)), "")
