"""How the file is written: what was found out, and may be changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QWidget

from bpgui.datasets.csv_format import CsvFormat
from bpgui.ui.editors.choice_box import Choice, ChoiceBox
from bpgui.ui.editors.editor import describe
from bpgui.ui.theme import SPACING

LETTERS = 11  # that each box has room for


class FormatBar(QWidget):
    """Emits a format that the user has changed."""

    changed = Signal(object)  # CsvFormat

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._format = CsvFormat()
        self.delimiter = ChoiceBox(
            [
                Choice(",", self.tr("Comma")),
                Choice(";", self.tr("Semicolon")),
                Choice("\t", self.tr("Tab")),
                Choice("|", self.tr("Bar")),
                Choice(" ", self.tr("Space")),
            ],
            self,
        )
        self.decimal = ChoiceBox(
            [Choice(".", self.tr("Point: 0.5")), Choice(",", self.tr("Comma: 0,5"))], self
        )
        self.encoding = ChoiceBox(
            [
                Choice("utf-8", "UTF-8"),
                Choice("cp1252", "Windows-1252"),
                Choice("latin-1", "Latin-1"),
                Choice("utf-16", "UTF-16"),
                Choice("gb18030", "GB 18030"),
            ],
            self,
        )
        self.header = QCheckBox(self.tr("First line names the &columns"), self)
        help = self.tr("Off: the columns are called x1, x2 and so on, and the first line is data.")
        describe(self.header, self.tr("First line names the columns"), help)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        for name, label, box, help in (
            (
                "delimiter",
                self.tr("&Delimiter"),
                self.delimiter,
                self.tr("The sign between two columns."),
            ),
            (
                "decimal",
                self.tr("Decim&als"),
                self.decimal,
                self.tr("The sign before the decimal places of a number."),
            ),
            (
                "encoding",
                self.tr("Enc&oding"),
                self.encoding,
                self.tr("How letters are kept as bytes. Try another where names look garbled."),
            ),
        ):
            caption = QLabel(label, self)
            caption.setBuddy(box)
            describe(box, label.replace("&", ""), help)
            caption.setToolTip(box.toolTip())
            box.setMinimumContentsLength(LETTERS)
            row.addWidget(caption)
            row.addWidget(box)
            row.addSpacing(SPACING)
            box.chosen.connect(lambda value, name=name: self._change(name, value))
        row.addWidget(self.header)
        row.addStretch(1)
        self.header.clicked.connect(lambda on: self._change("header", on))

    def show_format(self, format: CsvFormat) -> None:
        self._format = format
        self.delimiter.set_value(format.delimiter or ",")
        self.decimal.set_value(format.decimal)
        self.encoding.set_value(format.encoding or "utf-8")
        self.header.setChecked(format.header)

    def _change(self, name: str, value: Any) -> None:
        format = replace(self._format, **{name: value})
        if format.delimiter == format.decimal:  # one of the two gives way
            other: dict[str, Any] = {"delimiter": ";"} if name == "decimal" else {"decimal": "."}
            format = replace(format, **other)
        if format != self._format:
            self.show_format(format)
            self.changed.emit(format)
