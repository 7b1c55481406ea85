"""The parts of the Explain panel that show something: steps, numbers, formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLabel,
    QListWidget,
    QScrollArea,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from bpgui.ui.formula import FormulaView
from bpgui.ui.panels.explain_model import ExplainModel, short_name
from bpgui.ui.panels.explain_words import note_text
from bpgui.ui.panels.parameter_cells import NumberDelegate, TextDelegate
from bpgui.ui.panels.plot import small_font
from bpgui.ui.theme import SPACING, Theme
from bpgui.views.formulas import Explanation
from bpgui.views.maths import Style
from bpgui.views.rendering import as_text, rows

NUMERIC = ("value", "change")


def step_list(parent: QWidget) -> QListWidget:
    """An empty list for the steps of a pass."""
    steps = QListWidget(parent)
    steps.setFrameShape(QFrame.Shape.NoFrame)
    steps.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    steps.setUniformItemSizes(True)
    steps.setFont(small_font())
    return steps


class NumberTable(QTableView):
    """The numbers of a step, one of which is current."""

    def __init__(self, model: ExplainModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.texts, self.numbers = TextDelegate(self), NumberDelegate(self)
        self.setModel(model)
        self.setFont(small_font())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        heads = self.verticalHeader()
        heads.hide()
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        heads.setDefaultSectionSize(int(QFontMetricsF(self.font()).height()) + 6)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)

    def set_theme(self, theme: Theme) -> None:
        self.numbers.set_theme(theme)
        self.viewport().update()

    def fit(self) -> None:
        """Names as wide as the first, the middle and the last one; numbers in full."""
        metrics = QFontMetricsF(self.font())
        last = max(self._model.rowCount() - 1, 0)
        for place, column in enumerate(self._model.columns):
            self.setItemDelegateForColumn(place, self.numbers if column in NUMERIC else self.texts)
            if column in NUMERIC:
                self.setColumnWidth(place, self.numbers.width(metrics))
                continue
            texts = [self._model.index(row, place).data() or "" for row in (0, last // 2, last)]
            heading = self.horizontalHeader().sectionSizeHint(place)
            widest = max(map(metrics.horizontalAdvance, texts)) + 2 * SPACING
            self.setColumnWidth(place, int(max(widest, heading)))


class FormulaPage(QScrollArea):
    """The formulas of a number, and below them what it is made of, each a link."""

    link_followed = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.formulas = FormulaView(self)
        self.links = QLabel(self)
        self.links.setFont(small_font())
        self.links.setWordWrap(True)
        self.links.setTextFormat(Qt.TextFormat.RichText)
        self.links.setContentsMargins(SPACING, 0, SPACING, SPACING)
        self.links.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.links.linkActivated.connect(lambda place: self.link_followed.emit(int(place)))
        page = QWidget(self)
        page.setObjectName("page")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.formulas)
        layout.addWidget(self.links)
        layout.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(page)

    def set_theme(self, theme: Theme) -> None:
        self.formulas.set_theme(theme)
        self.widget().setStyleSheet(f"QWidget#page {{ background: {theme.base}; }}")

    def clear(self) -> None:
        self.formulas.show_rows(())
        self.links.clear()

    def show_explanation(
        self, explanation: Explanation, style: Style, names: Sequence[range | tuple[int, str]]
    ) -> None:
        """`names` are the numbers that it is made of, by place, and ranges for those left out."""
        more = style.more if style.more.isascii() else "{count}"
        drawn = replace(style, latex=True, more=more)
        self.formulas.show_rows(rows(explanation, drawn, note_text))
        self.formulas.setAccessibleName(as_text(explanation, style, note_text))
        parts = [
            self.tr("… {count} more …").format(count=f"{len(entry):,}")
            if isinstance(entry, range)
            else f'<a href="{entry[0]}">{escape(short_name(entry[1]))}</a>'
            for entry in names
        ]
        self.links.setText(self.tr("Made of:") + " " + " &nbsp; ".join(parts) if parts else "")
