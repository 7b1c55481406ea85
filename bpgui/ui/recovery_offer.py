"""Says that the program did not end as it should, and offers what was not saved."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QDateTime, QLocale, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bpgui.ui.filing import Filing
from bpgui.ui.notice import Notice
from bpgui.ui.recovery import Abandoned, Autosave, Kept, Unreadable
from bpgui.ui.theme import SPACING

Role = QDialogButtonBox.ButtonRole
WIDTH = 600  # the least
ROWS = 5  # of the list that are seen at once
TOPIC = "recovery"


class RecoveryDialog(QDialog):
    """The experiments that were not saved, the latest first. What is neither restored nor discarded
    is offered again at the next start."""

    restored = Signal(object)  # Kept
    log_wanted = Signal()

    def __init__(self, left: Sequence[Kept], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("recovery")
        self.setWindowTitle(self.tr("Unsaved changes were kept"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        heading = QLabel(self.tr("bpgui did not end as it should."), self)
        heading.setProperty("role", "title")
        text = QLabel(
            self.tr(
                "These changes were not saved then. Restored, they are still to be saved; your "
                "files are as they were."
            ),
            self,
        )
        text.setWordWrap(True)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Unsaved changes"))
        self.list.setStyleSheet(f"QListWidget::item {{ padding: {SPACING // 2}px {SPACING}px; }}")
        for entry in left:
            self.list.addItem(_item(entry, self.tr("never saved")))
        self.list.setCurrentRow(0)
        self.list.ensurePolished()
        row = self.list.sizeHintForRow(0)
        self.list.setFixedHeight(min(len(left), ROWS) * row + 2 * self.list.frameWidth())
        self.list.itemActivated.connect(self._restore)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        column.setSpacing(2 * SPACING)
        for widget in (heading, text, self.list, self._buttons()):
            column.addWidget(widget)
        self.setMinimumWidth(WIDTH)
        self.finished.connect(self._give_back)

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(self)
        restore = box.addButton(self.tr("&Restore experiment"), Role.AcceptRole)
        restore.setDefault(True)
        restore.clicked.connect(self._restore)
        later = box.addButton(self.tr("&Later"), Role.RejectRole)
        later.setToolTip(self.tr("Ask again at the next start"))
        later.clicked.connect(self.reject)
        discard = box.addButton(self.tr("&Discard"), Role.DestructiveRole)
        discard.clicked.connect(self._discard)
        log = box.addButton(self.tr("&Open the log's folder"), Role.HelpRole)
        log.clicked.connect(self.log_wanted)
        for button in box.buttons():
            button.setObjectName(button.text().replace("&", "").split()[0].lower())
        return box

    def _restore(self) -> None:
        chosen = _entry(self.list.takeItem(self.list.currentRow()))
        self.restored.emit(chosen)
        chosen.give_back()
        self.accept()

    def _discard(self) -> None:
        _entry(self.list.takeItem(self.list.currentRow())).discard()
        if not self.list.count():
            self.accept()

    def _give_back(self) -> None:
        while self.list.count():
            _entry(self.list.takeItem(0)).give_back()


class RecoveryOffer(QObject):
    """Tells the user of what `autosave` has found at its beginning."""

    def __init__(self, filing: Filing, notice: Notice, autosave: Autosave, window: QWidget) -> None:
        super().__init__(window)
        self._filing = filing
        self._notice = notice
        self._autosave = autosave
        self._window = window

    def make(self, left: Sequence[Abandoned]) -> None:
        """By a dialog where changes can be restored, else by a notice."""
        kept = [entry for entry in left if isinstance(entry, Kept)]
        for entry in left:
            if not isinstance(entry, Kept):
                entry.give_back()
                self._tell(entry)
        if kept:
            kept.sort(key=lambda entry: entry.unsaved.when, reverse=True)
            dialog = RecoveryDialog(kept, self._window)
            dialog.restored.connect(self._restore)
            dialog.log_wanted.connect(self._open_log)
            dialog.open()

    def _tell(self, entry: Abandoned) -> None:
        if isinstance(entry, Unreadable):
            text = self.tr(
                "bpgui did not end as it should, and the changes that were not saved cannot be "
                "read: {problem}. They are kept as {file}."
            ).format(problem=entry.problem.rstrip("."), file=entry.file)
        else:
            text = self.tr("bpgui did not end as it should the last time. Nothing was unsaved.")
        self._notice.say(text, self.tr("Open the log's folder"), self._open_log, TOPIC)

    def _restore(self, entry: Kept) -> None:
        self._filing.restore(entry.unsaved, partial(self._autosave.take_over, entry.file))

    def _open_log(self) -> None:
        """The log lies beside the folder of what is not saved."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._autosave.folder.parent)))


def _item(entry: Kept, never: str) -> QListWidgetItem:
    """The name, and below it when and where."""
    unsaved = entry.unsaved
    moment = QDateTime.fromSecsSinceEpoch(int(unsaved.when.timestamp()))
    when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
    where = never if unsaved.path is None else str(unsaved.path)
    item = QListWidgetItem(f"{unsaved.name}\n{when}  ·  {where}")
    item.setData(Qt.ItemDataRole.UserRole, entry)
    item.setToolTip(where)
    return item


def _entry(item: QListWidgetItem) -> Kept:
    entry: Kept = item.data(Qt.ItemDataRole.UserRole)
    return entry
