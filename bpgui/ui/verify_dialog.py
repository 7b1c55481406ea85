"""The digits of published worked examples beside ours, computed while one looks on."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QFontMetrics, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QProgressBar,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bpgui.published import EXAMPLES, Comparison, verified
from bpgui.ui.loading import Loader
from bpgui.ui.panels.ledger_cells import VerdictDelegate
from bpgui.ui.panels.parameter_model import VERDICT_ROLE
from bpgui.ui.theme import SPACING, Theme, tabular_font
from bpgui.views.numbers import format_number

NAME, PRINTED, OURS, DIFFERENCE, MARK = range(5)


class VerifyDialog(QDialog):
    """One example after the other is computed by the executor; the window goes on meanwhile."""

    def __init__(self, executor: Executor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        self._results: list[tuple[Comparison, ...]] = []
        self._rows: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        self.setObjectName("verify")
        self.setWindowTitle(self.tr("Published digits"))
        self.resize(860, 640)
        text = QLabel(
            self.tr(
                "Worked examples from teaching texts, recomputed now on this computer. A number "
                "agrees if it differs by no more than half a unit of its last printed digit, or by "
                "what rounding adds up to."
            ),
            self,
        )
        text.setWordWrap(True)
        text.setProperty("role", "muted")
        self.tree = self._make_tree(theme)
        self.summary = QLabel(self)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, len(EXAMPLES))
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(SPACING)
        self.progress.setAccessibleName(self.tr("Progress"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.copy_button = buttons.addButton(
            self.tr("Copy all"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.copy_button.setAutoDefault(False)
        self.copy_button.clicked.connect(self.copy_all)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        column.setSpacing(SPACING)
        for widget in (text, self.tree, self.progress, self.summary, buttons):
            column.addWidget(widget)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.tree)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy_selected)
        self._loader = Loader(self)
        self._loader.loaded.connect(self._take)
        self._loader.failed.connect(self._fail)
        self.finished.connect(self._stop)
        self._tell()
        self._next()

    def _make_tree(self, theme: Theme) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setAccessibleName(self.windowTitle())
        tree.setHeaderLabels(
            [
                self.tr("Number"),
                self.tr("Printed"),
                self.tr("bpgui"),
                self.tr("Difference"),
                self.tr("Mark"),
            ]
        )
        tree.setFont(tabular_font())
        tree.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        tree.setUniformRowHeights(True)
        tree.setAlternatingRowColors(True)
        self._marks = VerdictDelegate(self)
        self._marks.set_theme(theme)
        tree.setItemDelegateForColumn(MARK, self._marks)
        self._groups = [
            QTreeWidgetItem(tree, [f"{example.system}  {example.title}"]) for example in EXAMPLES
        ]
        for group in self._groups:
            group.setFirstColumnSpanned(True)
            font = group.font(NAME)
            font.setBold(True)
            group.setFont(NAME, font)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        metrics = QFontMetrics(tree.font())
        widths = {PRINTED: "-0.00088888888888888888", OURS: "-0.00088888888888888888"}
        widths |= {DIFFERENCE: "-8.8e-88 88", MARK: "MM differs MM"}
        for column, widest in widths.items():
            header.resizeSection(column, metrics.horizontalAdvance(widest) + 2 * SPACING)
        return tree

    # --- computing --------------------------------------------------------------------------------

    @property
    def complete(self) -> bool:
        """Whether every example has been computed."""
        return len(self._results) == len(EXAMPLES)

    def _next(self) -> None:
        self._loader.request(partial(_computed, self._executor, len(self._results)))

    def _take(self, found: tuple[Comparison, ...]) -> None:
        group = self._groups[len(self._results)]
        self._results.append(found)
        group.setText(NAME, group.text(NAME) + self._agreeing(found))
        rows = [self._row(number) for number in found]
        self._rows.append((group, rows))
        group.addChildren(rows)
        group.setExpanded(True)
        self._tell()
        if self.complete:
            self._loader.cancel()
        else:
            self._next()

    def _agreeing(self, found: tuple[Comparison, ...]) -> str:
        agreeing = sum(number.agrees for number in found)
        told = self.tr("{agree} of {count}").format(agree=agreeing, count=len(found))
        return f"  ·  {told}"

    def _row(self, number: Comparison) -> QTreeWidgetItem:
        mark = self.tr("agrees") if number.agrees else self.tr("differs")
        actual, difference = format_number(number.actual), format_number(number.difference, 2)
        row = QTreeWidgetItem([number.name, number.printed, actual, difference, mark])
        row.setData(MARK, VERDICT_ROLE, "good" if number.agrees else "wrong")
        return row

    def _fail(self, error: Exception) -> None:
        self.progress.hide()
        self.summary.setText(self.tr("The examples could not be computed: {}").format(error))

    def _tell(self) -> None:
        marks = [number.agrees for found in self._results for number in found]
        self.progress.setValue(len(self._results))
        self.progress.setVisible(not self.complete)
        self.copy_button.setEnabled(self.complete)
        if not self.complete:
            self.summary.setText(
                self.tr("{done} of {count} examples computed").format(
                    done=len(self._results), count=len(EXAMPLES)
                )
            )
            return
        self.summary.setText(
            self.tr("{agree} of {count} published numbers agree").format(
                agree=marks.count(True), count=len(marks)
            )
        )

    def _stop(self) -> None:
        self._loader.cancel()
        self._loader.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    # --- copying ----------------------------------------------------------------------------------

    def copy_all(self) -> None:
        """Every row as text that spreadsheets read."""
        _copy([item for group, rows in self._rows for item in (group, *rows)])

    def copy_selected(self) -> None:
        chosen = self.tree.selectedItems()
        if chosen:
            _copy(sorted(chosen, key=lambda item: self.tree.visualItemRect(item).top()))


def _copy(items: list[QTreeWidgetItem]) -> None:
    lines = ["\t".join(item.text(column) for column in range(5)).rstrip() for item in items]
    QGuiApplication.clipboard().setText("\n".join(lines))


def _computed(executor: Executor, index: int) -> tuple[Comparison, ...]:
    future: Future[tuple[Comparison, ...]] = executor.submit(verified, index)
    return future.result()


def show_verify(executor: Executor, theme: Theme, parent: QWidget) -> VerifyDialog:
    """Open the window beside the main one, which can be used meanwhile."""
    dialog = VerifyDialog(executor, theme, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
    return dialog
