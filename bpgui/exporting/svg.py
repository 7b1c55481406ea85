"""Makes the SVG that Qt writes one that programs show alike.

Qt writes a line of constant width as one under a transform that the width does not follow (the
attribute `vector-effect`), which office programs and many converters do not know: they fill whole
plots. So the transform is applied to the points. Qt also writes paths without a point, which Qt
itself then finds invalid, and names the font of the system alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias
from xml.etree import ElementTree

Matrix: TypeAlias = tuple[float, ...]  # (a, b, c, d, e, f): (x, y) -> (ax + cy + e, bx + dy + f)

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
EFFECT, CONSTANT = "vector-effect", "non-scaling-stroke"
FALLBACK = ", sans-serif"

_POINT = re.compile(r"([-+.\deE]+),([-+.\deE]+)")
_NUMBER = re.compile(r"[-+.\deE]+")


def portable(content: bytes) -> bytes:
    """An SVG of QSvgGenerator with plain lines instead, and a font for systems without its own."""
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    root = ElementTree.fromstring(content)
    _drop_empty_paths(root)
    for group in root.iter(f"{{{SVG}}}g"):
        _flatten(group)
    for area in root.iterfind(f".//{{{SVG}}}clipPath/*"):
        area.attrib.pop(EFFECT, None)
    for element in root.iter():
        if element.get(EFFECT) == "none":
            del element.attrib[EFFECT]
        if "font-family" in element.attrib:
            element.attrib["font-family"] += FALLBACK
    plain: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return plain


def _drop_empty_paths(root: ElementTree.Element) -> None:
    paths = f"{{{SVG}}}path"
    for parent in list(root.iter()):
        for path in [path for path in parent.iterfind(paths) if not path.get("d", "").strip()]:
            parent.remove(path)


def _flatten(group: ElementTree.Element) -> None:
    """Apply the transform of a group, in which all lines are of one kind, to their points."""
    lines = [element for element in group if element.get(EFFECT) == CONSTANT]
    if lines and len(lines) == len(group) and all(line.tag in MOVED for line in lines):
        matrix = tuple(map(float, _NUMBER.findall(group.attrib.pop("transform").partition("(")[2])))
        for line in lines:
            MOVED[line.tag](line, matrix)
            del line.attrib[EFFECT]


def _move_points(line: ElementTree.Element, matrix: Matrix, attribute: str) -> None:
    a, b, c, d, e, f = matrix

    def moved(point: re.Match[str]) -> str:
        x, y = float(point[1]), float(point[2])
        return f"{a * x + c * y + e:.7g},{b * x + d * y + f:.7g}"

    line.set(attribute, _POINT.sub(moved, line.attrib[attribute]))


def _move_rectangle(line: ElementTree.Element, matrix: Matrix) -> None:
    x, y, width, height = (float(line.attrib.pop(name)) for name in ("x", "y", "width", "height"))
    line.tag = f"{{{SVG}}}path"
    line.set("d", f"M{x},{y} L{x + width},{y} L{x + width},{y + height} L{x},{y + height} Z")
    _move_points(line, matrix, "d")


MOVED: dict[str, Callable[[ElementTree.Element, Matrix], None]] = {
    f"{{{SVG}}}path": lambda line, matrix: _move_points(line, matrix, "d"),
    f"{{{SVG}}}polyline": lambda line, matrix: _move_points(line, matrix, "points"),
    f"{{{SVG}}}rect": _move_rectangle,
}
