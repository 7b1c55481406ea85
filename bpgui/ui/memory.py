"""What the window remembers between starts: preferences in one file, its geometry in another."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal

from bpgui.ui.preferences import Loaded, Preferences, load, save
from bpgui.ui.theme import THEMES, Theme, system_theme

logger = logging.getLogger(__name__)


class Memory(QObject):
    """`folder` holds both files. A file that cannot be written is logged, never fatal."""

    changed = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = folder / "preferences.json"
        loaded = load(self._path)
        self._preferences = loaded.preferences
        self.warning = self._warning(loaded)
        self.settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat, self)

    @property
    def preferences(self) -> Preferences:
        return self._preferences

    @property
    def theme(self) -> Theme:
        return THEMES.get(self._preferences.theme) or system_theme()

    def remember(self, new: Preferences) -> None:
        if new == self._preferences:
            return
        self._preferences = new
        try:
            save(self._path, new)
        except OSError as error:
            logger.warning("preferences were not saved: %s", error)
        self.changed.emit()

    def _warning(self, loaded: Loaded) -> str:
        if not loaded.reason:
            return ""
        if loaded.aside is None:
            return self.tr("The preferences could not be read ({reason}).").format(
                reason=loaded.reason
            )
        return self.tr(
            "The preferences could not be read ({reason}). The old file is kept as {file}."
        ).format(reason=loaded.reason, file=loaded.aside)
