"""How a CSV file is read, in a few words, and the way to look at it again."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from bpgui.experiment.sources import Csv
from bpgui.ui.editors.wording import CONTROL_HEIGHT, tooltip
from bpgui.ui.theme import SPACING
from bpgui.ui.translation import QT_TRANSLATE_NOOP

GAPS = {
    "drop": QT_TRANSLATE_NOOP("Csv", "rows with gaps left out"),
    "mean": QT_TRANSLATE_NOOP("Csv", "gaps filled with the mean"),
    "median": QT_TRANSLATE_NOOP("Csv", "gaps filled with the median"),
}
SCALINGS = {
    "standardize": QT_TRANSLATE_NOOP("Csv", "inputs standardized"),
    "range": QT_TRANSLATE_NOOP("Csv", "inputs scaled to 0 to 1"),
}
TARGET_SCALINGS = {
    "standardize": QT_TRANSLATE_NOOP("Csv", "targets standardized"),
    "range": QT_TRANSLATE_NOOP("Csv", "targets scaled to 0 to 1"),
}


class CsvReading(QWidget):
    """Emits the wish to look at the file, or at a first one."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QLabel(self)
        self.text.setProperty("role", "muted")
        self.text.setWordWrap(True)
        self.button = QPushButton(self)
        self.button.setMinimumHeight(CONTROL_HEIGHT)
        help = self.tr("Shows what the file holds, and lets you choose how it is read.")
        self.button.setToolTip(tooltip(help))
        self.button.clicked.connect(self.wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addWidget(self.text)
        column.addWidget(self.button)
        self.show_data(None)

    def show_data(self, data: Csv | None) -> None:
        """None where there is no file yet."""
        text = reading_text(data) if data is not None else ""
        self.text.setText(text)
        self.text.setVisible(bool(text))
        looked = (
            self.tr("Look at the file again…") if data else self.tr("Choose and look at a file…")
        )
        self.button.setText(looked)


def reading_text(data: Csv) -> str:
    """What is done with the cells; empty where they are taken as they are."""
    translate = QCoreApplication.translate
    parts = []
    if data.classes is not None:
        names = ", ".join(data.classes[:6]) + (", …" if len(data.classes) > 6 else "")
        parts.append(translate("Csv", "classes {names}").format(names=names))
    if data.categories:
        columns = ", ".join(each.column for each in data.categories[:6])
        columns += ", …" if len(data.categories) > 6 else ""
        parts.append(
            translate("Csv", "texts as inputs of 0 and 1: {columns}").format(columns=columns)
        )
    if data.missing.policy in GAPS:
        parts.append(translate("Csv", GAPS[data.missing.policy]))
    if data.scaling is not None:
        parts.append(translate("Csv", SCALINGS[data.scaling.method]))
    if data.target_scaling is not None:
        parts.append(translate("Csv", TARGET_SCALINGS[data.target_scaling.method]))
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]
