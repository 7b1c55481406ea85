"""The parts of the Explain panel that show something: steps, numbers, formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLabel,
    QListWidget,
    QScrollArea,
    QSplitter,
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
from bpgui.views.rendering import as_text, rows
from bpgui.views.writing import Style

NUMERIC = ("value", "change")
LEAST_NUMBER = 120
LEAST_LIST, LEAST_TABLE, LEAST_PAGE = 72, 128, 112  # pixels across
READABLE_PAGE = 224  # in which formulas of numbers with all digits need not be small


def step_list(parent: QWidget) -> QListWidget:
    """An empty list for the steps of a pass."""
    steps = QListWidget(parent)
    steps.setFrameShape(QFrame.Shape.NoFrame)
    steps.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    steps.setUniformItemSizes(True)
    steps.setFont(small_font())
    steps.setStyleSheet("QListWidget::item { padding: 2px 4px; }")
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
        heads = self.verticalHeader()
        heads.hide()
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        heads.setDefaultSectionSize(int(QFontMetricsF(self.font()).height()) + 6)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)

    def set_theme(self, theme: Theme) -> None:
        self.numbers.set_theme(theme)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Names as wide as the first, the middle and the last one; numbers share the rest. Where
        that is little, the headings of names give way, then the units: names tell them, too."""
        metrics = QFontMetricsF(self.font())
        columns = self._model.columns
        last = max(self._model.rowCount() - 1, 0)
        widths: dict[int, int] = {}
        bare: dict[int, int] = {}
        for place, column in enumerate(columns):
            numeric = column in NUMERIC
            self.setItemDelegateForColumn(place, self.numbers if numeric else self.texts)
            if not numeric:
                texts = [self._model.index(row, place).data() or "" for row in (0, last // 2, last)]
                heading = self.horizontalHeader().sectionSizeHint(place)
                widest = max(map(metrics.horizontalAdvance, texts)) + 2 * SPACING
                bare[place], widths[place] = int(widest), int(max(widest, heading))
        numbers = len(columns) - len(widths)
        room = self.viewport().width() - sum(widths.values())
        if room < LEAST_NUMBER * 2 // 3 * numbers:
            room, widths = room + sum(widths.values()) - sum(bare.values()), bare
        if "unit" in columns:
            unit = columns.index("unit")
            crowded = room < LEAST_NUMBER
            self.setColumnHidden(unit, crowded)
            room += widths[unit] if crowded else 0
        else:
            for place in range(len(columns)):
                self.setColumnHidden(place, False)
        for place in range(len(columns)):
            share = max(room // numbers, LEAST_NUMBER // 3)
            self.setColumnWidth(place, widths.get(place, share))

    def show_row(self, row: int) -> None:
        """Make a row of a model that may just have changed the current one, and let it be seen."""
        self.executeDelayedItemsLayout()
        index = self._model.index(row, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)


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
        self._page = page

    def set_theme(self, theme: Theme) -> None:
        self.formulas.set_theme(theme)
        self._page.setStyleSheet(f"QWidget#page {{ background: {theme.base}; }}")

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


class Parts(QSplitter):
    """Steps, the numbers of one, and the formulas of a number beside each other."""

    def __init__(self, model: ExplainModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setChildrenCollapsible(False)
        self.list, self.table = step_list(self), NumberTable(model, self)
        self.page = FormulaPage(self)
        self.list.setAccessibleName(self.tr("Steps of the pass"))
        self.table.setAccessibleName(self.tr("Numbers of the step"))
        for widget, stretch, least in (
            (self.list, 0, LEAST_LIST),
            (self.table, 2, LEAST_TABLE),
            (self.page, 3, LEAST_PAGE),
        ):
            widget.setMinimumWidth(least)
            self.addWidget(widget)
            self.setStretchFactor(self.indexOf(widget), stretch)
        self.setSizes([120, 320, 480])

    def fit_list(self) -> None:
        """The steps as wide as the longest of them, and no wider."""
        width = self.list.sizeHintForColumn(0) + self.list.verticalScrollBar().sizeHint().width()
        self.list.setFixedWidth(width + SPACING)

    def fit(self, width: int) -> None:
        """In so many pixels; the steps give way where numbers and formulas need all of them."""
        beside = LEAST_TABLE + READABLE_PAGE + 2 * self.handleWidth()
        self.list.setVisible(self.list.minimumWidth() + beside <= width)
