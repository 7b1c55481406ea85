"""SVGs of Qt become such as programs show alike."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bpgui.exporting.svg import SVG, portable

HEAD = f'<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1">'
LINE = 'vector-effect="non-scaling-stroke"'


def elements(body: str) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(portable(f"{HEAD}{body}</svg>".encode()))
    return {element.tag.removeprefix(f"{{{SVG}}}"): element for element in root.iter()}


@pytest.mark.parametrize(
    ("line", "attribute", "moved"),
    [
        (f'<path {LINE} d="M1,2 L-3,4e1 C0,0 1,1 2,2 Z "/>', "d",
         "M12,-14 L4,-470 C10,10 12,-2 14,-14 Z "),
        (f'<polyline {LINE} points="1,2 3.5,0 "/>', "points", "12,-14 17,10 "),
    ],
)  # fmt: skip
def test_the_transform_is_applied_to_the_points(line, attribute, moved):
    found = elements(f'<g stroke="#000" transform="matrix(2,0,0,-12,10,10)">{line}</g>')
    assert found["g"].attrib == {"stroke": "#000"}
    (line,) = found["g"]
    assert line.attrib == {attribute: moved}


def test_a_rectangle_that_is_turned_is_a_path():
    body = f'<rect {LINE} x="1" y="2" width="3" height="4"/>'
    found = elements(f'<g transform="matrix(0,1,-1,0,0,0)">{body}</g>')
    assert found["path"].get("d") == "M-2,1 L-2,4 L-6,4 L-6,1 Z"


def test_what_scales_along_stays_as_it_is():
    group = '<g transform="matrix(2,0,0,2,0,0)">'
    path = elements(f'{group}<path vector-effect="none" d="M1,1 L2,2"/></g>')
    assert path["path"].attrib == {"d": "M1,1 L2,2"}
    assert path["g"].get("transform") == "matrix(2,0,0,2,0,0)"
    mixed = elements(f'{group}<path {LINE} d="M1,1 L2,2"/><image x="1"/></g>')
    assert mixed["path"].get("vector-effect") == "non-scaling-stroke"


def test_a_path_without_a_point_is_left_out():
    group, empty = '<g transform="matrix(2,0,0,2,0,0)">', f'<path {LINE} fill-rule="evenodd" d=""/>'
    assert "path" not in elements(f"{group}{empty}</g>")
    found = elements(f'{group}{empty}<polyline {LINE} points="1,2 3,4 "/></g>')
    assert [line.attrib for line in found["g"]] == [{"points": "2,4 6,8 "}]


def test_a_font_that_is_missing_has_another_without_serifs():
    found = elements('<text font-family="Segoe UI">7</text>')
    assert found["text"].get("font-family") == "Segoe UI, sans-serif"
