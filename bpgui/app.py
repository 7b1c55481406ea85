"""The window's composition root: the one place where everything is wired."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import bpgui.ui  # isort: skip

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QEventLoop,
    QIODevice,
    QLocale,
    QMessageLogContext,
    QSocketNotifier,
    Qt,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QApplication

# PySide6 has to be there before pyqtgraph looks for it.
import pyqtgraph as pg  # isort: skip

import bpgui
from bpgui import paths
from bpgui.experiment import builtin
from bpgui.experiment.errors import PresetError
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.training.worker import Worker
from bpgui.ui.application import Application
from bpgui.ui.document import FIRST_EXAMPLE, Document
from bpgui.ui.errors import ErrorReporter
from bpgui.ui.icons import application_icon
from bpgui.ui.language import font_warning, install_translators, knows_language, locale_of
from bpgui.ui.main_window import MainWindow
from bpgui.ui.memory import Memory
from bpgui.ui.opening import Opening
from bpgui.ui.preferences import Preferences, write
from bpgui.ui.recovery import Autosave
from bpgui.ui.recovery_offer import RecoveryOffer
from bpgui.ui.session import Session
from bpgui.ui.settling import picture_at_rest

logger = logging.getLogger(__name__)

LATER = 1500  # ms after the first picture, when a user has taken it in
NO_DISPLAY = (
    "error: there is no display here (DISPLAY and WAYLAND_DISPLAY are not set), so the window "
    "cannot open; `bpgui --help` tells the commands that need none"
)
UNSETTLED = "the picture was taken before all that it shows had been computed"


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window, with the preset that the first argument names; returns when it is closed."""
    multiprocessing.freeze_support()
    if not has_display():
        print(NO_DISPLAY, file=sys.stderr)
        return 2
    gc.disable()  # all that is made until the first picture stays
    arguments = sys.argv[1:] if argv is None else list(argv)
    app = application()
    locale = locale_of("")
    install_translators(app, locale, app)
    state = paths.user_state_dir()
    reporter = ErrorReporter(state / "bpgui.log")
    reporter.install()
    reporter.watch_faults()
    window = make_window(Memory(paths.user_config_dir()), Worker(reporter.log_file))
    reporter.reported.connect(window.notice.say)
    autosave = Autosave(window.document, state / "recovery", lambda: window.filing.name, window)
    opening = Opening(window)
    opening.painted.connect(lambda: settle_in(window, autosave, locale))
    if isinstance(app, Application):
        app.file_wanted.connect(window.filing.open)
    end_on_signals(app)
    open_first(window, arguments)
    try:
        return app.exec()
    finally:
        autosave.close(keep=window.isVisible())
        window.session.close()
        reporter.remove()
        gc.enable()


def end_on_signals(app: QApplication) -> None:
    """The interrupt key asks as closing the window does; a system that shuts down is not kept
    waiting, and what is not saved then is offered at the next start."""
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read, app)
    notifier.activated.connect(lambda: reading.recv(64))  # Python's handlers run with it
    # By its name, not by its method, which would not keep it open: with nobody to write, there is
    # an end to read again and again, and a window that does nothing else.
    app.destroyed.connect(lambda: writing.close())
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    signal.signal(signal.SIGTERM, lambda *_: app.exit())


def open_first(window: MainWindow, arguments: Sequence[str]) -> None:
    """The preset that the user named, or the first example."""
    preset = arguments[0] if arguments else ""
    if not (preset and open_preset(window, preset)):
        open_preset(window, FIRST_EXAMPLE)
    window.setFocus()


def settle_in(window: MainWindow, autosave: Autosave, locale: QLocale) -> None:
    """Once the window is there: what the first picture did not need."""
    gc.freeze()
    gc.enable()
    window.session.start_worker()
    QTimer.singleShot(LATER, window, load_formulas)
    autosave.failed.connect(partial(warn, window))
    for warning in filter(None, (font_warning(locale), window.memory.warning)):
        warn(window, warning)
    offer = RecoveryOffer(window.filing, window.notice, autosave, window)
    offer.make(autosave.begin())


def load_formulas() -> None:
    """In a thread, ahead of the first look at one, which would else keep the window waiting."""

    def load() -> None:
        from bpgui.ui.formula import warm_up

        warm_up()

    threading.Thread(target=load, name="bpgui formulas", daemon=True).start()


def warn(window: MainWindow, text: str) -> None:
    print(text, file=sys.stderr)
    window.notice.say(text)


def open_preset(window: MainWindow, preset: str) -> bool:
    """Open a file, or a built-in preset by its name; the window says what is wrong with it."""
    known = {entry.slug: entry for entry in builtin.builtin()}
    if preset in known and not Path(preset).exists():
        return window.filing.open_builtin(known[preset])
    return window.filing.open_now(Path(preset).absolute())


def application() -> QApplication:
    """The one QApplication, made for this desktop or for none."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    pg.setConfigOptions(antialias=True, useOpenGL=False)
    app = Application(["bpgui"])
    app.setApplicationName("bpgui")
    app.setApplicationVersion(bpgui.__version__)
    app.setDesktopFileName("bpgui")
    app.setWindowIcon(application_icon())
    return app


def has_display() -> bool:
    """Whether there is a place for the window; one that Qt is told in its own variable counts."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(map(os.environ.get, names))


def make_window(memory: Memory, worker: Worker) -> MainWindow:
    window = MainWindow(Document(), Session(worker), memory)
    window.document.setParent(window)
    window.session.setParent(window)
    window.memory.setParent(window)
    return window


# --- a picture of the window --------------------------------------------------------------------


def screenshot(
    preset: str,
    out: str | os.PathLike[str],
    iterations: int = 0,
    size: tuple[int, int] = (1280, 800),
    language: str = "",
    theme: str = "light",
) -> int:
    """Train a preset so many iterations in a window that is not shown, and save its picture as PNG.

    Returns 0, or 1 where the run diverged or failed (the picture shows it), or 2 where the preset,
    the file or the language is wrong; messages go to standard error.
    """
    if language and not knows_language(language):
        print(f"there is no language {language}; give one such as en or zh_CN", file=sys.stderr)
        return 2
    app = application()
    handler = qInstallMessageHandler(_log_qt)
    translators = install_translators(app, locale_of(language), app)
    with tempfile.TemporaryDirectory(prefix="bpgui-") as folder:
        memory = Memory(Path(folder))
        memory.remember(Preferences(theme=theme, hint_seen=True))
        window = make_window(memory, Worker())
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        window.resize(*size)
        window.show()
        try:
            picture, ended = _picture(window, preset, iterations)
            write(Path(out), png(picture))
        except (PresetError, OSError) as error:
            print(error, file=sys.stderr)
            return 2
        finally:
            window.session.close()
            window.close()
            for translator in translators:
                app.removeTranslator(translator)
            qInstallMessageHandler(handler)
            window.deleteLater()
    if ended.state in (RunState.DIVERGED, RunState.FAILED):
        print(ended.message, file=sys.stderr)
        return 1
    return 0


def png(picture: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(picture)
    return bytes(buffer.data().data())


def _log_qt(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """What Qt says of a platform without a screen is no news to the user."""
    logger.info("%s", message)


@dataclass(slots=True)
class _Outcome:
    snapshot: Snapshot | None = None
    error: PresetError | None = None
    stepped: bool = False


def _picture(window: MainWindow, preset: str, iterations: int) -> tuple[QImage, Snapshot]:
    outcome = _Outcome()
    loop = QEventLoop()
    session = window.session

    def look(snapshot: Snapshot) -> None:
        outcome.snapshot = snapshot
        if snapshot.state is RunState.RUNNING or snapshot.awaits_evaluation:
            return
        if iterations > 0 and not outcome.stepped:
            outcome.stepped = True
            session.step(iterations)
            return
        assert session.problem is not None
        for dock in window.panel_docks:  # its axes hold what they held, which depends on the pace
            dock.set_problem(session.problem)
            dock.render_snapshot(snapshot)
        loop.quit()

    def stop(error: PresetError) -> None:
        outcome.error = error
        loop.quit()

    session.snapshot_changed.connect(look)
    session.refused.connect(stop)
    window.filing.take(lambda: window.document.open_copy(builtin.find(preset)))
    loop.exec()
    if outcome.error is not None:
        raise outcome.error
    assert outcome.snapshot is not None
    picture, settled = picture_at_rest(window)
    if not settled:
        print(UNSETTLED, file=sys.stderr)
    return picture, outcome.snapshot
