"""Texts and measures that several editors share."""

from __future__ import annotations

import re
from html import escape

from PySide6.QtCore import QCoreApplication

from bpgui.views.numbers import NumberError, NumberFault

CONTROL_HEIGHT = 26
SMALLEST_WIDTH = 48

_NAME = re.compile(r"[^\W\d]+[\d\[(._]+\w")  # h1[2], max_epochs, w(2)[1,3]


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Marks `text` for pyside6-lupdate, which looks for this name; PySide's own has no types."""
    return text


NUMBER_FAULTS: dict[NumberFault, str] = {
    "empty": QT_TRANSLATE_NOOP("Numbers", "A number is missing here."),
    "not_a_number": QT_TRANSLATE_NOOP(
        "Numbers", "“{text}” is not a number. Write it like 0.15, 3/20 or 1e-3."
    ),
    "not_finite": QT_TRANSLATE_NOOP("Numbers", "“{text}” is too large to be stored."),
    "zero_divisor": QT_TRANSLATE_NOOP("Numbers", "“{text}” divides by zero."),
    "not_whole": QT_TRANSLATE_NOOP("Numbers", "“{text}” is not a whole number."),
}


def fault_text(error: NumberError) -> str:
    template = QCoreApplication.translate("Numbers", NUMBER_FAULTS[error.fault])
    return template.format(text=error.text)


def sentence(text: str) -> str:
    """`text` with a capital letter, unless it begins with a name such as h1[2] or max_epochs."""
    return text if _NAME.match(text) else text[:1].upper() + text[1:]


def tooltip(text: str) -> str:
    """`text` as rich text: Qt breaks the lines of such tooltips only."""
    return f"<p>{escape(text)}</p>" if text else ""
