"""Where an expression is typed and its names get values; wrong ones are told where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QFontMetrics,
    QKeyEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from bpgui.engine.expression import LONGEST
from bpgui.engine.graph import Fault
from bpgui.engine.names import shortened
from bpgui.experiment.graphs import BuiltinGraph, builtin_graphs
from bpgui.ui.panels.plot import small_font
from bpgui.ui.theme import LIGHT, SPACING, Theme, mark_wrong
from bpgui.views.graph_nodes import LONGEST_NAME
from bpgui.views.numbers import NumberError, format_number, parse_number

FEWEST_LINES, MOST_LINES = 3, 9  # of the expression that are seen without scrolling
MOST_FIELDS = 60


class ExpressionEdit(QPlainTextEdit):
    """Several lines; Tab leaves, so that the keyboard can reach what follows."""

    too_long = Signal(int)  # characters that were to be pasted or dropped, more than are read

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._fit)
        self._fit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """A text of a megabyte would take Qt many seconds to break into lines."""
        length = len(source.text())
        if length > LONGEST:
            self.too_long.emit(length)
        else:
            super().insertFromMimeData(source)

    def _fit(self) -> None:
        """As high as the lines ask for."""
        lines = min(max(self.blockCount(), FEWEST_LINES), MOST_LINES)
        self.setFixedHeight(QFontMetrics(self.font()).lineSpacing() * lines + 2 * SPACING)

    def mark(self, faults: Sequence[Fault], color: QColor) -> None:
        """Underline the places of faults."""
        marks = []
        for fault in faults:
            block = self.document().findBlockByNumber(fault.line - 1)
            if not fault.line or not block.isValid():
                continue
            mark = QTextEdit.ExtraSelection()
            cursor = QTextCursor(block)
            # at the end of a line there is nothing to underline but the sign before
            start = min(fault.column - 1, max(block.length() - 2, 0))
            length = min(fault.length, max(block.length() - 1 - start, 0))
            cursor.setPosition(block.position() + start)
            cursor.setPosition(block.position() + start + length, QTextCursor.MoveMode.KeepAnchor)
            style = QTextCharFormat()
            style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            style.setUnderlineColor(color)
            style.setForeground(color)
            mark.cursor, mark.format = cursor, style
            marks.append(mark)
        self.setExtraSelections(marks)


class NumberField(QLineEdit):
    """One name's value, taken while it is typed where it is a number; Escape brings back the last
    good one."""

    typed = Signal(str, float)
    refused = Signal(str, str)

    def __init__(self, name: str, value: float, parent: QWidget) -> None:
        super().__init__(format_number(value), parent)
        self.name, self.value = name, value
        self.setCursorPosition(0)
        self.setMinimumWidth(64)
        self.setAccessibleName(name)
        self.textEdited.connect(self._take)
        self.editingFinished.connect(self._leave)

    def _take(self, text: str) -> None:
        try:
            self.value = parse_number(text)
        except NumberError as error:
            mark_wrong(self, True)
            self.refused.emit(self.name, str(error))
            return
        mark_wrong(self, False)
        self.typed.emit(self.name, self.value)

    def _leave(self) -> None:
        """What is right is written plainly; what is wrong stays to be mended."""
        if not self.property("wrong") and not self.hasFocus():
            self.setText(format_number(self.value))
            self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(format_number(self.value))
            self._take(self.text())
            return
        super().keyPressEvent(event)


class GraphInputs(QWidget):
    """Says what the user typed; the panel works it out and says what is wrong with it."""

    source_changed = Signal(str)
    values_changed = Signal(object)  # Mapping[str, float]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self.values: dict[str, float] = {}
        self.fields: dict[str, NumberField] = {}
        self.chooser = self._chooser()
        self.description = self._text("muted")
        self.editor = ExpressionEdit(self)
        self.editor.setAccessibleName(self.tr("Expression"))
        self.editor.setPlaceholderText("q = x + y\nf = q*z")
        self.editor.setToolTip(
            self.tr(
                "<p>One line for each name; the last line is the value whose gradients are worked"
                " out.</p><p>+ − * / and ** for powers; exp log sqrt sin cos tanh sigmoid relu abs,"
                " max and min; # begins a comment.</p>"
            )
        )
        self.editor.textChanged.connect(self._edited)
        self.editor.too_long.connect(self._refuse_text)
        self.message = self._text("error")
        self.heading = QLabel(self)
        self.heading.setProperty("role", "heading")
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(SPACING)
        self.grid.setVerticalSpacing(SPACING // 2)
        self.refusal = self._text("error")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, SPACING, 0)
        column.setSpacing(SPACING // 2)
        for widget in (self.chooser, self.editor, self.message, self.heading):
            column.addWidget(widget)
        column.addLayout(self.grid)
        column.addWidget(self.refusal)
        column.addWidget(self.description)
        column.addStretch(1)

    def _chooser(self) -> QComboBox:
        box = QComboBox(self)
        box.addItem(self.tr("Examples …"), "")
        for slug, graph in builtin_graphs().items():
            box.addItem(graph.name, slug)
        box.setAccessibleName(self.tr("Examples"))
        box.setToolTip(self.tr("<p>Expressions with values, each with something to see.</p>"))
        box.activated.connect(lambda index: self.show_builtin(box.itemData(index)))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        return box

    def _text(self, role: str) -> QLabel:
        label = QLabel(self)
        label.setProperty("role", role)
        label.setFont(small_font())
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.hide()
        return label

    # --- what the panel calls ---------------------------------------------------------------------

    @property
    def source(self) -> str:
        return self.editor.toPlainText()

    def show_builtin(self, slug: str) -> None:
        """Put one of the built-in graphs into the fields."""
        graph = builtin_graphs().get(slug)
        if graph is not None:
            self.show_graph(graph)

    def show_graph(self, graph: BuiltinGraph) -> None:
        self.chooser.setCurrentIndex(self.chooser.findData(graph.slug))
        self.values |= graph.values
        self._clear_fields()
        self.editor.blockSignals(True)
        self.editor.setPlainText(graph.expression)
        self.editor.blockSignals(False)
        self._say(self.description, graph.description)
        self.source_changed.emit(self.source)

    def show_names(self, names: Sequence[str]) -> None:
        """Fields for these names, two a row; a name that comes back has its last value, a new one
        begins with 1."""
        heading = self.tr("Values")
        if len(names) > MOST_FIELDS:
            heading = self.tr("Values of the first {count} names").format(count=MOST_FIELDS)
        self.heading.setText(heading)
        self.heading.setVisible(bool(names))
        names = names[:MOST_FIELDS]
        for name in names:
            self.values.setdefault(name, 1.0)
        if list(names) == list(self.fields):
            return
        self._clear_fields()
        for place, name in enumerate(names):
            field = NumberField(name, self.values[name], self)
            field.typed.connect(self._typed)
            field.refused.connect(self._refused)
            field.setToolTip(
                self.tr("<p>The value of {name}, such as 0.5, 3/20 or 1e-3.</p>").format(
                    name=escape(shortened(name))
                )
            )
            label = QLabel(shortened(name, LONGEST_NAME), self)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setBuddy(field)
            row, column = divmod(place, 2)
            self.grid.addWidget(label, row, 2 * column)
            self.grid.addWidget(field, row, 2 * column + 1)
            self.grid.setColumnStretch(2 * column + 1, 1)
            self.fields[name] = field

    def given(self, names: Sequence[str]) -> Mapping[str, float]:
        return {name: self.values.setdefault(name, 1.0) for name in names}

    def show_faults(self, faults: Sequence[Fault]) -> None:
        self.editor.mark(faults, QColor(self._theme.error))
        several = self.source.count("\n") > 0
        told = [
            _placed(fault) if several else _on_one_line(fault, self.tr("Column"))
            for fault in faults
        ]
        self._say(self.message, "\n".join(told))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    # --- what the user does -----------------------------------------------------------------------

    def _edited(self) -> None:
        self.chooser.setCurrentIndex(0)
        self._say(self.description, "")
        self.source_changed.emit(self.source)

    def _refuse_text(self, length: int) -> None:
        text = self.tr("The text has {count} characters; at most {most} are read.")
        self._say(self.message, text.format(count=f"{length:,}", most=f"{LONGEST:,}"))

    def _typed(self, name: str, value: float) -> None:
        self._say(self.refusal, "")
        self.values[name] = value
        self.values_changed.emit(self.values)

    def _refused(self, name: str, message: str) -> None:
        self._say(self.refusal, f"{name}: {message}")

    def _clear_fields(self) -> None:
        self._say(self.refusal, "")
        while (item := self.grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.fields = {}

    def _say(self, label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))


def _placed(fault: Fault) -> str:
    """With a capital letter, unless it begins with a name."""
    text = str(fault)
    return text[:1].upper() + text[1:] if fault.line else text


def _on_one_line(fault: Fault, column: str) -> str:
    return f"{column} {fault.column}: {fault.message}" if fault.line else fault.message
