"""The quiet controls that panels share."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QToolButton, QWidget


def choice(parent: QWidget, texts: Iterable[str], name: str, tip: str) -> QComboBox:
    """A drop-down list that says by its entries what it is about."""
    box = QComboBox(parent)
    box.addItems(list(texts))
    box.setAccessibleName(name)
    box.setToolTip(f"<b>{name}</b><br>{tip}")
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return box


def show_all_button(parent: QWidget) -> QToolButton:
    """Undoes a zoom; there is nothing to undo until the user has zoomed."""
    button = QToolButton(parent)
    button.setText(QCoreApplication.translate("Plot", "Show all"))
    button.setToolTip(
        QCoreApplication.translate(
            "Plot",
            "<b>Show all</b> (Home, or a double click)<br>Turn the wheel to zoom, drag to move. "
            "The plot stays as you left it until you ask for all.",
        )
    )
    button.setEnabled(False)
    return button
