"""Small dialogs. All are opened without blocking: what comes next is handed over as a function."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from bpgui.experiment.errors import PresetError
from bpgui.ui.theme import SPACING

Button = QMessageBox.StandardButton


def ask_to_save(parent: QWidget, name: str, answer: Callable[[Button], None]) -> None:
    """Save, discard or cancel? `answer` is called with the button."""
    translate = QCoreApplication.translate
    box = QMessageBox(parent)
    box.setObjectName("unsaved")
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(translate("Dialogs", "Unsaved changes"))
    box.setText(translate("Dialogs", "“{name}” has changes that are not saved.").format(name=name))
    box.setInformativeText(translate("Dialogs", "Without saving they are lost."))
    box.setStandardButtons(Button.Save | Button.Discard | Button.Cancel)
    box.setDefaultButton(Button.Save)
    box.finished.connect(lambda result: answer(Button(result)))
    open_dialog(box)


def show_problems(parent: QWidget, title: str, error: PresetError) -> None:
    """All that is wrong with a preset, each with its place."""
    lines = [
        f"{problem.place}: {problem.message}" if problem.place else problem.message
        for problem in error.problems
    ]
    dialog = plain_dialog(parent, "problems", title)
    text = QPlainTextEdit("\n".join(lines), dialog)
    text.setReadOnly(True)
    text.setMinimumSize(560, 160)
    kept = QLabel(QCoreApplication.translate("Dialogs", "The experiment you had is still open."))
    kept.setProperty("role", "muted")
    heading = QLabel(title, dialog)
    heading.setTextFormat(Qt.TextFormat.PlainText)
    heading.setWordWrap(True)
    fill(dialog, heading, text, kept)
    open_dialog(dialog)


def show_failure(parent: QWidget, text: str, detail: str) -> None:
    """Something the user asked for could not be done."""
    box = QMessageBox(parent)
    box.setObjectName("failure")
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("bpgui")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(detail)
    open_dialog(box)


def plain_dialog(parent: QWidget, name: str, title: str) -> QDialog:
    dialog = QDialog(parent)
    dialog.setObjectName(name)
    dialog.setWindowTitle(title)
    return dialog


def fill(dialog: QDialog, *widgets: QWidget) -> None:
    column = QVBoxLayout(dialog)
    column.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
    column.setSpacing(2 * SPACING)
    for widget in widgets:
        column.addWidget(widget)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, dialog)
    buttons.rejected.connect(dialog.reject)
    column.addWidget(buttons)


def open_dialog(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
