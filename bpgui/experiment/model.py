"""Frozen objects that are read from raw values and checked as they are made.

A small part of what pydantic does, under the same names: to load all of it would take a sixth of
the time in which the program starts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from inspect import cleandoc
from types import NoneType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Literal,
    TypeVar,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from bpgui.experiment.kinds import (
    Choice,
    Definitions,
    Finding,
    Flag,
    Items,
    Kind,
    Location,
    NestedOrFlat,
    OrNone,
    Real,
    Text,
)

M = TypeVar("M", bound="Model")

REQUIRED: Final = object()  # in the place of a default
_PLAIN: Mapping[Any, Kind] = {bool: Flag(), str: Text(), float: Real()}


class Length:
    """How many entries a list may have."""

    def __init__(self, least: int = 0, most: float = float("inf")) -> None:
        self.least, self.most = least, most


class Tag:
    """The field by which an object tells which of some models it is."""

    def __init__(self, name: str) -> None:
        self.name = name


class ModelError(ValueError):
    """Values that do not make a model."""

    def __init__(self, model: type[Model], findings: list[Finding]) -> None:
        places = ", ".join(".".join(map(str, finding.at)) or "all" for finding in findings)
        super().__init__(f"no {model.__name__} can be made of this: see {places}")
        self.findings = findings


class Field:
    """A field of a model: its type without what is annotated, and its default, if it has one."""

    def __init__(self, hint: Any, default: Any) -> None:
        self._hint, self.default = hint, default

    @property
    def annotation(self) -> Any:
        return get_args(self._hint)[0] if get_origin(self._hint) is Annotated else self._hint

    @cached_property
    def kind(self) -> Kind:
        return kind_of(self._hint)


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Model:
    """Base of what is described by annotated class attributes, whose values are the defaults.

    Raises ModelError for values that are wrong, missing or unknown, with all of them.
    """

    model_fields: ClassVar[Mapping[str, Field]] = {}

    def __init_subclass__(cls) -> None:
        hints = get_type_hints(cls, include_extras=True)
        del hints["model_fields"]
        cls.model_fields = {
            name: Field(hint, getattr(cls, name, REQUIRED)) for name, hint in hints.items()
        }

    def __init__(self, **values: Any) -> None:
        found: list[Finding] = []
        self.__dict__.update(_read_fields(type(self), values, (), found))
        if found:
            raise ModelError(type(self), found)

    @classmethod
    def model_validate(cls: type[M], raw: Any) -> M:
        found: list[Finding] = []
        model = Part(cls).read(raw, (), found)
        if found:
            raise ModelError(cls, found)
        return model  # type: ignore[no-any-return]

    def model_copy(self: M, *, update: Mapping[str, Any]) -> M:
        """With some values changed, which are not checked."""
        return _made(type(self), {**self.__dict__, **update})

    def model_dump(
        self, *, mode: Literal["python", "json"] = "python", exclude: Collection[str] = ()
    ) -> dict[str, Any]:
        """The values by their names; for JSON with lists in place of tuples."""
        return {
            name: _dumped(value, mode)
            for name, value in self.__dict__.items()
            if name not in exclude
        }

    def __setattr__(self, name: str, *_value: object) -> None:
        raise AttributeError(f"{name} cannot be set: a {type(self).__name__} stays as it is")

    __delattr__ = __setattr__

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({values})"


class Part(Kind):
    """An object of one model."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model

    def read(self, raw: Any, at: Location, found: list[Finding]) -> Any:
        if isinstance(raw, self.model):
            return raw
        if not isinstance(raw, dict):
            found.append(Finding(at, raw))
            return raw
        return _made(self.model, _read_fields(self.model, raw, at, found))

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        name = self.model.__name__
        if name not in definitions:
            definitions[name] = _schema(self.model, definitions)
        return {"$ref": f"#/$defs/{name}"}


class OneOf(Kind):
    """An object of one of some models, which its tag tells."""

    def __init__(self, tag: str, models: Collection[type[Model]]) -> None:
        self.tag = tag
        self.models = {model.model_fields[tag].default: model for model in models}

    def read(self, raw: Any, at: Location, found: list[Finding]) -> Any:
        if isinstance(raw, tuple(self.models.values())):
            return raw
        if not isinstance(raw, dict):
            found.append(Finding(at, raw))
            return raw
        name = raw.get(self.tag)
        if not isinstance(name, str) or name not in self.models:
            found.append(Finding(at, raw, "tag", self.tag))
            return raw
        return Part(self.models[name]).read(raw, (*at, name), found)

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        parts = {name: Part(model).schema(definitions) for name, model in self.models.items()}
        mapping = {name: part["$ref"] for name, part in parts.items()}
        return {
            "discriminator": {"mapping": mapping, "propertyName": self.tag},
            "oneOf": list(parts.values()),
        }


def kind_of(hint: Any) -> Kind:
    """The kind of values that a type hint stands for."""
    if isinstance(hint, type) and issubclass(hint, Model):
        return Part(hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    arguments = get_args(hint)
    if get_origin(hint) is Literal:
        return Choice(*arguments)
    if get_origin(hint) is tuple:
        return Items(kind_of(arguments[0]))
    if get_origin(hint) is not Annotated:
        return _union(arguments)
    bare, note = arguments
    if isinstance(note, Length):
        return Items(kind_of(get_args(bare)[0]), note.least, note.most)
    if isinstance(note, Tag):
        return OneOf(note.name, get_args(bare))
    assert isinstance(note, Kind)
    return note


def _union(hints: Collection[Any]) -> Kind:
    kinds = [kind_of(hint) for hint in hints if hint is not NoneType]
    kind = kinds[0] if len(kinds) == 1 else NestedOrFlat(*kinds)
    return OrNone(kind) if NoneType in hints else kind


def _made(model: type[M], values: Mapping[str, Any]) -> M:
    made = model.__new__(model)
    made.__dict__.update(values)
    return made


def _read_fields(
    model: type[Model], raw: Mapping[str, Any], at: Location, found: list[Finding]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if name in raw:
            values[name] = field.kind.read(raw[name], (*at, name), found)
        elif field.default is REQUIRED:
            found.append(Finding((*at, name), raw, "missing"))
        else:
            values[name] = field.default
    unknown = [name for name in raw if name not in model.model_fields]
    found += [Finding((*at, name), raw[name], "unknown") for name in unknown]
    return values


def _dumped(value: Any, mode: Literal["python", "json"]) -> Any:
    if isinstance(value, Model):
        return value.model_dump(mode=mode)
    if isinstance(value, tuple) and (mode == "json" or any(isinstance(v, Model) for v in value)):
        items = (_dumped(item, mode) for item in value)
        return list(items) if mode == "json" else tuple(items)
    return value


# --- JSON Schema --------------------------------------------------------------------------------


def json_schema(model: type[Model]) -> dict[str, Any]:
    """The schema of a model's raw values, its keys in the order of the alphabet."""
    definitions: Definitions = {}
    schema = _schema(model, definitions)
    ordered: dict[str, Any] = _ordered({**schema, "$defs": definitions})
    return ordered


def _schema(model: type[Model], definitions: Definitions) -> dict[str, Any]:
    fields = model.model_fields
    schema = {
        "additionalProperties": False,
        "properties": {
            name: _field_schema(name, field, definitions) for name, field in fields.items()
        },
        "title": model.__name__,
        "type": "object",
    }
    required = [name for name, field in fields.items() if field.default is REQUIRED]
    if required:
        schema["required"] = required
    if model.__doc__:
        schema["description"] = cleandoc(model.__doc__)
    return schema


def _field_schema(name: str, field: Field, definitions: Definitions) -> dict[str, Any]:
    schema = field.kind.schema(definitions)
    if field.default is not REQUIRED:
        schema["default"] = _dumped(field.default, "json")
    kind = field.kind.kind if isinstance(field.kind, OrNone) else field.kind
    return schema if isinstance(kind, Part) else {**schema, "title": _title(name)}


def _title(name: str) -> str:
    return name.replace("_", " ").title()


def _ordered(value: Any, within: str = "") -> Any:
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    if not isinstance(value, dict):
        return value
    keys = value if within in ("properties", "default") else sorted(value)
    return {key: _ordered(value[key], key) for key in keys}
