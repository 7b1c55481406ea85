"""The window's first picture: complete, and before anything that can wait."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from bpgui.ui.main_window import MainWindow

PATIENCE = 250  # ms; a window whose run takes longer to build is shown without


class Opening(QObject):
    """Shows the window as soon as its run has something to show, so that no panel fills later."""

    painted = Signal()  # the first picture is on the screen

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._patience = QTimer(self, interval=PATIENCE, singleShot=True)
        self._patience.timeout.connect(self._show)
        self._patience.start()
        window.session.snapshot_changed.connect(self._show)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and watched is self._window:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self, self.painted.emit)
        return False

    def _show(self) -> None:
        self._window.session.snapshot_changed.disconnect(self._show)
        self._patience.stop()
        self._window.show()
