"""Exceptions that nobody caught: written to a log, told calmly, and the window goes on. What ends
the program against its will, such as a fault in a library, leaves its trace in the log as well."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal

LOG_BYTES = 1_000_000
REPEATS = 3  # one place's exceptions that are written out; the others are counted
PAUSE = 10.0  # seconds between two messages to the user about the same place

logger = logging.getLogger("bpgui.window")


class ErrorReporter(QObject):
    """Takes the place of sys.excepthook and threading.excepthook from `install` to `remove`.

    `reported` carries one sentence, in the window's thread. An exception that repeats with every
    frame is told once per PAUSE and logged REPEATS times; one that comes from telling is only
    logged.
    """

    reported = Signal(str)
    _raised = Signal(str)

    def __init__(
        self,
        log_file: Path,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self.log_file = log_file
        self._clock = clock
        self._counts: dict[str, int] = {}
        self._told: dict[str, float] = {}
        self._telling = False
        self._lock = threading.Lock()
        self._handler = _handler(log_file)
        self._raised.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._hooks = (sys.excepthook, threading.excepthook)

    def install(self) -> None:
        logger.addHandler(self._handler)
        sys.excepthook = self.report
        threading.excepthook = self._report_thread

    def watch_faults(self) -> None:
        """Have the trace of a fault written to the log, wherever the log is rotated to."""
        if isinstance(self._handler, _Log):
            self._handler.take_faults()

    def remove(self) -> None:
        sys.excepthook, threading.excepthook = self._hooks
        logger.removeHandler(self._handler)
        self._handler.close()

    def report(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, error, trace)
            return
        place = _place(kind, trace)
        with self._lock:
            count = self._counts[place] = self._counts.get(place, 0) + 1
            tell = self._clock() - self._told.get(place, -PAUSE) >= PAUSE and not self._telling
            if tell:
                self._told[place] = self._clock()
        if count <= REPEATS:
            text = "".join(traceback.format_exception(kind, error, trace))
            logger.error("%s", text if count < REPEATS else text + "(no more of this one)")
        if tell:
            self._raised.emit(f"{kind.__name__}: {error}".rstrip(" .:"))

    def _report_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and args.exc_type is not SystemExit:
            self.report(args.exc_type, args.exc_value, args.exc_traceback)

    def _tell(self, what: str) -> None:
        text = self.tr("Something went wrong inside bpgui, which goes on: {what}. Details: {file}")
        self._telling = True
        try:
            self.reported.emit(text.format(what=what, file=self.log_file))
        finally:
            self._telling = False


class _Log(RotatingFileHandler):
    """A file of at most LOG_BYTES and the one before it; traces of faults go to it if asked for."""

    def __init__(self, file: Path) -> None:
        self._faults = False
        file.parent.mkdir(parents=True, exist_ok=True)
        super().__init__(file, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")

    def take_faults(self) -> None:
        self._faults = True
        if self.stream is not None:
            faulthandler.enable(self.stream)

    def _open(self) -> TextIOWrapper:
        stream = super()._open()
        if self._faults:
            faulthandler.enable(stream)
        return stream

    def close(self) -> None:
        if self._faults:
            faulthandler.disable()
        super().close()


def _handler(log_file: Path) -> logging.Handler:
    """Writes to the file, or to standard error where there can be none."""
    handler: logging.Handler
    try:
        handler = _Log(log_file)
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    return handler


def _place(kind: type[BaseException], trace: TracebackType | None) -> str:
    last = traceback.extract_tb(trace)[-1:]
    return f"{kind.__name__} " + "".join(f"{frame.filename}:{frame.lineno}" for frame in last)
