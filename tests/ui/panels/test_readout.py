"""A line of exact numbers: what is cut is told by a tooltip."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from bpgui.ui.panels.readout import Cell, Readout


@pytest.fixture
def readout(qtbot):
    readout = Readout(2)
    qtbot.addWidget(readout)
    readout.set_rows(
        (Cell("iteration", "0"), Cell("train", "0.2983710876000227", 0.4, "#123456")),
        (Cell("epoch", "<1"),),
    )
    with qtbot.waitExposed(readout):
        readout.show()
    yield readout
    QToolTip.hideText()


def told(readout: Readout) -> str:
    place = QPoint(5, 5)
    event = QHelpEvent(QEvent.Type.ToolTip, place, readout.mapToGlobal(place))
    QApplication.sendEvent(readout, event)
    return QToolTip.text()


def test_a_cut_value_is_told_whole(readout) -> None:
    readout.setFixedWidth(260)
    assert readout.cut
    assert told(readout) == "iteration 0<br>train 0.2983710876000227<br>epoch &lt;1"


def test_what_can_be_read_is_not_told_again(readout) -> None:
    readout.setFixedWidth(600)
    assert not readout.cut
    assert told(readout) == ""


def test_a_cut_label_is_told_whole(readout) -> None:
    readout.setFixedWidth(600)
    readout.set_rows((Cell("a label that reaches into the next", ""), Cell("b", "1", 0.2)), ())
    assert readout.cut
    assert told(readout).startswith("a label that reaches into the next<br>b 1")
