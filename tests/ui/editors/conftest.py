from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpgui.experiment.builtin import find
from bpgui.ui.document import Document
from bpgui.ui.editors.experiment_editor import ExperimentEditor
from bpgui.ui.editors.value_box import ValueBox

Open = Callable[..., ExperimentEditor]


@pytest.fixture
def document(qapp: object) -> Document:
    return Document()


@pytest.fixture
def open_editor(qtbot: QtBot, document: Document) -> Open:
    """Shows the editor of a built-in preset, or of the first example."""
    held: list[ExperimentEditor] = []

    def open_(preset: str = "", document: Document = document) -> ExperimentEditor:
        if preset:
            document.open_copy(find(preset))
        editor = ExperimentEditor(document)
        held.append(editor)
        editor.resize(320, 900)
        qtbot.addWidget(editor)
        with qtbot.waitExposed(editor):
            editor.show()
        editor.activateWindow()
        return editor

    return open_


@pytest.fixture
def editor(open_editor: Open) -> ExperimentEditor:
    return open_editor()


@pytest.fixture
def enter(qtbot: QtBot) -> Callable[[QWidget, str], None]:
    """Types into a field as a person would, and presses Enter."""

    def enter_(field: QWidget, text: str) -> None:
        field.setFocus()
        if isinstance(field, ValueBox):
            field.selectAll()
        else:
            qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Qt.Key.Key_Return)

    return enter_


@pytest.fixture
def choose(qtbot: QtBot) -> Callable[[QWidget, str], None]:
    """Chooses an entry of a combo box by its value, with the keyboard."""

    def choose_(box, value: str) -> None:
        box.setFocus()
        key = Qt.Key.Key_Down if box.findData(value) > box.currentIndex() else Qt.Key.Key_Up
        while box.currentData() != value:
            qtbot.keyClick(box, key)

    return choose_
