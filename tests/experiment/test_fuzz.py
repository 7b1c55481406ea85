"""Whatever a file holds, loading gives an experiment or a PresetError, never anything else."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bpgui.experiment import presets
from bpgui.experiment.building import build_problem
from bpgui.experiment.builtin import builtin
from bpgui.experiment.errors import PresetError
from bpgui.experiment.models import Experiment

TEXTS = [preset.path.read_text(encoding="utf-8") for preset in builtin()]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(
        ["manual", "uniform", "inline", "generated", "csv", "softmax", "adam", "w(1)[1,1]"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


def places(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [at] + [place for key, inner in items for place in places(inner, (*at, key))]


def spoiled(raw: Any, at: tuple[str | int, ...], value: Any) -> Any:
    if not at:
        return value
    raw = copy.copy(raw)
    raw[at[0]] = spoiled(raw[at[0]], at[1:], value)
    return raw


def outcome(content: str | bytes) -> Experiment | PresetError:
    try:
        return presets.loads(content)
    except PresetError as error:
        return error


def loaded(content: str | bytes) -> Experiment | None:
    result = outcome(content)
    if isinstance(result, Experiment):
        return result
    assert result.problems
    assert all(problem.message and "\n" not in problem.message for problem in result.problems)
    return None


@settings(max_examples=150)
@given(st.data())
def test_any_value_at_any_place(data: Any):
    raw = json.loads(data.draw(st.sampled_from(TEXTS)))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.sampled_from(places(raw)))
        raw = spoiled(raw, at, data.draw(VALUES))
    experiment = loaded(json.dumps(raw))
    if experiment is not None:
        assert presets.loads(presets.dumps(experiment)) == experiment


@settings(max_examples=200)
@given(st.sampled_from(TEXTS), st.integers(0, 10_000), st.integers(0, 20), st.binary(max_size=10))
def test_any_bytes_anywhere(text: str, start: int, length: int, piece: bytes):
    content = text.encode()
    start %= len(content)
    loaded(content[:start] + piece + content[start + length :])


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes(content: bytes):
    assert loaded(content) is None


def refusal_of(experiment: Experiment) -> str:
    try:
        build_problem(experiment)
    except PresetError as error:
        return "too large for float32" if "too large for float32" in str(error) else str(error)
    return ""


@settings(max_examples=60)
@given(st.sampled_from(TEXTS[:4]), st.data())
def test_what_is_loaded_is_built_or_refused(text: str, data: Any):
    raw = json.loads(text)
    raw["training"]["precision"] = data.draw(st.sampled_from(["float64", "float32"]))
    raw["initial_weights"] = {
        "scheme": "uniform",
        **data.draw(st.fixed_dictionaries({"low": st.floats(-1e308, 1e308), "bias": st.floats()})),
    }
    raw["data"]["inputs"][0][0] = data.draw(st.floats())
    experiment = loaded(json.dumps(raw))
    if experiment is not None:
        assert refusal_of(experiment) in ("", "too large for float32")
