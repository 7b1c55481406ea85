"""The columns of the parameter table, and which of them are shown."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QPoint, Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QMenu, QTableView

from bpgui.ui.theme import SPACING
from bpgui.ui.translation import QT_TRANSLATE_NOOP
from bpgui.views.names import Column

NUMBERS: tuple[Column, ...] = ("value", "gradient", "update")
LIVE: tuple[Column, ...] = (*NUMBERS, "frozen")
FACTORS: tuple[Column, ...] = ("activation", "delta")
CHECKED: tuple[Column, ...] = ("verdict", "relative_error", "analytic", "numeric")
LEDGER: tuple[Column, ...] = (*CHECKED, *FACTORS)
FULL_NUMBERS: tuple[Column, ...] = (*NUMBERS, *FACTORS, "analytic", "numeric")
COLUMNS: tuple[Column, ...] = (
    "name",
    "source",
    "target",
    "frozen",
    "value",
    "gradient",
    "update",
    *LEDGER,
)
TRAINING_VIEW: tuple[Column, ...] = COLUMNS[:7]
LEDGER_VIEW: tuple[Column, ...] = ("name", *LEDGER)

HEADERS: dict[Column, tuple[str, str]] = {
    "name": (
        QT_TRANSLATE_NOOP("ParameterModel", "Name"),
        QT_TRANSLATE_NOOP(
            "ParameterModel", "w(layer)[to, from] is a weight, b(layer)[unit] a bias."
        ),
    ),
    "source": (
        QT_TRANSLATE_NOOP("ParameterModel", "From"),
        QT_TRANSLATE_NOOP("ParameterModel", "The unit whose activation the weight multiplies."),
    ),
    "target": (
        QT_TRANSLATE_NOOP("ParameterModel", "To"),
        QT_TRANSLATE_NOOP("ParameterModel", "The unit to whose pre-activation it adds."),
    ),
    "value": (
        QT_TRANSLATE_NOOP("ParameterModel", "Value"),
        QT_TRANSLATE_NOOP(
            "ParameterModel", "In full digits. While the run is paused, double-click to change it."
        ),
    ),
    "gradient": (
        QT_TRANSLATE_NOOP("ParameterModel", "Gradient"),
        QT_TRANSLATE_NOOP(
            "ParameterModel", "dL/dw of the last iteration's batch, before its update."
        ),
    ),
    "update": (
        QT_TRANSLATE_NOOP("ParameterModel", "Last update"),
        QT_TRANSLATE_NOOP("ParameterModel", "What the last iteration added to the value."),
    ),
    "frozen": (
        QT_TRANSLATE_NOOP("ParameterModel", "Frozen"),
        QT_TRANSLATE_NOOP("ParameterModel", "A frozen parameter keeps its value in training."),
    ),
    "activation": (
        QT_TRANSLATE_NOOP("ParameterModel", "Input activation"),
        QT_TRANSLATE_NOOP(
            "ParameterModel",
            "What the weight multiplies, for one sample; 1 for a bias. Times delta it is the "
            "sample's share of the gradient.",
        ),
    ),
    "delta": (
        QT_TRANSLATE_NOOP("ParameterModel", "Delta"),
        QT_TRANSLATE_NOOP(
            "ParameterModel",
            "The error signal dL/dz of the receiving unit, for one sample, by the right backward "
            "pass.",
        ),
    ),
    "analytic": (
        QT_TRANSLATE_NOOP("ParameterModel", "Backprop"),
        QT_TRANSLATE_NOOP(
            "ParameterModel",
            "The gradient that training uses at the checked state, over all training samples.",
        ),
    ),
    "numeric": (
        QT_TRANSLATE_NOOP("ParameterModel", "Difference"),
        QT_TRANSLATE_NOOP(
            "ParameterModel",
            "(L(w + h) − L(w − h)) / 2h: how the loss really changes with this parameter.",
        ),
    ),
    "relative_error": (
        QT_TRANSLATE_NOOP("ParameterModel", "Rel. error"),
        QT_TRANSLATE_NOOP(
            "ParameterModel",
            "How far the two are apart, as a share of the larger. Up to 1e-6 is good, up to 1e-3 "
            "doubtful.",
        ),
    ),
    "verdict": (
        QT_TRANSLATE_NOOP("ParameterModel", "Verdict"),
        QT_TRANSLATE_NOOP(
            "ParameterModel",
            "A kink is neither right nor wrong: there the loss has a corner and no derivative that "
            "a difference could find.",
        ),
    ),
}
LEAST_WIDTH = 88  # of a number whose last digits give way


def heading(column: Column) -> str:
    return QCoreApplication.translate("ParameterModel", HEADERS[column][0])


class Columns(QObject):
    """Which columns a table shows, in the training view and in the ledger. The header's menu shows
    and hides columns of the view that is on; the names always stay."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self._views = {False: set(TRAINING_VIEW), True: set(LEDGER_VIEW)}
        self._full: dict[Column, int] = {}
        self.ledger = False
        header = table.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._open_menu)
        self._apply()

    @property
    def shown(self) -> list[Column]:
        """In the order in which they stand."""
        return [column for column in COLUMNS if column in self._views[self.ledger]]

    def show_ledger(self, on: bool) -> None:
        self.ledger = on
        self._apply()

    def set_shown(self, column: Column, on: bool) -> None:
        view = self._views[self.ledger]
        if on or column == "name":
            view.add(column)
        else:
            view.discard(column)
        self._apply()

    def set_full_widths(self, widths: dict[Column, int]) -> None:
        """What each column needs to show all that is in it."""
        self._full = widths
        self.fit()

    def fit(self) -> None:
        """In the ledger numbers share the room there is; in the training view only the last update
        gives way, which matters least."""
        if not self._full:
            return
        shown = self.shown
        sharing = [column for column in shown if column in FULL_NUMBERS]
        if not self.ledger:
            sharing = [column for column in shown if column == "update"]
        room = self._table.viewport().width()
        room -= sum(self._full[column] for column in shown if column not in sharing)
        widths = dict(self._full)
        # Those that need more than their share come first, so that the others can make up for it.
        for left, column in zip(
            range(len(sharing), 0, -1), sorted(sharing, key=self.least, reverse=True), strict=True
        ):
            share = room // left
            fair = share if column == "update" else min(share, self._full[column])
            widths[column] = max(self.least(column), fair)
            room -= widths[column]
        for column in shown:
            self._table.setColumnWidth(COLUMNS.index(column), widths[column])

    def least(self, column: Column) -> int:
        """The width of the heading, with room for the arrow of sorting; numbers need some more."""
        font = QFont(self._table.horizontalHeader().font())
        font.setBold(True)
        width = int(QFontMetricsF(font).horizontalAdvance(heading(column))) + 3 * SPACING
        return max(width, LEAST_WIDTH) if column in FULL_NUMBERS else width

    def menu(self) -> QMenu:
        """An entry for each column."""
        menu = QMenu(self._table)
        for column in COLUMNS[1:]:
            if column == LEDGER[0]:
                menu.addSeparator()
            action = menu.addAction(heading(column))
            action.setCheckable(True)
            action.setChecked(column in self.shown)
            action.toggled.connect(lambda on, column=column: self.set_shown(column, on))
        return menu

    def _apply(self) -> None:
        shown = self.shown
        for place, column in enumerate(COLUMNS):
            self._table.setColumnHidden(place, column not in shown)
        self.fit()

    def _open_menu(self, place: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._table.horizontalHeader().mapToGlobal(place))
