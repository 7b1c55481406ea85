"""The list of shortcuts has every key that the panels and the editors handle, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QLabel, QScrollArea

from bpgui.ui import editors, panels
from bpgui.ui.panels.panel_keys import PANEL_KEYS, TITLES, native, sequences
from bpgui.ui.shortcuts import groups

GROUPS = {
    "digits": {"digits", "digits_draw"},
    "explain": {"explain"},
    "gradients": {"gradients"},
    "graph": {"graph"},
    "loss": {"loss"},
    "network": {"network"},
    "output": {"output", "output_edit"},
    "parameter": {"parameters"},
    "plot": {"plots"},
    "value": {"network"},  # the field in which its values are edited
}
"""Which groups list the keys of a module, by the first word of its name."""
OF_QT = {("parameters", "F2"), ("explain", "Up"), ("explain", "Down")}  # which tables handle


HELD = r"(Ctrl|Alt|Shift)\+\S+"


def modules() -> Iterator[tuple[set[str], Path]]:
    for package, usual in ((panels, None), (editors, {"experiment"})):
        for path in Path(package.__file__).parent.glob("*.py"):
            yield usual or GROUPS.get(path.stem.split("_")[0], {path.stem}), path


def handled(path: Path) -> set[Qt.Key]:
    """The keys that a module names, as members of Qt.Key, standard keys or texts."""
    found: set[Qt.Key] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr.startswith("Key_"):
            found.add(Qt.Key[node.attr])
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("StandardKey"):
            found.add(QKeySequence(QKeySequence.StandardKey[node.attr])[0].key())
        elif isinstance(node, ast.Constant) and re.fullmatch(HELD, str(node.value)):
            found.add(QKeySequence(node.value)[0].key())
    return found


def listed(*names: str) -> set[Qt.Key]:
    rows = chain.from_iterable(keys for name, keys in PANEL_KEYS if name in names)
    return {each[0].key() for row in rows for each in sequences(row.keys)}


def test_every_key_that_a_module_handles_is_in_the_list_of_its_panel(qapp) -> None:
    found = {path.stem: (names, handled(path)) for names, path in modules()}
    del found["panel_keys"]
    assert sum(bool(keys) for _, keys in found.values()) >= 18
    missing = {
        stem: keys - listed(*names)
        for stem, (names, keys) in found.items()
        if not keys <= listed(*names)
    }
    assert missing == {}


@pytest.mark.parametrize("name", [name for name, _ in PANEL_KEYS])
def test_every_key_in_the_list_is_handled(qapp, name: str) -> None:
    found = set().union(*(handled(path) for names, path in modules() if name in names))
    of_qt = {QKeySequence(keys)[0].key() for panel, keys in OF_QT if panel == name}
    assert listed(name) <= found | of_qt | DIGITS


DIGITS = {QKeySequence(digit)[0].key() for digit in "123456789"}  # handled as a range


def test_keys_are_written_as_the_platform_does(qapp) -> None:
    assert native("Ctrl+C") == QKeySequence("Ctrl+C").toString(QKeySequence.NativeText)
    assert native("Shift+Arrows").endswith("Arrow keys")
    assert native("Enters F2") == "Enter, F2"
    assert [each.toString() for each in sequences("Ctrl+Enters")] == ["Ctrl+Return", "Ctrl+Enter"]
    assert len(sequences("Digits")) == 9


def test_the_list_has_the_keys_of_the_window_and_of_each_panel(qtbot, open_window) -> None:
    window = open_window()
    found = {group.title: dict(group.rows) for group in groups(window.commands, window.docks)}
    assert found["Everywhere"]["F6"] == "Next panel"
    assert found["Network"]["F"] == "Freeze or thaw it"
    docks = {name for name, _ in PANEL_KEYS} - set(TITLES)
    assert docks == set(window.docks) - {"why"}  # which has only what all plots have


@pytest.mark.parametrize(("size", "columns"), [((1024, 700), 2), ((1920, 1080), 3)])
def test_it_fits_into_the_window_and_cuts_no_text(qtbot, open_window, size, columns) -> None:
    window = open_window()
    window.resize(*size)
    window.commands["shortcuts"].trigger()
    (dialog,) = window.findChildren(QDialog)
    qtbot.waitUntil(dialog.isVisible)
    assert dialog.width() <= size[0]
    assert dialog.height() <= size[1]
    area = dialog.findChild(QScrollArea)
    page = area.widget()
    labels = page.findChildren(QLabel)
    headings = [label for label in labels if label.property("role") == "heading"]
    assert len({heading.x() for heading in headings}) == columns
    qtbot.waitUntil(lambda: page.width() == area.viewport().width())
    for label in labels:
        assert label.width() >= (0 if label.wordWrap() else label.sizeHint().width())
        assert label.height() >= label.heightForWidth(label.width())
    dialog.reject()
