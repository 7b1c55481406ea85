"""Controls that go on below where they have no room beside each other, and lines that are cut."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from bpgui.ui.panels.controls import ElidedLabel
from bpgui.ui.panels.flow import Flow
from bpgui.ui.panels.loss_panel import LossPanel

GAP = 4


@pytest.fixture
def row(qtbot):
    """Three controls, 100 wide and 20 high."""
    widget = QWidget()
    qtbot.addWidget(widget)
    controls = [QWidget(widget) for _ in range(3)]
    for control in controls:
        control.setFixedSize(100, 20)
    widget.setLayout(Flow(controls, GAP))
    with qtbot.waitExposed(widget):
        widget.show()
    return widget, controls


@pytest.mark.parametrize(
    ("width", "places"),
    [
        (308, [(0, 0), (104, 0), (208, 0)]),
        (307, [(0, 0), (104, 0), (0, 24)]),
        (204, [(0, 0), (104, 0), (0, 24)]),
        (110, [(0, 0), (0, 24), (0, 48)]),
    ],
)
def test_controls_go_on_below(row, qtbot, width, places):
    widget, controls = row
    widget.setFixedWidth(width)
    widget.resize(width, 100)
    qtbot.waitUntil(lambda: [each.pos().toTuple() for each in controls] == places)
    assert widget.layout().heightForWidth(width) == places[-1][1] + 20


def test_what_is_hidden_takes_no_room(row, qtbot):
    widget, controls = row
    assert widget.layout().sizeHint().toTuple() == (308, 20)
    controls[0].hide()
    widget.setFixedWidth(204)
    qtbot.waitUntil(lambda: [each.pos().toTuple() for each in controls[1:]] == [(0, 0), (104, 0)])
    assert widget.layout().sizeHint().toTuple() == (204, 20)
    assert widget.layout().minimumSize().toTuple() == (100, 20)


@pytest.mark.parametrize("width", [288, 400])
def test_no_choice_of_the_loss_panel_is_cut(qtbot, width):
    panel = LossPanel()
    qtbot.addWidget(panel)
    panel.setFixedSize(width, 240)
    with qtbot.waitExposed(panel):
        panel.show()
    for choice in (panel.loss_choice, panel.axis_choice, panel.smoothing_choice):
        assert choice.width() >= choice.sizeHint().width()
        assert choice.geometry().right() < width
        assert choice.geometry().bottom() < panel.readout.y()


@pytest.fixture
def line(qtbot):
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText("985 misclassified, accuracy 31.5 %")
    label.resize(80, 20)
    with qtbot.waitExposed(label):
        label.show()
    return label


def test_a_line_with_too_little_room_ends_in_an_ellipsis(line, qtbot):
    whole = ElidedLabel()
    qtbot.addWidget(whole)
    whole.setText(line.shown)
    whole.resize(line.size())
    assert line.shown.endswith("…")
    assert line.text().startswith(line.shown[:-1])
    assert line.grab().toImage() == whole.grab().toImage()
    line.resize(line.sizeHint())
    assert line.shown == line.text()


def test_the_rest_of_such_a_line_is_in_its_tooltip(line, qtbot):
    def point() -> None:
        place = QPoint(5, 5)
        event = QHelpEvent(QEvent.Type.ToolTip, place, line.mapToGlobal(place))
        QApplication.sendEvent(line, event)

    point()
    assert QToolTip.text() == f"<p>{line.text()}</p>"
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    line.resize(line.sizeHint())
    point()
    assert not QToolTip.isVisible()
