"""The quiet controls that panels share."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtWidgets import QComboBox, QWidget


def choice(parent: QWidget, texts: Iterable[str], name: str, tip: str) -> QComboBox:
    """A drop-down list that says by its entries what it is about."""
    box = QComboBox(parent)
    box.addItems(list(texts))
    box.setAccessibleName(name)
    box.setToolTip(f"<b>{name}</b><br>{tip}")
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return box


def tip(text: str) -> str:
    """`text` as rich text: Qt breaks the lines of such tooltips only."""
    return f"<p>{escape(text)}</p>"
