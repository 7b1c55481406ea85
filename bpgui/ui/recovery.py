"""Keeps changes that are not saved on the disk, and finds those of a program that was killed.

Each running program has a lock file in the folder, which tells the others that it runs, and beside
it the changes that would be lost if it ended now. When it ends as it should, both go.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from bpgui.experiment.errors import PresetError
from bpgui.experiment.unsaved import Unsaved, dumps, loads
from bpgui.ui.document import Document
from bpgui.ui.filing import reason
from bpgui.ui.preferences import set_aside, write

PAUSE = 1000  # ms from a change to when it is kept; changes that come meanwhile go with it

_NAME = re.compile(r"(\d+-[0-9a-f]{8})\.(?:json|lock)")


class Autosave(QObject):
    """Keeps a document's changes in `folder` from `begin` to `close`, away from its thread."""

    failed = Signal(str)  # why changes cannot be kept; told once
    _refused = Signal(str)

    def __init__(
        self, document: Document, folder: Path, name: Callable[[], str], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.folder = folder
        self._document = document
        self._name = name
        self._file = folder / f"{os.getpid()}-{os.urandom(4).hex()}.json"
        self._lock = _lock(self._file)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="bpgui autosave")
        self._told = False
        self._timer = QTimer(self, interval=PAUSE, singleShot=True)
        self._timer.timeout.connect(self._keep)
        self._refused.connect(self._tell)

    def begin(self) -> list[Abandoned]:
        """Start to keep changes. Returns what programs have left that did not end as they should;
        their locks are held until they are given back."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._tell(reason(error))
            return []
        if not self._lock.tryLock(0):
            self._tell(self.tr("it cannot be written"))
            return []
        self._document.changed.connect(self._wait)
        self._document.modified_changed.connect(self._modified_changed)
        self._modified_changed(self._document.modified)
        return _abandoned(self.folder)

    def take_over(self, file: Path) -> None:
        """Make what another program has left ours."""
        self._do(partial(os.replace, file, self._file))

    def close(self, *, keep: bool) -> None:
        """End; `keep` leaves changes that are not saved to the next start."""
        self._timer.stop()
        if self._lock.isLocked():
            if keep and self._document.modified:
                self._keep()
            else:
                self._forget()
        self._thread.shutdown(wait=True)
        self._lock.unlock()

    def _modified_changed(self, modified: bool) -> None:
        if modified:
            self._wait()
        else:
            self._timer.stop()
            self._forget()

    def _wait(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _keep(self) -> None:
        document = self._document
        if not document.modified:
            return
        unsaved = Unsaved(
            document.experiment, self._name(), document.path, document.folder, datetime.now()
        )
        self._do(lambda: write(self._file, dumps(unsaved)))

    def _forget(self) -> None:
        self._do(lambda: self._file.unlink(missing_ok=True))

    def _do(self, work: Callable[[], Any]) -> None:
        """In the thread, one after the other."""
        self._thread.submit(self._attempt, work)

    def _attempt(self, work: Callable[[], Any]) -> None:
        try:
            work()
        except (OSError, PresetError) as error:
            self._refused.emit(reason(error))

    def _tell(self, why: str) -> None:
        if self._told:
            return
        self._told = True
        text = self.tr(
            "Changes that are not saved would be lost in a crash, as {folder} cannot keep them: "
            "{reason}."
        )
        self.failed.emit(text.format(folder=self.folder, reason=why.rstrip(".")))


@dataclass(frozen=True, eq=False)
class Abandoned:
    """What a program has left that did not end as it should: here, nothing that was not saved."""

    file: Path
    lock: QLockFile

    def discard(self) -> None:
        self.file.unlink(missing_ok=True)
        self.give_back()

    def give_back(self) -> None:
        """Leave what is there to the next start."""
        self.lock.unlock()


@dataclass(frozen=True, eq=False)
class Kept(Abandoned):
    """Changes that were not saved."""

    unsaved: Unsaved


@dataclass(frozen=True, eq=False)
class Unreadable(Abandoned):
    """Why changes that were not saved cannot be read; `file` is where they are set aside."""

    problem: str


def _lock(file: Path) -> QLockFile:
    """The lock beside `file`, held as long as its program runs."""
    lock = QLockFile(str(file.with_suffix(".lock")))
    lock.setStaleLockTime(0)
    return lock


def _abandoned(folder: Path) -> list[Abandoned]:
    names = {match[1] for match in map(_NAME.fullmatch, os.listdir(folder)) if match}
    files = [folder / f"{name}.json" for name in sorted(names)]
    locks = [(file, _lock(file)) for file in files]
    return [_left(file, lock) for file, lock in locks if lock.tryLock(0)]


def _left(file: Path, lock: QLockFile) -> Abandoned:
    try:
        return Kept(file, lock, loads(file.read_bytes()))
    except FileNotFoundError:
        return Abandoned(file, lock)
    except (OSError, PresetError) as error:
        return Unreadable(set_aside(file) or file, lock, str(error))
