"""F6 and Shift+F6 go from panel to panel, and the title of the one with the focus says so."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTabBar

from bpgui.ui.panel_focus import first_stop, reading_order

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot, open_window):
    window = open_window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.waitUntil(lambda: abs(window.docks["experiment"].width() - 336) < 40)
    return window


def active(window) -> list[str]:
    return [name for name, dock in window.docks.items() if dock._bar.property("active")]


def marked_tabs(window) -> list[str]:
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    bars = window.findChildren(QTabBar, options=direct)
    return [bar.tabText(bar.currentIndex()) for bar in bars if bar.property("active")]


def test_f6_goes_round_the_panels_in_sight_in_the_order_of_reading(qtbot, window) -> None:
    ways = ["experiment", "network", "parameters", "loss", "gradients", "experiment"]
    for name in ways:
        qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_F6)
        assert active(window) == [name]
        assert QApplication.focusWidget() is first_stop(window.docks[name])
    for name in reversed(ways[:-1]):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6, SHIFT)
        assert active(window) == [name]


def test_the_way_back_begins_with_the_last_panel(qtbot, window) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F6, SHIFT)
    assert active(window) == ["gradients"]


def test_tabs_behind_others_and_closed_panels_are_passed_by(qtbot, window) -> None:
    window.docks["loss"].close()
    window.docks["explain"].raise_()
    qtbot.waitUntil(lambda: window.docks["parameters"].x() < 0)
    order = [dock.objectName() for dock in reading_order(window.docks.values())]
    assert order == ["experiment", "network", "explain", "gradients"]


def test_a_floating_panel_is_the_last_and_leads_back(qtbot, window) -> None:
    loss = window.docks["loss"]
    loss.setFloating(True)
    qtbot.waitUntil(lambda: active(window) == ["loss"])
    window.panel_focus.go(1)
    qtbot.waitUntil(lambda: active(window) == ["experiment"])
    window.panel_focus.go(-1)
    qtbot.waitUntil(lambda: active(window) == ["loss"])
    assert QApplication.focusWidget() is first_stop(loss)


def test_a_tab_is_marked_in_place_of_the_title_that_it_hides(qtbot, window) -> None:
    first_stop(window.docks["network"]).setFocus()
    assert marked_tabs(window) == ["Network"]
    first_stop(window.docks["loss"]).setFocus()
    assert marked_tabs(window) == []
    window.tabifyDockWidget(window.docks["gradients"], window.docks["loss"])
    window.docks["loss"].raise_()
    first_stop(window.docks["loss"]).setFocus()
    qtbot.waitUntil(lambda: marked_tabs(window) == ["Loss"])
    window.setFocus()
    assert (active(window), marked_tabs(window)) == ([], [])


def test_a_panel_without_anything_that_takes_keys_takes_the_focus_itself(qtbot, window) -> None:
    digits = window.docks["digits"]
    digits.raise_()
    qtbot.waitUntil(lambda: window.docks["network"].x() < 0)
    window.panel_focus.go(1)
    window.panel_focus.go(1)
    assert QApplication.focusWidget() is digits
    assert marked_tabs(window) == ["Digits"]


def test_what_gets_the_focus_is_scrolled_to(qtbot, window) -> None:
    bar = window.editor.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    window.panel_focus.go(1)
    assert bar.value() < bar.maximum()
    assert window.editor.about.visibleRegion().isEmpty() is False
