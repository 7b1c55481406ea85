"""The JSON Schema of preset files: for editors that check as one types, and for our own error
messages.

`python -m bpgui.experiment.schema` writes it to resources/preset.schema.json.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeAlias

from bpgui.experiment.models import Experiment
from bpgui.experiment.wording import one_of, shown
from bpgui.paths import resources

MOST_LISTED = 30  # names in a message

Fragment: TypeAlias = dict[str, Any]


@cache
def preset_schema() -> Fragment:
    """The schema of a preset file of this version."""
    schema = Experiment.model_json_schema()
    schema["required"] = ["format", "version", *schema["required"]]
    manual = schema["$defs"]["Manual"]
    manual["required"].remove("biases")
    manual["properties"]["biases"] = {
        "anyOf": [manual["properties"]["biases"], {"type": "null"}],
        "title": "Biases",
    }
    for model in schema["$defs"].values():
        for tag in ("scheme", "source"):
            if tag in model["properties"]:
                model.setdefault("required", []).insert(0, tag)
    title = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "bpgui preset, version 1",
    }
    return {
        **schema,
        **title,
        "description": "A network, its data and its training, as bpgui saves them.",
    }


def text() -> str:
    """The schema file's content."""
    return json.dumps(preset_schema(), indent=2, ensure_ascii=False) + "\n"


def fragment(location: Iterable[str | int]) -> Fragment:
    """What the schema says of a place, {} where it says nothing; tags of unions stand in the
    location as pydantic puts them."""
    part = preset_schema()
    for key in location:
        part = _dereferenced(part)
        mapping = part.get("discriminator", {}).get("mapping")
        if mapping:
            part = {"$ref": mapping[key]} if key in mapping else {}
        elif isinstance(key, int):
            part = _array(part).get("items", {})
        else:
            part = _object(part).get("properties", {}).get(key, {})
    return _dereferenced(part)


def _array(part: Fragment) -> Fragment:
    return _choice(part, "array")


def _object(part: Fragment) -> Fragment:
    return _choice(part, "object")


def _choice(part: Fragment, kind: str) -> Fragment:
    choices = [_dereferenced(choice) for choice in part.get("anyOf", [part])]
    return next((choice for choice in choices if choice.get("type") == kind), {})


def _dereferenced(part: Fragment) -> Fragment:
    if "$ref" in part:
        return dict(preset_schema()["$defs"][part["$ref"].rpartition("/")[2]])
    return part


def names(part: Fragment) -> tuple[str, ...]:
    """The choices a place has: names of an enumeration, tags of a union, or fields of an object."""
    tags = part.get("discriminator", {}).get("mapping", {})
    return tuple(part.get("enum", ())) or tuple(tags) or tuple(_object(part).get("properties", ()))


def expected(part: Fragment) -> str:
    """What would be right at a place, in words."""
    if "anyOf" in part:
        return " or ".join(expected(_dereferenced(choice)) for choice in part["anyOf"])
    if "const" in part:
        return shown(part["const"])
    if len(part.get("enum", ())) > MOST_LISTED:
        return "a name such as " + ", ".join(part["enum"][:3])
    if "enum" in part:
        return one_of(name if name[:1].isalnum() else shown(name) for name in part["enum"])
    if "discriminator" in part:
        return f'an object with a "{part["discriminator"]["propertyName"]}"'
    describe = _KINDS.get(part.get("type", ""))
    return describe(part) if describe else "another value"


def _whole_number(part: Fragment) -> str:
    low = part["minimum"]
    return (
        f"a whole number from {low:,} to {part['maximum']:,}"
        if "maximum" in part
        else f"a whole number of {low} or more"
    )


def _number(part: Fragment) -> str:
    if "exclusiveMinimum" in part:
        return f"a number above {part['exclusiveMinimum']}"
    if "exclusiveMaximum" in part:
        return f"a number from {part['minimum']} to below {part['exclusiveMaximum']}"
    return f"a number of {part['minimum']} or more" if "minimum" in part else "a number"


def _list(part: Fragment) -> str:
    low, high = part.get("minItems"), part.get("maxItems")
    if high is not None:
        return f"a list of {low or 0} to {high} entries"
    return "a list with an entry or more" if low else "a list"


def _text(part: Fragment) -> str:
    if "maxLength" in part:
        return f"a text of at most {part['maxLength']:,} characters"
    return "a text that is not empty" if part.get("minLength") else "a text"


_KINDS: dict[str, Callable[[Fragment], str]] = {
    "integer": _whole_number,
    "number": _number,
    "array": _list,
    "string": _text,
    "object": lambda part: "an object with " + ", ".join(part["properties"]),
    "boolean": lambda _: "true or false",
    "null": lambda _: "null",
}

if __name__ == "__main__":
    (resources() / "preset.schema.json").write_text(text(), encoding="utf-8", newline="\n")
