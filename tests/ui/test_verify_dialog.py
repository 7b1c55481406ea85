"""The window with published digits."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from bpgui import published
from bpgui.published import Example
from bpgui.training.worker import in_thread
from bpgui.ui import verify_dialog
from bpgui.ui.panels.parameter_model import VERDICT_ROLE
from bpgui.ui.theme import LIGHT
from bpgui.ui.verify_dialog import MARK, VerifyDialog


@pytest.fixture
def dialog(qtbot):
    dialog = VerifyDialog(in_thread, LIGHT)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    yield dialog
    dialog.close()


def rows(dialog):
    tree = dialog.tree
    for i in range(tree.topLevelItemCount()):
        group = tree.topLevelItem(i)
        for j in range(group.childCount()):
            yield group.child(j)


def test_every_published_number_is_shown_and_agrees(dialog, qtbot):
    assert dialog.progress.isVisible()
    qtbot.waitUntil(lambda: dialog.complete)
    count = sum(len(e.digits) + len(e.after_long_runs) for e in published.EXAMPLES)
    found = list(rows(dialog))
    assert len(found) == count
    assert {row.data(MARK, VERDICT_ROLE) for row in found} == {"good"}
    assert dialog.summary.text() == f"{count} of {count} published numbers agree"
    assert not dialog.progress.isVisible()
    texts = [found[8].text(column) for column in range(5)]
    assert texts[:3] == ["loss", "0.2983711087600027", "0.2983711087600027"]
    assert texts[4] == "agrees"
    names = [dialog.tree.topLevelItem(i).text(0) for i in range(len(published.EXAMPLES))]
    assert names[0] == "A1  Two inputs, two hidden units, two outputs; biases fixed  ·  33 of 33"
    dialog.copy_all()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == count + len(published.EXAMPLES)
    found[8].setSelected(True)
    qtbot.keyClick(dialog.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "\t".join(texts)


def test_a_number_that_differs_is_marked(qtbot, monkeypatch):
    wrong = Example("Z", "Off", lambda: {"a": 1.5, "b": 2.0}, {"a": "1.25", "b": "2.00"}, {})
    monkeypatch.setattr(published, "EXAMPLES", (wrong,))
    monkeypatch.setattr(verify_dialog, "EXAMPLES", (wrong,))
    dialog = VerifyDialog(in_thread, LIGHT)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.complete)
    first, second = rows(dialog)
    assert [first.text(i) for i in range(5)] == ["a", "1.25", "1.5", "0.25", "differs"]
    assert first.data(MARK, VERDICT_ROLE) == "wrong"
    assert second.data(MARK, VERDICT_ROLE) == "good"
    assert dialog.summary.text() == "1 of 2 published numbers agree"
    dialog.close()


def test_what_cannot_be_computed_is_told(qtbot, monkeypatch):
    def broken():
        raise MemoryError("no room")

    wrong = Example("Z", "Off", broken, {"a": "1.25"}, {})
    monkeypatch.setattr(published, "EXAMPLES", (wrong,))
    monkeypatch.setattr(verify_dialog, "EXAMPLES", (wrong,))
    dialog = VerifyDialog(in_thread, LIGHT)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: "no room" in dialog.summary.text())
    dialog.close()


def test_it_can_be_closed_before_it_is_done(qtbot, dialog):
    dialog.close()
    assert not dialog.complete
