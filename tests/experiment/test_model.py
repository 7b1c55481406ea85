"""Models are made of what fits, tell all that does not, and stay as they are."""

from __future__ import annotations

import copy
import pickle
from typing import Annotated, Any, Literal

import pytest

from bpgui.experiment.kinds import Finding, Real, Text, Whole
from bpgui.experiment.model import Length, Model, ModelError, Tag, json_schema


class Circle(Model):
    shape: Literal["circle"] = "circle"
    radius: Annotated[float, Real(above=0)] = 1.0


class Polygon(Model):
    """Corners in turn."""

    shape: Literal["polygon"] = "polygon"
    corners: Annotated[tuple[tuple[float, ...], ...], Length(least=3, most=5)]


class Drawing(Model):
    title: Annotated[str, Text(most=5)] = ""
    copies: Annotated[int, Whole(1, below=10)] | None = None
    shown: bool = True
    levels: tuple[tuple[float, ...], ...] | tuple[float, ...] = ()
    main: Annotated[Circle | Polygon, Tag("shape")] = Circle()
    others: tuple[Circle, ...] = ()


CORNERS = [[0, 0], [1, 0], [0, 1.5]]
RAW = {
    "title": "a",
    "copies": 2.0,
    "levels": [1, 2],
    "main": {"shape": "polygon", "corners": CORNERS},
    "others": [{"radius": 2}],
}


def findings(model: type[Model], raw: Any) -> list[Finding]:
    with pytest.raises(ModelError) as caught:
        model.model_validate(raw)
    return caught.value.findings


def test_raw_values_become_those_of_the_fields() -> None:
    drawing = Drawing.model_validate(RAW)

    assert drawing == Drawing(
        title="a",
        copies=2,
        levels=(1.0, 2.0),
        main=Polygon(corners=((0.0, 0.0), (1.0, 0.0), (0.0, 1.5))),
        others=(Circle(radius=2.0),),
    )
    assert type(drawing.copies) is int
    assert all(type(level) is float for level in drawing.levels)
    assert Drawing.model_validate(drawing) is drawing
    assert Drawing.model_validate(drawing.model_dump(mode="json")) == drawing


@pytest.mark.parametrize(
    ("raw", "finding"),
    [
        (3, Finding((), 3)),
        ({"title": "abcdef"}, Finding(("title",), "abcdef")),
        ({"title": "\ud800"}, Finding(("title",), "\ud800")),
        ({"title": None}, Finding(("title",), None)),
        ({"copies": 0}, Finding(("copies",), 0)),
        ({"copies": 10}, Finding(("copies",), 10)),
        ({"copies": 1.5}, Finding(("copies",), 1.5)),
        ({"copies": True}, Finding(("copies",), True)),
        ({"shown": 1}, Finding(("shown",), 1)),
        ({"levels": [1, "x"]}, Finding(("levels", 1), "x")),
        ({"levels": [[1], 2]}, Finding(("levels", 1), 2)),
        ({"levels": [10**400]}, Finding(("levels", 0), 10**400)),
        ({"levels": [float("inf")]}, Finding(("levels", 0), float("inf"))),
        ({"levels": 5}, Finding(("levels",), 5)),
        ({"main": "circle"}, Finding(("main",), "circle")),
        ({"main": {}}, Finding(("main",), {}, "tag", "shape")),
        ({"main": {"shape": []}}, Finding(("main",), {"shape": []}, "tag", "shape")),
        (
            {"main": {"shape": "circle", "radius": 0}},
            Finding(("main", "circle", "radius"), 0),
        ),
        (
            {"main": {"shape": "polygon"}},
            Finding(("main", "polygon", "corners"), {"shape": "polygon"}, "missing"),
        ),
        (
            {"main": {"shape": "polygon", "corners": [[]] * 6}},
            Finding(("main", "polygon", "corners"), [[]] * 6),
        ),
        ({"others": [Circle(), {"shape": "square"}]}, Finding(("others", 1, "shape"), "square")),
        ({"tittle": 1}, Finding(("tittle",), 1, "unknown")),
    ],
)
def test_what_does_not_fit_is_found_where_it_stands(raw: Any, finding: Finding) -> None:
    assert findings(Drawing, raw) == [finding]


def test_all_that_does_not_fit_is_found_at_once() -> None:
    raw = {**RAW, "title": 1, "copies": -1, "levels": ["a", "b"], "x": 1}

    found = findings(Drawing, raw)

    assert [finding.at for finding in found] == [
        ("title",),
        ("copies",),
        ("levels", 0),
        ("levels", 1),
        ("x",),
    ]


def test_a_model_is_checked_as_it_is_made() -> None:
    with pytest.raises(ModelError, match="no Circle can be made of this: see radius, color"):
        Circle(radius=-1, color="red")  # type: ignore[call-arg]


def test_a_model_stays_as_it_is() -> None:
    circle = Circle()

    with pytest.raises(AttributeError, match="radius cannot be set"):
        circle.radius = 2.0  # type: ignore[misc]
    with pytest.raises(AttributeError, match="radius cannot be set"):
        del circle.radius
    assert circle == Circle(radius=1)


def test_models_are_equal_by_their_values() -> None:
    drawing = Drawing.model_validate(RAW)
    other = drawing.model_copy(update={"title": "b"})

    assert {drawing, copy.deepcopy(drawing), pickle.loads(pickle.dumps(drawing))} == {drawing}
    assert other != drawing
    assert other.title == "b"
    assert other.main is drawing.main
    assert Circle() != Drawing()
    assert repr(Circle(radius=2)) == "Circle(shape='circle', radius=2.0)"


def test_values_are_dumped_by_their_names() -> None:
    drawing = Drawing.model_validate(RAW)

    assert drawing.model_dump(mode="json") == {
        "title": "a",
        "copies": 2,
        "shown": True,
        "levels": [1.0, 2.0],
        "main": {"shape": "polygon", "corners": CORNERS},
        "others": [{"shape": "circle", "radius": 2.0}],
    }
    assert drawing.model_dump(exclude={"title", "main"}) == {
        "copies": 2,
        "shown": True,
        "levels": (1.0, 2.0),
        "others": ({"shape": "circle", "radius": 2.0},),
    }


def test_a_model_describes_itself_as_json_schema() -> None:
    numbers = {"items": {"type": "number"}, "type": "array"}
    schema = json_schema(Drawing)

    assert schema["properties"] == {
        "title": {"default": "", "maxLength": 5, "title": "Title", "type": "string"},
        "copies": {
            "anyOf": [
                {"exclusiveMaximum": 10, "minimum": 1, "type": "integer"},
                {"type": "null"},
            ],
            "default": None,
            "title": "Copies",
        },
        "shown": {"default": True, "title": "Shown", "type": "boolean"},
        "levels": {
            "anyOf": [{"items": numbers, "type": "array"}, numbers],
            "default": [],
            "title": "Levels",
        },
        "main": {
            "default": {"shape": "circle", "radius": 1.0},
            "discriminator": {
                "mapping": {"circle": "#/$defs/Circle", "polygon": "#/$defs/Polygon"},
                "propertyName": "shape",
            },
            "oneOf": [{"$ref": "#/$defs/Circle"}, {"$ref": "#/$defs/Polygon"}],
            "title": "Main",
        },
        "others": {
            "default": [],
            "items": {"$ref": "#/$defs/Circle"},
            "title": "Others",
            "type": "array",
        },
    }
    assert schema["$defs"]["Polygon"]["description"] == "Corners in turn."
    assert schema["$defs"]["Polygon"]["required"] == ["corners"]
