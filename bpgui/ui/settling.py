"""When a window that nobody touches has come to rest: all it waits for has come and been drawn."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from bpgui.ui.loading import Loader
from bpgui.ui.panels.output_answers import Answers
from bpgui.ui.turns import Turns

PATIENCE = 30.0  # seconds
LOOKS = 10  # ms

# What works beside the event loop, and whether it has something to deliver.
PENDING: dict[type[QObject], Callable[[Any], bool]] = {
    Turns: lambda turns: bool(turns.waiting),
    Answers: lambda answers: answers.waiting,
    Loader: lambda loader: loader.busy,
}


def pending(window: QWidget) -> bool:
    """Whether a panel waits for its turn, or anything for what is computed in the background."""
    return any(waits(each) for kind, waits in PENDING.items() for each in window.findChildren(kind))


def picture_at_rest(window: QWidget, patience: float = PATIENCE) -> tuple[QImage, bool]:
    """The window's picture as soon as nothing is pending and the layout has come to rest, so that
    two pictures in a row are the same; and whether it was before `patience` seconds were over."""
    end = time.monotonic() + patience
    before, now = QImage(), _next_picture(window, end)
    while now != before and time.monotonic() < end:
        before, now = now, _next_picture(window, end)
    return now, now == before


def _next_picture(window: QWidget, end: float) -> QImage:
    loop, looks = QEventLoop(), QTimer(interval=LOOKS)

    def look() -> None:
        if not pending(window) or time.monotonic() >= end:
            loop.quit()

    looks.timeout.connect(look)
    looks.start()
    loop.exec()
    return window.grab().toImage()
