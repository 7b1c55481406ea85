"""The controls above the network picture: what edges show, and for which sample units do."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QHBoxLayout, QLabel, QWidget

from bpgui.ui.panels.color_bar import ColorBar
from bpgui.ui.panels.controls import WholeBox, toggle
from bpgui.ui.theme import SPACING, Theme
from bpgui.views.network_edges import Shown


class NetworkControls(QWidget):
    """A switch, a sample and the scale of the colors."""

    shown_changed = Signal()
    maps_toggled = Signal(bool)
    sample_chosen = Signal(int)  # from 0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build_buttons()
        self._build_sample()
        self.color_bar = ColorBar(self)
        self.color_bar.setToolTip(
            self.tr(
                "Orange is positive, blue negative, on a symmetric logarithmic scale that changes "
                "in steps. The larger a number, the thicker its edge."
            )
        )
        switches, self._rest = QHBoxLayout(), QHBoxLayout()
        rest = self._rest
        for button in self.shown_buttons.buttons():
            switches.addWidget(button)
        switches.addWidget(self.maps)
        switches.addStretch(1)
        rest.addWidget(self.sample_label)
        rest.addWidget(self.sample)
        rest.addStretch(1)
        rest.addWidget(self.color_bar, 100)
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.addLayout(switches)
        self._rows.addLayout(rest, 1)
        for row in (switches, rest, self._rows):
            row.setSpacing(SPACING // 2)

    def _build_buttons(self) -> None:
        self.shown_buttons = QButtonGroup(self)
        texts = (
            (
                self.tr("Weights"),
                self.tr("Edges show the values of weights, and dots those of biases."),
            ),
            (
                self.tr("Gradients"),
                self.tr(
                    "Edges show dL/dw of the last iteration's batch, before its update: how the "
                    "loss changes when a weight grows."
                ),
            ),
        )
        for number, (text, tip) in enumerate(texts):
            self.shown_buttons.addButton(toggle(self, text, tip), number)
        self.shown_buttons.button(0).setChecked(True)
        self.shown_buttons.idClicked.connect(lambda _id: self.shown_changed.emit())

        self.maps = toggle(
            self,
            self.tr("Maps"),
            self.tr(
                "In each unit a map of what it computes: its activation over the plane of the two "
                "inputs, x1 across and x2 up, orange above and blue below zero. The unit that you "
                "point at or choose is shown large."
            ),
        )
        self.maps.setChecked(True)
        self.maps.hide()
        self.maps.toggled.connect(self.maps_toggled)

    def _build_sample(self) -> None:
        self.sample = WholeBox(
            self,
            self.tr("Sample"),
            self.tr(
                "<b>Sample</b><br>The units show the activations for this training sample. Deeper "
                "orange is more positive, deeper blue more negative."
            ),
        )
        self.sample.setRange(1, 1)
        self.sample_label = QLabel(self.tr("Sample"), self)
        self.sample_label.setProperty("role", "muted")
        self.sample_label.setBuddy(self.sample)
        self.sample.valueChanged.connect(lambda value: self.sample_chosen.emit(value - 1))

    @property
    def shown(self) -> Shown:
        return "weights" if self.shown_buttons.checkedId() == 0 else "gradients"

    def show_maps_switch(self, shown: bool) -> None:
        """There are maps only over a plane of two inputs."""
        self.maps.setVisible(shown)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is no room for all, leave out the bar, then the label: neither is a
        control. Where even that is too little, the sample goes on below."""
        switches = (*self.shown_buttons.buttons(), self.maps)
        shown = [widget for widget in switches if not widget.isHidden()]
        sample = self.sample.sizeHint().width() + SPACING
        needed = sum(widget.sizeHint().width() + SPACING // 2 for widget in shown) + sample
        below = needed > self.width()
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._rows.setDirection(down if below else right)
        self._rest.setContentsMargins(0 if below else SPACING // 2, 0, 0, 0)
        needed = sample if below else needed
        for part in (self.sample_label, self.color_bar):
            needed += max(part.minimumSizeHint().width(), part.minimumWidth()) + SPACING
            part.setVisible(needed <= self.width())

    def set_samples(self, count: int) -> None:
        with QSignalBlocker(self.sample):
            self.sample.setRange(1, count)
            self.sample.setSuffix(self.tr(" of {count}").format(count=f"{count:,}"))

    def set_sample(self, sample: int) -> None:
        """Show the number of a sample, which counts from 0."""
        with QSignalBlocker(self.sample):
            self.sample.setValue(sample + 1)

    def set_theme(self, theme: Theme) -> None:
        self.color_bar.set_theme(theme)
