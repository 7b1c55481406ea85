"""The toolbar: run, step, begin again, and how fast."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolBar,
    QToolButton,
    QWidget,
)

from bpgui.training.snapshot import RunState
from bpgui.ui.actions import Actions
from bpgui.ui.session import Session
from bpgui.ui.theme import SPACING, tabular_font

SPEEDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, None)
STEPS = ("step_iteration", "step_epoch")


class Transport(QToolBar):
    """Follows the session: what cannot be pressed says why in its tool tip."""

    speed_changed = Signal(object)  # iterations per second, or None

    def __init__(self, actions: Actions, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self.setWindowTitle(self.tr("Transport"))
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setIconSize(QSize(20, 20))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._actions = actions
        self._session = session
        self._shown: tuple[bool | str, ...] = ()
        self.addActions([actions["toggle"], actions["step_iteration"], actions["step_epoch"]])
        self.addSeparator()
        self.addActions([actions["reset"], actions["new_weights"]])
        self.addSeparator()
        self._add_speed()
        self.hint = QLabel(self)
        self.hint.setProperty("role", "hint")
        self.hint.setText(self.tr("Press Run or the space bar to begin."))
        self.hint_action = self.addWidget(self.hint)
        self.hint_action.setVisible(False)
        for signal in (session.run_started, session.snapshot_changed, session.status_changed):
            signal.connect(self.refresh)
        self.refresh()

    def _add_speed(self) -> None:
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, len(SPEEDS) - 1)
        self.slider.setValue(len(SPEEDS) - 1)
        self.slider.setPageStep(3)
        self.slider.setFixedWidth(160)
        self.slider.setToolTip(self.tr("At most so many iterations per second"))
        self.slider.setAccessibleName(self.tr("Speed"))
        self.slider.valueChanged.connect(self._slider_moved)
        self.speed_label = QLabel(self)
        label = QLabel(self.tr("Speed"), self)
        label.setProperty("role", "muted")
        label.setBuddy(self.slider)
        box = QWidget(self)
        row = QHBoxLayout(box)
        row.setContentsMargins(SPACING, 0, SPACING, 0)
        row.setSpacing(SPACING)
        for widget in (label, self.slider, self.speed_label):
            row.addWidget(widget)
        box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.addWidget(box)
        self._show_speed(SPEEDS[-1])

    def set_fonts(self) -> None:
        """Give what changes its widest text's room, so that nothing beside it moves."""
        font = tabular_font()
        self.speed_label.setFont(font)
        metrics = QFontMetrics(font)
        texts = [self.speed_text(speed) for speed in SPEEDS]
        self.speed_label.setMinimumWidth(max(map(metrics.horizontalAdvance, texts)))
        self._fix_toggle_width()

    def refresh(self) -> None:
        """Enable what makes sense now."""
        session, actions = self._session, self._actions
        ready = session.problem is not None or session.loading
        shown = (ready, session.problem is None, session.running, session.ended, session.obstacle)
        if shown == self._shown:
            return
        self._shown = shown
        actions.show_running(session.running)
        actions["toggle"].setEnabled(ready)
        actions.set_tip("toggle", session.obstacle if not ready else self._toggle_tip())
        for name in STEPS:
            actions[name].setEnabled(session.problem is not None and not session.ended)
            actions.set_tip(name, self._ended_tip() if session.ended else "")
        actions["reset"].setEnabled(session.problem is not None)
        actions["new_weights"].setEnabled(ready)

    def show_hint(self, shown: bool) -> None:
        self.hint_action.setVisible(shown)

    def _toggle_tip(self) -> str:
        if self._session.running:
            return self.tr("Pause after the iteration that is being computed")
        if self._session.ended:
            return self.tr("Begin again at iteration 0 and run")
        return ""

    def _ended_tip(self) -> str:
        snapshot = self._session.snapshot
        if snapshot is None or snapshot.state is RunState.FINISHED:
            return self.tr("The stop rule has ended this run: change it, or reset")
        return self.tr("This run has ended: reset to begin again")

    def _slider_moved(self, position: int) -> None:
        self._show_speed(SPEEDS[position])
        self.speed_changed.emit(SPEEDS[position])

    def _show_speed(self, speed: int | None) -> None:
        text = self.speed_text(speed)
        self.speed_label.setText(text)
        self.slider.setAccessibleDescription(text)

    def _fix_toggle_width(self) -> None:
        button = self.widgetForAction(self._actions["toggle"])
        if not isinstance(button, QToolButton):
            return
        running = self._session.running
        widths = []
        for state in (True, False):
            self._actions.show_running(state)
            widths.append(button.sizeHint().width())
        self._actions.show_running(running)
        button.setMinimumWidth(max(widths))

    def speed_text(self, speed: int | None) -> str:
        if speed is None:
            return self.tr("as fast as it goes")
        if speed == 1:
            return self.tr("1 iteration/s")
        return self.tr("{count} iterations/s").format(count=f"{speed:,}")
