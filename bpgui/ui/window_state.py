"""How the user left the window: its place on the screen, its docks, what is folded."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings, QSize
from PySide6.QtWidgets import QMainWindow

from bpgui.ui.editors.experiment_editor import ExperimentEditor

LAYOUT_VERSION = 4
DEFAULT_SIZE = QSize(1440, 900)


def restore(window: QMainWindow, editor: ExperimentEditor, settings: QSettings) -> bool:
    """Whether there was a layout of docks to restore; without a place the window has its default
    size, as far as the screen has room for it."""
    geometry, state = settings.value("geometry"), settings.value("state")
    if geometry is None or not window.restoreGeometry(geometry):
        room = window.screen().availableGeometry().size()
        window.resize(DEFAULT_SIZE.boundedTo(room * 0.95))
    editor.restoreState(QByteArray(settings.value("sections") or b""))
    return state is not None and window.restoreState(state, LAYOUT_VERSION)


def store(window: QMainWindow, editor: ExperimentEditor, settings: QSettings) -> None:
    settings.setValue("geometry", window.saveGeometry())
    settings.setValue("state", window.saveState(LAYOUT_VERSION))
    settings.setValue("sections", editor.saveState())
    settings.sync()
