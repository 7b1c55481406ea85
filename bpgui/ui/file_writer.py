"""Writes files in the background, one after the other, and tells what became of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from bpgui.ui.loading import Loader
from bpgui.ui.notice import Notice
from bpgui.ui.watching import Progress, Stopped

TOPIC = "export"
SHOWN_AFTER = 400  # ms; what is written faster is not announced
LOOKS = 100  # ms between two looks at how far it is


@dataclass(frozen=True, eq=False)
class Task:
    """`work` writes the file and returns what there is to say about it besides; it calls `progress`
    as long as it can be cancelled. `slow` says what takes so long, "" for writing alone. `instead`
    is what can be written at once where that is cancelled, after the `offer`."""

    path: Path
    work: Callable[[Progress], str]
    slow: str = ""
    instead: Callable[[], None] | None = None
    offer: str = ""
    progress: Progress = field(default_factory=Progress)


class FileWriter(QObject):
    """One after the other, so that the later of two on one file stays."""

    def __init__(self, notice: Notice, parent: QObject) -> None:
        super().__init__(parent)
        self._notice = notice
        self._waiting: list[Task] = []
        self._task: Task | None = None
        self.closing = False
        self._loader = Loader(self)
        self._loader.loaded.connect(self._written)
        self._loader.failed.connect(self._not_written)
        self._patience = QTimer(self, interval=SHOWN_AFTER, singleShot=True)
        self._patience.timeout.connect(self._say_slow)
        self._looks = QTimer(self, interval=LOOKS)
        self._looks.timeout.connect(self._look)

    @property
    def busy(self) -> bool:
        return self._task is not None

    def write(self, task: Task) -> None:
        self._notice.dismiss(TOPIC)
        self._waiting.append(task)
        if not self.busy:
            self._next()

    def close(self) -> None:
        """Returns when all that was asked for is written, without what would take long."""
        self.closing = True
        if self._task is not None:
            self._task.progress.stop()
        self._loader.close()
        for task in self._waiting:
            task.progress.stop()
            with suppress(Exception):  # there is nobody left to tell
                task.work(task.progress)
        self._waiting.clear()

    def _next(self) -> None:
        self._looks.stop()
        self._task = self._waiting.pop(0) if self._waiting else None
        if self._task is not None:
            task = self._task
            self._patience.start()
            self._loader.request(lambda: task.work(task.progress))

    def _say_slow(self) -> None:
        if self._task is None:
            return
        if not self._task.slow or self._task.progress.share >= 1.0:
            self._notice.say(self.tr("Writing the file…"), topic=TOPIC)
            return
        cancel = self._task.progress.stop
        self._notice.wait(self._task.slow, self.tr("Cancel"), cancel, TOPIC)
        self._looks.start()

    def _look(self) -> None:
        """Once there is nothing more to cancel, writing alone is told."""
        if self._task is None:
            return
        if self._task.progress.share >= 1.0:
            self._looks.stop()
            self._say_slow()
        else:
            self._notice.show_share(self._task.progress.share, TOPIC)

    def _written(self, remark: str) -> None:
        task = self._ended()
        told = self.tr("“{file}” is saved in {folder}.")
        told = told.format(file=task.path.name, folder=task.path.parent)
        self._notice.say(f"{told} {remark}".strip(), topic=TOPIC)

    def _not_written(self, error: Exception) -> None:
        from bpgui.exporting.recipe import ExportError

        task = self._ended()
        if isinstance(error, Stopped):
            told = self.tr("“{file}” is not written.").format(file=task.path.name)
            self._notice.say(told, task.offer, task.instead, TOPIC)
        elif isinstance(error, ExportError | MemoryError):
            text = str(error) or self.tr("There is not enough memory.")
            self._notice.say(text, topic=TOPIC)
        else:
            raise error

    def _ended(self) -> Task:
        task = self._task
        assert task is not None
        self._patience.stop()
        self._next()
        return task
