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

from bpgui.experiment.lessons import State
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
        self._hint_wanted = False
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
        self._speed = self.addWidget(box)
        self._speed_box = box
        self.set_speed_state("shown")
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
        actions.set_enabled("toggle", ready)
        actions.set_tip("toggle", session.obstacle if not ready else self._toggle_tip())
        for name in STEPS:
            actions.set_enabled(name, session.problem is not None and not session.ended)
            actions.set_tip(name, self._ended_tip() if session.ended else "")
        actions.set_enabled("reset", session.problem is not None)
        actions.set_enabled("new_weights", ready)

    def show_hint(self, shown: bool) -> None:
        self._hint_wanted = shown
        self.hint_action.setVisible(shown and self._actions["toggle"].isVisible())

    def set_speed_state(self, state: State) -> None:
        """Let a lesson hide or lock the slider."""
        self._speed.setVisible(state != "hidden")
        self._speed_box.setEnabled(state == "shown")
        locked, free = (
            self.tr("Locked by this lesson"),
            self.tr("At most so many iterations per second"),
        )
        self.slider.setToolTip(locked if state == "locked" else free)

    def tidy(self) -> None:
        """Separators between what can be seen, none at an end or beside another."""
        self.show_hint(self._hint_wanted)
        after_something, last = False, None
        for action in self.actions():
            if action.isSeparator():
                action.setVisible(after_something)
                last = action if after_something else last
                after_something = False
            else:
                after_something |= action.isVisible()
        if last is not None and not after_something:
            last.setVisible(False)

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
