"""Every text of the window can be translated: lupdate finds all of them."""

from __future__ import annotations

import ast
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import bpgui

UI = Path(bpgui.__file__).parent / "ui"
TEXT_AT = {"tr": 0, "translate": 1, "QT_TRANSLATE_NOOP": 1}  # which argument holds the text


def marked() -> Iterator[tuple[Path, ast.expr]]:
    """The texts given to tr and its like, with their files; tables hand theirs on by a name."""
    for path in sorted(UI.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            place = TEXT_AT.get(name)
            if place is not None and len(node.args) > place:
                yield path, node.args[place]


def test_texts_are_plain_literals() -> None:
    wrong = [
        f"{path.name}:{text.lineno}"
        for path, text in marked()
        if isinstance(text, ast.JoinedStr | ast.BinOp)
    ]
    assert wrong == []


def test_lupdate_finds_every_text(tmp_path: Path) -> None:
    found = tmp_path / "all.ts"
    tool = Path(sys.executable).parent / "pyside6-lupdate"
    files = [str(path) for path in sorted(UI.rglob("*.py"))]
    subprocess.run([tool, *files, "-ts", str(found)], check=True, capture_output=True)
    sources = {message.findtext("source") for message in ElementTree.parse(found).iter("message")}
    missing = [
        f"{path.name}: {text.value}"
        for path, text in marked()
        if isinstance(text, ast.Constant) and text.value not in sources
    ]
    assert len(sources) > 300
    assert missing == []
