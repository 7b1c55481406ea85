"""The status bar: where the run stands, in figures that stay in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStatusBar, QWidget

from bpgui.engine.evaluation import Evaluation
from bpgui.training.snapshot import RunState, Snapshot
from bpgui.ui.session import Session
from bpgui.ui.theme import SPACING, tabular_font
from bpgui.ui.translation import QT_TRANSLATE_NOOP
from bpgui.views.numbers import format_number

DIGITS = 12
READABLE = 100  # ms that a figure stays the same; none is read faster
FASTEST = "88,888,888"
SPARED = ("speed", "test_accuracy", "epoch", "test_loss", "accuracy")  # the first where room lacks
STATES = {
    RunState.IDLE: QT_TRANSLATE_NOOP("Status", "idle"),
    RunState.RUNNING: QT_TRANSLATE_NOOP("Status", "running"),
    RunState.PAUSED: QT_TRANSLATE_NOOP("Status", "paused"),
    RunState.FINISHED: QT_TRANSLATE_NOOP("Status", "finished"),
    RunState.DIVERGED: QT_TRANSLATE_NOOP("Status", "diverged"),
    RunState.FAILED: QT_TRANSLATE_NOOP("Status", "failed"),
}


class Figure(NamedTuple):
    """A labelled number: its widest text, and its text for a snapshot (empty hides the figure)."""

    name: str
    label: str
    widest: str
    text: Callable[[Snapshot], str]
    tip: str


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.2f} %"


def _evaluated(text: Callable[[Evaluation], str]) -> Callable[[Snapshot], str]:
    """An ellipsis stands for an evaluation that is still to come."""

    def of_snapshot(snapshot: Snapshot) -> str:
        found = text(snapshot.evaluation)
        return "…" if found and snapshot.awaits_evaluation else found

    return of_snapshot


FIGURES = (
    Figure(
        "epoch",
        QT_TRANSLATE_NOOP("Status", "epoch"),
        "1,000,000",
        lambda snapshot: f"{snapshot.epoch:,}",
        QT_TRANSLATE_NOOP("Status", "Passes over the training data that are complete"),
    ),
    Figure(
        "iteration",
        QT_TRANSLATE_NOOP("Status", "iteration"),
        "100,000,000",
        lambda snapshot: f"{snapshot.iteration:,}",
        QT_TRANSLATE_NOOP("Status", "Updates of the parameters so far, one for each batch"),
    ),
    Figure(
        "loss",
        QT_TRANSLATE_NOOP("Status", "loss"),
        "8.88888888888e-88",
        _evaluated(lambda found: format_number(found.loss, DIGITS)),
        QT_TRANSLATE_NOOP("Status", "The objective over all training samples, penalties included"),
    ),
    Figure(
        "test_loss",
        QT_TRANSLATE_NOOP("Status", "test loss"),
        "8.88888e-88",
        _evaluated(
            lambda found: "" if found.test_loss is None else format_number(found.test_loss, 6)
        ),
        QT_TRANSLATE_NOOP("Status", "The loss over the test samples, which training never sees"),
    ),
    Figure(
        "accuracy",
        QT_TRANSLATE_NOOP("Status", "accuracy"),
        "100.00 %",
        _evaluated(lambda found: _percent(found.accuracy)),
        QT_TRANSLATE_NOOP("Status", "Share of the training samples that are classified rightly"),
    ),
    Figure(
        "test_accuracy",
        QT_TRANSLATE_NOOP("Status", "test accuracy"),
        "100.00 %",
        _evaluated(lambda found: _percent(found.test_accuracy)),
        QT_TRANSLATE_NOOP("Status", "Share of the test samples that are classified rightly"),
    ),
)


class _Row(QWidget):
    """As wide as there is room, whatever is in it."""

    resized = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class _Value(QLabel):
    """A text of fixed width, so that the window is not laid out anew with every change; it grows
    for a text that is wider than any before."""

    def set_width(self, widest: str) -> None:
        """As much room as the widest text of the present font needs."""
        width = self.fontMetrics().horizontalAdvance(widest)
        self.setFixedSize(width, self.sizeHint().height())
        self._grow()

    def show_text(self, text: str) -> None:
        if text != self.text():
            self.setText(text)
            self._grow()

    def _grow(self) -> None:
        if self.sizeHint().width() > self.width():
            self.setFixedWidth(self.sizeHint().width())


class Status(QStatusBar):
    """Shows the session's snapshots: ten a second while a run goes on, and always the last.

    It never makes the window wider: figures that have no room are left out.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._waiting: Snapshot | None = None
        self._shown: RunState | None = None
        self._pause = QTimer(self, interval=READABLE, singleShot=True)
        self._pause.timeout.connect(self._show_waiting)
        self.setSizeGripEnabled(False)
        self.state = QLabel(self)
        self.state.setAccessibleName(self.tr("State of the run"))
        self.speed = _Value(self)
        self.figures = {figure.name: _Value(self) for figure in FIGURES}
        self._labels = {figure.name: QLabel(self) for figure in FIGURES}
        self._row = _Row(self)
        self._row.resized.connect(self._fit)
        self._wanted: set[str] = set()
        self._layout = layout = QHBoxLayout(self._row)
        layout.setContentsMargins(SPACING, 0, SPACING, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self.state)
        for figure in FIGURES:
            self._add(layout, figure)
        layout.addStretch(1)
        layout.addWidget(self.speed)
        self.addWidget(self._row, 1)
        self.clear()
        session.run_started.connect(self.clear)
        session.snapshot_changed.connect(self.render_snapshot)
        session.status_changed.connect(self.clear)

    def render_snapshot(self, snapshot: Snapshot) -> None:
        self._waiting = snapshot
        going_on = snapshot.state is self._shown is RunState.RUNNING
        if not (going_on and self._pause.isActive()):
            self._show_waiting()

    def _show_waiting(self) -> None:
        snapshot, self._waiting = self._waiting, None
        if snapshot is None:
            return
        self._shown = snapshot.state
        if snapshot.state is RunState.RUNNING:
            self._pause.start()
        self._show_figures(snapshot)

    def _show_figures(self, snapshot: Snapshot) -> None:
        self._set_state(_translate(STATES[snapshot.state]), snapshot.message)
        for figure in FIGURES:
            self.figures[figure.name].show_text(figure.text(snapshot))
        rate = snapshot.iterations_per_second
        running = snapshot.state is RunState.RUNNING and rate > 0
        shown = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
        self.speed.show_text(self._speed(shown) if running else "")
        self._choose()

    def clear(self) -> None:
        """No snapshot yet: say why."""
        if self._session.snapshot is not None:
            return
        self._waiting = self._shown = None
        if self._session.loading:
            self._set_state(self.tr("loading"))
        elif self._session.obstacle:
            self._set_state(self.tr("no run"), self._session.obstacle)
        for label in (self.speed, *self.figures.values()):
            label.clear()
        self._choose()

    def _choose(self) -> None:
        """Show the figures that have a text."""
        texts = {"speed": self.speed, **self.figures}
        wanted = {name for name, label in texts.items() if label.text()}
        if wanted != self._wanted:
            self._wanted = wanted
            self._fit()

    def _fit(self) -> None:
        left_out: set[str] = set()
        for name in ("", *SPARED):
            left_out.add(name)
            for shown in ("speed", *self.figures):
                self._set_shown(shown, shown in self._wanted - left_out)
            if self._layout.minimumSize().width() <= self._row.width():
                return

    def _speed(self, rate: str) -> str:
        return self.tr("{rate} iterations/s").format(rate=rate)

    def _set_state(self, text: str, tip: str = "") -> None:
        self.state.setText(text)
        self.state.setToolTip(tip)

    def _set_shown(self, name: str, shown: bool) -> None:
        if name == "speed":
            self.speed.setVisible(shown)
        else:
            self._labels[name].setVisible(shown)
            self.figures[name].setVisible(shown)

    def _add(self, layout: QHBoxLayout, figure: Figure) -> None:
        label, value = self._labels[figure.name], self.figures[figure.name]
        label.setText(_translate(figure.label))
        label.setProperty("role", "muted")
        value.setAccessibleName(_translate(figure.label))
        for widget in (label, value):
            widget.setToolTip(_translate(figure.tip))
        label.setIndent(2 * SPACING)
        layout.addWidget(label)
        layout.addWidget(value)

    def set_fonts(self) -> None:
        """Take the application's font, and as much room as the widest text needs."""
        font = tabular_font()
        metrics = QFontMetrics(font)
        for figure in FIGURES:
            value = self.figures[figure.name]
            value.setFont(font)
            value.set_width(figure.widest)
        self.speed.setFont(font)
        self.speed.set_width(self._speed(FASTEST))
        self.speed.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.state.setMinimumWidth(
            max(metrics.horizontalAdvance(_translate(text)) for text in STATES.values())
        )
        self._fit()


def _translate(text: str) -> str:
    return QCoreApplication.translate("Status", text)
