"""Help > About: versions that can be copied, and licenses that can be searched and read."""

from __future__ import annotations

import platform
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QListWidget

import bpgui
from bpgui.engine.compiled import available
from bpgui.licenses import components
from bpgui.ui.about import AboutDialog, details


@pytest.fixture
def dialog(qtbot) -> Iterator[AboutDialog]:
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


@pytest.fixture
def licenses(dialog):
    dialog.tabs.setCurrentWidget(dialog.licenses)
    return dialog.licenses


def shown(listing: QListWidget) -> list[str]:
    items = (listing.item(row) for row in range(listing.count()))
    return [item.text() for item in items if not item.isHidden()]


def test_versions_are_shown_and_copied(qtbot, dialog) -> None:
    texts = {label.text() for label in dialog.tabs.widget(0).findChildren(QLabel)}
    assert {platform.python_version(), np.__version__} <= texts

    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)

    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0] == f"bpgui: {bpgui.__version__}"
    assert any(line.startswith(f"Qt: {qVersion()}, PySide6 ") for line in copied)
    assert f"NumPy: {np.__version__}" in copied


@pytest.mark.parametrize(("wanted", "told"), [("numpy", ["NumPy"]), ("", ["compiled", "NumPy"])])
def test_the_engine_in_use_is_told(monkeypatch, qapp, wanted: str, told: list[str]) -> None:
    monkeypatch.setenv("BPGUI_ENGINE", wanted)
    assert details()["Engine"] == told[0 if available() else -1]


def test_licenses_are_read_when_they_are_first_looked_at(dialog) -> None:
    assert dialog.licenses.list.count() == 0

    dialog.tabs.setCurrentWidget(dialog.licenses)

    names = [f"{one.name} {one.version}".rstrip() for one in components()]
    assert shown(dialog.licenses.list) == names
    assert dialog.licenses.list.currentItem().text() == f"bpgui {bpgui.__version__}"
    assert dialog.licenses.text.toPlainText().startswith("MIT License")
    dialog.tabs.setCurrentIndex(0)
    dialog.tabs.setCurrentIndex(1)
    assert shown(dialog.licenses.list) == names


def test_the_license_of_the_picked_component_is_shown_with_its_home(licenses) -> None:
    row = shown(licenses.list).index(f"numpy {np.__version__}")

    licenses.list.setCurrentRow(row)

    assert "OpenBLAS" in licenses.text.toPlainText()
    assert 'href="https://numpy.org"' in licenses.heading.text()
    assert "BSD-3-Clause" in licenses.heading.text()


def test_a_search_finds_names_and_texts_and_picks_what_it_found(qtbot, licenses) -> None:
    qtbot.keyClicks(licenses.search, "FreeType project")

    assert shown(licenses.list) == [f"Qt {qVersion()}"]
    assert licenses.list.currentItem().text() == f"Qt {qVersion()}"
    assert "LGPL-3.0-only" in licenses.heading.text()

    qtbot.keyClicks(licenses.search, " no such words")
    assert shown(licenses.list) == []
    assert licenses.text.toPlainText() == ""
    assert not licenses.heading.isVisible()

    licenses.search.clear()
    assert len(shown(licenses.list)) == len(components())


def test_nothing_is_cut_off_in_the_smallest_dialog(qtbot, dialog) -> None:
    dialog.resize(dialog.minimumSize())
    qtbot.waitUntil(lambda: dialog.size() == dialog.minimumSize())

    for label in dialog.tabs.widget(0).findChildren(QLabel):
        needed = label.heightForWidth(label.width())
        assert label.height() >= (needed if needed > 0 else label.sizeHint().height())
        assert label.wordWrap() or label.width() >= label.sizeHint().width()
